//! Figures for whoever looks after the machine: what waits, who holds what, how large it all is.

use diesel::dsl::{count_star, exists, min, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::count;
use crate::db::DbConn;
use crate::db::schema::{calls, imports, outbox, webhook_deliveries, webhook_endpoints};
use crate::domain::id::{CreditorId, OutboxId, WebhookDeliveryId};
use crate::domain::import::ImportStatus;
use crate::domain::time::Instant;
use crate::domain::webhook::{DeliveryStatus, EndpointStatus};

diesel::alias!(webhook_deliveries as repeated: Repeated);

/// What waits of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Everything that is not done.
    pub in_all: u64,
    /// Of that, what could be done now.
    pub due: u64,
    /// Since when the oldest of those could have been done.
    pub oldest: Option<Instant>,
}

/// Pieces of work that one process holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub process: String,
    pub count: u64,
}

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadMail {
    pub creditor_id: CreditorId,
    pub id: OutboxId,
    pub event_type: String,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub done_at: Option<Instant>,
}

/// A delivery to a webhook that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DeadDelivery {
    pub id: WebhookDeliveryId,
    pub event_type: String,
    pub url: String,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub ended_at: Option<Instant>,
}

fn waiting(in_all: i64, (due, oldest): (i64, Option<Instant>)) -> Waiting {
    Waiting {
        in_all: count(in_all),
        due: count(due),
        oldest,
    }
}

pub fn mails(conn: &mut DbConn, now: Instant) -> QueryResult<Waiting> {
    let pending = || {
        outbox::table
            .filter(outbox::topic.eq("mail"))
            .filter(outbox::status.eq("pending"))
    };
    let in_all = pending().count().get_result(conn)?;
    let due = pending()
        .filter(outbox::available_at.le(now))
        .select((count_star(), min(outbox::available_at)))
        .get_result(conn)?;
    Ok(waiting(in_all, due))
}

/// What waits for disabled endpoints is not due.
pub fn webhooks(conn: &mut DbConn, now: Instant) -> QueryResult<Waiting> {
    let in_all = webhook_deliveries::table
        .filter(webhook_deliveries::status.eq(DeliveryStatus::Pending))
        .count()
        .get_result(conn)?;
    let due = webhook_deliveries::table
        .inner_join(
            webhook_endpoints::table.on(webhook_endpoints::creditor_id
                .eq(webhook_deliveries::creditor_id)
                .and(webhook_endpoints::id.eq(webhook_deliveries::endpoint_id))),
        )
        .filter(webhook_deliveries::status.eq(DeliveryStatus::Pending))
        .filter(webhook_deliveries::next_attempt_at.le(now))
        .filter(webhook_endpoints::status.eq(EndpointStatus::Enabled))
        .select((count_star(), min(webhook_deliveries::next_attempt_at)))
        .get_result(conn)?;
    Ok(waiting(in_all, due))
}

pub fn planned_calls(conn: &mut DbConn, now: Instant) -> QueryResult<Waiting> {
    let planned = || calls::table.filter(calls::status.eq_any(["planned", "claimed"]));
    let in_all = planned().count().get_result(conn)?;
    let due = planned()
        .filter(calls::scheduled_at.le(now))
        .select((count_star(), min(calls::scheduled_at)))
        .get_result(conn)?;
    Ok(waiting(in_all, due))
}

pub fn imports(conn: &mut DbConn) -> QueryResult<Waiting> {
    let due: (i64, Option<Instant>) = imports::table
        .filter(imports::status.eq(ImportStatus::Committing))
        .select((count_star(), min(imports::created_at)))
        .get_result(conn)?;
    Ok(waiting(due.0, due))
}

fn held(rows: Vec<(Option<String>, i64)>) -> Vec<Held> {
    rows.into_iter()
        .filter_map(|(process, rows)| {
            Some(Held {
                process: process?,
                count: count(rows),
            })
        })
        .collect()
}

pub fn held_mails(conn: &mut DbConn, now: Instant) -> QueryResult<Vec<Held>> {
    outbox::table
        .filter(outbox::status.eq("pending"))
        .filter(outbox::claimed_until.gt(now))
        .group_by(outbox::claimed_by)
        .select((outbox::claimed_by, count_star()))
        .load(conn)
        .map(held)
}

pub fn held_webhooks(conn: &mut DbConn, now: Instant) -> QueryResult<Vec<Held>> {
    webhook_deliveries::table
        .filter(webhook_deliveries::status.eq(DeliveryStatus::Pending))
        .filter(webhook_deliveries::claimed_until.gt(now))
        .group_by(webhook_deliveries::claimed_by)
        .select((webhook_deliveries::claimed_by, count_star()))
        .load(conn)
        .map(held)
}

pub fn held_calls(conn: &mut DbConn, now: Instant) -> QueryResult<Vec<Held>> {
    calls::table
        .filter(calls::status.eq("claimed"))
        .filter(calls::claimed_until.gt(now))
        .group_by(calls::claimed_by)
        .select((calls::claimed_by, count_star()))
        .load(conn)
        .map(held)
}

