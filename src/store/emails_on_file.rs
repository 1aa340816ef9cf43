//! Addresses on file.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::emails;
use crate::domain::id::{CreditorId, DebtorId};

/// Whether the address, in lower case, is the debtor's.
pub fn includes(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    address: &str,
) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        emails::table
            .filter(emails::creditor_id.eq(creditor))
            .filter(emails::debtor_id.eq(debtor))
            .filter(emails::address.eq(address)),
    ))
    .get_result(conn)
}
