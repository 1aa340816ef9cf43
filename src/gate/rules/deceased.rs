//! A consumer who has died.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const DECEASED: RuleInfo = RuleInfo {
    id: RuleId::Deceased,
    key: "deceased",
    name: "Deceased",
    strength: Strength::Hard,
    category: Category::Person,
    sentence: "When a person has died, only the spouse or a named person with authority over the estate may be contacted.",
    public: "Contact is stopped for legal reasons that concern the person.",
    citation: "12 CFR 1006.6(a), (d)(1); comments 6(a)(1)-1, 6(a)(4)-1, 34(a)(1)-1",
    exceptions: &[
        "A named personal representative, the surviving spouse and the lawyer may be contacted.",
        "Others may be asked once who handles the estate.",
    ],
    clears: "When a permitted recipient is known.",
    alert: AlertType::FdcpaViolation,
};
