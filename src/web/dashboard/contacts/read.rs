//! The form of Log contact, as it is sent.

use std::collections::HashMap;

use chrono_tz::Tz;

use crate::actions::contacts::{ContactPoint, Intent, NewContact, Passed};
use crate::domain::email::EmailAddress;
use crate::domain::phone::PhoneNumber;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::gate::attempt::Purpose;
use crate::gate::facts::{Direction, Outcome};
use crate::gate::{Attempt, Channel, RuleId};
use crate::store::decisions::DecisionRow;
use crate::web::dashboard::moments;

/// The fields by name: the warnings' own depend on the gate's answer.
pub type Submitted = HashMap<String, String>;

/// What the check beside the controls was about, as a query.
const CHECKED: &str = "checked";

/// A button's kind, which goes before the select's.
const INSTEAD: &str = "instead";

/// Whether the form was open already, so that something may have been typed into it.
pub fn is_under_way(form: &Submitted) -> bool {
    form.contains_key("once_key")
}

/// What kind of contact, as an agent names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    PhoneOutbound,
    PhoneInbound,
    Voicemail,
    Email,
    Letter,
    EmailInbound,
    LetterInbound,
}

impl TextEnum for Kind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::PhoneOutbound, "phone_outbound"),
        (Self::PhoneInbound, "phone_inbound"),
        (Self::Voicemail, "voicemail"),
        (Self::Email, "email"),
        (Self::Letter, "letter"),
        (Self::EmailInbound, "email_inbound"),
        (Self::LetterInbound, "letter_inbound"),
    ];
}

impl Kind {
    const fn channel(self) -> Channel {
        match self {
            Self::PhoneOutbound | Self::PhoneInbound => Channel::Call,
            Self::Voicemail => Channel::Voicemail,
            Self::Email | Self::EmailInbound => Channel::Email,
            Self::Letter | Self::LetterInbound => Channel::Letter,
        }
    }

    const fn direction(self) -> Direction {
        match self {
            Self::PhoneOutbound | Self::Voicemail | Self::Email | Self::Letter => Direction::Out,
            Self::PhoneInbound | Self::EmailInbound | Self::LetterInbound => Direction::In,
        }
    }

    /// The same way of contact, begun by the debtor: what a person may log whatever the gate says.
    pub const fn begun_by_the_debtor(self) -> Self {
        match self {
            Self::PhoneOutbound | Self::PhoneInbound | Self::Voicemail => Self::PhoneInbound,
            Self::Email | Self::EmailInbound => Self::EmailInbound,
            Self::Letter | Self::LetterInbound => Self::LetterInbound,
        }
    }

    /// An outgoing contact of this channel.
    const fn outbound(channel: Channel) -> Option<Self> {
        match channel {
            Channel::Call => Some(Self::PhoneOutbound),
            Channel::Voicemail => Some(Self::Voicemail),
            Channel::Email => Some(Self::Email),
            Channel::Letter => Some(Self::Letter),
            Channel::Portal | Channel::Sms => None,
        }
    }

    /// The outcomes that fit, the likeliest first.
    pub fn outcomes(self) -> Vec<(&'static str, &'static str)> {
        OUTCOMES
            .iter()
            .filter(|outcome| outcome.fits(self))
            .map(|outcome| (outcome.code, outcome.label))
            .collect()
    }
}

/// How an outcome is called, whatever kind of contact it fits.
pub fn outcome_label(code: &str) -> Option<&'static str> {
    let outcome = OUTCOMES.iter().find(|outcome| outcome.code == code)?;
    Some(outcome.label)
}

/// One outcome as an agent names it: what the gate counts it as, and the word that is kept beside.
struct NamedOutcome {
    code: &'static str,
    label: &'static str,
    counts_as: Outcome,
    kinds: &'static [Kind],
}

