//! Refusals and passed warnings that supervisors work.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::alerts;
use crate::domain::id::{AlertId, CreditorId, DebtorId, DecisionId, PlacementId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = alerts)]
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
    diesel::insert_into(alerts::table)
        .values(alert)
        .execute(conn)
        .map(drop)
}
