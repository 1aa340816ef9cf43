//! Disputes and requests for the original creditor.

use super::timeline::is_in_time;
use super::{AlertType, Category, RuleId, RuleInfo, Strength};
use crate::gate::attempt::AmountSought;
use crate::gate::facts::{Debt, Dispute, DisputeResponse, Portion};
use crate::gate::findings::Until;
use crate::gate::findings::{Findings, Why};
use crate::gate::inquiry::Now;
use crate::gate::when::When;

/// Cases: `tests/gate_cases/dispute.json`.
pub(super) const DISPUTE_HOLD: RuleInfo = RuleInfo {
    id: RuleId::DisputeHold,
    key: "dispute-hold",
    name: "Dispute not answered",
    strength: Strength::Hard,
    category: Category::Dispute,
    sentence: "A written dispute within the validation period stops collection until it is answered.",
    public: "The account is disputed.",
    citation: "15 U.S.C. 1692g(b); 12 CFR 1006.38(d)(2)",
    exceptions: &[
        "The answer itself and other messages that do not collect.",
        "The undisputed part, when only a part is disputed and only the rest is asked for.",
    ],
    clears: "When the answer is sent.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/dispute.json`.
pub(super) const OC_REQUEST_HOLD: RuleInfo = RuleInfo {
    id: RuleId::OcRequestHold,
    key: "oc-request-hold",
    name: "Original creditor asked for",
    strength: Strength::Hard,
    category: Category::Dispute,
    sentence: "A written request for the original creditor's name within the validation period stops collection until it is answered.",
    public: "The person has asked for information that must be given first.",
    citation: "15 U.S.C. 1692g(b); 12 CFR 1006.38(c)",
    exceptions: &["The answer itself and other messages that do not collect."],
    clears: "When the answer is sent.",
    alert: AlertType::FdcpaViolation,
};

/// Cases: `tests/gate_cases/dispute.json`.
pub(super) const LATE_DISPUTE: RuleInfo = RuleInfo {
    id: RuleId::LateDispute,
    key: "late-dispute",
    name: "Late or oral dispute",
    strength: Strength::Reminder,
    category: Category::Dispute,
    sentence: "A dispute that is oral or late does not stop collection by itself, but the debt is reported as disputed.",
    public: "The debt is reported as disputed.",
    citation: "15 U.S.C. 1692e(8); 12 CFR 1006.38(d)",
    exceptions: &[],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

/// Raises `dispute-hold`, `oc-request-hold` and `late-dispute`.
///
/// Only a written dispute or request within the validation period holds by law; what comes before
/// any notice is in time. An answer counts from when it is sent.
pub(super) fn disputes(now: &Now<'_>, findings: &mut Findings<'_>) {
    let Some(debt) = now.inquiry.debt else {
        return;
    };
    if now.attempt().purpose.is_not_collection() {
        return;
    }
    let mut until: Option<Until> = None;
    let mut late = false;
    for dispute in &debt.disputes {
        if !now.has_begun(dispute.received_at) {
            continue;
        }
        if !dispute.in_writing || !is_in_time(now, debt, dispute.received_at) {
            late = true;
        } else if !seeks_only_the_undisputed(now, dispute) {
            let answered = answer(dispute);
            until = until.max_with(still_open(now, answered));
        }
    }
    if let Some(until) = until {
        findings.block(RuleId::DisputeHold, until, || {
            Why::says("This person disputed the debt in writing and in time, and no answer has been sent.")
                .with("debts.disputes", "not answered")
        });
    }
    if late {
        findings.remind(RuleId::LateDispute, || {
            Why::says("This person has disputed the debt late or by word of mouth; report it as disputed.")
        });
    }
    original_creditor(now, debt, findings);
}

fn original_creditor(now: &Now<'_>, debt: &Debt, findings: &mut Findings<'_>) {
    let mut until: Option<Until> = None;
    for request in &debt.oc_requests {
        let holds = request.in_writing
            && now.has_begun(request.received_at)
            && is_in_time(now, debt, request.received_at);
        if holds {
            until = until.max_with(still_open(now, request.responded_at));
        }
    }
    if let Some(until) = until {
        findings.block(RuleId::OcRequestHold, until, || {
            Why::says("This person asked in writing who the original creditor is, and no answer has been sent.")
                .with("debts.oc_requests", "not answered")
        });
    }
}

/// The moment of an answer that ends the hold: verification, or for a dispute that repeats an
/// answered one a notice that says so.
fn answer(dispute: &Dispute) -> Option<When> {
    match dispute.response {
        None | Some(DisputeResponse::Verification) => dispute.responded_at,
        Some(DisputeResponse::DuplicativeNotice) => {
            dispute.responded_at.filter(|_| dispute.duplicative)
        }
    }
}

fn still_open(now: &Now<'_>, answered: Option<When>) -> Option<Until> {
    if now.certainly_happened(answered) {
        return None;
    }
    Some(answered.map_or(Until::Never, |answered| Until::At(now.happens_at(answered))))
}

/// A part is disputed, and only the rest is asked for.
fn seeks_only_the_undisputed(now: &Now<'_>, dispute: &Dispute) -> bool {
    let sought = now
        .attempt()
        .content
        .as_deref()
        .and_then(|content| content.amount_sought);
    match dispute.portion {
        Portion::All => false,
        Portion::Part(_) => sought == Some(AmountSought::Undisputed),
    }
}

/// The later of two holds.
trait MaxWith {
    fn max_with(self, other: Option<Until>) -> Self;
}

impl MaxWith for Option<Until> {
    fn max_with(self, other: Self) -> Self {
        match (self, other) {
            (None, until) | (until, None) => until,
            (Some(Until::At(one)), Some(Until::At(other))) => Some(Until::At(one.max(other))),
            (Some(Until::Never), _) | (_, Some(Until::Never)) => Some(Until::Never),
        }
    }
}
