//! Messages on their way to endpoints: put in, claimed, ended.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{outbox, webhook_deliveries, webhook_endpoints};
use crate::domain::id::{CreditorId, OutboxId, WebhookDeliveryId, WebhookEndpointId};
use crate::domain::time::Instant;
use crate::domain::webhook::{DeliveryStatus, EndpointStatus};

diesel::alias!(webhook_deliveries as earlier: Earlier);

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_deliveries)]
pub struct Delivery {
    pub creditor_id: CreditorId,
    pub id: WebhookDeliveryId,
    pub endpoint_id: WebhookEndpointId,
    /// The message, which keeps its id however often it is sent.
    pub message_id: OutboxId,
    pub event_type: String,
    /// Deliveries of one subject to one endpoint go out in the order of their positions.
    pub subject: String,
    pub position: i64,
    pub status: DeliveryStatus,
    /// Tries so far.
    pub attempts: i32,
    pub next_attempt_at: Instant,
    pub claimed_by: Option<String>,
    pub claimed_until: Option<Instant>,
    /// The status that the last try was answered with.
    pub last_status: Option<i32>,
    pub last_error: Option<String>,
    /// The delivery that a person had repeated.
    pub repeats: Option<WebhookDeliveryId>,
    pub created_at: Instant,
    pub ended_at: Option<Instant>,
}

/// An endpoint that something is due for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueEndpoint {
    pub creditor: CreditorId,
    pub endpoint: WebhookEndpointId,
    /// Its last try failed.
    pub failing: bool,
}

pub fn insert(conn: &mut DbConn, delivery: &Delivery) -> QueryResult<()> {
    diesel::insert_into(webhook_deliveries::table)
        .values(delivery)
        .execute(conn)
        .map(drop)
}

