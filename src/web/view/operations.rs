//! The page for whoever keeps the program running.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError};
use crate::web::view::part::{Fact, Link, Tab, When};
use crate::web::view::webhook::StateBadge;

/// `GET /operations`.
#[derive(Template)]
#[template(path = "settings/operations.html")]
pub struct OperationsPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// When these figures were read.
    pub read_at: When,
    pub processes: Vec<ProcessRow>,
    pub loops: Vec<LoopRow>,
    pub queues: Vec<QueueRow>,
    pub sizes: Vec<Fact>,
    pub dead_mails: DeadLetters,
    pub dead_webhooks: DeadLetters,
    pub unknown: UnknownHandOffs,
}

/// A process, alive or not.
#[derive(Debug, Clone)]
pub struct ProcessRow {
    pub id: String,
    /// "Serves and works", "Works".
    pub kind: String,
    pub version: String,
    pub started: When,
    pub seen: When,
    pub state: StateBadge,
}

/// What one loop of one process does.
#[derive(Debug, Clone)]
pub struct LoopRow {
    pub name: String,
    pub process: String,
    pub last_turn: When,
    pub turns: i64,
    pub done: i64,
    pub state: StateBadge,
    /// The last error, and when it was.
    pub error: Option<(String, When)>,
}

/// What waits of one kind.
#[derive(Debug, Clone)]
pub struct QueueRow {
    pub name: &'static str,
    pub in_all: u64,
    pub due: u64,
    /// Since when the oldest could have been done.
    pub oldest: Option<When>,
    /// "3 by 4711-K2", one for each process that holds some.
    pub held: Vec<String>,
}

/// What was given up.
#[derive(Debug, Clone)]
pub struct DeadLetters {
    pub total: u64,
    /// The latest.
    pub rows: Vec<DeadRow>,
}

/// One message that was given up.
#[derive(Debug, Clone)]
pub struct DeadRow {
    pub what: String,
    pub to: String,
    pub why: String,
    pub when: Option<When>,
    /// Where a `POST` has it tried again.
    pub retry_action: String,
}

/// Hand-offs of which nobody knows what became.
#[derive(Debug, Clone)]
pub struct UnknownHandOffs {
    pub total: u64,
    /// The oldest.
    pub rows: Vec<UnknownRow>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct UnknownRow {
    /// "Call", "Email".
    pub what: &'static str,
    pub when: When,
    pub why: String,
    /// When the provider's records are asked next; none where a person looks it up.
    pub asked_next: Option<When>,
    pub placement_href: String,
    /// Where a person says what became of it.
    pub settle_href: String,
    /// Where a `POST` has the records asked at once.
    pub ask_action: String,
}

/// `GET /operations/hand-offs/{id}`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "settings/hand_off.html")]
pub struct HandOffPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    pub title: &'static str,
    pub facts: Vec<Fact>,
    pub placement_href: String,
    pub action: String,
    /// Field `found`.
    pub found: Choices,
    /// Field `note`.
    pub note: Field,
    pub cancel_href: &'static str,
}

impl HandOffPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.found, &self.note])
    }
}
