//! Who may be reached at all.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const THIRD_PARTY: RuleInfo = RuleInfo {
    id: RuleId::ThirdParty,
    key: "third-party",
    name: "Other people",
    strength: Strength::Hard,
    category: Category::Recipient,
    sentence: "Nobody but the person, their spouse, their lawyer or their representative may hear of the debt.",
    public: "This recipient may not be contacted.",
    citation: "15 U.S.C. 1692c(b); 12 CFR 1006.6(d)(1)",
    exceptions: &["Asking once where the person can be reached, without mentioning the debt."],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const LOCATION_INFO: RuleInfo = RuleInfo {
    id: RuleId::LocationInfo,
    key: "location-info",
    name: "Asking where someone is",
    strength: Strength::Hard,
    category: Category::Recipient,
    sentence: "Another person may be asked once where the debtor can be reached, and only when that is not known.",
    public: "This recipient may not be contacted again.",
    citation: "15 U.S.C. 1692b; 12 CFR 1006.10",
    exceptions: &["A call that nobody answered may be tried again."],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};
