//! What the rules raise while they are evaluated.

use std::borrow::Cow;

use super::attempt::{Attempt, Initiator};
use super::decision::{Computed, Evidence, Severity};
use super::facts::Creditor;
use super::rules::RuleId;
use crate::domain::time::Instant;

/// How long a rule goes on standing in the way, all else being equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// It stands at every moment before this one.
    At(Instant),
    /// Not by waiting.
    Never,
}

impl From<Option<Instant>> for Until {
    fn from(at: Option<Instant>) -> Self {
        at.map_or(Self::Never, Self::At)
    }
}

/// Why a rule fired, in words. Made only when somebody will read it.
#[derive(Debug)]
pub(crate) struct Why {
    pub message: Cow<'static, str>,
    pub evidence: Vec<Evidence>,
    /// When the source is an entry of the policy and not the rule's own.
    pub citation: Option<String>,
}

impl Why {
    pub fn says(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
            evidence: Vec::new(),
            citation: None,
        }
    }

    pub fn with(mut self, fact: &'static str, value: impl Into<String>) -> Self {
        self.evidence.push(Evidence::new(fact, value));
        self
    }

    pub fn citing(mut self, citation: &str) -> Self {
        self.citation = Some(citation.to_owned());
        self
    }
}

#[derive(Debug)]
pub(crate) struct Raised {
    pub rule: RuleId,
    pub severity: Severity,
    pub until: Until,
    pub acknowledged: bool,
    pub why: Option<Why>,
}

impl Raised {
    pub fn stands(&self) -> bool {
        match self.severity {
            Severity::Block => true,
            Severity::Warning => !self.acknowledged,
            Severity::Reminder => false,
        }
    }
}

/// Collects what one evaluation raises.
pub(crate) struct Findings<'a> {
    pub raised: Vec<Raised>,
    pub computed: Computed,
    attempt: &'a Attempt,
    creditor: &'a Creditor,
    explain: bool,
}

impl<'a> Findings<'a> {
    /// With reasons in words, and reminders.
    pub fn explained(attempt: &'a Attempt, creditor: &'a Creditor) -> Self {
        Self {
            raised: Vec::new(),
            computed: Computed::default(),
            attempt,
            creditor,
            explain: true,
        }
    }

    /// Only which rules stand, and until when.
    pub fn silent(attempt: &'a Attempt, creditor: &'a Creditor) -> Self {
        Self {
            explain: false,
            ..Self::explained(attempt, creditor)
        }
    }

    /// The same findings without their words.
    pub fn silent_copy(&self) -> Self {
        let mut copy = Self::silent(self.attempt, self.creditor);
        copy.raised.extend(self.raised.iter().map(|raised| Raised {
            why: None,
            ..*raised
        }));
        copy
    }

    pub fn clear(&mut self) {
        self.raised.clear();
    }

    pub fn block(&mut self, rule: RuleId, until: impl Into<Until>, why: impl FnOnce() -> Why) {
        self.raise(rule, Severity::Block, until.into(), why);
    }

    /// A warning, or a block where the creditor has hardened the rule.
    pub fn warn(&mut self, rule: RuleId, until: impl Into<Until>, why: impl FnOnce() -> Why) {
        let severity = if self.creditor.harden.contains(&rule) {
            Severity::Block
        } else {
            Severity::Warning
        };
        self.raise(rule, severity, until.into(), why);
    }

    pub fn remind(&mut self, rule: RuleId, why: impl FnOnce() -> Why) {
        if self.explain {
            self.raise(rule, Severity::Reminder, Until::Never, why);
        }
    }

    fn raise(&mut self, rule: RuleId, severity: Severity, until: Until, why: impl FnOnce() -> Why) {
        let acknowledged = severity == Severity::Warning
            && self.attempt.initiator == Initiator::Agent
            && self
                .attempt
                .acknowledged
                .iter()
                .any(|acknowledged| acknowledged.rule == rule);
        self.raised.push(Raised {
            rule,
            severity,
            until,
            acknowledged,
            why: self.explain.then(why),
        });
    }

    /// Whether anything stands in the way.
    pub fn is_clear(&self) -> bool {
        !self.raised.iter().any(Raised::stands)
    }
}
