//! How matters stand for a placement at this moment: which ways of contact are lawful, why not,
//! from when, and how much of each limit is used.
//!
//! This only looks. It makes no decision on record and no contact; whoever means to reach a debtor
//! asks [`authorize`](super::authorize), which decides anew.

use std::collections::HashMap;

use chrono::NaiveTime;
use chrono_tz::Tz;

use super::ctx::Ctx;
use crate::db::DbConn;
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::attempt::{Attempt, Initiator};
use crate::gate::facts::Cease;
use crate::gate::locality::zones_for;
use crate::gate::next_contact::{self, Earliest, Warnings};
use crate::gate::{
    Channel, Counters, Decision, Facts, Finding, Outcome, Policy, RuleId, Severity, counters,
    decide,
};
use crate::store::facts;

/// Call, email and letter, and what the law counts.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Call, email, letter, in this order.
    pub channels: [ChannelStanding; 3],
    pub counters: Counters,
    /// Every zone the debtor may be in; none when nobody can tell.
    pub zones: Vec<Tz>,
    /// Whether calling hours hold in every one of them.
    pub within_hours: bool,
}

impl Standing {
    /// How severely one of these rules stands against a call; the worst of them.
    pub fn severity_of(&self, rules: &[RuleId]) -> Option<Severity> {
        let [call, ..] = &self.channels;
        call.decision
            .findings
            .iter()
            .find(|finding| rules.contains(&finding.rule))
            .map(|finding| finding.severity)
    }
}

/// One way of contact, by the number or address that is free first, for a person who acknowledges
/// what can be acknowledged, and for whoever acknowledges nothing.
#[derive(Debug, Clone)]
pub struct ChannelStanding {
    pub channel: Channel,
    pub decision: Decision,
    /// With every warning acknowledged.
    pub earliest: Earliest,
    /// The rules whose warnings stand then.
    pub warned: Vec<RuleId>,
    /// With no warning to acknowledge.
    pub unwarned: Earliest,
}

impl ChannelStanding {
    /// Lawful now, for a person who acknowledges every warning.
    pub fn is_open(&self) -> bool {
        self.decision.outcome != Outcome::Refuse
    }

    /// The worst finding that stands: a block, or else a warning.
    pub fn reason(&self) -> Option<&Finding> {
        let mut standing = self.decision.in_the_way();
        if self.is_open() {
            standing.next()
        } else {
            standing.find(|finding| finding.severity == Severity::Block)
        }
    }
}

/// The facts of several debtors of one creditor as they bind now: a debtor whose stop could not be
/// stored yet is shown as stopped.
pub fn facts_now(
    ctx: &Ctx,
    conn: &mut DbConn,
    creditor: CreditorId,
    debtors: &[DebtorId],
) -> AppResult<HashMap<DebtorId, Facts>> {
    let mut all = facts::load(conn, creditor, debtors)?;
    for (debtor, file) in &mut all {
        hold_if_unstored(ctx, *debtor, file);
    }
    Ok(all)
}

/// Shows a debtor whose stop could not be stored yet as stopped.
pub(super) fn hold_if_unstored(ctx: &Ctx, debtor: DebtorId, facts: &mut Facts) {
    if ctx.journal.is_held(debtor) {
        facts.debtor.flags.cease.push(Cease {
            via: Some("journal".to_owned()),
            ..Cease::default()
        });
    }
}

/// How matters stand for the placement among the debtor's facts.
pub fn standing(policy: &Policy, facts: &Facts, placement: PlacementId, now: Instant) -> Standing {
    let channel = |channel| channel_standing(policy, facts, placement, channel, now);
    let zones: Vec<Tz> = zones_for(policy, &facts.debtor, now)
        .into_iter()
        .map(|candidate| candidate.zone.tz())
        .collect();
    let hours = policy.federal.call_hours.on(now.date_in(Tz::UTC));
    let within_hours = hours.is_some_and(|hours| {
        let open = i64::from(hours.from.minutes())..i64::from(hours.to.minutes());
        zones.iter().all(|zone| {
            let local = now.in_zone(*zone).time();
            let minute = local.signed_duration_since(NaiveTime::MIN).num_minutes();
            open.contains(&minute)
        })
    });
    Standing {
        channels: [
            channel(Channel::Call),
            channel(Channel::Email),
            channel(Channel::Letter),
        ],
        counters: counters(policy, facts, placement.as_str(), now),
        within_hours: within_hours && !zones.is_empty(),
        zones,
    }
}

