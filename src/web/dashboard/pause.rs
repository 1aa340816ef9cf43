//! `/placements/{id}/pause` and `/placements/{id}/resume`.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;

use super::conflict::{self, NotDone};
use super::{frame, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::pauses::{self, Pause, PauseInput, Resume};
use crate::actions::placements::{self as actions, RecallPreview, StopEffects};
use crate::domain::id::PlacementId;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::holds::Hold;
use crate::store::placements::{self, Parties, Placement};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::confirm::ConfirmPage;
use crate::web::view::form::Field;
use crate::web::view::part::{Link, trail_to_placement};
use crate::web::view::pause::PausePage;

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Submitted {
    #[serde(default)]
    until_on: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    version: String,
}

/// The placement and what pausing it would do at this moment.
struct Ground {
    placement: Placement,
    parties: Parties,
    preview: RecallPreview,
    pauses: Vec<Hold>,
}

async fn ground(ctx: &Ctx, user: &SignedIn, id: PlacementId) -> AppResult<Ground> {
    let (ctx, scope) = (ctx.clone(), user.scope());
    blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let (placement, parties) =
                placements::find(conn, scope, id)?.ok_or(AppError::NotFound)?;
            Ok(Ground {
                preview: actions::preview_recall(conn, &placement)?,
                pauses: pauses::in_force(conn, &placement, now)?,
                placement,
                parties,
            })
        })
    })
    .await
}

/// The page that says exactly what will happen. One that has ended has nothing to pause.
pub async fn form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    let ground = ground(&ctx, &user, id.into_inner()).await?;
    if ground.placement.status.is_closed() {
        return Ok(page::see_other(&format!(
            "/placements/{}",
            ground.placement.id
        )));
    }
    let typed = Submitted::default();
    page::ok(&view(
        &req,
        &session,
        &user,
        &ground,
        &typed,
        &FieldErrors::default(),
    ))
}

pub async fn submit(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let (id, form) = (id.into_inner(), form.into_inner());
    let (worker, actor, scope, typed) = (ctx.clone(), user.actor(), user.scope(), form.clone());
    let paused = blocking(move || {
        let input = read(&typed)?;
        pauses::pause(&worker, &actor, scope, id, &input)
    })
    .await;
    let here = format!("/placements/{id}");
    match paused {
        Ok(Pause::Done(_, effects)) => {
            frame::flash(&session, &done(effects))?;
            Ok(page::see_other(&here))
        }
        Ok(Pause::Ended(placement) | Pause::Changed(placement)) => {
            let not_done = NotDone {
                what: "The placement was not paused",
                ways_on: vec![Link::new(
                    "Look at the pause again",
                    format!("{here}/pause"),
                )],
            };
            conflict::respond(&req, &session, &ctx, &user, placement, not_done).await
        }
        Err(AppError::Invalid(errors)) => {
            let ground = ground(&ctx, &user, id).await?;
            page::unprocessable(&view(&req, &session, &user, &ground, &form, &errors))
        }
        Err(error) => Err(error),
    }
}

fn read(form: &Submitted) -> AppResult<PauseInput> {
    let until_on = match form.until_on.trim() {
        "" => None,
        text => Some(
            text.parse::<NaiveDate>()
                .map_err(|_| AppError::invalid("until_on", "Enter a day as 2026-05-13."))?,
        ),
    };
    Ok(PauseInput {
        until_on,
        reason: Some(form.reason.clone()),
        // A form without its version was not shown by us: nobody has seen the effects.
        version: Some(form.version.parse().unwrap_or(0)),
    })
}

fn done(effects: StopEffects) -> String {
    let count = |count: u64, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    format!(
        "Outreach is paused: {} paused, {} cancelled.",
        count(
            effects.sequences_paused,
            "email sequence",
            "email sequences"
        ),
        count(effects.calls_cancelled, "call", "calls")
    )
}

fn view(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    ground: &Ground,
    typed: &Submitted,
    errors: &FieldErrors,
) -> PausePage {
    let field = |name: &'static str, value: &str| {
        let field = Field::new(name, value);
        match errors.of(name) {
            Some(error) => field.with_error(error),
            None => field,
        }
    };
    PausePage {
        shell: frame::shell(req, session, user, "Pause", Some(Section::Placements)),
        id: ground.placement.id.to_string(),
        debtor: ground.parties.debtor.clone(),
        invoice: ground.placement.invoice_number.clone(),
        version: ground.placement.version.to_string(),
        sequences: ground.preview.effects.sequences_paused,
        calls: ground.preview.effects.calls_cancelled,
        calls_in_progress: ground.preview.calls_in_progress,
        standing: ground.pauses.first().map(|hold| {
            hold.until_at.map_or_else(
                || "until it is resumed".to_owned(),
                |at| format!("until {}", words::date(at.date_in(user.time_zone))),
            )
        }),
        until_on: field("until_on", &typed.until_on),
        reason: field("reason", &typed.reason),
    }
}

/// Asks before a pause is ended.
pub async fn resume_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    let ground = ground(&ctx, &user, id.into_inner()).await?;
    let placement = &ground.placement;
    let here = format!("/placements/{}", placement.id);
    if ground.pauses.is_empty() {
        return Ok(page::see_other(&here));
    }
    page::ok(&ConfirmPage {
        shell: frame::shell(&req, &session, &user, "Resume", Some(Section::Placements)),
        trail: trail_to_placement(placement.id.as_str(), &placement.invoice_number),
        question: "Resume outreach?".to_owned(),
        subject: format!(
            "{} \u{b7} {}",
            ground.parties.debtor, placement.invoice_number
        ),
        effects: vec![
            "Email sequences that this pause stopped go on. Each email is checked again before it \
             is sent."
                .to_owned(),
            "The next call is planned for its first lawful moment.".to_owned(),
            "Every stop of the debtor stays in force.".to_owned(),
        ],
        action: format!("{here}/resume"),
        button: "Resume outreach".to_owned(),
        cancel_href: here,
        keep: Vec::new(),
        harmless: true,
    })
}

pub async fn resume(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let (actor, scope) = (user.actor(), user.scope());
    match blocking(move || pauses::resume(&ctx, &actor, scope, id)).await? {
        Resume::Done(_, _) => frame::flash(
            &session,
            "The pause is over. Outreach goes on as far as the rules allow.",
        )?,
        Resume::NotPaused(_) => frame::flash_warning(&session, "The placement is not paused.")?,
    }
    Ok(page::see_other(&format!("/placements/{id}")))
}
