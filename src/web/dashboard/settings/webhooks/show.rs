//! `/settings/webhooks/{id}`: one endpoint.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::form::{self, Submitted};
use super::{HERE, draw};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::id::WebhookEndpointId;
use crate::domain::webhook::EndpointStatus;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::webhook_endpoints::{self, Endpoint};
use crate::store::webhook_log::{self, Filter};
use crate::store::{Scope, creditors};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::dashboard::people::People;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::part::{Fact, When, trail};
use crate::web::view::webhook::{DeliveryRow, EndpointPage, NewSecret};

/// Deliveries on the page of their endpoint.
const LATEST: i64 = 8;

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookEndpointId>,
) -> AppResult<HttpResponse> {
    let view = view(&req, &ctx, &session, &user, id.into_inner(), With::Nothing).await?;
    page::ok(&view)
}

/// The page of an endpoint that was just made, or whose secret was just replaced.
pub async fn created(
    req: &HttpRequest,
    ctx: &Ctx,
    session: &Session,
    user: &SignedIn,
    id: WebhookEndpointId,
    secret: NewSecret,
) -> AppResult<HttpResponse> {
    let view = view(req, ctx, session, user, id, With::Secret(secret)).await?;
    page::with_status(StatusCode::CREATED, &view)
}

/// What the page shows besides what is on file.
pub enum With<'a> {
    Nothing,
    Secret(NewSecret),
    /// What was typed, and what was wrong with it.
    Form(&'a Submitted, &'a FieldErrors),
}

struct Known {
    endpoint: Endpoint,
    creditor: Option<String>,
    maker: String,
    secrets: usize,
    deliveries: Vec<DeliveryRow>,
}

pub async fn view(
    req: &HttpRequest,
    ctx: &Ctx,
    session: &Session,
    user: &SignedIn,
    id: WebhookEndpointId,
    with: With<'_>,
) -> AppResult<EndpointPage> {
    let (reader, asker) = (ctx.clone(), user.clone());
    let known = blocking(move || load(&reader, &asker, id)).await?;
    let endpoint = &known.endpoint;
    let when = |at| When::new(at, user.time_zone, ctx.now());
    let enabled = endpoint.status == EndpointStatus::Enabled;
    let trouble = match (endpoint.status_reason, endpoint.failing_since) {
        (Some(why), _) => Some(format!(
            "{} What happens meanwhile is kept for 30 days and sent when you enable it.",
            why.sentence()
        )),
        (None, Some(since)) => Some(format!(
            "Since {} every try has failed. After five days the endpoint is disabled.",
            when(since).absolute
        )),
        (None, None) => None,
    };
    let mut facts = Vec::new();
    if let Some(creditor) = known.creditor {
        facts.push(Fact::new("Creditor", creditor));
    }
    facts.push(Fact::new("Events", draw::events(&endpoint.wanted())));
    facts.push(Fact::new("Added", when(endpoint.created_at).absolute));
    facts.push(Fact::new("Added by", known.maker));
    let signed = if known.secrets > 1 {
        "With the new and the old secret"
    } else {
        "With one secret"
    };
    facts.push(Fact::new("Signed", signed));
    let on_file = Submitted::of(endpoint);
    let no_errors = FieldErrors::default();
    let (typed, errors, new_secret) = match with {
        With::Nothing => (&on_file, &no_errors, None),
        With::Secret(secret) => (&on_file, &no_errors, Some(secret)),
        With::Form(typed, errors) => (typed, errors, None),
    };
    Ok(EndpointPage {
        shell: frame::shell(
            req,
            session,
            user,
            &format!("Webhook \u{b7} {}", endpoint.url),
            Some(Section::Settings),
        ),
        trail: trail("Webhooks", HERE),
        id: id.to_string(),
        url: endpoint.url.clone(),
        state: draw::endpoint_state(endpoint),
        enabled,
        trouble,
        new_secret,
        facts,
        form: form::draw(typed, None, errors),
        deliveries: known.deliveries,
        deliveries_href: format!("/settings/webhook-deliveries?endpoint={id}"),
    })
}

fn load(ctx: &Ctx, user: &SignedIn, id: WebhookEndpointId) -> AppResult<Known> {
    let now = ctx.now();
    ctx.read(|conn| {
        let endpoint =
            webhook_endpoints::find(conn, user.scope(), id)?.ok_or(AppError::NotFound)?;
        let of = endpoint.creditor_id;
        let makers = [endpoint.created_by.as_str()].into_iter();
        let people = People::load(conn, makers, user.creditor.is_some())?;
        let creditor = match user.creditor {
            Some(_) => None,
            None => creditors::by_id(conn, of)?.map(|creditor| creditor.name),
        };
        let filter = Filter {
            endpoint: Some(id),
            ..Filter::default()
        };
        let deliveries = webhook_log::page(conn, Scope::Creditor(of), &filter, 0, LATEST)?
            .iter()
            .map(|(delivery, url)| draw::delivery_row(delivery, url, user.time_zone, now))
            .collect();
        Ok(Known {
            maker: people.name(&endpoint.created_by),
            secrets: webhook_endpoints::secrets(conn, of, id, now)?.len(),
            creditor,
            deliveries,
            endpoint,
        })
    })
}
