//! What the compliance home shows: flags in force, the last contacts and stops, and how the
//! program itself stands. Of every creditor, for staff alone.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::{count_star, max, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::contacts::ContactRow;
use super::stop_requests::StopRequest;
use crate::db::DbConn;
use crate::db::schema::{
    audit_chains, audit_checkpoints, contacts, creditors, debtors, flags, placements, stop_requests,
};
use crate::domain::id::{DebtorId, PlacementId};
use crate::domain::stop::FlagKind;
use crate::domain::time::Instant;

/// How many debtors carry each flag that is in force.
pub fn flag_counts(conn: &mut DbConn) -> QueryResult<Vec<(FlagKind, i64)>> {
    flags::table
        .filter(flags::lifted_at.is_null())
        .group_by(flags::kind)
        .select((flags::kind, sql::<BigInt>("count(DISTINCT debtor_id)")))
        .load(conn)
}

/// The last contacts that took place or are taking place, the latest first.
pub fn last_contacts(conn: &mut DbConn, limit: i64) -> QueryResult<Vec<ContactRow>> {
    contacts::table
        .order((contacts::at.desc(), contacts::id.desc()))
        .limit(limit)
        .select(ContactRow::as_select())
        .load(conn)
}

/// The requests to stop since `since`, the latest first.
pub fn last_stops(conn: &mut DbConn, since: Instant, limit: i64) -> QueryResult<Vec<StopRequest>> {
    stop_requests::table
        .filter(stop_requests::honoured_at.ge(since))
        .order((stop_requests::honoured_at.desc(), stop_requests::id.desc()))
        .limit(limit)
        .select(StopRequest::as_select())
        .load(conn)
}

/// A placement as a row of the home names it.
#[derive(Debug, Clone, Queryable)]
pub struct Named {
    pub id: PlacementId,
    pub invoice: String,
    pub debtor: String,
    pub creditor: String,
    /// What a validation notice itemizes from.
    pub itemization_on: Option<NaiveDate>,
    /// Where a notice would go.
    pub address: Option<String>,
}

/// Names for these placements.
pub fn names(conn: &mut DbConn, ids: Vec<PlacementId>) -> QueryResult<HashMap<PlacementId, Named>> {
    let rows: Vec<Named> = placements::table
        .inner_join(
            debtors::table.on(debtors::creditor_id
                .eq(placements::creditor_id)
                .and(debtors::id.eq(placements::debtor_id))),
        )
        .inner_join(creditors::table.on(creditors::id.eq(placements::creditor_id)))
        .filter(placements::id.eq_any(ids))
        .select((
            placements::id,
            placements::invoice_number,
            debtors::name,
            creditors::name,
            placements::itemization_on,
            debtors::address_line1,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Names of debtors.
pub fn debtor_names(
    conn: &mut DbConn,
    ids: Vec<DebtorId>,
) -> QueryResult<HashMap<DebtorId, String>> {
    let rows: Vec<(DebtorId, String)> = debtors::table
        .filter(debtors::id.eq_any(ids))
        .select((debtors::id, debtors::name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// How many chains of the audit trail there are, how many events they hold, and when they were
/// last signed.
pub fn audit_state(conn: &mut DbConn) -> QueryResult<(u64, u64, Option<Instant>)> {
    let (chains, events): (i64, i64) = audit_chains::table
        .select((
            count_star(),
            sql::<BigInt>("CAST(coalesce(sum(length), 0) AS BIGINT)"),
        ))
        .get_result(conn)?;
    let signed: Option<Instant> = audit_checkpoints::table
        .select(max(audit_checkpoints::at))
        .get_result(conn)?;
    Ok((super::count(chains), super::count(events), signed))
}
