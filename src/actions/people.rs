//! People who may sign in: added, changed, given a new password.

use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use crate::domain::access::Role;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, UserId};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::keys::random_code;
use crate::passwords;
use crate::store::users::{Changes, User};
use crate::store::{creditors, sessions, users};

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

/// Adds a person whose password is known. Blocks while it is hashed.
pub fn add(ctx: &Ctx, actor: &Actor, person: NewPerson) -> AppResult<UserId> {
    let named = named(&person.email, &person.name, person.role);
    let mut errors = named.check(person.creditor_name.is_some());
    if let Some(objection) = passwords::objection(&person.password, &named.email) {
        errors.add("password", objection);
    }
    errors.into_result()?;
    let hash = ctx.passwords.hash_blocking(&person.password)?;
    ctx.write(actor, |tx| {
        let creditor = match &person.creditor_name {
            Some(name) => Some(
                creditors::by_name(tx.conn, name)?
                    .ok_or_else(|| AppError::invalid("creditor", "There is no such creditor."))?
                    .id,
            ),
            None => None,
        };
        insert(tx, &named, creditor, &hash, false)
    })
}

/// What an administrator says of a person.
#[derive(Debug, Clone)]
pub struct Profile {
    pub email: String,
    pub name: String,
    pub role: Role,
    /// For the people of a creditor.
    pub creditor: Option<CreditorId>,
}

/// Adds a person and returns the password they sign in with for the first time. It is kept
/// nowhere, and the first thing it opens is the choice of another one. Blocks while it is hashed.
pub fn invite(ctx: &Ctx, actor: &Actor, profile: &Profile) -> AppResult<(UserId, String)> {
    let named = named(&profile.email, &profile.name, profile.role);
    named.check(profile.creditor.is_some()).into_result()?;
    let password = first_password()?;
    let hash = ctx.passwords.hash_blocking(&password)?;
    let id = ctx.write(actor, |tx| {
        known_creditor(tx, profile.creditor)?;
        insert(tx, &named, profile.creditor, &hash, true)
    })?;
    Ok((id, password))
}

/// Changes what is said of a person. Their role and creditor count from the next request on.
///
/// # Errors
/// `Conflict` when somebody else changed the person since `version`, or when nobody would be left
/// to administer.
pub fn change(
    ctx: &Ctx,
    actor: &Actor,
    id: UserId,
    version: i64,
    profile: &Profile,
) -> AppResult<()> {
    let named = named(&profile.email, &profile.name, profile.role);
    named.check(profile.creditor.is_some()).into_result()?;
    ctx.write(actor, |tx| {
        known_creditor(tx, profile.creditor)?;
        let user = find(tx, id)?;
        if users::by_email(tx.conn, &named.email)?.is_some_and(|other| other.id != id) {
            return Err(taken());
        }
        keep_an_administrator(tx, &user, named.role == Role::Administrator && user.active)?;
        let changes = Changes {
            email: &named.email,
            name: &named.name,
            role: named.role,
            creditor_id: profile.creditor,
            active: user.active,
        };
        update(tx, &user, version, &changes)
    })
}

/// Lets a person sign in again, or no more: then every session of theirs ends at once.
///
/// # Errors
/// As [`change`]; also `Conflict` for whoever would shut out themselves.
pub fn set_active(
    ctx: &Ctx,
    actor: &Actor,
    id: UserId,
    version: i64,
    active: bool,
) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let user = find(tx, id)?;
        if !active && *tx.actor == Actor::User(id) {
            return Err(AppError::Conflict(
                "You can\u{2019}t deactivate yourself. Another administrator can.".to_owned(),
            ));
        }
        keep_an_administrator(tx, &user, user.role == Role::Administrator && active)?;
        let changes = Changes {
            email: &user.email,
            name: &user.name,
            role: user.role,
            creditor_id: user.creditor_id,
            active,
        };
        update(tx, &user, version, &changes)?;
        if !active {
            end_sessions(tx, id)?;
        }
        Ok(())
    })
}

/// Gives a person a new first password, and ends their sessions. Blocks while it is hashed.
pub fn reset_password(ctx: &Ctx, actor: &Actor, id: UserId) -> AppResult<String> {
    let password = first_password()?;
    let hash = ctx.passwords.hash_blocking(&password)?;
    ctx.write(actor, |tx| {
        find(tx, id)?;
        users::set_password(tx.conn, id, &hash, true)?;
        tx.record(
            NewEvent::of_platform(EventKind::PasswordChanged)
                .body(json!({"user": id, "temporary": true})),
        )?;
        end_sessions(tx, id)
    })?;
    Ok(password)
}

