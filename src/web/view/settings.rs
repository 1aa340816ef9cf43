//! API keys, sessions and the password.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError};
use crate::web::view::part::{Tab, When};

/// Which settings the reader may open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SettingsMay {
    pub api_keys: bool,
    pub webhooks: bool,
    pub users: bool,
    pub audit: bool,
}

/// The tabs of the settings, for what the reader may open.
pub fn tabs(current: &str, may: SettingsMay) -> Vec<Tab> {
    [
        ("People", "/people", may.users),
        ("Creditors", "/creditors", may.users),
        ("API keys", "/settings/api-keys", may.api_keys),
        ("Webhooks", "/settings/webhooks", may.webhooks),
        ("Security", "/settings/security", true),
        ("Policy", "/settings/policy", may.audit),
        ("Operations", "/operations", may.users),
        ("Audit record", "/audit/checkpoints", may.audit),
    ]
    .into_iter()
    .filter(|(_, _, allowed)| *allowed)
    .map(|(label, href, _)| Tab {
        label,
        href: href.to_owned(),
        count: None,
        current: href == current,
    })
    .collect()
}

/// `GET /settings/api-keys`, and the answer to a `POST` that made or rotated a key.
#[derive(Template)]
#[template(path = "settings/api_keys.html")]
pub struct ApiKeysPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// The new key, shown this once.
    pub new_key: Option<NewKey>,
    pub rows: Vec<ApiKeyRow>,
    /// Field `name`.
    pub name: Field,
    /// Field `access`: `full`, `read`.
    pub access: Choices,
    /// Field `creditor`, for administrators: whose key it is.
    pub creditor: Option<Choices>,
    pub last_changed: Option<String>,
}

/// A key that nobody will see again.
#[derive(Clone)]
pub struct NewKey {
    pub name: String,
    pub key: String,
    /// Until when the key it replaces still works; none for a new one.
    pub old_works_until: Option<String>,
}

/// One key, told apart by its prefix.
#[derive(Debug, Clone)]
pub struct ApiKeyRow {
    pub id: String,
    pub name: String,
    /// Whose key it is, for administrators.
    pub creditor: Option<String>,
    /// "ca_7f3kq2".
    pub prefix: String,
    /// "Full" or "Read only".
    pub access: String,
    pub created: When,
    pub created_by: String,
    pub last_used: Option<When>,
    pub revoked: Option<When>,
}

impl ApiKeysPage {
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = form::errors(&[&self.name, &self.access]);
        if let Some(creditor) = &self.creditor {
            errors.extend(form::errors(&[creditor]));
        }
        errors
    }
}

/// `GET /settings/security`, and the answer to a `POST` with errors.
#[derive(Template)]
#[template(path = "settings/security.html")]
pub struct SecurityPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub sessions: Vec<SessionRow>,
    /// Field `current_password`.
    pub current_password: Field,
    /// Field `new_password`.
    pub new_password: Field,
    /// The present password was given by somebody else.
    pub must_choose: bool,
}

/// A browser that is signed in.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// "Chromium on Linux".
    pub device: String,
    pub signed_in: When,
    pub last_seen: When,
    pub current: bool,
}

impl SecurityPage {
    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[&self.current_password, &self.new_password])
    }
}
