//! `/settings/webhook-deliveries`: what was sent and what came back.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::{HERE, draw, tabs};
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, webhooks as actions};
use crate::domain::id::{WebhookDeliveryId, WebhookEndpointId};
use crate::domain::text_enum::TextEnum;
use crate::domain::webhook::events::{OFFERED, TEST};
use crate::domain::webhook::{DeliveryStatus, EndpointStatus};
use crate::error::{AppError, AppResult};
use crate::store::webhook_log::{self, Filter};
use crate::store::{Scope, webhook_endpoints, webhook_queue};
use crate::web::access::SignedIn;
use crate::web::dashboard::list_state::address;
use crate::web::dashboard::{frame, words};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::part::{Chip, ChipGroup, Fact, Link, When};
use crate::web::view::webhook::{DeliveryListPage, DeliveryPage};

const LOG: &str = "/settings/webhook-deliveries";

/// Deliveries on a page.
const PAGE: u64 = 25;

/// The address's parameters. What can't be read is as if it weren't there.
#[derive(Debug, Default, Deserialize)]
pub struct Params {
    endpoint: Option<String>,
    status: Option<String>,
    event: Option<String>,
    page: Option<String>,
}

/// The list that an address names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct State {
    endpoint: Option<WebhookEndpointId>,
    status: Option<DeliveryStatus>,
    event: Option<&'static str>,
    page: u64,
}

/// Everything that can be sent.
fn sendable() -> impl Iterator<Item = &'static str> {
    OFFERED
        .iter()
        .map(|offered| offered.kind.as_str())
        .chain([TEST])
}

impl State {
    fn read(params: &Params) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let event = text(&params.event);
        Self {
            endpoint: text(&params.endpoint).parse().ok(),
            status: DeliveryStatus::from_word(&text(&params.status)),
            event: sendable().find(|known| *known == event),
            page: text(&params.page).parse().unwrap_or(1).max(1),
        }
    }

    fn filter(&self) -> Filter {
        Filter {
            endpoint: self.endpoint,
            status: self.status,
            event_type: self.event.map(str::to_owned),
        }
    }

    fn href(&self) -> String {
        let mut pairs = Vec::new();
        if let Some(endpoint) = self.endpoint {
            pairs.push(("endpoint", endpoint.to_string()));
        }
        if let Some(status) = self.status {
            pairs.push(("status", status.as_str().to_owned()));
        }
        if let Some(event) = self.event {
            pairs.push(("event", event.to_owned()));
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        address(LOG, &pairs)
    }

    /// The first page of the same list, changed.
    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = Self {
            page: 1,
            ..self.clone()
        };
        change(&mut other);
        other
    }

    fn at_page(&self, page: u64) -> String {
        Self {
            page,
            ..self.clone()
        }
        .href()
    }
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let state = State::read(&params);
    let shell = frame::shell(&req, &session, &user, "Webhooks", Some(Section::Settings));
    let page = blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let scope = user.scope();
            let endpoint = match state.endpoint {
                Some(id) => webhook_endpoints::find(conn, scope, id)?,
                None => None,
            };
            let filter = state.filter();
            let counts = webhook_log::counts(conn, scope, &filter)?;
            let total: u64 = counts
                .iter()
                .filter(|(status, _)| state.status.is_none_or(|wanted| wanted == *status))
                .map(|(_, count)| count)
                .sum();
            let offset = i64::try_from((state.page - 1).saturating_mul(PAGE)).unwrap_or(i64::MAX);
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let rows = webhook_log::page(conn, scope, &filter, offset, limit)?;
            let any = total > 0
                || webhook_log::counts(conn, scope, &Filter::default())?
                    .iter()
                    .any(|(_, count)| *count > 0);
            Ok(DeliveryListPage {
                shell,
                tabs: tabs(&user, HERE),
                endpoint: endpoint
                    .map(|endpoint| Link::new(endpoint.url, format!("{HERE}/{}", endpoint.id))),
                filters: vec![statuses(&state, &counts)],
                rows: rows
                    .iter()
                    .map(|(delivery, url)| draw::delivery_row(delivery, url, user.time_zone, now))
                    .collect(),
                pager: words::pager(state.page, PAGE, total, |page| state.at_page(page)),
                any,
            })
        })
    })
    .await?;
    page::ok(&page)
}

