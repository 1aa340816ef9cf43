//! Clears up after loads of do-not-call lists whose process died.

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::dnc_lists;
use crate::error::AppResult;

/// Returns how many versions of lists were removed.
pub async fn run(ctx: &Ctx) -> AppResult<usize> {
    let ctx = ctx.clone();
    blocking(move || dnc_lists::sweep(&ctx)).await
}
