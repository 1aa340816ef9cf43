//! What a creditor does with a placement as a whole.

use chrono::Duration;
use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::PlacementId;
use crate::domain::money::Cents;
use crate::domain::outcome_score::{self, History};
use crate::domain::placement::{PlacementStatus, RecallReason};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::placements::{Closing, Parties, Placement};
use crate::store::{
    Scope, calls, debtor_lock, holds, placement_history, placement_refs, placements, sequences,
};

/// Characters of a note that are kept.
pub const LONGEST_NOTE: usize = 2_000;

/// What recalling was asked with.
#[derive(Debug, Clone, Default)]
pub struct RecallInput {
    pub reason: Option<RecallReason>,
    pub note: Option<String>,
    /// The placement's version when its effects were shown. A caller to whom nothing was shown
    /// has none, and takes the effects as they come.
    pub version: Option<i64>,
}

/// What asking for a recall came to.
#[derive(Debug, Clone)]
pub enum Recall {
    /// It is recalled now, with these effects.
    Done(Placement, StopEffects),
    /// It was recalled before; nothing was done again.
    AlreadyDone(Placement),
    /// It ended in another way before. There is nothing to recall.
    Ended(Placement),
    /// It has changed since its effects were shown; somebody has to look again.
    Changed(Placement),
}

/// What a placement's end stops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StopEffects {
    /// Active email sequences that pause.
    pub sequences_paused: u64,
    /// Calls that were planned and nobody has dialled.
    pub calls_cancelled: u64,
}

/// What a recall would do at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecallPreview {
    pub effects: StopEffects,
    /// Calls on the line, which end by themselves.
    pub calls_in_progress: u64,
}

/// Counts what recalling would stop.
pub fn preview_recall(conn: &mut DbConn, placement: &Placement) -> AppResult<RecallPreview> {
    let (creditor, id) = (placement.creditor_id, placement.id);
    Ok(RecallPreview {
        effects: StopEffects {
            sequences_paused: sequences::count_running(conn, creditor, id)?.unsigned_abs(),
            calls_cancelled: calls::count_undialled(conn, creditor, id)?.unsigned_abs(),
        },
        calls_in_progress: calls::count_in_progress(conn, creditor, id)?.unsigned_abs(),
    })
}

/// Takes a placement back for good: status, sequences, calls, score, trail and webhooks in one
/// transaction. There is no fee for it.
pub fn recall(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: PlacementId,
    input: &RecallInput,
) -> AppResult<Recall> {
    ctx.write(actor, |tx| recall_within(tx, scope, id, input))
}

/// [`recall`] as a part of a transaction that does more.
pub fn recall_within(
    tx: &mut Tx<'_>,
    scope: Scope,
    id: PlacementId,
    input: &RecallInput,
) -> AppResult<Recall> {
    if input
        .note
        .as_ref()
        .is_some_and(|note| note.chars().count() > LONGEST_NOTE)
    {
        return Err(AppError::invalid(
            "note",
            format!("Use at most {LONGEST_NOTE} characters."),
        ));
    }
    let (placement, _) = lock(tx, scope, id)?;
    if placement.status == PlacementStatus::Recalled {
        return Ok(Recall::AlreadyDone(placement));
    }
    if placement.status.is_closed() {
        return Ok(Recall::Ended(placement));
    }
    if input.version.is_some_and(|seen| seen != placement.version) {
        return Ok(Recall::Changed(placement));
    }
    let effects = end(tx, &placement, PlacementStatus::Recalled, input.reason)?;
    record_recall(tx, &placement, input, effects)?;
    let after = Placement {
        status: PlacementStatus::Recalled,
        recall_reason: input.reason,
        resolved_at: Some(tx.now),
        version: placement.version + 1,
        ..placement
    };
    Ok(Recall::Done(after, effects))
}

/// How long a creditor may take a recall back.
pub const UNDO_WITHIN: Duration = Duration::days(7);

/// Whether a recall can be taken back at this moment.
pub fn can_undo_recall(placement: &Placement, now: Instant) -> bool {
    placement.status == PlacementStatus::Recalled
        && placement
            .resolved_at
            .is_some_and(|at| now < at.plus(UNDO_WITHIN))
}

/// What asking to take a recall back came to.
#[derive(Debug, Clone)]
pub enum Undo {
    /// The placement is open again, and nothing runs on it.
    Done(Placement),
    /// It is open: there is nothing to take back.
    NotRecalled(Placement),
    /// It was too long ago, or it ended in another way. The account can be placed again.
    TooLate(Placement),
}

/// Takes a recall back within its seven days. What the recall stopped stays stopped: sequences
/// are paused and calls cancelled until somebody starts outreach again, past the gate.
pub fn undo_recall(ctx: &Ctx, actor: &Actor, scope: Scope, id: PlacementId) -> AppResult<Undo> {
    ctx.write(actor, |tx| undo_recall_within(tx, scope, id))
}

