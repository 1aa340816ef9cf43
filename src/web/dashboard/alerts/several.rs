//! One answer to the alerts that were chosen in the list.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

use super::filters::State;
use super::{Typed, draw, list_shell};
use crate::actions::alert_batch::{self, Answer};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::id::AlertId;
use crate::error::{AppError, AppResult};
use crate::store::alerts::Alert;
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::view::alert::AlertPick;

/// The box of an alert that the reader may answer along with others.
pub fn pick(alert: &Alert, user: &SignedIn, is_chosen: bool) -> Option<AlertPick> {
    let may = alert.status != "resolved"
        && alert.caused_by != user.actor().to_string()
        && alert_batch::may_be_answered_with_others(alert);
    may.then(|| AlertPick {
        value: format!("{}.{}", alert.id, alert.version),
        is_chosen,
    })
}

fn picked(value: &str) -> Option<(AlertId, i64)> {
    let (id, version) = value.split_once('.')?;
    Some((id.parse().ok()?, version.parse().ok()?))
}

/// `POST /alerts/answers`.
pub async fn answer_several(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    fields: web::Form<Vec<(String, String)>>,
) -> AppResult<HttpResponse> {
    let mut typed = Typed::default();
    let mut answer = Answer::Acknowledge;
    let mut list = String::new();
    for (name, value) in fields.into_inner() {
        match name.as_str() {
            "alert" => typed.chosen.extend(picked(&value)),
            "note" => typed.note = value,
            "list" => list = value,
            "answer" if value == "resolve" => answer = Answer::Resolve,
            _ => {}
        }
    }
    let state = State::of_address(&list);
    let worker = (ctx.clone(), user.clone(), typed.clone());
    let done = blocking(move || {
        let (ctx, user, typed) = worker;
        let (actor, scope) = (user.actor(), user.scope());
        alert_batch::answer(&ctx, &actor, scope, &typed.chosen, answer, &typed.note)
    })
    .await;
    match done {
        Ok(count) => {
            let alerts = if count == 1 { "alert" } else { "alerts" };
            let what = match answer {
                Answer::Acknowledge => "acknowledged",
                Answer::Resolve => "resolved",
            };
            frame::flash(&session, &format!("{count} {alerts} {what}."))?;
            Ok(page::see_other(&state.at_page(state.page)))
        }
        Err(AppError::Invalid(errors)) => {
            typed.errors = errors;
            let shell = list_shell(&req, &session, &user);
            let page = blocking(move || draw(&ctx, &user, shell, &state, &typed)).await?;
            page::unprocessable(&page)
        }
        Err(error) => Err(error),
    }
}
