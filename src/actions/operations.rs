//! What an operator does by hand.

use super::ctx::Ctx;
use crate::domain::actor::Actor;
use crate::domain::id::{AttemptId, OutboxId};
use crate::error::{AppError, AppResult};
use crate::store::attempts::{self, AttemptRow};
use crate::store::operations;

/// Tries a mail again that was given up. One that has become useless meanwhile, such as a code
/// that is too old, is given up again.
pub fn revive_mail(ctx: &Ctx, actor: &Actor, id: OutboxId) -> AppResult<()> {
    ctx.write(actor, |tx| {
        if operations::revive_mail(tx.conn, id, tx.now)? == 0 {
            return Err(AppError::Conflict(
                "This mail is not among those given up any more.".to_owned(),
            ));
        }
        Ok(())
    })
}

/// A hand-off of which nobody knows what became.
///
/// # Errors
/// `NotFound` where there is none, or its fate is known by now.
pub fn unknown_hand_off(ctx: &Ctx, id: AttemptId) -> AppResult<AttemptRow> {
    ctx.read(|conn| attempts::find_unknown(conn, id)?.ok_or(AppError::NotFound))
}