/// The earliest lawful call or email by a person. Letters are left out: they wait for no hour,
/// so they would make every answer "now".
pub fn next_contact(
    policy: &Policy,
    facts: &Facts,
    placement: PlacementId,
    now: Instant,
    warnings: Warnings,
) -> Earliest {
    let each = next_contact::per_channel(
        policy,
        facts,
        placement.as_str(),
        now,
        Initiator::Agent,
        warnings,
    );
    sooner(each.call, each.email)
}

/// Whether a person may call or email at this moment without acknowledging anything.
pub fn is_clear(policy: &Policy, facts: &Facts, placement: PlacementId, now: Instant) -> bool {
    [Channel::Call, Channel::Email].into_iter().any(|channel| {
        ways(facts, &Attempt::new(now, channel, placement.as_str()))
            .iter()
            .any(|attempt| decide(policy, facts, attempt).outcome == Outcome::Allow)
    })
}

fn channel_standing(
    policy: &Policy,
    facts: &Facts,
    placement: PlacementId,
    channel: Channel,
    now: Instant,
) -> ChannelStanding {
    let asked = Attempt::new(now, channel, placement.as_str());
    let (by_a_person, earliest) = free_first(policy, facts, &asked, Warnings::WillBeAcknowledged);
    let (without, unwarned) = free_first(policy, facts, &asked, Warnings::Stand);
    // A number that is as soon free, and of every warning, is the better one.
    let attempt = match (earliest.at, unwarned.at) {
        (Some(first), Some(free)) if free == first => without,
        _ => by_a_person,
    };
    let decision = decide(policy, facts, &attempt);
    let warned = match earliest.at {
        Some(at) if at > now => warnings(&decide(policy, facts, &Attempt { at, ..attempt })),
        Some(_) => warnings(&decision),
        None => Vec::new(),
    };
    ChannelStanding {
        channel,
        decision,
        earliest,
        warned,
        unwarned,
    }
}

/// The rules whose warnings nobody has acknowledged.
fn warnings(decision: &Decision) -> Vec<RuleId> {
    decision
        .in_the_way()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| finding.rule)
        .collect()
}

/// The attempt by the number or address that is free first, where the question names none; what it
/// names stands. With nothing on file it is left as it is: the gate says so itself. A person may
/// acknowledge what can be acknowledged; a machine can't.
pub(super) fn free_first(
    policy: &Policy,
    facts: &Facts,
    asked: &Attempt,
    warnings: Warnings,
) -> (Attempt, Earliest) {
    let earliest = |attempt: &Attempt| next_contact::earliest(policy, facts, attempt, warnings);
    let mut best: Option<(Attempt, Earliest)> = None;
    for attempt in ways(facts, asked) {
        let next = earliest(&attempt);
        let is_better = best
            .as_ref()
            .is_none_or(|(_, known)| sooner(*known, next) != *known);
        if is_better {
            best = Some((attempt, next));
        }
    }
    best.unwrap_or_else(|| (asked.clone(), earliest(asked)))
}

/// One attempt for each number or address of the debtor's own; that of the question alone, if it
/// names one or needs none.
fn ways(facts: &Facts, asked: &Attempt) -> Vec<Attempt> {
    if asked.phone.is_some() || asked.email.is_some() {
        return vec![asked.clone()];
    }
    match asked.channel {
        Channel::Call | Channel::Voicemail | Channel::Sms => facts
            .debtor
            .phones
            .iter()
            .filter(|phone| phone.belongs_to.is_none())
            .map(|phone| Attempt {
                phone: Some(phone.number.clone()),
                ..asked.clone()
            })
            .collect(),
        Channel::Email => facts
            .debtor
            .emails
            .iter()
            .map(|email| Attempt {
                email: Some(email.address.clone()),
                ..asked.clone()
            })
            .collect(),
        Channel::Letter | Channel::Portal => vec![asked.clone()],
    }
}

fn sooner(one: Earliest, other: Earliest) -> Earliest {
    match (one.at, other.at) {
        (Some(first), Some(second)) if second < first => other,
        (None, Some(_)) => other,
        (Some(_) | None, _) => one,
    }
}
