//! What was sent to webhooks and what came back.

use diesel::prelude::*;

use super::webhook_queue::Delivery;
use super::{Scope, count};
use crate::db::DbConn;
use crate::db::schema::{webhook_attempts, webhook_deliveries, webhook_endpoints};
use crate::domain::id::{CreditorId, WebhookDeliveryId, WebhookEndpointId};
use crate::domain::time::Instant;
use crate::domain::webhook::DeliveryStatus;

/// One try.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_attempts)]
pub struct Attempt {
    pub creditor_id: CreditorId,
    pub delivery_id: WebhookDeliveryId,
    /// From 1.
    pub number: i32,
    pub at: Instant,
    /// The process that made it.
    pub process: String,
    pub url: String,
    /// The header `webhook-timestamp`: seconds since 1970.
    pub signed_timestamp: i64,
    /// The header `webhook-signature`.
    pub signature: String,
    pub duration_ms: i32,
    /// The status of the answer, if there was one.
    pub status: Option<i32>,
    pub error: Option<String>,
    /// Lines of `name: value`.
    pub answer_headers: Option<String>,
    /// Its beginning.
    pub answer_body: Option<String>,
}

/// Which deliveries. What is not set does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub endpoint: Option<WebhookEndpointId>,
    pub status: Option<DeliveryStatus>,
    pub event_type: Option<String>,
}

pub fn insert(conn: &mut DbConn, attempt: &Attempt) -> QueryResult<()> {
    diesel::insert_into(webhook_attempts::table)
        .values(attempt)
        .execute(conn)
        .map(drop)
}

/// The tries of a delivery, the last first.
pub fn attempts(
    conn: &mut DbConn,
    creditor: CreditorId,
    delivery: WebhookDeliveryId,
) -> QueryResult<Vec<Attempt>> {
    webhook_attempts::table
        .filter(webhook_attempts::creditor_id.eq(creditor))
        .filter(webhook_attempts::delivery_id.eq(delivery))
        .order(webhook_attempts::number.desc())
        .select(Attempt::as_select())
        .load(conn)
}

/// The delivery, if it is in `scope`.
pub fn find(
    conn: &mut DbConn,
    scope: Scope,
    id: WebhookDeliveryId,
) -> QueryResult<Option<Delivery>> {
    let mut query = webhook_deliveries::table
        .filter(webhook_deliveries::id.eq(id))
        .select(Delivery::as_select())
        .into_boxed();
    if let Scope::Creditor(creditor) = scope {
        query = query.filter(webhook_deliveries::creditor_id.eq(creditor));
    }
    query.get_result(conn).optional()
}

/// Deliveries with the addresses of their endpoints, the latest first.
pub fn page(
    conn: &mut DbConn,
    scope: Scope,
    filter: &Filter,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<(Delivery, String)>> {
    let mut query = webhook_deliveries::table
        .inner_join(
            webhook_endpoints::table.on(webhook_endpoints::creditor_id
                .eq(webhook_deliveries::creditor_id)
                .and(webhook_endpoints::id.eq(webhook_deliveries::endpoint_id))),
        )
        .order((
            webhook_deliveries::created_at.desc(),
            webhook_deliveries::position.desc(),
            webhook_deliveries::id.desc(),
        ))
        .offset(offset)
        .limit(limit)
        .select((Delivery::as_select(), webhook_endpoints::url))
        .into_boxed();
    if let Scope::Creditor(creditor) = scope {
        query = query.filter(webhook_deliveries::creditor_id.eq(creditor));
    }
    if let Some(endpoint) = filter.endpoint {
        query = query.filter(webhook_deliveries::endpoint_id.eq(endpoint));
    }
    if let Some(status) = filter.status {
        query = query.filter(webhook_deliveries::status.eq(status));
    }
    if let Some(event_type) = &filter.event_type {
        query = query.filter(webhook_deliveries::event_type.eq(event_type));
    }
    query.load(conn)
}

/// How many deliveries there are, by status.
pub fn counts(
    conn: &mut DbConn,
    scope: Scope,
    filter: &Filter,
) -> QueryResult<Vec<(DeliveryStatus, u64)>> {
    let query = webhook_deliveries::table
        .group_by(webhook_deliveries::status)
        .select((webhook_deliveries::status, diesel::dsl::count_star()))
        .into_boxed();
    let mut query = match scope {
        Scope::Creditor(creditor) => query.filter(webhook_deliveries::creditor_id.eq(creditor)),
        Scope::Agency => query,
    };
    if let Some(endpoint) = filter.endpoint {
        query = query.filter(webhook_deliveries::endpoint_id.eq(endpoint));
    }
    if let Some(event_type) = &filter.event_type {
        query = query.filter(webhook_deliveries::event_type.eq(event_type));
    }
    let rows: Vec<(DeliveryStatus, i64)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(status, rows)| (status, count(rows)))
        .collect())
}

/// How many deliveries of each endpoint in `scope` wait, and how many failed for good.
pub fn open_by_endpoint(
    conn: &mut DbConn,
    scope: Scope,
) -> QueryResult<Vec<(WebhookEndpointId, DeliveryStatus, u64)>> {
    let query = webhook_deliveries::table
        .filter(webhook_deliveries::status.eq_any([DeliveryStatus::Pending, DeliveryStatus::Dead]))
        .group_by((webhook_deliveries::endpoint_id, webhook_deliveries::status))
        .select((
            webhook_deliveries::endpoint_id,
            webhook_deliveries::status,
            diesel::dsl::count_star(),
        ))
        .into_boxed();
    let query = match scope {
        Scope::Creditor(creditor) => query.filter(webhook_deliveries::creditor_id.eq(creditor)),
        Scope::Agency => query,
    };
    let rows: Vec<(WebhookEndpointId, DeliveryStatus, i64)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(endpoint, status, rows)| (endpoint, status, count(rows)))
        .collect())
}
