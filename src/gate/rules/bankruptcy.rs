//! The automatic stay and the discharge.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const BANKRUPTCY: RuleInfo = RuleInfo {
    id: RuleId::Bankruptcy,
    key: "bankruptcy",
    name: "Bankruptcy",
    strength: Strength::Hard,
    category: Category::Person,
    sentence: "While a bankruptcy case is open, nobody may try to collect a debt that is older than the case.",
    public: "Contact is stopped for legal reasons that concern the person.",
    citation: "11 U.S.C. 362(a)(6), 1301; 15 U.S.C. 1692c(a)(2)",
    exceptions: &[
        "The debtor's lawyer may be contacted.",
        "A debt incurred after the filing is a warning, for counsel to decide.",
    ],
    clears: "When the case is dismissed or closed.",
    alert: AlertType::Bankruptcy,
};

pub(super) const DISCHARGED: RuleInfo = RuleInfo {
    id: RuleId::Discharged,
    key: "discharged",
    name: "Discharged debt",
    strength: Strength::Hard,
    category: Category::Person,
    sentence: "A debt that was discharged in bankruptcy may never be collected.",
    public: "Contact is stopped for legal reasons that concern the person.",
    citation: "11 U.S.C. 524(a)(2); 12 CFR 1006.30(b)",
    exceptions: &["A debt the discharge does not reach, such as one incurred after the filing."],
    clears: "Never.",
    alert: AlertType::Bankruptcy,
};
