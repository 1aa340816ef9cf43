//! The fence: one row for each hand-off to a provider.

use diesel::prelude::*;

use super::count;
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
        .get_result(conn)
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
    provider_ref: Option<&str>,
    look_up_at: Option<Instant>,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(attempts::table.find((creditor, id)))
        .set((
            attempts::status.eq("started"),
            attempts::provider_ref.eq(provider_ref),
            attempts::error.eq(None::<String>),
            attempts::finished_at.eq(now),
            attempts::look_up_at.eq(look_up_at),
        ))
        .execute(conn)
}

/// Notes that a hand-off of which nobody knew reached nobody. Nothing happens if it is known by
/// now.
pub fn settle_failed(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: AttemptId,
    error: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        attempts::table
            .find((creditor, id))
            .filter(attempts::status.eq("unknown")),
    )
    .set((
        attempts::status.eq("failed"),
        attempts::error.eq(error),
        attempts::finished_at.eq(now),
        attempts::look_up_at.eq(None::<Instant>),
    ))
    .execute(conn)
}

/// When the provider's records are asked about it next; never again without a moment.
pub fn look_up_at(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: AttemptId,
    at: Option<Instant>,
) -> QueryResult<usize> {
    diesel::update(attempts::table.find((creditor, id)))
        .set(attempts::look_up_at.eq(at))
        .execute(conn)
}

/// Ends the asking; 0 where somebody has ended it.
pub fn stop_looking(conn: &mut DbConn, creditor: CreditorId, id: AttemptId) -> QueryResult<usize> {
    diesel::update(
        attempts::table
            .find((creditor, id))
            .filter(attempts::look_up_at.is_not_null()),
    )
    .set(attempts::look_up_at.eq(None::<Instant>))
    .execute(conn)
}

/// Hand-offs about which the provider's records are to be asked now, the longest due first. Read
/// off the index of what is to be asked, however many hand-offs there are.
pub fn to_look_up(conn: &mut DbConn, now: Instant, limit: i64) -> QueryResult<Vec<AttemptRow>> {
    attempts::table
        .filter(attempts::look_up_at.le(now))
        .order((attempts::look_up_at.asc(), attempts::id.asc()))
        .limit(limit)
        .select(AttemptRow::as_select())
        .load(conn)
}

/// A hand-off of which nobody knows what became.
#[derive(Debug, Clone)]
pub struct Unknown {
    pub attempt: AttemptRow,
    /// When the provider's records are asked next; none where a person looks it up.
    pub look_up_at: Option<Instant>,
}

/// How many hand-offs there are of which nobody knows what became, and the oldest of them.
pub fn unknown(conn: &mut DbConn, limit: i64) -> QueryResult<(u64, Vec<Unknown>)> {
    let unknown = || attempts::table.filter(attempts::status.eq("unknown"));
    let total: i64 = unknown().count().get_result(conn)?;
    let rows: Vec<(AttemptRow, Option<Instant>)> = unknown()
        .order((attempts::authorised_at.asc(), attempts::id.asc()))
        .limit(limit)
        .select((AttemptRow::as_select(), attempts::look_up_at))
        .load(conn)?;
    let rows = rows
        .into_iter()
        .map(|(attempt, look_up_at)| Unknown {
            attempt,
            look_up_at,
        })
        .collect();
    Ok((count(total), rows))
}

/// A hand-off by its id alone, for whoever looks after the machine.
pub fn find_unknown(conn: &mut DbConn, id: AttemptId) -> QueryResult<Option<AttemptRow>> {
    attempts::table
        .filter(attempts::status.eq("unknown"))
        .filter(attempts::id.eq(id))
        .select(AttemptRow::as_select())
        .get_result(conn)
        .optional()
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
