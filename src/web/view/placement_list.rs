//! The list of placements.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::badge::{HoldBadge, StatusBadge};
use crate::web::view::form::Choices;
use crate::web::view::part::{Chip, Column, Pager, Search, When};

/// `GET /placements`. Search, chips, sort and page all live in the address.
#[derive(Template)]
#[template(path = "placements/list.html")]
pub struct PlacementListPage {
    pub shell: Shell,
    /// One line under the title: whose placements these are.
    pub context: String,
    pub search: Search,
    /// The creditors staff may narrow the list to; none for a creditor's people.
    pub creditors: Option<CreditorFilter>,
    /// One per status, after "All".
    pub statuses: Vec<Chip>,
    /// Held, Paused, Disputed, Needs me.
    pub filters: Vec<Chip>,
    pub columns: PlacementColumns,
    pub rows: Vec<PlacementRow>,
    pub pager: Pager,
    /// The search's words are so common that not all it found is listed.
    pub more: bool,
    /// The same list as a file.
    pub export_href: String,
    /// False when there is no placement at all, whatever the filters: then the page asks for an upload.
    pub any_placement: bool,
    pub can_import: bool,
}

/// A select that narrows the list to one creditor.
#[derive(Debug, Clone)]
pub struct CreditorFilter {
    pub choices: Choices,
    /// The other parameters, kept as hidden fields.
    pub keep: Vec<(String, String)>,
}

/// The list's columns; Amount, Past due and Placed are sortable.
#[derive(Debug, Clone)]
pub struct PlacementColumns {
    pub amount: Column,
    pub past_due: Column,
    pub placed: Column,
}

impl PlacementColumns {
    /// All columns, in the order of the page.
    pub fn all(&self) -> Vec<Column> {
        vec![
            Column::text("Debtor"),
            Column::text("Invoice"),
            self.amount.clone(),
            self.past_due.clone(),
            Column::text("Status"),
            Column::text("Earliest next contact"),
            self.placed.clone(),
        ]
    }
}

/// One placement in the list.
#[derive(Debug, Clone)]
pub struct PlacementRow {
    pub id: String,
    pub debtor: String,
    /// The state's postal code, or its name.
    pub state: String,
    /// Shown to staff, who see several creditors.
    pub creditor: Option<String>,
    pub invoice: String,
    /// The amount placed, with cents.
    pub amount: String,
    /// Days past due; none before the due date.
    pub past_due_days: Option<i64>,
    /// Paid, recalled or ended otherwise: nothing falls due on it any more.
    pub is_closed: bool,
    pub status: StatusBadge,
    pub holds: Vec<HoldBadge>,
    pub next_contact: NextContact,
    pub placed: When,
}

impl PlacementRow {
    /// More than thirty days: said in words, and in red.
    pub fn is_overdue(&self) -> bool {
        self.past_due_days.is_some_and(|days| days > 30)
    }
}

/// When the law next lets somebody reach the debtor, over all channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextContact {
    Now,
    /// At once too, but only by a person who acknowledges a warning.
    WithWarning,
    /// The moment, with the debtor's own clock in words: "8:00 am their time".
    At {
        when: When,
        debtor_time: String,
        /// A person must acknowledge a warning then.
        warned: bool,
    },
    /// Nothing but an act of somebody lifts it; the rule in a few words.
    NotByItself(String),
    /// The placement is over.
    Closed,
}
