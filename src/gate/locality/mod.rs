//! Where the consumer may be: from ZIP code, state and area codes to time zones and states.
//!
//! Address and area codes are only evidence of where somebody is, so every zone they point to is
//! kept and the lawful window is the intersection (12 CFR 1006 Supp. I, comment 6(b)(1)(i)-2).
//! A location the consumer has told, or a person has established, decides alone.

mod candidates;
mod places;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, Offset};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::windows::within_calendar;
use crate::domain::place::StateCode;
use crate::domain::time::Instant;

pub(crate) use candidates::{Place, Unclear};
pub use candidates::{digits_of, zones_for};
pub use places::{AreaCode, AreaCodeKind, Places, ZipArea, area_code};

/// A time zone by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

/// No such zone in the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an IANA time zone")]
pub struct UnknownZone(String);

impl Zone {
    pub const UTC: Self = Self(Tz::UTC);

    pub const fn tz(self) -> Tz {
        self.0
    }

    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What a clock on the wall there shows, with its offset.
    pub fn local(self, at: Instant) -> DateTime<FixedOffset> {
        let local = within_calendar(at).in_zone(self.0);
        local.with_timezone(&local.offset().fix())
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        name.parse()
            .map(Self)
            .map_err(|_| UnknownZone(name.to_owned()))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

/// What points to a zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZoneSource {
    /// The consumer told, or a person established it.
    KnownLocation,
    /// The longest prefix of the ZIP code that the table knows.
    Zip(Cow<'static, str>),
    State(StateCode),
    AreaCode(u16),
    /// A state whose law keeps its own clock, whatever the consumer's.
    StateLaw(StateCode),
}

impl fmt::Display for ZoneSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KnownLocation => f.write_str("known location"),
            Self::Zip(prefix) => write!(f, "ZIP {prefix}"),
            Self::State(state) => write!(f, "state {state}"),
            Self::AreaCode(code) => write!(f, "area code {code}"),
            Self::StateLaw(state) => write!(f, "law of {state}"),
        }
    }
}
