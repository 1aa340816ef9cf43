//! `/debtors/{id}/flags/{flag}/lift`: what was recorded is no longer so.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::trail;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::flags as actions;
use crate::domain::id::{DebtorId, FlagId};
use crate::error::{AppError, AppResult};
use crate::store::debtors::{self, Debtor};
use crate::store::flags::{self, Flag};
use crate::web::access::SignedIn;
use crate::web::dashboard::{flag_words, frame};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::flag::LiftFlagPage;
use crate::web::view::form::Field;
use crate::web::view::part::{Fact, When};

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    reason: String,
}

/// `GET /debtors/{id}/flags/{flag}/lift`.
pub async fn lift_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(DebtorId, FlagId)>,
) -> AppResult<HttpResponse> {
    let (debtor, flag) = find(&ctx, &user, path.into_inner()).await?;
    if !actions::may_be_lifted(flag.kind) {
        return Err(AppError::NotFound);
    }
    if flag.lifted_at.is_some() {
        return Err(AppError::Conflict(
            "This was lifted already. Nothing was changed.".to_owned(),
        ));
    }
    let reason = Field::new("reason", "");
    page::ok(&draw(&req, &session, &user, &ctx, &debtor, &flag, reason))
}

/// `POST /debtors/{id}/flags/{flag}/lift`.
pub async fn lift(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(DebtorId, FlagId)>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let typed = form.into_inner();
    let (debtor, flag) = find(&ctx, &user, path.into_inner()).await?;
    if !actions::may_be_lifted(flag.kind) {
        return Err(AppError::NotFound);
    }
    let worker = (ctx.clone(), user.actor(), typed.reason.clone());
    let (of, id) = ((debtor.creditor_id, debtor.id), flag.id);
    let done = blocking(move || {
        let (ctx, actor, reason) = worker;
        actions::lift(&ctx, &actor, of, id, &reason)
    })
    .await;
    match done {
        Ok(()) => {
            frame::flash(
                &session,
                "Lifted. What it stopped stays stopped until somebody starts it.",
            )?;
            Ok(page::see_other(&format!("/debtors/{}", debtor.id)))
        }
        Err(AppError::Invalid(errors)) => {
            let mut reason = Field::new("reason", typed.reason);
            reason.error = errors.of("reason").map(str::to_owned);
            page::unprocessable(&draw(&req, &session, &user, &ctx, &debtor, &flag, reason))
        }
        Err(error) => Err(error),
    }
}

async fn find(
    ctx: &web::Data<Ctx>,
    user: &SignedIn,
    (debtor, flag): (DebtorId, FlagId),
) -> AppResult<(Debtor, Flag)> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || {
        ctx.read(|conn| {
            let (debtor, _) = debtors::find(conn, scope, debtor)?.ok_or(AppError::NotFound)?;
            let flag = flags::find(conn, debtor.creditor_id, debtor.id, flag)?
                .ok_or(AppError::NotFound)?;
            Ok((debtor, flag))
        })
    })
    .await
}

fn draw(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    ctx: &Ctx,
    debtor: &Debtor,
    flag: &Flag,
    reason: Field,
) -> LiftFlagPage {
    let mut facts = flag_words::facts(&flag.detail);
    let since = When::new(flag.received_at, user.time_zone, ctx.now());
    facts.push(Fact::new("Since", since.absolute));
    LiftFlagPage {
        shell: frame::shell(req, session, user, "No longer so", Some(Section::Debtors)),
        trail: trail(debtor),
        what: flag_words::what(flag.kind),
        debtor: debtor.name.clone(),
        facts,
        action: format!("/debtors/{}/flags/{}/lift", debtor.id, flag.id),
        cancel_href: format!("/debtors/{}", debtor.id),
        reason,
    }
}
