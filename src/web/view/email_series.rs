//! The series of emails of a creditor.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError, HasError};
use crate::web::view::part::Link;

/// `GET /creditors/{id}/emails`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "settings/email_series.html")]
pub struct EmailSeriesPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    pub creditor: String,
    pub action: String,
    /// Rows for as many emails as a series may have; those without a template are none.
    pub steps: Vec<StepInput>,
    /// Each email in each language.
    pub previews: Vec<Link>,
    pub cancel_href: &'static str,
}

/// One email of the form.
#[derive(Debug, Clone)]
pub struct StepInput {
    /// "Email 2".
    pub title: String,
    /// Fields `template_2` and `wait_2`, the latter in days and not asked of the first.
    pub template: Choices,
    pub wait: Option<Field>,
}

impl EmailSeriesPage {
    pub fn errors(&self) -> Vec<FieldError> {
        let fields: Vec<&dyn HasError> = self
            .steps
            .iter()
            .flat_map(|step| {
                let template: &dyn HasError = &step.template;
                let wait = step.wait.as_ref().map(|wait| -> &dyn HasError { wait });
                std::iter::once(template).chain(wait)
            })
            .collect();
        form::errors(&fields)
    }
}
