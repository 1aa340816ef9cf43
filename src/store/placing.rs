//! Rows that placing an account writes, many at a time, and what it must know before.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::batch::insert_all;
use crate::db::DbConn;
use crate::db::schema::{
    calls, creditors, debtors, disputes, email_sequences, emails, flags, phones, placements,
    stop_requests,
};
use crate::domain::id::{
    CallId, CreditorId, DebtorId, DisputeId, EmailId, FlagId, ImportId, PhoneId, PlacementId,
    SequenceId, StopRequestId,
};
use crate::domain::money::Cents;
use crate::domain::phone::PhoneNumber;
use crate::domain::placement::PlacementStatus;
use crate::domain::posture::Posture;
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::domain::time::Instant;

#[derive(Debug, Insertable)]
#[diesel(table_name = debtors, treat_none_as_default_value = false)]
pub struct DebtorRow {
    pub creditor_id: CreditorId,
    pub id: DebtorId,
    pub reference: Option<String>,
    pub reference_key: Option<String>,
    pub kind: &'static str,
    pub name: String,
    pub search_name: String,
    pub address_line1: Option<String>,
    pub address_line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
    pub language: &'static str,
    pub preferred_contact_method: Option<&'static str>,
    pub contact_epoch: i64,
    pub created_at: Instant,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = phones, treat_none_as_default_value = false)]
pub struct PhoneRow {
    pub creditor_id: CreditorId,
    pub id: PhoneId,
    pub debtor_id: DebtorId,
    pub number: PhoneNumber,
    pub kind: &'static str,
    pub created_at: Instant,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = emails, treat_none_as_default_value = false)]
pub struct EmailRow {
    pub creditor_id: CreditorId,
    pub id: EmailId,
    pub debtor_id: DebtorId,
    pub address: String,
    pub kind: &'static str,
    pub created_at: Instant,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = flags, treat_none_as_default_value = false)]
pub struct FlagRow {
    pub creditor_id: CreditorId,
    pub id: FlagId,
    pub debtor_id: DebtorId,
    pub kind: FlagKind,
    pub detail: String,
    pub source: Medium,
    pub verified: bool,
    pub stop_request_id: Option<StopRequestId>,
    pub set_by: String,
    pub received_at: Instant,
    pub set_at: Instant,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = stop_requests, treat_none_as_default_value = false)]
pub struct StopRequestRow {
    pub creditor_id: CreditorId,
    pub id: StopRequestId,
    pub debtor_id: DebtorId,
    pub reference: String,
    pub scope: StopScope,
    pub via: Medium,
    pub requester: Requester,
    pub in_writing: bool,
    pub verified: bool,
    pub recorded_by: String,
    pub contact_epoch: i64,
    pub received_at: Instant,
    pub honoured_at: Instant,
    pub effective_at: Option<Instant>,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = placements, treat_none_as_default_value = false)]
pub struct PlacementRow {
    pub creditor_id: CreditorId,
    pub id: PlacementId,
    pub debtor_id: DebtorId,
    pub invoice_number: String,
    pub invoice_key: String,
    pub debt_kind: &'static str,
    pub original_creditor: Option<String>,
    pub status: PlacementStatus,
    pub status_before_dispute: Option<PlacementStatus>,
    pub amount_cents: Cents,
    pub due_on: Option<NaiveDate>,
    pub incurred_on: Option<NaiveDate>,
    pub last_payment_on: Option<NaiveDate>,
    pub limitation_expires_on: Option<NaiveDate>,
    pub itemization_on: Option<NaiveDate>,
    pub itemization_amount_cents: Option<Cents>,
    pub itemization_interest_cents: Option<Cents>,
    pub itemization_fees_cents: Option<Cents>,
    pub itemization_credits_cents: Option<Cents>,
    pub max_calls_per_week: Option<i32>,
    pub posture: Posture,
    pub notes: Option<String>,
    pub import_id: Option<ImportId>,
    pub placed_at: Instant,
    pub updated_at: Instant,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = disputes, treat_none_as_default_value = false)]
