//! A decision of the gate, laid open: inputs, each rule's verdict, and where the rule comes from.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::part::{Fact, Link, Tone, When};
use crate::web::view::placement_tabs::Outcome;

/// `GET /decisions/{id}`.
#[derive(Template)]
#[template(path = "decisions/show.html")]
pub struct DecisionPage {
    pub shell: Shell,
    pub id: String,
    pub trail: Vec<Link>,
    pub outcome: Outcome,
    /// "Call to (614) 555-0148"; for a creditor's people only the way.
    pub attempt: String,
    /// "Asked by the scheduler before a hand-off".
    pub asked: String,
    pub when: When,
    /// "3:05 pm, Eastern time".
    pub local_times: Vec<String>,
    /// The first lawful moment for this channel and the rule that sets it, in one sentence.
    pub earliest: String,
    /// Those that had something to say, worst first.
    pub verdicts: Vec<RuleVerdict>,
    /// The others, with their public pages; none where the reader may not know what is absent.
    pub silent: Vec<Link>,
    /// What the rules read; none for a creditor's people.
    pub inputs: Vec<InputGroup>,
    pub policy_version: String,
    /// SHA-256 of the answer as it is stored.
    pub digest: String,
    pub replay: Replay,
    /// The stored texts, for compliance.
    pub raw: Vec<RawText>,
    pub timeline: Link,
    /// The reader belongs to a creditor: what is private to the debtor is left out.
    pub is_shortened: bool,
}

/// What one rule said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleVerdict {
    pub rule_id: String,
    pub name: String,
    pub result: RuleResult,
    pub message: String,
    pub citation: String,
    /// "Clears Mon 23 Nov 2026, 8:00 am EST", or that waiting does not help.
    pub clears: String,
    /// Facts it rests on: path and value. None for a creditor's people.
    pub evidence: Vec<(String, String)>,
    /// A person passed this warning.
    pub acknowledged: bool,
}

/// How strongly a rule spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleResult {
    Block,
    Warning,
    Reminder,
}

impl RuleResult {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Block => "Block",
            Self::Warning => "Warning",
            Self::Reminder => "Reminder",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Block => Tone::Danger,
            Self::Warning => Tone::Warning,
            Self::Reminder => Tone::Info,
        }
    }
}

/// Inputs that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputGroup {
    pub name: &'static str,
    pub facts: Vec<Fact>,
}

/// Whether the stored inputs give the stored answer again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// To the byte.
    Same,
    Different,
    /// Why it can't be tried.
    NotPossible(String),
}

impl Replay {
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Same => "Checked again: the same answer",
            Self::Different => "Checked again: another answer",
            Self::NotPossible(_) => "Not checked again",
        }
    }

    pub const fn tone(&self) -> Tone {
        match self {
            Self::Same => Tone::Success,
            Self::Different => Tone::Danger,
            Self::NotPossible(_) => Tone::Warning,
        }
    }

    pub fn sentence(&self) -> &str {
        match self {
            Self::Same => {
                "Decided again just now from the stored facts and policy: the answer and its digest are the same to the byte."
            }
            Self::Different => {
                "Decided again just now from the stored facts and policy, the answer is another one. Tell whoever runs this server."
            }
            Self::NotPossible(why) => why,
        }
    }
}

/// A stored text as it stands in the database, broken into lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawText {
    pub name: &'static str,
    pub text: String,
}
