//! Reaching somebody at work.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::Party;
use crate::gate::facts::{Channel, EmailKind};
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;

/// Cases: `tests/gate_cases/work.json`.
pub(super) const WORKPLACE: RuleInfo = RuleInfo {
    id: RuleId::Workplace,
    key: "workplace",
    name: "At work",
    strength: Strength::Hard,
    category: Category::Recipient,
    sentence: "Nobody is reached at work when the employer is known not to allow it.",
    public: "This number may not be used.",
    citation: "15 U.S.C. 1692c(a)(3); 12 CFR 1006.6(b)(3)",
    exceptions: &["Another number at the same moment."],
    clears: "When it is learned that the employer allows it.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/work.json`.
pub(super) const WORK_EMAIL: RuleInfo = RuleInfo {
    id: RuleId::WorkEmail,
    key: "work-email",
    name: "Email at work",
    strength: Strength::Hard,
    category: Category::Recipient,
    sentence: "An address that the employer provides is not used.",
    public: "This address may not be used.",
    citation: "12 CFR 1006.22(f)(3)",
    exceptions: &["The person wrote about the debt from that address and has not opted out since."],
    clears: "When the person writes about the debt from it.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `workplace` for a telephone at work. The consumer's mobile is not at work merely because
/// it is office hours.
pub(super) fn workplace(now: &Now<'_>, findings: &mut Findings<'_>) {
    let flags = &now.facts().debtor.flags;
    let Some(prohibited) = now.stops(flags.workplace_prohibited.as_ref()) else {
        return;
    };
    if !now.is_by_phone() || !now.inquiry.is_at_work() {
        return;
    }
    findings.block(RuleId::Workplace, None, || {
        Why::says("This number is at work, and the employer does not allow such calls.").with(
            "debtor.flags.workplace_prohibited",
            prohibited.via.as_deref().unwrap_or("on file"),
        )
    });
}

/// Raises `work-email` unless the consumer used the address to write about the debt.
pub(super) fn work_email(now: &Now<'_>, findings: &mut Findings<'_>) {
    if now.attempt().channel != Channel::Email || now.party() == Party::Attorney {
        return;
    }
    let Some(email) = now
        .inquiry
        .email
        .filter(|email| email.kind == EmailKind::Employer)
    else {
        return;
    };
    if now.certainly_happened(email.consumer_used_for_debt_at) {
        return;
    }
    let used = email
        .consumer_used_for_debt_at
        .map(|used| now.happens_at(used));
    findings.block(RuleId::WorkEmail, used, || {
        Why::says("This address is provided by the employer, and the person has not written from it about the debt.")
            .with("debtor.emails.kind", "employer")
    });
}
