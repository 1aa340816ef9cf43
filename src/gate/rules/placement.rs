//! Where the account and its creditor stand.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::domain::placement::PlacementStatus;
use crate::gate::facts::Debt;
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::when::When;
use crate::gate::words;

/// Cases: `tests/gate_cases/placement.json`.
pub(super) const CREDITOR_NOT_CLEARED: RuleInfo = RuleInfo {
    id: RuleId::CreditorNotCleared,
    key: "creditor-not-cleared",
    name: "Creditor not cleared",
    strength: Strength::Product,
    category: Category::Account,
    sentence: "Nobody is contacted for a creditor who is not verified, is blocked, or is in test mode.",
    public: "This creditor is not cleared for contact.",
    citation: "Product policy",
    exceptions: &[],
    clears: "When the creditor is cleared.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/placement.json`.
pub(super) const PLACEMENT_CLOSED: RuleInfo = RuleInfo {
    id: RuleId::PlacementClosed,
    key: "placement-closed",
    name: "Account closed",
    strength: Strength::Product,
    category: Category::Account,
    sentence: "An account that is paid, recalled, withdrawn, resolved or closed is not collected.",
    public: "The account is closed.",
    citation: "Product policy; 15 U.S.C. 1692f(1)",
    exceptions: &[],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/placement.json`.
pub(super) const PLACEMENT_DISPUTED: RuleInfo = RuleInfo {
    id: RuleId::PlacementDisputed,
    key: "placement-disputed",
    name: "Account disputed",
    strength: Strength::Product,
    category: Category::Dispute,
    sentence: "While any dispute is open the account is not collected, however it was raised.",
    public: "The account is disputed.",
    citation: "Product policy, stricter than 15 U.S.C. 1692g(b)",
    exceptions: &[
        "The answer to the dispute, the validation notice, the confirmation of an opt-out and the message that collection ends.",
    ],
    clears: "When the dispute is resolved.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/placement.json`.
pub(super) const PLACEMENT_PAUSED: RuleInfo = RuleInfo {
    id: RuleId::PlacementPaused,
    key: "placement-paused",
    name: "Account paused",
    strength: Strength::Product,
    category: Category::Account,
    sentence: "The creditor has paused the account.",
    public: "The account is paused.",
    citation: "Product policy",
    exceptions: &[],
    clears: "When the pause ends.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `creditor-not-cleared`.
pub(super) fn creditor(now: &Now<'_>, findings: &mut Findings<'_>) {
    let creditor = &now.facts().creditor;
    if creditor.cleared {
        return;
    }
    findings.block(RuleId::CreditorNotCleared, None, || {
        let reason = creditor.reason.as_deref().map(words::on_file);
        let why = Why::says("This creditor is not cleared, so nobody is contacted for it.");
        match reason.filter(|reason| !reason.is_empty()) {
            Some(reason) => why.with("creditor.reason", reason),
            None => why.with("creditor.cleared", "false"),
        }
    });
}

/// Raises `placement-closed`, `placement-disputed` and `placement-paused`.
pub(super) fn account(now: &Now<'_>, findings: &mut Findings<'_>) {
    let Some(debt) = now.inquiry.debt else {
        return;
    };
    let closed = match debt.status {
        PlacementStatus::Paid => Some("is paid"),
        PlacementStatus::Recalled => Some("was recalled by the creditor"),
        PlacementStatus::ClosedUncollected => Some("was closed without being collected"),
        PlacementStatus::Resolved => Some("is resolved"),
        PlacementStatus::WithdrawnByCreditor => Some("was withdrawn by the creditor"),
        PlacementStatus::PendingEnrichment
        | PlacementStatus::Ready
        | PlacementStatus::InOutreach
        | PlacementStatus::PaymentPending
        | PlacementStatus::Unreachable
        | PlacementStatus::Disputed => None,
    };
    if let Some(closed) = closed {
        findings.block(RuleId::PlacementClosed, None, || {
            Why::says(format!(
                "This account {closed}, so it is not collected any more."
            ))
            .with("debts.status", format!("{:?}", debt.status))
        });
    }
    if debt.status == PlacementStatus::Disputed && !now.attempt().purpose.is_not_collection() {
        findings.block(RuleId::PlacementDisputed, None, || {
            Why::says(
                "This account is disputed, and collection waits until the dispute is resolved.",
            )
            .with("debts.status", "disputed")
        });
    }
    pause(now, debt, findings);
}

fn pause(now: &Now<'_>, debt: &Debt, findings: &mut Findings<'_>) {
    let Some(until) = debt.paused_until else {
        return;
    };
    let ends = match until {
        When::At(at) => at,
        When::On(date) => now.begun_everywhere(date),
    };
    if now.at >= ends {
        return;
    }
    findings.block(RuleId::PlacementPaused, Some(ends), || {
        Why::says("The creditor has paused this account.").with(
            "debts.paused_until",
            match until {
                When::At(at) => at.to_rfc3339(),
                When::On(date) => words::date(date),
            },
        )
    });
}
