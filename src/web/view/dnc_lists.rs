//! The do-not-call lists that are kept whole: which are in force, and loading one.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::dnc::DncLoad;
use crate::web::view::form::{Choices, Field, FieldError, errors};
use crate::web::view::part::{Tab, When};

/// `GET /dnc/lists`.
#[derive(Template)]
#[template(path = "dnc/lists.html")]
pub struct DncListsPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// A load is under way and nothing is typed that could be lost: the page looks again by
    /// itself, and the form waits.
    pub looks_again: bool,
    pub loads: Vec<LoadView>,
    /// Files of single numbers, which are in force as well.
    pub files: Vec<DncLoad>,
    pub file: Field,
    pub list: Field,
    pub source: Choices,
    pub as_of: Field,
    pub expires_on: Field,
}

impl DncListsPage {
    fn errors(&self) -> Vec<FieldError> {
        errors(&[
            &self.file,
            &self.list,
            &self.source,
            &self.as_of,
            &self.expires_on,
        ])
    }
}

/// One load of a list.
#[derive(Debug, Clone)]
pub struct LoadView {
    pub id: String,
    pub list: String,
    /// "Every creditor", or the creditor whose list it is.
    pub scope: String,
    pub file_name: String,
    pub begun: When,
    pub state: LoadState,
}

#[derive(Debug, Clone)]
pub enum LoadState {
    /// Read so far, of a hundred; none while the file's length isn't known.
    Loading(Option<u8>),
    InForce {
        numbers: u64,
        as_of: String,
        /// Older than 31 days.
        stale: bool,
        changes: LoadChanges,
    },
    Replaced(LoadChanges),
    TakenBack,
    Failed(String),
}

/// What a load changed.
#[derive(Debug, Clone, Copy)]
pub struct LoadChanges {
    pub added: u64,
    pub removed: u64,
    /// Lines without a number.
    pub invalid: u64,
}
