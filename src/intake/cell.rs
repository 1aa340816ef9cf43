//! The values that a cell can hold, read strictly.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::issue::is_invisible;

/// How dates with slashes are read. `2026-01-31` is read under every order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `1/31/2026`, as in the United States.
    #[default]
    MonthFirst,
    /// `31/1/2026`.
    DayFirst,
    /// Dates with slashes are refused.
    IsoOnly,
}

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotADate {
    #[error("is not a date: write it as 2026-01-31 or 1/31/2026")]
    Malformed,
    #[error("is not a date that is written year first, such as 2026-01-31")]
    NotIso,
    #[error("has a year of two digits: write all four, so that nobody has to guess")]
    TwoDigitYear,
    #[error("has no month {0}: dates in this file are read as month/day/year")]
    MonthFirst(u32),
    #[error("has no month {0}: dates in this file are read as day/month/year")]
    DayFirst(u32),
    #[error("is not a day of the calendar")]
    NoSuchDay,
    #[error("lies outside the years 1900 to 2100")]
    OutOfRange,
    #[error("looks like a spreadsheet's day number: format the column as a date and save it again")]
    SpreadsheetNumber,
}

/// Reads `2026-01-31`, and `1/31/2026`, `1-31-2026` or `1.31.2026` in the order given. A time of
/// midnight behind it, as databases export it, is dropped.
pub fn date(text: &str, order: DateOrder) -> Result<NaiveDate, NotADate> {
    let text = without_midnight(text.trim());
    let separator = text
        .chars()
        .find(|c| !c.is_ascii_digit())
        .filter(|c| matches!(c, '-' | '/' | '.'));
    let Some(separator) = separator else {
        let is_number = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit());
        return Err(if is_number {
            NotADate::SpreadsheetNumber
        } else {
            NotADate::Malformed
        });
    };
    let mut parts = text.split(separator);
    let (Some(a), Some(b), Some(c), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(NotADate::Malformed);
    };
    let is_number =
        |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if ![a, b, c].into_iter().all(is_number) {
        return Err(NotADate::Malformed);
    }
    let number = |part: &str| {
        part.bytes()
            .fold(0, |sum, b| sum * 10 + u32::from(b - b'0'))
    };
    let (year, month, day) = if a.len() == 4 {
        if b.len() > 2 || c.len() > 2 {
            return Err(NotADate::Malformed);
        }
        (a, number(b), number(c))
    } else {
        let (month, day) = match order {
            DateOrder::MonthFirst => (a, b),
            DateOrder::DayFirst => (b, a),
            DateOrder::IsoOnly => return Err(NotADate::NotIso),
        };
        if month.len() > 2 || day.len() > 2 || c.len() == 3 || c.len() == 1 {
            return Err(NotADate::Malformed);
        }
        if c.len() == 2 {
            return Err(NotADate::TwoDigitYear);
        }
        (c, number(month), number(day))
    };
    if month == 0 || month > 12 {
        return Err(match order {
            DateOrder::MonthFirst if a.len() < 4 => NotADate::MonthFirst(month),
            DateOrder::DayFirst if a.len() < 4 => NotADate::DayFirst(month),
            DateOrder::MonthFirst | DateOrder::DayFirst | DateOrder::IsoOnly => NotADate::NoSuchDay,
        });
    }
    let year = number(year);
    if !(1900..=2100).contains(&year) {
        return Err(NotADate::OutOfRange);
    }
    NaiveDate::from_ymd_opt(year.cast_signed(), month, day).ok_or(NotADate::NoSuchDay)
}

fn without_midnight(text: &str) -> &str {
    let Some((day, time)) = text.split_once(['T', ' ']) else {
        return text;
    };
    let time = time.trim_end_matches('Z');
    let is_midnight = matches!(
        time,
        "00:00"
            | "00:00:00"
            | "0:00"
            | "0:00:00"
            | "00:00:00.000"
            | "00:00:00.000000"
            | "12:00:00 AM"
            | "12:00 AM"
    );
    if is_midnight { day } else { text }
}

/// The text isn't a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a time of day: write it as 18:30 or 6:30 PM")]
pub struct NotATime;

/// Reads `18:30`, `18:30:15`, `6:30 PM` and `6 PM`.
pub fn time(text: &str) -> Result<NaiveTime, NotATime> {
    let upper = text.trim().to_ascii_uppercase();
    let (clock, afternoon) = if let Some(clock) = upper.strip_suffix("PM") {
        (clock.trim_end(), Some(true))
    } else if let Some(clock) = upper.strip_suffix("AM") {
        (clock.trim_end(), Some(false))
    } else {
        (upper.as_str(), None)
    };
    let mut numbers = [0_u32; 3];
    let mut count = 0;
    for part in clock.split(':') {
        let is_number = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        // Only the hour may stand without its zero.
        if count == 3 || !is_number || (count > 0 && part.len() == 1) {
            return Err(NotATime);
        }
        numbers[count] = part
            .bytes()
            .fold(0, |sum, b| sum * 10 + u32::from(b - b'0'));
        count += 1;
    }
    if count < 2 && afternoon.is_none() {
        return Err(NotATime);
    }
    let [hour, minute, second] = numbers;
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return Err(NotATime),
        Some(true) => hour % 12 + 12,
        Some(false) => hour % 12,
    };
    NaiveTime::from_hms_opt(hour, minute, second).ok_or(NotATime)
}

/// The text is neither yes nor no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is neither yes nor no: use yes, no, true, false, 1, 0, y, n, x or leave it empty")]
pub struct NotAYesOrNo;

