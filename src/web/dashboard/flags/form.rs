//! The forms by kind: what is asked, and what was typed as an input.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use serde::Deserialize;

use super::kind::Kind;
use crate::actions::flags::Learned;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::FieldErrors;
use crate::web::view::flag::Input;
use crate::web::view::form::{Choices, Field};

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    firm: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    chapter: String,
    #[serde(default)]
    case_number: String,
    #[serde(default)]
    court: String,
    #[serde(default)]
    filed_on: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    requester: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    via: String,
    #[serde(default)]
    received_on: String,
}

/// A request to stop, read.
#[derive(Debug, Clone)]
pub struct StopSaid {
    pub scope: StopScope,
    pub requester: Requester,
    pub words: Option<String>,
}

/// What was recorded, read.
#[derive(Debug, Clone)]
pub enum Said {
    Stop(StopSaid),
    Fact(Learned),
}

/// What came in, how, and when.
#[derive(Debug, Clone)]
pub struct Read {
    pub said: Said,
    pub via: Medium,
    pub received_at: Instant,
}

const WAYS: [(&str, &str); 4] = [
    ("phone", "By telephone"),
    ("letter", "By letter"),
    ("email", "By email"),
    ("fax", "By fax"),
];
const SCOPES: [(&str, &str); 3] = [
    ("all", "All contact"),
    ("call", "Calls only"),
    ("email", "Emails only"),
];
const REQUESTERS: [(&str, &str); 3] = [
    ("debtor", "The debtor"),
    ("attorney", "The debtor\u{2019}s lawyer"),
    ("other", "Somebody else"),
];
const CHAPTERS: [(&str, &str); 7] = [
    ("", "Not known"),
    ("7", "Chapter 7"),
    ("13", "Chapter 13"),
    ("11", "Chapter 11"),
    ("12", "Chapter 12"),
    ("9", "Chapter 9"),
    ("15", "Chapter 15"),
];

/// Longer texts than this are no name, number or court.
const LONGEST_LINE: usize = 200;
const LONGEST_WORDS: usize = 4_000;

impl Typed {
    /// The form as it is first shown: received today, by telephone.
    pub fn first(today: NaiveDate) -> Self {
        Self {
            via: "phone".to_owned(),
            requester: "debtor".to_owned(),
            received_on: today.to_string(),
            ..Self::default()
        }
    }

