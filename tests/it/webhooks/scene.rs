//! A creditor with an endpoint, and the worker that serves it.

use std::sync::Arc;

use diesel::prelude::*;
use forbear::actions::payments::{self, PaymentInput};
use forbear::actions::placements::{RecallInput, recall};
use forbear::actions::webhooks::{self, EndpointInput, Made};
use forbear::db::schema::webhook_deliveries;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, PlacementId, WebhookEndpointId};
use forbear::domain::money::Cents;
use forbear::domain::payment::{PaymentMethod, PaymentSource};
use forbear::domain::webhook::events::Wanted;
use forbear::outreach::http::{Http, Outbound};
use forbear::store::Scope;
use forbear::store::webhook_queue::Delivery;
use forbear::worker::{self, Stopping};

use crate::support::TestApp;

pub const CLI: Actor = Actor::System("cli");

/// An endpoint at `url` that wants these events, or every one.
pub fn endpoint(app: &TestApp, creditor: CreditorId, url: &str, events: &[&str]) -> Made {
    let input = EndpointInput {
        url: url.to_owned(),
        description: String::new(),
        wanted: if events.is_empty() {
            Some(Wanted::Everything)
        } else {
            Wanted::of_words(events.iter().copied())
        },
    };
    webhooks::create(&app.ctx, &CLI, creditor, &input).unwrap()
}

/// One event: a payment of one dollar more than the last.
pub fn pay(app: &TestApp, placement: PlacementId, dollars: i64) {
    payments::record(
        &app.ctx,
        &CLI,
        Scope::Agency,
        placement,
        &PaymentInput {
            amount: Cents::new(dollars * 100),
            paid_on: app.now().to_utc().date_naive(),
            method: PaymentMethod::Wire,
            reference: None,
            note: None,
            source: PaymentSource::Dashboard,
            zone: chrono_tz::UTC,
            version: None,
            is_another: true,
            form_key: None,
        },
    )
    .unwrap();
}

/// Two events, in this order: a new status, and the recall.
pub fn take_back(app: &TestApp, placement: PlacementId) {
    let input = RecallInput {
        reason: None,
        note: None,
        version: None,
    };
    recall(&app.ctx, &CLI, Scope::Agency, placement, &input).unwrap();
}

/// Lets the worker work until nothing is due, and returns how much it delivered.
pub async fn work(app: &TestApp) -> usize {
    let http: Arc<dyn Http> = Arc::new(Outbound::default());
    worker::webhooks::run(&app.ctx, &http, &Stopping::never())
        .await
        .unwrap()
}

/// Every delivery of an endpoint, in order.
pub fn deliveries(app: &TestApp, endpoint: WebhookEndpointId) -> Vec<Delivery> {
    app.rows(|conn| {
        webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(endpoint))
            .order(webhook_deliveries::position)
            .select(Delivery::as_select())
            .load(conn)
    })
}