/// [`undo_recall`] as a part of a transaction that does more.
pub fn undo_recall_within(tx: &mut Tx<'_>, scope: Scope, id: PlacementId) -> AppResult<Undo> {
    let (placement, _) = lock(tx, scope, id)?;
    if !placement.status.is_closed() {
        return Ok(Undo::NotRecalled(placement));
    }
    if !can_undo_recall(&placement, tx.now) {
        return Ok(Undo::TooLate(placement));
    }
    let disputed =
        placement_history::has_open_dispute(tx.conn, placement.creditor_id, placement.id)?;
    let status = if disputed {
        PlacementStatus::Disputed
    } else {
        PlacementStatus::Ready
    };
    let reopened = placements::reopen(
        tx.conn,
        placement.creditor_id,
        id,
        placement.version,
        status,
        tx.now,
    )?;
    if reopened == 0 {
        return Err(AppError::Busy("the placement is being changed".to_owned()));
    }
    tx.record(
        about(&placement, EventKind::PlacementStatusChanged).body(json!({
            "status": status.as_str(),
            "status_before": placement.status.as_str(),
            "because": "recall_undone",
        })),
    )?;
    announce_status(tx, &placement, status, None)?;
    Ok(Undo::Done(Placement {
        status,
        recall_reason: None,
        outcome_score: None,
        resolved_at: None,
        version: placement.version + 1,
        ..placement
    }))
}

/// Reads a placement under its debtor's lock: from here on nobody else authorises a contact of
/// this debtor or changes the placement until the transaction ends.
pub(super) fn lock(
    tx: &mut Tx<'_>,
    scope: Scope,
    id: PlacementId,
) -> AppResult<(Placement, Parties)> {
    let of = placement_refs::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
    debtor_lock::lock(tx.conn, of.creditor_id, of.debtor_id)?.ok_or(AppError::NotFound)?;
    placements::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)
}

/// Ends a placement that is locked: its status and score are written, its sequences pause and its
/// undialled calls are cancelled. A call on the line ends by itself.
pub(super) fn end(
    tx: &mut Tx<'_>,
    placement: &Placement,
    status: PlacementStatus,
    recall_reason: Option<RecallReason>,
) -> AppResult<StopEffects> {
    let (creditor, id) = (placement.creditor_id, placement.id);
    let counts = placement_history::counts(tx.conn, creditor, id)?;
    let history = History {
        placed_at: placement.placed_at,
        account: placement.account(),
        attempts: counts.attempts,
        contacts: counts.contacts,
        disputes: counts.disputes,
        holds: holds::count_ever(tx.conn, creditor, id)?.unsigned_abs(),
    };
    let score = outcome_score::score(&history, status, tx.now);
    let closing = Closing {
        status,
        recall_reason,
        outcome_score: &serde_json::to_string(&score)?,
        at: tx.now,
    };
    if placements::close(tx.conn, creditor, id, placement.version, &closing)? == 0 {
        return Err(AppError::Busy("the placement is being changed".to_owned()));
    }
    let cause = stop_cause(status);
    Ok(StopEffects {
        sequences_paused: as_count(sequences::pause_of_placement(
            tx.conn, creditor, id, cause, tx.now,
        )?),
        calls_cancelled: as_count(calls::cancel_of_placement(
            tx.conn, creditor, id, cause, tx.now,
        )?),
    })
}

/// The word kept with what an end stopped.
fn stop_cause(status: PlacementStatus) -> &'static str {
    match status {
        PlacementStatus::Recalled => "cancelled_by_recall",
        PlacementStatus::Paid => "paid_in_full",
        PlacementStatus::PendingEnrichment
        | PlacementStatus::Ready
        | PlacementStatus::InOutreach
        | PlacementStatus::PaymentPending
        | PlacementStatus::Unreachable
        | PlacementStatus::Disputed
        | PlacementStatus::ClosedUncollected
        | PlacementStatus::Resolved
        | PlacementStatus::WithdrawnByCreditor => "placement_ended",
    }
}

fn record_recall(
    tx: &mut Tx<'_>,
    placement: &Placement,
    input: &RecallInput,
    effects: StopEffects,
) -> AppResult<()> {
    let reason = input.reason.map(|reason| reason.as_str());
    let mut event = about(placement, EventKind::PlacementRecalled).body(json!({
        "sequences_paused": effects.sequences_paused,
        "calls_cancelled": effects.calls_cancelled,
        "reason": reason,
        "status_before": placement.status.as_str(),
        "fee": Cents::ZERO,
    }));
    if let Some(note) = &input.note {
        event = event.detail(json!({"note": note}));
    }
    tx.record(event)?;
    announce_status(tx, placement, PlacementStatus::Recalled, Some(tx.now))?;
    tx.announce(
        placement.creditor_id,
        EventKind::PlacementRecalled,
        placement.id.as_str(),
        json!({
            "placement_id": placement.id,
            "reason": reason,
            "sequences_paused": effects.sequences_paused,
            "calls_cancelled": effects.calls_cancelled,
            "recalled_at": tx.now,
        }),
    )
}

/// Tells the creditor's webhooks of a new status.
pub(super) fn announce_status(
    tx: &mut Tx<'_>,
    placement: &Placement,
    status: PlacementStatus,
    resolved_at: Option<Instant>,
) -> AppResult<()> {
    tx.announce(
        placement.creditor_id,
        EventKind::PlacementStatusChanged,
        placement.id.as_str(),
        json!({
            "placement_id": placement.id,
            "invoice_number": placement.invoice_number,
            "status": status.as_str(),
            "previous_status": placement.status.as_str(),
            "resolved_at": resolved_at,
        }),
    )
}

/// An event about a placement and its debtor.
pub(super) fn about(placement: &Placement, kind: EventKind) -> NewEvent {
    NewEvent::of_creditor(placement.creditor_id, kind)
        .debtor(placement.debtor_id)
        .placement(placement.id)
}

pub(super) fn as_count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
