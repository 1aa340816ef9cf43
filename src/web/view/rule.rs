//! The rules' public pages, in plain words.

use askama::Template;

use crate::web::filters;
use crate::web::shell::PlainShell;
use crate::web::view::form::Choices;
use crate::web::view::part::{Fact, Link};

/// `GET /rules`: open to everybody, every rule by family.
#[derive(Template)]
#[template(path = "rules/list.html")]
pub struct RuleListPage {
    pub shell: PlainShell,
    /// What was searched for: the parameter `q`.
    pub query: String,
    /// Fields `family` and `strength`.
    pub family: Choices,
    pub strength: Choices,
    /// How many rules are shown, and how many there are.
    pub shown: usize,
    pub total: usize,
    pub families: Vec<RuleFamily>,
    /// Version, and how much of it somebody has reviewed.
    pub policy: Vec<Fact>,
}

/// The rules of one family.
#[derive(Debug, Clone)]
pub struct RuleFamily {
    pub key: String,
    pub name: &'static str,
    pub rules: Vec<RuleLine>,
}

/// A rule in the list.
#[derive(Debug, Clone)]
pub struct RuleLine {
    pub id: &'static str,
    pub name: &'static str,
    pub sentence: &'static str,
    pub strength: &'static str,
    pub citation: &'static str,
}

/// `GET /rules/{id}`: open to everybody, generated from the active policy.
#[derive(Template)]
#[template(path = "rules/show.html")]
pub struct RulePage {
    pub shell: PlainShell,
    pub id: String,
    pub name: String,
    pub family: Link,
    /// "Blocks contact", "Warns a person, refuses anything automated", "Reminds".
    pub strength: String,
    /// What the rule does, in one or two sentences.
    pub summary: String,
    /// When it stops applying.
    pub clears: String,
    /// Where it does not apply, a sentence each.
    pub exceptions: Vec<String>,
    /// Statutes and regulations, one each.
    pub citations: Vec<String>,
    /// Pages that say more.
    pub more: Vec<Link>,
    /// The numbers and switches in force, with the policy field each comes from.
    pub parameters: Vec<RuleParameter>,
    /// The same for places that add nothing to what holds everywhere.
    pub elsewhere: Vec<RuleParameter>,
    /// Policy version, reviewed by and at, counsel reviewed at.
    pub review: Vec<Fact>,
}

/// A number or switch of the active policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleParameter {
    /// Where it applies: "Everywhere", "California", "New York City".
    pub place: String,
    pub value: String,
    /// The policy's field: `call_frequency_limit`.
    pub field: String,
    pub citation: String,
    /// "Since 30 Nov 2021", "From 1 Sep 2026".
    pub effective: String,
    /// How sure the entry is, and who reviewed it when.
    pub certainty: String,
    /// It does not apply today: switched off, over, or still to come.
    pub dormant: bool,
}

/// `GET /rules/recording-consent/states`: open to everybody.
#[derive(Template)]
#[template(path = "rules/recording_consent.html")]
pub struct RecordingConsentPage {
    pub shell: PlainShell,
    pub groups: Vec<RecordingGroup>,
    pub review: Vec<Fact>,
}

/// The places where the same is asked for.
#[derive(Debug, Clone)]
pub struct RecordingGroup {
    pub key: &'static str,
    pub name: &'static str,
    pub sentence: &'static str,
    pub places: Vec<RuleParameter>,
}
