//! Permissions that debtors gave.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::consents;
use crate::domain::id::{ConsentId, CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = consents)]
pub struct Consent<'a> {
    pub creditor_id: CreditorId,
    pub id: ConsentId,
    pub debtor_id: DebtorId,
    /// None: for every placement.
    pub placement_id: Option<PlacementId>,
    /// `calls`, `time`, `recording`, `autodial` or `esign`.
    pub kind: &'a str,
    pub number: Option<PhoneNumber>,
    /// The gate's own form: the hours, and whether it was given in a lawful contact.
    pub detail: &'a str,
    /// Where and how it was given.
    pub evidence: &'a str,
    /// `collector` or `creditor`.
    pub given_to: &'a str,
    pub received_at: Instant,
    /// The last day it covers.
    pub through_on: Option<NaiveDate>,
    pub revoked_at: Option<Instant>,
    pub recorded_by: &'a str,
    pub created_at: Instant,
}

pub fn insert(conn: &mut DbConn, consent: &Consent<'_>) -> QueryResult<()> {
    diesel::insert_into(consents::table)
        .values(consent)
        .execute(conn)
        .map(drop)
}
