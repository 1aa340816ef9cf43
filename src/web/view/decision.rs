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
    /// "Call to (614) 555-0148, asked by the scheduler".
    pub attempt: String,
    pub when: When,
    /// "3:05 pm in America/New_York".
    pub local_times: Vec<String>,
    /// The first lawful moment for this channel and the rule that sets it, in one sentence.
    pub earliest: String,
    /// Those that speak first, then those that stayed silent.
    pub verdicts: Vec<RuleVerdict>,
    /// What the rules read.
    pub inputs: Vec<Fact>,
    pub policy_version: String,
    /// The digest of the facts, in hex.
    pub digest: String,
}

/// What one rule said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleVerdict {
    pub rule_id: String,
    pub name: String,
    pub result: RuleResult,
    /// One sentence; empty where the rule had nothing to say.
    pub message: String,
    pub citation: String,
    /// "Clears Mon 23 Nov, 8:00 am EST", or empty.
    pub clears: String,
}

/// How strongly a rule spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleResult {
    Block,
    Warning,
    Reminder,
    Silent,
}

impl RuleResult {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Block => "Block",
            Self::Warning => "Warning",
            Self::Reminder => "Reminder",
            Self::Silent => "Nothing against it",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Block => Tone::Danger,
            Self::Warning => Tone::Warning,
            Self::Reminder => Tone::Info,
            Self::Silent => Tone::Neutral,
        }
    }
}
