//! Notes a loop's turns where an operator can look.

use std::time::Duration;

use tokio::time::Instant as Monotonic;

use crate::actions::ctx::Ctx;
use crate::actions::{blocking, worker_turns};
use crate::domain::time::Instant;

/// The shortest time between two notes that say the same.
const EVERY: Duration = Duration::from_secs(60);

/// What one loop has noted: at most one turn a minute, and each time it begins or ceases to fail.
pub(super) struct Diary {
    name: &'static str,
    failing_since: Option<Instant>,
    /// When it last wrote, and whether the turn had failed.
    noted: Option<(Monotonic, bool)>,
}

impl Diary {
    pub(super) const fn new(name: &'static str) -> Self {
        Self {
            name,
            failing_since: None,
            noted: None,
        }
    }

    pub(super) async fn turned(&mut self, ctx: &Ctx, has_failed: bool) {
        self.failing_since = match (has_failed, self.failing_since) {
            (false, _) => None,
            (true, None) => Some(ctx.now()),
            (true, since) => since,
        };
        let is_news =
            |(at, failed): (Monotonic, bool)| failed != has_failed || at.elapsed() >= EVERY;
        if !self.noted.is_none_or(is_news) {
            return;
        }
        self.noted = Some((Monotonic::now(), has_failed));
        let (writer, name, since) = (ctx.clone(), self.name, self.failing_since);
        if let Err(error) = blocking(move || worker_turns::note(&writer, name, since)).await {
            tracing::warn!(worker = self.name, %error, "a turn could not be noted");
        }
    }
}
