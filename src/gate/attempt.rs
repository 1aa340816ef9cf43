//! The one contact somebody intends to make.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::facts::Channel;
use super::lenient;
use super::rules::RuleId;
use super::when::When;
use crate::domain::time::Instant;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// The moment of dialling, of handing the message to the mail server, or of mailing.
    pub at: Instant,
    pub channel: Channel,
    /// Absent or not on file: refused.
    #[serde(default)]
    pub debt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default)]
    pub purpose: Purpose,
    #[serde(default)]
    pub party: Party,
    #[serde(default)]
    pub initiator: Initiator,
    #[serde(default)]
    pub dialing: Dialing,
    #[serde(default)]
    pub recorded: bool,
    /// Who it is, in words, when it is not the consumer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Box<Content>>,
    /// A portal message that raises an alert on the consumer's device.
    #[serde(default)]
    pub pushes_notification: bool,
    /// Never decides: an electronic message is timed when it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_delivery_at: Option<When>,
    #[serde(
        default,
        deserialize_with = "lenient::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub acknowledged: Vec<Acknowledgement>,
}

impl Attempt {
    /// An agent's attempt to collect from the consumer, on nothing but a channel and a debt.
    pub fn new(at: Instant, channel: Channel, debt: impl Into<String>) -> Self {
        Self {
            at,
            channel,
            debt: Some(debt.into()),
            phone: None,
            email: None,
            purpose: Purpose::default(),
            party: Party::default(),
            initiator: Initiator::default(),
            dialing: Dialing::default(),
            recorded: false,
            recipient: None,
            content: None,
            pushes_notification: false,
            expected_delivery_at: None,
            acknowledged: Vec::new(),
        }
    }
}

/// Why the contact is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    #[default]
    Collect,
    /// Asking somebody else where the consumer is (15 USC 1692b).
    LocationInfo,
    /// The one reply to a consumer who made contact.
    RespondOnce,
    /// Saying that collection ends (15 USC 1692c(c)(1)).
    Terminate,
    /// Saying that a named remedy may or will be used (15 USC 1692c(c)(2)-(3)).
    RemedyNotice,
    /// The one bare confirmation of an electronic opt-out.
    ConfirmOptout,
    ValidationNotice,
    /// Verification, or the original creditor's name and address.
    DisputeResponse,
    /// Suing, or saying or hinting that one will.
    LegalThreat,
}

impl Purpose {
    /// Answers and notices the law asks for: they do not collect.
    pub(crate) const fn is_not_collection(self) -> bool {
        match self {
            Self::DisputeResponse
            | Self::ValidationNotice
            | Self::ConfirmOptout
            | Self::Terminate => true,
            Self::Collect
            | Self::LocationInfo
            | Self::RespondOnce
            | Self::RemedyNotice
            | Self::LegalThreat => false,
        }
    }
}

/// Who is to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    #[default]
    Consumer,
    ThirdParty,
    /// The consumer's lawyer.
    Attorney,
    Spouse,
    PersonalRepresentative,
}

/// Who decides to make the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Initiator {
    #[default]
    Agent,
    /// A scheduler, a voice agent, a mail worker, a bulk run: cannot acknowledge a warning.
    Automated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialing {
    #[default]
    Manual,
    /// An artificial or prerecorded voice.
    Prerecorded,
    Autodialed,
}

/// What the message says. An absent fact is not known; each rule states what it makes of that.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Content {
    pub script: Option<Script>,
    pub business_name: Option<String>,
    pub contact_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub callback_number: Option<String>,
    #[serde(deserialize_with = "lenient::said")]
    pub reply_request: Option<bool>,
    #[serde(deserialize_with = "lenient::said")]
    pub optout_notice: Option<bool>,
    #[serde(deserialize_with = "lenient::said")]
    pub debt_collector_disclosure: Option<bool>,
    /// Payment is demanded by this day.
    pub demand_by: Option<When>,
    #[serde(deserialize_with = "lenient::said")]
    pub dispute_right_restated: Option<bool>,
    pub amount_sought: Option<AmountSought>,
    pub format: Option<Format>,
    pub addressee: Option<String>,
    #[serde(deserialize_with = "lenient::said")]
    pub all_required_items: Option<bool>,
    /// Items left out, lawfully or not.
    #[serde(deserialize_with = "lenient::list")]
    pub omitted: Vec<String>,
    /// Items that ought to be there and are not.
    #[serde(deserialize_with = "lenient::list")]
    pub missing: Vec<String>,
    pub itemization: Option<Itemization>,
    pub end_date_shown: Option<NaiveDate>,
    #[serde(deserialize_with = "lenient::text")]
    pub account_number: Option<String>,
    #[serde(deserialize_with = "lenient::said")]
    pub periodic_statement_attached: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Script {
    LimitedContent,
    Custom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AmountSought {
    Undisputed,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Postcard,
    Letter,
}

/// Amounts since the itemization date. An empty text is a blank, which the rule does not allow.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Itemization {
    #[serde(deserialize_with = "lenient::text")]
    pub interest: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub fees: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub credits: Option<String>,
}

/// A warning somebody has seen and passes, with the evidence for it.
///
/// In JSON either the rule's id alone or `{rule, evidence, by}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    pub rule: RuleId,
    pub evidence: Option<String>,
    pub by: Option<String>,
}

impl Serialize for Acknowledgement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            rule: RuleId,
            evidence: &'a Option<String>,
            by: &'a Option<String>,
        }
        if self.evidence.is_none() && self.by.is_none() {
            return self.rule.serialize(serializer);
        }
        Fields {
            rule: self.rule,
            evidence: &self.evidence,
            by: &self.by,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Acknowledgement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            rule: RuleId,
            #[serde(default)]
            evidence: Option<String>,
            #[serde(default)]
            by: Option<String>,
        }
        let value = Value::deserialize(deserializer)?;
        let read = if value.is_string() {
            serde_json::from_value(value).map(|rule| Self {
                rule,
                evidence: None,
                by: None,
            })
        } else {
            serde_json::from_value(value).map(|fields: Fields| Self {
                rule: fields.rule,
                evidence: fields.evidence,
                by: fields.by,
            })
        };
        read.map_err(serde::de::Error::custom)
    }
}
