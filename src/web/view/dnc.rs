//! The do-not-call registry: look up a number, see how fresh the lists are.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::Field;
use crate::web::view::part::{Tab, When};

/// `GET /dnc?number=`.
#[derive(Template)]
#[template(path = "dnc/list.html")]
pub struct DncPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// Field `number`, any form.
    pub number: Field,
    /// Set when a number was looked up.
    pub verdict: Option<DncVerdict>,
    pub sources: Vec<DncSource>,
    pub can_import: bool,
}

/// What is on file about one number.
#[derive(Debug, Clone)]
pub struct DncVerdict {
    /// "(614) 555-0148".
    pub number: String,
    /// An entry stands today.
    pub listed: bool,
    pub entries: Vec<DncEntry>,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct DncEntry {
    /// "National registry", "The debtor's own request".
    pub source: String,
    pub added: When,
    /// "Never", or a date; "Ended 4 Mar 2026" once past.
    pub expires: String,
    /// Who asked, or the file it came from.
    pub origin: String,
    pub active: bool,
}

/// One list on file.
#[derive(Debug, Clone)]
pub struct DncSource {
    pub name: String,
    pub numbers: u64,
    pub updated: Option<When>,
    /// Older than 31 days.
    pub stale: bool,
}
