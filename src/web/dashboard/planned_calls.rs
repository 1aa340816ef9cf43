//! The schedule of a placement's calls: planning, moving and cancelling one by hand.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::Tz;
use serde::Deserialize;

use super::placement::File;
use super::{decision_words, frame, gate_words, moments, words};
use crate::actions::blocking;
use crate::actions::call_plan::{self, Planned, Wish};
use crate::actions::ctx::Ctx;
use crate::actions::policies;
use crate::domain::id::{CallId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::gate::Decision;
use crate::gate::locality::zones_for;
use crate::store::calls::Call;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::confirm::ConfirmPage;
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::trail_to_placement;
use crate::web::view::planned_call::{PlanCallPage, Unlawful};
use crate::web::zones;

/// What the form sends.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Submitted {
    number: String,
    at: String,
    version: String,
}

/// What the form needs of the file.
struct Ground {
    file: File,
    /// The call that is to be moved.
    call: Option<Call>,
    /// The debtor's clock, or the reader's where nobody can tell.
    zone: Tz,
    /// The first moment that would be lawful, and its number.
    first: Option<(PhoneNumber, Instant)>,
}

impl Ground {
    async fn load(
        ctx: &Ctx,
        user: &SignedIn,
        id: PlacementId,
        call: Option<CallId>,
    ) -> AppResult<Self> {
        let (ctx, user) = (ctx.clone(), user.clone());
        blocking(move || {
            let now = ctx.now();
            let file = ctx.read(|conn| File::load(&ctx, conn, &user, id, now))?;
            let call = match call {
                Some(call) => Some(call_plan::find(&ctx, user.scope(), id, call)?),
                None => None,
            };
            let policy = policies::current(&ctx)?;
            let zone = zones_for(&policy, &file.facts.debtor, now)
                .first()
                .map_or(user.time_zone, |candidate| candidate.zone.tz());
            let first = call_plan::next_call(&policy, &file.facts, id, now);
            Ok(Self {
                file,
                call,
                zone,
                first,
            })
        })
        .await
    }

    fn draw(&self, req: &HttpRequest, session: &Session, user: &SignedIn) -> PlanCallPage {
        let placement = &self.file.placement;
        let (title, button) = match self.call {
            Some(_) => ("Move the call", "Move call"),
            None => ("Plan a call", "Plan call"),
        };
        let moment = match &self.call {
            Some(call) => Some(call.scheduled_at),
            None => self.first.map(|(_, at)| at),
        };
        PlanCallPage {
            shell: frame::shell(req, session, user, title, Some(Section::Placements)),
            id: placement.id.to_string(),
            invoice: placement.invoice_number.clone(),
            title: title.to_owned(),
            debtor: self.file.debtor.name.clone(),
            action: match &self.call {
                Some(call) => format!("/placements/{}/calls/{}/move", placement.id, call.id),
                None => format!("/placements/{}/calls", placement.id),
            },
            button: button.to_owned(),
            number: self.call.is_none().then(|| self.numbers()),
            fixed_number: self
                .call
                .as_ref()
                .map(|call| call.number.display_national()),
            at: Field::new(
                "at",
                moment.map_or_else(String::new, |at| moments::not_before(at, self.zone)),
            ),
            clock: format!("By the debtor\u{2019}s clock: {}", zones::name(self.zone)),
            version: self
                .call
                .as_ref()
                .map_or_else(String::new, |call| call.version.to_string()),
            unlawful: None,
        }
    }

    /// The debtor's own numbers; the one that is free first is chosen.
    fn numbers(&self) -> Choices {
        let first = self.first.map(|(number, _)| number.to_string());
        let options: Vec<(String, String)> = self
            .file
            .facts
            .debtor
            .phones
            .iter()
            .filter(|phone| phone.belongs_to.is_none())
            .map(|phone| (phone.number.clone(), PhoneNumber::readable(&phone.number)))
            .collect();
        Choices::new(
            "number",
            options
                .iter()
                .map(|(value, label)| (value.as_str(), label.as_str())),
            first.as_deref().unwrap_or_default(),
        )
    }
}

pub async fn form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    let ground = Ground::load(&ctx, &user, id.into_inner(), None).await?;
    page::ok(&ground.draw(&req, &session, &user))
}

pub async fn plan(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<PlacementId>,
    sent: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let (id, sent) = (id.into_inner(), sent.into_inner());
    let ground = Ground::load(&ctx, &user, id, None).await?;
    let wish = wish(id, &sent, &ground);
    let (planner, actor, scope) = (ctx.clone(), user.actor(), user.scope());
    let answer = match wish {
        Ok(wish) => blocking(move || call_plan::plan(&planner, &actor, scope, wish)).await,
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    respond(&req, &session, &user, &ground, &sent, answer, "planned")
}

pub async fn move_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(PlacementId, CallId)>,
) -> AppResult<HttpResponse> {
    let (id, call) = path.into_inner();
    let ground = Ground::load(&ctx, &user, id, Some(call)).await?;
    still_planned(ground.call.as_ref())?;
    page::ok(&ground.draw(&req, &session, &user))
}

