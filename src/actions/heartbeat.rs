//! What a process says of itself every few seconds, for whoever looks after it.

use chrono::Duration;

use super::ctx::Ctx;
use super::journal_check;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::processes::{self, LoopRow, Process};

/// A process that has not been heard of for so long is taken for dead.
pub const SILENT_AFTER: Duration = Duration::seconds(30);

/// A process is listed for so long after it was last heard of.
const LISTED: Duration = Duration::days(1);

/// What one loop has done so far.
#[derive(Debug, Clone)]
pub struct LoopReport {
    pub name: &'static str,
    pub turns: i64,
    pub done: i64,
    pub last_turn_at: Instant,
    pub last_success_at: Option<Instant>,
    pub failures: i32,
    /// For the operator alone, and cut.
    pub last_error: Option<String>,
    pub last_error_at: Option<Instant>,
}

/// What a process is.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// `serve`, `worker` or `demo`.
    pub kind: &'static str,
    pub started_at: Instant,
}

/// Writes down that this process runs, or that it stops. Nobody is woken for it.
pub fn beat(ctx: &Ctx, who: Identity, loops: &[LoopReport], stops: bool) -> AppResult<()> {
    let now = ctx.now();
    let process = Process {
        id: ctx.process.to_string(),
        kind: who.kind.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: who.started_at,
        seen_at: now,
        stopped_at: stops.then_some(now),
    };
    ctx.db.write(|conn| {
        processes::save(conn, &process)?;
        for report in loops {
            processes::save_loop(
                conn,
                &LoopRow {
                    process: process.id.clone(),
                    name: report.name.to_owned(),
                    turns: report.turns,
                    done: report.done,
                    last_turn_at: report.last_turn_at,
                    last_success_at: report.last_success_at,
                    failures: report.failures,
                    last_error: report.last_error.clone(),
                    last_error_at: report.last_error_at,
                },
            )?;
        }
        processes::forget(conn, now.minus(LISTED))?;
        journal_check::confirm(ctx, conn, now)
    })
}
