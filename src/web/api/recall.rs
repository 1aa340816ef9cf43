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
use crate::actions::placements::{self, Recall, RecallInput, StopEffects};
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
