//! The ledger of permissions: a row is written once, and once taken back.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::batch::insert_all;
use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::consents;
use crate::domain::consent::{ConsentKind, GivenTo};
use crate::domain::id::{ConsentId, CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::Medium;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = consents, treat_none_as_default_value = false)]
pub struct Consent {
    pub creditor_id: CreditorId,
    pub id: ConsentId,
    pub debtor_id: DebtorId,
    /// None: for every placement.
    pub placement_id: Option<PlacementId>,
    pub kind: ConsentKind,
    pub number: Option<PhoneNumber>,
    /// The gate's own form: the hours, and whether it was given in a lawful contact.
    pub detail: String,
    /// What was said or written, or where that is kept.
    pub evidence: String,
    pub given_to: GivenTo,
    pub received_at: Instant,
    /// The last day it covers.
    pub through_on: Option<NaiveDate>,
    /// When the revocation reached us: it is in force from then on.
    pub revoked_at: Option<Instant>,
    pub recorded_by: String,
    pub created_at: Instant,
    /// How it was given.
    pub via: Medium,
    pub address: Option<String>,
    /// What the debtor may quote.
    pub reference: Option<String>,
    pub revoked_by: Option<String>,
    pub revoked_via: Option<Medium>,
    pub revoked_words: Option<String>,
    pub revocation_reference: Option<String>,
    pub revocation_recorded_at: Option<Instant>,
}

pub fn insert(conn: &mut DbConn, consent: &Consent) -> QueryResult<()> {
    let insert = diesel::insert_into(consents::table).values(consent);
    on_each!(conn, conn => insert.execute(conn)).map(drop)
}

pub fn insert_all(conn: &mut DbConn, rows: &[Consent]) -> QueryResult<()> {
    insert_all!(conn, consents::table, rows)
}

/// When these debtors allowed automated calls, and on which numbers; taken back or not.
pub fn to_automated_calls(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtors: &[DebtorId],
) -> QueryResult<Vec<(DebtorId, PhoneNumber, Instant)>> {
    consents::table
        .filter(consents::creditor_id.eq(creditor))
        .filter(consents::debtor_id.eq_any(debtors.to_vec()))
        .filter(consents::kind.eq(ConsentKind::Autodial))
        .filter(consents::number.is_not_null())
        .select((
            consents::debtor_id,
            consents::number.assume_not_null(),
            consents::received_at,
        ))
        .load(conn)
}

/// Everything a debtor ever allowed, the latest first.
pub fn of_debtor(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Vec<Consent>> {
    consents::table
        .filter(consents::creditor_id.eq(creditor))
        .filter(consents::debtor_id.eq(debtor))
        .order((consents::received_at.desc(), consents::id.desc()))
        .select(Consent::as_select())
        .load(conn)
}

/// One of a debtor's permissions, standing or taken back.
pub fn find(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    id: ConsentId,
) -> QueryResult<Option<Consent>> {
    consents::table
        .find((creditor, id))
        .filter(consents::debtor_id.eq(debtor))
        .select(Consent::as_select())
        .get_result(conn)
        .optional()
}

/// That a permission was taken back: by whom, how, in which words, and when it reached us.
#[derive(Debug, Clone)]
pub struct Revocation {
    pub by: String,
    pub via: Medium,
    pub words: Option<String>,
    pub reference: String,
    pub received_at: Instant,
    pub recorded_at: Instant,
}

/// Takes a permission back; nothing if that was done already.
pub fn revoke(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: ConsentId,
    revocation: &Revocation,
) -> QueryResult<usize> {
    diesel::update(
        consents::table
            .find((creditor, id))
            .filter(consents::revoked_at.is_null()),
    )
    .set((
        consents::revoked_at.eq(revocation.received_at),
        consents::revoked_by.eq(&revocation.by),
        consents::revoked_via.eq(revocation.via),
        consents::revoked_words.eq(&revocation.words),
        consents::revocation_reference.eq(&revocation.reference),
        consents::revocation_recorded_at.eq(revocation.recorded_at),
    ))
    .execute(conn)
}
