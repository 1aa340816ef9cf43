//! The tabs beside the timeline: calls, payments, compliance.

use chrono_tz::Tz;

use super::people::People;
use super::placement::File;
use super::{compliance_card, flag_words, words};
use crate::db::DbConn;
use crate::domain::access::Capability;
use crate::domain::phone::PhoneNumber;
use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::facts::BankruptcyStatus;
use crate::gate::locality::zones_for;
use crate::gate::{Policy, RuleId};
use crate::store::calls::{self, Call};
use crate::store::decisions::{self, DecisionRow as StoredDecision};
use crate::store::payments;
use crate::store::timeline::{self, Subject};
use crate::web::access::SignedIn;
use crate::web::view::part::{Fact, Tone, When};
use crate::web::view::placement_tabs::{
    CallRow, CallsTab, ComplianceTab, DecisionRow, Disclosure, LedgerRow, Outcome, PaymentsTab,
};

/// Decisions on the Compliance tab.
const DECISIONS: i64 = 25;

pub fn subject(file: &File) -> Subject {
    Subject {
        creditor: file.placement.creditor_id,
        debtor: file.placement.debtor_id,
        placement: file.placement.id,
    }
}

/// Calls that are planned or were placed. A refused attempt has no row: it is a decision.
pub fn calls(
    conn: &mut DbConn,
    file: &File,
    policy: &Policy,
    reader: &SignedIn,
    now: Instant,
) -> AppResult<CallsTab> {
    let (creditor, id) = (file.placement.creditor_id, file.placement.id);
    let calls = calls::of_placement(conn, creditor, id)?;
    let theirs = zones_for(policy, &file.facts.debtor, now)
        .first()
        .map(|candidate| candidate.zone.tz());
    Ok(CallsTab {
        rows: calls
            .iter()
            .map(|call| call_row(call, theirs, reader, now))
            .collect(),
        plan_href: (reader.can(Capability::LogContact)
            && file.placement.status == PlacementStatus::InOutreach
            && !calls.iter().any(is_undialled))
        .then(|| format!("/placements/{id}/calls/new")),
        refused_href: format!("/placements/{id}?kind=refused"),
        refused_count: timeline::count_refusals(conn, subject(file), now)?,
    })
}

fn is_undialled(call: &Call) -> bool {
    matches!(call.status.as_str(), "planned" | "claimed")
}

fn call_row(call: &Call, theirs: Option<Tz>, reader: &SignedIn, now: Instant) -> CallRow {
    let at = call.started_at.unwrap_or(call.scheduled_at);
    let (direction, outcome, tone) = match call.status.as_str() {
        "planned" | "claimed" => ("Scheduled", "Scheduled".to_owned(), Tone::Info),
        "starting" | "started" => ("Outgoing", "In progress".to_owned(), Tone::Info),
        "cancelled" => (
            "Scheduled",
            cancelled(call.status_cause.as_deref()),
            Tone::Neutral,
        ),
        "failed" => ("Outgoing", "Failed".to_owned(), Tone::Warning),
        "unknown" => ("Outgoing", "Not known".to_owned(), Tone::Warning),
        _ => (
            "Outgoing",
            words::spoken(call.outcome.as_deref().unwrap_or("completed")),
            Tone::Neutral,
        ),
    };
    CallRow {
        when: When::new(at, reader.time_zone, now),
        debtor_time: theirs.and_then(|zone| words::elsewhere(at, zone, reader.time_zone)),
        direction: direction.to_owned(),
        number: call.number.display_national(),
        outcome,
        outcome_tone: tone,
        duration: words::duration(call.duration_seconds),
        disclosure: Disclosure::NotApplicable,
        by: "Scheduler".to_owned(),
        simulated: call.simulated,
        change_href: (call.status == "planned" && reader.can(Capability::LogContact))
            .then(|| format!("/placements/{}/calls/{}", call.placement_id, call.id)),
    }
}

fn cancelled(cause: Option<&str>) -> String {
    let because = match cause {
        Some("cancelled_by_recall") => "placement recalled",
        Some("pause") => "outreach paused",
        Some("paid_in_full") => "paid in full",
        Some("debtor_stop") => "the debtor asked us to stop",
        Some("by_hand") => "by hand",
        Some("refused") => "the gate refused it",
        Some("not_the_debtors") => "the number is somebody else\u{2019}s",
        Some(other) => return format!("Cancelled: {}", words::spoken(other).to_lowercase()),
        None => return "Cancelled".to_owned(),
    };
    format!("Cancelled: {because}")
}

pub fn payments(
    conn: &mut DbConn,
    file: &File,
    reader: &SignedIn,
    now: Instant,
) -> AppResult<PaymentsTab> {
    let placement = &file.placement;
    let payments = payments::of_placement(conn, placement.creditor_id, placement.id)?;
    let people = People::load(
        conn,
        payments.iter().map(|payment| payment.recorded_by.as_str()),
        reader.creditor.is_some(),
    )?;
    Ok(PaymentsTab {
        rows: payments
            .iter()
            .map(|payment| LedgerRow {
                received: words::day(payment.paid_on, reader.time_zone, now),
                method: payment.method.label().to_owned(),
                reference: payment.reference.clone().unwrap_or_default(),
                amount: payment.amount_cents.to_string(),
                rate: payment.fee_bps.to_string(),
                fee: payment.fee_cents.to_string(),
                recorded_by: people.name(&payment.recorded_by),
                receipt_href: format!("/placements/{}/payments/{}", placement.id, payment.id),
            })
            .collect(),
        recovered_total: placement.recovered_cents.to_string(),
        fee_total: placement.fee_cents.to_string(),
        can_record: reader.can(Capability::ManagePlacements) && !placement.status.is_closed(),
    })
}

