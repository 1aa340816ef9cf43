//! Whom a telephone number or an email address reaches, and numbers that are not to be called
//! whoever they reach.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::{creditors, dnc_entries, emails, phones, placements};
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::search::Reach;

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

/// Debtors that a number or an address reaches, as far as `scope` sees them, at most `limit`.
pub fn debtors(
    conn: &mut DbConn,
    scope: Scope,
    reach: &Reach,
    limit: i64,
) -> QueryResult<Vec<DebtorId>> {
    match reach {
        Reach::Phone(number) => {
            let query = phones::table
                .filter(phones::number.eq(*number))
                .select(phones::debtor_id)
                .limit(limit)
                .into_boxed();
            match scope {
                Scope::Creditor(creditor) => query.filter(phones::creditor_id.eq(creditor)),
                Scope::Agency => query,
            }
            .load(conn)
        }
        Reach::Email(address) => {
            let query = emails::table
                .filter(emails::address.eq(address.as_str().to_owned()))
                .select(emails::debtor_id)
                .limit(limit)
                .into_boxed();
            match scope {
                Scope::Creditor(creditor) => query.filter(emails::creditor_id.eq(creditor)),
                Scope::Agency => query,
            }
            .load(conn)
        }
    }
}

/// The placements of these debtors, as far as `scope` sees them, at most `limit`.
pub fn placements(
    conn: &mut DbConn,
    scope: Scope,
    debtors: &[DebtorId],
    limit: i64,
) -> QueryResult<Vec<PlacementId>> {
    let query = placements::table
        .filter(placements::debtor_id.eq_any(debtors.to_vec()))
        .select(placements::id)
        .limit(limit)
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(placements::creditor_id.eq(creditor)),
        // The index of a debtor's placements begins with the creditor.
        Scope::Agency => {
            let all: Vec<CreditorId> = creditors::table.select(creditors::id).load(conn)?;
            query.filter(placements::creditor_id.eq_any(all))
        }
    }
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

diesel::alias!(phones as same_phones: SamePhones, emails as same_emails: SameEmails);

/// Other debtors, of any creditor, with one of this debtor's own numbers on file as their own, at
/// most `limit`.
pub fn at_same_numbers(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    limit: i64,
) -> QueryResult<Vec<(CreditorId, DebtorId)>> {
    phones::table
        .inner_join(
            same_phones.on(same_phones
                .field(phones::number)
                .eq(phones::number)
                .and(same_phones.field(phones::debtor_id).ne(phones::debtor_id))),
        )
        .filter(phones::creditor_id.eq(creditor))
        .filter(phones::debtor_id.eq(debtor))
        .filter(phones::belongs_to.is_null())
        .filter(same_phones.field(phones::belongs_to).is_null())
        .order(same_phones.field(phones::debtor_id).asc())
        .select((
            same_phones.field(phones::creditor_id),
            same_phones.field(phones::debtor_id),
        ))
        .distinct()
        .limit(limit)
        .load(conn)
}

/// Other debtors, of any creditor, with one of this debtor's addresses on file, at most `limit`.
pub fn at_same_addresses(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    limit: i64,
) -> QueryResult<Vec<(CreditorId, DebtorId)>> {
    emails::table
        .inner_join(
            same_emails.on(same_emails
                .field(emails::address)
                .eq(emails::address)
                .and(same_emails.field(emails::debtor_id).ne(emails::debtor_id))),
        )
        .filter(emails::creditor_id.eq(creditor))
        .filter(emails::debtor_id.eq(debtor))
        .order(same_emails.field(emails::debtor_id).asc())
        .select((
            same_emails.field(emails::creditor_id),
            same_emails.field(emails::debtor_id),
        ))
        .distinct()
        .limit(limit)
        .load(conn)
}
