//! A rule's public page, in plain words.

use askama::Template;

use crate::web::shell::PlainShell;
use crate::web::view::part::Fact;

/// `GET /rules/{id}`: open to everybody, generated from the active policy.
#[derive(Template)]
#[template(path = "rules/show.html")]
pub struct RulePage {
    pub shell: PlainShell,
    pub id: String,
    pub name: String,
    /// "Blocks contact", "Warns a person, refuses anything automated", "Reminds".
    pub strength: String,
    /// What the rule does, in one or two sentences.
    pub summary: String,
    /// When it stops applying.
    pub clears: String,
    /// What somebody who meets it can do.
    pub way_out: String,
    /// Statutes and regulations, one each.
    pub citations: Vec<String>,
    /// The numbers in force, with the policy field each comes from.
    pub parameters: Vec<RuleParameter>,
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
}
