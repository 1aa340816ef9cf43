//! Walks over the audit chains when somebody has asked for it.

use super::Stopping;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::verifications::{self, Walked};
use crate::error::AppResult;

/// Returns how many walks were finished: one or none.
pub async fn run(ctx: &Ctx, stopping: &Stopping) -> AppResult<usize> {
    let (ctx, stopping) = (ctx.clone(), stopping.clone());
    let walked = blocking(move || verifications::run(&ctx, || stopping.is_set())).await?;
    Ok(usize::from(walked == Walked::All))
}
