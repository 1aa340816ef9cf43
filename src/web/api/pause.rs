//! `POST /v1/placements/{id}/pause` and `…/resume`.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::Body;
use super::caller::Caller;
use super::once::{Refused, once};
use super::placement_view::PlacementDetail;
use super::recall::Nothing;
use crate::actions::ctx::Ctx;
use crate::actions::idempotency::Answer;
use crate::actions::pauses::{self, Pause, PauseInput, Resume};
use crate::actions::placement_feed as feed;
use crate::domain::id::PlacementId;
use crate::error::AppError;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PauseRequest {
    /// The day on which outreach goes on, where the debtor is, within a year. Without it, outreach
    /// waits until it is resumed.
    until_on: Option<NaiveDate>,
    /// At most 2,000 characters.
    reason: Option<String>,
}

/// The placement as it is now, and what stopped.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Paused {
    #[serde(flatten)]
    placement: PlacementDetail,
    sequences_paused: u64,
    calls_cancelled: u64,
}

/// The placement as it is now, and what goes on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Resumed {
    #[serde(flatten)]
    placement: PlacementDetail,
    sequences_resumed: u64,
}

pub async fn pause(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
    body: Body,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let asked: PauseRequest = body.read_or_default()?;
    let input = PauseInput {
        until_on: asked.until_on,
        reason: asked.reason,
        version: None,
    };
    let gate = ctx.clone();
    once(&req, ctx, caller, &body, move |tx| {
        match pauses::pause_within(&gate, tx, caller.scope(), id, &input)? {
            Pause::Done(_, effects) => {
                let whole = feed::whole(tx.conn, caller.scope(), tx.now, id)?;
                Ok(Answer::new(
                    200,
                    &Paused {
                        placement: PlacementDetail::new(tx.now, caller, whole)?,
                        sequences_paused: effects.sequences_paused,
                        calls_cancelled: effects.calls_cancelled,
                    },
                )?)
            }
            Pause::Ended(placement) => Err(Refused::App(AppError::Conflict(format!(
                "The placement has ended already: it is {}.",
                placement.status.label().to_lowercase()
            )))),
            // A program was shown nothing that could have changed.
            Pause::Changed(_) => Err(Refused::App(AppError::Busy(
                "the placement is being changed".to_owned(),
            ))),
        }
    })
    .await
}

pub async fn resume(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
    body: Body,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    body.read_or_default::<Nothing>()?;
    once(
        &req,
        ctx,
        caller,
        &body,
        move |tx| match pauses::resume_within(tx, caller.scope(), id)? {
            Resume::Done(_, sequences_resumed) => {
                let whole = feed::whole(tx.conn, caller.scope(), tx.now, id)?;
                Ok(Answer::new(
                    200,
                    &Resumed {
                        placement: PlacementDetail::new(tx.now, caller, whole)?,
                        sequences_resumed,
                    },
                )?)
            }
            Resume::NotPaused(_) => Err(Refused::App(AppError::Conflict(
                "The placement is not paused.".to_owned(),
            ))),
        },
    )
    .await
}
