//! Debts past their limitation period.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const EXTINGUISHED_DEBT: RuleInfo = RuleInfo {
    id: RuleId::ExtinguishedDebt,
    key: "extinguished-debt",
    name: "Debt ended by law",
    strength: Strength::Hard,
    category: Category::Limitation,
    sentence: "In some states a debt ends with its limitation period and may no longer be collected.",
    public: "The debt is too old to be collected in this state.",
    citation: "Miss. Code 15-1-3(1); Wis. Stat. 893.05; N.C.G.S. 58-70-115 (product policy)",
    exceptions: &["Answers and notices that do not collect."],
    clears: "Never.",
    alert: AlertType::SolExpired,
};

pub(super) const TIME_BARRED: RuleInfo = RuleInfo {
    id: RuleId::TimeBarred,
    key: "time-barred",
    name: "Too old to sue on",
    strength: Strength::Hard,
    category: Category::Limitation,
    sentence: "Nobody may sue, or threaten to sue, on a debt whose limitation period has run out.",
    public: "The debt is too old to sue on.",
    citation: "12 CFR 1006.26(b)",
    exceptions: &["A message that neither sues nor threatens to is reminded only."],
    clears: "Not by waiting.",
    alert: AlertType::SolExpired,
};

pub(super) const LIMITATION_EXPIRED: RuleInfo = RuleInfo {
    id: RuleId::LimitationExpired,
    key: "limitation-expired",
    name: "Limitation period over",
    strength: Strength::Product,
    category: Category::Limitation,
    sentence: "The time to sue on this debt is over; some states ask that this is said.",
    public: "The debt is too old to sue on.",
    citation: "12 CFR 1006.26; the state's entry in the policy",
    exceptions: &["Answers and notices that do not collect."],
    clears: "Not by waiting.",
    alert: AlertType::SolExpired,
};
