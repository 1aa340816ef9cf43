//! A represented consumer.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const ATTORNEY: RuleInfo = RuleInfo {
    id: RuleId::Attorney,
    key: "attorney",
    name: "Attorney",
    strength: Strength::Hard,
    category: Category::Person,
    sentence: "When a lawyer represents the person on a debt, the lawyer is contacted and not the person.",
    public: "The person is represented; contact goes through their representative.",
    citation: "15 U.S.C. 1692c(a)(2); 12 CFR 1006.6(b)(2)",
    exceptions: &[
        "The lawyer may be contacted.",
        "The lawyer agreed to direct contact.",
        "A person has found that the lawyer does not answer, and letters to the lawyer are on file.",
    ],
    clears: "When the representation ends or an exception is recorded.",
    alert: AlertType::AttorneyRep,
};
