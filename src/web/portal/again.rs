//! `/p/again`: the debtor takes a request to stop back, and gets a receipt for it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::account::{load, moment, stopped};
use super::frame::Frame;
use super::stop::Asked;
use super::visitor::Visitor;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::portal::allow_again;
use crate::domain::stop::StopScope;
use crate::domain::text_enum::TextEnum;
use crate::error::AppResult;
use crate::web::page;
use crate::web::view::portal::{PortalAgainPage, PortalReceiptPage, again_scopes};

pub async fn form(frame: Frame, ctx: web::Data<Ctx>, visitor: Visitor) -> AppResult<HttpResponse> {
    answer(frame, ctx, visitor, StatusCode::OK).await
}

pub async fn submit(
    frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    asked: web::Form<Asked>,
) -> AppResult<HttpResponse> {
    // Nothing is chosen for the debtor: a form without a choice changes nothing.
    let Some(scope) = StopScope::from_word(&asked.scope) else {
        return answer(frame, ctx, visitor, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let writer = ctx.clone();
    let reference = blocking(move || allow_again::allow(&writer, &visitor.0, scope)).await?;
    Ok(page::see_other(&match reference {
        Some(reference) => format!("/p/again/{reference}"),
        // Nothing of the kind is stopped any more: the form says what is.
        None => "/p/again".to_owned(),
    }))
}

/// What was allowed again at one time, whenever that was.
pub async fn receipt(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    reference: web::Path<String>,
) -> AppResult<HttpResponse> {
    let account = load(&ctx, visitor, &mut frame).await?;
    let reference = reference.into_inner();
    let asked = reference.clone();
    let allowed = blocking(move || allow_again::receipt(&ctx, &visitor.0, &asked)).await?;
    let words = frame.words();
    let sentence = match allowed.scope {
        StopScope::All => words.again.done_all,
        StopScope::Call => words.again.done_calls,
        StopScope::Email => words.again.done_emails,
    };
    let time = moment(words, &account.facts, allowed.at);
    let covers = words
        .stopped
        .covers
        .replace("{creditor}", &account.facts.creditor);
    frame.ok(&PortalReceiptPage {
        shell: frame.inside(words.again.title),
        heading: words.again.done,
        sentences: vec![sentence.replace("{time}", &time), covers],
        reference,
        next: words.again.next,
        home_href: "/p/account".to_owned(),
    })
}

async fn answer(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    status: StatusCode,
) -> AppResult<HttpResponse> {
    let account = load(&ctx, visitor, &mut frame).await?;
    let offered = blocking(move || allow_again::offered(&ctx, &visitor.0)).await?;
    let words = frame.words();
    let error = (status != StatusCode::OK && !offered.is_empty()).then_some(words.again.choose);
    let title = match error {
        Some(_) => format!("{}: {}", words.error, words.again.title),
        None => words.again.title.to_owned(),
    };
    let mut scope = again_scopes(words, &offered);
    scope.error = error.map(str::to_owned);
    frame.with_status(
        status,
        &PortalAgainPage {
            shell: frame.inside(&title),
            action: "/p/again".to_owned(),
            scope,
            stopped: stopped(words, account.stopped),
            back_href: "/p/account".to_owned(),
        },
    )
}
