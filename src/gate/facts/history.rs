//! One contact that took place, or was tried.

use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;
use crate::gate::attempt::{Party, Purpose};
use crate::gate::lenient;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    pub at: Instant,
    pub channel: Channel,
    pub direction: Direction,
    /// Absent: not known yet, so a call counts as placed.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The debt it was about. Neither this nor `debts`: charged to every debt.
    #[serde(default)]
    pub debt: Option<String>,
    #[serde(default, deserialize_with = "lenient::list")]
    pub debts: Vec<String>,
    /// The number dialled. Absent: taken as the number now to be dialled.
    #[serde(default)]
    pub phone: Option<String>,
    /// Who it was with or meant for. Absent: the consumer.
    #[serde(default)]
    pub party: Option<Party>,
    /// Absent: to collect.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    #[serde(default)]
    pub script: Option<String>,
    /// Put in the mailbox without ringing. Counts as a call all the same.
    #[serde(default)]
    pub ringless: bool,
    /// Not counted, because the consumer had asked for the call.
    #[serde(default)]
    pub excluded: Option<Excluded>,
    #[serde(default)]
    pub consumer_said: Option<String>,
}

/// A way to reach a person. Texts are counted but never sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    #[default]
    Call,
    Voicemail,
    Email,
    Letter,
    Portal,
    #[serde(alias = "text")]
    Sms,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the collector.
    Out,
    /// From the consumer.
    In,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    NoAnswer,
    Voicemail,
    VoicemailNoMessage,
    Busy,
    NotInService,
    Conversation,
    ThirdPartyAnswered,
    Sent,
    Received,
}

/// Why a call is left out of the federal counts (12 CFR 1006.14(b)(3)(i)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Excluded {
    Consent,
}

impl Contact {
    /// A contact with nothing but its instant, way and direction.
    pub fn new(at: Instant, channel: Channel, direction: Direction) -> Self {
        Self {
            at,
            channel,
            direction,
            outcome: None,
            debt: None,
            debts: Vec::new(),
            phone: None,
            party: None,
            purpose: None,
            script: None,
            ringless: false,
            excluded: None,
            consumer_said: None,
        }
    }
}
