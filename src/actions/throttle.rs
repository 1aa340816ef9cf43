//! How often something that can be guessed may be tried.

use std::net::IpAddr;

use chrono::Duration;

use super::tx::Tx;
use crate::db::DbConn;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::throttles::{self, Throttle};

/// The rule for one kind of guess.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Failures that cost nothing but the try.
    pub free: i32,
    /// The first wait; it doubles with each failure after the free ones.
    pub first_wait_seconds: i64,
    pub longest_wait_seconds: i64,
    /// Failures older than this are forgotten.
    pub window_seconds: i64,
}

/// Guesses at one account's password: the owner who mistypes is never kept out for long.
pub const ACCOUNT: Rule = Rule {
    free: 5,
    first_wait_seconds: 5,
    longest_wait_seconds: 15 * 60,
    window_seconds: 60 * 60,
};

/// Guesses from one address, over all accounts.
pub const SOURCE: Rule = Rule {
    free: 20,
    first_wait_seconds: 60,
    longest_wait_seconds: 15 * 60,
    window_seconds: 15 * 60,
};

/// So many in a window of time, and no more until it is over.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    pub at_most: i32,
    pub window_seconds: i64,
}

/// Stops the caller if `bucket` must wait.
pub fn check(conn: &mut DbConn, bucket: &str, now: Instant) -> AppResult<()> {
    let waiting = throttles::find(conn, bucket)?
        .and_then(|throttle| throttle.blocked_until)
        .map(|until| until.since(now).num_seconds())
        .filter(|seconds| *seconds > 0);
    match waiting {
        Some(seconds) => Err(AppError::TooMany {
            retry_after_seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
        }),
        None => Ok(()),
    }
}

/// Counts one failure.
pub fn fail(tx: &mut Tx<'_>, bucket: &str, rule: Rule) -> AppResult<()> {
    let now = tx.now;
    let fresh = Throttle {
        bucket: bucket.to_owned(),
        failures: 0,
        window_started_at: now,
        blocked_until: None,
    };
    let window = Duration::seconds(rule.window_seconds);
    let mut throttle = throttles::lock(tx.conn, bucket)?
        .filter(|throttle| now.since(throttle.window_started_at) < window)
        .unwrap_or(fresh);
    throttle.failures = throttle.failures.saturating_add(1);
    let over = throttle.failures - rule.free;
    if over > 0 {
        let doublings = u32::try_from(over - 1).unwrap_or(0).min(20);
        let wait = rule
            .first_wait_seconds
            .saturating_mul(1 << doublings)
            .min(rule.longest_wait_seconds);
        throttle.blocked_until = Some(now.plus(Duration::seconds(wait)));
    }
    throttles::save(tx.conn, &throttle)?;
    Ok(())
}

/// Takes one of an allowance. `TooMany` when none is left.
pub fn take(tx: &mut Tx<'_>, bucket: &str, allowance: Allowance) -> AppResult<()> {
    let now = tx.now;
    let window = Duration::seconds(allowance.window_seconds);
    let fresh = Throttle {
        bucket: bucket.to_owned(),
        failures: 0,
        window_started_at: now,
        blocked_until: None,
    };
    let mut throttle = throttles::lock(tx.conn, bucket)?
        .filter(|throttle| now.since(throttle.window_started_at) < window)
        .unwrap_or(fresh);
    throttle.failures = throttle.failures.saturating_add(1);
    if throttle.failures >= allowance.at_most {
        throttle.blocked_until = Some(throttle.window_started_at.plus(window));
    }
    if throttle.failures > allowance.at_most {
        return check(tx.conn, bucket, now);
    }
    throttles::save(tx.conn, &throttle)?;
    Ok(())
}

/// The bucket of where a request came from: one for an IPv4 address, one for a /64 of IPv6, since
/// the rest of such an address is the guesser's to choose.
pub fn source_bucket(source: Option<IpAddr>) -> String {
    match source {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
        None => "unknown".to_owned(),
    }
}

/// Forgets the failures after a success.
pub fn clear(tx: &mut Tx<'_>, bucket: &str) -> AppResult<()> {
    throttles::clear(tx.conn, bucket)?;
    Ok(())
}
