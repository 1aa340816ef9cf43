//! The validation notice: when it is due, what it says, what must not contradict it.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const ESIGN: RuleInfo = RuleInfo {
    id: RuleId::Esign,
    key: "esign",
    name: "Consent to electronic notices",
    strength: Strength::Hard,
    category: Category::Consent,
    sentence: "A required notice after the first communication goes electronically only with the person's consent.",
    public: "The notice must go by post.",
    citation: "12 CFR 1006.42(b); 15 U.S.C. 7001(c)",
    exceptions: &["A notice that is itself the first communication."],
    clears: "When the person agrees.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const VALIDATION_CONTENT: RuleInfo = RuleInfo {
    id: RuleId::ValidationContent,
    key: "validation-content",
    name: "What the validation notice says",
    strength: Strength::Content,
    category: Category::Notice,
    sentence: "A validation notice must be complete and right.",
    public: "The notice must be changed.",
    citation: "12 CFR 1006.34(c), (d)",
    exceptions: &[
        "Two items may be left out when the debt is not about a consumer financial product.",
        "A periodic mortgage statement may stand in for the itemization.",
    ],
    clears: "When the notice is changed.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const OVERSHADOW: RuleInfo = RuleInfo {
    id: RuleId::Overshadow,
    key: "overshadow",
    name: "The right to dispute",
    strength: Strength::Content,
    category: Category::Notice,
    sentence: "During the validation period no message may contradict the right to dispute.",
    public: "The message must be changed.",
    citation: "15 U.S.C. 1692g(b); 12 CFR 1006.38(b)",
    exceptions: &["A message that restates the right."],
    clears: "After the validation period.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const VALIDATION_OVERDUE: RuleInfo = RuleInfo {
    id: RuleId::ValidationOverdue,
    key: "validation-overdue",
    name: "Validation notice overdue",
    strength: Strength::Presumption,
    category: Category::Notice,
    sentence: "The validation notice was due within five days of the first communication and has not been sent.",
    public: "A required notice must be sent first.",
    citation: "15 U.S.C. 1692g(a); 12 CFR 1006.34(a)(1)",
    exceptions: &["The notice itself and other messages that do not collect."],
    clears: "When the notice is sent.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const VALIDATION_DUE: RuleInfo = RuleInfo {
    id: RuleId::ValidationDue,
    key: "validation-due",
    name: "Validation notice due",
    strength: Strength::Reminder,
    category: Category::Notice,
    sentence: "The validation notice is due within five days of the first communication.",
    public: "A required notice is due soon.",
    citation: "15 U.S.C. 1692g(a); 12 CFR 1006.34(a)(1)",
    exceptions: &[],
    clears: "When the notice is sent.",
    alert: AlertType::FdcpaViolation,
};
