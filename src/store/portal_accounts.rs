//! What a debtor is shown of one account, and where a code for it can go.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{creditors, debtors, emails, placements};
use crate::domain::id::{CreditorId, DebtorId, EmailId, PlacementId};
use crate::domain::money::Cents;
use crate::domain::placement::PlacementStatus;

/// One account with the amounts of 12 CFR 1006.34(c)(2).
#[derive(Debug, Clone, Queryable)]
pub struct PortalAccount {
    pub creditor: String,
    pub invoice_number: String,
    pub status: PlacementStatus,
    pub amount: Cents,
    pub recovered: Cents,
    pub itemization_on: Option<NaiveDate>,
    pub itemization_amount: Option<Cents>,
    pub itemization_interest: Option<Cents>,
    pub itemization_fees: Option<Cents>,
    pub itemization_credits: Option<Cents>,
    /// The debtor's language: `en` or `es`.
    pub language: String,
    pub zip: Option<String>,
}

pub fn find(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<Option<PortalAccount>> {
    placements::table
        .inner_join(creditors::table.on(creditors::id.eq(placements::creditor_id)))
        .inner_join(
            debtors::table.on(debtors::creditor_id
                .eq(placements::creditor_id)
                .and(debtors::id.eq(placements::debtor_id))),
        )
        .filter(placements::creditor_id.eq(creditor))
        .filter(placements::id.eq(placement))
        .select((
            creditors::name,
            placements::invoice_number,
            placements::status,
            placements::amount_cents,
            placements::recovered_cents,
            placements::itemization_on,
            placements::itemization_amount_cents,
            placements::itemization_interest_cents,
            placements::itemization_fees_cents,
            placements::itemization_credits_cents,
            debtors::language,
            debtors::zip,
        ))
        .get_result(conn)
        .optional()
}

/// The address for codes: the debtor's own, never an employer's (12 CFR 1006.22(f)(3)), one that
/// was not opted out before one that was, then the first on file.
pub fn email_for_codes(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Option<EmailId>> {
    emails::table
        .filter(emails::creditor_id.eq(creditor))
        .filter(emails::debtor_id.eq(debtor))
        .filter(emails::kind.eq("personal"))
        .order((
            emails::opted_out_at.is_not_null().asc(),
            emails::created_at.asc(),
            emails::id.asc(),
        ))
        .select(emails::id)
        .first(conn)
        .optional()
}

/// An address by its id, if it is still on file.
pub fn address(
    conn: &mut DbConn,
    creditor: CreditorId,
    email: EmailId,
) -> QueryResult<Option<String>> {
    emails::table
        .find((creditor, email))
        .select(emails::address)
        .get_result(conn)
        .optional()
}