pub async fn reschedule(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(PlacementId, CallId)>,
    sent: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let ((id, call), sent) = (path.into_inner(), sent.into_inner());
    let ground = Ground::load(&ctx, &user, id, Some(call)).await?;
    let version = sent.version.parse().unwrap_or_default();
    let (planner, actor, scope) = (ctx.clone(), user.actor(), user.scope());
    let answer = match at(&sent, ground.zone) {
        Ok(at) => {
            blocking(move || call_plan::reschedule(&planner, &actor, scope, id, call, version, at))
                .await
        }
        Err(errors) => Err(AppError::Invalid(errors)),
    };
    respond(&req, &session, &user, &ground, &sent, answer, "moved")
}

pub async fn cancel_form(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(PlacementId, CallId)>,
) -> AppResult<HttpResponse> {
    let (id, call) = path.into_inner();
    let ground = Ground::load(&ctx, &user, id, Some(call)).await?;
    let call = still_planned(ground.call.as_ref())?;
    let invoice = &ground.file.placement.invoice_number;
    page::ok(&ConfirmPage {
        shell: frame::shell(
            &req,
            &session,
            &user,
            "Remove the call",
            Some(Section::Placements),
        ),
        trail: trail_to_placement(id.as_str(), invoice),
        question: "Remove this call from the schedule?".to_owned(),
        subject: format!(
            "{}, {}, {}",
            ground.file.debtor.name,
            call.number.display_national(),
            words::clock(call.scheduled_at, ground.zone)
        ),
        effects: vec![
            "The call is not placed.".to_owned(),
            "No other call is planned by itself; plan one when you wish.".to_owned(),
        ],
        action: format!("/placements/{id}/calls/{}/cancel", call.id),
        button: "Remove call".to_owned(),
        cancel_href: calls_tab(id),
        keep: Vec::new(),
        harmless: false,
    })
}

pub async fn cancel(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(PlacementId, CallId)>,
) -> AppResult<HttpResponse> {
    let (id, call) = path.into_inner();
    blocking(move || call_plan::cancel(&ctx, &user.actor(), user.scope(), id, call)).await?;
    frame::flash(&session, "The call is off the schedule.")?;
    Ok(page::see_other(&calls_tab(id)))
}

/// Done, or the form again with what was typed and why it will not do.
fn respond(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    ground: &Ground,
    sent: &Submitted,
    answer: AppResult<Planned>,
    what: &str,
) -> AppResult<HttpResponse> {
    let again = || {
        let mut page = ground.draw(req, session, user);
        page.at.value.clone_from(&sent.at);
        for option in page.number.iter_mut().flat_map(|it| &mut it.options) {
            option.chosen = option.value == sent.number;
        }
        page
    };
    match answer {
        Ok(Planned::At(at)) => {
            let when = words::clock(at, ground.zone);
            frame::flash(session, &format!("The call is {what} for {when}."))?;
            Ok(page::see_other(&calls_tab(ground.file.placement.id)))
        }
        Ok(Planned::Unlawful(decision)) => {
            let mut page = again();
            if let Some(at) = decision.earliest_lawful_at {
                page.at.value = moments::not_before(at, ground.zone);
            }
            page.unlawful = Some(unlawful(&decision));
            page::unprocessable(&page)
        }
        Err(AppError::Invalid(errors)) => {
            let mut page = again();
            for error in errors.iter() {
                let message = Some(error.message.clone());
                match (error.field, &mut page.number) {
                    ("number", Some(number)) => number.error = message,
                    _ => page.at.error = message,
                }
            }
            page::unprocessable(&page)
        }
        Err(error) => Err(error),
    }
}

fn unlawful(decision: &Decision) -> Unlawful {
    Unlawful {
        findings: decision.in_the_way().map(gate_words::finding).collect(),
        earliest: decision_words::earliest(decision),
    }
}

fn wish(placement: PlacementId, sent: &Submitted, ground: &Ground) -> Result<Wish, FieldErrors> {
    let on_file = |number: &PhoneNumber| {
        let text = number.to_string();
        let mut phones = ground.file.facts.debtor.phones.iter();
        phones.any(|phone| phone.number == text && phone.belongs_to.is_none())
    };
    let number = sent
        .number
        .parse()
        .ok()
        .filter(on_file)
        .ok_or_else(|| FieldErrors::one("number", "Choose one of the debtor's own numbers."))?;
    Ok(Wish {
        placement,
        number,
        at: at(sent, ground.zone)?,
    })
}

fn at(sent: &Submitted, zone: Tz) -> Result<Instant, FieldErrors> {
    moments::read(&sent.at, zone)
        .and_then(|at| at.ok_or_else(|| "Enter the date and the time of day.".to_owned()))
        .map_err(|message| FieldErrors::one("at", message))
}

fn still_planned(call: Option<&Call>) -> AppResult<&Call> {
    call.filter(|call| call.status == "planned").ok_or_else(|| {
        AppError::Conflict(
            "This call has been dialled or cancelled meanwhile, or is about to be dialled."
                .to_owned(),
        )
    })
}

fn calls_tab(id: PlacementId) -> String {
    format!("/placements/{id}?tab=calls")
}
