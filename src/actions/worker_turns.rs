//! Notes that a loop of the workers had its turn, for whoever watches over the installation.

use super::ctx::Ctx;
use crate::domain::actor::Actor;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::worker_turns::{self, WorkerTurn};

/// Keeps the time of a turn, and since when turns have failed where they do.
pub fn note(ctx: &Ctx, name: &str, failing_since: Option<Instant>) -> AppResult<()> {
    ctx.write_quietly(&Actor::System("worker"), |tx| {
        let turn = WorkerTurn {
            name: name.to_owned(),
            process: ctx.process.to_string(),
            turned_at: tx.now,
            failing_since,
        };
        Ok(worker_turns::keep(tx.conn, &turn)?)
    })
}
