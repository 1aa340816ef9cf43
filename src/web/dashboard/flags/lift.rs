//! `/debtors/{id}/flags/{flag}/lift`: what was recorded is no longer so.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::trail;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::flags::{self as actions, EndsBy};
use crate::domain::id::{DebtorId, FlagId};
use crate::domain::stop::FlagKind;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::debtors::{self, Debtor};
use crate::store::flags::{self, Flag};
use crate::web::access::SignedIn;
use crate::web::dashboard::typed::{self, WAYS};
use crate::web::dashboard::{flag_words, frame};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::flag::LiftFlagPage;
use crate::web::view::part::{Fact, When};

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    via: String,
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
    if actions::ends_by(flag.kind) == EndsBy::NotAtTheDesk {
        return Err(AppError::NotFound);
    }
    if flag.lifted_at.is_some() {
        return Err(AppError::Conflict(
            "This was lifted already. Nothing was changed.".to_owned(),
        ));
    }
    let typed = Typed {
        via: "phone".to_owned(),
        ..Typed::default()
    };
    let errors = FieldErrors::default();
    page::ok(&draw(
        &req,
        &session,
        &user,
        &ctx,
        (&debtor, &flag),
        &typed,
        &errors,
    ))
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
    if actions::ends_by(flag.kind) == EndsBy::NotAtTheDesk {
        return Err(AppError::NotFound);
    }
    let done = match reason(&typed, flag.kind) {
        Ok(reason) => {
            let (ctx, actor) = (ctx.clone(), user.actor());
            let (of, id) = ((debtor.creditor_id, debtor.id), flag.id);
            blocking(move || actions::lift(&ctx, &actor, of, id, &reason)).await
        }
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    match done {
        Ok(()) => {
            let message = if flag.kind == FlagKind::LocationNeeded {
                "Lifted. Nobody else may be asked any more."
            } else {
                "Lifted. What it stopped stays stopped until somebody starts it."
            };
            frame::flash(&session, message)?;
            Ok(page::see_other(&format!("/debtors/{}", debtor.id)))
        }
        Err(AppError::Invalid(errors)) => {
            let about = (&debtor, &flag);
            page::unprocessable(&draw(&req, &session, &user, &ctx, about, &typed, &errors))
        }
        Err(error) => Err(error),
    }
}

fn effects(kind: FlagKind) -> Vec<&'static str> {
    if kind == FlagKind::LocationNeeded {
        return vec!["Nobody else may be asked any more where the debtor can be reached."];
    }
    vec![
        "This no longer stands in the way of contact. Every other rule still does.",
        "What waited for this alone goes on by itself: emails, and a new call, each at its first lawful moment.",
    ]
}

/// The reason as it is kept: a debtor's own words begin with how they came.
fn reason(typed: &Typed, kind: FlagKind) -> Result<String, FieldErrors> {
    let words = typed.reason.trim();
    if actions::ends_by(kind) != EndsBy::DebtorsWord || words.is_empty() {
        return Ok(words.to_owned());
    }
    let mut errors = FieldErrors::default();
    match typed::medium(&mut errors, &typed.via) {
        Some(via) => Ok(format!(
            "The debtor\u{2019}s own word, {}: {words}",
            via.by()
        )),
        None => Err(errors),
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
    (debtor, flag): (&Debtor, &Flag),
    typed: &Typed,
    errors: &FieldErrors,
) -> LiftFlagPage {
    let mut facts = flag_words::facts(&flag.detail);
    let since = When::new(flag.received_at, user.time_zone, ctx.now());
    facts.push(Fact::new("Since", since.absolute));
    let by_word = actions::ends_by(flag.kind) == EndsBy::DebtorsWord;
    LiftFlagPage {
        shell: frame::shell(req, session, user, "No longer so", Some(Section::Debtors)),
        trail: trail(debtor),
        what: flag_words::what(flag.kind),
        debtor: debtor.name.clone(),
        facts,
        action: format!("/debtors/{}/flags/{}/lift", debtor.id, flag.id),
        cancel_href: format!("/debtors/{}", debtor.id),
        via: by_word.then(|| typed::choices("via", WAYS, &typed.via, errors)),
        reason: typed::field("reason", &typed.reason, errors),
        effects: effects(flag.kind),
    }
}
