//! How often one key may ask.

use std::collections::HashMap;
use std::sync::Mutex;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use chrono::Duration;

use crate::domain::id::ApiKeyId;
use crate::domain::time::Instant;

/// Requests a key may make at once after a rest.
const BURST: i32 = 300;

/// How long a request counts against a key: fifty a second go on for ever.
const SPACING: Duration = Duration::milliseconds(20);

/// The limits of every key in use, in this process; several processes allow that many times more.
///
/// A leaky bucket in the form of the generic cell rate algorithm: of each key only the instant is
/// kept at which its bucket will be empty again.
#[derive(Debug, Default)]
pub struct Limits(Mutex<HashMap<ApiKeyId, Instant>>);

/// What is left to a key, for the `RateLimit-*` headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub allowed: bool,
    pub remaining: i32,
    /// Until nothing counts against the key any more, rounded up.
    pub reset_seconds: i64,
    /// When refused: until one more request fits, rounded up.
    pub retry_after_seconds: u32,
}

impl Limits {
    /// Counts one request of `key` at `now`.
    pub fn take(&self, key: ApiKeyId, now: Instant) -> Quota {
        // Only keys that were recognised come here, so the map can't be made to grow.
        let mut empty_at = match self.0.lock() {
            Ok(map) => map,
            // A thread that died here has left each instant whole.
            Err(poisoned) => poisoned.into_inner(),
        };
        let full = SPACING * BURST;
        let before = empty_at
            .get(&key)
            .copied()
            // More than a full bucket means that the clock was set back.
            .filter(|at| *at > now && at.since(now) <= full)
            .unwrap_or(now);
        let after = before.plus(SPACING);
        let level = after.since(now);
        if level > full {
            let wait = (level - full).num_milliseconds();
            return Quota {
                allowed: false,
                remaining: 0,
                reset_seconds: whole_seconds(before.since(now).num_milliseconds()),
                retry_after_seconds: u32::try_from(whole_seconds(wait)).unwrap_or(u32::MAX),
            };
        }
        empty_at.insert(key, after);
        let room = (full - level).num_milliseconds() / SPACING.num_milliseconds();
        Quota {
            allowed: true,
            remaining: i32::try_from(room).unwrap_or(BURST),
            reset_seconds: whole_seconds(level.num_milliseconds()),
            retry_after_seconds: 0,
        }
    }
}

/// Rounded up, so that who waits as told is not refused again.
fn whole_seconds(milliseconds: i64) -> i64 {
    (milliseconds + 999) / 1_000
}

impl Quota {
    /// `RateLimit-Limit`, `-Remaining` and `-Reset` of the IETF draft.
    pub fn add_headers(self, headers: &mut HeaderMap) {
        let mut set = |name: &'static str, value: i64| {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        };
        set("ratelimit-limit", BURST.into());
        set("ratelimit-remaining", self.remaining.into());
        set("ratelimit-reset", self.reset_seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Instant {
        Instant::from_micros(0)
    }

    fn drain(limits: &Limits, key: ApiKeyId, now: Instant) -> usize {
        (0..).take_while(|_| limits.take(key, now).allowed).count()
    }

    #[test]
    fn a_key_may_burst_and_then_waits_for_room() {
        let limits = Limits::default();
        let key = ApiKeyId::generate(start());
        assert_eq!(limits.take(key, start()).remaining, BURST - 1);
        assert_eq!(drain(&limits, key, start()), 299);
        let refused = limits.take(key, start());
        assert_eq!((refused.remaining, refused.retry_after_seconds), (0, 1));
        assert_eq!(refused.reset_seconds, 6);

        let later = start().plus(Duration::seconds(1));
        assert_eq!(drain(&limits, key, later), 50);
        let rested = start().plus(Duration::hours(1));
        assert_eq!(drain(&limits, key, rested), 300);
    }

    #[test]
    fn one_key_does_not_use_up_the_room_of_another() {
        let limits = Limits::default();
        let busy = ApiKeyId::generate(start());
        let calm = ApiKeyId::generate(start());
        drain(&limits, busy, start());
        assert!(limits.take(calm, start()).allowed);
    }

    #[test]
    fn a_clock_that_is_set_back_shuts_nobody_out() {
        let limits = Limits::default();
        let key = ApiKeyId::generate(start());
        drain(&limits, key, start().plus(Duration::hours(1)));
        assert!(limits.take(key, start()).allowed);
    }
}
