//! Contact hours in every zone the consumer may be in.

use super::{AlertType, Category, RuleId, RuleInfo, Strength};

pub(super) const TIME_ZONE_UNKNOWN: RuleInfo = RuleInfo {
    id: RuleId::TimeZoneUnknown,
    key: "time-zone-unknown",
    name: "Time zone unknown",
    strength: Strength::Product,
    category: Category::Timing,
    sentence: "When nobody can tell the person's local time, no contact is made.",
    public: "The person's local time is not known.",
    citation: "Product policy; 12 CFR 1006.6(b)(1)(i); comment 6(b)(1)(i)-2",
    exceptions: &["Letters are not bound to the hour."],
    clears: "When the person's location is known.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const CALL_HOURS: RuleInfo = RuleInfo {
    id: RuleId::CallHours,
    key: "call-hours",
    name: "Contact hours",
    strength: Strength::Hard,
    category: Category::Timing,
    sentence: "People are contacted from 8 in the morning to 9 in the evening, by their own clock.",
    public: "It is outside contact hours where the person may be.",
    citation: "15 U.S.C. 1692c(a)(1); 12 CFR 1006.6(b)(1)(i); comment 6(b)(1)(i)-1",
    exceptions: &[
        "The person asked the collector itself for this time.",
        "One reply in the same way to a person who makes contact at that hour.",
        "Letters are not bound to the hour.",
        "A machine has no exception.",
    ],
    clears: "At 8 in the morning where the person may be.",
    alert: AlertType::FdcpaViolation,
};

pub(super) const LOCATION_CONFLICT: RuleInfo = RuleInfo {
    id: RuleId::LocationConflict,
    key: "location-conflict",
    name: "Several time zones",
    strength: Strength::Hard,
    category: Category::Timing,
    sentence: "When the file points to several time zones, a contact must be inside contact hours in all of them.",
    public: "The person may be in another time zone, where it is outside contact hours.",
    citation: "12 CFR 1006.6(b)(1)(i); comment 6(b)(1)(i)-2",
    exceptions: &[
        "A known location decides alone.",
        "An area code that also serves the zone of the address agrees with it.",
    ],
    clears: "When contact hours are open in every zone.",
    alert: AlertType::FdcpaViolation,
};
