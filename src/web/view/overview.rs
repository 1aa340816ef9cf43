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
    pub statuses: Vec<StatusLine>,
    /// What is left in sum.
    pub outstanding: String,
    /// Recovered on each of the last thirty days.
    pub recovered: RecoveredChart,
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

/// The placements of one status.
#[derive(Debug, Clone)]
pub struct StatusLine {
    pub status: StatusBadge,
    pub placements: u64,
    /// What is left to recover on them; none once they are closed.
    pub left: Option<String>,
    pub href: String,
}

/// Bars over days, with the same figures as a table behind them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecoveredChart {
    /// The drawing's own units.
    pub width: i64,
    pub height: i64,
    /// The amount that the highest bar stands for.
    pub highest: String,
    pub total: String,
    pub first: String,
    pub last: String,
    pub bars: Vec<Bar>,
}

impl RecoveredChart {
    /// No payment on any of the days.
    pub fn is_empty(&self) -> bool {
        self.bars.iter().all(|bar| bar.is_empty)
    }
}

/// One day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub day: String,
    pub amount: String,
    /// Nothing was recovered: the table leaves it out.
    pub is_empty: bool,
}
