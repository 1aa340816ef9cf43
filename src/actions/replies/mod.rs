//! What debtors write back: taken in once, read by rules, obeyed at once where it is plain who
//! asks, and otherwise held until a person has decided.
//!
//! Contact is held *before* anything is done: whatever breaks in between, nobody is contacted
//! against a message that has reached us.

mod act;
mod decide;
mod hold;
mod receive;
mod spoken;

pub(super) use act::{learned_by, scope_of};
pub use decide::{Choice, decide};
pub use receive::{Received, receive};
pub(super) use spoken::{Spoken, hold_for_person};

use serde_json::json;

use super::tx::NewEvent;
use crate::domain::event::EventKind;
use crate::domain::id::CreditorId;
use crate::store::inbound::InboundMessage;
use crate::store::tasks;

/// An event about a message: in its creditor's chain, or the platform's if it belongs to nobody.
fn about(message: &InboundMessage, kind: EventKind) -> NewEvent {
    if message.creditor_id == tasks::of_the_agency() {
        return NewEvent::of_platform(kind).body(json!({"message": message.id}));
    }
    let mut event = of_creditor(message.creditor_id, kind);
    event.debtor = message.debtor_id;
    event.placement = message.placement_id;
    event.body(json!({"message": message.id}))
}

fn of_creditor(creditor: CreditorId, kind: EventKind) -> NewEvent {
    NewEvent::of_creditor(creditor, kind)
}
