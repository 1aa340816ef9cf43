//! How matters stand for a placement at this moment: which ways of contact are lawful, why not,
//! from when, and how much of each limit is used.
//!
//! This only looks. It makes no decision on record and no contact; whoever means to reach a debtor
//! asks [`authorize`](super::authorize), which decides anew.

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

use crate::domain::id::PlacementId;
use crate::domain::time::Instant;
use crate::gate::attempt::{Attempt, Initiator};
use crate::gate::facts::{Contact, Direction, Outcome as ContactOutcome};
use crate::gate::locality::zones_for;
use crate::gate::next_contact::{self, Earliest, Warnings};
use crate::gate::{Channel, Decision, Facts, Outcome, Policy, Severity, decide};

/// Call, email and letter, and what the law counts.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Call, email, letter, in this order.
    pub channels: [ChannelStanding; 3],
    pub counters: Vec<Counter>,
    /// Every zone the debtor may be in; none when nobody can tell.
    pub zones: Vec<Tz>,
    /// Whether calling hours hold in every one of them.
    pub within_hours: bool,
}

/// One way of contact, by the number or address that is free first, for a person who acknowledges
/// what can be acknowledged.
#[derive(Debug, Clone)]
pub struct ChannelStanding {
    pub channel: Channel,
    pub decision: Decision,
    pub earliest: Earliest,
}

impl ChannelStanding {
    /// Lawful now, for a person who acknowledges every warning.
    pub fn is_open(&self) -> bool {
        self.decision.outcome != Outcome::Refuse
    }

    /// The worst finding that stands: a block, or else a warning.
    pub fn reason(&self) -> Option<&crate::gate::Finding> {
        let mut standing = self.decision.in_the_way();
        if self.is_open() {
            standing.next()
        } else {
            standing.find(|finding| finding.severity == Severity::Block)
        }
    }
}

/// A limit and how much of it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counter {
    /// Calls placed about this account in the last days, and the number presumed to be too many.
    CallsPlaced { made: u32, most: u32, days: u32 },
    /// Successful calls over all of the debtor's accounts, and the account's own limit.
    Conversations { made: u32, most: u32, days: u32 },
    /// Contacts of all kinds about this account in New York City.
    CityContacts { made: u32, most: u32, days: u32 },
    /// The last telephone conversation about this account.
    LastTalk(Option<Instant>),
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
            let minute = local
                .signed_duration_since(chrono::NaiveTime::MIN)
                .num_minutes();
            open.contains(&minute)
        })
    });
    Standing {
        channels: [
            channel(Channel::Call),
            channel(Channel::Email),
            channel(Channel::Letter),
        ],
        counters: counters(policy, facts, placement, &zones, now),
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
) -> Earliest {
    let each = next_contact::per_channel(
        policy,
        facts,
        placement.as_str(),
        now,
        Initiator::Agent,
        Warnings::WillBeAcknowledged,
    );
    sooner(each.call, each.email)
}

fn channel_standing(
    policy: &Policy,
    facts: &Facts,
    placement: PlacementId,
    channel: Channel,
    now: Instant,
) -> ChannelStanding {
    let mut attempts = attempts(facts, placement, channel, now);
    // Nothing on file: the gate says so itself.
    if attempts.is_empty() {
        attempts.push(Attempt::new(now, channel, placement.as_str()));
    }
    let mut best: Option<(Attempt, Earliest)> = None;
    for attempt in attempts {
        let earliest =
            next_contact::earliest(policy, facts, &attempt, Warnings::WillBeAcknowledged);
        let is_better = best
            .as_ref()
            .is_none_or(|(_, known)| sooner(*known, earliest) != *known);
        if is_better {
            best = Some((attempt, earliest));
        }
    }
    let (attempt, earliest) = best.unwrap_or_else(|| {
        let attempt = Attempt::new(now, channel, placement.as_str());
        let earliest =
            next_contact::earliest(policy, facts, &attempt, Warnings::WillBeAcknowledged);
        (attempt, earliest)
    });
    ChannelStanding {
        channel,
        decision: decide(policy, facts, &attempt),
        earliest,
    }
}