impl NamedOutcome {
    fn fits(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

const TALKED: &[Kind] = &[Kind::PhoneOutbound, Kind::PhoneInbound];
const DIALLED: &[Kind] = &[Kind::PhoneOutbound];

const fn named(
    code: &'static str,
    label: &'static str,
    counts_as: Outcome,
    kinds: &'static [Kind],
) -> NamedOutcome {
    NamedOutcome {
        code,
        label,
        counts_as,
        kinds,
    }
}

const OUTCOMES: &[NamedOutcome] = &[
    named(
        "conversation",
        "Conversation",
        Outcome::Conversation,
        TALKED,
    ),
    named(
        "payment_agreed",
        "Payment agreed",
        Outcome::Conversation,
        TALKED,
    ),
    named("plan_agreed", "Plan agreed", Outcome::Conversation, TALKED),
    named(
        DISPUTE_RAISED,
        "Dispute raised (collection stops until it is answered)",
        Outcome::Conversation,
        TALKED,
    ),
    named(
        "callback_requested",
        "Callback requested",
        Outcome::Conversation,
        TALKED,
    ),
    named(
        "refused",
        "Debtor refused to talk",
        Outcome::Conversation,
        TALKED,
    ),
    named("hostile", "Hostile", Outcome::Conversation, TALKED),
    named(
        "voicemail_left",
        "Voicemail left",
        Outcome::Voicemail,
        &[Kind::PhoneOutbound, Kind::Voicemail],
    ),
    named("no_answer", "No answer", Outcome::NoAnswer, DIALLED),
    named("busy", "Busy", Outcome::Busy, DIALLED),
    named(
        "not_in_service",
        "Not in service",
        Outcome::NotInService,
        DIALLED,
    ),
    named(
        "third_party",
        "Somebody else answered",
        Outcome::ThirdPartyAnswered,
        DIALLED,
    ),
    named(
        "third_party_called",
        "Somebody else called",
        Outcome::ThirdPartyAnswered,
        &[Kind::PhoneInbound],
    ),
    named("sent", "Sent", Outcome::Sent, &[Kind::Email, Kind::Letter]),
    named(
        "received",
        "Received",
        Outcome::Received,
        &[Kind::EmailInbound, Kind::LetterInbound],
    ),
];

const DISPUTE_RAISED: &str = "dispute_raised";

/// What a person may reach a debtor for, as they are asked.
pub const PURPOSES: [(Purpose, &str, &str); 6] = [
    (Purpose::Collect, "collect", "To collect"),
    (
        Purpose::RespondOnce,
        "respond-once",
        "To answer the debtor, who made contact",
    ),
    (
        Purpose::DisputeResponse,
        "dispute-response",
        "To answer a dispute",
    ),
    (
        Purpose::ValidationNotice,
        "validation-notice",
        "To send the validation notice",
    ),
    (
        Purpose::Terminate,
        "terminate",
        "To say that collection ends",
    ),
    (
        Purpose::RemedyNotice,
        "remedy-notice",
        "To name a remedy that may be used",
    ),
];

/// The numbers and addresses on file: stored form and label.
#[derive(Debug, Clone, Default)]
pub struct Points {
    pub phones: Vec<(PhoneNumber, String)>,
    pub emails: Vec<(String, String)>,
}

impl Points {
    fn is_on_file(&self, point: &str) -> bool {
        self.phones
            .iter()
            .any(|(number, _)| number.to_string() == point)
            || self.emails.iter().any(|(address, _)| address == point)
    }

    /// The first on file that fits this kind of contact.
    fn first_for(&self, kind: Kind) -> String {
        match kind.channel() {
            Channel::Call | Channel::Voicemail | Channel::Sms => {
                self.phones.first().map(|(number, _)| number.to_string())
            }
            Channel::Email => self.emails.first().map(|(address, _)| address.clone()),
            Channel::Letter | Channel::Portal => None,
        }
        .unwrap_or_default()
    }
}

/// What the check is about, as it stands in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    pub kind: Kind,
    pub to: String,
    pub other: String,
    pub purpose: Purpose,
    pub at: String,
}

impl Inputs {
    /// From a form or an address. What is missing is a call to the first number on file, now.
    pub fn of_check(form: &Submitted, points: &Points) -> Self {
        let text = |name: &str| form.get(name).map_or("", |text| text.trim()).to_owned();
        let kind = Kind::from_word(&text(INSTEAD))
            .or_else(|| Kind::from_word(&text("kind")))
            .unwrap_or(Kind::PhoneOutbound);
        let to = match form.get("to") {
            Some(_) => text("to"),
            None => points.first_for(kind),
        };
        let purpose = PURPOSES
            .iter()
            .find(|(_, code, _)| *code == text("purpose"))
            .map_or(Purpose::Collect, |(purpose, _, _)| *purpose);
        Self {
            kind,
            to,
            other: text("other"),
            purpose,
            at: text("at"),
        }
    }

