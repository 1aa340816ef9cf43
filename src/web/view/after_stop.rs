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
    pub stop: StopWords,
    /// What counsel will ask for: balance, dates, jurisdiction, limitation.
    pub for_counsel: Vec<Fact>,
    /// The last day on which suit is open, and whether it has passed.
    pub limitation: Option<Limitation>,
    /// The debtor's lawyer where one is on record and the reader may see it: name, phone.
    pub debtor_counsel: Option<String>,
    pub may_recall: bool,
}

/// What stands in the way, by its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopWords {
    /// "Marisol Ortega asked us on 12 Nov 2026, in the portal, to stop contact. …"
    pub what: String,
    /// What it means for a suit.
    pub suit: &'static str,
    /// What goes on until the placement is recalled.
    pub until_then: &'static str,
    /// The rule: name, public page and source.
    pub rule: (&'static str, String, &'static str),
}

/// Until when a court may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limitation {
    pub last_day: String,
    pub passed: bool,
}
