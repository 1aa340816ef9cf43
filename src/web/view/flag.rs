//! What staff record about a debtor, and what they lift again.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError, HasError};
use crate::web::view::part::{Fact, Link};

/// What is recorded about a debtor: `GET /debtors/{id}/flags/new?kind=` and its kin, and the answer
/// to a `POST` with errors.
#[derive(Template)]
#[template(path = "debtors/record.html")]
pub struct RecordPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    /// "Record a lawyer".
    pub title: &'static str,
    pub debtor: String,
    /// What it is about, where it changes something on record.
    pub facts: Vec<Fact>,
    pub action: String,
    /// The hidden field `kind`.
    pub kind: &'static str,
    pub inputs: Vec<Input>,
    /// What will happen, each a sentence.
    pub effects: Vec<&'static str>,
    pub button: &'static str,
    pub cancel_href: String,
}

/// One control of the form.
#[derive(Debug, Clone)]
pub enum Input {
    Text(Field, &'static str, &'static str),
    Phone(Field, &'static str, &'static str),
    Date(Field, &'static str, &'static str),
    Area(Field, &'static str, &'static str),
    Select(Choices, &'static str),
    Radios(Choices, &'static str, &'static str),
    /// A time of day.
    Time(Field, &'static str, &'static str),
    /// Any of several, each sent as `name_value=yes`.
    Ticks(Choices, &'static str, &'static str),
}

impl RecordPage {
    pub fn errors(&self) -> Vec<FieldError> {
        let fields: Vec<&dyn HasError> = self
            .inputs
            .iter()
            .map(|input| -> &dyn HasError {
                match input {
                    Input::Text(field, _, _)
                    | Input::Phone(field, _, _)
                    | Input::Date(field, _, _)
                    | Input::Time(field, _, _)
                    | Input::Area(field, _, _) => field,
                    Input::Select(choices, _)
                    | Input::Radios(choices, _, _)
                    | Input::Ticks(choices, _, _) => choices,
                }
            })
            .collect();
        form::errors(&fields)
    }
}

/// `GET /debtors/{id}/flags/{flag}/lift`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "flags/lift.html")]
pub struct LiftFlagPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    /// "Has a lawyer".
    pub what: &'static str,
    pub debtor: String,
    pub facts: Vec<Fact>,
    pub action: String,
    pub cancel_href: String,
    /// Field `via`, where only the debtor's own word ends it.
    pub via: Option<Choices>,
    /// Field `reason`: why, or the debtor's words.
    pub reason: Field,
    /// What will happen, each a sentence.
    pub effects: Vec<&'static str>,
}

impl LiftFlagPage {
    pub fn errors(&self) -> Vec<FieldError> {
        let mut fields: Vec<&dyn HasError> = vec![&self.reason];
        if let Some(via) = &self.via {
            fields.push(via);
        }
        form::errors(&fields)
    }
}
