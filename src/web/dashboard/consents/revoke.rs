//! `/debtors/{id}/consents/{consent}/revoke`: a permission is taken back, however that reached us.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::trail_to_ledger;
use crate::actions::blocking;
use crate::actions::consents::{self as actions, RevokeInput};
use crate::actions::ctx::Ctx;
use crate::domain::id::{ConsentId, DebtorId};
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::consents::{self, Consent};
use crate::store::debtors::{self, Debtor};
use crate::web::access::SignedIn;
use crate::web::dashboard::typed::{self, WAYS};
use crate::web::dashboard::{consent_words, frame};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::flag::{Input, RecordPage};
use crate::web::view::part::{Fact, When};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    words: String,
    via: String,
    received_at: String,
}

const EFFECTS: [&str; 4] = [
    "It is no permission from the moment it reached us. The next decision says so.",
    "What has been authorised on it and has not started may not start any more. This answers when nothing is starting.",
    "Planned calls to a number that no machine may call any more are cancelled.",
    "The entry stays in the ledger, with your name and the debtor\u{2019}s words. Only a new permission counts again.",
];

/// `GET /debtors/{id}/consents/{consent}/revoke`.
pub async fn revoke_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(DebtorId, ConsentId)>,
) -> AppResult<HttpResponse> {
    let (debtor, consent) = find(&ctx, &user, path.into_inner()).await?;
    if consent.revoked_at.is_some() {
        return Err(already());
    }
    let typed = Typed {
        via: "phone".to_owned(),
        received_at: ctx.now().date_in(user.time_zone).to_string(),
        ..Typed::default()
    };
    let about = (&debtor, &consent);
    let errors = FieldErrors::default();
    page::ok(&draw(&req, &session, &user, &ctx, about, &typed, &errors))
}

/// `POST /debtors/{id}/consents/{consent}/revoke`: in force when this answers.
pub async fn revoke(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(DebtorId, ConsentId)>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let typed = form.into_inner();
    let (debtor, consent) = find(&ctx, &user, path.into_inner()).await?;
    let mut errors = FieldErrors::default();
    let via = typed::medium(&mut errors, &typed.via);
    let now = ctx.now();
    let received = &typed.received_at;
    let received_at = typed::received(&mut errors, "received_at", received, user.time_zone, now);
    let done = match (via, received_at) {
        (Some(via), Some(received_at)) => {
            let input = RevokeInput {
                creditor: debtor.creditor_id,
                debtor: debtor.id,
                consent: consent.id,
                via,
                words: Some(typed.words.clone()),
                received_at,
            };
            actions::revoke(&ctx, user.actor(), input).await
        }
        (_, _) => Err(AppError::Invalid(errors)),
    };
    match done {
        Ok(revoked) if revoked.already => Err(already()),
        Ok(revoked) => {
            let message = format!(
                "Taken back. Calls cancelled: {}. The debtor may quote {}.",
                revoked.calls_cancelled, revoked.reference
            );
            frame::flash(&session, &message)?;
            Ok(page::see_other(&format!("/debtors/{}/consents", debtor.id)))
        }
        Err(AppError::Invalid(errors)) => {
            let about = (&debtor, &consent);
            page::unprocessable(&draw(&req, &session, &user, &ctx, about, &typed, &errors))
        }
        Err(error) => Err(error),
    }
}

fn already() -> AppError {
    AppError::Conflict("This permission was taken back already. Nothing was changed.".to_owned())
}

async fn find(
    ctx: &web::Data<Ctx>,
    user: &SignedIn,
    (debtor, consent): (DebtorId, ConsentId),
) -> AppResult<(Debtor, Consent)> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || {
        ctx.read(|conn| {
            let (debtor, _) = debtors::find(conn, scope, debtor)?.ok_or(AppError::NotFound)?;
            let consent = consents::find(conn, debtor.creditor_id, debtor.id, consent)?
                .ok_or(AppError::NotFound)?;
            Ok((debtor, consent))
        })
    })
    .await
}

fn draw(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    ctx: &Ctx,
    (debtor, consent): (&Debtor, &Consent),
    typed: &Typed,
    errors: &FieldErrors,
) -> RecordPage {
    let title = "Take a permission back";
    let mut facts = vec![Fact::new("Permission", consent_words::what(consent.kind))];
    let limits = consent_words::limits(consent);
    if !limits.is_empty() {
        facts.push(Fact::new("Limited to", limits.join(", ")));
    }
    let given = When::new(consent.received_at, user.time_zone, ctx.now());
    facts.push(Fact::new(
        "Given",
        format!("{}, {}", given.absolute, consent.via.by()),
    ));
    facts.push(Fact::new("Evidence", consent.evidence.clone()));
    RecordPage {
        shell: frame::shell(req, session, user, title, Some(Section::Debtors)),
        trail: trail_to_ledger(debtor),
        title,
        debtor: debtor.name.clone(),
        facts,
        action: format!("/debtors/{}/consents/{}/revoke", debtor.id, consent.id),
        kind: "",
        inputs: vec![
            Input::Area(
                typed::field("words", &typed.words, errors),
                "Their words",
                "Any reasonable way of saying it counts. Leave it empty if there are none",
            ),
            Input::Select(
                typed::choices("via", WAYS, &typed.via, errors),
                "How it reached us",
            ),
            Input::Date(
                typed::field("received_at", &typed.received_at, errors),
                "Received on",
                "The day it reached us, even if you record it later",
            ),
        ],
        effects: EFFECTS.to_vec(),
        button: "Take it back now",
        cancel_href: format!("/debtors/{}/consents", debtor.id),
    }
}
