//! Saves the rows of files that wait.

use std::sync::Arc;

use super::Stopping;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::imports::{self, Step};
use crate::error::AppResult;

/// Works until no import waits, or until it is told to stop: then what is left is taken up by the
/// next process, behind the rows that are saved. Returns how many imports were finished.
pub async fn run(ctx: &Ctx, stopping: &Stopping) -> AppResult<usize> {
    let mut finished = 0;
    while !stopping.is_set() {
        let claimer = ctx.clone();
        let Some(job) = blocking(move || imports::claim(&claimer)).await? else {
            break;
        };
        let job = Arc::new(job);
        loop {
            let (saver, each) = (ctx.clone(), Arc::clone(&job));
            match blocking(move || each.step(&saver)).await? {
                Step::More if stopping.is_set() => return Ok(finished),
                Step::More => {}
                Step::Done => {
                    finished += 1;
                    break;
                }
                Step::Lost => break,
            }
        }
    }
    Ok(finished)
}
