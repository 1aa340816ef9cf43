//! `/v1/settings/webhook-*`: what can be told, what was sent, and once more. Where it goes is set
//! on the dashboard, by a person.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::answers::{self, Page};
use super::body::Body;
use super::caller::Caller;
use super::once::once;
use super::params::Params;
use super::wire::Word;
use crate::actions::ctx::Ctx;
use crate::actions::idempotency::Answer;
use crate::actions::{blocking, webhooks as actions};
use crate::domain::id::{OutboxId, WebhookDeliveryId, WebhookEndpointId};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::domain::webhook::events::{OFFERED, TEST};
use crate::domain::webhook::{DeliveryStatus, EndpointStatus};
use crate::error::AppError;
use crate::store::webhook_endpoints;
use crate::store::webhook_log::{self, Filter};
use crate::store::webhook_queue::Delivery;

/// A kind of event that an endpoint can be told of.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventView {
    name: &'static str,
    description: &'static str,
    /// The names of what `data` holds.
    fields: &'static [&'static str],
}

/// Every kind.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Events {
    items: Vec<EventView>,
}

/// One message on its way to one endpoint.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeliveryView {
    id: WebhookDeliveryId,
    endpoint_id: WebhookEndpointId,
    /// The header `webhook-id`: the same however often the message is sent.
    message_id: OutboxId,
    event: String,
    /// `pending`, `delivered`, `dead` or `cancelled`.
    status: Word<DeliveryStatus>,
    attempts: i32,
    next_attempt_at: Option<Instant>,
    /// What the last try was answered with.
    response_status: Option<i32>,
    error: Option<String>,
    created_at: Instant,
    ended_at: Option<Instant>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let waits = delivery.status == DeliveryStatus::Pending;
        Self {
            id: delivery.id,
            endpoint_id: delivery.endpoint_id,
            message_id: delivery.message_id,
            event: delivery.event_type,
            status: Word(delivery.status),
            attempts: delivery.attempts,
            next_attempt_at: waits.then_some(delivery.next_attempt_at),
            response_status: delivery.last_status,
            error: delivery.last_error,
            created_at: delivery.created_at,
            ended_at: delivery.ended_at,
        }
    }
}

/// The tests that were put on their way, one for each enabled endpoint.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TestsSent {
    items: Vec<DeliveryView>,
}

pub async fn events(req: HttpRequest, _: Caller) -> Result<HttpResponse, Error> {
    Params::new(req.query_string()).finish()?;
    let items = OFFERED
        .iter()
        .map(|offered| EventView {
            name: offered.kind.as_str(),
            description: offered.about,
            fields: offered.fields,
        })
        .collect();
    Ok(answers::ok(&Events { items }))
}

pub async fn deliveries(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    let mut params = Params::new(req.query_string());
    let slice = params.slice();
    let status = params.parsed(
        "status",
        "Use one of pending, delivered, dead, cancelled.",
        DeliveryStatus::from_word,
    );
    let event = params.parsed("event", "There is no such event.", |text| {
        let known = text == TEST || OFFERED.iter().any(|offered| offered.kind.as_str() == text);
        known.then(|| text.to_owned())
    });
    params.finish()?;
    let (found, total) = blocking(move || {
        ctx.read(|conn| {
            let scope = caller.scope();
            let filter = Filter {
                endpoint: None,
                status,
                event_type: event,
            };
            let found = webhook_log::page(conn, scope, &filter, slice.offset, slice.limit)?;
            let total: u64 = webhook_log::counts(conn, scope, &filter)?
                .iter()
                .filter(|(known, _)| status.is_none_or(|wanted| wanted == *known))
                .map(|(_, count)| count)
                .sum();
            Ok((found, total))
        })
    })
    .await?;
    let items = found
        .into_iter()
        .map(|(delivery, _)| DeliveryView::from(delivery))
        .collect();
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    Ok(answers::ok(&Page::new(items, slice, total)))
}

pub async fn redeliver(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<WebhookDeliveryId>,
    body: Body,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    once(&req, ctx, caller, &body, move |tx| {
        let delivery = actions::redeliver_within(tx, caller.scope(), id)?;
        Ok(Answer::new(202, &DeliveryView::from(delivery))?)
    })
    .await
}

pub async fn test(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    body: Body,
) -> Result<HttpResponse, Error> {
    let creditor = caller.one_creditor()?;
    once(&req, ctx, caller, &body, move |tx| {
        let mut items = Vec::new();
        for endpoint in webhook_endpoints::of_creditor(tx.conn, creditor).map_err(AppError::from)? {
            if endpoint.status == EndpointStatus::Enabled {
                items.push(actions::send_test_within(tx, &endpoint)?.into());
            }
        }
        if items.is_empty() {
            return Err(AppError::Conflict(
                "There is no enabled endpoint. Add one on the dashboard, under Settings, Webhooks."
                    .to_owned(),
            )
            .into());
        }
        Ok(Answer::new(202, &TestsSent { items })?)
    })
    .await
}
