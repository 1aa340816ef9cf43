//! The numbers and addresses on a debtor's file.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{emails, phones};
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::phone::PhoneNumber;

/// A debtor's numbers with their kind, the oldest first.
pub fn phones_of(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Vec<(PhoneNumber, String)>> {
    phones::table
        .filter(phones::creditor_id.eq(creditor))
        .filter(phones::debtor_id.eq(debtor))
        .order((phones::created_at.asc(), phones::id.asc()))
        .select((phones::number, phones::kind))
        .load(conn)
}

/// A debtor's email addresses with their kind, the oldest first.
pub fn emails_of(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Vec<(String, String)>> {
    emails::table
        .filter(emails::creditor_id.eq(creditor))
        .filter(emails::debtor_id.eq(debtor))
        .order((emails::created_at.asc(), emails::id.asc()))
        .select((emails::address, emails::kind))
        .load(conn)
}
