//! Accounts on which the validation notice is late (15 U.S.C. 1692g(a)).

use diesel::dsl::{exists, max, min, not};
use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{contacts, letters, placements};
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;

/// An open account without a notice, and when its debtor was first told of the debt.
#[derive(Debug, Clone, Queryable)]
pub struct Overdue {
    pub creditor_id: CreditorId,
    pub debtor_id: Option<DebtorId>,
    pub placement_id: PlacementId,
    pub first_contact: Option<Instant>,
}

/// Statuses in which no notice is sent any more.
const CLOSED: [PlacementStatus; 5] = [
    PlacementStatus::Paid,
    PlacementStatus::Recalled,
    PlacementStatus::ClosedUncollected,
    PlacementStatus::Resolved,
    PlacementStatus::WithdrawnByCreditor,
];

/// Every account whose debtor was told of the debt before `before`, as the gate counts an initial
/// communication, and has no notice on its way: most days ago first.
pub fn all(conn: &mut DbConn, before: Instant) -> QueryResult<Vec<Overdue>> {
    contacts::table
        .filter(contacts::at.lt(before))
        .filter(
            contacts::channel
                .eq_any(["call", "voicemail"])
                .and(contacts::outcome.eq("conversation"))
                .or(contacts::channel
                    .eq_any(["email", "letter", "portal", "sms"])
                    .and(contacts::direction.eq("out"))
                    .and(contacts::outcome.ne("not-placed"))),
        )
        .filter(contacts::party.eq_any(["consumer", "spouse", "personal-representative"]))
        .filter(
            contacts::purpose
                .is_null()
                .or(contacts::purpose.ne_all(["location-info", "confirm-optout"])),
        )
        .filter(exists(
            placements::table
                .filter(placements::creditor_id.eq(contacts::creditor_id))
                .filter(placements::id.eq(contacts::placement_id))
                .filter(placements::status.ne_all(CLOSED)),
        ))
        .filter(not(exists(
            letters::table
                .filter(letters::creditor_id.eq(contacts::creditor_id))
                .filter(letters::placement_id.eq(contacts::placement_id))
                .filter(letters::letter_type.eq("validation_notice"))
                .filter(letters::returned_on.is_null()),
        )))
        // The order of an index: the debtor follows from the account and is not a key of its own.
        .group_by((contacts::creditor_id, contacts::placement_id))
        .select((
            contacts::creditor_id,
            max(contacts::debtor_id),
            contacts::placement_id,
            min(contacts::at),
        ))
        .order((min(contacts::at).asc(), contacts::placement_id.asc()))
        .load(conn)
}
