//! Facts about the person that stop, narrow or allow contact.
//!
//! A stop without a date is in force. A permission without a date is not.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::gate::lenient;
use crate::gate::when::When;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Flags {
    /// Where the consumer is known to be. Decides over address and area codes.
    pub known_location: Option<KnownLocation>,
    #[serde(deserialize_with = "lenient::list")]
    pub inconvenient: Vec<Inconvenient>,
    pub attorney: Option<Attorney>,
    /// The employer does not allow such contact at work.
    pub workplace_prohibited: Option<Stop>,
    #[serde(deserialize_with = "lenient::list")]
    pub cease: Vec<Cease>,
    pub call_opt_out: Option<Stop>,
    pub email_opt_out: Option<Stop>,
    /// No phone contact on any number.
    pub do_not_call: Option<Stop>,
    #[serde(deserialize_with = "lenient::list")]
    pub medium_optout: Vec<MediumOptout>,
    #[serde(deserialize_with = "lenient::list")]
    pub address_optout: Vec<AddressOptout>,
    pub deceased: Option<Deceased>,
    pub bankruptcy: Option<Bankruptcy>,
    /// Somebody else's bankruptcy that shields this debtor as co-debtor.
    pub codebtor_of: Option<Codebtor>,
    pub scra: Option<Scra>,
    #[serde(deserialize_with = "lenient::list")]
    pub prior_consents: Vec<PriorConsent>,
    pub recording_consent: Option<Grant>,
    /// On the national do-not-call registry.
    pub national_dnc: Option<Stop>,
    /// The collector does not know how to reach the consumer and must ask others.
    pub location_needed: Option<Grant>,
    pub esign_consent: Option<Grant>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KnownLocation {
    /// IANA name.
    pub zone: String,
    pub at: Option<When>,
    pub source: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inconvenient {
    #[serde(rename = "type")]
    pub kind: InconvenientKind,
    /// Empty: every day.
    #[serde(deserialize_with = "lenient::list")]
    pub days: Vec<Weekday>,
    /// Absent: from midnight. Later than `to`: the window runs over midnight.
    pub from: Option<LocalTime>,
    /// Absent: to midnight.
    pub to: Option<LocalTime>,
    pub place: Option<String>,
    pub said_at: Option<When>,
    pub via: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InconvenientKind {
    #[default]
    Time,
    Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekday {
    pub const fn to_chrono(self) -> chrono::Weekday {
        match self {
            Self::Mon => chrono::Weekday::Mon,
            Self::Tue => chrono::Weekday::Tue,
            Self::Wed => chrono::Weekday::Wed,
            Self::Thu => chrono::Weekday::Thu,
            Self::Fri => chrono::Weekday::Fri,
            Self::Sat => chrono::Weekday::Sat,
            Self::Sun => chrono::Weekday::Sun,
        }
    }
}

/// Minutes since local midnight, 0 to 1440. Written `HH:MM`; `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime(u16);

impl LocalTime {
    pub const MIDNIGHT: Self = Self(0);
    pub const DAY_END: Self = Self(1440);

    /// `None` beyond 24:00.
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes <= 1440 {
            Some(Self(minutes))
        } else {
            None
        }
    }

    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// `HH:MM`; nothing for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(hours) || !digits(minutes) {
            return None;
        }
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        if minutes >= 60 {
            return None;
        }
        Self::from_minutes(hours * 60 + minutes)
    }
}

impl std::fmt::Display for LocalTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("{text:?} is not a time such as 08:00"))
        })
    }
}

/// A lawyer represents the consumer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Attorney {
    pub name: Option<String>,
    /// Told on pages; no rule reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firm: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    /// Empty: all debts.
    #[serde(deserialize_with = "lenient::list")]
    pub debts: Vec<String>,
    pub status: AttorneyStatus,
    #[serde(deserialize_with = "lenient::list")]
    pub letters_sent: Vec<When>,
    /// Who found that counsel never answers, or that other debts are not represented.
    pub reviewed_by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttorneyStatus {
    #[default]
    Active,
    /// A person has found that counsel does not answer.
    Unresponsive,
    /// Counsel agreed to direct contact.
    Consented,
}

/// A stop with its date and where it came from. `true` is a stop without a date.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Stop {
    /// Absent: in force.
    pub at: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// `false` was written: no stop.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lifted: bool,
}

