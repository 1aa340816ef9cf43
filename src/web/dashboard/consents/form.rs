//! The forms by permission: what is asked, and what was typed as an input.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;

use super::File;
use crate::actions::consents::{GrantInput, Permission};
use crate::actions::flags::Point;
use crate::domain::consent::GivenTo;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::FieldErrors;
use crate::gate::facts::LocalTime;
use crate::web::dashboard::typed::{self, WAYS};
use crate::web::view::flag::Input;

/// What is allowed, as the address names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Recording,
    Autodial,
    CallBack,
    Time,
    Calls,
    Esign,
}

impl TextEnum for Kind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Recording, "recording"),
        (Self::Autodial, "autodial"),
        (Self::CallBack, "call_back"),
        (Self::Time, "time"),
        (Self::Calls, "calls"),
        (Self::Esign, "esign"),
    ];
}

impl Kind {
    /// On the button that leads here.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Recording => "Recording of calls",
            Self::Autodial => "Automated calls",
            Self::CallBack => "Call back at a time",
            Self::Time => "Unusual hours",
            Self::Calls => "More calls",
            Self::Esign => "Notices by email",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Recording => "Record consent to recording",
            Self::Autodial => "Record consent to automated calls",
            Self::CallBack => "Record a request to be called back",
            Self::Time => "Record consent to a time of day",
            Self::Calls => "Record consent to more calls",
            Self::Esign => "Record consent to notices by email",
        }
    }

    pub fn effects(self) -> Vec<&'static str> {
        const LIFTS_NOTHING: &str =
            "It lifts no stop: what the debtor asked to stop stays stopped.";
        const DIRECT: &str = "It counts only if the debtor gave it to us directly, in a contact that kept the rules itself.";
        let first: &[&str] = match self {
            Self::Recording => &["Calls may be recorded where everybody on the line must agree."],
            Self::Autodial => &[
                "A machine may dial this number or speak on it, and no other.",
                "Hours, counts and everything else still apply.",
            ],
            Self::CallBack => &[
                "A person may call in this hour of this day, even outside contact hours or beyond the count. A machine may not.",
                DIRECT,
                "A call beyond the count must follow within seven days.",
            ],
            Self::Time => &[
                "A person may make contact at this time of day, outside contact hours too. A machine may not.",
                DIRECT,
            ],
            Self::Calls => &[
                "Calls are not counted for seven days at most, and only until you talk.",
                DIRECT,
            ],
            Self::Esign => &["A validation notice may go by email (15 U.S.C. 7001(c))."],
        };
        let mut effects = first.to_vec();
        effects.push(LIFTS_NOTHING);
        effects
    }

    /// Whether the law asks what kind of contact it was given in.
    const fn depends_on_contact(self) -> bool {
        match self {
            Self::CallBack | Self::Time | Self::Calls => true,
            Self::Recording | Self::Autodial | Self::Esign => false,
        }
    }
}

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub kind: String,
    number: String,
    address: String,
    on: String,
    from: String,
    to: String,
    through_on: String,
    placement: String,
    given_to: String,
    lawful: String,
    words: String,
    via: String,
    received_at: String,
}

const GIVEN_TO: [(&str, &str); 2] = [
    ("collector", "To us directly"),
    ("creditor", "To the creditor"),
];
const LAWFUL: [(&str, &str); 3] = [
    (
        "yes",
        "Yes: at a lawful time and place, and not past a lawyer or a stop",
    ),
    ("no", "No"),
    ("unknown", "Nobody can tell"),
];

impl Typed {
    /// The form as it is first shown: given to us today, by telephone.
    pub fn first(today: NaiveDate) -> Self {
        Self {
            via: "phone".to_owned(),
            given_to: "collector".to_owned(),
            received_at: today.to_string(),
            ..Self::default()
        }
    }

