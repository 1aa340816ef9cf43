//! Sign-in, and pages outside the dashboard's frame.

use askama::Template;

use crate::web::shell::PlainShell;
use crate::web::view::form::{self, Field, FieldError};
use crate::web::view::part::Link;

/// `GET /sign-in`, and the answer to a `POST` that failed.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    pub shell: PlainShell,
    pub form: SignInForm,
    /// Why one has to sign in, for instance after a session ended.
    pub notice: Option<String>,
    /// The page to return to, already checked to be one of ours.
    pub next: Option<String>,
}

/// Fields `email`, `password`. The error stands at the email and never says which was wrong.
#[derive(Debug, Clone)]
pub struct SignInForm {
    pub email: Field,
    pub password: Field,
}

impl SignInForm {
    /// An empty form, or one that keeps the email typed; never the password.
    pub fn new(email: &str) -> Self {
        Self {
            email: Field::new("email", email),
            password: Field::new("password", ""),
        }
    }

    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.email, &self.password])
    }
}

/// Any error as a page: what happened, why, and the way on.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub shell: PlainShell,
    pub status: u16,
    pub message: String,
    pub ways_on: Vec<Link>,
    pub request_id: Option<String>,
}
