//! Contact hours in every zone the consumer may be in.

use super::exceptions::{next_time_consent, time_consent};
use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::domain::time::Instant;
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::windows::{OpenHours, WallClock, all_open};
use crate::gate::words;

/// Cases: `tests/gate_cases/hours.json`.
pub(super) const TIME_ZONE_UNKNOWN: RuleInfo = RuleInfo {
    id: RuleId::TimeZoneUnknown,
    key: "time-zone-unknown",
    name: "Time zone unknown",
    strength: Strength::Product,
    category: Category::Timing,
    sentence: "When nobody can tell the person's local time, no contact is made.",
    public: "The person's local time is not known.",
    citation: "Product policy; 12 CFR 1006.6(b)(1)(i); comment 6(b)(1)(i)-2",
    exceptions: &["Letters are not bound to the hour."],
    clears: "When the person's location is known.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/hours.json`.
pub(super) const CALL_HOURS: RuleInfo = RuleInfo {
    id: RuleId::CallHours,
    key: "call-hours",
    name: "Contact hours",
    strength: Strength::Hard,
    category: Category::Timing,
    sentence: "People are contacted from 8 in the morning to 9 in the evening, by their own clock.",
    public: "It is outside contact hours where the person may be.",
    citation: "15 U.S.C. 1692c(a)(1); 12 CFR 1006.6(b)(1)(i); comment 6(b)(1)(i)-1",
    exceptions: &[
        "The person asked the collector itself for this time.",
        "One reply in the same way to a person who makes contact at that hour.",
        "Letters are not bound to the hour.",
        "A machine has no exception.",
    ],
    clears: "At 8 in the morning where the person may be.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/hours.json`.
pub(super) const LOCATION_CONFLICT: RuleInfo = RuleInfo {
    id: RuleId::LocationConflict,
    key: "location-conflict",
    name: "Several time zones",
    strength: Strength::Hard,
    category: Category::Timing,
    sentence: "When the file points to several time zones, a contact must be inside contact hours in all of them.",
    public: "The person may be in another time zone, where it is outside contact hours.",
    citation: "12 CFR 1006.6(b)(1)(i); comment 6(b)(1)(i)-2",
    exceptions: &[
        "A known location decides alone.",
        "An area code that also serves the zone of the address agrees with it.",
    ],
    clears: "When contact hours are open in every zone.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `time-zone-unknown`, `call-hours` and `location-conflict`.
///
/// Open is `08:00:00 <= local < 21:00:00` in every candidate zone: the regulation and the statute
/// differ at the two edges, and this satisfies both. Electronic messages are timed when they are
/// sent; a letter is not bound to the hour.
pub(super) fn contact_hours(now: &Now<'_>, findings: &mut Findings<'_>) {
    if !now.is_bound_to_hours() {
        return;
    }
    if now.inquiry.place.zones.is_empty() {
        findings.block(RuleId::TimeZoneUnknown, None, || {
            Why::says(
                "Nobody can tell what time it is where this person is, so no contact is made.",
            )
            .with(
                "debtor.zip",
                now.facts().debtor.zip.as_deref().unwrap_or("none"),
            )
            .with(
                "debtor.state",
                now.facts().debtor.state.as_deref().unwrap_or("none"),
            )
        });
        return;
    }
    if is_plainly_open(now) {
        return;
    }
    let windows = now.contact_windows();
    if windows.is_empty() || windows.iter().all(|window| window.is_open(now.at)) {
        return;
    }
    if may_go_on(now, &windows) {
        findings.remind(RuleId::CallHours, || {
            let why = Why::says("This is outside contact hours, but the person asked for this time or made contact just now.");
            match time_consent(now, None).and_then(|consent| consent.source.as_deref()) {
                Some(source) => why.with("debtor.flags.prior_consents", words::on_file(source)),
                None => why,
            }
        });
        return;
    }
    let opening = sooner(all_open(&windows, now.at), next_time_consent(now, None));
    findings.block(RuleId::CallHours, opening, || {
        let shut = windows.iter().find(|window| !window.is_open(now.at));
        Why::says(shut.map_or_else(
            || CALL_HOURS.sentence.to_owned(),
            |window| {
                format!(
                    "At {} where this person may be, nobody may be contacted; contact is allowed from 8 in the morning to 9 in the evening.",
                    words::time(&WallClock::read(window.zone, now.at))
                )
            },
        ))
        .with("attempt.at", now.at.to_rfc3339())
    });
    conflict(now, findings);
}

/// The usual answer, from the clocks as they have been read.
fn is_plainly_open(now: &Now<'_>) -> bool {
    now.state_clocks().next().is_none()
        && now
            .policy()
            .federal
            .call_hours
            .on(now.date())
            .is_some_and(|hours| now.clocks.iter().all(|clock| clock.is_within(*hours)))
}

/// Some zones are open and others are not: the conflict is what narrows the hours.
fn conflict(now: &Now<'_>, findings: &mut Findings<'_>) {
    let zones = now.inquiry.place.zones.len();
    let mut windows = now.contact_windows();
    windows.truncate(zones);
    if !is_mixed(&windows, now.at) {
        return;
    }
    let until = sooner(
        Some(end_of_conflict(&windows, now.at)),
        next_time_consent(now, None),
    );
    findings.block(RuleId::LocationConflict, until, || {
        let mut why = Why::says(
            "The file points to several time zones, and it is outside contact hours in one of them.",
        );
        for candidate in &now.inquiry.place.zones {
            why = why.with("zone", format!("{} from {}", candidate.zone, candidate.because));
        }
        why
    });
}

fn is_mixed(windows: &[OpenHours], at: Instant) -> bool {
    let open = windows.iter().filter(|window| window.is_open(at)).count();
    open > 0 && open < windows.len()
}

fn end_of_conflict(windows: &[OpenHours], at: Instant) -> Instant {
    let mut at = at;
    // Every zone opens and shuts once a day, so a day of edges ends any conflict or repeats it.
    for _ in 0..=4 * windows.len() {
        let Some(edge) = windows.iter().map(|window| window.next_edge(at)).min() else {
            return at;
        };
        at = edge;
        if !is_mixed(windows, at) {
            return at;
        }
    }
    at
}

/// A person, not a machine, may use an hour the consumer asked for, or answer a contact that the
/// consumer made while the windows were shut.
fn may_go_on(now: &Now<'_>, windows: &[OpenHours]) -> bool {
    if now.is_automated() {
        return false;
    }
    time_consent(now, None).is_some()
        || now.unanswered_contact().is_some_and(|contact| {
            all_open(windows, contact.at).is_none_or(|opening| opening > now.at)
        })
}

fn sooner(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
