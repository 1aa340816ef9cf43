//! Planning a call, and moving one that is planned.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::contact::Finding;
use crate::web::view::form::{self, Choices, Field, FieldError};

/// One form: which number (for a new call), and when by the debtor's clock.
#[derive(Template)]
#[template(path = "placements/plan_call.html")]
pub struct PlanCallPage {
    pub shell: Shell,
    pub id: String,
    pub invoice: String,
    /// "Plan a call", "Move the call".
    pub title: String,
    /// Whom it is to: "Marisol Ortega".
    pub debtor: String,
    /// Where the `POST` goes.
    pub action: String,
    pub button: String,
    /// Field `number`; none where the call has its number already.
    pub number: Option<Choices>,
    /// That number.
    pub fixed_number: Option<String>,
    /// Field `at`: a date and a time of day.
    pub at: Field,
    /// "By the debtor's clock: Central time".
    pub clock: String,
    /// Field `version`, of the call that is moved; empty for a new one.
    pub version: String,
    /// Why the chosen moment will not do.
    pub unlawful: Option<Unlawful>,
}

/// The gate's answer for a moment at which the call would be refused.
#[derive(Debug, Clone)]
pub struct Unlawful {
    pub findings: Vec<Finding>,
    /// One sentence: "Earliest lawful moment: …".
    pub earliest: String,
}

impl PlanCallPage {
    pub fn errors(&self) -> Vec<FieldError> {
        match &self.number {
            Some(number) => form::errors(&[number, &self.at]),
            None => form::errors(&[&self.at]),
        }
    }
}
