//! Contact waits while a person reads a message.

use serde_json::json;

use super::of_creditor;
use crate::actions::tx::Tx;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, EventId, HoldId};
use crate::error::{AppError, AppResult};
use crate::store::holds::{self, Hold};
use crate::store::inbound::{self, InboundHold, InboundMessage};
use crate::store::{debtor_lock, sequences};

/// The cause of what waits: it goes on by itself when the hold ends.
pub(super) const CAUSE: &str = "review";

/// Takes the debtors' locks, in one order everywhere; before the audit chain's.
pub(super) fn lock(tx: &mut Tx<'_>, debtors: &[(CreditorId, DebtorId)]) -> AppResult<()> {
    let mut ordered = debtors.to_vec();
    ordered.sort_unstable();
    ordered.dedup();
    for (creditor, debtor) in ordered {
        debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
    }
    Ok(())
}

/// Holds every open account of the debtors, whose locks the caller has: what is not starting yet
/// will not start.
pub(super) fn set(
    tx: &mut Tx<'_>,
    message: &InboundMessage,
    debtors: &[(CreditorId, DebtorId)],
    cause: EventId,
) -> AppResult<()> {
    for (creditor, debtor) in debtors {
        for placement in inbound::open_placements(tx.conn, *creditor, *debtor)? {
            let hold = Hold {
                creditor_id: *creditor,
                id: HoldId::generate(tx.now),
                placement_id: placement,
                kind: "review".to_owned(),
                reason: Some("A message of the debtor waits for somebody to read it".to_owned()),
                until_at: None,
                set_by: tx.actor.to_string(),
                set_at: tx.now,
                lifted_at: None,
                lifted_by: None,
            };
            holds::insert(tx.conn, &hold)?;
            inbound::insert_hold(
                tx.conn,
                &InboundHold {
                    creditor_id: *creditor,
                    hold_id: hold.id,
                    message_id: message.id,
                    debtor_id: *debtor,
                    placement_id: placement,
                },
            )?;
            let paused =
                sequences::pause_of_placement(tx.conn, *creditor, placement, CAUSE, tx.now)?;
            tx.record(
                of_creditor(*creditor, EventKind::HoldSet)
                    .debtor(*debtor)
                    .placement(placement)
                    .caused_by(cause)
                    .body(json!({
                        "hold": hold.id,
                        "message": message.id,
                        "sequences_paused": paused,
                    })),
            )?;
        }
    }
    Ok(())
}

/// Ends the holds of a message, and lets go on what they alone had paused.
pub(super) fn lift(tx: &mut Tx<'_>, message: &InboundMessage, cause: EventId) -> AppResult<()> {
    let all = inbound::holds_of(tx.conn, message.id)?;
    let debtors: Vec<_> = all
        .iter()
        .map(|held| (held.creditor_id, held.debtor_id))
        .collect();
    lock(tx, &debtors)?;
    for held in all {
        let by = tx.actor.to_string();
        if inbound::lift(tx.conn, held.creditor_id, held.hold_id, &by, tx.now)? == 0 {
            continue;
        }
        // Another message of the same debtor may still wait.
        let others = holds::in_force(tx.conn, held.creditor_id, &[held.placement_id], tx.now)?;
        let mut resumed = 0;
        if !others.iter().any(|hold| hold.kind == CAUSE) {
            for sequence in sequences::of_placement(tx.conn, held.creditor_id, held.placement_id)? {
                resumed += sequences::resume(
                    tx.conn,
                    held.creditor_id,
                    sequence.id,
                    CAUSE,
                    tx.now,
                    tx.now,
                )?;
            }
        }
        tx.record(
            of_creditor(held.creditor_id, EventKind::HoldLifted)
                .debtor(held.debtor_id)
                .placement(held.placement_id)
                .caused_by(cause)
                .body(json!({
                    "hold": held.hold_id,
                    "message": message.id,
                    "sequences_resumed": resumed,
                })),
        )?;
    }
    Ok(())
}
