//! Series of emails.

use diesel::prelude::*;

use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::email_sequences;
use crate::domain::id::{CreditorId, DebtorId, PlacementId, SequenceId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = email_sequences, treat_none_as_default_value = false)]
pub struct Sequence {
    pub creditor_id: CreditorId,
    pub id: SequenceId,
    pub placement_id: PlacementId,
    pub debtor_id: DebtorId,
    /// `scheduled`, `active`, `paused`, `paused_opt_out`, `completed`, `failed` or `cancelled`.
    pub status: String,
    /// Why it is paused: resuming touches only the cause that ended.
    pub pause_cause: Option<String>,
    /// The next step to send, from 0.
    pub step: i32,
    pub next_send_at: Option<Instant>,
    pub last_error: Option<String>,
    pub claimed_by: Option<String>,
    pub claimed_until: Option<Instant>,
    pub created_at: Instant,
    pub updated_at: Instant,
    pub version: i64,
}

/// Sequences that run, or will.
const RUNNING: [&str; 2] = ["scheduled", "active"];

/// Those that a debtor's own stop must reach: also what is only paused must not be resumed.
const STOPPABLE: [&str; 3] = ["scheduled", "active", "paused"];

pub fn insert(conn: &mut DbConn, sequence: &Sequence) -> QueryResult<()> {
    diesel::insert_into(email_sequences::table)
        .values(sequence)
        .execute(conn)
        .map(drop)
}

pub fn of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<Vec<Sequence>> {
    email_sequences::table
        .filter(email_sequences::creditor_id.eq(creditor))
        .filter(email_sequences::placement_id.eq(placement))
        .order(email_sequences::created_at.asc())
        .select(Sequence::as_select())
        .load(conn)
}

/// How many sequences of a placement run.
pub fn count_running(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<i64> {
    email_sequences::table
        .filter(email_sequences::creditor_id.eq(creditor))
        .filter(email_sequences::placement_id.eq(placement))
        .filter(email_sequences::status.eq_any(RUNNING))
        .count()
        .get_result(conn)
}

/// Whether this step is the next one of a series that runs.
pub fn is_due_step(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: SequenceId,
    step: i32,
) -> QueryResult<bool> {
    let status = email_sequences::table
        .filter(email_sequences::creditor_id.eq(creditor))
        .filter(email_sequences::id.eq(id))
        .filter(email_sequences::step.eq(step))
        .select(email_sequences::status);
    let status: Option<String> = on_each!(conn, conn => status.get_result(conn)).optional()?;
    Ok(status.is_some_and(|status| RUNNING.contains(&status.as_str())))
}

/// What a halt leaves of a series: nothing is due, and whoever has claimed it loses it.
#[derive(AsChangeset)]
#[diesel(table_name = email_sequences, treat_none_as_null = true)]
struct Halted<'a> {
    status: &'static str,
    pause_cause: &'a str,
    next_send_at: Option<Instant>,
    claimed_by: Option<&'a str>,
    claimed_until: Option<Instant>,
    updated_at: Instant,
}

impl<'a> Halted<'a> {
    const fn of(status: &'static str, cause: &'a str, now: Instant) -> Self {
        Self {
            status,
            pause_cause: cause,
            next_send_at: None,
            claimed_by: None,
            claimed_until: None,
            updated_at: now,
        }
    }
}

/// Pauses what runs of one placement, for a reason of business. What the debtor stopped stays as
/// it is.
pub fn pause_of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    cause: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        email_sequences::table
            .filter(email_sequences::creditor_id.eq(creditor))
            .filter(email_sequences::placement_id.eq(placement))
            .filter(email_sequences::status.eq_any(RUNNING)),
    )
    .set((
        Halted::of("paused", cause, now),
        email_sequences::version.eq(email_sequences::version + 1),
    ))
    .execute(conn)
}

/// Pauses what runs of every placement of a debtor, for a reason of business.
pub fn pause_of_debtor(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    cause: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        email_sequences::table
            .filter(email_sequences::creditor_id.eq(creditor))
            .filter(email_sequences::debtor_id.eq(debtor))
            .filter(email_sequences::status.eq_any(RUNNING)),
    )
    .set((
        Halted::of("paused", cause, now),
        email_sequences::version.eq(email_sequences::version + 1),
    ))
    .execute(conn)
}

/// Stops every sequence of a debtor by the debtor's own will: only the debtor's recorded
/// re-consent lifts that.
pub fn opt_out_of_debtor(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        email_sequences::table
            .filter(email_sequences::creditor_id.eq(creditor))
            .filter(email_sequences::debtor_id.eq(debtor))
            .filter(email_sequences::status.eq_any(STOPPABLE)),
    )
    .set((
        Halted::of("paused_opt_out", "debtor_stop", now),
        email_sequences::version.eq(email_sequences::version + 1),
    ))
    .execute(conn)
}

/// Turns what the debtor stopped into what waits for a person, since the debtor allowed emails
/// again. No other statement ends `paused_opt_out`.
pub fn allow_again(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        email_sequences::table
            .filter(email_sequences::creditor_id.eq(creditor))
            .filter(email_sequences::debtor_id.eq(debtor))
            .filter(email_sequences::status.eq("paused_opt_out")),
    )
    .set((
        email_sequences::status.eq("paused"),
        email_sequences::pause_cause.eq("allowed_again"),
        email_sequences::updated_at.eq(now),
        email_sequences::version.eq(email_sequences::version + 1),
    ))
    .execute(conn)
}

