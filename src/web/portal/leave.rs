//! Ways out: "Leave this page", and a visit that is over.

use actix_web::{HttpRequest, HttpResponse, web};

use super::frame::Frame;
use super::visitor;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::portal::visits;
use crate::error::{AppError, AppResult};
use crate::web::guard::GuardConfig;
use crate::web::page;
use crate::web::view::portal::{PortalEndedPage, PortalLeftPage};

/// Ends the visit, if there is one.
pub async fn leave(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    guard: web::Data<GuardConfig>,
) -> AppResult<HttpResponse> {
    let mut answer = page::see_other("/p/left");
    if let Some(key) = visitor::key(&req, &guard) {
        blocking(move || visits::end(&ctx, &key)).await?;
        let mut gone = visitor::cookie(&guard, String::new());
        gone.make_removal();
        answer.add_cookie(&gone).map_err(AppError::internal)?;
    }
    Ok(answer)
}

pub async fn left(frame: Frame) -> AppResult<HttpResponse> {
    frame.ok(&PortalLeftPage {
        words: frame.words(),
    })
}

/// `/p`: there is no visit in this browser.
pub async fn ended(frame: Frame) -> AppResult<HttpResponse> {
    frame.ok(&PortalEndedPage {
        shell: frame.outside(frame.words().ended.heading),
    })
}
