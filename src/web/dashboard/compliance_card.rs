//! The card beside a placement: may we call, email, write; why not; from when.

use std::cmp::Reverse;

use chrono_tz::Tz;

use super::{gate_words, words};
use crate::actions::standing::{ChannelStanding, Standing};
use crate::domain::time::Instant;
use crate::gate::counters::Count;
use crate::gate::policy::CapPlace;
use crate::gate::{Channel, Finding, Outcome, Policy, RuleId, Severity};
use crate::web::access::SignedIn;
use crate::web::view::compliance_card::{
    self as card, ChannelVerdict, ComplianceCard, Counter, Earliest, Rung, Warned, Way,
};

pub fn of(standing: &Standing, policy: &Policy, reader: &SignedIn, now: Instant) -> ComplianceCard {
    ComplianceCard {
        channels: standing
            .channels
            .iter()
            .map(|channel| verdict(channel, &standing.zones, reader, now))
            .collect(),
        counters: counters(standing, now),
        policy: format!(
            "Policy {}",
            policy
                .version()
                .to_string()
                .chars()
                .take(8)
                .collect::<String>()
        ),
        decision_href: None,
    }
}

/// A rule's name and its public page.
pub fn rule_link(rule: RuleId) -> (String, String) {
    (
        rule.info().name.to_owned(),
        format!("/rules/{}", rule.as_str()),
    )
}

fn verdict(
    standing: &ChannelStanding,
    zones: &[Tz],
    reader: &SignedIn,
    now: Instant,
) -> ChannelVerdict {
    let reason = standing.reason();
    let sentence = reason.map(|finding| {
        // What concerns the debtor's private affairs is for staff alone.
        if reader.creditor.is_some() {
            finding.message_public.to_string()
        } else {
            finding.message.to_string()
        }
    });
    let way = way(standing);
    let reason_text = match (way, sentence) {
        (Way::Open, _) => "No rule stands in the way.".to_owned(),
        // What the public is told of a rule says that it stops contact, which a warning doesn't.
        (Way::WithWarnings(_), Some(sentence)) if reader.creditor.is_none() => {
            format!("A person must acknowledge first: {sentence}")
        }
        (Way::WithWarnings(_), _) => "A person must acknowledge first:".to_owned(),
        (Way::Closed, sentence) => {
            sentence.unwrap_or_else(|| "The gate can\u{2019}t tell.".to_owned())
        }
    };
    ChannelVerdict {
        channel: match standing.channel {
            Channel::Email => card::Channel::Email,
            Channel::Letter | Channel::Portal => card::Channel::Letter,
            Channel::Call | Channel::Voicemail | Channel::Sms => card::Channel::Call,
        },
        way,
        reason: reason_text,
        rule: reason
            .filter(|finding| finding.severity != Severity::Reminder)
            .map(|finding| rule_link(finding.rule)),
        earliest: earliest(standing, zones, reader.time_zone, now),
        warned: warned(standing, zones, reader.time_zone),
        others: others(standing, zones, reader.time_zone),
    }
}

/// The ladder below the binding reason: what would stand in the way once that one has cleared.
fn others(standing: &ChannelStanding, zones: &[Tz], own: Tz) -> Vec<Rung> {
    let told = standing.reason().map(|finding| finding.rule);
    let mut others: Vec<&Finding> = standing
        .decision
        .in_the_way()
        .filter(|finding| finding.severity == Severity::Block && Some(finding.rule) != told)
        .collect();
    others.sort_by_key(|finding| Reverse(finding.clears_at.map_or((1, None), |at| (0, Some(at)))));
    others
        .into_iter()
        .map(|finding| Rung {
            rule: rule_link(finding.rule),
            until: finding
                .clears_at
                .map(|at| both_clocks(at, zones.first().copied(), own)),
        })
        .collect()
}

fn way(standing: &ChannelStanding) -> Way {
    match standing.decision.outcome {
        Outcome::Allow => Way::Open,
        Outcome::Acknowledge => Way::WithWarnings(
            standing
                .decision
                .in_the_way()
                .filter(|finding| finding.severity == Severity::Warning)
                .count(),
        ),
        Outcome::Refuse => Way::Closed,
    }
}

fn earliest(standing: &ChannelStanding, zones: &[Tz], own: Tz, now: Instant) -> Earliest {
    match standing.earliest.at {
        Some(at) if at <= now => Earliest::Now,
        Some(at) => Earliest::At(both_clocks(at, zones.first().copied(), own)),
        None => Earliest::NotByItself(standing.earliest.never.map_or_else(
            || "It is not known what would clear this.".to_owned(),
            gate_words::way_out,
        )),
    }
}

/// What a person would have to acknowledge at the earliest moment. The moment that a decision or
/// the API tells is the one without.
fn warned(standing: &ChannelStanding, zones: &[Tz], own: Tz) -> Option<Warned> {
    if standing.warned.is_empty() {
        return None;
    }
    Some(Warned {
        rules: standing.warned.iter().copied().map(rule_link).collect(),
        without_any: standing
            .unwarned
            .at
            .map(|at| both_clocks(at, zones.first().copied(), own)),
    })
}

/// The debtor's clock, and the reader's in brackets where it shows another time.
fn both_clocks(at: Instant, debtors: Option<Tz>, own: Tz) -> String {
    let theirs = debtors.unwrap_or(own);
    let shown = words::clock(at, theirs);
    if at.in_zone(theirs).naive_local() == at.in_zone(own).naive_local() {
        shown
    } else {
        format!("{shown} ({} yours)", at.in_zone(own).format("%-I:%M %P"))
    }
}

/// Counted in the debtor's calendar days, as the rules count.
fn days_ago(at: Instant, now: Instant, zone: Option<Tz>) -> String {
    let day = |moment: Instant| moment.date_in(zone.unwrap_or(Tz::UTC));
    match day(now).signed_duration_since(day(at)).num_days() {
        ..=0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        days => format!("{days} days ago"),
    }
}

fn counters(standing: &Standing, now: Instant) -> Vec<Counter> {
    let counters = &standing.counters;
    let line = |label: String, count: Count| {
        let limit = count.limit?;
        Some(Counter {
            label,
            value: format!("{} of {limit}", count.used),
            reached: u32::try_from(count.used).unwrap_or(u32::MAX) >= limit,
        })
    };
    let mut lines: Vec<Counter> = line(
        format!("Calls placed, {} days", counters.calls.days),
        counters.calls,
    )
    .into_iter()
    .collect();
    lines.push(Counter {
        label: "Calls that connected".to_owned(),
        value: counters.connected.to_string(),
        reached: false,
    });
    lines.push(Counter {
        label: "Last conversation".to_owned(),
        value: counters.last_conversation.map_or_else(
            || "None this week".to_owned(),
            |at| days_ago(at, now, standing.zones.first().copied()),
        ),
        reached: counters.quiet_until.is_some(),
    });
    lines.extend(line(
        format!("Successful calls, {} days", counters.weekly.days),
        counters.weekly,
    ));
    lines.extend(counters.limits.iter().filter_map(|limit| {
        let at = match limit.at {
            CapPlace::Any => "",
            CapPlace::Work => " (at work)",
            CapPlace::Home => " (not at work)",
        };
        line(
            format!("{}{at}, {} days", limit.place, limit.count.days),
            limit.count,
        )
    }));
    lines
}
