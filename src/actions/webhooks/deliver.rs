//! One try after another: what is due is claimed, signed, and after the try reported.

use chrono::{DateTime, Duration};
use serde_json::json;

use super::endpoints::disable_within;
use super::secret;
use crate::actions::ctx::Ctx;
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::time::Instant;
use crate::domain::webhook::events::TEST;
use crate::domain::webhook::schedule::{self, GIVES_UP_AFTER, KEPT_WHILE_DISABLED};
use crate::domain::webhook::signature::{self, WebhookSecret};
use crate::domain::webhook::{DeliveryStatus, DisabledBecause, EndpointStatus};
use crate::error::{AppError, AppResult};
use crate::keys::random_bytes;
use crate::store::webhook_log::Attempt;
use crate::store::webhook_queue::{self, Delivery, DueEndpoint, Tried};
use crate::store::{webhook_endpoints, webhook_log};

/// A process that died gives its claims back after this. Longer than a try can take.
const CLAIM: Duration = Duration::seconds(60);

const WORKER: Actor = Actor::System("worker");

/// A signed request, ready to go.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    timestamp: i64,
    signature: String,
}

/// What a try came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The status of the answer; none where none came.
    pub status: Option<u16>,
    /// Why no answer came.
    pub error: Option<String>,
    /// Lines of `name: value`, cut.
    pub headers: Option<String>,
    /// The beginning of the body.
    pub body: Option<String>,
    /// What the receiver asked for in `Retry-After`.
    pub retry_after: Option<Duration>,
    pub took: std::time::Duration,
}

impl Outcome {
    fn is_success(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }

    fn error_words(&self) -> Option<String> {
        match (self.status, &self.error) {
            _ if self.is_success() => None,
            (Some(status), _) => Some(format!("answered {status}")),
            (None, Some(error)) => Some(error.clone()),
            (None, None) => Some("no answer".to_owned()),
        }
    }
}

/// Takes what is due for this process; `room` says how many more of an endpoint's it has hands
/// for.
pub fn claim(ctx: &Ctx, mut room: impl FnMut(DueEndpoint) -> i64) -> AppResult<Vec<Delivery>> {
    // Most of the time nothing is due: find that out without asking for the writer.
    let mut due = ctx.read(|conn| Ok(webhook_queue::due_endpoints(conn, ctx.now())?))?;
    due.retain(|endpoint| room(*endpoint) > 0);
    if due.is_empty() {
        return Ok(Vec::new());
    }
    ctx.write(&WORKER, |tx| {
        let mut claimed = Vec::new();
        for endpoint in due {
            let found = webhook_queue::lock_due(tx.conn, endpoint, tx.now, room(endpoint))?;
            for delivery in found {
                let until = tx.now.plus(CLAIM);
                webhook_queue::claim(
                    tx.conn,
                    delivery.creditor_id,
                    delivery.id,
                    &ctx.process,
                    until,
                )?;
                claimed.push(delivery);
            }
        }
        Ok(claimed)
    })
}

/// Gives a claimed delivery back untried.
pub fn give_back(ctx: &Ctx, delivery: &Delivery) -> AppResult<()> {
    ctx.write(&WORKER, |tx| {
        webhook_queue::release(tx.conn, delivery.creditor_id, delivery.id, &ctx.process)?;
        Ok(())
    })
}

/// Signs a delivery for this try. `NotFound` where its endpoint was disabled or taken away since
/// it was claimed.
pub fn compose(ctx: &Ctx, delivery: &Delivery) -> AppResult<Outgoing> {
    let now = ctx.now();
    let (creditor, endpoint) = (delivery.creditor_id, delivery.endpoint_id);
    let (url, secrets, body) = ctx.read(|conn| {
        let scope = crate::store::Scope::Creditor(creditor);
        let found = webhook_endpoints::find(conn, scope, endpoint)?
            .filter(|endpoint| endpoint.status == EndpointStatus::Enabled)
            .ok_or(AppError::NotFound)?;
        let secrets = webhook_endpoints::secrets(conn, creditor, endpoint, now)?;
        let body = webhook_queue::payload(conn, creditor, delivery.message_id)?;
        Ok((found.url, secrets, body))
    })?;
    let secrets: Vec<WebhookSecret> = secrets.iter().map(|row| secret(&ctx.keys, row)).collect();
    let id = delivery.message_id.to_string();
    // Each try is signed for its own moment: receivers refuse what is older than some minutes.
    let timestamp = now.as_micros().div_euclid(1_000_000);
    let signature = signature::header(&secrets, &id, timestamp, &body);
    Ok(Outgoing {
        url,
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("webhook-id", id),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signature.clone()),
        ],
        body,
        timestamp,
        signature,
    })
}

