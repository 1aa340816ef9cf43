//! What the compliance desk has to do by hand.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::badge::ProgressBadge;
use crate::web::view::form::{self, Field, FieldError};
use crate::web::view::part::{ChipGroup, Fact, Link, Pager, Tab, When};

/// `GET /tasks`.
#[derive(Template)]
#[template(path = "tasks/list.html")]
pub struct TaskListPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// Status, in whose hands, kind: each a row of chips.
    pub filters: Vec<ChipGroup>,
    pub rows: Vec<TaskRow>,
    pub pager: Pager,
    /// False when there never was a task.
    pub any_task: bool,
}

/// One task.
#[derive(Debug, Clone)]
pub struct TaskRow {
    pub id: String,
    /// "Route contact through counsel".
    pub what: String,
    /// Why it is there, in one sentence.
    pub why: String,
    /// What it is about: invoice and timeline; none for one that belongs to no debtor of ours.
    pub placement: Option<Link>,
    /// The debtor with their page, where it is about one.
    pub debtor: Option<Link>,
    pub created: When,
    pub due: Option<When>,
    pub overdue: bool,
    /// "You", a name, or nobody.
    pub taken_by: Option<String>,
    pub progress: ProgressBadge,
}

/// `GET /tasks/{id}`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "tasks/show.html")]
pub struct TaskPage {
    pub shell: Shell,
    pub task: TaskRow,
    /// What it was opened with, word for word.
    pub told: Option<String>,
    pub facts: Vec<Fact>,
    /// What came of it, once it is done.
    pub outcome: Option<TaskOutcome>,
    pub may: TaskMay,
    /// Sent along with an answer, so that one to a page that is out of date changes nothing.
    pub version: i64,
    /// Field `note`.
    pub note: Field,
}

/// What came of a task.
#[derive(Debug, Clone)]
pub struct TaskOutcome {
    pub by: String,
    pub when: When,
    pub note: String,
}

/// What the reader may do with a task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskMay {
    pub take: bool,
    pub put_back: bool,
    pub finish: bool,
    pub reopen: bool,
    /// Why nothing, in one sentence.
    pub why_not: Option<&'static str>,
}

impl TaskPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.note])
    }
}
