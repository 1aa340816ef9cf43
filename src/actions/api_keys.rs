//! Keys of programs: made, replaced, revoked, recognised.

use chrono::Duration;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::api_key::{self, ApiKeyAccess};
use crate::domain::event::EventKind;
use crate::domain::hash::sha256_hex;
use crate::domain::id::{ApiKeyId, CreditorId};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::keys::random_code;
use crate::store::api_keys::{self, ApiKey};
use crate::store::{Scope, creditors};

/// A program that showed a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub key: ApiKeyId,
    pub access: ApiKeyAccess,
    /// Whose key it is; none for a staff key.
    pub creditor: Option<CreditorId>,
}

impl Caller {
    pub fn actor(&self) -> Actor {
        Actor::ApiKey(self.key)
    }
}

/// The longest label, in characters.
const LONGEST_LABEL: usize = 100;

/// How old the note of the last use may be before it is written again: a write for every request
/// would make the one writer wait for nothing.
const TOUCH_AFTER: Duration = Duration::minutes(1);

/// Makes a key and returns its text, which is kept nowhere and can't be shown again.
///
/// A staff key belongs to no creditor, every other key to one.
pub fn create(
    ctx: &Ctx,
    actor: &Actor,
    creditor: Option<CreditorId>,
    access: ApiKeyAccess,
    label: &str,
) -> AppResult<(ApiKeyId, String)> {
    let label = label.trim();
    if label.is_empty()
        || label.chars().count() > LONGEST_LABEL
        || label.chars().any(char::is_control)
    {
        return Err(AppError::invalid(
            "label",
            "Enter a label of at most 100 characters.",
        ));
    }
    if access.belongs_to_creditor() != creditor.is_some() {
        return Err(AppError::invalid(
            "access",
            "A staff key belongs to no creditor, every other key to one.",
        ));
    }
    ctx.write(actor, |tx| {
        if let Some(id) = creditor
            && creditors::by_id(tx.conn, id)?.is_none()
        {
            return Err(AppError::NotFound);
        }
        let fresh = insert(tx, creditor, access, label, None)?;
        Ok((fresh.id, fresh.text))
    })
}

/// Replaces a key by a new one of the same kind and label. The old key ends at once: who needs
/// both for a while makes a second key and revokes the first one later.
pub fn rotate(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: ApiKeyId,
) -> AppResult<(ApiKeyId, String)> {
    ctx.write(actor, |tx| {
        let old = api_keys::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
        end(tx, scope, &old)?;
        let fresh = insert(tx, old.creditor_id, old.access, &old.label, Some(old.id))?;
        Ok((fresh.id, fresh.text))
    })
}

/// Ends a key. One that has ended already is a conflict.
pub fn revoke(ctx: &Ctx, actor: &Actor, scope: Scope, id: ApiKeyId) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let key = api_keys::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
        end(tx, scope, &key)
    })
}

/// Who shows this key. A text that isn't a key, one that nobody has and one that was revoked are
/// the same: `Unauthenticated`.
pub fn authenticate(ctx: &Ctx, text: &str) -> AppResult<Caller> {
    let prefix = api_key::prefix_of(text).ok_or(AppError::Unauthenticated)?;
    let key = ctx
        .read(|conn| Ok(api_keys::by_prefix(conn, prefix)?))?
        .filter(|key| is_key(key, text) && key.revoked_at.is_none())
        .ok_or(AppError::Unauthenticated)?;
    note_use(ctx, &key);
    Ok(Caller {
        key: key.id,
        access: key.access,
        creditor: key.creditor_id,
    })
}

fn is_key(key: &ApiKey, text: &str) -> bool {
    let shown = sha256_hex(text.as_bytes());
    bool::from(shown.as_bytes().ct_eq(key.secret_hash.as_bytes()))
}

/// Writes down that a key was used. That it can't be written is no reason to turn the caller
/// away: what they ask for says itself whether the database can serve it.
fn note_use(ctx: &Ctx, key: &ApiKey) {
    let now = ctx.now();
    let stale = key
        .last_used_at
        .is_none_or(|last| now.since(last) >= TOUCH_AFTER);
    if !stale {
        return;
    }
    let noted = ctx.write_quietly(&Actor::ApiKey(key.id), |tx| {
        api_keys::touch(tx.conn, key.id, tx.now)?;
        Ok(())
    });
    if let Err(error) = noted {
        tracing::warn!(%error, "the last use of a key could not be noted");
    }
}

/// A key that was just made. Its text is seen here for the only time.
struct Fresh {
    id: ApiKeyId,
    text: String,
}

fn insert(
    tx: &mut Tx<'_>,
    creditor: Option<CreditorId>,
    access: ApiKeyAccess,
    label: &str,
    replaces: Option<ApiKeyId>,
) -> AppResult<Fresh> {
    // Two keys with one prefix are refused by the unique index; at 38 bits that is an error
    // nobody will see.
    let prefix = random_code(api_key::PREFIX_LENGTH)?;
    let secret = random_code(api_key::SECRET_LENGTH)?;
    let text = api_key::written(access, &prefix, &secret);
    let id = ApiKeyId::generate(tx.now);
    api_keys::insert(
        tx.conn,
        &ApiKey {
            id,
            creditor_id: creditor,
            prefix: prefix.clone(),
            secret_hash: sha256_hex(text.as_bytes()),
            access,
            label: label.to_owned(),
            created_by: Some(tx.actor.to_string()),
            created_at: tx.now,
            last_used_at: None,
            revoked_at: None,
        },
    )?;
    tx.record(event(creditor, EventKind::ApiKeyCreated).body(json!({
        "key": id,
        "prefix": prefix,
        "access": access.as_str(),
        "replaces": replaces,
    })))?;
    Ok(Fresh { id, text })
}

fn end(tx: &mut Tx<'_>, scope: Scope, key: &ApiKey) -> AppResult<()> {
    if api_keys::revoke(tx.conn, scope, key.id, tx.now)? == 0 {
        return Err(AppError::Conflict(
            "This key has been revoked already. It opens nothing any more.".to_owned(),
        ));
    }
    tx.record(
        event(key.creditor_id, EventKind::ApiKeyRevoked)
            .body(json!({"key": key.id, "prefix": key.prefix})),
    )?;
    Ok(())
}

/// What happens to a creditor's key stands in the creditor's own chain.
fn event(creditor: Option<CreditorId>, kind: EventKind) -> NewEvent {
    match creditor {
        Some(creditor) => NewEvent::of_creditor(creditor, kind),
        None => NewEvent::of_platform(kind),
    }
}