    pub fn inputs(&self, kind: Kind, errors: &FieldErrors) -> Vec<Input> {
        let field = |name: &'static str, value: &str| {
            let field = Field::new(name, value);
            match errors.of(name) {
                Some(error) => field.with_error(error),
                None => field,
            }
        };
        let choices = |name: &'static str, options: &[(&str, &str)], chosen: &str| {
            let choices = Choices::new(name, options.iter().copied(), chosen);
            match errors.of(name) {
                Some(error) => choices.with_error(error),
                None => choices,
            }
        };
        let mut inputs = match kind {
            Kind::Stop => vec![
                Input::Radios(choices("scope", &SCOPES, &self.scope), "What shall stop"),
                Input::Select(
                    choices("requester", &REQUESTERS, &self.requester),
                    "Who asked",
                ),
                Input::Area(
                    field("words", &self.words),
                    "Their words",
                    "What was said or written, as closely as you can",
                ),
            ],
            Kind::Attorney => vec![
                Input::Text(field("name", &self.name), "Name of the lawyer", ""),
                Input::Text(field("firm", &self.firm), "Firm", ""),
                Input::Phone(field("phone", &self.phone), "Phone", "If you know it"),
            ],
            Kind::Bankruptcy => vec![
                Input::Select(choices("chapter", &CHAPTERS, &self.chapter), "Chapter"),
                Input::Text(
                    field("case_number", &self.case_number),
                    "Case number",
                    "If you know it",
                ),
                Input::Text(field("court", &self.court), "Court", "If you know it"),
                Input::Date(
                    field("filed_on", &self.filed_on),
                    "Filed on",
                    "If you know it",
                ),
            ],
            Kind::Deceased | Kind::DoNotCall | Kind::Military => Vec::new(),
        };
        inputs.push(Input::Select(
            choices("via", &WAYS, &self.via),
            "How it came",
        ));
        inputs.push(Input::Date(
            field("received_on", &self.received_on),
            "Received on",
            "The day it reached us, even if you record it later",
        ));
        inputs
    }

    /// What was typed, read; `zone` is the clock of whoever typed it.
    pub fn read(&self, kind: Kind, zone: Tz, now: Instant) -> Result<Read, FieldErrors> {
        let mut errors = FieldErrors::default();
        let said = match kind {
            Kind::Stop => self.stop(&mut errors).map(Said::Stop),
            Kind::Attorney => self.attorney(&mut errors).map(Said::Fact),
            Kind::Bankruptcy => self.bankruptcy(&mut errors, zone, now).map(Said::Fact),
            Kind::Deceased => Some(Said::Fact(Learned::Deceased)),
            Kind::DoNotCall => Some(Said::Fact(Learned::DoNotCall)),
            Kind::Military => Some(Said::Fact(Learned::Military)),
        };
        let via = WAYS
            .iter()
            .find(|(word, _)| *word == self.via)
            .and_then(|(word, _)| Medium::from_word(word));
        if via.is_none() {
            errors.add("via", "Choose how it came.");
        }
        let received_at = self.received(&mut errors, zone, now);
        match (said, via, received_at) {
            (Some(said), Some(via), Some(received_at)) if errors.is_empty() => Ok(Read {
                said,
                via,
                received_at,
            }),
            (_, _, _) => Err(errors),
        }
    }

    fn stop(&self, errors: &mut FieldErrors) -> Option<StopSaid> {
        let scope = StopScope::from_word(&self.scope);
        if scope.is_none() {
            errors.add("scope", "Choose what shall stop.");
        }
        let requester = Requester::from_word(&self.requester);
        if requester.is_none() {
            errors.add("requester", "Choose who asked.");
        }
        if self.words.chars().count() > LONGEST_WORDS {
            errors.add("words", format!("Use at most {LONGEST_WORDS} characters."));
        }
        let words = self.words.trim();
        Some(StopSaid {
            scope: scope?,
            requester: requester?,
            words: (!words.is_empty()).then(|| words.to_owned()),
        })
    }

    fn attorney(&self, errors: &mut FieldErrors) -> Option<Learned> {
        let phone = match self.phone.trim() {
            "" => None,
            text => {
                let read = text.parse::<PhoneNumber>().ok();
                if read.is_none() {
                    errors.add(
                        "phone",
                        "Enter a number of ten digits, such as (614) 555-0148.",
                    );
                }
                read
            }
        };
        Some(Learned::Attorney {
            name: line(errors, "name", &self.name),
            firm: line(errors, "firm", &self.firm),
            phone,
        })
    }

    fn bankruptcy(&self, errors: &mut FieldErrors, zone: Tz, now: Instant) -> Option<Learned> {
        let chapter = match self.chapter.trim() {
            "" => None,
            text => {
                let read = CHAPTERS
                    .iter()
                    .find(|(word, _)| *word == text)
                    .and_then(|(word, _)| word.parse::<u8>().ok());
                if read.is_none() {
                    errors.add("chapter", "Choose one of the chapters.");
                }
                read
            }
        };
        let filed_on = match self.filed_on.trim() {
            "" => None,
            text => day(errors, "filed_on", text, zone, now),
        };
        Some(Learned::Bankruptcy {
            chapter,
            case_number: line(errors, "case_number", &self.case_number),
            court: line(errors, "court", &self.court),
            filed_on,
        })
    }

    /// Today is now; an earlier day is its first moment, so that it counts from then on.
    fn received(&self, errors: &mut FieldErrors, zone: Tz, now: Instant) -> Option<Instant> {
        let day = day(errors, "received_on", self.received_on.trim(), zone, now)?;
        if day == now.date_in(zone) {
            return Some(now);
        }
        let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(zone);
        Some(midnight.earliest().map_or_else(
            || Instant::from_naive_utc(day.and_time(NaiveTime::MIN)),
            |at| Instant::new(at.to_utc()),
        ))
    }
}

fn line(errors: &mut FieldErrors, name: &'static str, text: &str) -> Option<String> {
    let text = text.trim();
    if text.chars().count() > LONGEST_LINE {
        errors.add(name, format!("Use at most {LONGEST_LINE} characters."));
    }
    (!text.is_empty()).then(|| text.to_owned())
}

fn day(
    errors: &mut FieldErrors,
    name: &'static str,
    text: &str,
    zone: Tz,
    now: Instant,
) -> Option<NaiveDate> {
    let Ok(day) = text.parse::<NaiveDate>() else {
        errors.add(name, "Enter a day as 2026-05-13.");
        return None;
    };
    if day > now.date_in(zone) {
        errors.add(name, "This day is still to come.");
        return None;
    }
    Some(day)
}
