//! What a creditor can still do after a debtor's stop.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::part::Fact;

/// `GET /placements/{id}/options`: the three ways on, each with what it needs.
#[derive(Template)]
#[template(path = "placements/options.html")]
pub struct AfterStopPage {
    pub shell: Shell,
    pub id: String,
    pub debtor: String,
    pub invoice: String,
    /// "12 Nov 2026".
    pub since: String,
    /// "in the portal".
    pub how: String,
    /// What counsel will ask for: balance, dates, jurisdiction, limitation.
    pub for_counsel: Vec<Fact>,
    /// The last day on which suit is open, and whether it has passed.
    pub limitation: Option<Limitation>,
    /// The debtor's lawyer where one is on record and the reader may see it: name, phone.
    pub debtor_counsel: Option<String>,
    pub may_recall: bool,
}

/// Until when a court may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limitation {
    pub last_day: String,
    pub passed: bool,
}
