//! Recalling a placement: what it will do, and what is true when it cannot be done.

use askama::Template;

use crate::domain::placement::RecallReason;
use crate::domain::text_enum::TextEnum;
use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::badge::StatusBadge;
use crate::web::view::form::{self, Choices, Field, FieldError};
use crate::web::view::part::{Fact, Link};

/// `GET /placements/{id}/recall`, and the answer to a `POST` with errors. With script the same
/// block opens as a dialog over the placement.
#[derive(Template)]
#[template(path = "placements/recall.html")]
pub struct RecallPage {
    pub shell: Shell,
    pub id: String,
    pub debtor: String,
    pub invoice: String,
    /// The placement's version when the effects were read; sent back as `version`.
    pub version: String,
    pub effects: RecallEffects,
    pub form: RecallForm,
}

/// What recalling will do, counted at this moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecallEffects {
    /// Active email sequences that pause.
    pub sequences: u64,
    /// Scheduled calls that are cancelled.
    pub calls: u64,
    /// Calls in progress, which end naturally.
    pub calls_in_progress: u64,
    /// The last day on which the recall can be undone: "28 Nov 2026".
    pub undo_until: String,
}

/// Fields `reason` (optional), `note` (optional).
#[derive(Debug, Clone)]
pub struct RecallForm {
    pub reason: Choices,
    pub note: Field,
}

impl RecallForm {
    pub fn new(reason: &str, note: &str) -> Self {
        Self {
            reason: Choices::new(
                "reason",
                RecallReason::WORDS
                    .iter()
                    .map(|(reason, word)| (*word, reason.label())),
                reason,
            ),
            note: Field::new("note", note),
        }
    }

    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.reason, &self.note])
    }
}

/// 409: the page that somebody acted on was no longer true. It says what is true now.
#[derive(Template)]
#[template(path = "placements/conflict.html")]
pub struct ConflictPage {
    pub shell: Shell,
    pub id: String,
    pub debtor: String,
    pub invoice: String,
    /// What was asked for and did not happen: "The payment was not recorded."
    pub not_done: String,
    /// Why, in one sentence: "Dana Whitfield recalled this placement 2 minutes ago."
    pub because: String,
    pub status: StatusBadge,
    /// What is true now.
    pub now: Vec<Fact>,
    pub ways_on: Vec<Link>,
}
