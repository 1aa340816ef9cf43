//! `Idempotency-Key`: a request that changes something is done once, however often it is sent.

use actix_web::http::header::HeaderName;
use actix_web::http::{StatusCode, header};
use actix_web::{Error, HttpRequest, HttpResponse, web};

use super::body::Body;
use super::caller::Caller;
use super::error::ApiError;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::idempotency::{self, Answer, Claim, Once};
use crate::actions::tx::Tx;
use crate::error::AppError;

pub const KEY: &str = "idempotency-key";

/// Says that an answer was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The longest key, in characters.
const LONGEST_KEY: usize = 255;

/// Why a request was not done. Nothing of it stays behind, and its key is free again.
#[derive(Debug)]
pub enum Refused {
    App(AppError),
    Api(ApiError),
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

/// Does `work` in one transaction and answers with what it returns; a repeated request is given
/// the first answer again.
pub async fn once(
    req: &HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    body: &Body,
    work: impl FnOnce(&mut Tx<'_>) -> Result<Answer, Refused> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let claim = claim(req, caller, body)?;
    let actor = caller.actor();
    let (done, told) = blocking(move || {
        let mut told = None;
        let done = idempotency::once(&ctx, &actor, claim.as_ref(), |tx| match work(tx) {
            Ok(answer) => Ok(answer),
            Err(Refused::App(error)) => Err(error),
            // Any error undoes the transaction; this one has words of its own to answer with.
            Err(Refused::Api(error)) => Err(AppError::Conflict(told.insert(error).detail.clone())),
        });
        Ok((done, told))
    })
    .await?;
    if let Some(told) = told {
        return Err(told.into());
    }
    match done? {
        Once::Done(answer) => Ok(response(answer, false)),
        Once::Replayed(answer) => Ok(response(answer, true)),
        Once::Reused => Err(ApiError::key_reused().into()),
        Once::Running => Err(ApiError::still_running().into()),
    }
}

/// The claim of a request that carries a key.
fn claim(req: &HttpRequest, caller: Caller, body: &Body) -> Result<Option<Claim>, ApiError> {
    let Some(value) = req.headers().get(KEY) else {
        return Ok(None);
    };
    let key = value
        .to_str()
        .ok()
        .map(str::trim)
        .filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY)
        .ok_or_else(|| {
            ApiError::bad_header(
                "Idempotency-Key",
                "An Idempotency-Key has 1 to 255 characters of plain text.",
            )
        })?;
    // All keys of one tenant share its claims, so that a request can be repeated after the
    // API key was rotated. A staff key acts for the creditor it names.
    let tenant = if caller.is_staff() {
        "agency"
    } else {
        "creditor"
    };
    let acts_for = caller
        .creditor
        .map_or_else(|| "all".to_owned(), |id| id.to_string());
    Ok(Some(Claim {
        scope: format!("{tenant} {acts_for} {} {}", req.method(), req.path()),
        key: key.to_owned(),
        request_hash: body.sha256(),
    }))
}

fn response(answer: Answer, replayed: bool) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, "application/json"));
    if replayed {
        response.insert_header((REPLAYED, "true"));
    }
    response.body(answer.body)
}
