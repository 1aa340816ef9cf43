//! The gate's answer, with every reason.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use super::attempt::Attempt;
use super::digest::Digest;
use super::locality::{Zone, ZoneSource};
use super::rules::{Category, RuleId};
use crate::domain::time::Instant;

/// What the gate answers.
///
/// Two decisions on the same policy, facts and attempt are equal to the byte in JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub outcome: Outcome,
    /// Every finding, worst first; among blocks those about the person first, because they do not
    /// clear by waiting.
    pub findings: Vec<Finding>,
    /// The first instant, not before the attempt's own, at which the same attempt would be
    /// allowed with nothing else changing. `None`: waiting does not help.
    pub earliest_lawful_at: Option<Instant>,
    /// The rule that holds until then. `None` when allowed now.
    pub binding_rule: Option<RuleId>,
    /// The other rules in the way that clear by waiting, latest first.
    pub ladder: Vec<Rung>,
    /// The rule that never clears by itself, when there is no earliest instant.
    pub never_clears: Option<RuleId>,
    /// What the clocks show where the consumer may be.
    pub local_times: Vec<ClockReading>,
    /// Where the consumer may be, and what says so.
    pub zones: Vec<CandidateZone>,
    /// Dates that rules worked out.
    pub computed: Computed,
    pub policy_version: Digest,
    /// SHA-256 of the facts' JSON as it is stored. Set by
    /// [`decide_on_record`](super::decide_on_record).
    pub facts_digest: Option<Digest>,
    pub attempt: Attempt,
}

impl Decision {
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allow
    }

    /// The finding of this rule.
    pub fn finding(&self, rule: RuleId) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.rule == rule)
    }

    /// The findings that stand in the way: blocks, and warnings nobody has acknowledged.
    pub fn in_the_way(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.stands())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Allow,
    /// A person may go on after acknowledging each warning.
    Acknowledge,
    Refuse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Never passes.
    Block,
    /// Passes for a person who acknowledges it; refuses anything automated.
    Warning,
    /// Stops nobody.
    Reminder,
}

/// One rule's reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    pub rule: RuleId,
    pub severity: Severity,
    pub category: Category,
    pub citation: Cow<'static, str>,
    /// One plain sentence for the staff; may name what only they may know.
    pub message: Cow<'static, str>,
    /// One plain sentence without the debtor's private affairs, for the creditor's people.
    pub message_public: Cow<'static, str>,
    /// The facts it rests on.
    pub evidence: Vec<Evidence>,
    /// When this rule alone would no longer stand in the way, inside contact hours where those
    /// apply. `None`: not by waiting.
    pub clears_at: Option<Instant>,
    /// For a warning: somebody acknowledged it in this attempt.
    pub acknowledged: bool,
}

impl Finding {
    /// Whether it stands in the way of the contact.
    pub fn stands(&self) -> bool {
        match self.severity {
            Severity::Block => true,
            Severity::Warning => !self.acknowledged,
            Severity::Reminder => false,
        }
    }
}

/// A fact and its value, as the rule read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// A path in the facts: `debtor.flags.cease`.
    pub fact: Cow<'static, str>,
    pub value: String,
}

impl Evidence {
    pub fn new(fact: &'static str, value: impl Into<String>) -> Self {
        Self {
            fact: Cow::Borrowed(fact),
            value: value.into(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    pub rule: RuleId,
    pub clears_at: Instant,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockReading {
    pub zone: Zone,
    pub local: DateTime<FixedOffset>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CandidateZone {
    pub zone: Zone,
    pub because: ZoneSource,
}

/// Dates worked out for the attempt's debt, in the consumer's local days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Computed {
    /// The last day for the validation notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_due_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assumed_receipt_on: Option<NaiveDate>,
    /// The later of the computed end and the end printed on the notice decides; this is the
    /// computed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_period_ends_on: Option<NaiveDate>,
}
