//! A jurisdiction's numeric limit on contacts.

use serde::{Deserialize, Serialize};

use crate::gate::facts::Channel;

/// No more than `max` contacts in `days` consecutive days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    pub max: u32,
    /// Consecutive local days, the day of the attempt included.
    pub days: u32,
    /// Both what is counted and what is limited.
    pub channels: Vec<Channel>,
    #[serde(default)]
    pub counts: Counted,
    #[serde(default)]
    pub place: CapPlace,
    #[serde(default)]
    pub per: CapPer,
    /// Calls the consumer had asked for are neither counted nor limited.
    #[serde(default)]
    pub except_requested: bool,
    /// Does not apply once the consumer has agreed to electronic contact.
    #[serde(default)]
    pub until_consent: bool,
    /// A condition that the file can't tell, in words: whoever makes the contact is reminded of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_when: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Contacts by the collector, whether or not anybody was reached.
    #[default]
    Attempts,
    /// Telephone conversations, whoever dialled.
    Conversations,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CapPlace {
    #[default]
    Any,
    /// Only numbers and addresses at work.
    Work,
    /// Only numbers and addresses that are not at work.
    Home,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CapPer {
    #[default]
    Debt,
    /// Over all debts of the person: the reading where the text names no unit.
    Person,
}
