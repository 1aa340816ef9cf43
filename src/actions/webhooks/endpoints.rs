//! Endpoints: made, changed, switched off and on, taken away.

use super::{about, secret};
use crate::actions::ctx::Ctx;
use crate::actions::tx::Tx;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, WebhookEndpointId, WebhookSecretId};
use crate::domain::time::Instant;
use crate::domain::webhook::events::Wanted;
use crate::domain::webhook::schedule::SECRET_OVERLAP;
use crate::domain::webhook::{DisabledBecause, EndpointStatus};
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::webhook_endpoints::{self, Endpoint, SecretRow};
use crate::store::{Scope, creditors, webhook_queue};

/// Endpoints of one creditor.
pub const MOST_ENDPOINTS: usize = 10;

/// The longest description, in characters.
const LONGEST_DESCRIPTION: usize = 200;

/// What a person says of an endpoint.
#[derive(Debug, Clone)]
pub struct EndpointInput {
    pub url: String,
    /// May be empty.
    pub description: String,
    /// None where nothing that is offered was chosen.
    pub wanted: Option<Wanted>,
}

/// An endpoint with a secret that is shown this once.
#[derive(Debug)]
pub struct Made {
    pub endpoint: Endpoint,
    /// `whsec_…`
    pub secret: String,
    /// Until when the secret it replaces still signs along; none for the first.
    pub old_valid_until: Option<Instant>,
}

/// An endpoint's own part of the input, checked.
struct Checked {
    url: String,
    description: String,
    wanted: Wanted,
}

fn check(ctx: &Ctx, input: &EndpointInput) -> AppResult<Checked> {
    let mut errors = FieldErrors::default();
    let url = match ctx.webhook_addresses.check(input.url.trim()) {
        Ok(url) => url.to_string(),
        Err(why) => {
            errors.add("url", why.to_string());
            String::new()
        }
    };
    let description = input.description.trim();
    if description.chars().count() > LONGEST_DESCRIPTION
        || description.chars().any(char::is_control)
    {
        errors.add("description", "Use one line of at most 200 characters.");
    }
    let Some(wanted) = input.wanted.clone() else {
        errors.add("events", "Choose at least one event.");
        return Err(AppError::Invalid(errors));
    };
    errors.into_result()?;
    Ok(Checked {
        url,
        description: description.to_owned(),
        wanted,
    })
}

/// Adds an endpoint. Its secret is made anew and can't be shown again.
pub fn create(
    ctx: &Ctx,
    actor: &Actor,
    creditor: CreditorId,
    input: &EndpointInput,
) -> AppResult<Made> {
    let checked = check(ctx, input)?;
    ctx.write(actor, |tx| {
        if creditors::by_id(tx.conn, creditor)?.is_none() {
            return Err(AppError::NotFound);
        }
        let endpoint = Endpoint {
            creditor_id: creditor,
            id: WebhookEndpointId::generate(tx.now),
            url: checked.url,
            description: checked.description,
            event_types: checked.wanted.stored(),
            status: EndpointStatus::Enabled,
            status_reason: None,
            status_at: tx.now,
            failing_since: None,
            quiet_until: None,
            created_by: tx.actor.to_string(),
            created_at: tx.now,
            version: 1,
        };
        // The event first: it lets two who add at once take turns.
        tx.record(about(&endpoint, EventKind::WebhookEndpointCreated))?;
        if webhook_endpoints::of_creditor(tx.conn, creditor)?.len() >= MOST_ENDPOINTS {
            return Err(AppError::invalid(
                "url",
                "There are ten endpoints already. Delete one first.",
            ));
        }
        webhook_endpoints::insert(tx.conn, &endpoint)?;
        let row = new_secret(tx, &endpoint)?;
        Ok(Made {
            secret: secret(&ctx.keys, &row).text(),
            endpoint,
            old_valid_until: None,
        })
    })
}

/// Changes address, description or events. `version` is the one that the person saw.
pub fn change(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: WebhookEndpointId,
    input: &EndpointInput,
    version: i64,
) -> AppResult<()> {
    // Whether it is there comes first: what was typed tells nothing of another's endpoint.
    ctx.read(|conn| webhook_endpoints::find(conn, scope, id)?.ok_or(AppError::NotFound))?;
    let checked = check(ctx, input)?;
    ctx.write(actor, |tx| {
        let mut endpoint = locked(tx, scope, id)?;
        if endpoint.version != version {
            return Err(AppError::Conflict(
                "Somebody changed this endpoint since you opened the page. Nothing was saved."
                    .to_owned(),
            ));
        }
        // Another address has its own story.
        if endpoint.url != checked.url {
            endpoint.failing_since = None;
            endpoint.quiet_until = None;
        }
        endpoint.url = checked.url;
        endpoint.description = checked.description;
        endpoint.event_types = checked.wanted.stored();
        endpoint.version += 1;
        webhook_endpoints::update(tx.conn, &endpoint)?;
        tx.record(about(&endpoint, EventKind::WebhookEndpointChanged))?;
        Ok(())
    })
}

