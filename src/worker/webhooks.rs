//! Delivers messages to webhooks.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::Stopping;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::webhooks::{self, Outcome};
use crate::domain::id::WebhookEndpointId;
use crate::domain::webhook::DeliveryStatus;
use crate::error::{AppError, AppResult};
use crate::outreach::http::{Answer, Http, HttpError, Limits, Method, Reach, Request};
use crate::store::webhook_queue::{Delivery, DueEndpoint};

/// Requests under way in one process, and of them to one endpoint. An endpoint whose last try
/// failed gets one at a time: it must not keep the others from being served.
const AT_ONCE: usize = 64;
const AT_ONCE_TO_ONE: usize = 5;

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(15),
    body: 64 * 1024,
};

/// How often it looks for work while requests are under way and nobody rings.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How much of an answer is kept for people to read.
const KEPT_HEADERS: usize = 1_000;
const KEPT_BODY: usize = 2_048;

/// What became of one request.
struct Ended {
    endpoint: WebhookEndpointId,
    result: AppResult<bool>,
}

/// Works until nothing is due and nothing is under way, and returns how many messages were
/// delivered. Told to stop, it starts nothing more and waits for what is under way.
pub async fn run(ctx: &Ctx, http: &Arc<dyn Http>, stopping: &Stopping) -> AppResult<usize> {
    let mut bell = ctx.wake.listen();
    let mut under_way: HashMap<WebhookEndpointId, usize> = HashMap::new();
    let mut requests: JoinSet<Ended> = JoinSet::new();
    let mut delivered = 0;
    let mut fault = None;
    loop {
        if fault.is_none() && !stopping.is_set() {
            match take(ctx, &under_way, requests.len()).await {
                Ok(deliveries) => {
                    for delivery in deliveries {
                        *under_way.entry(delivery.endpoint_id).or_default() += 1;
                        requests.spawn(deliver(ctx.clone(), Arc::clone(http), delivery));
                    }
                }
                Err(error) => fault = Some(error),
            }
        }
        tokio::select! {
            ended = requests.join_next() => match ended {
                None => break,
                Some(Ok(Ended { endpoint, result })) => {
                    if let Some(count) = under_way.get_mut(&endpoint) {
                        *count = count.saturating_sub(1);
                    }
                    match result {
                        Ok(was_delivered) => delivered += usize::from(was_delivered),
                        // What it held comes back when its lease ends.
                        Err(error) => fault = Some(error),
                    }
                }
                Some(Err(died)) => fault = Some(AppError::internal(died)),
            },
            () = bell.rung() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
    fault.map_or(Ok(delivered), Err)
}

/// Claims as much as there are hands for.
async fn take(
    ctx: &Ctx,
    under_way: &HashMap<WebhookEndpointId, usize>,
    in_all: usize,
) -> AppResult<Vec<Delivery>> {
    let (claimer, under_way) = (ctx.clone(), under_way.clone());
    blocking(move || {
        webhooks::give_up_kept(&claimer)?;
        let mut free = AT_ONCE.saturating_sub(in_all);
        let mut shares: HashMap<WebhookEndpointId, i64> = HashMap::new();
        webhooks::claim(&claimer, |due: DueEndpoint| {
            *shares.entry(due.endpoint).or_insert_with(|| {
                let most = if due.failing { 1 } else { AT_ONCE_TO_ONE };
                let busy = under_way.get(&due.endpoint).copied().unwrap_or(0);
                let share = most.saturating_sub(busy).min(free);
                free -= share;
                i64::try_from(share).unwrap_or(0)
            })
        })
    })
    .await
}

async fn deliver(ctx: Ctx, http: Arc<dyn Http>, delivery: Delivery) -> Ended {
    let endpoint = delivery.endpoint_id;
    let result = attempt(&ctx, &http, delivery).await;
    Ended { endpoint, result }
}

/// True if the message was delivered.
async fn attempt(ctx: &Ctx, http: &Arc<dyn Http>, delivery: Delivery) -> AppResult<bool> {
    let (writer, of) = (ctx.clone(), delivery.clone());
    let outgoing = match blocking(move || webhooks::compose(&writer, &of)).await {
        Ok(outgoing) => outgoing,
        Err(AppError::NotFound) => {
            let ctx = ctx.clone();
            blocking(move || webhooks::give_back(&ctx, &delivery)).await?;
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    let request = Request {
        method: Method::Post,
        url: outgoing.url.clone(),
        headers: outgoing.headers.clone(),
        body: outgoing.body.clone(),
        reach: Reach::Customers(Arc::clone(&ctx.webhook_addresses)),
        limits: LIMITS,
    };
    let started = Instant::now();
    // Outside any transaction: the receiver may be slow, and the writer is one.
    let answer = http.send(request).await;
    let outcome = outcome(ctx, answer, started.elapsed());
    let ctx = ctx.clone();
    let status = blocking(move || webhooks::report(&ctx, &delivery, &outgoing, &outcome)).await?;
    Ok(status == DeliveryStatus::Delivered)
}

fn outcome(ctx: &Ctx, answer: Result<Answer, HttpError>, took: Duration) -> Outcome {
    match answer {
        Ok(answer) => Outcome {
            status: Some(answer.status),
            retry_after: answer
                .header("retry-after")
                .and_then(|value| webhooks::retry_after(value, ctx.now())),
            headers: Some(kept_headers(&answer)),
            body: Some(kept_text(&answer.body, KEPT_BODY)),
            error: None,
            took,
        },
        Err(error) => Outcome {
            error: Some(error.to_string()),
            took,
            ..Outcome::default()
        },
    }
}

/// The head of an answer, without the cookies that a receiver may set.
fn kept_headers(answer: &Answer) -> String {
    let lines: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| name != "set-cookie")
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    kept_text(lines.join("\n").as_bytes(), KEPT_HEADERS)
}

/// The beginning of a text that somebody else wrote: no control characters, which PostgreSQL would
/// in part refuse.
fn kept_text(bytes: &[u8], most: usize) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(most)]);
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_an_answer_is_short_and_plain() {
        let answer = Answer {
            status: 200,
            headers: vec![
                ("set-cookie".to_owned(), "session=secret".to_owned()),
                ("server".to_owned(), "x".repeat(5_000)),
            ],
            body: Vec::new(),
            cut: false,
        };
        let headers = kept_headers(&answer);
        assert_eq!(headers.len(), KEPT_HEADERS);
        assert!(!headers.contains("secret"));
        assert_eq!(kept_text(b"a\0b\xff\r\nc", 100), "a b\u{fffd} \nc");
    }
}
