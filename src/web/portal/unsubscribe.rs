//! `/u/{token}`: the link in every email that ends them. Looking changes nothing; a `POST`, from
//! the page's button or from a mail program (RFC 8058), ends the emails and asks for nothing.

use actix_web::{HttpResponse, web};

use super::enter;
use super::frame::Frame;
use crate::actions::ctx::Ctx;
use crate::actions::{due_emails, mail_tokens};
use crate::error::{AppError, AppResult};
use crate::web::view::unsubscribe::{UnsubscribePage, words};

pub async fn ask(
    frame: Frame,
    ctx: web::Data<Ctx>,
    token: web::Path<String>,
) -> AppResult<HttpResponse> {
    let token = token.into_inner();
    if mail_tokens::open_unsubscribe(&ctx.keys, &token).is_none() {
        return enter::refused(&frame, AppError::NotFound);
    }
    frame.ok(&page(&frame, Some(format!("/u/{token}"))))
}

pub async fn end(
    frame: Frame,
    ctx: web::Data<Ctx>,
    token: web::Path<String>,
) -> AppResult<HttpResponse> {
    match due_emails::unsubscribe(&ctx, &token.into_inner()).await {
        Ok(()) => frame.ok(&page(&frame, None)),
        Err(error) => enter::refused(&frame, error),
    }
}

fn page(frame: &Frame, action: Option<String>) -> UnsubscribePage {
    let words = words(frame.language());
    UnsubscribePage {
        shell: frame.outside(words.title),
        words,
        action,
    }
}