/// Replaces the secret. The old one signs along for a day, so that the receiver can change over
/// without missing anything.
pub fn rotate_secret(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: WebhookEndpointId,
) -> AppResult<Made> {
    ctx.write(actor, |tx| {
        let endpoint = locked(tx, scope, id)?;
        let until = tx.now.plus(SECRET_OVERLAP);
        webhook_endpoints::let_secrets_end(tx.conn, endpoint.creditor_id, id, until)?;
        let row = new_secret(tx, &endpoint)?;
        tx.record(about(&endpoint, EventKind::WebhookSecretRotated))?;
        Ok(Made {
            secret: secret(&ctx.keys, &row).text(),
            endpoint,
            old_valid_until: Some(until),
        })
    })
}

/// Switches an endpoint off. What waits for it and what happens meanwhile is kept.
pub fn disable(ctx: &Ctx, actor: &Actor, scope: Scope, id: WebhookEndpointId) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let endpoint = locked(tx, scope, id)?;
        if endpoint.status != EndpointStatus::Enabled {
            return Err(AppError::Conflict(
                "This endpoint is disabled already.".to_owned(),
            ));
        }
        disable_within(tx, endpoint, DisabledBecause::ByPerson)
    })
}

pub(super) fn disable_within(
    tx: &mut Tx<'_>,
    mut endpoint: Endpoint,
    why: DisabledBecause,
) -> AppResult<()> {
    endpoint.status = EndpointStatus::Disabled;
    endpoint.status_reason = Some(why);
    endpoint.status_at = tx.now;
    endpoint.version += 1;
    webhook_endpoints::update(tx.conn, &endpoint)?;
    let mut event = about(&endpoint, EventKind::WebhookEndpointDisabled);
    event.body["reason"] = serde_json::json!(crate::domain::text_enum::TextEnum::as_str(&why));
    tx.record(event)?;
    Ok(())
}

/// Switches an endpoint on again: what was kept for it goes out, in order.
pub fn enable(ctx: &Ctx, actor: &Actor, scope: Scope, id: WebhookEndpointId) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let mut endpoint = locked(tx, scope, id)?;
        if endpoint.status == EndpointStatus::Enabled {
            return Err(AppError::Conflict(
                "This endpoint is enabled already.".to_owned(),
            ));
        }
        endpoint.status = EndpointStatus::Enabled;
        endpoint.status_reason = None;
        endpoint.status_at = tx.now;
        endpoint.failing_since = None;
        endpoint.quiet_until = None;
        endpoint.version += 1;
        webhook_endpoints::update(tx.conn, &endpoint)?;
        tx.record(about(&endpoint, EventKind::WebhookEndpointEnabled))?;
        Ok(())
    })
}

/// Takes an endpoint away with its secrets. What was sent stays on record; what waits is
/// cancelled.
pub fn delete(ctx: &Ctx, actor: &Actor, scope: Scope, id: WebhookEndpointId) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let mut endpoint = locked(tx, scope, id)?;
        let creditor = endpoint.creditor_id;
        tx.record(about(&endpoint, EventKind::WebhookEndpointDeleted))?;
        endpoint.status = EndpointStatus::Deleted;
        endpoint.status_reason = None;
        endpoint.status_at = tx.now;
        endpoint.version += 1;
        webhook_endpoints::update(tx.conn, &endpoint)?;
        webhook_endpoints::let_secrets_end(tx.conn, creditor, id, tx.now)?;
        let why = "the endpoint was deleted";
        webhook_queue::cancel_of_endpoint(tx.conn, creditor, id, why, tx.now)?;
        Ok(())
    })
}

/// The endpoint in `scope`, locked.
fn locked(tx: &mut Tx<'_>, scope: Scope, id: WebhookEndpointId) -> AppResult<Endpoint> {
    let found = webhook_endpoints::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
    webhook_endpoints::lock(tx.conn, found.creditor_id, id)?
        .filter(|endpoint| endpoint.status != EndpointStatus::Deleted)
        .ok_or(AppError::NotFound)
}

fn new_secret(tx: &mut Tx<'_>, endpoint: &Endpoint) -> AppResult<SecretRow> {
    let row = SecretRow {
        creditor_id: endpoint.creditor_id,
        id: WebhookSecretId::generate(tx.now),
        endpoint_id: endpoint.id,
        created_by: tx.actor.to_string(),
        created_at: tx.now,
        expires_at: None,
    };
    webhook_endpoints::insert_secret(tx.conn, &row)?;
    Ok(row)
}
