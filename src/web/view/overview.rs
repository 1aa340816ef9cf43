//! The first page after sign-in.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::badge::{HoldBadge, StatusBadge};
use crate::web::view::part::When;

/// `GET /overview`.
#[derive(Template)]
#[template(path = "overview.html")]
pub struct OverviewPage {
    pub shell: Shell,
    pub context: String,
    /// Outstanding, recovered this month, in outreach, average days to pay.
    pub figures: Vec<Figure>,
    /// What waits for the reader, most urgent first; empty lines are left out.
    pub queue: Vec<QueueLine>,
    pub recent: Vec<RecentPlacement>,
    pub can_import: bool,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub label: String,
    pub value: String,
    pub note: String,
    /// The rows behind the number.
    pub href: Option<String>,
}

/// Work that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueLine {
    pub label: String,
    pub count: u64,
    pub href: String,
}

/// One of the six most recent placements.
#[derive(Debug, Clone)]
pub struct RecentPlacement {
    pub id: String,
    pub debtor: String,
    pub state: String,
    pub invoice: String,
    pub amount: String,
    pub status: StatusBadge,
    pub holds: Vec<HoldBadge>,
    pub placed: When,
}