/// Name, address and role as they are kept.
struct Named {
    email: String,
    name: String,
    role: Role,
}

fn named(email: &str, name: &str, role: Role) -> Named {
    Named {
        email: email.trim().to_lowercase(),
        name: name.trim().to_owned(),
        role,
    }
}

impl Named {
    fn check(&self, has_creditor: bool) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if !looks_like_email(&self.email) {
            errors.add("email", "Enter an email address, such as name@example.com.");
        }
        if self.name.is_empty()
            || self.name.chars().count() > 200
            || self.name.chars().any(char::is_control)
        {
            errors.add("name", "Enter a name of at most 200 characters.");
        }
        if self.role.belongs_to_creditor() && !has_creditor {
            errors.add("creditor", "Choose the creditor this person belongs to.");
        }
        if !self.role.belongs_to_creditor() && has_creditor {
            errors.add("creditor", "Staff of the agency belong to no creditor.");
        }
        errors
    }
}

/// Sixteen characters that can be read aloud, in groups of four: 77 bits.
fn first_password() -> AppResult<String> {
    let code = random_code(16)?;
    let groups: Vec<&str> = [0, 4, 8, 12]
        .iter()
        .filter_map(|start| code.get(*start..start + 4))
        .collect();
    Ok(groups.join("-"))
}

fn find(tx: &mut Tx<'_>, id: UserId) -> AppResult<User> {
    let (user, _) = users::by_id(tx.conn, id)?.ok_or(AppError::NotFound)?;
    Ok(user)
}

fn known_creditor(tx: &mut Tx<'_>, creditor: Option<CreditorId>) -> AppResult<()> {
    match creditor {
        Some(id) if creditors::by_id(tx.conn, id)?.is_none() => {
            Err(AppError::invalid("creditor", "There is no such creditor."))
        }
        Some(_) | None => Ok(()),
    }
}

fn taken() -> AppError {
    AppError::invalid("email", "Someone signs in with this address already.")
}

fn insert(
    tx: &mut Tx<'_>,
    named: &Named,
    creditor: Option<CreditorId>,
    hash: &str,
    is_temporary: bool,
) -> AppResult<UserId> {
    if users::by_email(tx.conn, &named.email)?.is_some() {
        return Err(taken());
    }
    let id = UserId::generate(tx.now);
    users::insert(
        tx.conn,
        &users::NewUser {
            id,
            creditor_id: creditor,
            email: &named.email,
            name: &named.name,
            role: named.role,
            password_hash: hash,
            password_is_temporary: is_temporary,
            created_at: tx.now,
        },
    )?;
    tx.record(NewEvent::of_platform(EventKind::UserAdded).body(json!({
        "user": id,
        "role": named.role.as_str(),
        "creditor": creditor,
    })))?;
    Ok(id)
}

fn update(tx: &mut Tx<'_>, before: &User, version: i64, changes: &Changes<'_>) -> AppResult<()> {
    if users::update(tx.conn, before.id, version, changes)? == 0 {
        return Err(AppError::Conflict(
            "Somebody else has changed this person since you opened the page. Open it again to \
             see what is true now."
                .to_owned(),
        ));
    }
    tx.record(NewEvent::of_platform(EventKind::UserChanged).body(json!({
        "user": before.id,
        "role": changes.role.as_str(),
        "role_before": before.role.as_str(),
        "creditor": changes.creditor_id,
        "active": changes.active,
    })))?;
    Ok(())
}

/// Refuses a change after which nobody could administer.
fn keep_an_administrator(tx: &mut Tx<'_>, user: &User, stays_one: bool) -> AppResult<()> {
    if stays_one || user.role != Role::Administrator || !user.active {
        return Ok(());
    }
    let left = users::lock_administrators(tx.conn)?;
    if left.iter().any(|id| *id != user.id) {
        return Ok(());
    }
    Err(AppError::Conflict(
        "This is the last administrator. Make somebody else one first.".to_owned(),
    ))
}

/// Signs a person out of every browser.
pub(super) fn end_sessions(tx: &mut Tx<'_>, id: UserId) -> AppResult<()> {
    let ended = sessions::delete_of_user(tx.conn, id, None)?;
    tx.record(
        NewEvent::of_platform(EventKind::SessionsEnded)
            .body(json!({"user": id, "sessions": ended})),
    )?;
    Ok(())
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
