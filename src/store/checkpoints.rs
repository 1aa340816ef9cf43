//! Signed states of all audit chains.

use diesel::prelude::*;

use super::count;
use crate::db::DbConn;
use crate::db::schema::audit_checkpoints;
use crate::domain::id::CheckpointId;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_checkpoints)]
pub struct CheckpointRow {
    pub id: CheckpointId,
    pub at: Instant,
    /// The signed text.
    pub note: String,
}

pub fn insert(conn: &mut DbConn, checkpoint: &CheckpointRow) -> QueryResult<()> {
    diesel::insert_into(audit_checkpoints::table)
        .values(checkpoint)
        .execute(conn)
        .map(drop)
}

pub fn find(conn: &mut DbConn, id: CheckpointId) -> QueryResult<Option<CheckpointRow>> {
    audit_checkpoints::table
        .find(id)
        .select(CheckpointRow::as_select())
        .get_result(conn)
        .optional()
}

pub fn latest(conn: &mut DbConn) -> QueryResult<Option<CheckpointRow>> {
    Ok(page(conn, 0, 1)?.into_iter().next())
}

/// The latest first.
pub fn page(conn: &mut DbConn, offset: i64, limit: i64) -> QueryResult<Vec<CheckpointRow>> {
    audit_checkpoints::table
        .order((audit_checkpoints::at.desc(), audit_checkpoints::id.desc()))
        .offset(offset)
        .limit(limit)
        .select(CheckpointRow::as_select())
        .load(conn)
}

pub fn total(conn: &mut DbConn) -> QueryResult<u64> {
    audit_checkpoints::table.count().get_result(conn).map(count)
}
