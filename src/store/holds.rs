//! Pauses of placements.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::holds;
use crate::domain::id::{CreditorId, HoldId, PlacementId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = holds, treat_none_as_default_value = false)]
pub struct Hold {
    pub creditor_id: CreditorId,
    pub id: HoldId,
    pub placement_id: PlacementId,
    /// `pause`, or `review` while a person reads a message.
    pub kind: String,
    pub reason: Option<String>,
    pub until_at: Option<Instant>,
    /// An actor's text.
    pub set_by: String,
    pub set_at: Instant,
    pub lifted_at: Option<Instant>,
    pub lifted_by: Option<String>,
}

pub fn insert(conn: &mut DbConn, hold: &Hold) -> QueryResult<()> {
    diesel::insert_into(holds::table)
        .values(hold)
        .execute(conn)
        .map(drop)
}

/// The holds of these placements that are in force at `now`.
pub fn in_force(
    conn: &mut DbConn,
    creditor: CreditorId,
    of: &[PlacementId],
    now: Instant,
) -> QueryResult<Vec<Hold>> {
    holds::table
        .filter(holds::creditor_id.eq(creditor))
        .filter(holds::placement_id.eq_any(of.to_vec()))
        .filter(holds::lifted_at.is_null())
        .filter(holds::until_at.is_null().or(holds::until_at.gt(now)))
        .order((holds::set_at.asc(), holds::id.asc()))
        .select(Hold::as_select())
        .load(conn)
}

/// How many holds a placement ever had.
pub fn count_ever(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<i64> {
    holds::table
        .filter(holds::creditor_id.eq(creditor))
        .filter(holds::placement_id.eq(placement))
        .count()
        .get_result(conn)
}

/// Ends the pauses of a placement that are in force; a hold while a person reads a message is none.
pub fn lift_pauses(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    by: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        holds::table
            .filter(holds::creditor_id.eq(creditor))
            .filter(holds::placement_id.eq(placement))
            .filter(holds::kind.eq("pause"))
            .filter(holds::lifted_at.is_null()),
    )
    .set((holds::lifted_at.eq(now), holds::lifted_by.eq(by)))
    .execute(conn)
}

/// Placements with a pause whose end has come, the longest due first. Read off the index of what
/// ends by itself.
pub fn pauses_over(
    conn: &mut DbConn,
    now: Instant,
    limit: i64,
) -> QueryResult<Vec<(CreditorId, PlacementId)>> {
    holds::table
        // In the text, so that the partial index serves it.
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(
            "kind = 'pause' AND lifted_at IS NULL",
        ))
        .filter(holds::until_at.le(now))
        .order((holds::until_at.asc(), holds::id.asc()))
        .limit(limit)
        .select((holds::creditor_id, holds::placement_id))
        .load(conn)
}
