//! `/placements/{id}/recall` and its undoing.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::conflict::{self, NotDone};
use super::{frame, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::placements::{
    self as actions, Recall, RecallInput, RecallPreview, StopEffects, UNDO_WITHIN, Undo,
};
use crate::domain::id::PlacementId;
use crate::domain::placement::RecallReason;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::placements::{self, Parties, Placement};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::confirm::ConfirmPage;
use crate::web::view::part::{Link, trail_to_placement};
use crate::web::view::recall::{RecallEffects, RecallForm, RecallPage};

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
pub struct Submitted {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    version: String,
}

/// The placement and what recalling it would do at this moment.
struct Ground {
    placement: Placement,
    parties: Parties,
    preview: RecallPreview,
    now: Instant,
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
                placement,
                parties,
                now,
            })
        })
    })
    .await
}

/// The page that says exactly what will happen. One that is closed has nothing to recall: its own
/// page says how it ended.
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
    page::ok(&view(
        &req,
        &session,
        &user,
        &ground,
        RecallForm::new("", ""),
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
    let input = match read(&form) {
        Ok(input) => input,
        Err(again) => {
            let ground = ground(&ctx, &user, id).await?;
            return page::unprocessable(&view(&req, &session, &user, &ground, *again));
        }
    };
    let (worker, actor, scope) = (ctx.clone(), user.actor(), user.scope());
    let recalled = blocking(move || actions::recall(&worker, &actor, scope, id, &input)).await;
    let here = format!("/placements/{id}");
    match recalled {
        Ok(Recall::Done(_, effects)) => {
            frame::flash(&session, &done(effects))?;
            Ok(page::see_other(&here))
        }
        Ok(Recall::AlreadyDone(placement)) => {
            frame::flash_warning(&session, &already(&placement, &user))?;
            Ok(page::see_other(&here))
        }
        Ok(Recall::Ended(placement) | Recall::Changed(placement)) => {
            let not_done = NotDone {
                what: "The placement was not recalled",
                ways_on: vec![Link::new(
                    "Look at the recall again",
                    format!("{here}/recall"),
                )],
            };
            conflict::respond(&req, &session, &ctx, &user, placement, not_done).await
        }
        Err(AppError::Invalid(errors)) => {
            let mut again = RecallForm::new(&form.reason, &form.note);
            if let Some(message) = errors.of("note") {
                again.note = again.note.with_error(message);
            }
            let ground = ground(&ctx, &user, id).await?;
            page::unprocessable(&view(&req, &session, &user, &ground, again))
        }
        Err(error) => Err(error),
    }
}

/// The form as the action takes it, or the form again with what is wrong.
fn read(form: &Submitted) -> Result<RecallInput, Box<RecallForm>> {
    let reason = match form.reason.as_str() {
        "" => None,
        word => match RecallReason::from_word(word) {
            Some(reason) => Some(reason),
            None => {
                let mut again = RecallForm::new("", &form.note);
                again.reason = again
                    .reason
                    .with_error("Choose one of the reasons, or none.");
                return Err(Box::new(again));
            }
        },
    };
    let note = form.note.trim();
    Ok(RecallInput {
        reason,
        note: (!note.is_empty()).then(|| note.to_owned()),
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
        "The placement is recalled: {} paused, {} cancelled. There is no fee.",
        count(
            effects.sequences_paused,
            "email sequence",
            "email sequences"
        ),
        count(effects.calls_cancelled, "call", "calls")
    )
}

fn already(placement: &Placement, user: &SignedIn) -> String {
    let on = placement
        .resolved_at
        .map(|at| format!(" on {}", words::date(at.date_in(user.time_zone))))
        .unwrap_or_default();
    format!("The placement was recalled already{on}. Nothing was done again.")
}

fn view(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    ground: &Ground,
    form: RecallForm,
) -> RecallPage {
    RecallPage {
        shell: frame::shell(req, session, user, "Recall", Some(Section::Placements)),
        id: ground.placement.id.to_string(),
        debtor: ground.parties.debtor.clone(),
        invoice: ground.placement.invoice_number.clone(),
        version: ground.placement.version.to_string(),
        effects: RecallEffects {
            sequences: ground.preview.effects.sequences_paused,
            calls: ground.preview.effects.calls_cancelled,
            calls_in_progress: ground.preview.calls_in_progress,
            undo_until: words::date(ground.now.plus(UNDO_WITHIN).date_in(user.time_zone)),
        },
        form,
    }
}

/// Asks before a recall is taken back.
pub async fn undo_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    let ground = ground(&ctx, &user, id.into_inner()).await?;
    let placement = &ground.placement;
    let here = format!("/placements/{}", placement.id);
    if !actions::can_undo_recall(placement, ground.now) {
        return Ok(page::see_other(&here));
    }
    page::ok(&ConfirmPage {
        shell: frame::shell(
            &req,
            &session,
            &user,
            "Undo recall",
            Some(Section::Placements),
        ),
        trail: trail_to_placement(placement.id.as_str(), &placement.invoice_number),
        question: "Undo this recall?".to_owned(),
        subject: format!(
            "{} \u{b7} {}",
            ground.parties.debtor, placement.invoice_number
        ),
        effects: vec![
            "The placement is open again.".to_owned(),
            "Email sequences stay paused and cancelled calls stay cancelled until outreach is \
             started again."
                .to_owned(),
            "Every stop of the debtor stays in force.".to_owned(),
        ],
        action: format!("{here}/undo-recall"),
        button: "Undo recall".to_owned(),
        cancel_href: here,
        keep: Vec::new(),
        harmless: true,
    })
}

pub async fn undo(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let (actor, scope) = (user.actor(), user.scope());
    let undone = blocking(move || actions::undo_recall(&ctx, &actor, scope, id)).await?;
    match undone {
        Undo::Done(_) => frame::flash(
            &session,
            "The recall is undone. Outreach stays off until it is started again.",
        )?,
        Undo::NotRecalled(_) => frame::flash_warning(&session, "The placement is open already.")?,
        Undo::TooLate(_) => frame::flash_warning(
            &session,
            "The recall can\u{2019}t be undone any more. Place the account again instead.",
        )?,
    }
    Ok(page::see_other(&format!("/placements/{id}")))
}
