//! Errors for programs: RFC 9457 problem details, with the older `error.code` beside them for
//! the trade's public client.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use super::api::error::{ApiError, Place, Wrong};
use super::errors::ErrorText;
use crate::domain::id::DecisionId;
use crate::error::AppError;
use crate::gate::{Decision, Finding};

#[derive(Debug, Serialize)]
pub struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// The path that was asked for.
    instance: String,
    code: &'static str,
    request_id: String,
    error: LegacyError,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Wrong>,
    #[serde(flatten)]
    refusal: Option<RefusalBody>,
}

#[derive(Debug, Serialize)]
struct LegacyError {
    code: &'static str,
}

#[derive(Debug, Serialize)]
struct RefusalBody {
    decision_id: DecisionId,
    findings: Vec<Finding>,
    earliest_lawful_at: Option<crate::domain::time::Instant>,
}

impl Problem {
    pub fn new(status: StatusCode, error: Option<&AppError>) -> Self {
        let text = ErrorText::new(status, error);
        let code = code(status, error);
        let errors = match error {
            Some(AppError::Invalid(fields)) => fields
                .iter()
                .map(|field| Wrong {
                    place: Place::Pointer(format!("/{}", field.field)),
                    message: field.message.clone(),
                })
                .collect(),
            _ => Vec::new(),
        };
        let refusal = match error {
            Some(AppError::Refused(refusal)) => {
                let decision: &Decision = &refusal.decision;
                Some(RefusalBody {
                    decision_id: refusal.decision_id,
                    findings: decision.findings.clone(),
                    earliest_lawful_at: decision.earliest_lawful_at,
                })
            }
            _ => None,
        };
        Self {
            r#type: "about:blank",
            title: text.title,
            status: status.as_u16(),
            detail: text.sentence,
            instance: String::new(),
            code,
            request_id: String::new(),
            error: LegacyError { code },
            errors,
            refusal,
        }
    }

    /// From an error that brings its own words.
    pub fn told(error: &ApiError) -> Self {
        Self {
            r#type: "about:blank",
            title: error.title,
            status: error.status.as_u16(),
            detail: error.detail.clone(),
            instance: String::new(),
            code: error.code,
            request_id: String::new(),
            error: LegacyError { code: error.code },
            errors: error.errors.clone(),
            refusal: None,
        }
    }

    /// The answer to the request for `path` with this id.
    pub fn into_response(mut self, path: &str, request_id: &str) -> HttpResponse {
        path.clone_into(&mut self.instance);
        request_id.clone_into(&mut self.request_id);
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        HttpResponse::build(status)
            .content_type("application/problem+json")
            .body(serde_json::to_string(&self).unwrap_or_default())
    }
}

/// A word that a program can branch on.
fn code(status: StatusCode, error: Option<&AppError>) -> &'static str {
    match error {
        Some(AppError::Refused(_)) => "contact-blocked",
        Some(AppError::Conflict(_)) => "conflict",
        Some(AppError::Invalid(_)) => "invalid",
        _ => match status {
            StatusCode::BAD_REQUEST => "bad-request",
            StatusCode::UNAUTHORIZED => "unauthenticated",
            StatusCode::FORBIDDEN => "forbidden",
            StatusCode::NOT_FOUND => "not-found",
            StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
            StatusCode::PAYLOAD_TOO_LARGE => "too-large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
            StatusCode::UNPROCESSABLE_ENTITY => "invalid",
            StatusCode::TOO_MANY_REQUESTS => "too-many-requests",
            StatusCode::SERVICE_UNAVAILABLE => "busy",
            StatusCode::NOT_IMPLEMENTED => "not-implemented",
            _ => "error",
        },
    }
}
