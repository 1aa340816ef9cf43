//! One debt (in the product: one placement) and what has happened to it.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::domain::placement::PlacementStatus;
use crate::gate::lenient;
use crate::gate::when::When;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Debt {
    /// Opaque; unique within the file.
    pub id: String,
    pub kind: DebtKind,
    pub current_creditor: Option<String>,
    #[serde(deserialize_with = "lenient::status")]
    pub status: PlacementStatus,
    /// The creditor's pause.
    pub paused_until: Option<When>,
    /// Debts serviced under one account number share it, and count as one debt for call
    /// frequency (12 CFR 1006.14(b)(4)).
    pub account_group: Option<String>,
    pub incurred_on: Option<NaiveDate>,
    /// Absent with a discharge on file: taken as included, unless incurred after the petition.
    pub included_in_discharge: Option<bool>,
    /// The account's own cap on successful calls in seven days. Absent: none.
    pub max_calls_per_week: Option<u32>,
    /// The validation notice, once provided.
    pub validation: Option<Validation>,
    #[serde(deserialize_with = "lenient::list")]
    pub disputes: Vec<Dispute>,
    /// Requests for the original creditor's name and address.
    #[serde(deserialize_with = "lenient::list")]
    pub oc_requests: Vec<OcRequest>,
    /// The last day on which suit is open.
    pub limitations_expires_on: Option<NaiveDate>,
    /// The day on which the period ran out.
    pub limitations_expired_on: Option<NaiveDate>,
    pub time_barred: Option<bool>,
}

/// Decides, for example, whether the debt is about a consumer financial product or service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DebtKind {
    CreditCard,
    Medical,
    StudentLoan,
    LeaseBalance,
    Mortgage,
    Invoice,
    #[default]
    Other,
}

/// The validation notice of 12 CFR 1006.34 that was provided.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Validation {
    /// The consumer's local date of sending. Absent: not provided.
    pub provided_on: Option<NaiveDate>,
    pub method: Option<String>,
    /// The end date printed on the notice.
    pub period_ends_on: Option<NaiveDate>,
    #[serde(deserialize_with = "lenient::list")]
    pub earlier_notices: Vec<EarlierNotice>,
}

/// A notice that came back, before the one that counts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EarlierNotice {
    pub provided_on: Option<NaiveDate>,
    pub returned_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dispute {
    /// Absent: taken as received in time.
    pub received_at: Option<When>,
    /// Absent: in writing, which holds.
    #[serde(default = "lenient::yes")]
    pub in_writing: bool,
    pub via: Option<String>,
    pub form: Option<DisputeForm>,
    pub portion: Portion,
    /// Substantially the same as one already answered, with nothing new.
    pub duplicative: bool,
    pub response: Option<DisputeResponse>,
    pub responded_at: Option<When>,
}

/// The tear-off form of the notice was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisputeForm {
    ResponseForm,
}

/// How a dispute was answered (12 CFR 1006.38(d)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisputeResponse {
    Verification,
    DuplicativeNotice,
}

/// How much of the debt is disputed.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Portion {
    #[default]
    All,
    Part(DisputedAmount),
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DisputedAmount {
    #[serde(deserialize_with = "lenient::text")]
    pub amount: Option<String>,
    pub what: Option<String>,
}

impl Serialize for Portion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Part(part) => part.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Portion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.is_null() || value == "all" {
            return Ok(Self::All);
        }
        serde_json::from_value(value)
            .map(Self::Part)
            .map_err(serde::de::Error::custom)
    }
}

/// A request for the original creditor's name and address (12 CFR 1006.38(c)).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OcRequest {
    /// Absent: taken as received in time.
    pub received_at: Option<When>,
    /// Absent: in writing, which holds.
    #[serde(default = "lenient::yes")]
    pub in_writing: bool,
    pub responded_at: Option<When>,
    pub via: Option<String>,
}
