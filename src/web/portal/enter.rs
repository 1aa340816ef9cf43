//! `/p/{token}`: what a link opens, before the code.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::code;
use super::frame::Frame;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::portal::codes::{self, Sending};
use crate::error::{AppError, AppResult};
use crate::web::page;
use crate::web::view::portal::{PortalEnterPage, PortalLinkUnknownPage};

pub async fn show(
    frame: Frame,
    ctx: web::Data<Ctx>,
    token: web::Path<String>,
) -> AppResult<HttpResponse> {
    let token = token.into_inner();
    let asked = token.clone();
    match blocking(move || codes::has_address(&ctx, &asked)).await {
        Ok(has_address) => landing(&frame, has_address.then(|| format!("/p/{token}"))),
        Err(error) => refused(&frame, error),
    }
}

/// Sends a code and goes on to where it is typed.
pub async fn send_code(
    frame: Frame,
    ctx: web::Data<Ctx>,
    token: web::Path<String>,
) -> AppResult<HttpResponse> {
    let token = token.into_inner();
    let asked = token.clone();
    let language = frame.language();
    match blocking(move || codes::send_code(&ctx, &asked, language)).await {
        Ok(Sending::OnItsWay) => Ok(page::see_other(&format!("/p/{token}/code"))),
        Ok(Sending::NoAddress) => landing(&frame, None),
        Err(AppError::TooMany { .. }) => code::too_many(&frame, &token),
        Err(error) => refused(&frame, error),
    }
}

fn landing(frame: &Frame, send_code_href: Option<String>) -> AppResult<HttpResponse> {
    frame.ok(&PortalEnterPage {
        shell: frame.outside(frame.words().enter.title),
        send_code_href,
    })
}

/// One page for every link that isn't good, so that nobody learns why.
pub(super) fn refused(frame: &Frame, error: AppError) -> AppResult<HttpResponse> {
    if !matches!(error, AppError::NotFound) {
        return Err(error);
    }
    frame.with_status(
        StatusCode::NOT_FOUND,
        &PortalLinkUnknownPage {
            shell: frame.outside(frame.words().link.heading),
        },
    )
}
