//! The do-not-call lists: look up a number, put one on, take one off, see how fresh the lists are.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError};
use crate::web::view::part::{Fact, Link, Tab, When};

/// `GET /dnc?number=`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "dnc/list.html")]
pub struct DncPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// Field `number`, any form.
    pub number: Field,
    /// Set when a number was looked up.
    pub verdict: Option<DncVerdict>,
    /// The form that puts a number on a list; none for those who only look.
    pub add: Option<AddNumber>,
    pub loads: Vec<DncLoad>,
}

/// What is on file about one number.
#[derive(Debug, Clone)]
pub struct DncVerdict {
    /// "(614) 555-0148".
    pub number: String,
    pub standing: DncStanding,
    pub entries: Vec<DncEntry>,
    /// Debtors whom the number reaches.
    pub debtors: Vec<Link>,
}

/// Whether a call would be allowed as far as these lists go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DncStanding {
    /// An entry stands today for everybody.
    ForNobody,
    /// Entries stand for these creditors alone.
    NotFor(String),
    /// No entry stands today.
    Free,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct DncEntry {
    /// "National registry", "The person's own request".
    pub source: &'static str,
    /// "Every creditor", or one by name.
    pub binds: String,
    pub added: When,
    /// "Never", or a date; "Ended 4 Mar 2026" once past.
    pub expires: String,
    /// "A loaded list", "By hand".
    pub origin: &'static str,
    pub active: bool,
    /// Where it can be taken off.
    pub remove_href: Option<String>,
}

/// The form that puts a number on a list.
#[derive(Debug, Clone)]
pub struct AddNumber {
    /// Field `add_number`.
    pub number: Field,
    /// Field `source`: the person's own request, or ours.
    pub source: Choices,
    /// Field `scope`: the agency, or one creditor.
    pub scope: Choices,
    /// Field `note`.
    pub note: Field,
}

impl AddNumber {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.number, &self.source, &self.scope, &self.note])
    }
}

/// A list in force, or a file of single numbers.
#[derive(Debug, Clone)]
pub struct DncLoad {
    /// "National registry", "A file of single numbers".
    pub name: String,
    /// The day whose state a list that is kept whole shows.
    pub as_of: Option<String>,
    /// When it was loaded.
    pub when: When,
    /// "Every creditor", or one by name.
    pub binds: String,
    pub numbers: u64,
    pub invalid: u64,
    pub by: String,
    /// Older than 31 days.
    pub stale: bool,
}

/// `GET /dnc/numbers/{number}/remove`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "dnc/remove.html")]
pub struct RemoveNumberPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    pub number: String,
    pub facts: Vec<Fact>,
    pub action: String,
    pub cancel_href: String,
    /// Hidden fields that say which entry.
    pub keep: Vec<(&'static str, String)>,
    /// Field `consent_on`, for a person's own request.
    pub consent_on: Option<Field>,
    /// Field `reason`.
    pub reason: Field,
}

impl RemoveNumberPage {
    pub fn errors(&self) -> Vec<FieldError> {
        let mut fields: Vec<&dyn form::HasError> = Vec::new();
        if let Some(field) = &self.consent_on {
            fields.push(field);
        }
        fields.push(&self.reason);
        form::errors(&fields)
    }
}
