//! A debtor disputes a debt: from that moment it is not collected.

use chrono::Duration;
use serde_json::json;

use super::tasks::{self, NewTask};
use super::tx::{NewEvent, Tx};
use crate::domain::event::EventKind;
use crate::domain::id::{DisputeId, EventId};
use crate::domain::placement::PlacementStatus;
use crate::domain::stop::Medium;
use crate::domain::text_enum::TextEnum;
use crate::error::AppResult;
use crate::store::disputes::{self, Dispute};
use crate::store::placement_refs::PlacementRef;
use crate::store::{calls, sequences};

/// How soon a person looks at a dispute.
const REVIEW_WITHIN: Duration = Duration::hours(24);

/// What stopped because of a dispute.
const CAUSE: &str = "dispute";

/// Opens a dispute that was said and not written. The placement is `disputed`, its series of
/// emails pause, its undialled calls are cancelled, and the desk gets a task. The caller holds
/// the debtor's lock and has seen that the placement is open.
pub(super) fn open_by_word_of_mouth(
    tx: &mut Tx<'_>,
    of: &PlacementRef,
    via: Medium,
    cause: EventId,
) -> AppResult<DisputeId> {
    open_as_said(tx, of, via, cause, &Said::default())
}

/// What was said about a dispute.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// A word of ours; `other` where nobody has said why.
    pub reason: Option<String>,
    /// In the debtor's words.
    pub details: Option<String>,
    /// It was written (15 USC 1692g(b)).
    pub in_writing: bool,
}

/// As [`open_by_word_of_mouth`], with what was said.
pub(super) fn open_as_said(
    tx: &mut Tx<'_>,
    of: &PlacementRef,
    via: Medium,
    cause: EventId,
    said: &Said,
) -> AppResult<DisputeId> {
    let id = DisputeId::generate(tx.now);
    disputes::insert(
        tx.conn,
        &Dispute {
            creditor_id: of.creditor_id,
            id,
            placement_id: of.id,
            debtor_id: of.debtor_id,
            reason: said.reason.clone().unwrap_or_else(|| "other".to_owned()),
            details: said.details.clone(),
            in_writing: said.in_writing,
            via: via.as_str().to_owned(),
            status: "open".to_owned(),
            received_at: tx.now,
            responded_at: None,
            response: None,
            recorded_by: tx.actor.to_string(),
            created_at: tx.now,
            version: 1,
        },
    )?;
    if of.status != PlacementStatus::Disputed {
        disputes::hold_placement(tx.conn, of.creditor_id, of.id, of.status, tx.now)?;
    }
    let paused = sequences::pause_of_placement(tx.conn, of.creditor_id, of.id, CAUSE, tx.now)?;
    let cancelled = calls::cancel_of_placement(tx.conn, of.creditor_id, of.id, CAUSE, tx.now)?;
    let event = tx.record(
        about(of, EventKind::DisputeOpened)
            .caused_by(cause)
            .body(json!({
                "dispute": id,
                "in_writing": said.in_writing,
                "via": via.as_str(),
                "status_before": of.status.as_str(),
                "sequences_paused": paused,
                "calls_cancelled": cancelled,
            })),
    )?;
    tx.announce(
        of.creditor_id,
        EventKind::DisputeOpened,
        of.id.as_str(),
        json!({"placement_id": of.id, "dispute_id": id}),
    )?;
    if of.status != PlacementStatus::Disputed {
        tx.announce(
            of.creditor_id,
            EventKind::PlacementStatusChanged,
            of.id.as_str(),
            json!({
                "placement_id": of.id,
                "invoice_number": of.invoice_number,
                "status": PlacementStatus::Disputed.as_str(),
                "previous_status": of.status.as_str(),
                "resolved_at": null,
            }),
        )?;
    }
    open_task(tx, of, event)?;
    Ok(id)
}

fn open_task(tx: &mut Tx<'_>, of: &PlacementRef, cause: EventId) -> AppResult<()> {
    let title = "Dispute raised: record what is disputed and answer it";
    let task = NewTask::new(
        tx.now,
        of.creditor_id,
        "dispute_review",
        title,
        REVIEW_WITHIN,
    )
    .debtor(of.debtor_id)
    .placement(of.id)
    .cause(cause);
    tasks::open(tx, task)
}

fn about(of: &PlacementRef, kind: EventKind) -> NewEvent {
    NewEvent::of_creditor(of.creditor_id, kind)
        .debtor(of.debtor_id)
        .placement(of.id)
}
