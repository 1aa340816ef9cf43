//! Parts of the desk's forms about a debtor that are read the same way everywhere.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::domain::stop::Medium;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::FieldErrors;
use crate::gate::facts::LocalTime;
use crate::web::view::form::{Choices, Field};

/// How something reaches the desk.
pub const WAYS: [(&str, &str); 4] = [
    ("phone", "By telephone"),
    ("letter", "By letter"),
    ("email", "By email"),
    ("fax", "By fax"),
];

/// Longer texts than this are no name, number or court.
const LONGEST_LINE: usize = 200;

/// A field with what was typed and what is wrong with it.
pub fn field(name: &'static str, value: &str, errors: &FieldErrors) -> Field {
    let field = Field::new(name, value);
    match errors.of(name) {
        Some(error) => field.with_error(error),
        None => field,
    }
}

/// Choices with the one that was made and what is wrong with it.
pub fn choices<'a>(
    name: &'static str,
    options: impl IntoIterator<Item = (&'a str, &'a str)>,
    chosen: &str,
    errors: &FieldErrors,
) -> Choices {
    let choices = Choices::new(name, options, chosen);
    match errors.of(name) {
        Some(error) => choices.with_error(error),
        None => choices,
    }
}

/// How it came: one of [`WAYS`].
pub fn medium(errors: &mut FieldErrors, text: &str) -> Option<Medium> {
    let read = WAYS
        .iter()
        .any(|(word, _)| *word == text)
        .then(|| Medium::from_word(text))
        .flatten();
    if read.is_none() {
        errors.add("via", "Choose how it came.");
    }
    read
}

/// One line of text, or nothing.
pub fn line(errors: &mut FieldErrors, name: &'static str, text: &str) -> Option<String> {
    let text = text.trim();
    if text.chars().count() > LONGEST_LINE {
        errors.add(name, format!("Use at most {LONGEST_LINE} characters."));
    }
    (!text.is_empty()).then(|| text.to_owned())
}

/// A day that is not still to come by the clock of whoever typed it.
pub fn past_day(
    errors: &mut FieldErrors,
    name: &'static str,
    text: &str,
    zone: Tz,
    now: Instant,
) -> Option<NaiveDate> {
    let day = day(errors, name, text)?;
    if day > now.date_in(zone) {
        errors.add(name, "This day is still to come.");
        return None;
    }
    Some(day)
}

pub fn day(errors: &mut FieldErrors, name: &'static str, text: &str) -> Option<NaiveDate> {
    let read = text.trim().parse::<NaiveDate>().ok();
    if read.is_none() {
        errors.add(name, "Enter a day as 2026-05-13.");
    }
    read
}

/// A day or nothing.
pub fn maybe_day(errors: &mut FieldErrors, name: &'static str, text: &str) -> Option<NaiveDate> {
    if text.trim().is_empty() {
        None
    } else {
        day(errors, name, text)
    }
}

/// A time of day as a browser's picker writes it, or nothing.
pub fn time(errors: &mut FieldErrors, name: &'static str, text: &str) -> Option<LocalTime> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let read = LocalTime::parse(text);
    if read.is_none() {
        errors.add(name, "Enter a time of day as 18:30.");
    }
    read
}

/// When something reached us. Today is now; an earlier day is its first moment, so that it counts
/// from then on.
pub fn received(
    errors: &mut FieldErrors,
    name: &'static str,
    text: &str,
    zone: Tz,
    now: Instant,
) -> Option<Instant> {
    let day = past_day(errors, name, text, zone, now)?;
    if day == now.date_in(zone) {
        return Some(now);
    }
    let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(zone);
    Some(midnight.earliest().map_or_else(
        || Instant::from_naive_utc(day.and_time(NaiveTime::MIN)),
        |at| Instant::new(at.to_utc()),
    ))
}