/// One attempt for each number or address of the debtor's own.
fn attempts(facts: &Facts, placement: PlacementId, channel: Channel, now: Instant) -> Vec<Attempt> {
    let attempt = || Attempt::new(now, channel, placement.as_str());
    match channel {
        Channel::Call | Channel::Voicemail | Channel::Sms => facts
            .debtor
            .phones
            .iter()
            .filter(|phone| phone.belongs_to.is_none())
            .map(|phone| Attempt {
                phone: Some(phone.number.clone()),
                ..attempt()
            })
            .collect(),
        Channel::Email => facts
            .debtor
            .emails
            .iter()
            .map(|email| Attempt {
                email: Some(email.address.clone()),
                ..attempt()
            })
            .collect(),
        Channel::Letter | Channel::Portal => vec![attempt()],
    }
}

fn sooner(one: Earliest, other: Earliest) -> Earliest {
    match (one.at, other.at) {
        (Some(first), Some(second)) if second < first => other,
        (None, Some(_)) => other,
        (Some(_) | None, _) => one,
    }
}

fn counters(
    policy: &Policy,
    facts: &Facts,
    placement: PlacementId,
    zones: &[Tz],
    now: Instant,
) -> Vec<Counter> {
    let debt = placement.as_str();
    let today = now.date_in(Tz::UTC);
    let about = |contact: &&Contact| {
        contact.debt.as_deref().is_none_or(|id| id == debt)
            || contact.debts.iter().any(|id| id == debt)
    };
    let made = |days: u32, counted: &dyn Fn(&&Contact) -> bool| {
        most_in_window(facts, zones, days, now, counted)
    };
    let mut counters = Vec::new();
    if let Some(limit) = policy.federal.call_count.on(today) {
        counters.push(Counter::CallsPlaced {
            made: made(limit.days, &|contact| {
                about(contact) && is_placed_call(contact) && contact.excluded.is_none()
            }),
            most: limit.max,
            days: limit.days,
        });
    }
    let last_talk = facts
        .history
        .iter()
        .filter(|contact| about(contact) && is_conversation(contact) && contact.at <= now)
        .map(|contact| contact.at)
        .max();
    counters.push(Counter::LastTalk(last_talk));
    let cap = facts.debt(debt).and_then(|debt| debt.max_calls_per_week);
    if let (Some(most), Some(&days)) = (cap, policy.federal.weekly_cap_days.on(today)) {
        counters.push(Counter::Conversations {
            made: made(days, &is_conversation),
            most,
            days,
        });
    }
    let zip = facts
        .debtor
        .zip
        .as_deref()
        .and_then(|zip| zip.get(..5))
        .and_then(|five| five.parse().ok());
    let city = policy
        .overlays
        .iter()
        .find(|overlay| zip.is_some_and(|zip| overlay.contains(zip)));
    if let Some(&most) = city.and_then(|city| city.nyc_shield_contacts_per_7_days.on(today)) {
        counters.push(Counter::CityContacts {
            made: made(7, &|contact| {
                about(contact)
                    && contact.direction == Direction::Out
                    && contact.channel != Channel::Letter
            }),
            most,
            days: 7,
        });
    }
    counters
}

/// The most that any of the debtor's possible days of the window holds: each zone counts by its
/// own calendar, today included.
fn most_in_window(
    facts: &Facts,
    zones: &[Tz],
    days: u32,
    now: Instant,
    counted: &dyn Fn(&&Contact) -> bool,
) -> u32 {
    let back = Duration::days(i64::from(days) - 1);
    let in_zone = |zone: &Tz| {
        let first: NaiveDate = now.date_in(*zone) - back;
        let count = facts
            .history
            .iter()
            .filter(|contact| contact.at <= now && contact.at.date_in(*zone) >= first)
            .filter(|contact| counted(contact))
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    zones
        .iter()
        .map(in_zone)
        .max()
        .unwrap_or_else(|| in_zone(&Tz::UTC))
}

/// A call that was placed and connected to the number (12 CFR 1006.14(b)(3)); one whose outcome
/// isn't known yet counts.
fn is_placed_call(contact: &&Contact) -> bool {
    contact.direction == Direction::Out
        && matches!(contact.channel, Channel::Call | Channel::Voicemail)
        && !matches!(
            contact.outcome,
            Some(ContactOutcome::Busy | ContactOutcome::NotInService)
        )
}

fn is_conversation(contact: &&Contact) -> bool {
    matches!(contact.channel, Channel::Call | Channel::Voicemail)
        && contact.outcome == Some(ContactOutcome::Conversation)
}
