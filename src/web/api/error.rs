//! What only a program can do wrong: a body that isn't JSON, a key that opens nothing.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

/// A refusal with a status, a word to branch on and a sentence to read. `web::errors` gives it
/// its face, because only that layer knows the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    pub status: StatusCode,
    pub code: &'static str,
    pub title: &'static str,
    pub detail: String,
    pub errors: Vec<Wrong>,
}

/// One thing that doesn't fit, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wrong {
    #[serde(flatten)]
    pub place: Place,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A JSON pointer into the body.
    Pointer(String),
    /// A parameter of the query.
    Parameter(String),
    Header(&'static str),
}

impl ApiError {
    fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
            errors: Vec::new(),
        }
    }

    /// 400: the request can't be read at all.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "The request can\u{2019}t be read",
            detail,
        )
    }

    /// 400, about one header.
    pub fn bad_header(name: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut error = Self::bad_request(message.clone());
        error.errors.push(Wrong {
            place: Place::Header(name),
            message,
        });
        error
    }

    /// 401: no key, or one that opens nothing. The two are the same answer.
    pub fn no_key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "A key is needed",
            "Send a key that has not been revoked as \u{201c}Authorization: Bearer ca_\u{2026}\u{201d}.",
        )
    }

    /// 401: a browser's cookie is no key, and would make a key that comes with it doubtful.
    pub fn cookie() -> Self {
        Self {
            detail: "The API takes keys and no cookies. Leave the cookie out.".to_owned(),
            ..Self::no_key()
        }
    }

    /// 403.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    /// 409: the same request is being done at this moment.
    pub fn still_running() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "idempotency-key-in-use",
            "Still running",
            "A request with this Idempotency-Key is being done at this moment. Ask again in a few \
             seconds.",
        )
    }

    /// 409, with a word of its own to branch on.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, "This has changed", detail)
    }

    /// 413.
    pub fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "Too large",
            format!("A body may have at most {limit} bytes here."),
        )
    }

    /// 415.
    pub fn not_json() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "Wrong kind of content",
            "Send the body as application/json.",
        )
    }

    /// 422: it can be read, and doesn't fit.
    pub fn invalid(errors: Vec<Wrong>) -> Self {
        let detail = errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ");
        Self {
            errors,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "Something doesn\u{2019}t fit",
                detail,
            )
        }
    }

    /// 422, about one member of the body.
    pub fn invalid_member(pointer: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![Wrong {
            place: Place::Pointer(pointer.to_owned()),
            message: message.into(),
        }])
    }

    /// 422: the idempotency key was used for something else.
    pub fn key_reused() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency-key-reused",
            "The key was used before",
            "This Idempotency-Key came before with another body. Use a new key for a new request.",
        )
    }

    /// 501: the trade's public client knows the path, and Forbear doesn't do this.
    pub fn not_done(sentence: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "not-implemented",
            "Not done here",
            sentence,
        )
    }
}

/// The message, led by the member it is about: `amount: has more than two decimals.`
impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &self.place {
            Place::Pointer(pointer) => pointer.trim_start_matches('/'),
            Place::Parameter(name) => name,
            Place::Header(name) => name,
        };
        if place.is_empty() {
            write!(f, "{}", self.message)
        } else {
            write!(f, "{place}: {}", self.message)
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// Bare: `web::errors` draws the face.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status)
    }
}