pub struct DisputeRow {
    pub creditor_id: CreditorId,
    pub id: DisputeId,
    pub placement_id: PlacementId,
    pub debtor_id: DebtorId,
    pub reason: &'static str,
    pub details: Option<&'static str>,
    pub in_writing: bool,
    pub via: Medium,
    pub status: &'static str,
    pub received_at: Instant,
    pub recorded_by: String,
    pub created_at: Instant,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = email_sequences, treat_none_as_default_value = false)]
pub struct SequenceRow {
    pub creditor_id: CreditorId,
    pub id: SequenceId,
    pub placement_id: PlacementId,
    pub debtor_id: DebtorId,
    pub status: &'static str,
    pub pause_cause: Option<&'static str>,
    pub next_send_at: Option<Instant>,
    pub created_at: Instant,
    pub updated_at: Instant,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = calls, treat_none_as_default_value = false)]
pub struct CallRow {
    pub creditor_id: CreditorId,
    pub id: CallId,
    pub placement_id: PlacementId,
    pub debtor_id: DebtorId,
    pub number: PhoneNumber,
    pub status: &'static str,
    pub scheduled_at: Instant,
    pub created_at: Instant,
    pub updated_at: Instant,
}

pub fn insert_debtors(conn: &mut DbConn, rows: &[DebtorRow]) -> QueryResult<()> {
    insert_all!(conn, debtors::table, rows)
}

pub fn insert_phones(conn: &mut DbConn, rows: &[PhoneRow]) -> QueryResult<()> {
    insert_all!(conn, phones::table, rows)
}

pub fn insert_emails(conn: &mut DbConn, rows: &[EmailRow]) -> QueryResult<()> {
    insert_all!(conn, emails::table, rows)
}

pub fn insert_flags(conn: &mut DbConn, rows: &[FlagRow]) -> QueryResult<()> {
    insert_all!(conn, flags::table, rows)
}

pub fn insert_stop_requests(conn: &mut DbConn, rows: &[StopRequestRow]) -> QueryResult<()> {
    insert_all!(conn, stop_requests::table, rows)
}

pub fn insert_placements(conn: &mut DbConn, rows: &[PlacementRow]) -> QueryResult<()> {
    insert_all!(conn, placements::table, rows)
}

pub fn insert_disputes(conn: &mut DbConn, rows: &[DisputeRow]) -> QueryResult<()> {
    insert_all!(conn, disputes::table, rows)
}

pub fn insert_sequences(conn: &mut DbConn, rows: &[SequenceRow]) -> QueryResult<()> {
    insert_all!(conn, email_sequences::table, rows)
}

pub fn insert_calls(conn: &mut DbConn, rows: &[CallRow]) -> QueryResult<()> {
    insert_all!(conn, calls::table, rows)
}

/// Makes others who place for the same creditor wait until this transaction ends, so that no
/// debtor and no invoice is found missing twice. `NotFound` where there is no such creditor.
pub fn lock_creditor(conn: &mut DbConn, creditor: CreditorId) -> QueryResult<()> {
    let row = creditors::table.find(creditor).select(creditors::id);
    let found: CreditorId = match conn {
        // A write transaction of SQLite is alone.
        DbConn::Sqlite(conn) => row.get_result(conn)?,
        // Weaker than FOR UPDATE: rows that refer to the creditor may still be written.
        DbConn::Pg(conn) => row.for_no_key_update().get_result(conn)?,
    };
    debug_assert_eq!(found, creditor);
    Ok(())
}

/// The placements that bear these invoices.
pub fn by_invoice(
    conn: &mut DbConn,
    creditor: CreditorId,
    keys: &[String],
) -> QueryResult<Vec<(String, PlacementId, DebtorId)>> {
    placements::table
        .filter(placements::creditor_id.eq(creditor))
        .filter(placements::invoice_key.eq_any(keys))
        .select((
            placements::invoice_key,
            placements::id,
            placements::debtor_id,
        ))
        .load(conn)
}

/// What a debtor is recognised by.
#[derive(Debug, Clone, Queryable)]
pub struct KnownDebtor {
    pub id: DebtorId,
    pub reference_key: Option<String>,
    pub search_name: String,
    pub address_line1: Option<String>,
    pub address_line2: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
}

