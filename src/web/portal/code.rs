//! `/p/{token}/code`: the six digits.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::enter::refused;
use super::frame::Frame;
use super::visitor;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::portal::codes::{self, Entry};
use crate::actions::portal::links;
use crate::error::{AppError, AppResult};
use crate::web::guard::GuardConfig;
use crate::web::page;
use crate::web::view::form::Field;
use crate::web::view::portal::PortalCodePage;

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

pub async fn form(
    frame: Frame,
    ctx: web::Data<Ctx>,
    token: web::Path<String>,
) -> AppResult<HttpResponse> {
    let token = token.into_inner();
    let asked = token.clone();
    match blocking(move || links::open(&ctx, &asked)).await {
        Ok(_) => frame.ok(&code_page(&frame, &token, None)),
        Err(error) => refused(&frame, error),
    }
}

pub async fn submit(
    frame: Frame,
    ctx: web::Data<Ctx>,
    guard: web::Data<GuardConfig>,
    token: web::Path<String>,
    typed: web::Form<Typed>,
) -> AppResult<HttpResponse> {
    let token = token.into_inner();
    let asked = token.clone();
    let words = &frame.words().code;
    let message = match blocking(move || codes::enter(&ctx, &asked, &typed.code)).await {
        Ok(Entry::Entered(visit)) => {
            let mut answer = page::see_other("/p/account");
            answer
                .add_cookie(&visitor::cookie(&guard, visit.key))
                .map_err(AppError::internal)?;
            return Ok(answer);
        }
        Ok(Entry::Wrong) => words.wrong,
        Ok(Entry::Spent) => words.spent,
        Err(error) => return refused(&frame, error),
    };
    frame.with_status(
        StatusCode::UNPROCESSABLE_ENTITY,
        &code_page(&frame, &token, Some(message.to_owned())),
    )
}

/// No further code for now; the one sent last may still be typed.
pub(super) fn too_many(frame: &Frame, token: &str) -> AppResult<HttpResponse> {
    let message = frame.outside("").say(frame.words().code.too_many);
    frame.with_status(
        StatusCode::TOO_MANY_REQUESTS,
        &code_page(frame, token, Some(message)),
    )
}

fn code_page(frame: &Frame, token: &str, error: Option<String>) -> PortalCodePage {
    let words = frame.words();
    let title = match error {
        Some(_) => format!("{}: {}", words.error, words.code.heading),
        None => words.code.heading.to_owned(),
    };
    let mut code = Field::new("code", "");
    code.error = error;
    PortalCodePage {
        shell: frame.outside(&title),
        action: format!("/p/{token}/code"),
        code,
        resend_href: format!("/p/{token}"),
    }
}
