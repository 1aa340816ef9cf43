//! Contacts that took place or are taking place.

use diesel::prelude::*;

use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::contacts;
use crate::domain::id::{ContactId, CreditorId, DebtorId, DecisionId, PlacementId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
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
    let insert = diesel::insert_into(contacts::table).values(contact);
    on_each!(conn, conn => insert.execute(conn)).map(drop)
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

/// The contacts about a placement by any or by one channel, the latest first.
pub fn of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    channel: Option<&str>,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<ContactRow>> {
    let query = contacts::table
        .filter(contacts::creditor_id.eq(creditor))
        .filter(contacts::placement_id.eq(placement))
        .order((contacts::at.desc(), contacts::id.desc()))
        .offset(offset)
        .limit(limit)
        .select(ContactRow::as_select())
        .into_boxed();
    match channel {
        Some(channel) => query.filter(contacts::channel.eq(channel.to_owned())),
        None => query,
    }
    .load(conn)
}

/// How many contacts [`of_placement`] has in all.
pub fn count_of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    channel: Option<&str>,
) -> QueryResult<i64> {
    let query = contacts::table
        .filter(contacts::creditor_id.eq(creditor))
        .filter(contacts::placement_id.eq(placement))
        .into_boxed();
    match channel {
        Some(channel) => query.filter(contacts::channel.eq(channel.to_owned())),
        None => query,
    }
    .count()
    .get_result(conn)
}
