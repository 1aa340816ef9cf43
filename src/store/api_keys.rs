//! Keys of programs. Only hashes of them are here.

use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::{api_keys, creditors};
use crate::domain::api_key::ApiKeyAccess;
use crate::domain::id::{ApiKeyId, CreditorId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// Whose key it is; none for a staff key.
    pub creditor_id: Option<CreditorId>,
    /// The part by which the key is found and listed. Unique.
    pub prefix: String,
    /// SHA-256 of the whole key in hexadecimal.
    pub secret_hash: String,
    pub access: ApiKeyAccess,
    pub label: String,
    /// The actor who made it.
    pub created_by: Option<String>,
    pub created_at: Instant,
    /// Exact to about a minute.
    pub last_used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

pub fn insert(conn: &mut DbConn, key: &ApiKey) -> QueryResult<()> {
    diesel::insert_into(api_keys::table)
        .values(key)
        .execute(conn)
        .map(drop)
}

pub fn by_prefix(conn: &mut DbConn, prefix: &str) -> QueryResult<Option<ApiKey>> {
    api_keys::table
        .filter(api_keys::prefix.eq(prefix))
        .select(ApiKey::as_select())
        .get_result(conn)
        .optional()
}

/// The key, if it is in `scope`.
pub fn find(conn: &mut DbConn, scope: Scope, id: ApiKeyId) -> QueryResult<Option<ApiKey>> {
    let mut query = api_keys::table
        .filter(api_keys::id.eq(id))
        .select(ApiKey::as_select())
        .into_boxed();
    if let Scope::Creditor(creditor) = scope {
        query = query.filter(api_keys::creditor_id.eq(creditor));
    }
    query.get_result(conn).optional()
}

/// Keys with the names of their creditors, those in use first, the newest first.
pub fn list(conn: &mut DbConn, scope: Scope) -> QueryResult<Vec<(ApiKey, Option<String>)>> {
    let mut query = api_keys::table
        .left_join(creditors::table.on(api_keys::creditor_id.eq(creditors::id.nullable())))
        .select((ApiKey::as_select(), creditors::name.nullable()))
        .order((
            api_keys::revoked_at.is_not_null().asc(),
            api_keys::created_at.desc(),
            api_keys::id.desc(),
        ))
        .into_boxed();
    if let Scope::Creditor(creditor) = scope {
        query = query.filter(api_keys::creditor_id.eq(creditor));
    }
    query.load(conn)
}

/// Ends a key; nothing if it is not in `scope` or has ended already.
pub fn revoke(conn: &mut DbConn, scope: Scope, id: ApiKeyId, now: Instant) -> QueryResult<usize> {
    let mut query = diesel::update(api_keys::table)
        .filter(api_keys::id.eq(id))
        .filter(api_keys::revoked_at.is_null())
        .set(api_keys::revoked_at.eq(now))
        .into_boxed();
    if let Scope::Creditor(creditor) = scope {
        query = query.filter(api_keys::creditor_id.eq(creditor));
    }
    query.execute(conn)
}

/// Notes that a key was used.
pub fn touch(conn: &mut DbConn, id: ApiKeyId, now: Instant) -> QueryResult<usize> {
    diesel::update(api_keys::table.find(id))
        .set(api_keys::last_used_at.eq(now))
        .execute(conn)
}
