//! What a request can come to besides success. Each has two faces, a page and problem+json,
//! which `web` draws.

use std::fmt;

use crate::db::DbError;
use crate::domain::id::DecisionId;
use crate::gate::Decision;

/// Everything an action can answer besides `Ok`.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Not there, or not there for this caller: the two must look the same.
    #[error("not found")]
    NotFound,
    #[error("not signed in")]
    Unauthenticated,
    #[error("not allowed")]
    Forbidden,
    /// What was sent does not fit; the fields say where and why.
    #[error("invalid input: {0}")]
    Invalid(FieldErrors),
    /// The gate refused. The decision is on record.
    #[error("contact refused")]
    Refused(Box<Refusal>),
    /// The world has moved on: one sentence on what is true now.
    #[error("conflict: {0}")]
    Conflict(String),
    /// Try again in so many seconds.
    #[error("busy: {0}")]
    Busy(String),
    /// Too many tries; wait so many seconds.
    #[error("too many tries")]
    TooMany { retry_after_seconds: u32 },
    /// A fault of ours. The text is for the log alone.
    #[error("internal error: {0}")]
    Internal(String),
}

/// A refusal with its reasons.
#[derive(Debug)]
pub struct Refusal {
    pub decision_id: DecisionId,
    pub decision: Decision,
}

pub type AppResult<T> = Result<T, AppError>;

impl AppError {
    /// A fault of ours, for the log.
    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }

    /// One field that doesn't fit.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(FieldErrors::one(field, message))
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Busy(why) => Self::Busy(why),
            DbError::Query(diesel::result::Error::NotFound) => Self::NotFound,
            DbError::Query(error) => Self::internal(error),
        }
    }
}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        DbError::from(error).into()
    }
}

impl From<getrandom::Error> for AppError {
    fn from(error: getrandom::Error) -> Self {
        Self::internal(error)
    }
}

impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

/// What is wrong, field by field, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

/// One field and one plain sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the form field or JSON member.
    pub field: &'static str,
    pub message: String,
}

impl FieldErrors {
    pub fn one(field: &'static str, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError {
            field,
            message: message.into(),
        });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes over what another reader found.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// The first message for a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }

    /// `Ok` when nothing is wrong.
    pub fn into_result(self) -> Result<(), AppError> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid(self))
        }
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{} {}", error.field, error.message)?;
        }
        Ok(())
    }
}
