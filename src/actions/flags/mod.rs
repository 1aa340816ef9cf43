//! What staff learn of a debtor: a lawyer, a bankruptcy, a death, military duty, and what the debtor
//! wishes: a number not to be called, times and places that are not convenient. What stops or
//! narrows contact is fenced like a stop: nothing authorised before it may start, and it is
//! acknowledged when nothing is starting any more. A debtor's own request to stop goes through
//! [`stops`](super::stops).

mod apply;
mod learned;
mod lift;
mod remembered;

pub(super) use apply::{apply_from, apply_under};
pub use learned::{Learned, Point};
pub(super) use lift::end;
pub use lift::{EndsBy, ends_by, lift};
pub(super) use remembered::{hold_outside, reapply, remember, remember_flag};

use self::learned::Reach;
use super::blocking;
use super::ctx::Ctx;
use super::stops;
use crate::domain::actor::Actor;
use crate::domain::id::{CreditorId, DebtorId, EventId, FlagId};
use crate::domain::stop::Medium;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};

/// Where and when it was learned.
#[derive(Debug, Clone)]
pub struct FlagInput {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub learned: Learned,
    pub via: Medium,
    /// When it reached us; not after now.
    pub received_at: Instant,
}

/// What recording it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// None where it stood already and nothing was added.
    pub flag: Option<FlagId>,
    pub sequences_paused: usize,
    pub calls_cancelled: usize,
}

/// Records what was learned and, where it stops contact, waits until nothing is starting.
///
/// What was on record of the same kind is replaced in the same moment. A do-not-call mark that
/// stands already stays as it is.
///
/// # Errors
/// `NotFound` when there is no such debtor; `Busy` when a contact is still starting: what was
/// learned is on record all the same.
pub async fn record(ctx: &Ctx, actor: Actor, input: FlagInput) -> AppResult<Recorded> {
    record_after(ctx, actor, input, None).await
}

/// As [`record`], for what follows from an event on record: a message that was read.
pub async fn record_because(
    ctx: &Ctx,
    actor: Actor,
    input: FlagInput,
    cause: EventId,
) -> AppResult<Recorded> {
    record_after(ctx, actor, input, Some(cause)).await
}

async fn record_after(
    ctx: &Ctx,
    actor: Actor,
    input: FlagInput,
    cause: Option<EventId>,
) -> AppResult<Recorded> {
    let writer = ctx.clone();
    let (creditor, debtor) = (input.creditor, input.debtor);
    let is_fenced = input.learned.reach() != Reach::Nothing;
    let recorded = blocking(move || {
        let recorded = match writer.write(&actor, |tx| apply_from(tx, &input, cause)) {
            Err(AppError::Busy(why)) => {
                hold_outside(&writer, &input);
                return Err(AppError::Busy(why));
            }
            other => other?,
        };
        if let Some(flag) = recorded.flag {
            remember(&writer, flag, &input)?;
        }
        Ok(recorded)
    })
    .await?;
    if is_fenced {
        stops::wait_until_nothing_starts(ctx, creditor, debtor).await?;
    }
    Ok(recorded)
}
