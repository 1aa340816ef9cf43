//! Signs the state of the audit chains once an hour.

use crate::actions::ctx::Ctx;
use crate::actions::{blocking, checkpoints};
use crate::error::AppResult;

/// Returns how many checkpoints were signed: one or none.
pub async fn run(ctx: &Ctx) -> AppResult<usize> {
    let ctx = ctx.clone();
    blocking(move || checkpoints::sign_if_due(&ctx).map(usize::from)).await
}
