//! The gate's answers, on record.

use diesel::prelude::*;

use super::Scope;
use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::decisions;
use crate::domain::id::{CreditorId, DebtorId, DecisionId, PlacementId};
use crate::domain::time::Instant;

/// One answer with all that is needed to give it again.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = decisions, treat_none_as_default_value = false)]
pub struct DecisionRow {
    pub creditor_id: CreditorId,
    pub id: DecisionId,
    pub debtor_id: DebtorId,
    pub placement_id: PlacementId,
    pub at: Instant,
    pub asked_by: String,
    /// `authorize`, `log`, `precheck` or `check`.
    pub occasion: String,
    pub channel: String,
    pub initiator: String,
    pub outcome: String,
    pub binding_rule: Option<String>,
    pub earliest_lawful_at: Option<Instant>,
    pub policy_version: String,
    /// SHA-256 of the decision's JSON.
    pub digest: String,
    /// The inputs and the answer, as JSON.
    pub attempt: String,
    pub facts: String,
    pub decision: String,
}

pub fn insert(conn: &mut DbConn, decision: &DecisionRow) -> QueryResult<()> {
    let insert = diesel::insert_into(decisions::table).values(decision);
    on_each!(conn, conn => insert.execute(conn)).map(drop)
}

pub fn find(conn: &mut DbConn, scope: Scope, id: DecisionId) -> QueryResult<Option<DecisionRow>> {
    let query = decisions::table
        .filter(decisions::id.eq(id))
        .select(DecisionRow::as_select())
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(decisions::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .get_result(conn)
    .optional()
}

/// The latest decisions about a placement.
pub fn of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    limit: i64,
) -> QueryResult<Vec<DecisionRow>> {
    decisions::table
        .filter(decisions::creditor_id.eq(creditor))
        .filter(decisions::placement_id.eq(placement))
        .order((decisions::at.desc(), decisions::id.desc()))
        .limit(limit)
        .select(DecisionRow::as_select())
        .load(conn)
}

/// One page of the decisions about a placement, the latest first.
pub fn page_of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<DecisionRow>> {
    decisions::table
        .filter(decisions::creditor_id.eq(creditor))
        .filter(decisions::placement_id.eq(placement))
        .order((decisions::at.desc(), decisions::id.desc()))
        .offset(offset)
        .limit(limit)
        .select(DecisionRow::as_select())
        .load(conn)
}

pub fn count_of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<i64> {
    decisions::table
        .filter(decisions::creditor_id.eq(creditor))
        .filter(decisions::placement_id.eq(placement))
        .count()
        .get_result(conn)
}
