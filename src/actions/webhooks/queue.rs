//! Putting messages on their way: to those who want them, as a test, and once more.

use serde_json::json;

use super::about;
use crate::actions::ctx::Ctx;
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, OutboxId, WebhookDeliveryId, WebhookEndpointId};
use crate::domain::webhook::events::TEST;
use crate::domain::webhook::{DeliveryStatus, EndpointStatus};
use crate::error::{AppError, AppResult};
use crate::store::webhook_endpoints::{self, Endpoint};
use crate::store::webhook_queue::{self, Delivery};
use crate::store::{Scope, outbox, webhook_log};

/// One message for endpoints.
#[derive(Debug, Clone, Copy)]
pub(in crate::actions) struct Message<'a> {
    pub creditor: CreditorId,
    pub id: OutboxId,
    pub event_type: &'a str,
    pub subject: &'a str,
}

/// Makes a delivery for each endpoint that wants the message; for a disabled one too, which gets
/// it when it is enabled. The creditor's chain is locked, so that places are taken in the order
/// of commits.
pub(in crate::actions) fn fan_out(
    tx: &mut Tx<'_>,
    message: Message<'_>,
    kind: EventKind,
) -> AppResult<()> {
    for endpoint in webhook_endpoints::of_creditor(tx.conn, message.creditor)? {
        if endpoint.wanted().includes(kind) {
            put(tx, message, endpoint.id, None)?;
        }
    }
    Ok(())
}

fn put(
    tx: &mut Tx<'_>,
    message: Message<'_>,
    endpoint: WebhookEndpointId,
    repeats: Option<WebhookDeliveryId>,
) -> AppResult<Delivery> {
    let delivery = Delivery {
        creditor_id: message.creditor,
        id: WebhookDeliveryId::generate(tx.now),
        endpoint_id: endpoint,
        message_id: message.id,
        event_type: message.event_type.to_owned(),
        subject: message.subject.to_owned(),
        position: webhook_queue::next_position(tx.conn, message.creditor, endpoint)?,
        status: DeliveryStatus::Pending,
        attempts: 0,
        next_attempt_at: tx.now,
        claimed_by: None,
        claimed_until: None,
        last_status: None,
        last_error: None,
        repeats,
        created_at: tx.now,
        ended_at: None,
    };
    webhook_queue::insert(tx.conn, &delivery)?;
    Ok(delivery)
}

/// Sends a message of no meaning to one endpoint, to see whether it arrives. It is tried once.
pub fn send_test(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: WebhookEndpointId,
) -> AppResult<Delivery> {
    ctx.write(actor, |tx| {
        let endpoint = webhook_endpoints::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
        send_test_within(tx, &endpoint)
    })
}

/// The same inside another transaction.
pub fn send_test_within(tx: &mut Tx<'_>, endpoint: &Endpoint) -> AppResult<Delivery> {
    if endpoint.status != EndpointStatus::Enabled {
        return Err(AppError::Conflict(
            "This endpoint is disabled. Enable it to send a test.".to_owned(),
        ));
    }
    tx.record(about(endpoint, EventKind::WebhookTestRequested))?;
    let id = OutboxId::generate(tx.now);
    let payload = json!({
        "type": TEST,
        "timestamp": tx.now,
        "data": {"endpoint_id": endpoint.id},
    });
    outbox::insert(
        tx.conn,
        &outbox::NewMessage {
            creditor_id: endpoint.creditor_id,
            id,
            topic: "webhook",
            event_type: TEST,
            // A subject of its own: it waits behind nothing.
            subject: id.as_str(),
            payload: &payload.to_string(),
            dedupe_key: id.as_str(),
            status: "done",
            available_at: tx.now,
            created_at: tx.now,
        },
    )?;
    let message = Message {
        creditor: endpoint.creditor_id,
        id,
        event_type: TEST,
        subject: id.as_str(),
    };
    put(tx, message, endpoint.id, None)
}

/// Sends a message once more, under its own id, as a delivery of its own behind those that wait.
pub fn redeliver(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: WebhookDeliveryId,
) -> AppResult<Delivery> {
    ctx.write(actor, |tx| redeliver_within(tx, scope, id))
}

/// The same inside another transaction.
pub fn redeliver_within(
    tx: &mut Tx<'_>,
    scope: Scope,
    id: WebhookDeliveryId,
) -> AppResult<Delivery> {
    let old = webhook_log::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
    if old.status == DeliveryStatus::Pending {
        return Err(AppError::Conflict(
            "This message is still on its way. It can be sent again when it has ended.".to_owned(),
        ));
    }
    let of = Scope::Creditor(old.creditor_id);
    if webhook_endpoints::find(tx.conn, of, old.endpoint_id)?.is_none() {
        return Err(AppError::Conflict(
            "The endpoint of this message was deleted.".to_owned(),
        ));
    }
    tx.record(
        NewEvent::of_creditor(old.creditor_id, EventKind::WebhookRedelivered)
            .body(json!({"endpoint": old.endpoint_id, "delivery": old.id})),
    )?;
    let message = Message {
        creditor: old.creditor_id,
        id: old.message_id,
        event_type: &old.event_type,
        subject: &old.subject,
    };
    put(tx, message, old.endpoint_id, Some(old.id))
}

/// Tries a delivery that waits for its next try at once.
pub fn retry_now(ctx: &Ctx, actor: &Actor, scope: Scope, id: WebhookDeliveryId) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let delivery = webhook_log::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
        if webhook_queue::hurry(tx.conn, delivery.creditor_id, id, tx.now)? == 0 {
            return Err(AppError::Conflict(
                "This message is being sent at this moment, or has ended.".to_owned(),
            ));
        }
        Ok(())
    })
}
