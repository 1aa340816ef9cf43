//! The two faces of an error: a page for people, problem+json for programs.

use actix_session::storage::{LoadError, SaveError, UpdateError};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};

use super::api::error::ApiError;
use super::guard::{self, is_machine_path};
use super::problem::Problem;
use super::request_id::RequestId;
use super::{error_page, page, request_id};
use crate::error::AppError;

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(_) | Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Bare: [`middleware`] draws the face, since only it knows who is asking.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

/// What a person reads about a status.
pub struct ErrorText {
    pub title: &'static str,
    pub sentence: String,
}

impl ErrorText {
    /// The words for an answer with `status`; `error` where it was one of ours.
    pub fn new(status: StatusCode, error: Option<&AppError>) -> Self {
        let (title, sentence) = match error {
            Some(AppError::Conflict(what)) => ("This has changed", what.clone()),
            Some(AppError::Invalid(fields)) => (
                "Something doesn\u{2019}t fit",
                fields
                    .iter()
                    .map(|field| field.message.as_str())
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            Some(AppError::Refused(_)) => (
                "Contact is not allowed",
                "The compliance gate refused this contact. The decision is on record.".to_owned(),
            ),
            Some(AppError::TooMany {
                retry_after_seconds,
            }) => (
                "Too many tries",
                format!("Wait {} and try again.", in_words(*retry_after_seconds)),
            ),
            Some(
                AppError::NotFound
                | AppError::Unauthenticated
                | AppError::Forbidden
                | AppError::Busy(_)
                | AppError::Internal(_),
            )
            | None => {
                let (title, sentence) = of_status(status);
                (title, sentence.to_owned())
            }
        };
        Self { title, sentence }
    }
}

fn of_status(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => (
            "The request can\u{2019}t be read",
            "Something in the address or the form isn\u{2019}t as it should be.",
        ),
        StatusCode::UNAUTHORIZED => ("Please sign in", "This needs you to be signed in."),
        StatusCode::FORBIDDEN => (
            "Not allowed",
            "Your role doesn\u{2019}t include this; an administrator can change that. If a link on \
             another site led you here, start from the beginning instead.",
        ),
        StatusCode::NOT_FOUND => (
            "Not found",
            "There is nothing at this address, or it isn\u{2019}t yours to see.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "Not possible",
            "This address doesn\u{2019}t take that kind of request.",
        ),
        StatusCode::REQUEST_TIMEOUT => (
            "That took too long",
            "The request wasn\u{2019}t complete in time. Try again.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("Too large", "That is more than is accepted here."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "Wrong kind of content",
            "That kind of content isn\u{2019}t accepted here.",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "Busy",
            "The system is busy. Nothing was changed. Try again in a few seconds.",
        ),
        status if status.is_client_error() => (
            "The request can\u{2019}t be handled",
            "Something about the request isn\u{2019}t right.",
        ),
        _ => (
            "Something went wrong",
            "The fault is ours and has been logged. Nothing was changed.",
        ),
    }
}

/// `12 seconds`, `3 minutes`.
fn in_words(seconds: u32) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// Seconds to wait, where the answer is worth asking for again.
fn retry_after(error: Option<&AppError>, status: StatusCode) -> Option<u32> {
    match error {
        Some(AppError::TooMany {
            retry_after_seconds,
        }) => Some(*retry_after_seconds),
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(5),
        _ => None,
    }
}

/// What must be known of a request to answer for it. Taken before the request goes on its way:
/// a second handle on a request would stop the router from matching it.
struct Asked {
    for_machine: bool,
    path: String,
    /// Where who meets an error goes on from.
    start: &'static str,
    nonce: String,
    request_id: String,
}

impl Asked {
    fn of(req: &ServiceRequest) -> Self {
        let request_id = req.extensions().get::<RequestId>().map(|id| id.0.clone());
        Self {
            for_machine: is_machine_path(req.path()),
            path: req.path().to_owned(),
            start: start_of(req.path()),
            nonce: page::nonce(req.request()),
            request_id: request_id.unwrap_or_default(),
        }
    }
}

/// A debtor is never led to the dashboard.
fn start_of(path: &str) -> &'static str {
    if path == "/stop" || path.starts_with("/stop/") {
        "/stop"
    } else if path == "/p" || path.starts_with("/p/") {
        "/p/account"
    } else {
        "/"
    }
}

/// Gives every error that carries no body of its own a face, and logs faults of ours once.
pub async fn middleware<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = Asked::of(&req);
    let https = guard::config(&req)?.https;
    match next.call(req).await {
        Ok(response) => {
            let response = response.map_into_boxed_body();
            if response.response().error().is_none() && !is_bare_error(&response) {
                return Ok(response);
            }
            let (http, bare) = response.into_parts();
            Ok(ServiceResponse::new(http, dress(&asked, bare)))
        }
        // The request is lost, and with it the way through the outer layers.
        Err(error) => {
            let mut dressed = dress(&asked, HttpResponse::from_error(error));
            guard::add_headers(dressed.headers_mut(), &asked.nonce, https);
            request_id::name(dressed.headers_mut(), &asked.request_id);
            Err(InternalError::from_response("refused", dressed).into())
        }
    }
}

fn dress(asked: &Asked, bare: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
    let error = bare.error().and_then(|error| error.as_error::<AppError>());
    let sessions_down = bare.error().is_some_and(|error| {
        error.as_error::<InternalError<LoadError>>().is_some()
            || error.as_error::<InternalError<SaveError>>().is_some()
            || error.as_error::<InternalError<UpdateError>>().is_some()
    });
    let status = if sessions_down {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        bare.status()
    };
    if status.is_server_error() {
        match (error, bare.error()) {
            (Some(error), _) => tracing::error!(%error, "request failed"),
            (None, Some(error)) => tracing::error!(%error, "request failed"),
            (None, None) => tracing::error!(%status, "request failed"),
        }
    }
    let told = bare.error().and_then(|error| error.as_error::<ApiError>());
    let mut dressed = if asked.for_machine {
        let problem = match told {
            Some(told) => Problem::told(told),
            None => Problem::new(status, error),
        };
        problem.into_response(&asked.path, &asked.request_id)
    } else {
        error_page::response(asked.start, &asked.nonce, status, error, &asked.request_id)
    };
    for (name, value) in bare.headers() {
        if is_kept(name) {
            dressed.headers_mut().append(name.clone(), value.clone());
        }
    }
    if asked.for_machine && status == StatusCode::UNAUTHORIZED {
        dressed.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"forbear\""),
        );
    }
    if let Some(seconds) = retry_after(error, status) {
        dressed
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::REQUEST_TIMEOUT {
        // The rest of the body may still be on its way: the connection can't be used again.
        dressed
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    dressed
}

/// What an answer keeps when it gets its face: Allow, for 405; cookies that were set before it
/// failed; what is left of a key's quota.
fn is_kept(name: &HeaderName) -> bool {
    *name == header::ALLOW
        || *name == header::SET_COOKIE
        || *name == header::CONNECTION
        || name.as_str().starts_with("ratelimit-")
}

/// An answer of the framework itself, such as 404 for an unknown path.
fn is_bare_error(response: &ServiceResponse<BoxBody>) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && !response.headers().contains_key(header::CONTENT_TYPE)
}
