//! Places the calls that are due.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt};

use super::Stopping;
use crate::actions::authorize::{self, Authorised};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::due_calls::{self, Report};
use crate::actions::stops;
use crate::domain::actor::Actor;
use crate::error::AppResult;
use crate::outreach::dialer::Dialer;
use crate::store::calls::Call;

/// Calls claimed in one go: few enough that each is reached well within its claim.
const AT_ONCE: i64 = 20;

/// Calls that are with the provider at the same time: it may take a while to answer, and the next
/// call need not wait for it.
const AT_THE_SAME_TIME: usize = 8;

/// Works until nothing is due, or until it is told to stop: then calls that were claimed and not
/// asked leave for are given back. Returns how many calls were handed over.
pub async fn run(ctx: &Ctx, dialer: &Arc<dyn Dialer>, stopping: &Stopping) -> AppResult<usize> {
    let mut handed_over = 0;
    while !stopping.is_set() {
        let claimer = ctx.clone();
        let due = blocking(move || {
            if !stops::may_reach_anybody(&claimer)? {
                return Ok(Vec::new());
            }
            due_calls::give_up_overdue(&claimer)?;
            due_calls::claim(&claimer, AT_ONCE)
        })
        .await?;
        if due.is_empty() {
            break;
        }
        let mut placing = stream::iter(due)
            .map(|call| place_unless(ctx, dialer, stopping, call))
            .buffer_unordered(AT_THE_SAME_TIME);
        // Every one is seen to its end: a call that was handed over has to be reported.
        let mut failure = None;
        while let Some(placed) = placing.next().await {
            match placed {
                Ok(placed) => handed_over += usize::from(placed),
                Err(error) => failure = Some(error),
            }
        }
        if let Some(error) = failure {
            return Err(error);
        }
    }
    Ok(handed_over)
}

/// Places one call, or gives it back once the process is told to stop.
async fn place_unless(
    ctx: &Ctx,
    dialer: &Arc<dyn Dialer>,
    stopping: &Stopping,
    call: Call,
) -> AppResult<bool> {
    if !stopping.is_set() {
        return place(ctx, dialer, call).await;
    }
    let ctx = ctx.clone();
    blocking(move || due_calls::give_back(&ctx, &call)).await?;
    Ok(false)
}

/// Asks leave for one call at this moment and, if it is given, places it. True if it was handed
/// over.
async fn place(ctx: &Ctx, dialer: &Arc<dyn Dialer>, call: Call) -> AppResult<bool> {
    let creditor = call.creditor_id;
    let asker = ctx.clone();
    let answer = blocking(move || {
        if due_calls::moved_if_late(&asker, &call)? {
            return Ok(Authorised::Gone);
        }
        authorize::authorize(
            &asker,
            &Actor::System("worker"),
            &due_calls::hand_off(&call),
        )
    })
    .await?;
    let permit = match answer {
        Authorised::Permitted(permit) => permit,
        Authorised::Refused(refusal) => {
            tracing::debug!(decision = %refusal.decision_id, "a planned call was refused");
            return Ok(false);
        }
        Authorised::Gone => return Ok(false),
    };
    let attempt = permit.attempt();
    // Outside any transaction: the provider may be slow, and the writer is one.
    let placed = dialer.place(permit).await;
    let reporter = ctx.clone();
    blocking(move || {
        due_calls::report(
            &reporter,
            &Report {
                creditor,
                attempt,
                result: &placed.result,
                simulated: placed.simulated,
                outcome: placed.outcome,
                duration_seconds: placed.duration_seconds,
            },
        )
    })
    .await?;
    Ok(true)
}