/// Debtors that bear one of these references or names.
pub fn debtors_alike(
    conn: &mut DbConn,
    creditor: CreditorId,
    reference_keys: &[String],
    names: &[String],
) -> QueryResult<Vec<KnownDebtor>> {
    let columns = (
        debtors::id,
        debtors::reference_key,
        debtors::search_name,
        debtors::address_line1,
        debtors::address_line2,
        debtors::state,
        debtors::zip,
    );
    // Two queries, each on its own index.
    let mut found: Vec<KnownDebtor> = debtors::table
        .filter(debtors::creditor_id.eq(creditor))
        .filter(debtors::reference_key.eq_any(reference_keys))
        .select(columns)
        .load(conn)?;
    found.extend(
        debtors::table
            .filter(debtors::creditor_id.eq(creditor))
            .filter(debtors::search_name.eq_any(names))
            .order((debtors::created_at, debtors::id))
            .select(columns)
            .load::<KnownDebtor>(conn)?,
    );
    Ok(found)
}

/// The flags in force on these debtors.
pub fn flags_in_force(
    conn: &mut DbConn,
    creditor: CreditorId,
    of: &[DebtorId],
) -> QueryResult<Vec<(DebtorId, FlagKind)>> {
    flags::table
        .filter(flags::creditor_id.eq(creditor))
        .filter(flags::debtor_id.eq_any(of))
        .filter(flags::lifted_at.is_null())
        .select((flags::debtor_id, flags::kind))
        .load(conn)
}

/// A number on file.
#[derive(Debug, Clone, Queryable)]
pub struct OnFile {
    pub debtor: DebtorId,
    pub number: PhoneNumber,
    /// `mobile`, `landline`, `work` or `unknown`.
    pub kind: String,
    /// Whose it is, where it is not the debtor's own.
    pub belongs_to: Option<String>,
}

impl OnFile {
    pub fn is_own(&self) -> bool {
        self.belongs_to.is_none()
    }

    /// As a form offers it: `(614) 555-0148, mobile`.
    pub fn label(&self) -> String {
        let number = self.number.display_national();
        match (&self.belongs_to, self.kind.as_str()) {
            (Some(owner), _) => format!("{number}, belongs to {owner}"),
            (None, "unknown") => number,
            (None, kind) => format!("{number}, {kind}"),
        }
    }
}

/// Numbers of debtors, the oldest first.
pub fn phones_of(
    conn: &mut DbConn,
    creditor: CreditorId,
    of: &[DebtorId],
) -> QueryResult<Vec<OnFile>> {
    phones::table
        .filter(phones::creditor_id.eq(creditor))
        .filter(phones::debtor_id.eq_any(of))
        .order((phones::created_at, phones::id))
        .select((
            phones::debtor_id,
            phones::number,
            phones::kind,
            phones::belongs_to,
        ))
        .load(conn)
}

/// Addresses with their kind and whether they were opted out, the oldest first.
pub fn emails_of(
    conn: &mut DbConn,
    creditor: CreditorId,
    of: &[DebtorId],
) -> QueryResult<Vec<(DebtorId, String, String, bool)>> {
    emails::table
        .filter(emails::creditor_id.eq(creditor))
        .filter(emails::debtor_id.eq_any(of))
        .order((emails::created_at, emails::id))
        .select((
            emails::debtor_id,
            emails::address,
            emails::kind,
            emails::opted_out_at.is_not_null(),
        ))
        .load(conn)
}

/// A few accounts of people for which emails go out, with whose they are; by name.
pub fn in_outreach(
    conn: &mut DbConn,
    creditor: CreditorId,
    limit: i64,
) -> QueryResult<Vec<(PlacementId, DebtorId, String)>> {
    email_sequences::table
        .inner_join(
            debtors::table.on(debtors::creditor_id
                .eq(email_sequences::creditor_id)
                .and(debtors::id.eq(email_sequences::debtor_id))),
        )
        .filter(email_sequences::creditor_id.eq(creditor))
        .filter(email_sequences::status.eq("active"))
        .filter(debtors::kind.eq("person"))
        .order((
            debtors::search_name.asc(),
            debtors::id.asc(),
            email_sequences::placement_id.asc(),
        ))
        .select((email_sequences::placement_id, debtors::id, debtors::name))
        .limit(limit)
        .load(conn)
}
