//! `/operations/hand-offs/{id}`: a hand-off of which nobody knows what became, for a person who has
//! found out.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::ctx::Ctx;
use crate::actions::unknowns::{self, Ended, FoundOut};
use crate::actions::{blocking, operations};
use crate::domain::id::AttemptId;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::attempts::AttemptRow;
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::form::{Choices, Field};
use crate::web::view::operations::HandOffPage;
use crate::web::view::part::{Fact, Link, When};

const BACK: &str = "/operations";

const OF_CALLS: [(&str, &str); 4] = [
    (
        "talked",
        "The call was placed, and somebody was spoken with",
    ),
    ("voicemail", "The call was placed, and a machine answered"),
    ("nobody", "The call was placed, and nobody answered"),
    ("nothing", "No call was placed"),
];
const OF_MAIL: [(&str, &str); 2] = [
    ("sent", "The email went out"),
    ("nothing", "No email went out"),
];

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    found: String,
    #[serde(default)]
    note: String,
}

impl Typed {
    fn found(&self) -> AppResult<FoundOut> {
        Ok(match self.found.as_str() {
            "talked" => FoundOut::Ended(Ended::Talked),
            "voicemail" => FoundOut::Ended(Ended::Voicemail),
            "nobody" => FoundOut::Ended(Ended::NobodyAnswered),
            "sent" => FoundOut::Sent,
            "nothing" => FoundOut::Nothing,
            _ => return Err(AppError::invalid("found", "Choose what you found out.")),
        })
    }
}

/// `GET /operations/hand-offs/{id}`.
pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<AttemptId>,
) -> AppResult<HttpResponse> {
    let shell = shell(&req, &session, &user);
    let typed = Typed::default();
    page::ok(
        &draw(
            &ctx,
            &user,
            shell,
            id.into_inner(),
            &typed,
            &FieldErrors::default(),
        )
        .await?,
    )
}

/// `POST /operations/hand-offs/{id}`.
pub async fn settle(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<AttemptId>,
    form: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let (id, typed) = (id.into_inner(), form.into_inner());
    let (worker, actor, said) = (ctx.clone(), user.actor(), typed.clone());
    let done = blocking(move || {
        let found = said.found()?;
        unknowns::decide(&worker, &actor, id, found, &said.note)
    })
    .await;
    match done {
        Ok(()) => {
            frame::flash(&session, "What became of it is on record.")?;
            Ok(page::see_other(BACK))
        }
        Err(AppError::Invalid(errors)) => {
            let shell = shell(&req, &session, &user);
            page::unprocessable(&draw(&ctx, &user, shell, id, &typed, &errors).await?)
        }
        Err(error) => Err(error),
    }
}

/// `POST /operations/hand-offs/{id}/ask`: the provider's records are asked again at once.
pub async fn ask(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<AttemptId>,
) -> AppResult<HttpResponse> {
    let (id, actor) = (id.into_inner(), user.actor());
    blocking(move || unknowns::ask_again(&ctx, &actor, id)).await?;
    frame::flash(&session, "The provider\u{2019}s records are asked again.")?;
    Ok(page::see_other(BACK))
}

fn shell(req: &HttpRequest, session: &Session, user: &SignedIn) -> Shell {
    frame::shell(
        req,
        session,
        user,
        "Settle a hand-off",
        Some(Section::Settings),
    )
}

async fn draw(
    ctx: &web::Data<Ctx>,
    user: &SignedIn,
    shell: Shell,
    id: AttemptId,
    typed: &Typed,
    errors: &FieldErrors,
) -> AppResult<HandOffPage> {
    let reader = ctx.clone();
    let row = blocking(move || operations::unknown_hand_off(&reader, id)).await?;
    let options: &[(&str, &str)] = if row.call_id.is_some() {
        &OF_CALLS
    } else {
        &OF_MAIL
    };
    let choices = Choices::new("found", options.iter().copied(), &typed.found);
    let note = Field::new("note", &typed.note);
    Ok(HandOffPage {
        shell,
        trail: vec![Link::new("Operations", BACK)],
        title: if row.call_id.is_some() {
            "What became of this call?"
        } else {
            "What became of this email?"
        },
        facts: facts(&row, user, ctx),
        placement_href: format!("/placements/{}", row.placement_id),
        action: format!("{BACK}/hand-offs/{id}"),
        found: match errors.of("found") {
            Some(error) => choices.with_error(error),
            None => choices,
        },
        note: match errors.of("note") {
            Some(error) => note.with_error(error),
            None => note,
        },
        cancel_href: BACK,
    })
}

fn facts(row: &AttemptRow, user: &SignedIn, ctx: &Ctx) -> Vec<Fact> {
    let at = When::new(row.authorised_at, user.time_zone, ctx.now());
    vec![
        Fact::new("Handed over", at.absolute),
        Fact::new("To", row.address.clone()),
        Fact::new(
            "What went wrong",
            row.error.clone().unwrap_or_else(|| "No report".to_owned()),
        ),
        Fact::new("Id of the hand-off", row.id.to_string()),
    ]
}
