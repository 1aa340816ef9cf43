//! Addresses nothing is sent to, and where a debtor can be written to.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{email_suppressions, emails};
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::time::Instant;

/// Nothing is sent to the address again. True if it was not suppressed before.
pub fn insert(
    conn: &mut DbConn,
    creditor: CreditorId,
    address: &str,
    cause: &str,
    now: Instant,
) -> QueryResult<bool> {
    let insert = diesel::insert_into(email_suppressions::table)
        .values((
            email_suppressions::creditor_id.eq(creditor),
            email_suppressions::address.eq(address.to_lowercase()),
            email_suppressions::cause.eq(cause),
            email_suppressions::since_at.eq(now),
        ))
        .on_conflict_do_nothing();
    match conn {
        DbConn::Sqlite(conn) => insert.execute(conn),
        DbConn::Pg(conn) => insert.execute(conn),
    }
    .map(|rows| rows > 0)
}

/// The address to write to: one the debtor has used with us first, then a private one, then the
/// first on file; none that was opted out or is suppressed.
pub fn usable_address(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Option<String>> {
    emails::table
        .left_join(
            email_suppressions::table.on(email_suppressions::creditor_id
                .eq(emails::creditor_id)
                .and(email_suppressions::address.eq(emails::address))),
        )
        .filter(emails::creditor_id.eq(creditor))
        .filter(emails::debtor_id.eq(debtor))
        .filter(emails::opted_out_at.is_null())
        .filter(email_suppressions::address.nullable().is_null())
        .order((
            emails::used_for_debt_at.is_null().asc(),
            emails::kind.eq("employer").asc(),
            emails::created_at.asc(),
            emails::id.asc(),
        ))
        .select(emails::address)
        .first(conn)
        .optional()
}
