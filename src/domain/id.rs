//! Typed identifiers: a UUID version 7 that knows which kind of row it names.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::{NoContext, Timestamp, Uuid};

use super::time::Instant;

/// The id of one row of kind `T`. Two ids of different kinds do not compare, so a debtor's id
/// can't be passed where a placement's is meant.
///
/// Written and stored as 36 characters of lower-case hyphenated text.
pub struct Id<T> {
    // The text itself: an id is bound to queries and printed far more often than it is made.
    text: [u8; 36],
    kind: PhantomData<fn() -> T>,
}

/// The text isn't a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

impl<T> Id<T> {
    /// A new id whose leading bits are `now` in milliseconds, so that rows made later sort later
    /// in an index. Ids of one millisecond sort at random: order rows by their instant.
    pub fn generate(now: Instant) -> Self {
        let micros = now.as_micros().max(0).unsigned_abs();
        let nanos = u32::try_from(micros % 1_000_000).unwrap_or(0) * 1_000;
        let stamp = Timestamp::from_unix(NoContext, micros / 1_000_000, nanos);
        Self::from_uuid(Uuid::new_v7(stamp))
    }

    pub fn from_uuid(value: Uuid) -> Self {
        let mut text = [0; 36];
        value.as_hyphenated().encode_lower(&mut text);
        Self {
            text,
            kind: PhantomData,
        }
    }

    pub fn as_str(&self) -> &str {
        // Always ASCII, by construction.
        std::str::from_utf8(&self.text).unwrap_or_default()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // Only the stored form: the same row must not be reachable under several spellings.
        if text.len() != 36 || text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(NotAnId);
        }
        Uuid::try_parse(text)
            .map(Self::from_uuid)
            .map_err(|_| NotAnId)
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Marker types: what an [`Id`] names.
pub mod kind {
    /// A tenant: the creditor who placed the accounts.
    pub enum Creditor {}
    /// A person who signs in.
    pub enum User {}
    /// A person or business who owes, or is said to owe.
    pub enum Debtor {}
    /// One account placed for collection.
    pub enum Placement {}
    /// A phone number on file for a debtor.
    pub enum Phone {}
    /// An email address on file for a debtor.
    pub enum Email {}
    /// A fact about a debtor that the gate reads: a stop, an attorney, a bankruptcy.
    pub enum Flag {}
    /// A pause of one placement.
    pub enum Hold {}
    /// A debtor's request to stop contact.
    pub enum StopRequest {}
    /// A file that remembers stops.
    pub enum StopJournal {}
    /// A series of emails of one placement.
    pub enum Sequence {}
    /// A planned or placed telephone call.
    pub enum Call {}
    /// One hand-off to a provider, guarded by the fence.
    pub enum Attempt {}
    /// A contact that took place.
    pub enum Contact {}
    /// One answer of the gate, on record.
    pub enum Decision {}
    /// A refusal or an overridden warning that a supervisor works.
    pub enum Alert {}
    /// Money received.
    pub enum Payment {}
    /// A dispute of a debt.
    pub enum Dispute {}
    /// A permission that a debtor gave.
    pub enum Consent {}
    /// A letter or notice sent by post.
    pub enum Letter {}
    /// A piece of work for the compliance desk.
    pub enum Task {}
    /// A file being imported.
    pub enum Import {}
    /// One load of a do-not-call list.
    pub enum DncLoad {}
    /// A key of the API.
    pub enum ApiKey {}
    /// A link that opens the portal.
    pub enum PortalLink {}
    /// A six-digit code that was sent to who holds a link.
    pub enum PortalCode {}
    /// A message waiting to be delivered to a webhook.
    pub enum OutboxMessage {}
    /// An address that a creditor's webhooks go to.
    pub enum WebhookEndpoint {}
    /// A key that one endpoint and we share.
    pub enum WebhookSecret {}
    /// One message on its way to one endpoint.
    pub enum WebhookDelivery {}
    /// A row of the audit chain.
    pub enum Event {}
    /// A warning that a person passed.
    pub enum Acknowledgement {}
    /// A signed state of all audit chains.
    pub enum Checkpoint {}
    /// A message that somebody wrote to us.
    pub enum InboundMessage {}
    /// A file that came with a message.
    pub enum Attachment {}
    /// A walk over the audit chains.
    pub enum Verification {}
}

pub type CreditorId = Id<kind::Creditor>;
pub type UserId = Id<kind::User>;
pub type DebtorId = Id<kind::Debtor>;
pub type PlacementId = Id<kind::Placement>;
pub type PhoneId = Id<kind::Phone>;
pub type EmailId = Id<kind::Email>;
pub type FlagId = Id<kind::Flag>;
pub type HoldId = Id<kind::Hold>;
pub type StopRequestId = Id<kind::StopRequest>;
pub type StopJournalId = Id<kind::StopJournal>;
pub type SequenceId = Id<kind::Sequence>;
pub type CallId = Id<kind::Call>;
pub type AttemptId = Id<kind::Attempt>;
pub type ContactId = Id<kind::Contact>;
pub type DecisionId = Id<kind::Decision>;
pub type AlertId = Id<kind::Alert>;
pub type PaymentId = Id<kind::Payment>;
pub type DisputeId = Id<kind::Dispute>;
pub type ConsentId = Id<kind::Consent>;
pub type LetterId = Id<kind::Letter>;
pub type TaskId = Id<kind::Task>;
pub type ImportId = Id<kind::Import>;
pub type DncLoadId = Id<kind::DncLoad>;
pub type ApiKeyId = Id<kind::ApiKey>;
pub type PortalLinkId = Id<kind::PortalLink>;
pub type PortalCodeId = Id<kind::PortalCode>;
pub type OutboxId = Id<kind::OutboxMessage>;
pub type WebhookEndpointId = Id<kind::WebhookEndpoint>;
pub type WebhookSecretId = Id<kind::WebhookSecret>;
pub type WebhookDeliveryId = Id<kind::WebhookDelivery>;
pub type EventId = Id<kind::Event>;
pub type AcknowledgementId = Id<kind::Acknowledgement>;
pub type CheckpointId = Id<kind::Checkpoint>;
pub type InboundMessageId = Id<kind::InboundMessage>;
pub type AttachmentId = Id<kind::Attachment>;
pub type VerificationId = Id<kind::Verification>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_and_other_spellings_are_refused() {
        let id = PlacementId::generate(Instant::from_micros(1_764_000_000_123_456));
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.to_uppercase().parse::<PlacementId>(), Err(NotAnId));
        assert_eq!(text.replace('-', "").parse::<PlacementId>(), Err(NotAnId));
        assert_eq!("".parse::<PlacementId>(), Err(NotAnId));
    }

    #[test]
    fn a_later_id_sorts_after_an_earlier_one() {
        let earlier = DebtorId::generate(Instant::from_micros(1_000_000));
        let later = DebtorId::generate(Instant::from_micros(2_000_000));
        assert!(earlier < later);
    }
}
