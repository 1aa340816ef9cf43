//! Accounts placed for collection.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::{creditors, debtors, placements};
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::money::{BasisPoints, Cents};
use crate::domain::payment::Account;
use crate::domain::placement::{PlacementStatus, RecallReason};
use crate::domain::posture::Posture;
use crate::domain::time::Instant;

/// One placement as its page and its actions need it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = placements)]
pub struct Placement {
    pub creditor_id: CreditorId,
    pub id: PlacementId,
    pub debtor_id: DebtorId,
    pub invoice_number: String,
    pub debt_kind: String,
    pub original_creditor: Option<String>,
    pub status: PlacementStatus,
    pub amount_cents: Cents,
    pub recovered_cents: Cents,
    pub fee_cents: Cents,
    pub due_on: Option<NaiveDate>,
    pub incurred_on: Option<NaiveDate>,
    pub last_payment_on: Option<NaiveDate>,
    pub limitation_expires_on: Option<NaiveDate>,
    pub itemization_on: Option<NaiveDate>,
    pub notes: Option<String>,
    pub posture: Posture,
    pub recall_reason: Option<RecallReason>,
    /// The snapshot of how it ended, as JSON.
    pub outcome_score: Option<String>,
    pub placed_at: Instant,
    pub resolved_at: Option<Instant>,
    pub updated_at: Instant,
    pub version: i64,
    /// What was said of it when a discharge was recorded.
    pub included_in_discharge: Option<bool>,
}

impl Placement {
    pub fn account(&self) -> Account {
        Account {
            amount: self.amount_cents,
            recovered: self.recovered_cents,
            fee: self.fee_cents,
        }
    }
}

/// Whose account it is and who placed it.
#[derive(Debug, Clone, Queryable)]
pub struct Parties {
    pub debtor: String,
    pub city: Option<String>,
    /// The postal code of the state.
    pub state: Option<String>,
    pub creditor: String,
    pub fee_rate: BasisPoints,
}

/// A placement that `scope` may see, or nothing.
pub fn find(
    conn: &mut DbConn,
    scope: Scope,
    id: PlacementId,
) -> QueryResult<Option<(Placement, Parties)>> {
    let query = placements::table
        .inner_join(
            debtors::table.on(debtors::creditor_id
                .eq(placements::creditor_id)
                .and(debtors::id.eq(placements::debtor_id))),
        )
        .inner_join(creditors::table.on(creditors::id.eq(placements::creditor_id)))
        .select((
            Placement::as_select(),
            (
                debtors::name,
                debtors::city,
                debtors::state,
                creditors::name,
                creditors::contingency_bps,
            ),
        ));
    match scope {
        Scope::Creditor(creditor) => query
            .filter(placements::creditor_id.eq(creditor))
            .filter(placements::id.eq(id))
            .get_result(conn),
        Scope::Agency => query.filter(placements::id.eq(id)).get_result(conn),
    }
    .optional()
}

/// What closes a placement.
#[derive(Debug, Clone)]
pub struct Closing<'a> {
    pub status: PlacementStatus,
    pub recall_reason: Option<RecallReason>,
    /// JSON.
    pub outcome_score: &'a str,
    pub at: Instant,
}

/// Closes a placement that nobody changed since `version`; 0 if somebody did.
pub fn close(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: PlacementId,
    version: i64,
    closing: &Closing<'_>,
) -> QueryResult<usize> {
    diesel::update(
        placements::table
            .find((creditor, id))
            .filter(placements::version.eq(version)),
    )
    .set((
        placements::status.eq(closing.status),
        placements::recall_reason.eq(closing.recall_reason),
        placements::outcome_score.eq(closing.outcome_score),
        placements::resolved_at.eq(closing.at),
        placements::updated_at.eq(closing.at),
        placements::version.eq(version + 1),
    ))
    .execute(conn)
}

/// Opens a closed placement that nobody changed since `version`; 0 if somebody did.
pub fn reopen(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: PlacementId,
    version: i64,
    status: PlacementStatus,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        placements::table
            .find((creditor, id))
            .filter(placements::version.eq(version)),
    )
    .set((
        placements::status.eq(status),
        placements::recall_reason.eq(None::<RecallReason>),
        placements::outcome_score.eq(None::<String>),
        placements::resolved_at.eq(None::<Instant>),
        placements::updated_at.eq(now),
        placements::version.eq(version + 1),
    ))
    .execute(conn)
}

/// Writes the account after a payment made on `paid_on`; 0 if somebody changed the placement
/// since `version`.
pub fn set_account(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: PlacementId,
    version: i64,
    account: Account,
    paid_on: NaiveDate,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        placements::table
            .find((creditor, id))
            .filter(placements::version.eq(version)),
    )
    .set((
        placements::recovered_cents.eq(account.recovered),
        placements::fee_cents.eq(account.fee),
        placements::last_payment_on.eq(paid_on),
        placements::updated_at.eq(now),
        placements::version.eq(version + 1),
    ))
    .execute(conn)
}

/// Says for every account of a debtor whether a discharge covers it; none: nobody has said.
pub fn set_discharge(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    is_covered: Option<bool>,
) -> QueryResult<usize> {
    diesel::update(
        placements::table
            .filter(placements::creditor_id.eq(creditor))
            .filter(placements::debtor_id.eq(debtor)),
    )
    .set(placements::included_in_discharge.eq(is_covered))
    .execute(conn)
}

/// Says for some accounts of a debtor that a discharge does not cover them.
pub fn exclude_from_discharge(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    ids: &[PlacementId],
) -> QueryResult<usize> {
    diesel::update(
        placements::table
            .filter(placements::creditor_id.eq(creditor))
            .filter(placements::debtor_id.eq(debtor))
            .filter(placements::id.eq_any(ids.to_vec())),
    )
    .set(placements::included_in_discharge.eq(false))
    .execute(conn)
}

/// The placements of one debtor, newest first.
pub fn of_debtor(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Vec<Placement>> {
    placements::table
        .filter(placements::creditor_id.eq(creditor))
        .filter(placements::debtor_id.eq(debtor))
        .order((placements::placed_at.desc(), placements::id.desc()))
        .select(Placement::as_select())
        .load(conn)
}
