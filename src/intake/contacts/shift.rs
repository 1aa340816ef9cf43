//! Moves a history in time. Only the demonstration does this: its files are fixed, and windows of
//! seven days would be empty a week later.

use chrono::Duration;

use super::ContactRow;
use crate::domain::time::Instant;

/// Whole days to add to every contact so that the last one lies within the 24 hours before `now`.
/// Whole days keep the time of day, up to the hour by which clocks change. Zero without rows.
pub fn days_to_end_at(rows: &[ContactRow], now: Instant) -> Duration {
    let Some(last) = rows.iter().map(|row| row.at).max() else {
        return Duration::zero();
    };
    let day = Duration::days(1).num_seconds();
    Duration::days(now.since(last).num_seconds().div_euclid(day))
}

/// Adds `days` to every contact.
pub(super) fn apply(rows: &mut [ContactRow], days: Duration) {
    for row in rows {
        row.at = row.at.plus(days);
    }
}
