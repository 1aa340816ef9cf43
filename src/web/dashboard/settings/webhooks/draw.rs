//! Rows and badges of webhooks.

use chrono_tz::Tz;

use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::domain::webhook::events::Wanted;
use crate::domain::webhook::{DeliveryStatus, EndpointStatus};
use crate::store::webhook_endpoints::Endpoint;
use crate::store::webhook_log::Attempt;
use crate::store::webhook_queue::Delivery;
use crate::web::view::part::{Tone, When};
use crate::web::view::webhook::{AttemptView, DeliveryRow, EndpointRow, StateBadge};

fn badge(words: impl Into<String>, tone: Tone) -> StateBadge {
    StateBadge {
        words: words.into(),
        tone,
    }
}

pub fn endpoint_state(endpoint: &Endpoint) -> StateBadge {
    match (endpoint.status, endpoint.failing_since) {
        (EndpointStatus::Enabled, None) => badge("Enabled", Tone::Success),
        (EndpointStatus::Enabled, Some(_)) => badge("Failing", Tone::Warning),
        (EndpointStatus::Disabled, _) => badge("Disabled", Tone::Neutral),
        (EndpointStatus::Deleted, _) => badge("Deleted", Tone::Neutral),
    }
}

pub fn events(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Everything => "Every event".to_owned(),
        Wanted::Only(kinds) => match kinds.as_slice() {
            [one] => one.as_str().to_owned(),
            many => format!("{} events", many.len()),
        },
    }
}

pub fn endpoint_row(
    endpoint: &Endpoint,
    creditor: Option<String>,
    waiting: u64,
    dead: u64,
) -> EndpointRow {
    EndpointRow {
        id: endpoint.id.to_string(),
        url: endpoint.url.clone(),
        description: endpoint.description.clone(),
        creditor,
        events: events(&endpoint.wanted()),
        state: endpoint_state(endpoint),
        waiting,
        dead,
    }
}

pub fn delivery_state(delivery: &Delivery) -> StateBadge {
    let tone = match delivery.status {
        DeliveryStatus::Pending if delivery.attempts > 0 => Tone::Warning,
        DeliveryStatus::Pending => Tone::Info,
        DeliveryStatus::Delivered => Tone::Success,
        DeliveryStatus::Dead => Tone::Danger,
        DeliveryStatus::Cancelled => Tone::Neutral,
    };
    badge(delivery.status.label(), tone)
}

pub fn delivery_row(delivery: &Delivery, url: &str, zone: Tz, now: Instant) -> DeliveryRow {
    let tries = match delivery.attempts {
        0 => "Not tried yet".to_owned(),
        1 => "1 try".to_owned(),
        many => format!("{many} tries"),
    };
    let waits_for_more = delivery.status == DeliveryStatus::Pending && delivery.attempts > 0;
    let tries = if waits_for_more {
        let next = When::new(delivery.next_attempt_at, zone, now);
        format!("{tries}, the next {}", next.relative)
    } else {
        tries
    };
    DeliveryRow {
        id: delivery.id.to_string(),
        event: delivery.event_type.clone(),
        url: url.to_owned(),
        when: When::new(delivery.created_at, zone, now),
        state: delivery_state(delivery),
        tries,
        last: delivery.last_error.clone().unwrap_or_default(),
    }
}

pub fn attempt(attempt: &Attempt, message: &str, zone: Tz, now: Instant) -> AttemptView {
    let state = match attempt.status {
        Some(status @ 200..300) => badge(status.to_string(), Tone::Success),
        Some(status) => badge(status.to_string(), Tone::Warning),
        None => badge("No answer", Tone::Warning),
    };
    let answer = attempt.status.map(|_| {
        let headers = attempt.answer_headers.as_deref().unwrap_or_default();
        let body = attempt.answer_body.as_deref().unwrap_or_default();
        format!("{headers}\n\n{body}").trim_end().to_owned()
    });
    AttemptView {
        number: attempt.number,
        when: When::new(attempt.at, zone, now),
        state,
        took: format!("{} ms", attempt.duration_ms),
        request: format!(
            "POST {}\nwebhook-id: {message}\nwebhook-timestamp: {}\nwebhook-signature: {}",
            attempt.url, attempt.signed_timestamp, attempt.signature
        ),
        answer: answer.filter(|text| !text.is_empty()),
        error: attempt.error.clone().filter(|_| attempt.status.is_none()),
    }
}