/// The place behind the last delivery of an endpoint. Whoever asks holds the lock on the
/// creditor's audit chain, so that places are taken in the order of commits.
pub fn next_position(
    conn: &mut DbConn,
    creditor: CreditorId,
    endpoint: WebhookEndpointId,
) -> QueryResult<i64> {
    let last: Option<i64> = webhook_deliveries::table
        .filter(webhook_deliveries::creditor_id.eq(creditor))
        .filter(webhook_deliveries::endpoint_id.eq(endpoint))
        .select(diesel::dsl::max(webhook_deliveries::position))
        .get_result(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

/// What may be sent at `now`: due, not held by a process, and the first that waits of its subject.
/// A macro since the type of a boxed query with an alias inside can't be named across both
/// databases.
macro_rules! sendable {
    ($now:expr) => {
        webhook_deliveries::table
            .filter(webhook_deliveries::status.eq(DeliveryStatus::Pending))
            .filter(webhook_deliveries::next_attempt_at.le($now))
            .filter(
                webhook_deliveries::claimed_until
                    .is_null()
                    .or(webhook_deliveries::claimed_until.le($now)),
            )
            .filter(not(exists(
                earlier
                    .filter(
                        earlier
                            .field(webhook_deliveries::creditor_id)
                            .eq(webhook_deliveries::creditor_id),
                    )
                    .filter(
                        earlier
                            .field(webhook_deliveries::endpoint_id)
                            .eq(webhook_deliveries::endpoint_id),
                    )
                    .filter(
                        earlier
                            .field(webhook_deliveries::subject)
                            .eq(webhook_deliveries::subject),
                    )
                    .filter(
                        earlier
                            .field(webhook_deliveries::status)
                            .eq(DeliveryStatus::Pending),
                    )
                    .filter(
                        earlier
                            .field(webhook_deliveries::position)
                            .lt(webhook_deliveries::position),
                    ),
            )))
    };
}

/// Enabled endpoints that something may be sent to now, those waiting longest first.
pub fn due_endpoints(conn: &mut DbConn, now: Instant) -> QueryResult<Vec<DueEndpoint>> {
    let rows: Vec<(CreditorId, WebhookEndpointId, Option<Instant>)> = webhook_endpoints::table
        .filter(webhook_endpoints::status.eq(EndpointStatus::Enabled))
        .filter(
            webhook_endpoints::quiet_until
                .is_null()
                .or(webhook_endpoints::quiet_until.le(now)),
        )
        .filter(exists(
            sendable!(now)
                .filter(webhook_deliveries::creditor_id.eq(webhook_endpoints::creditor_id))
                .filter(webhook_deliveries::endpoint_id.eq(webhook_endpoints::id)),
        ))
        .select((
            webhook_endpoints::creditor_id,
            webhook_endpoints::id,
            webhook_endpoints::failing_since,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(creditor, endpoint, failing_since)| DueEndpoint {
            creditor,
            endpoint,
            failing: failing_since.is_some(),
        })
        .collect())
}

/// Up to `limit` deliveries of one endpoint that may be sent now, the oldest first. Locked on
/// PostgreSQL, passing over those another process is taking.
pub fn lock_due(
    conn: &mut DbConn,
    of: DueEndpoint,
    now: Instant,
    limit: i64,
) -> QueryResult<Vec<Delivery>> {
    let due = sendable!(now)
        .filter(webhook_deliveries::creditor_id.eq(of.creditor))
        .filter(webhook_deliveries::endpoint_id.eq(of.endpoint))
        .order(webhook_deliveries::position.asc())
        .limit(limit);
    match conn {
        DbConn::Sqlite(conn) => due.select(Delivery::as_select()).load(conn),
        DbConn::Pg(conn) => due
            .select(Delivery::as_select())
            .for_update()
            .skip_locked()
            .load(conn),
    }
}

/// Gives a delivery to a process until its lease ends.
pub fn claim(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: WebhookDeliveryId,
    process: &str,
    until: Instant,
) -> QueryResult<usize> {
    diesel::update(webhook_deliveries::table.find((creditor, id)))
        .set((
            webhook_deliveries::claimed_by.eq(process),
            webhook_deliveries::claimed_until.eq(until),
        ))
        .execute(conn)
}

/// Gives a claimed delivery back untried.
pub fn release(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: WebhookDeliveryId,
    process: &str,
) -> QueryResult<usize> {
    diesel::update(
        webhook_deliveries::table
            .find((creditor, id))
            .filter(webhook_deliveries::claimed_by.eq(process)),
    )
    .set((
        webhook_deliveries::claimed_by.eq(None::<String>),
        webhook_deliveries::claimed_until.eq(None::<Instant>),
    ))
    .execute(conn)
}

/// What a try came to.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = webhook_deliveries, treat_none_as_null = true)]
pub struct Tried {
    pub status: DeliveryStatus,
    pub attempts: i32,
    pub next_attempt_at: Instant,
    pub claimed_by: Option<String>,
    pub claimed_until: Option<Instant>,
    pub last_status: Option<i32>,
    pub last_error: Option<String>,
    pub ended_at: Option<Instant>,
}

/// Writes what a try came to. Nothing happens to a delivery that was ended or taken over
/// meanwhile: whoever holds it now reports for it.
pub fn tried(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: WebhookDeliveryId,
    process: &str,
    tried: &Tried,
) -> QueryResult<usize> {
    diesel::update(
        webhook_deliveries::table
            .find((creditor, id))
            .filter(webhook_deliveries::status.eq(DeliveryStatus::Pending))
            .filter(webhook_deliveries::claimed_by.eq(process)),
    )
    .set(tried)
    .execute(conn)
}

/// Has a delivery that waits sent at once. Nothing if it no longer waits or is being sent.
pub fn hurry(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: WebhookDeliveryId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        webhook_deliveries::table
            .find((creditor, id))
            .filter(webhook_deliveries::status.eq(DeliveryStatus::Pending))
            .filter(
                webhook_deliveries::claimed_until
                    .is_null()
                    .or(webhook_deliveries::claimed_until.le(now)),
            ),
    )
    .set(webhook_deliveries::next_attempt_at.eq(now))
    .execute(conn)
}

/// Ends whatever still waits for an endpoint.
pub fn cancel_of_endpoint(
    conn: &mut DbConn,
    creditor: CreditorId,
    endpoint: WebhookEndpointId,
    why: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(webhook_deliveries::table)
        .filter(webhook_deliveries::creditor_id.eq(creditor))
        .filter(webhook_deliveries::endpoint_id.eq(endpoint))
        .filter(webhook_deliveries::status.eq(DeliveryStatus::Pending))
        .set((
            webhook_deliveries::status.eq(DeliveryStatus::Cancelled),
            webhook_deliveries::last_error.eq(why),
            webhook_deliveries::ended_at.eq(now),
            webhook_deliveries::claimed_by.eq(None::<String>),
            webhook_deliveries::claimed_until.eq(None::<Instant>),
        ))
        .execute(conn)
}

/// Whether anything waits for an endpoint that has been disabled since before `since`.
pub fn any_of_long_disabled(conn: &mut DbConn, since: Instant) -> QueryResult<bool> {
    diesel::select(exists(
        webhook_endpoints::table
            .inner_join(
                webhook_deliveries::table.on(webhook_deliveries::creditor_id
                    .eq(webhook_endpoints::creditor_id)
                    .and(webhook_deliveries::endpoint_id.eq(webhook_endpoints::id))),
            )
            .filter(webhook_endpoints::status.eq(EndpointStatus::Disabled))
            .filter(webhook_endpoints::status_at.lt(since))
            .filter(webhook_deliveries::status.eq(DeliveryStatus::Pending)),
    ))
    .get_result(conn)
}

/// Ends what waits for endpoints that have been disabled since before `since`.
pub fn cancel_of_long_disabled(
    conn: &mut DbConn,
    since: Instant,
    why: &str,
    now: Instant,
) -> QueryResult<usize> {
    let disabled: Vec<(CreditorId, WebhookEndpointId)> = webhook_endpoints::table
        .filter(webhook_endpoints::status.eq(EndpointStatus::Disabled))
        .filter(webhook_endpoints::status_at.lt(since))
        .select((webhook_endpoints::creditor_id, webhook_endpoints::id))
        .load(conn)?;
    let mut ended = 0;
    for (creditor, endpoint) in disabled {
        ended += cancel_of_endpoint(conn, creditor, endpoint, why, now)?;
    }
    Ok(ended)
}

/// The body of a message, as it is sent.
pub fn payload(conn: &mut DbConn, creditor: CreditorId, message: OutboxId) -> QueryResult<String> {
    outbox::table
        .find((creditor, message))
        .select(outbox::payload)
        .get_result(conn)
}
