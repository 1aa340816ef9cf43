//! The debtor's placements with their pauses, notices and disputes.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Files, rows_of, word};
use crate::db::DbConn;
use crate::db::schema::{disputes, holds, letters, placements};
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;
use crate::gate::facts;
use crate::gate::when::When;

/// How a pause without an end is told to the gate.
const NO_END: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(date) => date,
    None => NaiveDate::MAX,
};

/// A placement, with one of its pauses where it has any.
#[derive(Queryable)]
struct Row {
    id: PlacementId,
    debtor: DebtorId,
    kind: String,
    status: PlacementStatus,
    incurred_on: Option<NaiveDate>,
    limitation_expires_on: Option<NaiveDate>,
    max_calls_per_week: Option<i32>,
    original_creditor: Option<String>,
    included_in_discharge: Option<bool>,
    /// Whose pause is in force.
    paused: Option<PlacementId>,
    until: Option<Instant>,
}

/// Every placement of the debtors, with its pauses.
pub(super) fn add_debts(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    // One row for each pause of a placement, and one for a placement without any.
    let in_force = holds::creditor_id
        .eq(placements::creditor_id)
        .and(holds::placement_id.eq(placements::id))
        .and(holds::lifted_at.is_null());
    let rows: Vec<Row> = rows_of!(conn, placements, creditor, ids, |rows| rows
        .left_join(holds::table.on(in_force))
        // By debtor first, as the index has it: sorted by time alone, SQLite walks every
        // placement of the creditor in that order.
        .order((
            placements::debtor_id.asc(),
            placements::placed_at.asc(),
            placements::id.asc(),
        ))
        .select((
            placements::id,
            placements::debtor_id,
            placements::debt_kind,
            placements::status,
            placements::incurred_on,
            placements::limitation_expires_on,
            placements::max_calls_per_week,
            placements::original_creditor,
            placements::included_in_discharge,
            holds::placement_id.nullable(),
            holds::until_at.nullable(),
        )))?;
    for row in rows {
        let Some(file) = files.get_mut(&row.debtor) else {
            continue;
        };
        let debts = &mut file.facts.debts;
        if debts.last().is_none_or(|debt| debt.id != row.id.as_str()) {
            let cap = row.max_calls_per_week.unwrap_or(file.default_weekly_cap);
            debts.push(facts::Debt {
                id: row.id.to_string(),
                kind: word(&row.kind),
                current_creditor: row.original_creditor,
                status: row.status,
                incurred_on: row.incurred_on,
                included_in_discharge: row.included_in_discharge,
                max_calls_per_week: u32::try_from(cap).ok(),
                limitations_expires_on: row.limitation_expires_on,
                ..Default::default()
            });
        }
        if let (Some(_), Some(debt)) = (row.paused, debts.last_mut()) {
            pause(debt, row.until);
        }
    }
    Ok(())
}

/// Of several pauses the one that ends last counts. One without an end lasts until somebody ends
/// it.
fn pause(debt: &mut facts::Debt, until: Option<Instant>) {
    let until = until.map_or(When::On(NO_END), When::At);
    let later = debt
        .paused_until
        .is_none_or(|known| known.latest() < until.latest());
    if later {
        debt.paused_until = Some(until);
    }
}

/// The debt of this placement among the debtor's.
fn debt_mut(
    files: &mut Files,
    debtor: DebtorId,
    placement: PlacementId,
) -> Option<&mut facts::Debt> {
    files
        .get_mut(&debtor)?
        .facts
        .debts
        .iter_mut()
        .find(|debt| debt.id == placement.as_str())
}

pub(super) fn add_letters(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (
        DebtorId,
        PlacementId,
        NaiveDate,
        String,
        Option<NaiveDate>,
        Option<NaiveDate>,
    );
    let rows: Vec<Row> = rows_of!(conn, letters, creditor, ids, |rows| rows
        .filter(letters::letter_type.eq("validation_notice"))
        .order((letters::debtor_id.asc(), letters::sent_on.asc()))
        .select((
            letters::debtor_id,
            letters::placement_id,
            letters::sent_on,
            letters::method,
            letters::period_ends_on,
            letters::returned_on,
        )))?;
    for (debtor, placement, sent_on, method, period_ends_on, returned_on) in rows {
        let Some(debt) = debt_mut(files, debtor, placement) else {
            continue;
        };
        if returned_on.is_some() {
            // It came back: as if it had never been sent, except that it is on file.
            debt.validation
                .get_or_insert_default()
                .earlier_notices
                .push(facts::EarlierNotice {
                    provided_on: Some(sent_on),
                    returned_on,
                });
        } else {
            let validation = debt.validation.get_or_insert_default();
            validation.provided_on = Some(sent_on);
            validation.method = Some(method);
            validation.period_ends_on = period_ends_on;
        }
    }
    Ok(())
}

pub(super) fn add_disputes(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
    files: &mut Files,
) -> QueryResult<()> {
    type Row = (
        DebtorId,
        PlacementId,
        Instant,
        bool,
        String,
        Option<Instant>,
    );
    let rows: Vec<Row> = rows_of!(conn, disputes, creditor, ids, |rows| rows
        .order((disputes::debtor_id.asc(), disputes::received_at.asc()))
        .select((
            disputes::debtor_id,
            disputes::placement_id,
            disputes::received_at,
            disputes::in_writing,
            disputes::via,
            disputes::responded_at,
        )))?;
    for (debtor, placement, received_at, in_writing, via, responded_at) in rows {
        if let Some(debt) = debt_mut(files, debtor, placement) {
            debt.disputes.push(facts::Dispute {
                received_at: Some(When::At(received_at)),
                in_writing,
                via: Some(via),
                response: responded_at.map(|_| facts::DisputeResponse::Verification),
                responded_at: responded_at.map(When::At),
                ..Default::default()
            });
        }
    }
    Ok(())
}
