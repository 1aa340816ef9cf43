//! `/stop`: to have contact stopped by saying where one was reached, without any proof.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use tokio::time::Instant;

use super::frame::Frame;
use crate::actions::ctx::Ctx;
use crate::actions::unproven_stops::{self, UnprovenStop};
use crate::domain::email::EmailAddress;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::StopScope;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::keys::is_code;
use crate::web::guard::GuardConfig;
use crate::web::page;
use crate::web::source;
use crate::web::view::form::Field;
use crate::web::view::portal::{PortalStopReceivedPage, PortalStopWithoutLinkPage, stop_scopes};

/// No answer comes sooner: how long the work took would tell whether we know the number.
const SHORTEST_ANSWER: Duration = Duration::from_millis(400);

/// Longest text that is kept of what somebody wrote.
const MOST_CHARACTERS: usize = 2_000;

#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    scope: String,
}

pub async fn form(frame: Frame) -> AppResult<HttpResponse> {
    let blank = Typed {
        phone: String::new(),
        email: String::new(),
        words: String::new(),
        scope: StopScope::All.as_str().to_owned(),
    };
    frame.ok(&stop_page(&frame, &blank))
}

pub async fn submit(
    frame: Frame,
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    guard: web::Data<GuardConfig>,
    typed: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let soonest = Instant::now() + SHORTEST_ANSWER;
    let typed = typed.into_inner();
    let source = source::of(&req, &guard);
    let answer = match read(&frame, &typed) {
        Ok(read) => {
            let asked = UnprovenStop { source, ..read };
            match unproven_stops::request(&ctx, asked).await {
                Ok(reference) => Ok(page::see_other(&format!("/stop/{reference}"))),
                // Whatever the fault is, the answer is: not yet, and please again.
                Err(AppError::Busy(why) | AppError::Internal(why)) => {
                    tracing::error!(%why, "a stop asked for without a link is not complete");
                    let error = frame.words().stop.not_yet.to_owned();
                    again(&frame, &typed, StatusCode::SERVICE_UNAVAILABLE, error)
                }
                Err(AppError::TooMany { .. }) => {
                    let error = frame.outside("").say(frame.words().unproven.too_many);
                    again(&frame, &typed, StatusCode::TOO_MANY_REQUESTS, error)
                }
                Err(error) => Err(error),
            }
        }
        Err(page) => frame.with_status(StatusCode::UNPROCESSABLE_ENTITY, &*page),
    };
    tokio::time::sleep_until(soonest).await;
    answer
}

/// The same page for every number that could have been given out.
pub async fn received(frame: Frame, reference: web::Path<String>) -> AppResult<HttpResponse> {
    let reference = reference.into_inner();
    if !is_code(&reference, 8) {
        return Err(AppError::NotFound);
    }
    frame.ok(&PortalStopReceivedPage {
        shell: frame.outside(frame.words().stopped.title),
        reference,
    })
}

/// What was typed, or the page that says what is wrong with it.
fn read(frame: &Frame, typed: &Typed) -> Result<UnprovenStop, Box<PortalStopWithoutLinkPage>> {
    let texts = &frame.words().unproven;
    let phone = filled(&typed.phone)
        .map(str::parse::<PhoneNumber>)
        .transpose();
    let email = filled(&typed.email)
        .map(str::parse::<EmailAddress>)
        .transpose();
    let words = filled(&typed.words).map(|words| words.chars().take(MOST_CHARACTERS).collect());
    let scope = StopScope::from_word(&typed.scope);

    let mut page = stop_page(frame, typed);
    if phone.is_err() {
        page.phone.error = Some(texts.bad_phone.to_owned());
    }
    if email.is_err() {
        page.email.error = Some(texts.bad_email.to_owned());
    }
    if let (Ok(None), Ok(None), None) = (&phone, &email, &words) {
        page.phone.error = Some(texts.nothing.to_owned());
    }
    if scope.is_none() {
        page.scope.error = Some(frame.words().stop.choose.to_owned());
    }
    match (phone, email, scope) {
        (Ok(phone), Ok(email), Some(scope)) if page.errors().is_empty() => Ok(UnprovenStop {
            phone,
            email,
            words,
            scope,
            source: None,
        }),
        _ => {
            page.shell.title = error_title(frame);
            Err(Box::new(page))
        }
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn again(
    frame: &Frame,
    typed: &Typed,
    status: StatusCode,
    error: String,
) -> AppResult<HttpResponse> {
    let mut page = stop_page(frame, typed);
    page.shell.title = error_title(frame);
    page.scope.error = Some(error);
    frame.with_status(status, &page)
}

fn error_title(frame: &Frame) -> String {
    format!("{}: {}", frame.words().error, frame.words().stop.title)
}

fn stop_page(frame: &Frame, typed: &Typed) -> PortalStopWithoutLinkPage {
    PortalStopWithoutLinkPage {
        shell: frame.outside(frame.words().stop.title),
        action: "/stop".to_owned(),
        phone: Field::new("phone", typed.phone.as_str()),
        email: Field::new("email", typed.email.as_str()),
        words: Field::new("words", typed.words.as_str()),
        scope: stop_scopes(frame.words(), StopScope::from_word(&typed.scope)),
    }
}
