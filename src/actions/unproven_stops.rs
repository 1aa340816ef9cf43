//! "Stop contacting this number": from somebody who proves nothing and needs to prove nothing.
//!
//! Who wrongly stops contact costs a creditor some money, and people can undo it; who wrongly goes
//! on breaks the law with each call. So everybody whom the number or the address reaches is
//! stopped at once, unverified, and a person looks at it. The answer
//! is the same whether we know the number or not.

use std::net::IpAddr;

use chrono::Duration;
use serde_json::json;

use super::blocking;
use super::ctx::Ctx;
use super::dnc;
use super::stops::{self, Recorded, StopInput};
use super::tasks::{self, NewTask};
use super::throttle::{self, Allowance};
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::email::EmailAddress;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::keys::random_code;
use crate::store::reachable;
use crate::store::tasks::of_the_agency;

/// What was typed on the page, read.
#[derive(Debug, Clone)]
pub struct UnprovenStop {
    pub phone: Option<PhoneNumber>,
    pub email: Option<EmailAddress>,
    /// In the asker's own words: a name, a number from a letter.
    pub words: Option<String>,
    pub scope: StopScope,
    pub source: Option<IpAddr>,
}

/// The most debtors that one request stops: a number that reaches more is no person's.
const MOST_DEBTORS: usize = 20;

/// Requests from one source.
const PER_SOURCE: Allowance = Allowance {
    at_most: 10,
    window_seconds: 24 * 60 * 60,
};

/// How soon a person looks at words that no debtor was found for.
const REVIEW_WITHIN: Duration = Duration::hours(4);

/// Records the stops, and returns the number by which the asker can refer to the request.
///
/// Returns before the drain: its length would tell whether the number is known. What is starting
/// at this moment is waited for afterwards, so the answer may promise no more than that nothing
/// new will start.
///
/// # Errors
/// `TooMany` after ten in a day from one source; `Busy` if not everything could be stored, in
/// which case it is held in memory and the asker should try again.
pub async fn request(ctx: &Ctx, asked: UnprovenStop) -> AppResult<String> {
    let worker = ctx.clone();
    let (reference, recorded) = blocking(move || record(&worker, &asked)).await?;
    let drainer = ctx.clone();
    tokio::spawn(async move {
        for stop in &recorded {
            if let Err(error) = stops::drain(&drainer, stop).await {
                tracing::error!(%error, request = %stop.request, "a stop is not effective yet");
            }
        }
    });
    Ok(reference)
}

fn record(ctx: &Ctx, asked: &UnprovenStop) -> AppResult<(String, Vec<Recorded>)> {
    let bucket = format!(
        "portal stop source {}",
        throttle::source_bucket(asked.source)
    );
    let reference = random_code(8)?;
    let candidates = ctx.read(|conn| {
        throttle::check(conn, &bucket, ctx.now())?;
        let limit = i64::try_from(MOST_DEBTORS + 1).unwrap_or(i64::MAX);
        let mut found = match asked.phone {
            Some(number) => reachable::by_phone(conn, number, limit)?,
            None => Vec::new(),
        };
        if let Some(address) = &asked.email {
            let address = address.as_str().to_lowercase();
            for debtor in reachable::by_email(conn, &address, limit)? {
                if !found.contains(&debtor) {
                    found.push(debtor);
                }
            }
        }
        Ok::<_, AppError>(found)
    })?;

    // The stops first: whatever happens afterwards, they stand.
    let mut recorded = Vec::new();
    let mut busy = None;
    for (creditor, debtor) in candidates.iter().take(MOST_DEBTORS) {
        match stops::record_once_alone(
            ctx,
            &Actor::Anonymous,
            &input(ctx, asked, &reference, *creditor, *debtor),
        ) {
            Ok(stop) => recorded.push(stop),
            Err(AppError::Busy(why)) => busy = Some(why),
            Err(error) => return Err(error),
        }
    }
    if let Some(why) = busy {
        return Err(AppError::Busy(why));
    }
    ctx.write(&Actor::Anonymous, |tx| {
        throttle::take(tx, &bucket, PER_SOURCE)?;
        note(tx, asked, &reference, candidates.len())
    })?;
    Ok((reference, recorded))
}

fn input(
    ctx: &Ctx,
    asked: &UnprovenStop,
    reference: &str,
    creditor: CreditorId,
    debtor: DebtorId,
) -> StopInput {
    StopInput {
        creditor,
        debtor,
        placement: None,
        scope: asked.scope,
        via: Medium::Portal,
        requester: Requester::Debtor,
        words: Some(told(asked, reference)),
        in_writing: true,
        verified: false,
        received_at: ctx.now(),
    }
}

/// Keeps what belongs to no debtor: the number on the do-not-call list, known or not, and a task
/// where nobody was found or not everybody could be stopped.
fn note(tx: &mut Tx<'_>, asked: &UnprovenStop, reference: &str, found: usize) -> AppResult<()> {
    let no_calls = match asked.scope {
        StopScope::Call | StopScope::All => true,
        StopScope::Email => false,
    };
    if let Some(number) = asked.phone.filter(|_| no_calls) {
        let today = tx.now.date_in(dnc::CALENDAR);
        reachable::do_not_call(tx.conn, number, today)?;
    }
    tx.record(
        NewEvent::of_platform(EventKind::StopRequested)
            .body(json!({
                "reference": reference,
                "scope": asked.scope.as_str(),
                "via": Medium::Portal.as_str(),
                "debtors": found.min(MOST_DEBTORS),
            }))
            .detail(json!({"words": told(asked, reference)})),
    )?;
    if (1..=MOST_DEBTORS).contains(&found) {
        // Each stop has opened its own review.
        return Ok(());
    }
    let (kind, title) = if found == 0 {
        (
            "stop_unmatched",
            format!("Stop request {reference}: find out who asked"),
        )
    } else {
        (
            "stop_overflow",
            format!("Stop request {reference}: reaches more than {MOST_DEBTORS} debtors"),
        )
    };
    let task = NewTask::new(tx.now, of_the_agency(), kind, title, REVIEW_WITHIN)
        .note(told(asked, reference))
        .source("reference", reference);
    tasks::open(tx, task)
}

/// The request as the desk reads it.
fn told(asked: &UnprovenStop, reference: &str) -> String {
    let mut text = format!("Request {reference} on the page without a link.");
    if let Some(phone) = asked.phone {
        text.push_str(&format!(" Phone: {}.", phone.display_national()));
    }
    if let Some(email) = &asked.email {
        text.push_str(&format!(" Email: {email}."));
    }
    if let Some(words) = &asked.words {
        text.push_str(&format!(" In their words: {words}"));
    }
    text
}
