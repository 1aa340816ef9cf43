//! Refusals and passed warnings that supervisors work.

use diesel::prelude::*;

use super::Scope;
use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::alerts;
use crate::domain::id::{AlertId, CreditorId, DebtorId, DecisionId, PlacementId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = alerts, treat_none_as_default_value = false)]
pub struct Alert {
    pub creditor_id: CreditorId,
    pub id: AlertId,
    pub debtor_id: DebtorId,
    pub placement_id: PlacementId,
    pub decision_id: Option<DecisionId>,
    pub alert_type: String,
    pub rule: String,
    pub severity: String,
    pub status: String,
    pub message: String,
    /// An actor's text: whoever caused it can't work it.
    pub caused_by: String,
    pub created_at: Instant,
    pub acknowledged_by: Option<String>,
    pub acknowledged_at: Option<Instant>,
    pub acknowledge_note: Option<String>,
    pub resolved_by: Option<String>,
    pub resolved_at: Option<Instant>,
    pub resolve_note: Option<String>,
    pub version: i64,
}

pub fn insert(conn: &mut DbConn, alert: &Alert) -> QueryResult<()> {
    let insert = diesel::insert_into(alerts::table).values(alert);
    on_each!(conn, conn => insert.execute(conn)).map(drop)
}

/// How many alerts nobody has taken up, counted no further than `at_most`: asked for every page.
pub fn count_active(conn: &mut DbConn, at_most: i64) -> QueryResult<u32> {
    let active = alerts::table
        .filter(alerts::status.eq("active"))
        .limit(at_most)
        .select(alerts::version);
    let rows: Vec<i64> = on_each!(conn, conn => active.load(conn))?;
    Ok(u32::try_from(rows.len()).unwrap_or(u32::MAX))
}

/// An alert that `scope` may see, or nothing.
pub fn find(conn: &mut DbConn, scope: Scope, id: AlertId) -> QueryResult<Option<Alert>> {
    let query = alerts::table
        .filter(alerts::id.eq(id))
        .select(Alert::as_select())
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(alerts::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .get_result(conn)
    .optional()
}

/// Writes that somebody has seen it. Nothing happens to one that has changed since `version`.
pub fn acknowledge(
    conn: &mut DbConn,
    alert: &Alert,
    by: &str,
    note: Option<&str>,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        alerts::table
            .find((alert.creditor_id, alert.id))
            .filter(alerts::version.eq(alert.version)),
    )
    .set((
        alerts::status.eq("acknowledged"),
        alerts::acknowledged_by.eq(by),
        alerts::acknowledged_at.eq(now),
        alerts::acknowledge_note.eq(note),
        alerts::version.eq(alerts::version + 1),
    ))
    .execute(conn)
}

/// Writes that it is dealt with.
pub fn resolve(
    conn: &mut DbConn,
    alert: &Alert,
    by: &str,
    note: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        alerts::table
            .find((alert.creditor_id, alert.id))
            .filter(alerts::version.eq(alert.version)),
    )
    .set((
        alerts::status.eq("resolved"),
        alerts::resolved_by.eq(by),
        alerts::resolved_at.eq(now),
        alerts::resolve_note.eq(note),
        alerts::version.eq(alerts::version + 1),
    ))
    .execute(conn)
}
