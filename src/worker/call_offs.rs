//! Ends calls that still ring although contact was stopped: the stop itself has been acknowledged
//! and waits for none of this.

use std::sync::Arc;

use super::Stopping;
use crate::actions::blocking;
use crate::actions::call_status;
use crate::actions::ctx::Ctx;
use crate::error::AppResult;
use crate::outreach::dialer::Dialer;

/// Asks the provider to call off what rings and is not wanted any more. Returns how many calls it
/// was asked about; one that it did not answer about is asked again in the next turn.
pub async fn run(ctx: &Ctx, dialer: &Arc<dyn Dialer>, stopping: &Stopping) -> AppResult<usize> {
    let reader = ctx.clone();
    let unwanted = blocking(move || call_status::to_call_off(&reader)).await?;
    let mut asked = 0;
    for call in unwanted {
        if stopping.is_set() {
            break;
        }
        let Some(provider_ref) = call.provider_ref.clone() else {
            continue;
        };
        if dialer.call_off(&provider_ref).await {
            asked += 1;
            let writer = ctx.clone();
            blocking(move || call_status::note_called_off(&writer, &call)).await?;
        }
    }
    Ok(asked)
}