    /// What a recorded check was about.
    pub fn of_decision(decision: &DecisionRow, points: &Points, zone: Tz) -> AppResult<Self> {
        let attempt: Attempt = serde_json::from_str(&decision.attempt)?;
        let point = attempt.phone.or(attempt.email).unwrap_or_default();
        let on_file = points.is_on_file(&point);
        let is_now = attempt.at == decision.at;
        Ok(Self {
            kind: Kind::outbound(attempt.channel).unwrap_or(Kind::PhoneOutbound),
            to: if on_file {
                point.clone()
            } else {
                String::new()
            },
            other: if on_file { String::new() } else { point },
            purpose: attempt.purpose,
            at: if is_now {
                String::new()
            } else {
                moments::written(attempt.at, zone)
            },
        })
    }

    /// As the query of an address.
    pub fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("kind", self.kind.as_str())
            .append_pair("to", &self.to)
            .append_pair("other", &self.other)
            .append_pair("purpose", self.purpose_code())
            .append_pair("at", &self.at)
            .finish()
    }

    /// Whether the check that was shown was about something else than the controls say now.
    pub fn differ_from_check(&self, form: &Submitted) -> bool {
        form.get(CHECKED)
            .is_some_and(|checked| *checked != self.query())
    }

    pub fn purpose_code(&self) -> &'static str {
        PURPOSES
            .iter()
            .find(|(purpose, _, _)| *purpose == self.purpose)
            .map_or("collect", |(_, code, _)| *code)
    }

    pub const fn direction(&self) -> Direction {
        self.kind.direction()
    }

    /// What the action is asked.
    ///
    /// # Errors
    /// `Invalid` with every field that can't be read.
    pub fn intent(&self, points: &Points, zone: Tz) -> AppResult<Intent> {
        let mut errors = FieldErrors::default();
        let to = self.point(points).unwrap_or_else(|(field, message)| {
            errors.add(field, message);
            ContactPoint::Unstated
        });
        let at = moments::read(&self.at, zone).unwrap_or_else(|message| {
            errors.add("at", message);
            None
        });
        errors.into_result()?;
        Ok(Intent {
            direction: self.kind.direction(),
            channel: self.kind.channel(),
            to,
            purpose: self.purpose,
            at,
        })
    }

    /// The same kind of contact with nobody in particular.
    pub fn intent_with_nobody(&self) -> Intent {
        Intent {
            direction: self.kind.direction(),
            channel: self.kind.channel(),
            to: ContactPoint::Unstated,
            purpose: self.purpose,
            at: None,
        }
    }

    fn point(&self, points: &Points) -> Result<ContactPoint, (&'static str, String)> {
        let inbound = self.kind.direction() == Direction::In;
        match self.kind.channel() {
            Channel::Call | Channel::Voicemail | Channel::Sms => {
                let (field, text) = if self.other.is_empty() {
                    ("to", &self.to)
                } else {
                    ("other", &self.other)
                };
                if text.is_empty() && inbound {
                    return Ok(ContactPoint::Unstated);
                }
                if text.is_empty() {
                    return Err((field, "Choose the number, or type one below.".to_owned()));
                }
                text.parse()
                    .map(ContactPoint::Phone)
                    .map_err(|error| (field, format!("{text} {error}.")))
            }
            Channel::Email if self.to.is_empty() && inbound => Ok(ContactPoint::Unstated),
            Channel::Email => self
                .to
                .parse::<EmailAddress>()
                .ok()
                .filter(|_| inbound || points.is_on_file(&self.to))
                .map(ContactPoint::Email)
                .ok_or((
                    "to",
                    "Choose one of the email addresses on file.".to_owned(),
                )),
            Channel::Letter | Channel::Portal => Ok(ContactPoint::Unstated),
        }
    }
}

/// What happened, as the form tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    outcome: Outcome,
    result: &'static str,
    duration_seconds: Option<i32>,
}

