//! Local days and hours as instants: right across daylight time, and total.

use std::sync::LazyLock;

use chrono::{Duration, LocalResult, NaiveDate, NaiveTime, TimeZone, Timelike};
use chrono_tz::GapInfo;

use super::locality::Zone;
use super::policy::Hours;
use crate::domain::time::Instant;

/// What the clock shows in one zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WallClock {
    pub zone: Zone,
    pub date: NaiveDate,
    /// Minutes since local midnight.
    pub minute: u16,
}

impl WallClock {
    pub fn read(zone: Zone, at: Instant) -> Self {
        let local = within_calendar(at).in_zone(zone.tz()).naive_local();
        let minute = local.hour() * 60 + local.minute();
        Self {
            zone,
            date: local.date(),
            minute: u16::try_from(minute).unwrap_or(0),
        }
    }

    pub const fn is_within(&self, hours: Hours) -> bool {
        self.minute >= hours.from.minutes() && self.minute < hours.to.minutes()
    }
}

/// The instant, or the nearest one for which every zone has a date.
pub(crate) fn within_calendar(at: Instant) -> Instant {
    static ENDS: LazyLock<(Instant, Instant)> = LazyLock::new(|| {
        let margin = Duration::days(3);
        (
            Instant::from_micros(i64::MIN).plus(margin),
            Instant::from_micros(i64::MAX).minus(margin),
        )
    });
    let (first, last) = *ENDS;
    at.clamp(first, last)
}

/// A day later by `days`; the end of the calendar if that lies beyond it.
pub(crate) fn add_days(date: NaiveDate, days: i64) -> NaiveDate {
    let limit = if days < 0 {
        NaiveDate::MIN
    } else {
        NaiveDate::MAX
    };
    date.checked_add_signed(Duration::days(days))
        .unwrap_or(limit)
}

/// The first instant of a local date.
pub(crate) fn start_of_day(zone: Zone, date: NaiveDate) -> Instant {
    at_wall_time(zone, date, 0, None)
}

/// The first instant (after `after`, if given) at which the clock in `zone` shows `minute` of
/// `date`, or the end of the gap that swallows it. 1440 is the next day's midnight.
pub(crate) fn at_wall_time(
    zone: Zone,
    date: NaiveDate,
    minute: u16,
    after: Option<Instant>,
) -> Instant {
    let (date, minute) = if minute >= 1440 {
        (add_days(date, 1), minute - 1440)
    } else {
        (date, minute)
    };
    let time = NaiveTime::from_hms_opt(u32::from(minute / 60) % 24, u32::from(minute % 60), 0);
    let local = date.and_time(time.unwrap_or_default());
    let exact = |at: chrono::DateTime<chrono_tz::Tz>| Instant::new(at.to_utc());
    match zone.tz().from_local_datetime(&local) {
        LocalResult::Single(at) => exact(at),
        LocalResult::Ambiguous(first, second) => {
            let first = exact(first);
            if after.is_none_or(|after| first > after) {
                first
            } else {
                exact(second)
            }
        }
        LocalResult::None => GapInfo::new(&local, &zone.tz())
            .and_then(|gap| gap.end)
            .map_or_else(|| Instant::from_naive_utc(local), exact),
    }
}

/// Contact hours in one zone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenHours {
    pub zone: Zone,
    pub hours: Hours,
}

impl OpenHours {
    pub fn is_open(&self, at: Instant) -> bool {
        WallClock::read(self.zone, at).is_within(self.hours)
    }

    /// The next moment after `at` at which it opens or shuts.
    pub fn next_edge(&self, at: Instant) -> Instant {
        let clock = WallClock::read(self.zone, at);
        let (date, minute) = if clock.minute < self.hours.from.minutes() {
            (clock.date, self.hours.from)
        } else if clock.minute < self.hours.to.minutes() {
            (clock.date, self.hours.to)
        } else {
            (add_days(clock.date, 1), self.hours.from)
        };
        at_wall_time(self.zone, date, minute.minutes(), Some(at))
    }

    /// `at` itself when open, else the next opening.
    pub fn opening(&self, at: Instant) -> Instant {
        let clock = WallClock::read(self.zone, at);
        if clock.is_within(self.hours) {
            return at;
        }
        let date = if clock.minute < self.hours.from.minutes() {
            clock.date
        } else {
            add_days(clock.date, 1)
        };
        at_wall_time(self.zone, date, self.hours.from.minutes(), Some(at))
    }
}

/// More openings than a year holds, in as many zones as a file is likely to name: beyond it the
/// windows never meet.
const OPENINGS: usize = 1_500;

/// The first instant, not before `at`, at which every window is open. `None` when they never meet.
pub(crate) fn all_open(windows: &[OpenHours], at: Instant) -> Option<Instant> {
    first_common(at, |at| {
        windows.iter().map(|window| window.opening(at)).max()
    })
}

