//! What stands on file for a placement: its calls, emails and contacts.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::answers::{self, Page};
use super::caller::Caller;
use super::params::Params;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::id::{CallId, ContactId, DecisionId, PlacementId, SequenceId};
use crate::domain::time::Instant;
use crate::error::AppError;
use crate::store::calls::{self, Call};
use crate::store::contacts::{self, ContactRow};
use crate::store::placement_refs;
use crate::store::sequences::{self, Sequence};

/// A planned or placed call. A refused attempt makes none.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CallView {
    id: CallId,
    placement_id: PlacementId,
    /// `scheduled`, `in_progress`, `completed`, `failed` or `unknown`.
    status: &'static str,
    /// Why it failed or was cancelled, in one word: `cancelled_by_recall`.
    failure_reason: Option<String>,
    phone: String,
    scheduled_at: Instant,
    started_at: Option<Instant>,
    ended_at: Option<Instant>,
    duration_seconds: Option<i32>,
    outcome: Option<String>,
    /// Placed by the simulated dialer: nobody's telephone rang.
    simulated: bool,
}

impl From<Call> for CallView {
    fn from(call: Call) -> Self {
        let status = match call.status.as_str() {
            "planned" | "claimed" => "scheduled",
            "starting" | "started" => "in_progress",
            "completed" => "completed",
            // What was cancelled was not placed: the public client knows that as failed.
            "failed" | "cancelled" => "failed",
            _ => "unknown",
        };
        Self {
            id: call.id,
            placement_id: call.placement_id,
            failure_reason: call.status_cause.filter(|_| status == "failed"),
            status,
            phone: call.number.to_string(),
            scheduled_at: call.scheduled_at,
            started_at: call.started_at,
            ended_at: call.ended_at,
            duration_seconds: call.duration_seconds,
            outcome: call.outcome,
            simulated: call.simulated,
        }
    }
}

/// A contact that took place or is taking place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ContactView {
    id: ContactId,
    placement_id: PlacementId,
    at: Instant,
    channel: String,
    /// `out` or `in`.
    direction: String,
    outcome: String,
    party: String,
    purpose: Option<String>,
    /// The number in E.164, or the email address.
    address: Option<String>,
    /// `automated`, `agent` or `debtor`.
    initiator: String,
    decision_id: Option<DecisionId>,
    mini_miranda: Option<bool>,
    duration_seconds: Option<i32>,
    /// What the agent wrote; for staff keys only.
    notes: Option<String>,
}

impl ContactView {
    fn new(contact: ContactRow, caller: Caller) -> Self {
        Self {
            id: contact.id,
            placement_id: contact.placement_id,
            at: contact.at,
            channel: contact.channel,
            direction: contact.direction,
            outcome: contact.outcome,
            party: contact.party,
            purpose: contact.purpose,
            address: contact.address,
            initiator: contact.initiator,
            decision_id: contact.decision_id,
            mini_miranda: contact.mini_miranda,
            duration_seconds: contact.duration_seconds,
            notes: contact.notes.filter(|_| caller.is_staff()),
        }
    }
}

/// A series of emails.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SequenceView {
    id: SequenceId,
    /// `scheduled`, `active`, `paused`, `paused_opt_out`, `completed`, `failed` or `cancelled`.
    status: String,
    /// The next step to send, from 0.
    step: i32,
    next_send_at: Option<Instant>,
}

impl From<Sequence> for SequenceView {
    fn from(sequence: Sequence) -> Self {
        Self {
            id: sequence.id,
            status: sequence.status,
            step: sequence.step,
            next_send_at: sequence.next_send_at,
        }
    }
}

/// The emails that went out or came in, and the series they belong to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Emails {
    #[serde(flatten)]
    page: Page<ContactView>,
    sequences: Vec<SequenceView>,
}

pub async fn calls(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let mut params = Params::new(req.query_string());
    let slice = params.slice();
    params.finish()?;
    let found = blocking(move || {
        ctx.read(|conn| {
            let of = placement_refs::find(conn, caller.scope(), id)?.ok_or(AppError::NotFound)?;
            Ok(calls::of_placement(conn, of.creditor_id, id)?)
        })
    })
    .await?;
    let all = found.into_iter().map(CallView::from).collect();
    Ok(answers::ok(&Page::cut(all, slice)))
}

pub async fn emails(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let mut params = Params::new(req.query_string());
    let slice = params.slice();
    params.finish()?;
    const EMAIL: Option<&str> = Some("email");
    let (found, total, series) = blocking(move || {
        ctx.read(|conn| {
            let of = placement_refs::find(conn, caller.scope(), id)?.ok_or(AppError::NotFound)?;
            let creditor = of.creditor_id;
            Ok((
                contacts::of_placement(conn, creditor, id, EMAIL, slice.offset, slice.limit)?,
                contacts::count_of_placement(conn, creditor, id, EMAIL)?,
                sequences::of_placement(conn, creditor, id)?,
            ))
        })
    })
    .await?;
    let items = found
        .into_iter()
        .map(|contact| ContactView::new(contact, caller))
        .collect();
    Ok(answers::ok(&Emails {
        page: Page::new(items, slice, total),
        sequences: series.into_iter().map(SequenceView::from).collect(),
    }))
}

pub async fn contacts(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let mut params = Params::new(req.query_string());
    let slice = params.slice();
    params.finish()?;
    let (found, total) = blocking(move || {
        ctx.read(|conn| {
            let of = placement_refs::find(conn, caller.scope(), id)?.ok_or(AppError::NotFound)?;
            let creditor = of.creditor_id;
            Ok((
                contacts::of_placement(conn, creditor, id, None, slice.offset, slice.limit)?,
                contacts::count_of_placement(conn, creditor, id, None)?,
            ))
        })
    })
    .await?;
    let items = found
        .into_iter()
        .map(|contact| ContactView::new(contact, caller))
        .collect();
    Ok(answers::ok(&Page::new(items, slice, total)))
}
