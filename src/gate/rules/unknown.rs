//! What the gate cannot tell, it refuses.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const DEBT_UNKNOWN: RuleInfo = RuleInfo {
    id: RuleId::DebtUnknown,
    key: "debt-unknown",
    name: "Debt not on file",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "A contact must be about a debt that is on file.",
    public: "The account could not be found.",
    citation: "Product policy: what is not known is refused",
    exceptions: &[],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const CONTACT_POINT_UNKNOWN: RuleInfo = RuleInfo {
    id: RuleId::ContactPointUnknown,
    key: "contact-point-unknown",
    name: "Number or address not on file",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "Only numbers and addresses on the person's file are used.",
    public: "The number or address is not on file.",
    citation: "Product policy: what is not known is refused",
    exceptions: &[
        "Numbers of a lawyer, a spouse, a representative or another person need not be on the debtor's file.",
    ],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const FACTS_UNCLEAR: RuleInfo = RuleInfo {
    id: RuleId::FactsUnclear,
    key: "facts-unclear",
    name: "The file contradicts itself",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "When the file contradicts itself or can't be read, nobody is contacted until a person has put it right.",
    public: "The file must be checked first.",
    citation: "Product policy: what is not known is refused",
    exceptions: &["A known location settles a ZIP code that does not fit the state."],
    clears: "When the file is put right.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const POLICY_GAP: RuleInfo = RuleInfo {
    id: RuleId::PolicyGap,
    key: "policy-gap",
    name: "No rule for this place or day",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "When the policy has no answer for the place or the day, nobody is contacted.",
    public: "No rules are on file for this place or day.",
    citation: "Product policy: what is not known is refused",
    exceptions: &[],
    clears: "When the policy covers the place and the day.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const CHANNEL_NOT_OFFERED: RuleInfo = RuleInfo {
    id: RuleId::ChannelNotOffered,
    key: "channel-not-offered",
    name: "Texts are not sent",
    strength: Strength::Product,
    category: Category::Unknown,
    sentence: "Text messages are counted but not sent.",
    public: "This way of contact is not offered.",
    citation: "Product policy",
    exceptions: &[],
    clears: "Never.",
    alert: AlertType::FdcpaViolation,
};
