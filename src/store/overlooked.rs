//! What waits for nothing and is not planned: looked for a piece at a time.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use crate::db::DbConn;
use crate::domain::id::{CreditorId, DebtorId, PlacementId, SequenceId};
use crate::domain::time::Instant;

/// An account in outreach.
#[derive(Debug, Clone, QueryableByName)]
pub struct InOutreach {
    #[diesel(sql_type = Text)]
    pub creditor_id: CreditorId,
    #[diesel(sql_type = Text)]
    pub id: PlacementId,
    #[diesel(sql_type = Text)]
    pub debtor_id: DebtorId,
    #[diesel(sql_type = Timestamp)]
    pub placed_at: Instant,
    /// A call is planned or in progress, something on file ends calls until people lift it, the debt
    /// was discharged, or a person took the last plan away and has made no other. A number: SQLite
    /// knows no truth values.
    #[diesel(sql_type = BigInt)]
    pub needs_nothing: i64,
}

/// The next accounts in outreach behind `after`, in the order of when they were placed: so many,
/// whether or not they need anything, so that a look takes the same time however many there are.
pub fn accounts(
    conn: &mut DbConn,
    after: &(Instant, String),
    many: i64,
) -> QueryResult<Vec<InOutreach>> {
    // Both columns are compared at once: a whole file of accounts has one moment of placing.
    const ACCOUNTS: &str = "SELECT p.creditor_id, p.id, p.debtor_id, p.placed_at,
        CASE WHEN EXISTS (
            SELECT 1 FROM calls c
            WHERE c.creditor_id = p.creditor_id AND c.placement_id = p.id
              AND c.status IN ('planned', 'claimed', 'starting', 'started'))
          OR EXISTS (
            SELECT 1 FROM flags f
            WHERE f.creditor_id = p.creditor_id AND f.debtor_id = p.debtor_id
              AND f.lifted_at IS NULL
              AND f.kind IN ('cease', 'call_opt_out', 'do_not_call', 'attorney', 'bankruptcy', 'deceased'))
          OR EXISTS (
            SELECT 1 FROM holds h
            WHERE h.creditor_id = p.creditor_id AND h.placement_id = p.id
              AND h.lifted_at IS NULL AND h.until_at IS NULL)
          OR EXISTS (
            SELECT 1 FROM calls c
            WHERE c.creditor_id = p.creditor_id AND c.placement_id = p.id
              AND c.status = 'cancelled' AND c.status_cause = 'by_hand'
              AND NOT EXISTS (
                SELECT 1 FROM calls d
                WHERE d.creditor_id = c.creditor_id AND d.placement_id = c.placement_id
                  AND d.created_at > c.created_at))
          OR p.included_in_discharge IS TRUE
          THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS needs_nothing
        FROM placements p
        WHERE p.status = 'in_outreach' AND (p.placed_at, p.id) > ($1, $2)
        ORDER BY p.placed_at, p.id
        LIMIT $3";
    diesel::sql_query(ACCOUNTS)
        .bind::<Timestamp, _>(after.0)
        .bind::<Text, _>(&after.1)
        .bind::<BigInt, _>(many)
        .load(conn)
}

/// A series that is paused.
#[derive(Debug, Clone, QueryableByName)]
pub struct PausedSeries {
    #[diesel(sql_type = Text)]
    pub creditor_id: CreditorId,
    #[diesel(sql_type = Text)]
    pub id: SequenceId,
    #[diesel(sql_type = Nullable<Text>)]
    pub pause_cause: Option<String>,
}

/// The next paused series behind `after`: so many, whatever they are paused for. Read off the
/// index of what is paused, whose condition therefore stands in the text.
pub fn paused_series(
    conn: &mut DbConn,
    after: &(String, String),
    many: i64,
) -> QueryResult<Vec<PausedSeries>> {
    const SERIES: &str = "SELECT creditor_id, id, pause_cause FROM email_sequences
        WHERE status = 'paused' AND (creditor_id, id) > ($1, $2)
        ORDER BY creditor_id, id
        LIMIT $3";
    diesel::sql_query(SERIES)
        .bind::<Text, _>(&after.0)
        .bind::<Text, _>(&after.1)
        .bind::<BigInt, _>(many)
        .load(conn)
}
