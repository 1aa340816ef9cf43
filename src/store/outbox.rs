//! Messages on their way out.

use diesel::prelude::*;

use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::outbox;
use crate::domain::id::{CreditorId, OutboxId};
use crate::domain::time::Instant;

#[derive(Debug, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub struct NewMessage<'a> {
    pub creditor_id: CreditorId,
    pub id: OutboxId,
    pub topic: &'a str,
    pub event_type: &'a str,
    /// Messages of one subject go out in order.
    pub subject: &'a str,
    /// The body, as JSON text.
    pub payload: &'a str,
    /// Unique for the creditor: the same message can't be put in twice.
    pub dedupe_key: &'a str,
    pub status: &'a str,
    pub available_at: Instant,
    pub created_at: Instant,
}

pub fn insert(conn: &mut DbConn, message: &NewMessage<'_>) -> QueryResult<()> {
    let insert = diesel::insert_into(outbox::table).values(message);
    on_each!(conn, conn => insert.execute(conn)).map(drop)
}

/// A message that somebody is delivering.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct Message {
    pub creditor_id: CreditorId,
    pub id: OutboxId,
    pub event_type: String,
    pub payload: String,
    /// How often its delivery has failed.
    pub attempts: i32,
    pub created_at: Instant,
}

/// Whether a message of this topic waits to be delivered.
pub fn any_due(conn: &mut DbConn, topic: &str, now: Instant) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        outbox::table
            .filter(outbox::topic.eq(topic))
            .filter(outbox::status.eq("pending"))
            .filter(outbox::available_at.le(now)),
    ))
    .get_result(conn)
}

/// Messages of a topic that are due, oldest first, and not claimed by another process. Locked on
/// PostgreSQL, passing over those another process holds.
pub fn lock_due(
    conn: &mut DbConn,
    topic: &str,
    now: Instant,
    limit: i64,
) -> QueryResult<Vec<Message>> {
    let due = outbox::table
        .filter(outbox::topic.eq(topic))
        .filter(outbox::status.eq("pending"))
        .filter(outbox::available_at.le(now))
        .filter(
            outbox::claimed_until
                .is_null()
                .or(outbox::claimed_until.le(now)),
        )
        .order((outbox::available_at.asc(), outbox::id.asc()))
        .limit(limit);
    match conn {
        DbConn::Sqlite(conn) => due.select(Message::as_select()).load(conn),
        DbConn::Pg(conn) => due
            .select(Message::as_select())
            .for_update()
            .skip_locked()
            .load(conn),
    }
}

/// Gives a message to a process until its lease ends.
pub fn claim(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: OutboxId,
    process: &str,
    until: Instant,
) -> QueryResult<usize> {
    diesel::update(outbox::table.find((creditor, id)))
        .set((
            outbox::claimed_by.eq(process),
            outbox::claimed_until.eq(until),
        ))
        .execute(conn)
}

/// Gives a claimed message back untried.
pub fn release(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: OutboxId,
    process: &str,
) -> QueryResult<usize> {
    diesel::update(
        outbox::table
            .find((creditor, id))
            .filter(outbox::claimed_by.eq(process)),
    )
    .set((
        outbox::claimed_by.eq(None::<String>),
        outbox::claimed_until.eq(None::<Instant>),
    ))
    .execute(conn)
}

/// Ends a message: `done`, or `dead` with the reason. Nothing happens to one that ended before.
pub fn finish(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: OutboxId,
    status: &str,
    error: Option<&str>,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        outbox::table
            .find((creditor, id))
            .filter(outbox::status.eq("pending")),
    )
    .set((
        outbox::status.eq(status),
        outbox::last_error.eq(error),
        outbox::claimed_by.eq(None::<String>),
        outbox::claimed_until.eq(None::<Instant>),
        outbox::done_at.eq(now),
    ))
    .execute(conn)
}

/// Leaves a message for later, because its delivery failed.
pub fn put_off(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: OutboxId,
    error: &str,
    until: Instant,
) -> QueryResult<usize> {
    diesel::update(
        outbox::table
            .find((creditor, id))
            .filter(outbox::status.eq("pending")),
    )
    .set((
        outbox::attempts.eq(outbox::attempts + 1),
        outbox::last_error.eq(error),
        outbox::claimed_by.eq(None::<String>),
        outbox::claimed_until.eq(None::<Instant>),
        outbox::available_at.eq(until),
    ))
    .execute(conn)
}
