//! When a contact took place, as files say it: an instant, a clock on a wall, or a day.

use chrono::{Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::domain::time::Instant;
use crate::intake::cell::{self, DateOrder};

/// A time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// With an offset: `2026-05-12T10:00:00-04:00`.
    Exact(Instant),
    /// On some wall: `2026-05-12 10:00`, `5/12/2026 10:00 AM`.
    Local(NaiveDateTime),
    Day(NaiveDate),
}

/// Reads the three forms.
pub(super) fn parse(text: &str, order: DateOrder) -> Result<Moment, String> {
    let text = text.trim();
    if let Ok(at) = Instant::parse_rfc3339(text) {
        return Ok(Moment::Exact(at));
    }
    if let Some((day, clock)) = text.split_once(['T', ' '])
        && let Ok(clock) = cell::time(without_fraction(clock))
    {
        let day = cell::date(day, order).map_err(|error| error.to_string())?;
        return Ok(Moment::Local(day.and_time(clock)));
    }
    match cell::date(text, order) {
        Ok(day) => Ok(Moment::Day(day)),
        Err(cell::NotADate::Malformed) => {
            Err("is not a date and time: write it as 2026-05-12T10:00:00-04:00".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// `10:00:00.250` is `10:00:00`.
fn without_fraction(clock: &str) -> &str {
    match clock.split_once('.') {
        Some((seconds, fraction))
            if !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit()) =>
        {
            seconds
        }
        Some(_) | None => clock,
    }
}

impl Moment {
    pub fn is_date_only(self) -> bool {
        matches!(self, Self::Day(_))
    }

    /// The instant; `None` where a zone is needed and not known.
    ///
    /// What isn't certain is taken late, so that no window ends too early: a day is its last
    /// second, an hour that the clocks run through twice is the second one.
    pub fn instant(self, zone: Option<Tz>) -> Option<Instant> {
        match self {
            Self::Exact(at) => Some(at),
            Self::Local(wall) => Some(in_zone(wall, zone?)),
            Self::Day(day) => {
                let last_second = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
                Some(in_zone(day.and_time(last_second), zone?))
            }
        }
    }
}

fn in_zone(wall: NaiveDateTime, zone: Tz) -> Instant {
    let later = match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(_, at) => Some(at),
        // In the hour that is skipped in spring: the same reading on the clock an hour on.
        LocalResult::None => zone
            .from_local_datetime(&(wall + Duration::hours(1)))
            .latest(),
    };
    later.map_or_else(
        || Instant::from_naive_utc(wall),
        |at| Instant::new(at.to_utc()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::America::New_York;

    fn instant(text: &str) -> String {
        parse(text, DateOrder::MonthFirst)
            .unwrap()
            .instant(Some(New_York))
            .unwrap()
            .to_rfc3339()
    }

    #[test]
    fn the_three_forms_are_read() {
        for (text, expected) in [
            ("2026-05-12T10:00:00-07:00", "2026-05-12T17:00:00Z"),
            ("2026-05-12T10:00:00Z", "2026-05-12T10:00:00Z"),
            ("2026-05-12 10:00", "2026-05-12T14:00:00Z"),
            ("2026-05-12T10:00:00.250", "2026-05-12T14:00:00Z"),
            ("5/12/2026 10:00 AM", "2026-05-12T14:00:00Z"),
            ("5/12/2026", "2026-05-13T03:59:59Z"),
        ] {
            assert_eq!(instant(text), expected, "{text}");
        }
    }

    #[test]
    fn what_the_clock_shows_twice_or_never_is_taken_late() {
        assert_eq!(instant("2026-11-01 01:30"), "2026-11-01T06:30:00Z");
        assert_eq!(instant("2026-03-08 02:30"), "2026-03-08T07:30:00Z");
    }

    #[test]
    fn local_times_need_a_zone() {
        let moment = parse("2026-05-12 10:00", DateOrder::MonthFirst).unwrap();
        assert_eq!(moment.instant(None), None);
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-05-12 25:00",
            "10:00",
            "2026-02-30",
            "13/01/2026 10:00",
        ] {
            assert!(parse(text, DateOrder::MonthFirst).is_err(), "{text}");
        }
    }
}