/// The first instant that `latest_opening`, the latest of several windows' openings, leaves as it
/// is: there all of them are open.
pub(crate) fn first_common(
    at: Instant,
    latest_opening: impl Fn(Instant) -> Option<Instant>,
) -> Option<Instant> {
    let mut at = at;
    for _ in 0..OPENINGS {
        let latest = latest_opening(at)?;
        if latest <= at {
            return Some(at);
        }
        at = latest;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::facts::LocalTime;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse_rfc3339(text).unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn hours() -> Hours {
        Hours {
            from: LocalTime::from_minutes(8 * 60).unwrap(),
            to: LocalTime::from_minutes(21 * 60).unwrap(),
        }
    }

    fn open_in(names: &[&str], from: &str) -> Option<Instant> {
        let windows: Vec<_> = names
            .iter()
            .map(|name| OpenHours {
                zone: zone(name),
                hours: hours(),
            })
            .collect();
        all_open(&windows, at(from))
    }

    #[test]
    fn a_day_of_23_hours_opens_an_hour_sooner_in_elapsed_time() {
        // Saturday 21:30 PST to Sunday 08:00 PDT is nine and a half hours.
        let opening = open_in(&["America/Los_Angeles"], "2026-03-07T21:30:00-08:00");
        assert_eq!(opening, Some(at("2026-03-08T08:00:00-07:00")));
    }

    #[test]
    fn a_day_of_25_hours_opens_an_hour_later() {
        let opening = open_in(&["America/Chicago"], "2026-11-01T13:30:00Z");
        assert_eq!(opening, Some(at("2026-11-01T14:00:00Z")));
    }

    #[test]
    fn the_window_is_shut_at_nine_and_open_at_eight_to_the_second() {
        let new_york = OpenHours {
            zone: zone("America/New_York"),
            hours: hours(),
        };
        assert!(!new_york.is_open(at("2026-05-12T07:59:59-04:00")));
        assert!(new_york.is_open(at("2026-05-12T08:00:00-04:00")));
        assert!(new_york.is_open(at("2026-05-12T20:59:59-04:00")));
        assert!(!new_york.is_open(at("2026-05-12T21:00:00-04:00")));
    }

    #[test]
    fn the_next_edge_is_the_opening_or_the_shutting_that_comes_first() {
        let new_york = OpenHours {
            zone: zone("America/New_York"),
            hours: hours(),
        };
        for (now, edge) in [
            ("2026-05-12T07:59:59-04:00", "2026-05-12T08:00:00-04:00"),
            ("2026-05-12T08:00:00-04:00", "2026-05-12T21:00:00-04:00"),
            ("2026-05-12T20:59:59-04:00", "2026-05-12T21:00:00-04:00"),
            ("2026-05-12T21:00:00-04:00", "2026-05-13T08:00:00-04:00"),
            ("2026-10-31T21:00:00-04:00", "2026-11-01T08:00:00-05:00"),
        ] {
            assert_eq!(new_york.next_edge(at(now)), at(edge), "{now}");
        }
    }

    #[test]
    fn guam_and_new_york_meet_from_18_to_21_eastern() {
        let opening = open_in(
            &["Pacific/Guam", "America/New_York"],
            "2026-05-12T10:00:00-04:00",
        );
        assert_eq!(opening, Some(at("2026-05-12T18:00:00-04:00")));
    }

    #[test]
    fn windows_that_never_meet_give_none() {
        let never = open_in(
            &["Pacific/Guam", "America/New_York", "Europe/London"],
            "2026-05-12T10:00:00-04:00",
        );
        assert_eq!(never, None);
    }

    #[test]
    fn a_time_in_the_gap_is_the_end_of_the_gap() {
        let gap = at_wall_time(zone("America/New_York"), date("2026-03-08"), 150, None);
        assert_eq!(gap, at("2026-03-08T03:00:00-04:00"));
    }

    #[test]
    fn a_midnight_in_the_gap_starts_the_day_after_it() {
        // Cuba springs forward at midnight.
        let start = start_of_day(zone("America/Havana"), date("2026-03-08"));
        assert_eq!(start, at("2026-03-08T01:00:00-04:00"));
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first_still_ahead() {
        let new_york = zone("America/New_York");
        let fall_back = date("2026-11-01");
        let first = at("2026-11-01T01:30:00-04:00");
        let second = at("2026-11-01T01:30:00-05:00");
        assert_eq!(at_wall_time(new_york, fall_back, 90, None), first);
        assert_eq!(at_wall_time(new_york, fall_back, 90, Some(first)), second);
        let before = first.minus(Duration::seconds(1));
        assert_eq!(at_wall_time(new_york, fall_back, 90, Some(before)), first);
    }

    #[test]
    fn the_end_of_a_day_is_the_midnight_after_it() {
        let new_york = zone("America/New_York");
        let midnight = at_wall_time(new_york, date("2026-05-12"), 1440, None);
        assert_eq!(midnight, at("2026-05-13T00:00:00-04:00"));
    }

    #[test]
    fn the_calendar_ends_where_it_ends() {
        assert_eq!(add_days(NaiveDate::MIN, -1), NaiveDate::MIN);
        assert_eq!(add_days(NaiveDate::MAX, 1), NaiveDate::MAX);
        assert_eq!(add_days(date("2028-02-28"), 2), date("2028-03-01"));
    }

    #[test]
    fn nothing_panics_at_the_ends_of_the_calendar() {
        for end in [
            Instant::from_micros(i64::MIN),
            Instant::from_micros(i64::MAX),
        ] {
            let clock = WallClock::read(zone("America/New_York"), end);
            let _ = start_of_day(clock.zone, add_days(clock.date, -400));
            let _ = start_of_day(clock.zone, add_days(clock.date, 400));
            let _ = all_open(
                &[OpenHours {
                    zone: clock.zone,
                    hours: hours(),
                }],
                end,
            );
        }
    }
}
