//! Instants in UTC, and the one place that reads the system's clock.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration as Passed, Instant as Monotonic};

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time in UTC, exact to the microsecond: both databases keep microseconds, so a
/// value never changes by being stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(NaiveDateTime);

impl Instant {
    /// Cuts anything finer than a microsecond.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self::from_micros(at.timestamp_micros())
    }

    /// Microseconds since 1970-01-01T00:00:00Z. A count outside the calendar is the nearest end.
    pub fn from_micros(micros: i64) -> Self {
        let limit = if micros < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        };
        let at = DateTime::from_timestamp_micros(micros).unwrap_or(limit);
        Self(at.naive_utc())
    }

    pub fn as_micros(self) -> i64 {
        self.0.and_utc().timestamp_micros()
    }

    pub fn from_naive_utc(at: NaiveDateTime) -> Self {
        Self::new(at.and_utc())
    }

    /// Date and time in UTC.
    pub const fn as_naive_utc(&self) -> &NaiveDateTime {
        &self.0
    }

    pub const fn naive_utc(self) -> NaiveDateTime {
        self.0
    }

    pub fn to_utc(self) -> DateTime<Utc> {
        self.0.and_utc()
    }

    /// What a clock on the wall in `zone` shows.
    pub fn in_zone(self, zone: Tz) -> DateTime<Tz> {
        zone.from_utc_datetime(&self.0)
    }

    /// The calendar date in `zone`.
    pub fn date_in(self, zone: Tz) -> NaiveDate {
        self.in_zone(zone).date_naive()
    }

    /// Later by `by`; the end of the calendar if that lies beyond it.
    pub fn plus(self, by: Duration) -> Self {
        self.to_utc()
            .checked_add_signed(by)
            .map_or(Self::from_micros(i64::MAX), Self::new)
    }

    /// Earlier by `by`; the start of the calendar if that lies before it.
    pub fn minus(self, by: Duration) -> Self {
        self.to_utc()
            .checked_sub_signed(by)
            .map_or(Self::from_micros(i64::MIN), Self::new)
    }

    /// How long after `earlier` this is (negative when it is before).
    pub fn since(self, earlier: Self) -> Duration {
        self.0.signed_duration_since(earlier.0)
    }

    /// RFC 3339 in UTC, with as many digits as the value needs: `2026-11-21T09:30:00Z`.
    pub fn to_rfc3339(self) -> String {
        self.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }

    /// Reads RFC 3339 with any offset.
    pub fn parse_rfc3339(text: &str) -> Result<Self, chrono::ParseError> {
        DateTime::parse_from_rfc3339(text).map(|at| Self::new(at.to_utc()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_rfc3339(&text).map_err(|_| {
            serde::de::Error::custom(
                "use a date and time with an offset, such as 2026-05-13T10:00:00-04:00",
            )
        })
    }
}

/// Where the time comes from. Everything that depends on the time takes one, so that a test can
/// stand at any moment.
pub trait Clock: Send + Sync {
    /// What the clock on the wall shows. It can be set, by a person or by a time server.
    fn now(&self) -> Instant;

    /// How much time has passed since some moment before; nobody can set it.
    fn passed(&self) -> Passed;
}

pub type SharedClock = Arc<dyn Clock>;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that may read the system's clock"
    )]
    fn now(&self) -> Instant {
        Instant::new(Utc::now())
    }

    fn passed(&self) -> Passed {
        static BEGINNING: LazyLock<Monotonic> = LazyLock::new(Monotonic::now);
        BEGINNING.elapsed()
    }
}

/// A clock that stands still until it is moved, for tests.
#[derive(Debug)]
pub struct FixedClock {
    now: AtomicI64,
    /// By how much it was set wrong, in microseconds.
    set_by: AtomicI64,
}

impl FixedClock {
    pub fn at(now: Instant) -> Self {
        Self {
            now: AtomicI64::new(now.as_micros()),
            set_by: AtomicI64::new(0),
        }
    }

    /// Goes to a moment; as much time has passed.
    pub fn set(&self, now: Instant) {
        self.now.store(now.as_micros(), Ordering::SeqCst);
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.set(self.now().plus(by));
    }

    /// Somebody sets the clock on the wall forward, or back; no time has passed.
    pub fn leap(&self, by: Duration) {
        let micros = by.num_microseconds().unwrap_or_default();
        self.set_by.fetch_add(micros, Ordering::SeqCst);
        self.advance(by);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.now.load(Ordering::SeqCst))
    }

    fn passed(&self) -> Passed {
        let micros = self.now.load(Ordering::SeqCst) - self.set_by.load(Ordering::SeqCst);
        Passed::from_micros(u64::try_from(micros).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_cut_to_the_microsecond() {
        let fine = DateTime::from_timestamp(1, 123_456_789).unwrap();
        assert_eq!(Instant::new(fine).as_micros(), 1_123_456);
    }

    #[test]
    fn rfc3339_round_trips_in_utc() {
        let at = Instant::parse_rfc3339("2026-05-12T10:00:00-04:00").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-05-12T14:00:00Z");
        assert_eq!(Instant::parse_rfc3339(&at.to_rfc3339()), Ok(at));
    }

    #[test]
    fn arithmetic_at_the_ends_of_the_calendar_does_not_panic() {
        let end = Instant::from_micros(i64::MAX);
        assert_eq!(end.plus(Duration::days(1)), end.plus(Duration::days(2)));
        let start = Instant::from_micros(i64::MIN);
        assert!(start.minus(Duration::days(1)) <= start);
    }
}
