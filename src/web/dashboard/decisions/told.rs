//! Parts of a decision in words.

use chrono_tz::Tz;
use serde::Serialize;

use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;
use crate::gate::Finding;
use crate::gate::when::When;
use crate::web::dashboard::{gate_words, words};

/// Why the gate was asked, as the beginning of "… by Sam Reyes".
pub fn occasion(word: &str) -> &'static str {
    match word {
        "authorize" => "Asked before a hand-off",
        "log" => "Asked when a contact was logged",
        "precheck" => "Asked when Log contact was opened",
        _ => "Asked as a question only",
    }
}

/// From when the rule would no longer stand in the way.
pub fn clears(finding: &Finding, zone: Tz) -> String {
    match finding.clears_at {
        Some(at) => format!("Clears {}.", words::clock(at, zone)),
        None if finding.stands() => gate_words::way_out(finding.rule),
        None => String::new(),
    }
}

/// An instant by the reader's clock, or a bare date.
pub fn when(when: When, zone: Tz) -> String {
    match when {
        When::At(at) => moment(at, zone),
        When::On(date) => words::date(date),
    }
}

pub fn moment(at: Instant, zone: Tz) -> String {
    at.in_zone(zone)
        .format("%-d %b %Y, %-I:%M %P %Z")
        .to_string()
}

/// What a rule read, as people write it: a moment by the reader's clock, a number as it is dialled.
pub fn evidence(value: &str, zone: Tz) -> String {
    match Instant::parse_rfc3339(value) {
        Ok(at) => moment(at, zone),
        Err(_) => PhoneNumber::readable(value),
    }
}

/// One of the gate's words as people say it: `third-party` is "Third party".
pub fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => words::spoken(&word),
        Ok(_) | Err(_) => String::new(),
    }
}