    pub(super) fn inputs(&self, kind: Kind, file: &File, errors: &FieldErrors) -> Vec<Input> {
        let field = |name: &'static str, value: &str| typed::field(name, value, errors);
        let mut inputs = match kind {
            Kind::Recording | Kind::Calls => Vec::new(),
            Kind::Autodial => vec![Input::Radios(
                typed::choices("number", file.on_file.phones(), &self.number, errors),
                "Which number",
                "Consent is for one number. Record each for itself.",
            )],
            Kind::CallBack => vec![
                Input::Date(field("on", &self.on), "On which day", ""),
                Input::Time(
                    field("from", &self.from),
                    "From",
                    "In the debtor\u{2019}s own time",
                ),
                Input::Time(field("to", &self.to), "Until", ""),
            ],
            Kind::Time => vec![
                Input::Time(
                    field("from", &self.from),
                    "From",
                    "In the debtor\u{2019}s own time",
                ),
                Input::Time(
                    field("to", &self.to),
                    "Until",
                    "Earlier than the first: over midnight",
                ),
            ],
            Kind::Esign => vec![Input::Radios(
                typed::choices("address", file.on_file.emails(), &self.address, errors),
                "Which address",
                "",
            )],
        };
        if kind.depends_on_contact() && file.accounts.len() > 1 {
            let accounts: Vec<(String, &str)> = file
                .accounts
                .iter()
                .map(|(id, invoice)| (id.to_string(), invoice.as_str()))
                .collect();
            let every = std::iter::once(("", "Every account"));
            let each = accounts.iter().map(|(id, invoice)| (id.as_str(), *invoice));
            inputs.push(Input::Select(
                typed::choices("placement", every.chain(each), &self.placement, errors),
                "About which account",
            ));
        }
        inputs.push(Input::Radios(
            typed::choices("given_to", GIVEN_TO, &self.given_to, errors),
            "To whom it was given",
            "",
        ));
        if kind.depends_on_contact() {
            inputs.push(Input::Radios(
                typed::choices("lawful", LAWFUL, &self.lawful, errors),
                "Did the contact in which it was given keep the rules itself?",
                "What the debtor wrote or called to say of their own accord did",
            ));
        }
        inputs.push(Input::Area(
            field("words", &self.words),
            "Their words",
            "What was said or written, by whom, and where the recording or the paper is kept",
        ));
        inputs.push(Input::Select(
            typed::choices("via", WAYS, &self.via, errors),
            "How it was given",
        ));
        inputs.push(Input::Date(
            field("received_at", &self.received_at),
            "Given on",
            "",
        ));
        if kind != Kind::CallBack {
            inputs.push(Input::Date(
                field("through_on", &self.through_on),
                "Through",
                "The last day, if the debtor named one",
            ));
        }
        inputs
    }

    /// What was typed, read; `zone` is the clock of whoever typed it.
    pub(super) fn read(
        &self,
        kind: Kind,
        file: &File,
        zone: Tz,
        now: Instant,
    ) -> Result<GrantInput, FieldErrors> {
        let mut errors = FieldErrors::default();
        let permission = self.permission(kind, file, &mut errors);
        let placement = file
            .accounts
            .iter()
            .find(|(id, _)| id.to_string() == self.placement)
            .map(|(id, _)| *id);
        if placement.is_none() && !self.placement.is_empty() {
            errors.add("placement", "Choose one of the accounts.");
        }
        let given_to = GivenTo::from_word(&self.given_to);
        if given_to.is_none() {
            errors.add("given_to", "Choose to whom it was given.");
        }
        let in_lawful_contact = match (kind.depends_on_contact(), self.lawful.as_str()) {
            (true, "yes") => Some(true),
            (true, "no") => Some(false),
            (true, "unknown") | (false, _) => None,
            (true, _) => {
                errors.add("lawful", "Choose one. If in doubt, nobody can tell.");
                None
            }
        };
        if self.words.trim().is_empty() {
            errors.add(
                "words",
                "Write down what was said or written. Without evidence a permission is none.",
            );
        }
        let via = typed::medium(&mut errors, &self.via);
        let received_at = typed::received(&mut errors, "received_at", &self.received_at, zone, now);
        let through_on = if kind == Kind::CallBack {
            None
        } else {
            typed::maybe_day(&mut errors, "through_on", &self.through_on)
        };
        match (permission, given_to, via, received_at) {
            (Some(permission), Some(given_to), Some(via), Some(received_at))
                if errors.is_empty() =>
            {
                Ok(GrantInput {
                    creditor: file.debtor.creditor_id,
                    debtor: file.debtor.id,
                    placement,
                    permission,
                    given_to,
                    via,
                    words: self.words.clone(),
                    in_lawful_contact,
                    received_at,
                    through_on,
                })
            }
            (_, _, _, _) => Err(errors),
        }
    }

    fn permission(&self, kind: Kind, file: &File, errors: &mut FieldErrors) -> Option<Permission> {
        match kind {
            Kind::Recording => Some(Permission::Recording),
            Kind::Calls => Some(Permission::Calls),
            Kind::Autodial => match file.on_file.find(&self.number) {
                Some(Point::Phone(number)) => Some(Permission::Autodial(number)),
                Some(Point::Email(_)) | None => {
                    errors.add("number", "Choose one of the numbers on file.");
                    None
                }
            },
            Kind::Esign => match file.on_file.find(&self.address) {
                Some(Point::Email(address)) => Some(Permission::Esign(Some(address))),
                Some(Point::Phone(_)) | None => {
                    errors.add("address", "Choose one of the addresses on file.");
                    None
                }
            },
            Kind::Time => {
                let (from, to) = self.hours(errors)?;
                Some(Permission::Time { from, to })
            }
            Kind::CallBack => {
                let on = typed::day(errors, "on", &self.on);
                let (from, to) = self.hours(errors)?;
                Some(Permission::CallBack { on: on?, from, to })
            }
        }
    }

    fn hours(&self, errors: &mut FieldErrors) -> Option<(LocalTime, LocalTime)> {
        let mut needed = |name: &'static str, text: &str| {
            let time = typed::time(errors, name, text);
            if time.is_none() && text.trim().is_empty() {
                errors.add(name, "Enter a time of day as 18:30.");
            }
            time
        };
        let from = needed("from", &self.from);
        let to = needed("to", &self.to);
        from.zip(to)
    }
}
