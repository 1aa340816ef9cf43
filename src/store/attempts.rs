//! The fence: one row for each hand-off to a provider.

use diesel::prelude::*;

use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::attempts;
use crate::domain::id::{
    AttemptId, CallId, ContactId, CreditorId, DebtorId, DecisionId, PlacementId, SequenceId,
};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
pub struct AttemptRow {
    pub creditor_id: CreditorId,
    pub id: AttemptId,
    pub debtor_id: DebtorId,
    pub placement_id: PlacementId,
    pub channel: String,
    /// The number in E.164, or the email address.
    pub address: String,
    pub call_id: Option<CallId>,
    pub sequence_id: Option<SequenceId>,
    pub step: Option<i32>,
    pub initiator: String,
    pub status: String,
    /// The debtor's epoch in which it was authorised.
    pub contact_epoch: i64,
    pub decision_id: DecisionId,
    pub contact_id: ContactId,
    pub worker: String,
    pub provider_ref: Option<String>,
    pub error: Option<String>,
    pub authorised_at: Instant,
    pub deadline_at: Instant,
    pub lease_until: Instant,
    pub finished_at: Option<Instant>,
}

pub fn insert(conn: &mut DbConn, attempt: &AttemptRow) -> QueryResult<()> {
    let insert = diesel::insert_into(attempts::table).values(attempt);
    on_each!(conn, conn => insert.execute(conn)).map(drop)
}

pub fn find(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: AttemptId,
) -> QueryResult<Option<AttemptRow>> {
    attempts::table
        .find((creditor, id))
        .select(AttemptRow::as_select())
        .first(conn)
        .optional()
}

/// Whether this step of a series was handed over already, is being handed over, or may have been.
pub fn is_step_taken(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    sequence: SequenceId,
    step: i32,
) -> QueryResult<bool> {
    let taken = diesel::select(diesel::dsl::exists(
        attempts::table
            .filter(attempts::creditor_id.eq(creditor))
            .filter(attempts::debtor_id.eq(debtor))
            .filter(attempts::sequence_id.eq(sequence))
            .filter(attempts::step.eq(step))
            .filter(attempts::status.ne("failed")),
    ));
    on_each!(conn, conn => taken.get_result(conn))
}

/// How many hand-offs of the debtor may be under way: starting, whatever any clock says of their
/// lease.
pub fn count_starting(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<i64> {
    attempts::table
        .filter(attempts::creditor_id.eq(creditor))
        .filter(attempts::debtor_id.eq(debtor))
        .filter(attempts::status.eq("starting"))
        .count()
        .get_result(conn)
}

/// Ends a hand-off that is starting. Nothing happens to one that ended before.
pub fn finish(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: AttemptId,
    status: &str,
    provider_ref: Option<&str>,
    error: Option<&str>,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        attempts::table
            .filter(attempts::creditor_id.eq(creditor))
            .filter(attempts::id.eq(id))
            .filter(attempts::status.eq("starting")),
    )
    .set((
        attempts::status.eq(status),
        attempts::provider_ref.eq(provider_ref),
        attempts::error.eq(error),
        attempts::finished_at.eq(now),
    ))
    .execute(conn)
}

/// Notes that a hand-off has started after all, whoever had given it up.
pub fn settle(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: AttemptId,
    provider_ref: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(attempts::table.find((creditor, id)))
        .set((
            attempts::status.eq("started"),
            attempts::provider_ref.eq(provider_ref),
            attempts::error.eq(None::<String>),
            attempts::finished_at.eq(now),
        ))
        .execute(conn)
}

/// Hand-offs whose lease ended before `then` without a report: nobody knows what became of them.
pub fn overdue(conn: &mut DbConn, then: Instant, limit: i64) -> QueryResult<Vec<AttemptRow>> {
    attempts::table
        .filter(attempts::status.eq("starting"))
        .filter(attempts::lease_until.le(then))
        .order(attempts::lease_until.asc())
        .limit(limit)
        .select(AttemptRow::as_select())
        .load(conn)
}

/// The emails of a placement that were handed over or tried, oldest first.
pub fn emails_of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    placement: PlacementId,
) -> QueryResult<Vec<AttemptRow>> {
    attempts::table
        .filter(attempts::creditor_id.eq(creditor))
        .filter(attempts::debtor_id.eq(debtor))
        .filter(attempts::placement_id.eq(placement))
        .filter(attempts::channel.eq("email"))
        .order((attempts::authorised_at.asc(), attempts::id.asc()))
        .select(AttemptRow::as_select())
        .load(conn)
}
