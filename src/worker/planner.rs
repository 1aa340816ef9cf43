//! Ends pauses whose day has come, and plans what waits for nothing any more.

use std::sync::{Arc, Mutex, PoisonError};

use super::Stopping;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::overlooked::{self, Round};
use crate::actions::pauses;
use crate::actions::stops;
use crate::error::AppResult;

/// How far the round of this process has come.
#[derive(Debug, Clone, Default)]
pub struct Place(Arc<Mutex<Round>>);

/// Goes over the next piece, and over more as long as something is planned. Returns how many pauses
/// were ended, and calls and emails planned.
pub async fn run(ctx: &Ctx, place: &Place, stopping: &Stopping) -> AppResult<usize> {
    let mut planned = 0;
    while !stopping.is_set() {
        let (ctx, place) = (ctx.clone(), place.clone());
        match blocking(move || go_over(&ctx, &place)).await? {
            0 => break,
            some => planned += some,
        }
    }
    Ok(planned)
}

fn go_over(ctx: &Ctx, place: &Place) -> AppResult<usize> {
    // What the journal knows and the database does not must not be planned against.
    if !stops::may_reach_anybody(ctx)? {
        return Ok(0);
    }
    let ended = pauses::end_due(ctx)?;
    let at = || place.0.lock().unwrap_or_else(PoisonError::into_inner);
    let mut round = at().clone();
    let planned = overlooked::go_over(ctx, &mut round);
    *at() = round;
    Ok(ended + planned?)
}
