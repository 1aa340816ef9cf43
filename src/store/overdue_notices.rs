//! Accounts on which the validation notice is late (15 U.S.C. 1692g(a)).

use diesel::dsl::{exists, min, not};
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
    pub debtor_id: DebtorId,
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

/// Contacts that told the debtor of the debt, about open accounts without a notice on its way: as
/// the gate counts an initial communication.
macro_rules! told_without_notice {
    () => {
        contacts::table
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
            .group_by((
                contacts::creditor_id,
                contacts::debtor_id,
                contacts::placement_id,
            ))
    };
}

/// Accounts whose debtor was first told before `before`, most days ago first.
pub fn page(
    conn: &mut DbConn,
    before: Instant,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<Overdue>> {
    told_without_notice!()
        .having(min(contacts::at).lt(before))
        .select((
            contacts::creditor_id,
            contacts::debtor_id,
            contacts::placement_id,
            min(contacts::at),
        ))
        .order((min(contacts::at).asc(), contacts::placement_id.asc()))
        .offset(offset)
        .limit(limit)
        .load(conn)
}

/// How many accounts [`page`] has in all.
pub fn total(conn: &mut DbConn, before: Instant) -> QueryResult<u64> {
    let rows: Vec<PlacementId> = told_without_notice!()
        .having(min(contacts::at).lt(before))
        .select(contacts::placement_id)
        .load(conn)?;
    Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}
