//! Reaching somebody at work.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

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
