//! Forms that were sent: the same one sent again does nothing again.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::idempotency_keys;
use crate::domain::time::Instant;

/// What a form with this key did before.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Done {
    /// SHA-256 of what was sent.
    pub request_hash: String,
    pub response: Option<String>,
}

/// What was done under this key in this scope, if anything was. The transaction that does it also
/// [`keep`]s it, so of two at once the second fails on the key.
pub fn find(conn: &mut DbConn, scope: &str, key: &str) -> QueryResult<Option<Done>> {
    idempotency_keys::table
        .find((scope, key))
        .select((idempotency_keys::request_hash, idempotency_keys::response))
        .get_result(conn)
        .optional()
}

pub fn keep(
    conn: &mut DbConn,
    scope: &str,
    key: &str,
    done: &Done,
    now: Instant,
) -> QueryResult<()> {
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::scope.eq(scope),
            idempotency_keys::idempotency_key.eq(key),
            idempotency_keys::request_hash.eq(&done.request_hash),
            idempotency_keys::response.eq(&done.response),
            idempotency_keys::created_at.eq(now),
        ))
        .execute(conn)
        .map(drop)
}