/// Reads what happened.
///
/// # Errors
/// `Invalid` with every field that can't be read.
pub fn report(kind: Kind, form: &Submitted) -> AppResult<Report> {
    let mut errors = FieldErrors::default();
    let code = form.get("outcome").map_or("", String::as_str);
    let outcome = OUTCOMES
        .iter()
        .find(|outcome| outcome.code == code && outcome.fits(kind));
    if outcome.is_none() {
        errors.add("outcome", "Choose what happened.");
    }
    let minutes = whole(form, "minutes", 1_439);
    let seconds = whole(form, "seconds", 59);
    if minutes.is_none() {
        errors.add(
            "minutes",
            "Enter whole minutes, such as 4, or leave it empty.",
        );
    }
    if seconds.is_none() {
        errors.add("seconds", "Enter seconds from 0 to 59, or leave it empty.");
    }
    match (outcome, minutes, seconds) {
        (Some(outcome), Some(minutes), Some(seconds)) => Ok(Report {
            outcome: outcome.counts_as,
            result: outcome.code,
            duration_seconds: match (minutes, seconds) {
                (None, None) => None,
                (minutes, seconds) => Some(minutes.unwrap_or(0) * 60 + seconds.unwrap_or(0)),
            },
        }),
        _ => Err(AppError::Invalid(errors)),
    }
}

/// A whole number, or nothing if the field is empty; `None` when it is neither.
fn whole(form: &Submitted, name: &str, most: i32) -> Option<Option<i32>> {
    let text = form.get(name).map_or("", |text| text.trim());
    if text.is_empty() {
        return Some(None);
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|number| digits && *number <= most)
        .map(Some)
}

impl Report {
    pub fn into_contact(self, mut intent: Intent, form: &Submitted) -> NewContact {
        let ticked = |name: &str| form.get(name).is_some_and(|value| value == "yes");
        let notes = form.get("notes").map_or("", |notes| notes.trim());
        if self.outcome == Outcome::Voicemail {
            // A voicemail was left, so the rules about voicemails apply as well.
            intent.channel = Channel::Voicemail;
        }
        NewContact {
            intent,
            outcome: self.outcome,
            result: Some(self.result),
            duration_seconds: self.duration_seconds,
            notes: (!notes.is_empty()).then(|| notes.to_owned()),
            mini_miranda: ticked("mini_miranda"),
            identified_as_collector: ticked("identified"),
            passed: passed(form),
            took_place: ticked("took_place"),
            dispute_raised: self.result == DISPUTE_RAISED,
            source: "desk",
            once_key: form
                .get("once_key")
                .filter(|key| (1..=64).contains(&key.len()))
                .cloned(),
        }
    }
}

/// The warnings that were ticked, with their reasons.
fn passed(form: &Submitted) -> Vec<Passed> {
    let mut passed: Vec<Passed> = form
        .iter()
        .filter(|(_, value)| *value == "yes")
        .filter_map(|(name, _)| name.strip_prefix("ack_")?.parse::<RuleId>().ok())
        .map(|rule| Passed {
            rule,
            evidence: form
                .get(&format!("evidence_{rule}"))
                .map_or_else(String::new, |text| text.trim().to_owned()),
        })
        .collect();
    passed.sort_by_key(|passed| passed.rule);
    passed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Submitted {
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_empty_form_is_a_call_to_the_first_number_now() {
        let points = Points {
            phones: vec![("212-555-0142".parse().unwrap(), "mobile".to_owned())],
            emails: Vec::new(),
        };
        let inputs = Inputs::of_check(&form(&[]), &points);
        let intent = inputs.intent(&points, Tz::UTC).unwrap();
        assert_eq!(intent.channel, Channel::Call);
        assert_eq!(intent.direction, Direction::Out);
        assert_eq!(intent.at, None);
        assert_eq!(intent.to.to_text().as_deref(), Some("+12125550142"));
    }

    #[test]
    fn a_length_is_read_as_minutes_and_seconds_and_nothing_else() {
        let read = |minutes: &str, seconds: &str| {
            report(
                Kind::PhoneOutbound,
                &form(&[
                    ("outcome", "conversation"),
                    ("minutes", minutes),
                    ("seconds", seconds),
                ]),
            )
            .map(|report| report.duration_seconds)
            .ok()
        };
        assert_eq!(read("4", "12"), Some(Some(252)));
        assert_eq!(read("", ""), Some(None));
        assert_eq!(read("", "5"), Some(Some(5)));
        for (minutes, seconds) in [("-1", ""), ("1.5", ""), ("", "60"), ("1e3", ""), ("+1", "")] {
            assert_eq!(read(minutes, seconds), None, "{minutes} {seconds}");
        }
    }

    #[test]
    fn an_outcome_must_fit_the_kind_of_contact() {
        assert!(report(Kind::Letter, &form(&[("outcome", "conversation")])).is_err());
        assert!(report(Kind::Letter, &form(&[("outcome", "sent")])).is_ok());
        assert!(report(Kind::PhoneOutbound, &form(&[])).is_err());
    }
}
