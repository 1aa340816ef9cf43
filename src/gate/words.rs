//! Dates and times as people read them in a sentence.

use chrono::NaiveDate;

use super::windows::WallClock;

/// `12 May 2026`
pub(crate) fn date(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// `9:30 pm`
pub(crate) fn time(clock: &WallClock) -> String {
    let (hour, minute) = (clock.minute / 60, clock.minute % 60);
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    format!("{hour}:{minute:02} {half}")
}

/// `one call`, `3 calls`
pub(crate) fn count(count: usize, one: &str, many: &str) -> String {
    if count == 1 {
        format!("one {one}")
    } else {
        format!("{count} {many}")
    }
}

/// A name or number as it stands on file, cut to a length that fits a sentence, without
/// characters that would break its line.
pub(crate) fn on_file(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(80)
        .collect::<String>()
        .trim()
        .to_owned()
}
