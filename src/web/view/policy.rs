//! The policy in force, and what another one would change.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{Field, FieldError};
use crate::web::view::part::{Fact, Tab, When};

/// `GET /settings/policy`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "settings/policy.html")]
pub struct PolicyPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub facts: Vec<Fact>,
    pub history: Vec<ActivationRow>,
    /// The caps that can be switched off.
    pub caps: Vec<CapRow>,
    /// The files `federal`, `states` and `overlays`; none for readers who may not change it.
    pub files: Vec<Field>,
    /// Everything that is wrong with the files that were sent, a line each.
    pub problems: Vec<String>,
}

/// One cap that was found in the text of a law, stricter than what holds everywhere.
#[derive(Debug, Clone)]
pub struct CapRow {
    /// "Massachusetts".
    pub place: String,
    pub field: String,
    /// The value, its dates, its source and who reviewed it.
    pub lines: Vec<String>,
    pub on: bool,
    /// What the button sends; none for readers who may not change it.
    pub switch: Option<Switch>,
}

/// Which entry a button switches.
#[derive(Debug, Clone)]
pub struct Switch {
    pub place: String,
    pub field: String,
    /// The first day of the entry; empty for since ever.
    pub from: String,
}

/// One time that a policy was put in force.
#[derive(Debug, Clone)]
pub struct ActivationRow {
    pub when: When,
    pub by: String,
    pub version: String,
    pub href: String,
    pub current: bool,
}

impl PolicyPage {
    pub fn errors(&self) -> Vec<FieldError> {
        // The list of what is wrong stands on the page itself.
        if self.problems.is_empty() {
            return Vec::new();
        }
        vec![FieldError {
            field: "problems".to_owned(),
            message: "The files can't be used as they are".to_owned(),
        }]
    }
}

/// `GET /settings/policy/{version}`.
#[derive(Template)]
#[template(path = "settings/policy_change.html")]
pub struct PolicyChangePage {
    pub shell: Shell,
    /// Whole, in hex.
    pub version: String,
    /// The one it is compared with.
    pub current: String,
    pub is_in_force: bool,
    pub facts: Vec<Fact>,
    pub changes: Vec<ChangeRow>,
    pub may_activate: bool,
    /// The activation that it was compared with.
    pub seen: i64,
}

/// One entry that is added, removed or changed.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    pub place: String,
    pub field: String,
    /// "Added", "Removed", "Changed".
    pub what: &'static str,
    pub before: Vec<String>,
    pub after: Vec<String>,
}