/// Writes down what a try came to and settles what follows: delivered, tried again later, given
/// up, or the endpoint disabled.
pub fn report(
    ctx: &Ctx,
    delivery: &Delivery,
    sent: &Outgoing,
    outcome: &Outcome,
) -> AppResult<DeliveryStatus> {
    let [chance] = random_bytes::<1>()?;
    ctx.write(&WORKER, |tx| {
        let (creditor, endpoint) = (delivery.creditor_id, delivery.endpoint_id);
        let attempts = delivery.attempts + 1;
        let status = outcome.status.map(i32::from);
        let next = next_try(delivery, attempts, chance, outcome);
        let ended = if outcome.is_success() {
            Some(DeliveryStatus::Delivered)
        } else {
            next.is_none().then_some(DeliveryStatus::Dead)
        };
        let written = webhook_queue::tried(
            tx.conn,
            creditor,
            delivery.id,
            &ctx.process,
            &Tried {
                status: ended.unwrap_or(DeliveryStatus::Pending),
                attempts,
                next_attempt_at: next.map_or(tx.now, |wait| tx.now.plus(wait)),
                claimed_by: None,
                claimed_until: None,
                last_status: status,
                last_error: outcome.error_words(),
                ended_at: ended.map(|_| tx.now),
            },
        )?;
        if written == 0 {
            // Ended or taken over meanwhile.
            return Ok(DeliveryStatus::Pending);
        }
        webhook_log::insert(
            tx.conn,
            &Attempt {
                creditor_id: creditor,
                delivery_id: delivery.id,
                number: attempts,
                at: tx.now,
                process: ctx.process.to_string(),
                url: sent.url.clone(),
                signed_timestamp: sent.timestamp,
                signature: sent.signature.clone(),
                duration_ms: i32::try_from(outcome.took.as_millis()).unwrap_or(i32::MAX),
                status,
                error: outcome.error_words(),
                answer_headers: outcome.headers.clone(),
                answer_body: outcome.body.clone(),
            },
        )?;
        if outcome.is_success() {
            webhook_endpoints::note_success(tx.conn, creditor, endpoint)?;
        } else {
            after_failure(tx, delivery, outcome)?;
            if ended == Some(DeliveryStatus::Dead) && delivery.event_type != TEST {
                tx.record(
                    NewEvent::of_creditor(creditor, EventKind::WebhookDead).body(json!({
                        "endpoint": endpoint,
                        "delivery": delivery.id,
                        "attempts": attempts,
                    })),
                )?;
            }
        }
        Ok(ended.unwrap_or(DeliveryStatus::Pending))
    })
}

/// How long to wait for the next try; none where there is none.
fn next_try(delivery: &Delivery, attempts: i32, chance: u8, outcome: &Outcome) -> Option<Duration> {
    let is_final =
        outcome.is_success() || outcome.status == Some(410) || delivery.event_type == TEST;
    if is_final {
        return None;
    }
    let failed = usize::try_from(attempts).unwrap_or(usize::MAX);
    schedule::wait_after(failed, chance, asked(outcome))
}

/// What the receiver may ask for: only with an answer that says it is too much or too soon.
fn asked(outcome: &Outcome) -> Option<Duration> {
    matches!(outcome.status, Some(429 | 503))
        .then_some(outcome.retry_after)
        .flatten()
}

fn after_failure(tx: &mut Tx<'_>, delivery: &Delivery, outcome: &Outcome) -> AppResult<()> {
    let (creditor, id) = (delivery.creditor_id, delivery.endpoint_id);
    webhook_endpoints::note_failure(tx.conn, creditor, id, tx.now)?;
    if let Some(asked) = asked(outcome) {
        // It is the receiver that is too busy, not this one message.
        let until = tx.now.plus(schedule::capped(asked));
        webhook_endpoints::keep_quiet(tx.conn, creditor, id, until)?;
    }
    let Some(endpoint) = webhook_endpoints::lock(tx.conn, creditor, id)? else {
        return Ok(());
    };
    if endpoint.status != EndpointStatus::Enabled {
        return Ok(());
    }
    let failing_for = endpoint
        .failing_since
        .map_or(Duration::zero(), |since| tx.now.since(since));
    if outcome.status == Some(410) {
        disable_within(tx, endpoint, DisabledBecause::Gone)
    } else if failing_for >= GIVES_UP_AFTER {
        disable_within(tx, endpoint, DisabledBecause::Failing)
    } else {
        Ok(())
    }
}

/// Ends what was kept for endpoints that nobody enabled in time, and returns how many there were.
pub fn give_up_kept(ctx: &Ctx) -> AppResult<usize> {
    let since = ctx.now().minus(KEPT_WHILE_DISABLED);
    if !ctx.read(|conn| Ok(webhook_queue::any_of_long_disabled(conn, since)?))? {
        return Ok(0);
    }
    ctx.write(&WORKER, |tx| {
        let why = "the endpoint was disabled for 30 days";
        Ok(webhook_queue::cancel_of_long_disabled(
            tx.conn, since, why, tx.now,
        )?)
    })
}

/// Reads `Retry-After`: seconds, or a date of HTTP (RFC 9110, 10.2.3).
pub fn retry_after(value: &str, now: Instant) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(Duration::seconds(i64::from(seconds)));
    }
    let date = DateTime::parse_from_rfc2822(value).ok()?;
    Some(Instant::new(date.to_utc()).since(now).max(Duration::zero()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Instant::parse_rfc3339("2026-11-21T12:00:00Z").unwrap();
        assert_eq!(retry_after("120", now), Some(Duration::minutes(2)));
        assert_eq!(
            retry_after("Sat, 21 Nov 2026 12:01:00 GMT", now),
            Some(Duration::minutes(1))
        );
        assert_eq!(
            retry_after("Sat, 21 Nov 2026 11:00:00 GMT", now),
            Some(Duration::zero())
        );
        assert_eq!(retry_after("soon", now), None);
        assert_eq!(retry_after("-1", now), None);
    }
}
