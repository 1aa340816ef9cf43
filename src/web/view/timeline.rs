//! The merged stream of a placement: audit events, contacts and refused attempts.

use crate::web::view::part::{Chip, Fact, Pager, Tone, When};

/// The Timeline tab.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// Everything, Contacts, Refused, Stops, Payments, Changes.
    pub kinds: Vec<Chip>,
    pub days: Vec<TimelineDay>,
    pub pager: Pager,
}

/// One calendar day in the reader's zone, newest first.
#[derive(Debug, Clone)]
pub struct TimelineDay {
    /// "Thursday, 12 November 2026".
    pub heading: String,
    pub entries: Vec<TimelineEntry>,
}

/// An event, or an event with those it caused: these are joined by a bracket.
#[derive(Debug, Clone)]
pub struct TimelineEntry {
    /// The cause last, as the stream runs newest first.
    pub events: Vec<TimelineEvent>,
}

impl TimelineEntry {
    pub fn is_linked(&self) -> bool {
        self.events.len() > 1
    }
}

/// One line of the stream.
#[derive(Debug, Clone)]
pub struct TimelineEvent {
    /// The anchor of its permalink: unique on the page, for instance "e-184".
    pub anchor: String,
    /// Shows the stream from this event down, whatever has happened since.
    pub permalink: String,
    pub kind: EventKind,
    /// One sentence: what happened.
    pub sentence: String,
    /// The event's stable name where there is one: `debtor.call_opt_out_set`.
    pub event_name: Option<String>,
    /// Who did it: a person, "Debtor, in the portal", "Scheduler".
    pub actor: String,
    pub when: When,
    /// Only the day is known, not the hour.
    pub to_the_day: bool,
    /// When it was put on record, where that was later.
    pub recorded: Option<When>,
    /// The other placement of this debtor that it is about: invoice and page.
    pub elsewhere: Option<(String, String)>,
    /// The rule that refused: name and public page.
    pub rule: Option<(String, String)>,
    /// Where the decision's full reasoning is, for those who may read it.
    pub decision_href: Option<String>,
    /// What opens in place.
    pub details: Vec<Fact>,
}

/// What sort of event it is: decides symbol and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    CallOut,
    CallIn,
    CallMissed,
    Email,
    Letter,
    /// An attempt that the gate refused.
    Refused,
    /// A stop of the debtor's, or a flag that stops contact.
    Stop,
    Payment,
    Recall,
    Pause,
    Dispute,
    Note,
    Import,
    Task,
    Other,
}

impl EventKind {
    pub const ALL: [Self; 15] = [
        Self::CallOut,
        Self::CallIn,
        Self::CallMissed,
        Self::Email,
        Self::Letter,
        Self::Refused,
        Self::Stop,
        Self::Payment,
        Self::Recall,
        Self::Pause,
        Self::Dispute,
        Self::Note,
        Self::Import,
        Self::Task,
        Self::Other,
    ];

    /// The symbol's name in `static/icons.svg`.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::CallOut => "call-out",
            Self::CallIn => "call-in",
            Self::CallMissed => "call-missed",
            Self::Email => "email",
            Self::Letter => "letter",
            Self::Refused => "blocked",
            Self::Stop => "stop",
            Self::Payment => "money",
            Self::Recall => "undo",
            Self::Pause => "pause",
            Self::Dispute => "flag",
            Self::Note => "note",
            Self::Import => "file",
            Self::Task => "tasks",
            Self::Other => "info",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Stop => Tone::Danger,
            Self::Dispute => Tone::Warning,
            Self::Payment => Tone::Success,
            Self::CallOut | Self::CallIn | Self::CallMissed | Self::Email | Self::Letter => {
                Tone::Info
            }
            Self::Refused
            | Self::Recall
            | Self::Pause
            | Self::Note
            | Self::Import
            | Self::Task
            | Self::Other => Tone::Neutral,
        }
    }
}
