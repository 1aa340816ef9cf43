//! People pause a series of emails and let it go on.

use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{PlacementId, SequenceId};
use crate::error::{AppError, AppResult};
use crate::store::sequences::{self, Sequence, Turn};
use crate::store::{Scope, debtor_lock, placement_refs};

/// The cause of a pause that a person set.
const PERSON: &str = "person";

/// Whether a person may let a series go on that is paused for this cause. What the debtor stopped,
/// a dispute, a recall and a payment end in their own ways.
pub fn can_resume(sequence: &Sequence) -> bool {
    let cause = sequence.pause_cause.as_deref().unwrap_or_default();
    sequence.status == "paused"
        && (matches!(cause, PERSON | "unknown" | "call_stop" | "allowed_again")
            || cause.starts_with("refused:"))
}

pub fn can_pause(sequence: &Sequence) -> bool {
    matches!(sequence.status.as_str(), "scheduled" | "active")
}

/// Pauses a series until a person lets it go on.
///
/// # Errors
/// `NotFound` outside `scope`; `Conflict` if it does not run.
pub fn pause(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    placement: PlacementId,
    id: SequenceId,
) -> AppResult<()> {
    change(ctx, actor, scope, placement, id, |tx, sequence| {
        let turn = Turn {
            status: "paused",
            pause_cause: Some(PERSON),
            step: sequence.step,
            next_send_at: None,
            last_error: sequence.last_error.as_deref(),
            now: tx.now,
        };
        let paused = sequences::turn(tx.conn, sequence.creditor_id, id, sequence.step, &turn)?;
        if paused == 0 {
            return Err(AppError::Conflict(
                "These emails do not run, so there is nothing to pause.".to_owned(),
            ));
        }
        Ok(EventKind::SequencePaused)
    })
}

/// Lets a series go on with its next step, at once as far as the law allows: the gate is asked
/// again before anything goes out.
///
/// # Errors
/// `NotFound` outside `scope`; `Conflict` where it is not a person's to let it go on.
pub fn resume(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    placement: PlacementId,
    id: SequenceId,
) -> AppResult<()> {
    change(ctx, actor, scope, placement, id, |tx, sequence| {
        let cause = sequence.pause_cause.clone().unwrap_or_default();
        let resumed = can_resume(sequence)
            && sequences::resume(tx.conn, sequence.creditor_id, id, &cause, tx.now, tx.now)? > 0;
        if !resumed {
            return Err(AppError::Conflict(
                "These emails cannot be let go on from here.".to_owned(),
            ));
        }
        Ok(EventKind::SequenceResumed)
    })
}

fn change(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    placement: PlacementId,
    id: SequenceId,
    work: impl FnOnce(&mut Tx<'_>, &Sequence) -> AppResult<EventKind>,
) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let of = placement_refs::find(tx.conn, scope, placement)?.ok_or(AppError::NotFound)?;
        debtor_lock::lock(tx.conn, of.creditor_id, of.debtor_id)?.ok_or(AppError::NotFound)?;
        let sequence = sequences::find(tx.conn, of.creditor_id, id)?
            .filter(|sequence| sequence.placement_id == placement)
            .ok_or(AppError::NotFound)?;
        let kind = work(tx, &sequence)?;
        tx.record(
            NewEvent::of_creditor(of.creditor_id, kind)
                .debtor(of.debtor_id)
                .placement(of.id)
                .body(json!({"sequence": id, "step": sequence.step, "cause": PERSON})),
        )?;
        Ok(())
    })
}