impl<'de> Deserialize<'de> for Stop {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize, Default)]
        #[serde(deny_unknown_fields, default)]
        struct Fields {
            #[serde(alias = "added_at", alias = "since")]
            at: Option<When>,
            source: Option<String>,
            via: Option<String>,
            lifted: bool,
        }
        let value = Value::deserialize(deserializer)?;
        if let Value::Bool(set) = value {
            return Ok(Self {
                lifted: !set,
                ..Self::default()
            });
        }
        let fields: Fields = serde_json::from_value(value).map_err(serde::de::Error::custom)?;
        Ok(Self {
            at: fields.at,
            source: fields.source,
            via: fields.via,
            lifted: fields.lifted,
        })
    }
}

/// A permission with its evidence. `true` is a permission on record without a date.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Grant {
    pub given: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize, Default)]
        #[serde(deny_unknown_fields, default)]
        struct Fields {
            given: Option<bool>,
            #[serde(alias = "given_at", alias = "received_at", alias = "since")]
            at: Option<When>,
            #[serde(alias = "withdrawn_at")]
            revoked_at: Option<When>,
            source: Option<String>,
            via: Option<String>,
        }
        let value = Value::deserialize(deserializer)?;
        if let Value::Bool(given) = value {
            return Ok(Self {
                given,
                ..Self::default()
            });
        }
        if value.is_string() {
            let at = serde_json::from_value(value).map_err(serde::de::Error::custom)?;
            return Ok(Self {
                given: true,
                at: Some(at),
                ..Self::default()
            });
        }
        let fields: Fields = serde_json::from_value(value).map_err(serde::de::Error::custom)?;
        Ok(Self {
            given: fields.given.unwrap_or(true),
            at: fields.at,
            revoked_at: fields.revoked_at,
            source: fields.source,
            via: fields.via,
        })
    }
}

/// A refusal to pay or a request to stop all contact (15 USC 1692c(c)).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cease {
    /// Empty: all debts.
    #[serde(deserialize_with = "lenient::list")]
    pub debts: Vec<String>,
    /// Effective on receipt. Absent: in force.
    pub received_at: Option<When>,
    pub mailed_at: Option<When>,
    pub text: Option<String>,
    pub via: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediumOptout {
    pub medium: Medium,
    #[serde(default)]
    pub at: Option<When>,
    #[serde(default)]
    pub via: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    Phone,
    Email,
    Mail,
    Text,
    Portal,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressOptout {
    /// A phone number or an email address. Without it the request can't be kept, so a file that
    /// leaves it out is an error.
    pub address: String,
    #[serde(default)]
    pub at: Option<When>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deceased {
    /// Absent: known.
    pub known_at: Option<When>,
    pub representative: Option<Representative>,
}

/// A named person with authority to act for the estate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Representative {
    pub name: Option<String>,
    pub authority: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bankruptcy {
    pub chapter: Option<u8>,
    /// Number and court of the case: told on pages; no rule reads them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court: Option<String>,
    /// Absent: filed.
    pub filed_on: Option<NaiveDate>,
    pub status: BankruptcyStatus,
    /// The day the case was dismissed or the discharge granted.
    pub ended_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BankruptcyStatus {
    #[default]
    Active,
    Dismissed,
    Discharged,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Codebtor {
    pub chapter: Option<u8>,
    pub filed_on: Option<NaiveDate>,
    pub status: BankruptcyStatus,
    pub ended_on: Option<NaiveDate>,
}

/// Servicemembers Civil Relief Act.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scra {
    pub active_duty: bool,
    pub since: Option<When>,
    pub until: Option<When>,
    pub debt_before_service: Option<bool>,
}

/// Consent given before the contact, to calls beyond the count or to a time otherwise barred.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorConsent {
    #[serde(rename = "type")]
    pub kind: ConsentKind,
    /// Absent: all debts.
    #[serde(default)]
    pub debt: Option<String>,
    /// Absent: no consent.
    #[serde(default)]
    pub received_at: Option<When>,
    /// The last local date it covers.
    #[serde(default)]
    pub through: Option<When>,
    #[serde(default)]
    pub from: Option<LocalTime>,
    #[serde(default)]
    pub to: Option<LocalTime>,
    /// Absent: not shown to be given to the collector, so no consent.
    #[serde(default)]
    pub given_to: Option<GivenTo>,
    /// Whether the contact in which it was given itself kept the rules.
    #[serde(default)]
    pub during_compliant_contact: Option<bool>,
    /// Where it is on record: told in reasons; no rule reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentKind {
    Calls,
    Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GivenTo {
    Collector,
    Creditor,
}
