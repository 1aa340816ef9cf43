//! Moments as a browser's picker writes them.

use chrono::{Duration, LocalResult, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

use crate::domain::time::Instant;

const FORMAT: &str = "%Y-%m-%dT%H:%M";

/// A moment on the wall clock of `zone`; `None` when the field is empty.
pub fn read(text: &str, zone: Tz) -> Result<Option<Instant>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let local = NaiveDateTime::parse_from_str(text, FORMAT)
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .map_err(|_| "Enter the date and the time of day.".to_owned())?;
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Ok(Some(Instant::new(at.to_utc()))),
        // The hour that comes twice: the first of the two.
        LocalResult::Ambiguous(at, _) => Ok(Some(Instant::new(at.to_utc()))),
        LocalResult::None => {
            Err("This time does not exist: clocks were put forward over it.".to_owned())
        }
    }
}

/// As the picker wants it, to the minute.
pub fn written(at: Instant, zone: Tz) -> String {
    at.in_zone(zone).format(FORMAT).to_string()
}

/// The first whole minute that is not before `at`.
pub fn not_before(at: Instant, zone: Tz) -> String {
    written(at.plus(Duration::microseconds(59_999_999)), zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_back_by_the_wall_clock_it_was_written_by() {
        let zone = chrono_tz::America::Chicago;
        let at = Instant::parse_rfc3339("2026-05-13T14:00:30Z").unwrap();
        assert_eq!(written(at, zone), "2026-05-13T09:00");
        assert_eq!(not_before(at, zone), "2026-05-13T09:01");
        let read_back = read("2026-05-13T09:01", zone).unwrap().unwrap();
        assert_eq!(read_back.to_rfc3339(), "2026-05-13T14:01:00Z");
        assert_eq!(read("", zone), Ok(None));
        assert!(read("2026-03-08T02:30", zone).is_err());
        assert!(read("tomorrow", zone).is_err());
    }
}
