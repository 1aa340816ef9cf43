//! The debtor's row as a lock: whoever authorises a contact and whoever stops it take turns here.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::debtors;
use crate::domain::id::{CreditorId, DebtorId};

/// Locks the debtor until the transaction ends and returns its contact epoch; nothing if the
/// creditor has no such debtor.
pub fn lock(conn: &mut DbConn, creditor: CreditorId, debtor: DebtorId) -> QueryResult<Option<i64>> {
    let epoch = debtors::table
        .filter(debtors::creditor_id.eq(creditor))
        .filter(debtors::id.eq(debtor))
        .select(debtors::contact_epoch);
    match conn {
        // A write transaction on SQLite is alone already.
        DbConn::Sqlite(conn) => epoch.get_result(conn).optional(),
        DbConn::Pg(conn) => epoch.for_update().get_result(conn).optional(),
    }
}

/// Begins a new epoch: nothing that was authorised in an earlier one may start any more.
pub fn begin_epoch(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    epoch: i64,
) -> QueryResult<()> {
    diesel::update(
        debtors::table
            .filter(debtors::creditor_id.eq(creditor))
            .filter(debtors::id.eq(debtor)),
    )
    .set(debtors::contact_epoch.eq(epoch))
    .execute(conn)
    .map(drop)
}