pub fn find(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: SequenceId,
) -> QueryResult<Option<Sequence>> {
    email_sequences::table
        .find((creditor, id))
        .select(Sequence::as_select())
        .get_result(conn)
        .optional()
}

/// Whether the next email of any series is due that nobody holds. Read off the index of what is
/// due, however many series wait.
pub fn any_due(conn: &mut DbConn, now: Instant) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        email_sequences::table
            .filter(email_sequences::next_send_at.le(now))
            .filter(
                email_sequences::claimed_until
                    .is_null()
                    .or(email_sequences::claimed_until.le(now)),
            ),
    ))
    .get_result(conn)
}

/// Series whose next email is due, earliest first. Locked on PostgreSQL, passing over those
/// another worker holds.
pub fn lock_due(conn: &mut DbConn, now: Instant, limit: i64) -> QueryResult<Vec<Sequence>> {
    let due = email_sequences::table
        .filter(email_sequences::next_send_at.le(now))
        .filter(
            email_sequences::claimed_until
                .is_null()
                .or(email_sequences::claimed_until.le(now)),
        )
        .order((
            email_sequences::next_send_at.asc(),
            email_sequences::id.asc(),
        ))
        .limit(limit);
    match conn {
        DbConn::Sqlite(conn) => due.select(Sequence::as_select()).load(conn),
        DbConn::Pg(conn) => due
            .select(Sequence::as_select())
            .for_update()
            .skip_locked()
            .load(conn),
    }
}

/// Gives a series to a worker until its lease ends.
pub fn claim(
    conn: &mut DbConn,
    sequence: &Sequence,
    worker: &str,
    until: Instant,
) -> QueryResult<usize> {
    diesel::update(
        email_sequences::table
            .filter(email_sequences::creditor_id.eq(sequence.creditor_id))
            .filter(email_sequences::id.eq(sequence.id))
            .filter(email_sequences::version.eq(sequence.version)),
    )
    .set((
        email_sequences::claimed_by.eq(worker),
        email_sequences::claimed_until.eq(until),
        email_sequences::version.eq(email_sequences::version + 1),
    ))
    .execute(conn)
}

/// Where a series stands after its turn.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    pub status: &'a str,
    pub pause_cause: Option<&'a str>,
    /// The next step to send.
    pub step: i32,
    pub next_send_at: Option<Instant>,
    pub last_error: Option<&'a str>,
    pub now: Instant,
}

/// Writes where a series stands that runs and whose next step is still `step`. Nothing happens to
/// one that was stopped or paused meanwhile.
pub fn turn(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: SequenceId,
    step: i32,
    turn: &Turn<'_>,
) -> QueryResult<usize> {
    diesel::update(
        email_sequences::table
            .filter(email_sequences::creditor_id.eq(creditor))
            .filter(email_sequences::id.eq(id))
            .filter(email_sequences::step.eq(step))
            .filter(email_sequences::status.eq_any(RUNNING)),
    )
    .set((
        email_sequences::status.eq(turn.status),
        email_sequences::pause_cause.eq(turn.pause_cause),
        email_sequences::step.eq(turn.step),
        email_sequences::next_send_at.eq(turn.next_send_at),
        email_sequences::last_error.eq(turn.last_error),
        email_sequences::claimed_by.eq(None::<String>),
        email_sequences::claimed_until.eq(None::<Instant>),
        email_sequences::updated_at.eq(turn.now),
        email_sequences::version.eq(email_sequences::version + 1),
    ))
    .execute(conn)
}

/// Lets a paused series run again. Nothing happens to one that the debtor stopped, or that is
/// paused for another cause than `cause`.
pub fn resume(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: SequenceId,
    cause: &str,
    next_send_at: Instant,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        email_sequences::table
            .filter(email_sequences::creditor_id.eq(creditor))
            .filter(email_sequences::id.eq(id))
            .filter(email_sequences::status.eq("paused"))
            .filter(email_sequences::pause_cause.eq(cause)),
    )
    .set((
        email_sequences::status.eq("active"),
        email_sequences::pause_cause.eq(None::<String>),
        email_sequences::next_send_at.eq(next_send_at),
        email_sequences::updated_at.eq(now),
        email_sequences::version.eq(email_sequences::version + 1),
    ))
    .execute(conn)
}

/// Gives what is paused for one cause another: it does not go on when the first one ends.
pub fn recause_of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
    from: &str,
    to: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        email_sequences::table
            .filter(email_sequences::creditor_id.eq(creditor))
            .filter(email_sequences::placement_id.eq(placement))
            .filter(email_sequences::status.eq("paused"))
            .filter(email_sequences::pause_cause.eq(from)),
    )
    .set((
        email_sequences::pause_cause.eq(to),
        email_sequences::updated_at.eq(now),
        email_sequences::version.eq(email_sequences::version + 1),
    ))
    .execute(conn)
}
