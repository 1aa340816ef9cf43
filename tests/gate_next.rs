//! The next lawful contact: by the number or address that is free first, for a person and for a
//! machine, and by the rule that holds until then.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use forbear::domain::time::Instant;
use forbear::gate::attempt::Initiator;
use forbear::gate::cases::Case;
use forbear::gate::next_contact::{PerChannel, Warnings, earliest, per_channel};
use forbear::gate::{Attempt, Facts, Policy, RuleId};
use serde_json::{Value, json};

fn file(change: impl FnOnce(&mut Value)) -> (Facts, Attempt) {
    let mut file = json!({"facts": {
        "debtor": {"state": "NY", "zip": "10001",
            "phones": [{"number": "+12125550142", "kind": "mobile"}],
            "emails": [{"address": "pat@mail.example"}], "flags": {}},
        "debts": [{"id": "D1", "validation": {"provided_on": "2025-11-03"}}],
        "history": [],
        "attempt": {"at": "2026-05-12T10:00:00-04:00", "channel": "call", "debt": "D1",
                    "phone": "+12125550142"}}});
    change(&mut file["facts"]);
    let case = Case::parse(&file.to_string()).unwrap();
    (case.facts, case.attempt)
}

fn at(text: &str) -> Instant {
    Instant::parse_rfc3339(text).unwrap()
}

fn page(initiator: Initiator, warnings: Warnings, change: impl FnOnce(&mut Value)) -> PerChannel {
    let (facts, attempt) = file(change);
    let policy = Policy::builtin();
    per_channel(&policy, &facts, "D1", attempt.at, initiator, warnings)
}

fn listed_until(number: &str, ends: Option<&str>) -> Value {
    json!({"number": number, "kind": "mobile", "dnc": [{"source": "state", "expires_at": ends}]})
}

#[test]
fn a_call_goes_to_the_number_that_is_free_first() {
    let (early, late) = ("2026-05-15T12:00:00-04:00", "2026-05-20T12:00:00-04:00");
    let numbers = ["+12125550142", "+12125550143"];
    for (first, second, expected) in [
        (Some(early), Some(late), Some(early)),
        (Some(late), Some(early), Some(early)),
        (None, Some(late), Some(late)),
        (Some(late), None, Some(late)),
        (None, None, None),
    ] {
        let page = page(Initiator::Agent, Warnings::Stand, |facts| {
            facts["debtor"]["phones"] = json!([
                listed_until(numbers[0], first),
                listed_until(numbers[1], second)
            ]);
        });
        assert_eq!(page.call.at, expected.map(at), "{first:?} {second:?}");
        assert_eq!(page.call.binding, Some(RuleId::DncRegistry));
        let never = expected.is_none().then_some(RuleId::DncRegistry);
        assert_eq!(page.call.never, never);
        assert_eq!(page.email.at, Some(at("2026-05-12T10:00:00-04:00")));
    }
}

/// Of two that come free at one moment the first on file decides.
#[test]
fn a_tie_goes_to_the_first_on_file() {
    let page = page(Initiator::Agent, Warnings::Stand, |facts| {
        facts["attempt"]["at"] = json!("2026-05-12T21:30:00-04:00");
        facts["debtor"]["phones"] = json!([
            {"number": "+12125550142", "kind": "mobile"},
            listed_until("+12125550143", Some("2026-05-13T08:00:00-04:00"))]);
    });
    assert_eq!(page.call.at, Some(at("2026-05-13T08:00:00-04:00")));
    assert_eq!(page.call.binding, Some(RuleId::CallHours));
}

/// Of two rules that clear at one moment the one that is shown first is named.
#[test]
fn two_rules_that_clear_together_name_the_first() {
    let page = page(Initiator::Agent, Warnings::Stand, |facts| {
        facts["attempt"]["at"] = json!("2026-05-12T21:30:00-04:00");
        facts["debtor"]["phones"] = json!([listed_until(
            "+12125550143",
            Some("2026-05-13T08:00:00-04:00")
        )]);
    });
    assert_eq!(page.call.binding, Some(RuleId::DncRegistry));
}

#[test]
fn an_email_goes_to_the_address_that_is_free_first() {
    let page = page(Initiator::Agent, Warnings::Stand, |facts| {
        facts["debtor"]["emails"] = json!([
            {"address": "pat@mail.example", "opted_out_at": "2026-05-01"},
            {"address": "pat@home.example"}]);
    });
    assert_eq!(page.email.at, Some(at("2026-05-12T10:00:00-04:00")));
}

#[test]
fn without_a_number_or_an_address_nobody_is_reached_that_way() {
    let page = page(Initiator::Agent, Warnings::Stand, |facts| {
        facts["debtor"]["phones"] = json!([]);
        facts["debtor"]["emails"] = json!([]);
    });
    assert_eq!(page.call.never, Some(RuleId::ContactPointUnknown));
    assert_eq!(page.email.never, Some(RuleId::ContactPointUnknown));
    assert_eq!(page.letter.at, Some(at("2026-05-12T10:00:00-04:00")));
}

/// A person will acknowledge a warning; a machine can't, whatever is promised for it.
#[test]
fn warnings_pass_for_a_person_alone() {
    let talked = |facts: &mut Value| {
        facts["history"] = json!([{"at": "2026-05-11T10:00:00-04:00", "channel": "call",
            "direction": "in", "outcome": "conversation", "debt": "D1"}]);
    };
    let (at_once, later) = ("2026-05-12T10:00:00-04:00", "2026-05-18T08:00:00-04:00");
    for (initiator, warnings, expected) in [
        (Initiator::Agent, Warnings::WillBeAcknowledged, at_once),
        (Initiator::Agent, Warnings::Stand, later),
        (Initiator::Automated, Warnings::WillBeAcknowledged, later),
        (Initiator::Automated, Warnings::Stand, later),
    ] {
        let page = page(initiator, warnings, talked);
        assert_eq!(
            page.call.at,
            Some(at(expected)),
            "{initiator:?} {warnings:?}"
        );
    }
}

/// From the moment the place is known every clock is another, and the hours that held until then
/// stay the reason.
#[test]
fn a_place_that_will_be_known_opens_the_window_then() {
    let (facts, attempt) = file(|facts| {
        facts["attempt"]["at"] = json!("2026-05-12T22:00:00-04:00");
        facts["debtor"]["flags"]["known_location"] =
            json!({"zone": "America/Los_Angeles", "at": "2026-05-12T23:00:00-04:00"});
    });
    let first = earliest(&Policy::builtin(), &facts, &attempt, Warnings::Stand);
    assert_eq!(first.at, Some(at("2026-05-12T23:00:00-04:00")));
    assert_eq!(first.binding, Some(RuleId::CallHours));
    assert_eq!(first.never, None);
}
