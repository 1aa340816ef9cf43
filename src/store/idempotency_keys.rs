//! First answers to requests that may be repeated.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::idempotency_keys;
use crate::domain::time::Instant;

/// One request that was made, with its answer.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct KeptAnswer {
    /// Whose key it is and what it was sent to: the same word of another tenant, or for another
    /// path, is another key.
    pub scope: String,
    pub idempotency_key: String,
    /// SHA-256 of the body as it came.
    pub request_hash: String,
    /// The HTTP status; none while the request runs.
    pub status: Option<i32>,
    pub response: Option<String>,
    pub created_at: Instant,
}

/// Claims a key. Where it was claimed before, nothing is changed and the answer is `false`.
///
/// On PostgreSQL this waits for a transaction that has claimed the key and not ended.
pub fn claim(conn: &mut DbConn, claim: &KeptAnswer) -> QueryResult<bool> {
    let insert = diesel::insert_into(idempotency_keys::table)
        .values(claim)
        .on_conflict_do_nothing();
    let inserted = match conn {
        DbConn::Sqlite(conn) => insert.execute(conn)?,
        DbConn::Pg(conn) => insert.execute(conn)?,
    };
    Ok(inserted == 1)
}

pub fn find(conn: &mut DbConn, scope: &str, key: &str) -> QueryResult<Option<KeptAnswer>> {
    idempotency_keys::table
        .find((scope, key))
        .select(KeptAnswer::as_select())
        .get_result(conn)
        .optional()
}

pub fn keep(
    conn: &mut DbConn,
    scope: &str,
    key: &str,
    status: i32,
    response: &str,
) -> QueryResult<()> {
    diesel::update(idempotency_keys::table.find((scope, key)))
        .set((
            idempotency_keys::status.eq(status),
            idempotency_keys::response.eq(response),
        ))
        .execute(conn)
        .map(drop)
}

pub fn delete_before(conn: &mut DbConn, instant: Instant) -> QueryResult<usize> {
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(instant)))
        .execute(conn)
}
