//! The forms by kind: what is asked, and what was typed as an input.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;

use super::kind::Kind;
use crate::actions::flags::Learned;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::FieldErrors;
use crate::gate::facts::{LocalTime, Weekday};
use crate::web::dashboard::on_file::OnFile;
use crate::web::dashboard::typed::{self, WAYS};
use crate::web::view::flag::Input;
use crate::web::view::form::Choices;

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub kind: String,
    name: String,
    firm: String,
    phone: String,
    chapter: String,
    case_number: String,
    court: String,
    filed_on: String,
    since: String,
    until: String,
    debt_before_service: String,
    scope: String,
    requester: String,
    words: String,
    address: String,
    days_mon: String,
    days_tue: String,
    days_wed: String,
    days_thu: String,
    days_fri: String,
    days_sat: String,
    days_sun: String,
    from: String,
    to: String,
    place: String,
    other_place: String,
    authority: String,
    via: String,
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

/// Of the chapters that shield a co-debtor.
const CODEBTOR_CHAPTERS: [(&str, &str); 3] = [
    ("", "Not known"),
    ("13", "Chapter 13"),
    ("12", "Chapter 12"),
];
/// Whether the debts are older than the service.
const OLDER: [(&str, &str); 3] = [("", "Not known"), ("yes", "Yes"), ("no", "No")];
const PLACES: [(&str, &str); 3] = [
    ("work", "At work"),
    ("home", "At home"),
    ("other", "At another place"),
];
const DAYS: [(&str, &str, Weekday); 7] = [
    ("mon", "Monday", Weekday::Mon),
    ("tue", "Tuesday", Weekday::Tue),
    ("wed", "Wednesday", Weekday::Wed),
    ("thu", "Thursday", Weekday::Thu),
    ("fri", "Friday", Weekday::Fri),
    ("sat", "Saturday", Weekday::Sat),
    ("sun", "Sunday", Weekday::Sun),
];

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

    pub fn inputs(&self, kind: Kind, on_file: &OnFile, errors: &FieldErrors) -> Vec<Input> {
        let field = |name: &'static str, value: &str| typed::field(name, value, errors);
        let choices = |name: &'static str, options: &[(&str, &str)], chosen: &str| {
            typed::choices(name, options.iter().copied(), chosen, errors)
        };
        let mut inputs = match kind {
            Kind::Stop => vec![
                Input::Radios(
                    choices("scope", &SCOPES, &self.scope),
                    "What shall stop",
                    "",
                ),
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
            Kind::Codebtor => vec![
                Input::Select(
                    choices("chapter", &CODEBTOR_CHAPTERS, &self.chapter),
                    "Chapter of the other person\u{2019}s case",
                ),
                Input::Date(
                    field("filed_on", &self.filed_on),
                    "Filed on",
                    "If you know it",
                ),
            ],
            Kind::Estate => vec![
                Input::Text(field("name", &self.name), "Name", ""),
                Input::Text(
                    field("authority", &self.authority),
                    "Authority",
                    "Such as executor or administrator of the estate",
                ),
            ],
            Kind::Address => vec![Input::Radios(
                typed::choices("address", on_file.points(), &self.address, errors),
                "Which number or address",
                "",
            )],
            Kind::Time => vec![
                Input::Ticks(
                    self.days_as_choices(errors),
                    "On which days",
                    "None ticked: every day",
                ),
                Input::Time(
                    field("from", &self.from),
                    "From",
                    "In the debtor\u{2019}s own time; empty for midnight",
                ),
                Input::Time(
                    field("to", &self.to),
                    "Until",
                    "Earlier than the first: over midnight; empty for midnight",
                ),
            ],
            Kind::Place => vec![
                Input::Radios(choices("place", &PLACES, &self.place), "Where", ""),
                Input::Text(
                    field("other_place", &self.other_place),
                    "Which place",
                    "Only for another place",
                ),
            ],
            Kind::Military => vec![
                Input::Date(
                    field("since", &self.since),
                    "On active duty since",
                    "If you know it",
                ),
                Input::Date(
                    field("until", &self.until),
                    "Last day of duty",
                    "If you know it; it may be still to come",
                ),
                Input::Radios(
                    choices("debt_before_service", &OLDER, &self.debt_before_service),
                    "Are the debts older than the service?",
                    "Interest on older debts is limited",
                ),
            ],
            Kind::Deceased | Kind::DoNotCall | Kind::Mail | Kind::Work => Vec::new(),
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

    fn days(&self) -> [&str; 7] {
        [
            &self.days_mon,
            &self.days_tue,
            &self.days_wed,
            &self.days_thu,
            &self.days_fri,
            &self.days_sat,
            &self.days_sun,
        ]
    }

    fn days_as_choices(&self, errors: &FieldErrors) -> Choices {
        let options = DAYS.map(|(word, label, _)| (word, label));
        let mut choices = typed::choices("days", options, "", errors);
        for (option, ticked) in choices.options.iter_mut().zip(self.days()) {
            option.chosen = ticked == "yes";
        }
        choices
    }

    /// What was typed, read; `zone` is the clock of whoever typed it.
    pub fn read(
        &self,
        kind: Kind,
        on_file: &OnFile,
        zone: Tz,
        now: Instant,
    ) -> Result<Read, FieldErrors> {
        let mut errors = FieldErrors::default();
        let said = match kind {
            Kind::Stop => self.stop(&mut errors).map(Said::Stop),
            Kind::Attorney => self.attorney(&mut errors).map(Said::Fact),
            Kind::Bankruptcy => self.bankruptcy(&mut errors, zone, now).map(Said::Fact),
            Kind::Codebtor => self.codebtor(&mut errors, zone, now).map(Said::Fact),
            Kind::Estate => self.estate(&mut errors).map(Said::Fact),
            Kind::Address => self.address(&mut errors, on_file).map(Said::Fact),
            Kind::Time => self.time(&mut errors).map(Said::Fact),
            Kind::Place => self.place(&mut errors).map(Said::Fact),
            Kind::Deceased => Some(Said::Fact(Learned::Deceased)),
            Kind::DoNotCall => Some(Said::Fact(Learned::DoNotCall)),
            Kind::Military => self.military(&mut errors, zone, now).map(Said::Fact),
            Kind::Mail => Some(Said::Fact(Learned::MailOptOut)),
            Kind::Work => Some(Said::Fact(Learned::WorkplaceProhibited)),
        };
        let via = typed::medium(&mut errors, &self.via);
        let received_at = typed::received(&mut errors, "received_on", &self.received_on, zone, now);
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
            name: typed::line(errors, "name", &self.name),
            firm: typed::line(errors, "firm", &self.firm),
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
        let filed_on = self.filed_on(errors, zone, now);
        Some(Learned::Bankruptcy {
            chapter,
            case_number: typed::line(errors, "case_number", &self.case_number),
            court: typed::line(errors, "court", &self.court),
            filed_on,
        })
    }

    fn codebtor(&self, errors: &mut FieldErrors, zone: Tz, now: Instant) -> Option<Learned> {
        let chapter = CODEBTOR_CHAPTERS
            .iter()
            .find(|(word, _)| *word == self.chapter.trim());
        if chapter.is_none() {
            errors.add("chapter", "Choose one of the chapters.");
        }
        Some(Learned::Codebtor {
            chapter: chapter.and_then(|(word, _)| word.parse().ok()),
            filed_on: self.filed_on(errors, zone, now),
        })
    }

    fn filed_on(&self, errors: &mut FieldErrors, zone: Tz, now: Instant) -> Option<NaiveDate> {
        match self.filed_on.trim() {
            "" => None,
            text => typed::past_day(errors, "filed_on", text, zone, now),
        }
    }

    fn military(&self, errors: &mut FieldErrors, zone: Tz, now: Instant) -> Option<Learned> {
        let since = match self.since.trim() {
            "" => None,
            text => typed::past_day(errors, "since", text, zone, now),
        };
        let until = typed::maybe_day(errors, "until", &self.until);
        if let (Some(since), Some(until)) = (since, until)
            && until < since
        {
            errors.add("until", "The last day lies before the first.");
        }
        let older = OLDER
            .iter()
            .find(|(word, _)| *word == self.debt_before_service);
        if older.is_none() {
            errors.add("debt_before_service", "Choose one of the answers.");
        }
        Some(Learned::Military {
            since,
            until,
            debt_before_service: match older?.0 {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
        })
    }

    fn estate(&self, errors: &mut FieldErrors) -> Option<Learned> {
        let name = typed::line(errors, "name", &self.name);
        if name.is_none() {
            errors.add("name", "Enter the name of the person.");
        }
        let authority = typed::line(errors, "authority", &self.authority);
        if authority.is_none() {
            errors.add("authority", "Say by what right they act for the estate.");
        }
        Some(Learned::Estate {
            name: name?,
            authority: authority?,
        })
    }

    fn address(&self, errors: &mut FieldErrors, on_file: &OnFile) -> Option<Learned> {
        let point = on_file.find(&self.address);
        if point.is_none() {
            errors.add(
                "address",
                "Choose one of the numbers and addresses on file.",
            );
        }
        point.map(Learned::AddressOptOut)
    }

    fn time(&self, errors: &mut FieldErrors) -> Option<Learned> {
        let from = typed::time(errors, "from", &self.from);
        let to = typed::time(errors, "to", &self.to);
        let days: Vec<Weekday> = DAYS
            .iter()
            .zip(self.days())
            .filter(|(_, ticked)| *ticked == "yes")
            .map(|((_, _, day), _)| *day)
            .collect();
        if from.is_some() && from == to {
            errors.add("to", "Enter a time that differs from the first.");
        }
        let whole_day = from.unwrap_or(LocalTime::MIDNIGHT) == LocalTime::MIDNIGHT && to.is_none();
        if whole_day && (days.is_empty() || days.len() == DAYS.len()) && errors.is_empty() {
            errors.add(
                "from",
                "That is every hour of every day. Record a request to stop instead.",
            );
        }
        Some(Learned::InconvenientTime { days, from, to })
    }

    fn place(&self, errors: &mut FieldErrors) -> Option<Learned> {
        let other = typed::line(errors, "other_place", &self.other_place);
        let place = match (self.place.as_str(), other) {
            ("work", _) => Some("work".to_owned()),
            ("home", _) => Some("home".to_owned()),
            ("other", Some(other)) => Some(other),
            ("other", None) => {
                errors.add("other_place", "Say which place.");
                None
            }
            (_, _) => {
                errors.add("place", "Choose where.");
                None
            }
        };
        place.map(Learned::InconvenientPlace)
    }
}
