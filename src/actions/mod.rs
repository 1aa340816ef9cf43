//! What people and machines do, one file a noun. Each action opens one write transaction, changes
//! rows, appends to the audit chain and fills the outbox, and commits them together.

pub mod alert_batch;
pub mod alerts;
pub mod api_keys;
pub mod audit;
pub mod authorize;
pub mod browser_sessions;
pub mod call_plan;
pub mod call_status;
pub mod case_end;
pub mod checkpoints;
pub mod clock_watch;
pub mod consents;
pub mod contacts;
pub mod counsel;
pub mod creditors;
pub mod ctx;
pub mod decisions;
pub mod disputes;
pub mod dnc;
pub mod dnc_lists;
pub mod dnc_numbers;
pub mod due_calls;
pub mod due_emails;
pub mod email_series;
pub mod flags;
pub mod heartbeat;
pub mod idempotency;
pub mod imports;
pub mod journal;
pub mod journal_check;
pub mod mail_tokens;
pub mod numbers;
pub mod operations;
pub mod overlooked;
pub mod own_password;
pub mod pauses;
pub mod payments;
pub mod people;
pub mod placement_counts;
pub mod placement_feed;
pub mod placement_list;
pub mod placements;
pub mod placing;
pub mod policies;
pub mod portal;
pub mod preferences;
pub mod replay;
pub mod replies;
mod same_person;
pub mod series;
pub mod service_mail;
pub mod sign_in;
pub mod standing;
pub mod stops;
pub mod suppressions;
pub mod tasks;
pub mod throttle;
pub mod tx;
pub mod unknowns;
pub mod unproven_stops;
pub mod verifications;
pub mod voice_tools;
pub mod wake;
pub mod webhooks;

use crate::error::{AppError, AppResult};

/// Runs blocking work off the async threads.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> AppResult<T> + Send + 'static,
) -> AppResult<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(AppError::internal)?
}