/// A chip for each status, with what it would show.
fn statuses(state: &State, counts: &[(DeliveryStatus, u64)]) -> ChipGroup {
    let options = DeliveryStatus::WORDS
        .iter()
        .map(|(status, _)| Some(*status));
    ChipGroup {
        label: "State",
        chips: [None]
            .into_iter()
            .chain(options)
            .map(|status| Chip {
                label: status.map_or("All", |status| status.label()).to_owned(),
                count: counts
                    .iter()
                    .filter(|(known, _)| status.is_none_or(|wanted| wanted == *known))
                    .map(|(_, count)| count)
                    .sum(),
                href: state.with(|other| other.status = status).href(),
                current: state.status == status,
            })
            .collect(),
    }
}

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookDeliveryId>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let shell = frame::shell(&req, &session, &user, "Webhooks", Some(Section::Settings));
    let page = blocking(move || {
        let now = ctx.now();
        let zone = user.time_zone;
        ctx.read(|conn| {
            let delivery = webhook_log::find(conn, user.scope(), id)?.ok_or(AppError::NotFound)?;
            let of = delivery.creditor_id;
            let endpoint =
                webhook_endpoints::find(conn, Scope::Creditor(of), delivery.endpoint_id)?;
            let attempts = webhook_log::attempts(conn, of, id)?;
            let message = delivery.message_id.to_string();
            let pending = delivery.status == DeliveryStatus::Pending;
            let enabled = endpoint
                .as_ref()
                .is_some_and(|endpoint| endpoint.status == EndpointStatus::Enabled);
            let url = match (&endpoint, attempts.first()) {
                (Some(endpoint), _) => endpoint.url.clone(),
                (None, Some(attempt)) => attempt.url.clone(),
                (None, None) => "a deleted endpoint".to_owned(),
            };
            let row = draw::delivery_row(&delivery, &url, zone, now);
            let mut facts = vec![Fact::new("Message", message.clone())];
            facts.push(match &endpoint {
                Some(endpoint) => {
                    Fact::new("Endpoint", url).linked(format!("{HERE}/{}", endpoint.id))
                }
                None => Fact::new("Endpoint", format!("{url} (deleted)")),
            });
            facts.push(Fact::new("Made", row.when.absolute.clone()));
            facts.push(Fact::new("Tries", row.tries.clone()));
            if pending {
                let next = When::new(delivery.next_attempt_at, zone, now);
                facts.push(Fact::new("Next try", next.absolute));
            }
            if let Some(repeats) = delivery.repeats {
                facts.push(
                    Fact::new("Sent again from", "An earlier delivery")
                        .linked(format!("{LOG}/{repeats}")),
                );
            }
            Ok(DeliveryPage {
                shell: shell.titled(format!("Delivery \u{b7} {}", row.event)),
                trail: vec![Link::new("Webhooks", HERE), Link::new("Sent", LOG)],
                facts,
                payload: readable(&webhook_queue::payload(conn, of, delivery.message_id)?),
                attempts: attempts
                    .iter()
                    .map(|attempt| draw::attempt(attempt, &message, zone, now))
                    .collect(),
                may_retry: pending && enabled && delivery.attempts > 0,
                may_redeliver: !pending && endpoint.is_some(),
                delivery: row,
            })
        })
    })
    .await?;
    page::ok(&page)
}

/// JSON on lines of its own.
fn readable(payload: &str) -> String {
    serde_json::from_str::<serde_json::Value>(payload)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| payload.to_owned())
}

/// Tries a message that waits at once.
pub async fn retry(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookDeliveryId>,
) -> AppResult<HttpResponse> {
    let (id, actor, scope) = (id.into_inner(), user.actor(), user.scope());
    blocking(move || actions::retry_now(&ctx, &actor, scope, id)).await?;
    frame::flash(
        &session,
        "It is tried now. Load this page again to see the answer.",
    )?;
    Ok(page::see_other(&format!("{LOG}/{id}")))
}

/// Sends a message that has ended once more.
pub async fn redeliver(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookDeliveryId>,
) -> AppResult<HttpResponse> {
    let (id, actor, scope) = (id.into_inner(), user.actor(), user.scope());
    let again = blocking(move || actions::redeliver(&ctx, &actor, scope, id)).await?;
    frame::flash(
        &session,
        "It is sent again, under the same id. Load this page again to see the answer.",
    )?;
    Ok(page::see_other(&format!("{LOG}/{}", again.id)))
}
