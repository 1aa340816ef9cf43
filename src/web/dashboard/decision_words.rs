//! Decisions of the gate in words.

use chrono_tz::Tz;

use super::words;
use crate::domain::phone::PhoneNumber;

use crate::gate::{Attempt, Channel, Decision, RuleId, Severity};

/// "Call to (614) 555-0148", for those who may know the number.
pub fn attempt(attempt: &Attempt) -> String {
    let way = channel(attempt.channel);
    match point(attempt) {
        Some(point) => format!("{way} to {point}"),
        None => way.to_owned(),
    }
}

pub const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Call => "Call",
        Channel::Voicemail => "Voicemail",
        Channel::Email => "Email",
        Channel::Letter => "Letter",
        Channel::Portal => "Portal message",
        Channel::Sms => "Text message",
    }
}

fn point(attempt: &Attempt) -> Option<String> {
    let number = attempt.phone.as_deref().map(PhoneNumber::readable);
    number.or_else(|| attempt.email.clone())
}

/// The first lawful moment and the rule that sets it, in one sentence.
pub fn earliest(decision: &Decision) -> String {
    if decision.is_allowed() {
        return "Lawful at that moment.".to_owned();
    }
    let zone = zone_of(decision);
    match (decision.earliest_lawful_at, decision.binding_rule) {
        (Some(at), Some(rule)) => format!(
            "Earliest lawful moment: {}, set by the rule \u{201c}{}\u{201d}.",
            words::clock(at, zone),
            name(rule)
        ),
        (Some(at), None) => format!("Earliest lawful moment: {}.", words::clock(at, zone)),
        (None, _) => match (decision.never_clears, lasting_block(decision)) {
            (_, Some(rule)) => format!(
                "No lawful moment by waiting: \u{201c}{}\u{201d} doesn\u{2019}t clear by itself.",
                name(rule)
            ),
            // What stays is a warning: a person may acknowledge it, a machine may not.
            (Some(rule), None) => format!(
                "No moment without a warning by waiting: \u{201c}{}\u{201d} stays until a person \
                 acknowledges it.",
                name(rule)
            ),
            (None, None) => "No lawful moment by waiting.".to_owned(),
        },
    }
}

/// A rule that stands in everybody's way and that waiting doesn't clear.
fn lasting_block(decision: &Decision) -> Option<RuleId> {
    decision
        .findings
        .iter()
        .find(|finding| finding.severity == Severity::Block && finding.clears_at.is_none())
        .map(|finding| finding.rule)
}

fn name(rule: RuleId) -> &'static str {
    rule.info().name
}

/// The clock by which the debtor's moments are told.
pub fn zone_of(decision: &Decision) -> Tz {
    decision
        .zones
        .first()
        .map_or(Tz::UTC, |place| place.zone.tz())
}
