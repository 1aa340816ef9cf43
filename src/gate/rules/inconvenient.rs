//! Times and places the consumer has ruled out.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const INCONVENIENT_PLACE: RuleInfo = RuleInfo {
    id: RuleId::InconvenientPlace,
    key: "inconvenient-place",
    name: "A place that is not convenient",
    strength: Strength::Hard,
    category: Category::Timing,
    sentence: "A person is not reached at a place they have ruled out.",
    public: "The person has ruled out this place.",
    citation: "15 U.S.C. 1692c(a)(1); 12 CFR 1006.6(b)(1)(ii)",
    exceptions: &["One reply in the same way to a person who makes contact from that place."],
    clears: "When the person lifts it.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const INCONVENIENT_TIME: RuleInfo = RuleInfo {
    id: RuleId::InconvenientTime,
    key: "inconvenient-time",
    name: "A time that is not convenient",
    strength: Strength::Hard,
    category: Category::Timing,
    sentence: "A person is not contacted at a time they have said is not convenient.",
    public: "The person has ruled out this time.",
    citation: "15 U.S.C. 1692c(a)(1); 12 CFR 1006.6(b)(1)(i); comments 6(b)(1)-1, 6(b)(1)-2",
    exceptions: &[
        "One reply in the same way, at that time, to a person who makes contact then.",
        "The person asked the collector itself for this time.",
    ],
    clears: "When the time they named is over.",
    alert: AlertType::FdcpaViolation,
};
