//! The agency's clients: who placed the accounts.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::creditors;
use crate::domain::id::CreditorId;
use crate::domain::money::BasisPoints;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = creditors, treat_none_as_default_value = false)]
pub struct Creditor {
    pub id: CreditorId,
    pub name: String,
    /// The agency's share of what is recovered.
    pub contingency_bps: BasisPoints,
    /// The default cap on successful calls in seven days.
    pub max_calls_per_week: i32,
    /// Verified and not blocked: contacts may be made for it.
    pub cleared: bool,
    pub not_cleared_reason: Option<String>,
    pub contact_email: Option<String>,
    pub contact_phone: Option<String>,
    pub postal_address: Option<String>,
    pub created_at: Instant,
    pub version: i64,
}

pub fn insert(conn: &mut DbConn, creditor: &Creditor) -> QueryResult<()> {
    diesel::insert_into(creditors::table)
        .values(creditor)
        .execute(conn)
        .map(drop)
}

pub fn by_id(conn: &mut DbConn, id: CreditorId) -> QueryResult<Option<Creditor>> {
    creditors::table
        .find(id)
        .select(Creditor::as_select())
        .get_result(conn)
        .optional()
}

pub fn by_name(conn: &mut DbConn, name: &str) -> QueryResult<Option<Creditor>> {
    creditors::table
        .filter(creditors::name.eq(name))
        .select(Creditor::as_select())
        .get_result(conn)
        .optional()
}

/// Every creditor's id.
pub fn ids(conn: &mut DbConn) -> QueryResult<Vec<CreditorId>> {
    creditors::table.select(creditors::id).load(conn)
}

pub fn list(conn: &mut DbConn) -> QueryResult<Vec<Creditor>> {
    creditors::table
        .order(creditors::name.asc())
        .select(Creditor::as_select())
        .load(conn)
}
