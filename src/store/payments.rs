//! The ledger of payments. Rows are never changed.

use chrono::NaiveDate;
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Scope, count};
use crate::db::DbConn;
use crate::db::schema::{debtors, payments, placements};
use crate::domain::id::{CreditorId, PaymentId, PlacementId};
use crate::domain::money::{BasisPoints, Cents};
use crate::domain::payment::{PaymentMethod, PaymentSource};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = payments, treat_none_as_default_value = false)]
pub struct Payment {
    pub creditor_id: CreditorId,
    pub id: PaymentId,
    pub placement_id: PlacementId,
    pub amount_cents: Cents,
    pub fee_cents: Cents,
    /// The rate on the day it was recorded; a later rate does not touch it.
    pub fee_bps: BasisPoints,
    pub paid_on: NaiveDate,
    pub method: PaymentMethod,
    pub reference: Option<String>,
    pub note: Option<String>,
    pub source: PaymentSource,
    /// An actor's text.
    pub recorded_by: String,
    pub created_at: Instant,
}

pub fn insert(conn: &mut DbConn, payment: &Payment) -> QueryResult<()> {
    diesel::insert_into(payments::table)
        .values(payment)
        .execute(conn)
        .map(drop)
}

pub fn find(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: PaymentId,
) -> QueryResult<Option<Payment>> {
    payments::table
        .find((creditor, id))
        .select(Payment::as_select())
        .get_result(conn)
        .optional()
}

/// The payments of a placement, newest first.
pub fn of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<Vec<Payment>> {
    payments::table
        .filter(payments::creditor_id.eq(creditor))
        .filter(payments::placement_id.eq(placement))
        .order((payments::created_at.desc(), payments::id.desc()))
        .select(Payment::as_select())
        .load(conn)
}

/// A payment of the same amount on the same day with the same reference (or as little of one).
pub fn alike(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    amount: Cents,
    paid_on: NaiveDate,
    reference: Option<&str>,
) -> QueryResult<Option<Payment>> {
    let query = payments::table
        .filter(payments::creditor_id.eq(creditor))
        .filter(payments::placement_id.eq(placement))
        .filter(payments::amount_cents.eq(amount))
        .filter(payments::paid_on.eq(paid_on))
        .order((payments::created_at.desc(), payments::id.desc()))
        .select(Payment::as_select())
        .into_boxed();
    match reference {
        Some(reference) => query.filter(payments::reference.eq(reference.to_owned())),
        None => query.filter(payments::reference.is_null()),
    }
    .first(conn)
    .optional()
}

/// A payment with the account it was for.
pub type Listed = (Payment, String, String);

/// Payments, the last recorded first, with the debtor's name and the invoice number.
pub fn list(conn: &mut DbConn, scope: Scope, offset: i64, limit: i64) -> QueryResult<Vec<Listed>> {
    let query = payments::table
        .inner_join(
            placements::table.on(placements::creditor_id
                .eq(payments::creditor_id)
                .and(placements::id.eq(payments::placement_id))),
        )
        .inner_join(
            debtors::table.on(debtors::creditor_id
                .eq(placements::creditor_id)
                .and(debtors::id.eq(placements::debtor_id))),
        )
        .order((payments::created_at.desc(), payments::id.desc()))
        .offset(offset)
        .limit(limit)
        .select((
            Payment::as_select(),
            debtors::name,
            placements::invoice_number,
        ))
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(payments::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .load(conn)
}

/// Payments of these placements, the last recorded first: what a search found.
pub fn of_placements(
    conn: &mut DbConn,
    scope: Scope,
    ids: &[PlacementId],
) -> QueryResult<Vec<Listed>> {
    let query = payments::table
        .inner_join(
            placements::table.on(placements::creditor_id
                .eq(payments::creditor_id)
                .and(placements::id.eq(payments::placement_id))),
        )
        .inner_join(
            debtors::table.on(debtors::creditor_id
                .eq(placements::creditor_id)
                .and(debtors::id.eq(placements::debtor_id))),
        )
        .filter(payments::placement_id.eq_any(ids.to_vec()))
        .order((payments::created_at.desc(), payments::id.desc()))
        .select((
            Payment::as_select(),
            debtors::name,
            placements::invoice_number,
        ))
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(payments::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .load(conn)
}

/// How many payments there are, and what they add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub payments: u64,
    pub amount: Cents,
    pub fee: Cents,
}

/// Totals of the payments made from `first` to `last`, both included; without them, of all.
pub fn totals(
    conn: &mut DbConn,
    scope: Scope,
    days: Option<(NaiveDate, NaiveDate)>,
) -> QueryResult<Totals> {
    let query = payments::table
        .select((
            count_star(),
            // A sum of big integers is a NUMERIC on PostgreSQL.
            sql::<BigInt>("CAST(coalesce(sum(amount_cents), 0) AS BIGINT)"),
            sql::<BigInt>("CAST(coalesce(sum(fee_cents), 0) AS BIGINT)"),
        ))
        .into_boxed();
    let query = match scope {
        Scope::Creditor(creditor) => query.filter(payments::creditor_id.eq(creditor)),
        Scope::Agency => query,
    };
    let query = match days {
        Some((first, last)) => query
            .filter(payments::paid_on.ge(first))
            .filter(payments::paid_on.le(last)),
        None => query,
    };
    let (rows, amount, fee): (i64, Cents, Cents) = query.get_result(conn)?;
    Ok(Totals {
        payments: count(rows),
        amount,
        fee,
    })
}

/// What was paid on each day from `first` on, days without a payment left out.
pub fn per_day(
    conn: &mut DbConn,
    scope: Scope,
    first: NaiveDate,
) -> QueryResult<Vec<(NaiveDate, Cents)>> {
    let query = payments::table
        .filter(payments::paid_on.ge(first))
        .group_by(payments::paid_on)
        .order(payments::paid_on.asc())
        .select((
            payments::paid_on,
            sql::<BigInt>("CAST(sum(amount_cents) AS BIGINT)"),
        ));
    match scope {
        Scope::Creditor(creditor) => query.filter(payments::creditor_id.eq(creditor)).load(conn),
        Scope::Agency => query.load(conn),
    }
}
