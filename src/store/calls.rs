//! Planned and placed telephone calls.

use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::{calls, flags, placements};
use crate::domain::id::{AttemptId, CallId, ContactId, CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = calls, treat_none_as_default_value = false)]
pub struct Call {
    pub creditor_id: CreditorId,
    pub id: CallId,
    pub placement_id: PlacementId,
    pub debtor_id: DebtorId,
    pub number: PhoneNumber,
    /// `planned`, `claimed`, `starting`, `started`, `completed`, `failed`, `cancelled`, `unknown`.
    pub status: String,
    /// Why it was cancelled or failed, in a word of ours.
    pub status_cause: Option<String>,
    pub scheduled_at: Instant,
    pub claimed_by: Option<String>,
    pub claimed_until: Option<Instant>,
    pub attempt_id: Option<AttemptId>,
    pub contact_id: Option<ContactId>,
    /// Placed by the simulated dialer: nobody's telephone rang.
    pub simulated: bool,
    pub provider_ref: Option<String>,
    pub outcome: Option<String>,
    pub duration_seconds: Option<i32>,
    pub started_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub version: i64,
}

/// Calls that have not been handed to anybody.
const UNDIALLED: [&str; 2] = ["planned", "claimed"];

/// Calls that may be ringing or talking now.
const IN_PROGRESS: [&str; 2] = ["starting", "started"];

pub fn insert(conn: &mut DbConn, call: &Call) -> QueryResult<()> {
    diesel::insert_into(calls::table)
        .values(call)
        .execute(conn)
        .map(drop)
}

pub fn find(conn: &mut DbConn, creditor: CreditorId, id: CallId) -> QueryResult<Option<Call>> {
    calls::table
        .find((creditor, id))
        .select(Call::as_select())
        .get_result(conn)
        .optional()
}

/// A call by our own id or by the provider's name for it, if it is the caller's to see.
pub fn find_by_name(
    conn: &mut DbConn,
    scope: Scope,
    id: Option<CallId>,
    provider_ref: &str,
) -> QueryResult<Option<Call>> {
    let query = calls::table.select(Call::as_select()).into_boxed();
    let query = match id {
        Some(id) => query.filter(calls::id.eq(id)),
        None => query.filter(calls::provider_ref.eq(provider_ref)),
    };
    match scope {
        Scope::Creditor(creditor) => query.filter(calls::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .get_result(conn)
    .optional()
}

/// Whether the provider's name is that of another call than `of`.
pub fn is_name_of_another(
    conn: &mut DbConn,
    provider_ref: &str,
    of: Option<CallId>,
) -> QueryResult<bool> {
    let known: Vec<CallId> = calls::table
        .filter(calls::provider_ref.eq(provider_ref))
        .select(calls::id)
        .limit(2)
        .load(conn)?;
    Ok(known.into_iter().any(|id| Some(id) != of))
}

/// The calls of a placement, the latest plan first.
pub fn of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<Vec<Call>> {
    calls::table
        .filter(calls::creditor_id.eq(creditor))
        .filter(calls::placement_id.eq(placement))
        .order((calls::scheduled_at.desc(), calls::id.desc()))
        .select(Call::as_select())
        .load(conn)
}

/// How many calls of a placement wait to be placed.
pub fn count_undialled(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<i64> {
    calls::table
        .filter(calls::creditor_id.eq(creditor))
        .filter(calls::placement_id.eq(placement))
        .filter(calls::status.eq_any(UNDIALLED))
        .count()
        .get_result(conn)
}

/// How many calls of a placement may be in progress.
pub fn count_in_progress(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<i64> {
    calls::table
        .filter(calls::creditor_id.eq(creditor))
        .filter(calls::placement_id.eq(placement))
        .filter(calls::status.eq_any(IN_PROGRESS))
        .count()
        .get_result(conn)
}

/// What a cancellation leaves of a call; whoever has claimed it loses it.
#[derive(AsChangeset)]
#[diesel(table_name = calls, treat_none_as_null = true)]
struct Cancelled<'a> {
    status: &'static str,
    status_cause: &'a str,
    claimed_by: Option<&'a str>,
    claimed_until: Option<Instant>,
    updated_at: Instant,
}

impl<'a> Cancelled<'a> {
    const fn of(cause: &'a str, now: Instant) -> Self {
        Self {
            status: "cancelled",
            status_cause: cause,
            claimed_by: None,
            claimed_until: None,
            updated_at: now,
        }
    }
}

/// Cancels every call of a placement that nobody has dialled. A call in progress ends naturally.
pub fn cancel_of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    cause: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        calls::table
            .filter(calls::creditor_id.eq(creditor))
            .filter(calls::placement_id.eq(placement))
            .filter(calls::status.eq_any(UNDIALLED)),
    )
    .set((
        Cancelled::of(cause, now),
        calls::version.eq(calls::version + 1),
    ))
    .execute(conn)
}

/// Cancels every call to a debtor, over all placements, that nobody has dialled.
pub fn cancel_of_debtor(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    cause: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        calls::table
            .filter(calls::creditor_id.eq(creditor))
            .filter(calls::debtor_id.eq(debtor))
            .filter(calls::status.eq_any(UNDIALLED)),
    )
    .set((
        Cancelled::of(cause, now),
        calls::version.eq(calls::version + 1),
    ))
    .execute(conn)
}

