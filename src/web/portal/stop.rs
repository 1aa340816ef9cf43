//! `/p/stop`: "Request no further contact", and its receipt.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::account::{load, moment, stopped};
use super::frame::Frame;
use super::visitor::Visitor;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::portal::account::{self, Account};
use crate::domain::stop::StopScope;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::web::page;
use crate::web::view::portal::{PortalStopPage, PortalStoppedPage, stop_scopes};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub(super) scope: String,
}

pub async fn form(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
) -> AppResult<HttpResponse> {
    let account = load(&ctx, visitor, &mut frame).await?;
    frame.ok(&stop_page(&frame, &account, Some(StopScope::All), None))
}

/// Answers only when nothing of the debtor's is starting any more.
pub async fn submit(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    asked: web::Form<Asked>,
) -> AppResult<HttpResponse> {
    let scope = StopScope::from_word(&asked.scope);
    let status = match scope {
        Some(scope) => match account::request_stop(&ctx, &visitor.0, scope).await {
            Ok(done) => return Ok(page::see_other(&format!("/p/stop/{}", done.reference))),
            Err(AppError::Busy(why)) => {
                tracing::error!(%why, "a stop asked for in the portal is not complete");
                StatusCode::SERVICE_UNAVAILABLE
            }
            Err(error) => return Err(error),
        },
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let account = load(&ctx, visitor, &mut frame).await?;
    let words = &frame.words().stop;
    let error = match scope {
        Some(_) => words.not_yet,
        None => words.choose,
    };
    frame.with_status(status, &stop_page(&frame, &account, scope, Some(error)))
}

/// A request that stands, whenever it was made.
pub async fn receipt(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    reference: web::Path<String>,
) -> AppResult<HttpResponse> {
    let account = load(&ctx, visitor, &mut frame).await?;
    let reference = reference.into_inner();
    let request = blocking(move || account::receipt(&ctx, &visitor.0, &reference)).await?;
    let words = frame.words();
    let (sentence, next) = match request.scope {
        StopScope::All => (words.stopped.all, words.stopped.next_all),
        StopScope::Call => (words.stopped.calls, words.stopped.next_calls),
        StopScope::Email => (words.stopped.emails, words.stopped.next_emails),
    };
    let time = moment(words, &account.facts, request.honoured_at);
    frame.ok(&PortalStoppedPage {
        shell: frame.inside(words.stopped.title),
        reference: request.reference,
        what_stopped: sentence.replace("{time}", &time),
        covers: words
            .stopped
            .covers
            .replace("{creditor}", &account.facts.creditor),
        next,
        home_href: "/p/account".to_owned(),
    })
}

fn stop_page(
    frame: &Frame,
    account: &Account,
    chosen: Option<StopScope>,
    error: Option<&str>,
) -> PortalStopPage {
    let words = frame.words();
    let title = match error {
        Some(_) => format!("{}: {}", words.error, words.stop.title),
        None => words.stop.title.to_owned(),
    };
    let mut scope = stop_scopes(words, chosen);
    scope.error = error.map(str::to_owned);
    PortalStopPage {
        shell: frame.inside(&title),
        action: "/p/stop".to_owned(),
        scope,
        stopped: stopped(words, account.stopped),
        all_stopped_href: account
            .receipt
            .as_ref()
            .filter(|_| account.stopped == Some(StopScope::All))
            .map(|reference| format!("/p/stop/{reference}")),
        back_href: "/p/account".to_owned(),
    }
}