/// Reads a tick in a list: yes, y, true, t, 1, x; no, n, false, f, 0.
pub fn yes_or_no(text: &str) -> Result<bool, NotAYesOrNo> {
    let is_any = |words: &[&str]| {
        words
            .iter()
            .any(|word| text.trim().eq_ignore_ascii_case(word))
    };
    if is_any(&["yes", "y", "true", "t", "1", "x"]) {
        Ok(true)
    } else if is_any(&["no", "n", "false", "f", "0"]) {
        Ok(false)
    } else {
        Err(NotAYesOrNo)
    }
}

/// One line of text in composed form (NFC): invisible characters are cut, runs of white space are
/// one space. The apostrophe that [`export`](super::export) puts before a formula is taken off, so
/// that an exported file reads back as it was.
pub fn line_of_text(text: &str) -> Cow<'_, str> {
    let text = without_guard(text.trim());
    let is_plain = text.bytes().all(|b| (b' '..=b'~').contains(&b)) && !text.contains("  ");
    if is_plain {
        return Cow::Borrowed(text);
    }
    let visible: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|&c| !is_invisible(c))
        .nfc()
        .collect();
    Cow::Owned(visible.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Text of several lines, each as in [`line_of_text`]; empty lines at the ends are dropped.
pub fn lines_of_text(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\r']) {
        return line_of_text(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<_> = text.split('\n').map(line_of_text).collect();
    Cow::Owned(lines.join("\n").trim_matches('\n').to_owned())
}

fn without_guard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(super::export::runs_as_formula) => rest,
        Some(_) | None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn dates_are_read_year_first_and_month_first() {
        for text in [
            "2026-01-31",
            "2026-1-31",
            "2026/01/31",
            "1/31/2026",
            "01-31-2026",
            "1.31.2026",
            " 2026-01-31T00:00:00 ",
            "2026-01-31 00:00:00.000",
            "1/31/2026 12:00:00 AM",
        ] {
            assert_eq!(
                date(text, DateOrder::MonthFirst),
                Ok(day(2026, 1, 31)),
                "{text}"
            );
        }
        assert_eq!(date("3/4/2026", DateOrder::MonthFirst), Ok(day(2026, 3, 4)));
        assert_eq!(date("3/4/2026", DateOrder::DayFirst), Ok(day(2026, 4, 3)));
        assert_eq!(date("3/4/2026", DateOrder::IsoOnly), Err(NotADate::NotIso));
    }

    #[test]
    fn dates_that_could_be_misread_are_refused() {
        for (text, why) in [
            ("13/01/2026", NotADate::MonthFirst(13)),
            ("0/10/2026", NotADate::MonthFirst(0)),
            ("2026-13-01", NotADate::NoSuchDay),
            ("2026-02-29", NotADate::NoSuchDay),
            ("4/31/2026", NotADate::NoSuchDay),
            ("1/2/26", NotADate::TwoDigitYear),
            ("46053", NotADate::SpreadsheetNumber),
            ("1899-12-31", NotADate::OutOfRange),
            ("2101-01-01", NotADate::OutOfRange),
            ("2026-01-31 14:30", NotADate::Malformed),
            ("Jan 5, 2026", NotADate::Malformed),
            ("20260131", NotADate::Malformed),
            ("2026-01", NotADate::Malformed),
            ("1/31/2026/4", NotADate::Malformed),
            ("1/31/202", NotADate::Malformed),
            ("-1/31/2026", NotADate::Malformed),
            ("", NotADate::Malformed),
            ("\u{0661}/31/2026", NotADate::Malformed),
        ] {
            assert_eq!(date(text, DateOrder::MonthFirst), Err(why), "{text}");
        }
        assert_eq!(
            date("1/31/2026", DateOrder::DayFirst),
            Err(NotADate::DayFirst(31))
        );
    }

    #[test]
    fn times_are_read_on_both_clocks() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        for (text, expected) in [
            ("18:30", at(18, 30)),
            ("6:30 pm", at(18, 30)),
            ("6 PM", at(18, 0)),
            ("12:00 AM", at(0, 0)),
            ("12:15pm", at(12, 15)),
            ("08:05:00", at(8, 5)),
        ] {
            assert_eq!(time(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "18",
            "24:00",
            "6:3",
            "13:00 PM",
            "0 AM",
            "18:30:00:00",
            "six",
            ":",
        ] {
            assert_eq!(time(text), Err(NotATime), "{text}");
        }
    }

    #[test]
    fn ticks_are_yes_or_no_and_nothing_else() {
        for text in ["yes", "Y", "TRUE", "t", "1", "x", " X "] {
            assert_eq!(yes_or_no(text), Ok(true), "{text}");
        }
        for text in ["no", "N", "False", "f", "0"] {
            assert_eq!(yes_or_no(text), Ok(false), "{text}");
        }
        for text in ["", "2", "maybe", "yess", "-1"] {
            assert_eq!(yes_or_no(text), Err(NotAYesOrNo), "{text}");
        }
    }

    #[test]
    fn text_loses_what_cannot_be_seen() {
        assert!(matches!(
            line_of_text(" Ada Lovelace "),
            Cow::Borrowed("Ada Lovelace")
        ));
        assert_eq!(
            line_of_text("Ada\u{0} \t\u{202E}Love\u{200B}lace\r\n"),
            "Ada Lovelace"
        );
        assert_eq!(line_of_text("Jose\u{301}"), "Jos\u{e9}");
        assert_eq!(lines_of_text("\r\n one \r\n\r\ntwo\tx\r\n"), "one\n\ntwo x");
    }

    #[test]
    fn the_guard_of_an_export_is_taken_off_again() {
        assert_eq!(line_of_text("'=1+1"), "=1+1");
        assert_eq!(line_of_text("'+12125550142"), "+12125550142");
        assert_eq!(line_of_text("'Tis"), "'Tis");
    }
}
