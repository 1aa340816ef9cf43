//! Reminders that stop nobody.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::when::When;

/// Cases: `tests/gate_cases/reminders.json`.
pub(super) const SCRA: RuleInfo = RuleInfo {
    id: RuleId::Scra,
    key: "scra",
    name: "Military service",
    strength: Strength::Reminder,
    category: Category::Account,
    sentence: "A person on active duty has rights on interest and in court.",
    public: "Special rules apply to this account.",
    citation: "50 U.S.C. 3931, 3937",
    exceptions: &[],
    clears: "When service ends, for some rights later.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/consent.json`.
pub(super) const RETENTION: RuleInfo = RuleInfo {
    id: RuleId::Retention,
    key: "retention",
    name: "Keeping the recording",
    strength: Strength::Reminder,
    category: Category::Record,
    sentence: "A recording is kept for three years after the call.",
    public: "The recording must be kept.",
    citation: "12 CFR 1006.100(b)",
    exceptions: &[],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

/// Reminds of `scra` and `retention`. Neither stops a contact.
pub(super) fn reminders(now: &Now<'_>, findings: &mut Findings<'_>) {
    let scra = now.facts().debtor.flags.scra.as_ref();
    let serves = scra.is_some_and(|scra| {
        scra.active_duty
            && now.has_begun(scra.since)
            && scra.until.is_none_or(|until| match until {
                When::At(at) => now.at < at,
                When::On(last) => now.earliest_date() <= last,
            })
    });
    if serves {
        findings.remind(RuleId::Scra, || {
            Why::says("This person is on active duty: check the interest, and take no step in court without counsel.")
                .with("debtor.flags.scra", "active duty")
        });
    }
    if now.attempt().recorded {
        findings.remind(RuleId::Retention, || Why::says(RETENTION.sentence));
    }
}