/// Cancels every call to one of a debtor's numbers that nobody has dialled.
pub fn cancel_to_number(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    number: PhoneNumber,
    cause: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        calls::table
            .filter(calls::creditor_id.eq(creditor))
            .filter(calls::debtor_id.eq(debtor))
            .filter(calls::number.eq(number))
            .filter(calls::status.eq_any(UNDIALLED)),
    )
    .set((
        Cancelled::of(cause, now),
        calls::version.eq(calls::version + 1),
    ))
    .execute(conn)
}

/// Whether any call is due.
pub fn any_due(conn: &mut DbConn, now: Instant) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        calls::table.filter(calls::scheduled_at.le(now)).filter(
            calls::status.eq("planned").or(calls::status
                .eq("claimed")
                .and(calls::claimed_until.le(now))),
        ),
    ))
    .get_result(conn)
}

/// Calls that are due, earliest first: planned, or claimed by a worker whose lease has ended.
/// Locked on PostgreSQL, passing over those another worker holds.
pub fn lock_due(conn: &mut DbConn, now: Instant, limit: i64) -> QueryResult<Vec<Call>> {
    let due = calls::table
        .filter(calls::scheduled_at.le(now))
        .filter(
            calls::status.eq("planned").or(calls::status
                .eq("claimed")
                .and(calls::claimed_until.le(now))),
        )
        .order((calls::scheduled_at.asc(), calls::id.asc()))
        .limit(limit);
    match conn {
        DbConn::Sqlite(conn) => due.select(Call::as_select()).load(conn),
        DbConn::Pg(conn) => due
            .select(Call::as_select())
            .for_update()
            .skip_locked()
            .load(conn),
    }
}

/// Gives a call to a worker until its lease ends.
pub fn claim(
    conn: &mut DbConn,
    call: &Call,
    worker: &str,
    until: Instant,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        calls::table
            .filter(calls::creditor_id.eq(call.creditor_id))
            .filter(calls::id.eq(call.id))
            .filter(calls::version.eq(call.version)),
    )
    .set((
        calls::status.eq("claimed"),
        calls::claimed_by.eq(worker),
        calls::claimed_until.eq(until),
        calls::updated_at.eq(now),
        calls::version.eq(call.version + 1),
    ))
    .execute(conn)
}

/// Gives a claimed call back. Nothing happens if the claim is gone.
pub fn release(conn: &mut DbConn, call: &Call, worker: &str, now: Instant) -> QueryResult<usize> {
    diesel::update(
        calls::table
            .find((call.creditor_id, call.id))
            .filter(calls::status.eq("claimed"))
            .filter(calls::claimed_by.eq(worker)),
    )
    .set((
        calls::status.eq("planned"),
        calls::claimed_by.eq(None::<String>),
        calls::claimed_until.eq(None::<Instant>),
        calls::updated_at.eq(now),
    ))
    .execute(conn)
}

/// Puts a claimed call into the hands of the dialer. Nothing happens if the claim is gone: the
/// call was cancelled meanwhile.
pub fn start(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: CallId,
    worker: &str,
    attempt: AttemptId,
    contact: ContactId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        calls::table
            .filter(calls::creditor_id.eq(creditor))
            .filter(calls::id.eq(id))
            .filter(calls::status.eq("claimed"))
            .filter(calls::claimed_by.eq(worker)),
    )
    .set((
        calls::status.eq("starting"),
        calls::attempt_id.eq(attempt),
        calls::contact_id.eq(contact),
        calls::claimed_until.eq(None::<Instant>),
        calls::updated_at.eq(now),
        calls::version.eq(calls::version + 1),
    ))
    .execute(conn)
}

/// Cancels or moves a claimed call that the gate refused.
pub fn refuse(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: CallId,
    again_at: Option<Instant>,
    cause: &str,
    now: Instant,
) -> QueryResult<usize> {
    let call = calls::table
        .filter(calls::creditor_id.eq(creditor))
        .filter(calls::id.eq(id))
        .filter(calls::status.eq_any(UNDIALLED));
    let common = (
        calls::status_cause.eq(cause),
        calls::claimed_by.eq(None::<String>),
        calls::claimed_until.eq(None::<Instant>),
        calls::updated_at.eq(now),
        calls::version.eq(calls::version + 1),
    );
    match again_at {
        Some(at) => diesel::update(call)
            .set((
                calls::status.eq("planned"),
                calls::scheduled_at.eq(at),
                common,
            ))
            .execute(conn),
        None => diesel::update(call)
            .set((calls::status.eq("cancelled"), common))
            .execute(conn),
    }
}

