//! Where the account and its creditor stand.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const CREDITOR_NOT_CLEARED: RuleInfo = RuleInfo {
    id: RuleId::CreditorNotCleared,
    key: "creditor-not-cleared",
    name: "Creditor not cleared",
    strength: Strength::Product,
    category: Category::Account,
    sentence: "Nobody is contacted for a creditor who is not verified, is blocked, or is in test mode.",
    public: "This creditor is not cleared for contact.",
    citation: "Product policy",
    exceptions: &[],
    clears: "When the creditor is cleared.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const PLACEMENT_CLOSED: RuleInfo = RuleInfo {
    id: RuleId::PlacementClosed,
    key: "placement-closed",
    name: "Account closed",
    strength: Strength::Product,
    category: Category::Account,
    sentence: "An account that is paid, recalled, withdrawn, resolved or closed is not collected.",
    public: "The account is closed.",
    citation: "Product policy; 15 U.S.C. 1692f(1)",
    exceptions: &[],
    clears: "Not by waiting.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const PLACEMENT_DISPUTED: RuleInfo = RuleInfo {
    id: RuleId::PlacementDisputed,
    key: "placement-disputed",
    name: "Account disputed",
    strength: Strength::Product,
    category: Category::Dispute,
    sentence: "While any dispute is open the account is not collected, however it was raised.",
    public: "The account is disputed.",
    citation: "Product policy, stricter than 15 U.S.C. 1692g(b)",
    exceptions: &[
        "The answer to the dispute, the validation notice, the confirmation of an opt-out and the message that collection ends.",
    ],
    clears: "When the dispute is resolved.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const PLACEMENT_PAUSED: RuleInfo = RuleInfo {
    id: RuleId::PlacementPaused,
    key: "placement-paused",
    name: "Account paused",
    strength: Strength::Product,
    category: Category::Account,
    sentence: "The creditor has paused the account.",
    public: "The account is paused.",
    citation: "Product policy",
    exceptions: &[],
    clears: "When the pause ends.",
    alert: AlertType::FdcpaViolation,
};
