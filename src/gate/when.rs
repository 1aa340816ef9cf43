//! A moment as a file states it: an exact instant, or only a date.

use chrono::{Duration, NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::time::Instant;

/// An instant in RFC 3339 (`2026-05-12T10:00:00-04:00`) or a bare date (`2026-05-12`).
///
/// A bare date leaves the hour open, so whoever asks must say which end protects the consumer:
/// a stop counts from the [earliest](When::earliest) moment the date can mean anywhere on Earth,
/// a permission only from the [latest](When::latest).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    At(Instant),
    On(NaiveDate),
}

impl When {
    /// The first moment at which this can have come about.
    pub fn earliest(self) -> Instant {
        match self {
            Self::At(at) => at,
            // The date begins first at UTC+14.
            Self::On(date) => midnight_utc(date).minus(Duration::hours(14)),
        }
    }

    /// The moment by which this has come about everywhere.
    pub fn latest(self) -> Instant {
        match self {
            Self::At(at) => at,
            // The date ends last at UTC-12.
            Self::On(date) => midnight_utc(date).plus(Duration::hours(24 + 12)),
        }
    }
}

fn midnight_utc(date: NaiveDate) -> Instant {
    Instant::from_naive_utc(date.and_time(NaiveTime::MIN))
}

impl From<Instant> for When {
    fn from(at: Instant) -> Self {
        Self::At(at)
    }
}

impl From<NaiveDate> for When {
    fn from(date: NaiveDate) -> Self {
        Self::On(date)
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::At(at) => at.serialize(serializer),
            Self::On(date) => date.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Ok(date) = text.parse::<NaiveDate>() {
            return Ok(Self::On(date));
        }
        Instant::parse_rfc3339(&text).map(Self::At).map_err(|_| {
            serde::de::Error::custom(format!("{text:?} is neither a date nor RFC 3339"))
        })
    }
}
