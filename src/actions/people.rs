//! People who may sign in: added, changed, given a new password.

use serde_json::json;

use super::ctx::Ctx;
use super::tx::NewEvent;
use crate::domain::access::Role;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::UserId;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::passwords;
use crate::store::{creditors, users};

/// A person to add.
#[derive(Clone)]
pub struct NewPerson {
    pub email: String,
    pub name: String,
    pub role: Role,
    /// For the people of a creditor: its name.
    pub creditor_name: Option<String>,
    pub password: String,
}

impl std::fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPerson")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// Adds a person. Blocks while the password is hashed.
pub fn add(ctx: &Ctx, actor: &Actor, person: NewPerson) -> AppResult<UserId> {
    let email = person.email.trim().to_lowercase();
    let name = person.name.trim();
    let mut errors = FieldErrors::default();
    if !looks_like_email(&email) {
        errors.add("email", "Enter an email address, such as name@example.com.");
    }
    if name.is_empty() || name.chars().count() > 200 {
        errors.add("name", "Enter a name of at most 200 characters.");
    }
    if let Some(objection) = passwords::objection(&person.password, &email) {
        errors.add("password", objection);
    }
    if person.role.belongs_to_creditor() && person.creditor_name.is_none() {
        errors.add("creditor", "Choose the creditor this person belongs to.");
    }
    if !person.role.belongs_to_creditor() && person.creditor_name.is_some() {
        errors.add("creditor", "Staff of the agency belong to no creditor.");
    }
    errors.into_result()?;

    let hash = ctx.passwords.hash_blocking(&person.password)?;
    ctx.write(actor, |tx| {
        if users::by_email(tx.conn, &email)?.is_some() {
            return Err(AppError::invalid(
                "email",
                "Someone signs in with this address already.",
            ));
        }
        let creditor = match &person.creditor_name {
            Some(name) => Some(
                creditors::by_name(tx.conn, name)?
                    .ok_or_else(|| AppError::invalid("creditor", "There is no such creditor."))?
                    .id,
            ),
            None => None,
        };
        let id = UserId::generate(tx.now);
        users::insert(
            tx.conn,
            &users::NewUser {
                id,
                creditor_id: creditor,
                email: &email,
                name,
                role: person.role,
                password_hash: &hash,
                created_at: tx.now,
            },
        )?;
        tx.record(NewEvent::of_platform(EventKind::UserAdded).body(json!({
            "user": id,
            "role": person.role.as_str(),
            "creditor": creditor,
        })))?;
        Ok(id)
    })
}

/// One `@` with something on both sides, a point in the domain, no spaces: the mail server is the
/// judge of the rest.
fn looks_like_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && !domain.contains('@')
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}
