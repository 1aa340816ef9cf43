//! An error as a page. Without the dashboard's frame on purpose: whatever broke, it still shows.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::errors::ErrorText;
use super::page;
use super::shell::PlainShell;
use super::view::part::Link;
use super::view::session::ErrorPage;
use crate::error::AppError;

/// `start` is where the page leads on to.
pub fn response(
    start: &str,
    nonce: &str,
    status: StatusCode,
    error: Option<&AppError>,
    request_id: &str,
) -> HttpResponse {
    let text = ErrorText::new(status, error);
    let way_on = match status {
        StatusCode::UNAUTHORIZED => Link::new("Sign in", "/sign-in"),
        _ => Link::new("Back to the start", start),
    };
    let error_page = ErrorPage {
        shell: PlainShell {
            title: text.title.to_owned(),
            nonce: nonce.to_owned(),
            is_signed_in: false,
        },
        status: status.as_u16(),
        message: text.sentence,
        ways_on: vec![way_on],
        request_id: Some(request_id.to_owned()),
    };
    page::with_status(status, &error_page).unwrap_or_else(|error| {
        tracing::error!(%error, "the error page could not be drawn");
        HttpResponse::build(status)
            .content_type("text/plain; charset=utf-8")
            .body("Something went wrong.")
    })
}
