//! Webhooks: where creditors want to be told, what is on its way there, and what became of it.
//!
//! A message is written in the transaction of the change it tells of, together with one delivery
//! for each endpoint that wants it; nothing that committed is ever left out. Delivering is at
//! least once: a process that dies after the receiver has answered and before that is written
//! down leaves a delivery that is sent again, under the same id, by which the receiver knows it.

mod deliver;
mod endpoints;
mod queue;

pub use deliver::{
    Outcome, Outgoing, claim, compose, give_back, give_up_kept, report, retry_after,
};
pub use endpoints::{
    EndpointInput, MOST_ENDPOINTS, Made, change, create, delete, disable, enable, rotate_secret,
};
pub(super) use queue::{Message, fan_out};
pub use queue::{redeliver, redeliver_within, retry_now, send_test, send_test_within};

use super::tx::NewEvent;
use crate::domain::event::EventKind;
use crate::domain::webhook::signature::WebhookSecret;
use crate::keys::{Keys, Purpose};
use crate::store::webhook_endpoints::{Endpoint, SecretRow};

/// The secret that a row stands for. It is made from the installation's own secret, so that who
/// has the database alone can sign nothing.
fn secret(keys: &Keys, row: &SecretRow) -> WebhookSecret {
    WebhookSecret::new(keys.authenticate(
        Purpose::WebhookSecret,
        &[
            row.creditor_id.as_str().as_bytes(),
            row.endpoint_id.as_str().as_bytes(),
            row.id.as_str().as_bytes(),
        ],
    ))
}

/// An event about an endpoint. Of its address only the host is told: the rest may hold a token.
fn about(endpoint: &Endpoint, kind: EventKind) -> NewEvent {
    let host = url::Url::parse(&endpoint.url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    NewEvent::of_creditor(endpoint.creditor_id, kind)
        .body(serde_json::json!({"endpoint": endpoint.id, "host": host}))
}
