//! Disputes and requests for the original creditor.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

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
