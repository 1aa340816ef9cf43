//! The agency's clients, for administrators.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Field, FieldError};
use crate::web::view::part::{Tab, When};

/// `GET /creditors`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "creditors/list.html")]
pub struct CreditorListPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub rows: Vec<CreditorRow>,
    /// Field `name`.
    pub name: Field,
    /// Field `fee_percent`: "25" or "12.5".
    pub fee_percent: Field,
    /// Fields `contact_email`, `contact_phone`, `postal_address`: may be empty.
    pub contact_email: Field,
    pub contact_phone: Field,
    pub postal_address: Field,
}

/// One creditor.
#[derive(Debug, Clone)]
pub struct CreditorRow {
    pub name: String,
    /// Where its series of emails is set.
    pub emails_href: String,
    /// "25 %".
    pub fee: String,
    pub calls_per_week: i32,
    /// None: contacts may be made for it.
    pub not_cleared: Option<String>,
    pub since: When,
}

impl CreditorListPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[
            &self.name,
            &self.fee_percent,
            &self.contact_email,
            &self.contact_phone,
            &self.postal_address,
        ])
    }
}
