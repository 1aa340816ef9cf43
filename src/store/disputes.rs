//! Disputes of debts.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{disputes, placements};
use crate::domain::id::{CreditorId, DebtorId, DisputeId, PlacementId};
use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = disputes, treat_none_as_default_value = false)]
pub struct Dispute {
    pub creditor_id: CreditorId,
    pub id: DisputeId,
    pub placement_id: PlacementId,
    pub debtor_id: DebtorId,
    pub reason: String,
    pub details: Option<String>,
    pub in_writing: bool,
    pub via: String,
    /// `open`, `reviewing`, `upheld`, `denied` or `withdrawn`.
    pub status: String,
    pub received_at: Instant,
    pub responded_at: Option<Instant>,
    pub response: Option<String>,
    pub recorded_by: String,
    pub created_at: Instant,
    pub version: i64,
}

pub fn insert(conn: &mut DbConn, dispute: &Dispute) -> QueryResult<()> {
    diesel::insert_into(disputes::table)
        .values(dispute)
        .execute(conn)
        .map(drop)
}

/// Makes a placement `disputed` and remembers where it stood, to go back to.
pub fn hold_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    before: PlacementStatus,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(placements::table.find((creditor, placement)))
        .set((
            placements::status.eq(PlacementStatus::Disputed),
            placements::status_before_dispute.eq(before),
            placements::updated_at.eq(now),
            placements::version.eq(placements::version + 1),
        ))
        .execute(conn)
}
