//! Pausing a placement: what it will do, until when.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Field, FieldError};

/// `GET /placements/{id}/pause`, and the answer to a `POST` with errors. With script the same
/// block opens as a dialog over the placement.
#[derive(Template)]
#[template(path = "placements/pause.html")]
pub struct PausePage {
    pub shell: Shell,
    pub id: String,
    pub debtor: String,
    pub invoice: String,
    /// The placement's version when the effects were read; sent back as `version`.
    pub version: String,
    /// Active email sequences that pause.
    pub sequences: u64,
    /// Scheduled calls that are cancelled.
    pub calls: u64,
    /// Calls in progress, which end naturally.
    pub calls_in_progress: u64,
    /// "until 4 Dec 2026": a pause that is in force, and gets the new day.
    pub standing: Option<String>,
    /// Field `until_on`, optional.
    pub until_on: Field,
    /// Field `reason`, optional.
    pub reason: Field,
}

impl PausePage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.until_on, &self.reason])
    }
}
