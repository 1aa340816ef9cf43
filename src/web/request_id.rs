//! A name for each request, in every answer and every line of the log.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use tracing::Instrument;

use crate::keys::random_code;

/// The request's name: sixteen characters, ours, never the caller's.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Writes the request's name into its answer.
pub fn name(headers: &mut HeaderMap, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HEADER, value);
    }
}

/// Names the request and logs one line about its answer: method, route and status, but never a
/// path, which may hold a secret, nor anything of a person.
pub async fn middleware<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = random_code(16).unwrap_or_else(|_| "-".to_owned());
    req.extensions_mut().insert(RequestId(id.clone()));
    let method = req.method().clone();
    let route = req.match_pattern().unwrap_or_else(|| "-".to_owned());
    let span = tracing::info_span!("request", id = %id);
    let mut response = next.call(req).instrument(span.clone()).await?;
    name(response.headers_mut(), &id);
    span.in_scope(|| {
        tracing::debug!(%method, route, status = response.status().as_u16(), "answered");
    });
    Ok(response)
}
