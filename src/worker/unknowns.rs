//! Asks the providers what became of hand-offs that nobody knows of.

use super::{Doors, Stopping};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::unknowns::{self, Records};
use crate::error::AppResult;

/// Looked up in one turn.
const AT_ONCE: i64 = 20;

/// Asks about what is due, and returns how many fates are known now.
pub async fn run(ctx: &Ctx, doors: &Doors, stopping: &Stopping) -> AppResult<usize> {
    let reader = ctx.clone();
    let due = blocking(move || unknowns::due(&reader, AT_ONCE)).await?;
    let mut settled = 0;
    for sought in due {
        if stopping.is_set() {
            break;
        }
        let records = match (sought.is_call, &doors.dialer, &doors.mailer) {
            (true, Some(dialer), _) => dialer.look_up(&sought).await,
            (false, _, Some(mailer)) => mailer.look_up(&sought).await,
            (true, None, _) | (false, _, None) => Records::NoneKept,
        };
        let writer = ctx.clone();
        settled +=
            usize::from(blocking(move || unknowns::settle(&writer, &sought, records)).await?);
    }
    Ok(settled)
}
