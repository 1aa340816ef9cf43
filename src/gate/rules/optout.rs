//! Ways, numbers and addresses the person has closed.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const DO_NOT_CALL: RuleInfo = RuleInfo {
    id: RuleId::DoNotCall,
    key: "do-not-call",
    name: "Do not call",
    strength: Strength::Product,
    category: Category::StopRequest,
    sentence: "The file says that this person is not to be telephoned on any number.",
    public: "The person has asked not to be telephoned.",
    citation: "Product policy; 12 CFR 1006.14(h)",
    exceptions: &[],
    clears: "When the flag is lifted.",
    alert: AlertType::DoNotCall,
};

pub(super) const CALL_OPT_OUT: RuleInfo = RuleInfo {
    id: RuleId::CallOptOut,
    key: "call-opt-out",
    name: "Opted out of calls",
    strength: Strength::Product,
    category: Category::StopRequest,
    sentence: "The person has asked not to be called.",
    public: "The person has asked not to be telephoned.",
    citation: "12 CFR 1006.14(h)(1)",
    exceptions: &["One reply by telephone to a person who telephones."],
    clears: "When the person says so.",
    alert: AlertType::DoNotCall,
};

pub(super) const EMAIL_OPT_OUT: RuleInfo = RuleInfo {
    id: RuleId::EmailOptOut,
    key: "email-opt-out",
    name: "Opted out of email",
    strength: Strength::Product,
    category: Category::StopRequest,
    sentence: "The person has asked not to be emailed.",
    public: "The person has asked not to be emailed.",
    citation: "12 CFR 1006.14(h)(1), 1006.6(e)",
    exceptions: &[
        "One bare confirmation of the opt-out.",
        "One reply by email to a person who emails.",
    ],
    clears: "When the person says so.",
    alert: AlertType::DoNotCall,
};

pub(super) const MEDIUM_OPTOUT: RuleInfo = RuleInfo {
    id: RuleId::MediumOptout,
    key: "medium-optout",
    name: "Not by this way",
    strength: Strength::Hard,
    category: Category::StopRequest,
    sentence: "A person who asks not to be reached in a certain way is not reached that way, from that moment.",
    public: "The person has asked not to be contacted in this way.",
    citation: "12 CFR 1006.14(h)",
    exceptions: &[
        "One bare confirmation of an electronic opt-out.",
        "One reply in the same way to a person who makes contact that way.",
        "A notice that the law requires in that way.",
    ],
    clears: "When the person says so.",
    alert: AlertType::DoNotCall,
};

pub(super) const ADDRESS_OPTOUT: RuleInfo = RuleInfo {
    id: RuleId::AddressOptout,
    key: "address-optout",
    name: "Not this number or address",
    strength: Strength::Hard,
    category: Category::StopRequest,
    sentence: "A person may ask that one number or address is not used.",
    public: "The person has asked that this number or address is not used.",
    citation: "12 CFR 1006.14(h), 1006.6(e); comment 14(h)(1)-2",
    exceptions: &[
        "One bare confirmation of an electronic opt-out.",
        "One reply in the same way to a person who makes contact that way.",
    ],
    clears: "When the person says so.",
    alert: AlertType::DoNotCall,
};

pub(super) const DNC_REGISTRY: RuleInfo = RuleInfo {
    id: RuleId::DncRegistry,
    key: "dnc-registry",
    name: "Do-not-call list",
    strength: Strength::Product,
    category: Category::StopRequest,
    sentence: "The number stands on a do-not-call list, and Forbear honours every such list.",
    public: "The number is on a do-not-call list.",
    citation: "Product policy: every do-not-call list is honoured; 47 CFR 64.1200(c)-(d) itself governs sales calls",
    exceptions: &[],
    clears: "When the entry expires or is removed.",
    alert: AlertType::DoNotCall,
};
