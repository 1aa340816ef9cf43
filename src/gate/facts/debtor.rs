//! The person or business who owes, or is said to owe, and how they can be reached.

use serde::{Deserialize, Serialize};

use super::flags::Flags;
use crate::gate::lenient;
use crate::gate::when::When;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Debtor {
    /// Never weakens a rule: a business is protected like a person.
    pub kind: DebtorKind,
    /// Two-letter USPS code.
    pub state: Option<String>,
    /// Five digits, or nine with a hyphen.
    pub zip: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    pub phones: Vec<Phone>,
    #[serde(deserialize_with = "lenient::list")]
    pub emails: Vec<Email>,
    pub flags: Flags,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DebtorKind {
    #[default]
    Person,
    Business,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Phone {
    /// E.164. Compared by its digits.
    pub number: String,
    /// Three digits. Absent: taken from the number.
    pub area_code: Option<String>,
    /// Absent: treated as a mobile where that protects more.
    pub kind: Option<PhoneKind>,
    /// `school` or `work`: the number rings at that place.
    pub place: Option<String>,
    /// Whose number it is when not the debtor's own.
    pub belongs_to: Option<String>,
    pub autodial_consent: Option<AutodialConsent>,
    /// Do-not-call entries for this number.
    #[serde(deserialize_with = "lenient::list")]
    pub dnc: Vec<DncEntry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhoneKind {
    Mobile,
    Landline,
    Work,
}

/// Prior express consent to be called by an autodialler or a recorded voice on this number.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AutodialConsent {
    /// Absent: no consent.
    pub given_at: Option<When>,
    pub revoked_at: Option<When>,
    /// Where it is on record: told in reasons; no rule reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DncEntry {
    /// Federal, state, the debtor's own request, or any other list.
    pub source: Option<String>,
    /// Absent: in force.
    pub added_at: Option<When>,
    /// Absent: never expires.
    pub expires_at: Option<When>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Email {
    pub address: String,
    pub kind: EmailKind,
    pub opted_out_at: Option<When>,
    /// When the consumer wrote to the collector about the debt from this address.
    pub consumer_used_for_debt_at: Option<When>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmailKind {
    #[default]
    Personal,
    /// Known to be provided by the employer.
    Employer,
}
