//! Refused attempts and acknowledged warnings, to be looked at by a person.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::badge::{ProgressBadge, SeverityBadge};
use crate::web::view::form::{self, Field, FieldError};
use crate::web::view::part::{ChipGroup, Fact, Pager, Tab, When};

/// `GET /alerts`.
#[derive(Template)]
#[template(path = "alerts/list.html")]
pub struct AlertListPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// Severity, type, status: each a row of chips.
    pub filters: Vec<ChipGroup>,
    pub rows: Vec<AlertRow>,
    /// For those who answer alerts, where a row can be chosen.
    pub answers: Option<AlertAnswers>,
    pub pager: Pager,
    /// False when there never was an alert.
    pub any_alert: bool,
}

impl AlertListPage {
    /// One of the filters that are folded away is set: then they are shown.
    fn is_narrowed_further(&self) -> bool {
        self.filters.iter().skip(3).any(|group| {
            // The first chip of each group lets everything through.
            group.chips.iter().skip(1).any(|chip| chip.current)
        })
    }
}

/// The form that answers the chosen alerts.
#[derive(Debug, Clone)]
pub struct AlertAnswers {
    /// Field `alert`: stands for the boxes in the rows.
    pub chosen: Field,
    /// Field `note`.
    pub note: Field,
    /// The list to come back to.
    pub list_href: String,
    /// The same page with every box ticked; none for a list of several rules, whose alerts can't
    /// be answered together.
    pub all_href: Option<String>,
}

impl AlertAnswers {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.chosen, &self.note])
    }
}

/// The box that chooses a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertPick {
    /// The alert and the version it has: `ID.3`.
    pub value: String,
    pub is_chosen: bool,
}

/// One alert in a list.
#[derive(Debug, Clone)]
pub struct AlertRow {
    pub id: String,
    pub severity: SeverityBadge,
    /// The alert's type in words: "Cease-and-desist", "Do not call".
    pub kind: String,
    pub message: String,
    pub debtor: String,
    pub placement_id: String,
    pub invoice: String,
    /// Who tried: an agent's name, "Scheduler", "API key ca_7f…".
    pub caused_by: String,
    pub when: When,
    pub progress: ProgressBadge,
    /// None where it can't be answered along with others, and outside the list.
    pub pick: Option<AlertPick>,
}

/// `GET /alerts/{id}`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "alerts/show.html")]
pub struct AlertPage {
    pub shell: Shell,
    pub alert: AlertRow,
    pub facts: Vec<Fact>,
    /// The rule: name and public page.
    pub rule: (String, String),
    pub decision_href: String,
    /// What was done with it so far, oldest first.
    pub history: Vec<AlertStep>,
    pub may: AlertMay,
    /// Sent along with an answer, so that one to a page that is out of date changes nothing.
    pub version: i64,
    /// Field `note`.
    pub note: Field,
    /// The same rule and debtor lately: how many, and where they are listed.
    pub similar: Option<(u64, String)>,
}

/// What was done with an alert.
#[derive(Debug, Clone)]
pub struct AlertStep {
    /// "Acknowledged by Priya Raman".
    pub what: String,
    pub note: String,
    pub when: When,
}

/// What the reader may do with an alert.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertMay {
    pub acknowledge: bool,
    pub resolve: bool,
    /// Why neither, in one sentence: one's own alert is answered by somebody else.
    pub why_not: Option<String>,
}

impl AlertPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.note])
    }
}
