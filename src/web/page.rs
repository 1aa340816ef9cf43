//! Templates as answers.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use askama::Template;

use super::guard::Nonce;
use crate::error::{AppError, AppResult};

/// The page with status 200.
pub fn ok(page: &impl Template) -> AppResult<HttpResponse> {
    with_status(StatusCode::OK, page)
}

/// The form again, with what was typed and what is wrong with it.
pub fn unprocessable(page: &impl Template) -> AppResult<HttpResponse> {
    with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

pub fn with_status(status: StatusCode, page: &impl Template) -> AppResult<HttpResponse> {
    let html = page.render().map_err(AppError::internal)?;
    let mut answer = HttpResponse::build(status);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.insert_header((header::RETRY_AFTER, "5"));
    }
    Ok(answer.content_type("text/html; charset=utf-8").body(html))
}

/// Goes on to another page of ours after something was done.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, location))
        .finish()
}

/// The nonce that this answer's policy allows.
pub fn nonce(req: &HttpRequest) -> String {
    req.extensions()
        .get::<Nonce>()
        .map(|nonce| nonce.0.clone())
        .unwrap_or_default()
}
