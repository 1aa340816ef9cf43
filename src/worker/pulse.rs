//! What the loops did, gathered in memory and written down every few seconds: one small
//! transaction for the whole process, however often its loops turn.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Stopping;
use crate::actions::ctx::Ctx;
use crate::actions::heartbeat::{self, Identity, LoopReport};
use crate::actions::{blocking, stops};
use crate::domain::time::Instant;
use crate::error::AppResult;

const EVERY: Duration = Duration::from_secs(5);

/// The longest error that is kept, in characters.
const LONGEST_ERROR: usize = 300;

/// What each loop has done so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Reports(Arc<Mutex<BTreeMap<&'static str, LoopReport>>>);

impl Reports {
    /// Notes one turn: how much it did, or why it failed.
    pub(super) fn note(&self, name: &'static str, now: Instant, turn: &AppResult<usize>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let report = all.entry(name).or_insert(LoopReport {
            name,
            turns: 0,
            done: 0,
            last_turn_at: now,
            last_success_at: None,
            failures: 0,
            last_error: None,
            last_error_at: None,
        });
        report.turns += 1;
        report.last_turn_at = now;
        match turn {
            Ok(done) => {
                report.done += i64::try_from(*done).unwrap_or(i64::MAX);
                report.last_success_at = Some(now);
                report.failures = 0;
            }
            Err(error) => {
                report.failures = report.failures.saturating_add(1);
                report.last_error = Some(error.to_string().chars().take(LONGEST_ERROR).collect());
                report.last_error_at = Some(now);
            }
        }
    }

    fn all(&self) -> Vec<LoopReport> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().cloned().collect()
    }
}

/// Says that the process runs until it stops, and then that it stopped.
pub(super) async fn run(ctx: Ctx, who: Identity, reports: Reports, mut ends: Stopping) {
    loop {
        let stops = ends.is_set();
        // A stop that could not be stored is stored as soon as it can be, whatever else runs here.
        let comparer = ctx.clone();
        if let Err(error) = blocking(move || stops::may_reach_anybody(&comparer)).await {
            tracing::warn!(%error, "the stop journal could not be compared with the database");
        }
        let (writer, loops) = (ctx.clone(), reports.all());
        let written = blocking(move || heartbeat::beat(&writer, who, &loops, stops)).await;
        if let Err(error) = written {
            tracing::warn!(%error, "the state of the workers could not be written down");
        }
        if stops {
            return;
        }
        tokio::select! {
            () = ends.wait() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
