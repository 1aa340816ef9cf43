//! People who may sign in, for administrators.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError};
use crate::web::view::part::{Pager, Tab, When};

/// `GET /people`.
#[derive(Template)]
#[template(path = "users/list.html")]
pub struct UserListPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub rows: Vec<UserRow>,
    pub pager: Pager,
    /// Shown once after somebody was added or got a new password: name and password.
    pub one_time_password: Option<(String, String)>,
}

/// One person.
#[derive(Debug, Clone)]
pub struct UserRow {
    pub id: String,
    pub name: String,
    pub email: String,
    /// The role in words.
    pub role: String,
    pub creditor: Option<String>,
    pub last_sign_in: Option<When>,
    pub active: bool,
}

/// `GET /people/new` and `GET /people/{id}`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "users/edit.html")]
pub struct UserEditPage {
    pub shell: Shell,
    /// None: somebody is being added.
    pub id: Option<String>,
    /// Where the form goes.
    pub action: String,
    pub form: UserForm,
    /// Whether the person is active; decides what the last section offers.
    pub active: bool,
    /// One cannot deactivate oneself.
    pub is_oneself: bool,
    /// The row as it was when the form was shown.
    pub version: i64,
}

/// Fields `name`, `email`, `role`, `creditor`.
#[derive(Debug, Clone)]
pub struct UserForm {
    pub name: Field,
    pub email: Field,
    pub role: Choices,
    /// For the two creditor roles only.
    pub creditor: Choices,
}

/// The roles: code and words.
pub const ROLES: [(&str, &str); 6] = [
    ("creditor_admin", "Creditor admin"),
    ("creditor_member", "Creditor member"),
    ("agent", "Agent"),
    ("supervisor", "Supervisor"),
    ("compliance", "Compliance"),
    ("administrator", "Administrator"),
];

impl UserEditPage {
    pub fn errors(&self) -> Vec<FieldError> {
        let form = &self.form;
        form::errors(&[&form.name, &form.email, &form.role, &form.creditor])
    }
}
