//! Whether the clock on the wall can be believed.
//!
//! Contact hours, counted days and leases go by the clock on the wall, which a person or a time
//! server may set. It is watched against the clock that nobody can set: when it leaps, nothing
//! is handed over until every lease and claim that was written by the old time is over.

use std::sync::{Mutex, PoisonError};
use std::time::Duration as Passed;

use crate::domain::time::Clock;

/// A time server nudges a clock by less than this.
const LEAP_MICROS: i64 = 5_000_000;

/// How long nothing goes out after a leap: longer than a lease (15 s) with its grace, and than a
/// claim (60 s).
const QUIET: Passed = Passed::from_secs(90);

/// What one process has seen of its clock.
#[derive(Debug, Default)]
pub struct ClockWatch(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// The wall's time less what has passed, in microseconds: it changes only when the clock is
    /// set.
    offset: Option<i64>,
    quiet_until: Option<Passed>,
}

impl ClockWatch {
    /// Whether the clock has run evenly, or has leapt so long ago that nothing of it is left.
    pub fn is_steady(&self, clock: &dyn Clock) -> bool {
        let passed = clock.passed();
        let micros = i64::try_from(passed.as_micros()).unwrap_or(i64::MAX);
        let offset = clock.now().as_micros().saturating_sub(micros);
        // Two numbers are whole whatever their last user died of.
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Kept until a leap, so that many nudges in one direction are a leap as well.
        let leap = offset.saturating_sub(*seen.offset.get_or_insert(offset));
        if leap.abs() > LEAP_MICROS {
            seen.offset = Some(offset);
            seen.quiet_until = Some(passed.saturating_add(QUIET));
            tracing::error!(
                seconds = leap / 1_000_000,
                "the clock was set; nothing is dialled or sent for {} seconds",
                QUIET.as_secs()
            );
        }
        if seen.quiet_until.is_some_and(|until| passed >= until) {
            seen.quiet_until = None;
        }
        seen.quiet_until.is_none()
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::domain::time::{FixedClock, Instant};

    fn clock() -> FixedClock {
        FixedClock::at(Instant::parse_rfc3339("2026-05-13T16:00:00Z").unwrap())
    }

    #[test]
    fn time_that_passes_is_no_leap() {
        let (watch, clock) = (ClockWatch::default(), clock());
        for seconds in [0, 1, 60, 86_400, 30 * 86_400] {
            clock.advance(Duration::seconds(seconds));
            assert!(watch.is_steady(&clock), "{seconds}");
        }
    }

    #[test]
    fn a_leap_either_way_keeps_everything_quiet_for_a_while() {
        for seconds in [3_600, -3_600, 6, -6] {
            let (watch, clock) = (ClockWatch::default(), clock());
            assert!(watch.is_steady(&clock));
            clock.leap(Duration::seconds(seconds));
            assert!(!watch.is_steady(&clock), "{seconds}");
            clock.advance(Duration::seconds(89));
            assert!(!watch.is_steady(&clock), "{seconds}");
            clock.advance(Duration::seconds(1));
            assert!(watch.is_steady(&clock), "{seconds}");
        }
    }

    #[test]
    fn a_nudge_is_no_leap_but_many_are() {
        let (watch, clock) = (ClockWatch::default(), clock());
        assert!(watch.is_steady(&clock));
        for nudge in 1..=5 {
            clock.leap(Duration::seconds(1));
            assert!(watch.is_steady(&clock), "{nudge}");
        }
        clock.leap(Duration::seconds(1));
        assert!(!watch.is_steady(&clock));
    }
}