pub fn held_imports(conn: &mut DbConn, now: Instant) -> QueryResult<Vec<Held>> {
    imports::table
        .filter(imports::status.eq(ImportStatus::Committing))
        .filter(imports::claimed_until.gt(now))
        .group_by(imports::claimed_by)
        .select((imports::claimed_by, count_star()))
        .load(conn)
        .map(held)
}

/// How many mails were given up, and the latest of them.
pub fn dead_mails(conn: &mut DbConn, limit: i64) -> QueryResult<(u64, Vec<DeadMail>)> {
    type Row = (
        CreditorId,
        OutboxId,
        String,
        i32,
        Option<String>,
        Option<Instant>,
    );
    let dead = || {
        outbox::table
            .filter(outbox::topic.eq("mail"))
            .filter(outbox::status.eq("dead"))
    };
    let total: i64 = dead().count().get_result(conn)?;
    let rows: Vec<Row> = dead()
        .order((outbox::done_at.desc(), outbox::id.desc()))
        .limit(limit)
        .select((
            outbox::creditor_id,
            outbox::id,
            outbox::event_type,
            outbox::attempts,
            outbox::last_error,
            outbox::done_at,
        ))
        .load(conn)?;
    let rows = rows
        .into_iter()
        .map(
            |(creditor_id, id, event_type, attempts, last_error, done_at)| DeadMail {
                creditor_id,
                id,
                event_type,
                attempts,
                last_error,
                done_at,
            },
        )
        .collect();
    Ok((count(total), rows))
}

/// How many deliveries to webhooks failed for good and were not repeated, and the latest of them.
pub fn dead_webhooks(conn: &mut DbConn, limit: i64) -> QueryResult<(u64, Vec<DeadDelivery>)> {
    let not_repeated = || {
        not(exists(
            repeated
                .filter(
                    repeated
                        .field(webhook_deliveries::creditor_id)
                        .eq(webhook_deliveries::creditor_id),
                )
                .filter(
                    repeated
                        .field(webhook_deliveries::repeats)
                        .eq(webhook_deliveries::id.nullable()),
                ),
        ))
    };
    let total: i64 = webhook_deliveries::table
        .filter(webhook_deliveries::status.eq(DeliveryStatus::Dead))
        .filter(not_repeated())
        .count()
        .get_result(conn)?;
    let rows = webhook_deliveries::table
        .inner_join(
            webhook_endpoints::table.on(webhook_endpoints::creditor_id
                .eq(webhook_deliveries::creditor_id)
                .and(webhook_endpoints::id.eq(webhook_deliveries::endpoint_id))),
        )
        .filter(webhook_deliveries::status.eq(DeliveryStatus::Dead))
        .filter(not_repeated())
        .order((
            webhook_deliveries::ended_at.desc(),
            webhook_deliveries::id.desc(),
        ))
        .limit(limit)
        .select((
            webhook_deliveries::id,
            webhook_deliveries::event_type,
            webhook_endpoints::url,
            webhook_deliveries::attempts,
            webhook_deliveries::last_error,
            webhook_deliveries::ended_at,
        ))
        .load(conn)?;
    Ok((count(total), rows))
}

/// Puts a mail that was given up back in line.
pub fn revive_mail(conn: &mut DbConn, id: OutboxId, now: Instant) -> QueryResult<usize> {
    diesel::update(
        outbox::table
            .filter(outbox::id.eq(id))
            .filter(outbox::topic.eq("mail"))
            .filter(outbox::status.eq("dead")),
    )
    .set((
        outbox::status.eq("pending"),
        outbox::attempts.eq(0),
        outbox::available_at.eq(now),
        outbox::done_at.eq(None::<Instant>),
        outbox::last_error.eq(None::<String>),
    ))
    .execute(conn)
}

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// The size of the database in bytes, and of its largest tables where the database knows them.
pub fn sizes(conn: &mut DbConn) -> QueryResult<Vec<(String, i64)>> {
    const SQLITE: &str = "SELECT 'Database' AS name, p.page_count * s.page_size AS bytes
        FROM pragma_page_count p, pragma_page_size s
        UNION ALL
        SELECT 'Of that free' AS name, f.freelist_count * s.page_size AS bytes
        FROM pragma_freelist_count f, pragma_page_size s";
    const POSTGRES: &str =
        "SELECT 'Database' AS name, pg_database_size(current_database()) AS bytes
        UNION ALL
        (SELECT c.relname::text AS name, pg_total_relation_size(c.oid) AS bytes
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND c.relkind = 'r'
         ORDER BY pg_total_relation_size(c.oid) DESC LIMIT 8)";
    let query = match conn {
        DbConn::Sqlite(_) => SQLITE,
        DbConn::Pg(_) => POSTGRES,
    };
    let rows: Vec<Size> = diesel::sql_query(query).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|size| (size.name, size.bytes))
        .collect())
}
