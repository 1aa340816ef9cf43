//! What the compliance desk has to do by hand.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::badge::ProgressBadge;
use crate::web::view::part::{Chip, Pager, Tab, When};

/// `GET /tasks`.
#[derive(Template)]
#[template(path = "tasks/list.html")]
pub struct TaskListPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub statuses: Vec<Chip>,
    pub rows: Vec<TaskRow>,
    pub pager: Pager,
}

/// One task.
#[derive(Debug, Clone)]
pub struct TaskRow {
    pub id: String,
    /// "Route contact through counsel".
    pub what: String,
    /// Why it is there, in one sentence.
    pub why: String,
    pub debtor: String,
    pub placement_id: String,
    pub invoice: String,
    pub created: When,
    pub due: Option<When>,
    pub overdue: bool,
    pub progress: ProgressBadge,
    pub may_complete: bool,
}
