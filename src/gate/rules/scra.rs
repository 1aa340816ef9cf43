//! Reminders that stop nobody.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

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