pub fn compliance(
    conn: &mut DbConn,
    file: &File,
    reader: &SignedIn,
    now: Instant,
) -> AppResult<ComplianceTab> {
    let (creditor, id) = (file.placement.creditor_id, file.placement.id);
    let decisions = decisions::of_placement(conn, creditor, id, DECISIONS)?;
    let actors = file
        .flags
        .iter()
        .map(|flag| flag.set_by.as_str())
        .chain(decisions.iter().map(|decision| decision.asked_by.as_str()));
    let people = People::load(conn, actors, reader.creditor.is_some())?;
    Ok(ComplianceTab {
        flags: file
            .flags
            .iter()
            .map(|flag| flag_words::row(flag, &people, reader, now))
            .collect(),
        decisions: decisions
            .iter()
            .map(|decision| decision_row(decision, &people, reader, now))
            .collect(),
        notices: Vec::new(),
        facts: discharge(file, reader)
            .into_iter()
            .chain(consents(file, reader))
            .collect(),
    })
}

fn decision_row(
    decision: &StoredDecision,
    people: &People,
    reader: &SignedIn,
    now: Instant,
) -> DecisionRow {
    DecisionRow {
        href: format!("/decisions/{}", decision.id),
        when: When::new(decision.at, reader.time_zone, now),
        attempt: attempt(decision, reader),
        asked_by: people.name(&decision.asked_by),
        outcome: match decision.outcome.as_str() {
            "allow" => Outcome::Allowed,
            "acknowledge" => Outcome::Acknowledged,
            _ => Outcome::Refused,
        },
        rules: rules_in_the_way(&decision.decision)
            .into_iter()
            .map(compliance_card::rule_link)
            .collect(),
    }
}

/// `Call to (312) 555-0148`; for a creditor's people only the way.
fn attempt(decision: &StoredDecision, reader: &SignedIn) -> String {
    let channel = words::spoken(&decision.channel);
    if reader.creditor.is_some() {
        return channel;
    }
    let attempt: serde_json::Value = serde_json::from_str(&decision.attempt).unwrap_or_default();
    let target = |name: &str| {
        attempt
            .get(name)
            .and_then(serde_json::Value::as_str)
            .map(str::to_owned)
    };
    let phone = target("phone").map(|number| PhoneNumber::readable(&number));
    match phone.or_else(|| target("email")) {
        Some(target) => format!("{channel} to {target}"),
        None => channel,
    }
}

/// The rules of a stored decision that stood in the way, worst first. One that this program does
/// not know any more is left out here; the decision's own page shows it whole.
pub fn rules_in_the_way(decision: &str) -> Vec<RuleId> {
    let decision: serde_json::Value = serde_json::from_str(decision).unwrap_or_default();
    let findings = decision
        .get("findings")
        .and_then(serde_json::Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    findings
        .iter()
        .filter(|finding| {
            finding.get("severity").and_then(serde_json::Value::as_str) != Some("reminder")
        })
        .filter_map(|finding| finding.get("rule")?.as_str()?.parse().ok())
        .collect()
}

/// Whether a discharge on file covers this account; for staff alone.
fn discharge(file: &File, reader: &SignedIn) -> Option<Fact> {
    if reader.creditor.is_some() {
        return None;
    }
    let case = file.facts.debtor.flags.bankruptcy.as_ref();
    let is_discharged = case.is_some_and(|case| case.status == BankruptcyStatus::Discharged);
    let shown = match file.placement.included_in_discharge {
        Some(true) => "Yes: it may never be collected",
        Some(false) if is_discharged => "No",
        None if is_discharged => "Nobody has said: yes, unless it is younger than the case",
        Some(false) | None => return None,
    };
    Some(Fact::new("Covered by a discharge", shown))
}

/// Consents on file, and numbers that are on a do-not-call list.
fn consents(file: &File, reader: &SignedIn) -> Vec<Fact> {
    let flags = &file.facts.debtor.flags;
    let zone = reader.time_zone;
    let mut facts = Vec::new();
    for (term, grant) in [
        ("Recording", &flags.recording_consent),
        ("Electronic notices", &flags.esign_consent),
    ] {
        let Some(grant) = grant else { continue };
        let since = grant
            .at
            .map(|at| format!(" on {}", words::date(at.latest().date_in(zone))))
            .unwrap_or_default();
        let shown = match grant.revoked_at {
            Some(at) => format!("Taken back on {}", words::date(at.earliest().date_in(zone))),
            None => format!("Given{since}"),
        };
        facts.push(Fact::new(term, shown));
    }
    for phone in &file.facts.debtor.phones {
        let number = PhoneNumber::readable(&phone.number);
        let lists: Vec<String> = phone
            .dnc
            .iter()
            .filter_map(|entry| entry.source.as_deref())
            .map(words::spoken)
            .collect();
        let shown = if lists.is_empty() {
            "On no do-not-call list".to_owned()
        } else {
            format!("Do-not-call list: {}", lists.join(", "))
        };
        facts.push(Fact::new(number, shown));
    }
    facts
}
