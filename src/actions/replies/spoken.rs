//! Words of a call that only a person can settle: they wait in the same queue as messages, and
//! contact waits with them.

use serde_json::{Value, json};

use super::{about, hold};
use crate::actions::tx::Tx;
use crate::domain::event::EventKind;
use crate::domain::id::{EventId, InboundMessageId};
use crate::domain::text_enum::TextEnum;
use crate::error::AppResult;
use crate::intake::intent::Reading;
use crate::store::inbound::{self, InboundMessage};
use crate::store::placement_refs::PlacementRef;

/// What was said, and how it is read.
pub(in crate::actions) struct Spoken<'a> {
    pub of: &'a PlacementRef,
    /// The call, by our id or the provider's.
    pub call: &'a str,
    /// The agent's own id of the use.
    pub tool_call: &'a str,
    /// We placed the call, so we know whom it reached.
    pub is_our_call: bool,
    pub words: &'a str,
    pub reading: &'a Reading,
    pub raw: &'a Value,
}

/// Holds every open account of the debtor, whose lock the caller has, until a person has decided
/// what the words mean.
pub(in crate::actions) fn hold_for_person(
    tx: &mut Tx<'_>,
    spoken: &Spoken<'_>,
    cause: EventId,
) -> AppResult<()> {
    let of = spoken.of;
    let id = InboundMessageId::generate(tx.now);
    let row = InboundMessage {
        creditor_id: of.creditor_id,
        id,
        provider_ref: format!("call {id}"),
        debtor_id: Some(of.debtor_id),
        placement_id: Some(of.id),
        from_address: format!("Call {}", spoken.call),
        subject: "Words of a call".to_owned(),
        body: spoken.words.to_owned(),
        own_words: spoken.words.to_owned(),
        raw: json!({"tool_call": spoken.tool_call, "arguments": spoken.raw}).to_string(),
        matched_by: if spoken.is_our_call {
            "token"
        } else {
            "nothing"
        }
        .to_owned(),
        sender_known: spoken.is_our_call,
        dkim: "unknown".to_owned(),
        reading: serde_json::to_string(spoken.reading)?,
        status: "held".to_owned(),
        decision: None,
        decided_by: None,
        decided_at: None,
        note: None,
        received_at: tx.now,
        version: 1,
        channel: "call".to_owned(),
    };
    inbound::insert(tx.conn, &row)?;
    let intents: Vec<&str> = spoken
        .reading
        .intents()
        .iter()
        .map(|intent| intent.as_str())
        .collect();
    let event = tx.record(
        about(&row, EventKind::ReplyReceived)
            .caused_by(cause)
            .body(json!({
                "message": id,
                "channel": row.channel,
                "matched_by": row.matched_by,
                "intents": intents,
                "rules": spoken.reading.rules,
                "status": row.status,
            })),
    )?;
    hold::set(tx, &row, &[(of.creditor_id, of.debtor_id)], event)
}
