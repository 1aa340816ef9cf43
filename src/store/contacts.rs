//! Contacts that took place or are taking place.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::contacts;
use crate::domain::id::{ContactId, CreditorId, DebtorId, DecisionId, PlacementId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contacts)]
pub struct ContactRow {
    pub creditor_id: CreditorId,
    pub id: ContactId,
    pub debtor_id: DebtorId,
    pub placement_id: PlacementId,
    pub at: Instant,
    pub channel: String,
    pub direction: String,
    /// The gate's word, or `pending` while nobody knows: it counts as placed.
    pub outcome: String,
    pub party: String,
    pub purpose: Option<String>,
    /// The number in E.164, or the email address.
    pub address: Option<String>,
    pub initiator: String,
    pub logged_by: String,
    pub decision_id: Option<DecisionId>,
    pub contact_epoch: Option<i64>,
    pub mini_miranda: Option<bool>,
    pub identified_as_collector: Option<bool>,
    /// `consent` when the debtor had asked for the call and the law doesn't count it.
    pub excluded: Option<String>,
    pub in_flight_at_recall: bool,
    pub source: String,
    pub duration_seconds: Option<i32>,
    pub notes: Option<String>,
    pub created_at: Instant,
}

pub fn insert(conn: &mut DbConn, contact: &ContactRow) -> QueryResult<()> {
    diesel::insert_into(contacts::table)
        .values(contact)
        .execute(conn)
        .map(drop)
}

/// Writes what became of a contact.
pub fn set_outcome(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: ContactId,
    outcome: &str,
    duration_seconds: Option<i32>,
) -> QueryResult<usize> {
    diesel::update(contacts::table.find((creditor, id)))
        .set((
            contacts::outcome.eq(outcome),
            contacts::duration_seconds.eq(duration_seconds),
        ))
        .execute(conn)
}
