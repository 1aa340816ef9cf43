//! The request to stop all contact.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const CEASE: RuleInfo = RuleInfo {
    id: RuleId::Cease,
    key: "cease",
    name: "Request to stop all contact",
    strength: Strength::Hard,
    category: Category::StopRequest,
    sentence: "A person who refuses to pay or asks for contact to stop is not contacted again.",
    public: "The person has asked for contact to stop.",
    citation: "15 U.S.C. 1692c(c); 12 CFR 1006.6(c)",
    exceptions: &[
        "One message that collection ends.",
        "One message that a named remedy may or will be used.",
        "The person's lawyer may be contacted.",
    ],
    clears: "Only when the person withdraws it in writing.",
    alert: AlertType::CeaseDesist,
};
