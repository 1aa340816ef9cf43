//! Logging a contact, with the gate asked first.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError, HasError};
use crate::web::view::part::When;

/// `GET /placements/{id}/contacts/new?check=`: opening it asks the gate by a `POST` to
/// `contact-checks`. One form with two buttons, so that both send what the person sees: one checks
/// again, the other logs, asks again and is the authority; refused or unacknowledged, it answers
/// with this page.
#[derive(Template)]
#[template(path = "placements/log_contact.html")]
pub struct LogContactPage {
    pub shell: Shell,
    pub id: String,
    pub debtor_id: String,
    pub debtor: String,
    pub invoice: String,
    /// What the check was for: fields `kind`, `to` (a number or an address on file, or empty),
    /// `other` (a number that is not on file), `purpose` and `at` (empty: now).
    pub kind: Choices,
    pub to: Choices,
    pub other: Field,
    pub purpose: Choices,
    pub at: Field,
    /// "in Eastern time": whose clock `at` is read on.
    pub at_zone: String,
    pub checked: When,
    /// Field `checked`: what this check is about. Where the controls say something else when they
    /// are sent, that is checked first.
    pub checked_for: String,
    /// What was sent was not what the last check was about: nothing was logged.
    pub check_is_new: bool,
    pub debtor_time: Option<String>,
    pub verdict: GateVerdict,
    /// Reminders stop nothing.
    pub reminders: Vec<Finding>,
    /// Set when the validation notice is due or overdue: one sentence.
    pub validation_reminder: Option<String>,
    /// What the agent says; none where no script applies.
    pub script: Option<DisclosureScript>,
    pub form: LogContactForm,
    pub once_key: String,
    /// What was filled in and isn't asked for under this check.
    pub kept: Vec<Field>,
    /// Field `instead`: the kind that can be logged under any block, and its button's words.
    pub from_the_debtor: (&'static str, &'static str),
    pub decision_href: Option<String>,
}

/// The gate's answer as the page shows it.
#[derive(Debug, Clone)]
pub enum GateVerdict {
    /// Green: nothing stands against it.
    Clear,
    /// Green: the debtor made contact, which no rule forbids. What stands against contact from
    /// our side is among the reminders.
    Inbound,
    /// Amber: each warning needs its own acknowledgement.
    Acknowledge(Vec<WarningToAcknowledge>),
    /// Red: "Contact BLOCKED".
    Blocked {
        findings: Vec<Finding>,
        /// "Mon 23 Nov 2026, 8:00 am EST", or none when nothing but an act of somebody lifts it.
        earliest: Option<String>,
        /// At that moment a person has warnings to acknowledge.
        is_warned: bool,
        /// From when there are none, if waiting alone ends them.
        without_warnings: Option<String>,
        /// Nothing but the time of day stands in the way: the debtor's own word for it, put on
        /// record, lets a person through.
        only_time: bool,
    },
}

/// One rule that speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule_id: String,
    pub name: String,
    /// One plain sentence, with the attorney's name or the chapter where the rule gives it.
    pub message: String,
    /// "15 U.S.C. 1692c(c); 12 CFR 1006.6(c)".
    pub citation: String,
    /// The way out: what would have to happen. May be empty.
    pub way_out: String,
}

/// A warning, its box and the evidence it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningToAcknowledge {
    pub finding: Finding,
    /// Field `ack_{rule_id}`, value `yes` when ticked.
    pub tick: Field,
    /// The words acknowledged; they are stored with the contact.
    pub statement: String,
    /// Field `evidence_{rule_id}`.
    pub evidence: Field,
    /// "What did the debtor say, and when?"
    pub evidence_label: String,
}

/// The words an agent has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureScript {
    /// The full warning of a first communication.
    pub mini_miranda: String,
    /// What every later communication says.
    pub identification: String,
    /// Nobody has spoken with this debtor yet.
    pub first_communication: bool,
}

/// Fields `outcome`, `minutes`, `seconds`, `notes`, `mini_miranda`, `identified`; the two
/// disclosures are never ticked beforehand.
#[derive(Debug, Clone)]
pub struct LogContactForm {
    pub outcome: Choices,
    pub minutes: Field,
    pub seconds: Field,
    pub notes: Field,
    pub mini_miranda: Field,
    pub identified: Field,
}

/// Kinds of contact an agent may log: code and words.
pub const CONTACT_KINDS: [(&str, &str); 7] = [
    ("phone_outbound", "Outgoing call"),
    ("phone_inbound", "Incoming call"),
    ("voicemail", "Voicemail"),
    ("email", "Email"),
    ("letter", "Letter"),
    ("email_inbound", "Email from the debtor"),
    ("letter_inbound", "Letter from the debtor"),
];

/// Outcomes of a call: code and words.
pub const CALL_OUTCOMES: [(&str, &str); 12] = [
    ("conversation", "Conversation"),
    ("payment_agreed", "Payment agreed"),
    ("plan_agreed", "Plan agreed"),
    ("dispute_raised", "Dispute raised"),
    ("callback_requested", "Callback requested"),
    ("refused", "Debtor refused to talk"),
    ("hostile", "Hostile"),
    ("voicemail_left", "Voicemail left"),
    ("no_answer", "No answer"),
    ("busy", "Busy"),
    ("not_in_service", "Not in service"),
    ("third_party", "Somebody else answered"),
];

impl LogContactForm {
    /// An empty form with the outcomes that fit the kind of contact.
    pub fn new(outcomes: &[(&str, &str)], outcome: &str) -> Self {
        Self {
            outcome: Choices::new("outcome", outcomes.iter().copied(), outcome),
            minutes: Field::new("minutes", ""),
            seconds: Field::new("seconds", ""),
            notes: Field::new("notes", ""),
            mini_miranda: Field::new("mini_miranda", ""),
            identified: Field::new("identified", ""),
        }
    }
}

impl LogContactPage {
    pub fn is_blocked(&self) -> bool {
        matches!(self.verdict, GateVerdict::Blocked { .. })
    }

    /// Whether something of what happened has been filled in, so that it is not folded away.
    pub fn is_told(&self) -> bool {
        let form = &self.form;
        !form.notes.value.is_empty() || !self.errors().is_empty()
    }

    /// In the order of the page: acknowledgements first.
    pub fn errors(&self) -> Vec<FieldError> {
        let mut fields: Vec<&dyn HasError> =
            vec![&self.kind, &self.to, &self.other, &self.purpose, &self.at];
        if let GateVerdict::Acknowledge(warnings) = &self.verdict {
            for warning in warnings {
                fields.push(&warning.tick);
                fields.push(&warning.evidence);
            }
        }
        let form = &self.form;
        fields.extend([
            &form.outcome as &dyn HasError,
            &form.minutes,
            &form.seconds,
            &form.mini_miranda,
            &form.identified,
            &form.notes,
        ]);
        form::errors(&fields)
    }
}
