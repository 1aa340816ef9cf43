//! How often and how soon again.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const CALL_COUNT: RuleInfo = RuleInfo {
    id: RuleId::CallCount,
    key: "call-count",
    name: "Seven calls in seven days",
    strength: Strength::Presumption,
    category: Category::Frequency,
    sentence: "More than seven calls in seven days about one debt are presumed to be too many.",
    public: "The limit on calls is reached.",
    citation: "15 U.S.C. 1692d(5); 12 CFR 1006.14(b)(2)(i)(A)",
    exceptions: &[
        "A call the person asked the collector itself for, within seven days and until they talk.",
        "Calls to a lawyer, and lines that were busy or not in service, do not count.",
    ],
    clears: "When the oldest counted call is seven days old.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const CALL_CONVERSATION: RuleInfo = RuleInfo {
    id: RuleId::CallConversation,
    key: "call-conversation",
    name: "A week after talking",
    strength: Strength::Presumption,
    category: Category::Frequency,
    sentence: "After a telephone conversation about a debt there is no call about it for seven days, the day of the conversation included.",
    public: "The person was spoken with less than a week ago.",
    citation: "15 U.S.C. 1692d(5); 12 CFR 1006.14(b)(2)(i)(B)",
    exceptions: &[
        "A call the person asked the collector itself for, within seven days and until they talk.",
    ],
    clears: "On the seventh day after the conversation.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const RAPID_CALLS: RuleInfo = RuleInfo {
    id: RuleId::RapidCalls,
    key: "rapid-calls",
    name: "Clustered calls",
    strength: Strength::Presumption,
    category: Category::Frequency,
    sentence: "Calls in quick succession can harass even inside the limit.",
    public: "The last call was too recent.",
    citation: "15 U.S.C. 1692d(5); 12 CFR 1006.14(a); comment 14(b)(2)(i)-2",
    exceptions: &[],
    clears: "Five minutes after an unanswered call, or on the next day.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const WEEKLY_CALL_CAP: RuleInfo = RuleInfo {
    id: RuleId::WeeklyCallCap,
    key: "weekly-call-cap",
    name: "Weekly limit of the account",
    strength: Strength::Product,
    category: Category::Frequency,
    sentence: "The account limits how many successful calls a person gets in seven days, over all their accounts.",
    public: "The account's weekly limit on calls is reached.",
    citation: "Product policy: max_calls_per_week",
    exceptions: &[],
    clears: "When the oldest counted call is seven days old.",
    alert: AlertType::FdcpaViolation,
};