/// Moves a call that nobody has claimed and nobody changed since `version`; 0 if somebody did.
pub fn reschedule(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: CallId,
    version: i64,
    at: Instant,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        calls::table
            .find((creditor, id))
            .filter(calls::status.eq("planned"))
            .filter(calls::version.eq(version)),
    )
    .set((
        calls::scheduled_at.eq(at),
        calls::status_cause.eq(None::<String>),
        calls::updated_at.eq(now),
        calls::version.eq(version + 1),
    ))
    .execute(conn)
}

/// Cancels one call that nobody has dialled; 0 if it is gone already.
pub fn cancel(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: CallId,
    cause: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        calls::table
            .find((creditor, id))
            .filter(calls::status.eq_any(UNDIALLED)),
    )
    .set((
        Cancelled::of(cause, now),
        calls::version.eq(calls::version + 1),
    ))
    .execute(conn)
}

/// What became of a call that was handed over.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = calls)]
pub struct Result<'a> {
    pub status: &'a str,
    pub status_cause: Option<&'a str>,
    pub provider_ref: Option<&'a str>,
    pub outcome: Option<&'a str>,
    pub duration_seconds: Option<i32>,
    pub simulated: bool,
    pub started_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    pub updated_at: Instant,
}

/// Writes what became of a call in progress; members that are none stay as they are.
pub fn report(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: CallId,
    result: &Result<'_>,
) -> QueryResult<usize> {
    diesel::update(
        calls::table
            .filter(calls::creditor_id.eq(creditor))
            .filter(calls::id.eq(id))
            .filter(calls::status.eq_any(IN_PROGRESS)),
    )
    .set((result, calls::version.eq(calls::version + 1)))
    .execute(conn)
}

/// How far a call has come.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = calls)]
#[diesel(treat_none_as_null = true)]
pub struct Progress {
    pub status: String,
    pub status_cause: Option<String>,
    pub provider_ref: Option<String>,
    pub outcome: Option<String>,
    pub duration_seconds: Option<i32>,
    pub started_at: Option<Instant>,
    pub connected_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    /// `human`, `machine`, `fax` or `unknown`.
    pub answered_by: Option<String>,
}

pub fn progress(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: CallId,
) -> QueryResult<Option<Progress>> {
    calls::table
        .find((creditor, id))
        .select(Progress::as_select())
        .get_result(conn)
        .optional()
}

pub fn set_progress(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: CallId,
    progress: &Progress,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(calls::table.find((creditor, id)))
        .set((
            progress,
            calls::updated_at.eq(now),
            calls::version.eq(calls::version + 1),
        ))
        .execute(conn)
}

/// A call that the provider has taken and nobody has answered.
#[derive(Debug, Clone, Queryable)]
pub struct Ringing {
    pub creditor_id: CreditorId,
    pub id: CallId,
    pub debtor_id: DebtorId,
    pub placement_id: PlacementId,
    pub provider_ref: Option<String>,
}

/// What is known of a debtor and ends calls to them.
const ENDS_CALLS: [&str; 6] = [
    "cease",
    "call_opt_out",
    "do_not_call",
    "attorney",
    "bankruptcy",
    "deceased",
];

/// A flag of the debtor's ends it, the debt was discharged, or the placement is in outreach no
/// longer.
macro_rules! called_off {
    () => {
        diesel::dsl::exists(
            flags::table
                .filter(flags::creditor_id.eq(calls::creditor_id))
                .filter(flags::debtor_id.eq(calls::debtor_id))
                .filter(flags::lifted_at.is_null())
                .filter(flags::kind.eq_any(ENDS_CALLS)),
        )
        .or(diesel::dsl::exists(
            placements::table
                .filter(placements::creditor_id.eq(calls::creditor_id))
                .filter(placements::id.eq(calls::placement_id))
                .filter(
                    placements::status
                        .ne("in_outreach")
                        .or(placements::included_in_discharge.eq(true)),
                ),
        ))
    };
}

/// Whether a call that was handed over has been stopped, recalled or disputed since.
pub fn is_called_off(conn: &mut DbConn, creditor: CreditorId, id: CallId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        calls::table
            .filter(calls::creditor_id.eq(creditor))
            .filter(calls::id.eq(id))
            .filter(called_off!()),
    ))
    .get_result(conn)
}

/// Calls that ring although they have been called off, of which the provider has not been told.
pub fn ringing_called_off(conn: &mut DbConn) -> QueryResult<Vec<Ringing>> {
    const AT_ONCE: i64 = 50;
    calls::table
        .filter(calls::status.eq("started"))
        .filter(calls::connected_at.is_null())
        .filter(calls::call_off_asked_at.is_null())
        .filter(calls::provider_ref.is_not_null())
        .filter(calls::simulated.eq(false))
        .filter(called_off!())
        .order(calls::started_at.asc())
        .limit(AT_ONCE)
        .select((
            calls::creditor_id,
            calls::id,
            calls::debtor_id,
            calls::placement_id,
            calls::provider_ref,
        ))
        .load(conn)
}

pub fn note_called_off(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: CallId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(calls::table.find((creditor, id)))
        .set(calls::call_off_asked_at.eq(now))
        .execute(conn)
}
