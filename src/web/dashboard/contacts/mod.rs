//! Logging a contact: asked when the form is opened, decided when it is sent.

mod draw;
mod read;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use self::draw::Sheet;
use self::read::{Inputs, Kind, Submitted};
use super::frame;
use crate::actions::blocking;
use crate::actions::contacts::{self, Logged, Look, NewContact};
use crate::actions::ctx::Ctx;
use crate::domain::id::{DecisionId, PlacementId};
use crate::error::{AppError, AppResult, FieldErrors};
use crate::gate::facts::Direction;
use crate::store::{decisions, placement_refs};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::view::contact::LogContactPage;

/// What the address of the form may name.
#[derive(Debug, Deserialize)]
pub struct Opened {
    check: Option<String>,
}

/// `POST /placements/{id}/contact-checks`: somebody is about to make a contact. The answer goes on
/// record, and the form shows it.
pub async fn check(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let form = form.into_inner();
    let (sheet, inputs, checked) = precheck(&ctx, &user, id, &form).await?;
    // What was typed must not be lost, and has no place in an address.
    if read::is_under_way(&form) || matches!(checked, Err(AppError::Invalid(_))) {
        let shell = shell(&req, &session, &user);
        let page = checked_page(shell, &ctx, &user, (sheet, inputs, checked), &form).await?;
        return if page.errors().is_empty() {
            page::ok(&page)
        } else {
            page::unprocessable(&page)
        };
    }
    let query = match checked? {
        Some(decision) => format!("check={decision}"),
        None => inputs.query(),
    };
    Ok(page::see_other(&format!(
        "/placements/{id}/contacts/new?{query}"
    )))
}

/// `GET /placements/{id}/contacts/new`: the form with the gate's answer at this moment. It leaves
/// no trace of its own.
pub async fn new(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
    opened: web::Query<Opened>,
    typed: web::Query<Submitted>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let check = opened
        .into_inner()
        .check
        .and_then(|text| text.parse::<DecisionId>().ok());
    let typed = typed.into_inner();
    let reader = (ctx.clone(), user.clone());
    let (sheet, inputs) = blocking(move || {
        let (ctx, user) = reader;
        let mut sheet = Sheet::load(&ctx, &user, id)?;
        let checked = match check {
            Some(check) => ctx
                .read(|conn| Ok(decisions::find(conn, user.scope(), check)?))?
                .filter(|decision| decision.placement_id == id),
            None => None,
        };
        let inputs = match &checked {
            Some(decision) => Inputs::of_decision(decision, &sheet.points, user.time_zone)?,
            None => Inputs::of_check(&typed, &sheet.points),
        };
        sheet.decision = checked.map(|decision| decision.id);
        Ok((sheet, inputs))
    })
    .await?;
    let look = look(&ctx, &user, &sheet, &inputs).await?;
    let shell = shell(&req, &session, &user);
    page::ok(&sheet.draw(shell, &ctx, &user, &inputs, &look))
}

/// `POST /placements/{id}/contacts`: decides again, and is the authority.
pub async fn create(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let form = form.into_inner();
    let writer = (ctx.clone(), user.clone(), form.clone());
    let (mut sheet, inputs, logged) = blocking(move || {
        let (ctx, user, form) = writer;
        let sheet = Sheet::load(&ctx, &user, id)?;
        let inputs = Inputs::of_check(&form, &sheet.points);
        if inputs.differ_from_check(&form) {
            return Ok((sheet, inputs, None));
        }
        let logged = read_contact(&inputs, &form, &sheet, &user)
            .and_then(|new| contacts::log(&ctx, &user.actor(), user.scope(), id, &new));
        Ok((sheet, inputs, Some(logged)))
    })
    .await?;
    let shell = || shell(&req, &session, &user);
    let Some(logged) = logged else {
        // Nobody has seen what the gate says of this contact yet.
        let checked = precheck(&ctx, &user, id, &form).await?;
        let page = checked_page(shell(), &ctx, &user, checked, &form).await?;
        return page::unprocessable(&page.with_new_check());
    };
    match logged {
        Ok(Logged::Done { reminder, .. }) => {
            match reminder {
                Some(reminder) => frame::flash_warning(
                    &session,
                    &format!("Contact logged. {}", reminder.sentence()),
                )?,
                None => frame::flash(&session, "Contact logged.")?,
            }
            Ok(page::see_other(&format!("/placements/{id}?tab=timeline")))
        }
        Ok(Logged::AlreadyDone(_)) => {
            frame::flash(&session, "This contact was logged already.")?;
            Ok(page::see_other(&format!("/placements/{id}?tab=timeline")))
        }
        Ok(Logged::Refused(refusal)) => {
            sheet.decision = Some(refusal.decision_id);
            let look = look(&ctx, &user, &sheet, &inputs).await?;
            let page = sheet
                .draw(shell(), &ctx, &user, &inputs, &look)
                .with_refusal(&refusal.decision, &look, &user)
                .with_answers(&form);
            page::with_status(StatusCode::CONFLICT, &page)
        }
        Ok(Logged::ToAcknowledge(look)) => {
            let page = sheet
                .draw(shell(), &ctx, &user, &inputs, &look)
                .with_answers(&form)
                .with_unanswered_warnings();
            page::unprocessable(&page)
        }
        Err(AppError::Invalid(errors)) => {
            let look = look(&ctx, &user, &sheet, &inputs).await?;
            let page = sheet
                .draw(shell(), &ctx, &user, &inputs, &look)
                .with_answers(&form)
                .with_errors(&errors);
            page::unprocessable(&page)
        }
        Err(error) => Err(error),
    }
}

