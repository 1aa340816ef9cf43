//! What happened to a placement, in counts.

use diesel::prelude::*;

use super::count;
use crate::db::DbConn;
use crate::db::schema::{contacts, disputes};
use crate::domain::id::{CreditorId, PlacementId};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HistoryCounts {
    /// Contacts from us to the debtor, reached or not.
    pub attempts: u64,
    /// Conversations and what came from the debtor.
    pub contacts: u64,
    pub disputes: u64,
}

pub fn counts(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<HistoryCounts> {
    let contacts_of = || {
        contacts::table
            .filter(contacts::creditor_id.eq(creditor))
            .filter(contacts::placement_id.eq(placement))
    };
    Ok(HistoryCounts {
        attempts: contacts_of()
            .filter(contacts::direction.eq("out"))
            .count()
            .get_result(conn)
            .map(count)?,
        contacts: contacts_of()
            .filter(
                contacts::direction
                    .eq("in")
                    .or(contacts::outcome.eq("conversation")),
            )
            .count()
            .get_result(conn)
            .map(count)?,
        disputes: disputes::table
            .filter(disputes::creditor_id.eq(creditor))
            .filter(disputes::placement_id.eq(placement))
            .count()
            .get_result(conn)
            .map(count)?,
    })
}

/// Whether a dispute of the placement waits for its answer.
pub fn has_open_dispute(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        disputes::table
            .filter(disputes::creditor_id.eq(creditor))
            .filter(disputes::placement_id.eq(placement))
            .filter(disputes::status.eq_any(["open", "reviewing"])),
    ))
    .get_result(conn)
}
