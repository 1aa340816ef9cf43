//! `POST /v1/placements/{id}/recall`.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::Body;
use super::caller::Caller;
use super::once::{Refused, once};
use super::placement_view::PlacementDetail;
use super::wire::Word;
use crate::actions::ctx::Ctx;
use crate::actions::idempotency::Answer;
use crate::actions::placement_feed as feed;
use crate::actions::placements::{self, Recall, RecallInput, StopEffects, Undo};
use crate::actions::tx::Tx;
use crate::domain::id::PlacementId;
use crate::domain::placement::RecallReason;
use crate::error::{AppError, AppResult};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RecallRequest {
    reason: Option<Word<RecallReason>>,
    /// At most 2,000 characters.
    note: Option<String>,
}

/// A body without anything in it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The placement as it is now, and what stopped.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Recalled {
    #[serde(flatten)]
    placement: PlacementDetail,
    sequences_paused: u64,
    calls_cancelled: u64,
    /// It had been recalled before this request, which changed nothing.
    already_recalled: bool,
}

pub async fn recall(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
    body: Body,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let asked: RecallRequest = body.read_or_default()?;
    let input = RecallInput {
        reason: asked.reason.map(|reason| reason.0),
        note: asked.note,
        version: None,
    };
    once(&req, ctx, caller, &body, move |tx| {
        match placements::recall_within(tx, caller.scope(), id, &input)? {
            Recall::Done(_, effects) => Ok(answer(tx, caller, id, effects, false)?),
            Recall::AlreadyDone(_) => Ok(answer(tx, caller, id, StopEffects::default(), true)?),
            Recall::Ended(placement) => Err(Refused::App(AppError::Conflict(format!(
                "The placement has ended already: it is {}.",
                placement.status.label().to_lowercase()
            )))),
            // A program was shown nothing that could have changed.
            Recall::Changed(_) => Err(Refused::App(AppError::Busy(
                "the placement is being changed".to_owned(),
            ))),
        }
    })
    .await
}

/// Takes a recall back within seven days. What it stopped stays stopped.
pub async fn undo(
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
        move |tx| match placements::undo_recall_within(tx, caller.scope(), id)? {
            Undo::Done(_) => {
                let whole = feed::whole(tx.conn, caller.scope(), tx.now, id)?;
                Ok(Answer::new(
                    200,
                    &PlacementDetail::new(tx.now, caller, whole)?,
                )?)
            }
            Undo::NotRecalled(_) => Err(Refused::App(AppError::Conflict(
                "The placement is open: there is no recall to take back.".to_owned(),
            ))),
            Undo::TooLate(_) => Err(Refused::App(AppError::Conflict(
                "A recall can be taken back for seven days. Place the account again instead."
                    .to_owned(),
            ))),
        },
    )
    .await
}

fn answer(
    tx: &mut Tx<'_>,
    caller: Caller,
    id: PlacementId,
    effects: StopEffects,
    already_recalled: bool,
) -> AppResult<Answer> {
    let whole = feed::whole(tx.conn, caller.scope(), tx.now, id)?;
    Answer::new(
        200,
        &Recalled {
            placement: PlacementDetail::new(tx.now, caller, whole)?,
            sequences_paused: effects.sequences_paused,
            calls_cancelled: effects.calls_cancelled,
            already_recalled,
        },
    )
}