/// The sheet, what its controls say, and the answer to that on record; none for what the debtor
/// began.
type Checked = (Sheet, Inputs, AppResult<Option<DecisionId>>);

async fn precheck(
    ctx: &web::Data<Ctx>,
    user: &SignedIn,
    id: PlacementId,
    form: &Submitted,
) -> AppResult<Checked> {
    let (ctx, user, form) = (ctx.clone(), user.clone(), form.clone());
    blocking(move || {
        let sheet = Sheet::load(&ctx, &user, id)?;
        let inputs = Inputs::of_check(&form, &sheet.points);
        let checked = inputs
            .intent(&sheet.points, user.time_zone)
            .and_then(|intent| match intent.direction {
                // Nobody has to be asked for leave to be called.
                Direction::In => Ok(None),
                Direction::Out => {
                    contacts::precheck(&ctx, &user.actor(), user.scope(), id, &intent).map(Some)
                }
            });
        Ok((sheet, inputs, checked))
    })
    .await
}

/// The answer over everything that was typed.
async fn checked_page(
    shell: crate::web::shell::Shell,
    ctx: &web::Data<Ctx>,
    user: &SignedIn,
    (mut sheet, inputs, checked): Checked,
    form: &Submitted,
) -> AppResult<LogContactPage> {
    let errors = match checked {
        Ok(decision) => {
            sheet.decision = decision;
            FieldErrors::default()
        }
        Err(AppError::Invalid(errors)) => errors,
        Err(error) => return Err(error),
    };
    let look = look(ctx, user, &sheet, &inputs).await?;
    Ok(sheet
        .draw(shell, ctx, user, &inputs, &look)
        .with_answers(form)
        .with_errors(&errors))
}

/// Everything that was sent, or all that is wrong with it.
fn read_contact(
    inputs: &Inputs,
    form: &Submitted,
    sheet: &Sheet,
    user: &SignedIn,
) -> AppResult<NewContact> {
    let intent = inputs.intent(&sheet.points, user.time_zone);
    let report = read::report(inputs.kind, form);
    let mut errors = FieldErrors::default();
    match (intent, report) {
        (Ok(intent), Ok(report)) => return Ok(report.into_contact(intent, form)),
        (intent, report) => {
            for problem in [intent.err(), report.err()].into_iter().flatten() {
                match problem {
                    AppError::Invalid(found) => errors.extend(found),
                    other => return Err(other),
                }
            }
        }
    }
    Err(AppError::Invalid(errors))
}

/// The gate's answer to what the form says. Where the form can't be read it is asked about a
/// contact with nobody in particular, and refuses.
async fn look(
    ctx: &web::Data<Ctx>,
    user: &SignedIn,
    sheet: &Sheet,
    inputs: &Inputs,
) -> AppResult<Look> {
    let intent = inputs
        .intent(&sheet.points, user.time_zone)
        .unwrap_or_else(|_| inputs.intent_with_nobody());
    let (ctx, scope, id) = (ctx.clone(), user.scope(), sheet.id);
    blocking(move || {
        ctx.read(|conn| {
            let of = placement_refs::find(conn, scope, id)?.ok_or(AppError::NotFound)?;
            contacts::look(&ctx, conn, &of, &intent)
        })
    })
    .await
}

fn shell(req: &HttpRequest, session: &Session, user: &SignedIn) -> crate::web::shell::Shell {
    frame::shell(
        req,
        session,
        user,
        "Log contact",
        Some(crate::web::shell::Section::Placements),
    )
}

/// Whether a script belongs to this kind of contact.
fn is_spoken(kind: Kind) -> bool {
    match kind {
        Kind::PhoneOutbound | Kind::PhoneInbound => true,
        Kind::Voicemail | Kind::Email | Kind::Letter | Kind::EmailInbound | Kind::LetterInbound => {
            false
        }
    }
}
