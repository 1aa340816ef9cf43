//! The figures of the first page.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::{alerts, placements, tasks};
use crate::domain::money::Cents;
use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;

/// The placements of one status in sum.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Sum {
    pub status: PlacementStatus,
    pub placements: i64,
    pub amount: Cents,
    pub recovered: Cents,
}

/// One line for each status that has placements.
pub fn sums(conn: &mut DbConn, scope: Scope) -> QueryResult<Vec<Sum>> {
    let query = placements::table.group_by(placements::status).select((
        placements::status,
        diesel::dsl::count_star(),
        // A sum of big integers is a NUMERIC on PostgreSQL.
        sql::<BigInt>("CAST(sum(amount_cents) AS BIGINT)"),
        sql::<BigInt>("CAST(sum(recovered_cents) AS BIGINT)"),
    ));
    match scope {
        Scope::Creditor(creditor) => query
            .filter(placements::creditor_id.eq(creditor))
            .load(conn),
        Scope::Agency => query.load(conn),
    }
}

/// When the placements that were paid since `since` were placed and paid.
pub fn paid_since(
    conn: &mut DbConn,
    scope: Scope,
    since: Instant,
) -> QueryResult<Vec<(Instant, Option<Instant>)>> {
    let query = placements::table
        .filter(placements::status.eq(PlacementStatus::Paid))
        .filter(placements::resolved_at.ge(since))
        .select((placements::placed_at, placements::resolved_at))
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(placements::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .load(conn)
}

/// Alerts that nobody has acknowledged.
pub fn active_alerts(conn: &mut DbConn) -> QueryResult<u64> {
    alerts::table
        .filter(alerts::status.eq("active"))
        .count()
        .get_result(conn)
        .map(super::count)
}

/// Tasks that nobody has done.
pub fn open_tasks(conn: &mut DbConn) -> QueryResult<u64> {
    tasks::table
        .filter(tasks::status.eq("open"))
        .count()
        .get_result(conn)
        .map(super::count)
}
