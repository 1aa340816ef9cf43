//! Whom a telephone number or an email address reaches, over all creditors; and numbers that are
//! not to be called whoever they reach.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{dnc_entries, emails, phones};
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::phone::PhoneNumber;

/// Debtors with exactly this number on file, the latest first, at most `limit`.
pub fn by_phone(
    conn: &mut DbConn,
    number: PhoneNumber,
    limit: i64,
) -> QueryResult<Vec<(CreditorId, DebtorId)>> {
    phones::table
        .filter(phones::number.eq(number))
        .order((phones::created_at.desc(), phones::id.desc()))
        .select((phones::creditor_id, phones::debtor_id))
        .limit(limit)
        .load(conn)
}

/// Debtors with exactly this address on file, the latest first, at most `limit`. `address` is in
/// lower case.
pub fn by_email(
    conn: &mut DbConn,
    address: &str,
    limit: i64,
) -> QueryResult<Vec<(CreditorId, DebtorId)>> {
    emails::table
        .filter(emails::address.eq(address))
        .order((emails::created_at.desc(), emails::id.desc()))
        .select((emails::creditor_id, emails::debtor_id))
        .limit(limit)
        .load(conn)
}

/// Puts a number on the agency's own do-not-call list at the request of whoever it reaches. A
/// number that stands there already stays as it is.
pub fn do_not_call(conn: &mut DbConn, number: PhoneNumber, on: NaiveDate) -> QueryResult<()> {
    let insert = diesel::insert_into(dnc_entries::table)
        .values((
            dnc_entries::number.eq(number),
            dnc_entries::scope.eq("agency"),
            dnc_entries::source.eq("debtor"),
            dnc_entries::added_on.eq(on),
        ))
        .on_conflict_do_nothing();
    match conn {
        DbConn::Sqlite(conn) => insert.execute(conn),
        DbConn::Pg(conn) => insert.execute(conn),
    }
    .map(drop)
}
