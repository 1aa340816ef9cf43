//! The score that a placement gets when it ends, for reports. The gate never reads it.

use chrono::Duration;
use serde::Serialize;

use super::payment::Account;
use super::placement::PlacementStatus;
use super::text_enum::TextEnum;
use super::time::Instant;

/// Counts up whenever the formula changes, so that old scores are not compared with new ones.
const FORMULA: u32 = 1;

/// Points for what was recovered, for how soon, and for how quietly.
const RECOVERY_POINTS: i64 = 70;
const SPEED_POINTS: i64 = 20;
const QUIET_POINTS: i64 = 10;

/// Recovered within these days: full points for speed; after the second: none.
const FAST_DAYS: i64 = 30;
const SLOW_DAYS: i64 = 365;

/// What each dispute and each hold costs of the quiet points.
const UNREST_COST: i64 = 5;

/// What happened to a placement until it ended.
#[derive(Debug, Clone, Copy)]
pub struct History {
    pub placed_at: Instant,
    pub account: Account,
    /// Attempts to reach the debtor, and those in which somebody was reached.
    pub attempts: u64,
    pub contacts: u64,
    pub disputes: u64,
    pub holds: u64,
}

/// The snapshot kept with a placement, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutcomeScore {
    pub formula: u32,
    /// 0 to 100.
    pub score: i64,
    pub outcome: &'static str,
    /// Whole percent of the amount, rounded down.
    pub recovered_pct: i64,
    pub days_open: i64,
    pub attempts: u64,
    pub contacts: u64,
    pub disputes: u64,
    pub holds: u64,
}

/// The score at the end of a placement: 70 points times the share recovered, 20 times the same
/// share for speed (full within 30 days, falling to none at 365), and 10 for quiet, less 5 for
/// each dispute and each hold.
pub fn score(history: &History, outcome: PlacementStatus, ended_at: Instant) -> OutcomeScore {
    let days_open = ended_at
        .since(history.placed_at)
        .max(Duration::zero())
        .num_days();
    let amount = history.account.amount.get().max(1);
    let recovered = history.account.recovered.get().clamp(0, amount);
    let share_of = |points: i64| {
        let exact = i128::from(points) * i128::from(recovered) / i128::from(amount);
        i64::try_from(exact).unwrap_or(0)
    };
    let left = (SLOW_DAYS - days_open).clamp(0, SLOW_DAYS - FAST_DAYS);
    let speed = share_of(SPEED_POINTS * left) / (SLOW_DAYS - FAST_DAYS);
    let unrest = i64::try_from(history.disputes + history.holds).unwrap_or(i64::MAX);
    let quiet = (QUIET_POINTS - unrest.saturating_mul(UNREST_COST)).max(0);
    OutcomeScore {
        formula: FORMULA,
        score: share_of(RECOVERY_POINTS) + speed + quiet,
        outcome: outcome.as_str(),
        recovered_pct: share_of(100),
        days_open,
        attempts: history.attempts,
        contacts: history.contacts,
        disputes: history.disputes,
        holds: history.holds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Cents;

    fn history(recovered: i64, disputes: u64) -> History {
        History {
            placed_at: Instant::from_micros(0),
            account: Account {
                amount: Cents::new(100_000),
                recovered: Cents::new(recovered),
                fee: Cents::ZERO,
            },
            attempts: 3,
            contacts: 1,
            disputes,
            holds: 0,
        }
    }

    fn after(days: i64) -> Instant {
        Instant::from_micros(0).plus(Duration::days(days))
    }

    #[test]
    fn all_of_it_soon_and_quietly_is_a_hundred() {
        let score = score(&history(100_000, 0), PlacementStatus::Paid, after(30));
        assert_eq!((score.score, score.recovered_pct), (100, 100));
    }

    #[test]
    fn nothing_late_and_disputed_is_zero() {
        let score = score(&history(0, 2), PlacementStatus::Recalled, after(400));
        assert_eq!((score.score, score.days_open), (0, 400));
    }

    #[test]
    fn half_of_it_halfway_counts_half_of_each() {
        let score = score(&history(50_000, 1), PlacementStatus::Recalled, after(197));
        assert_eq!(score.score, 35 + 5 + 5);
    }
}
