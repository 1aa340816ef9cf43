//! Limits of states and cities.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const STATE_CALL_CAP: RuleInfo = RuleInfo {
    id: RuleId::StateCallCap,
    key: "state-call-cap",
    name: "State limit on contacts",
    strength: Strength::Hard,
    category: Category::Frequency,
    sentence: "Some states limit how often a person may be contacted.",
    public: "The state's limit on contacts is reached.",
    citation: "The state's entry in the policy",
    exceptions: &["Notices and answers that the law requires."],
    clears: "When the oldest counted contact leaves the window.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const NYC_CONTACT_CAP: RuleInfo = RuleInfo {
    id: RuleId::NycContactCap,
    key: "nyc-contact-cap",
    name: "New York City limit",
    strength: Strength::Hard,
    category: Category::Frequency,
    sentence: "In New York City an account allows three contacts in seven days over calls, emails and texts.",
    public: "The city's limit on contacts is reached.",
    citation: "6 RCNY 5-77 as amended, effective 2026-09-01",
    exceptions: &[
        "Letters are not counted.",
        "Notices and answers that the law requires.",
    ],
    clears: "When the oldest counted contact leaves the window.",
    alert: AlertType::FdcpaViolation,
};
