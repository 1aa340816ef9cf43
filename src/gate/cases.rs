//! Cases: facts, one attempt, the answer expected.
//!
//! `forbear policy test DIR` runs a folder of files of them, `forbear gate check` answers one.

use std::fmt;

use chrono::{Duration, NaiveDate, Timelike};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::decision::{Computed, Decision, Outcome, Severity};
use super::rules::Strength;
use super::{Attempt, Facts, Policy, RuleId, decide_on_record};
use crate::domain::time::Instant;

/// Why a text is not a case.
#[derive(Debug, thiserror::Error)]
pub enum NotACase {
    #[error("is not JSON: {0}")]
    Json(serde_json::Error),
    #[error("is not an object")]
    NotAnObject,
    #[error("has no object `facts`")]
    NoFacts,
    #[error("has no `facts.attempt`")]
    NoAttempt,
    /// A key or a value that is none of the format's, by its place: `facts.debtor.zip`.
    #[error("{place}: {error}")]
    Field {
        place: String,
        error: serde_json::Error,
    },
}

/// One case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub id: String,
    pub facts: Facts,
    pub attempt: Attempt,
    /// Absent: the case only asks.
    pub expect: Option<Expect>,
}

/// The answer a case expects.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    pub decision: Verdict,
    /// Rules that must be among those that decide.
    pub rules: Vec<RuleId>,
    /// Not stated: any answer will do. Stated as null: never, or allowed at once.
    pub clears_at: Option<Option<Instant>>,
    pub accept_decisions: Vec<Verdict>,
    pub accept_clears_at: Vec<Option<Instant>>,
    pub computed: ExpectedDates,
}

/// The gate's answer as a case names it, for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Allow,
    Warn,
    Block,
}

impl From<Outcome> for Verdict {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Allow => Self::Allow,
            Outcome::Acknowledge => Self::Warn,
            Outcome::Refuse => Self::Block,
        }
    }
}

/// Dates a case expects the rules to work out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExpectedDates {
    pub validation_due_on: Option<NaiveDate>,
    pub assumed_receipt_on: Option<NaiveDate>,
    pub validation_period_ends_on: Option<NaiveDate>,
    pub accept_validation_period_ends_on: Vec<NaiveDate>,
}

/// Everything a case file may hold. What an expectation may hold beside it is read from both.
#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    id: String,
    #[serde(rename = "source")]
    _source: Option<String>,
    #[serde(rename = "paraphrase")]
    _paraphrase: Option<String>,
    #[serde(rename = "confidence")]
    _confidence: Option<String>,
    #[serde(rename = "notes")]
    _notes: Option<String>,
    expect: Option<ExpectFields>,
    presumption: bool,
    accept_decisions: Vec<Verdict>,
    accept_clears_at: Vec<Option<Instant>>,
    computed: Option<ExpectedDates>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectFields {
    decision: Verdict,
    #[serde(default)]
    rules: Vec<RuleId>,
    #[serde(default, deserialize_with = "stated")]
    clears_at: Option<Option<Instant>>,
    #[serde(default)]
    presumption: bool,
    #[serde(default)]
    accept_decisions: Vec<Verdict>,
    #[serde(default)]
    accept_clears_at: Vec<Option<Instant>>,
    #[serde(default)]
    computed: Option<ExpectedDates>,
}

impl Case {
    /// Reads one case.
    ///
    /// # Errors
    /// When it is no JSON object of the format; unknown keys are errors.
    pub fn parse(text: &str) -> Result<Self, NotACase> {
        Self::from_value(serde_json::from_str(text).map_err(NotACase::Json)?)
    }

    fn from_value(value: Value) -> Result<Self, NotACase> {
        let Value::Object(mut fields) = value else {
            return Err(NotACase::NotAnObject);
        };
        let Some(Value::Object(mut facts)) = fields.remove("facts") else {
            return Err(NotACase::NoFacts);
        };
        let attempt = facts.remove("attempt").ok_or(NotACase::NoAttempt)?;
        let facts = read("facts", Value::Object(facts))?;
        let attempt = read("facts.attempt", attempt)?;
        let file = read("case", Value::Object(without_nulls(fields)))?;
        Ok(Self::assemble(file, facts, attempt))
    }

    fn assemble(file: File, facts: Facts, attempt: Attempt) -> Self {
        let expect = file.expect.map(|expect| {
            let mut accept_decisions = file.accept_decisions;
            accept_decisions.extend(expect.accept_decisions);
            if file.presumption || expect.presumption {
                accept_decisions.extend([Verdict::Warn, Verdict::Block]);
            }
            let clears = file
                .accept_clears_at
                .into_iter()
                .chain(expect.accept_clears_at);
            Expect {
                decision: expect.decision,
                rules: expect.rules,
                clears_at: expect.clears_at,
                accept_decisions,
                accept_clears_at: clears.collect(),
                computed: expect.computed.or(file.computed).unwrap_or_default(),
            }
        });
        Self {
            id: file.id,
            facts,
            attempt,
            expect,
        }
    }

    /// What differs between the answer and the one expected. Empty: the case passes.
    pub fn run(&self, policy: &Policy) -> Vec<Difference> {
        let Some(expect) = &self.expect else {
            return vec![Difference::new("expect", "an expectation", "none")];
        };
        let decision = decide_on_record(policy, &self.facts, &self.attempt);
        let mut differences = Vec::new();
        let verdict = Verdict::from(decision.outcome);
        if verdict != expect.decision && !expect.accept_decisions.contains(&verdict) {
            differences.push(Difference::new(
                "decision",
                format!("{:?}", expect.decision),
                format!("{verdict:?}, by {}", rules_of(&decision)),
            ));
        }
        if verdict == expect.decision || verdict != Verdict::Allow {
            differences.extend(expect.missing_rules(&decision));
        }
        differences.extend(expect.wrong_clearing(verdict, &decision));
        differences.extend(expect.computed.differences(&decision.computed));
        differences
    }
}

/// A null that is written says something, unlike a key that is left out.
fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Instant>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A part of a case; an error says where in it.
fn read<T: DeserializeOwned>(part: &str, value: Value) -> Result<T, NotACase> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." {
            part.to_owned()
        } else {
            format!("{part}.{path}")
        };
        NotACase::Field {
            place,
            error: error.into_inner(),
        }
    })
}

/// `"computed": null` says as much as no `computed`.
fn without_nulls(fields: Map<String, Value>) -> Map<String, Value> {
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect()
}

fn rules_of(decision: &Decision) -> String {
    let rules: Vec<&str> = decision
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Reminder)
        .map(|finding| finding.rule.as_str())
        .collect();
    format!("[{}]", rules.join(", "))
}

impl Expect {
    /// A refusal is decided by blocks and warnings. Where the answer is milder, and for a rule that
    /// never does more than remind, a reminder is all there can be.
    fn missing_rules(&self, decision: &Decision) -> Vec<Difference> {
        let refused = decision.outcome == Outcome::Refuse;
        let decides = |rule: RuleId| {
            let may_remind = !refused || rule.info().strength == Strength::Reminder;
            decision.findings.iter().any(|finding| {
                finding.rule == rule && (may_remind || finding.severity != Severity::Reminder)
            })
        };
        self.rules
            .iter()
            .filter(|rule| !decides(**rule))
            .map(|rule| Difference::new("rules", rule.as_str(), rules_of(decision)))
            .collect()
    }

    /// The first whole minute is compared, and only where both answers are the same kind of no.
    fn wrong_clearing(&self, verdict: Verdict, decision: &Decision) -> Option<Difference> {
        let same_kind = verdict == self.decision
            || (verdict != Verdict::Allow && self.decision != Verdict::Allow);
        if verdict == Verdict::Allow || !same_kind {
            return None;
        }
        let expected = self.clears_at?;
        let actual = decision.earliest_lawful_at.map(next_whole_minute);
        let accepted = actual == expected || self.accept_clears_at.contains(&actual);
        (!accepted)
            .then(|| Difference::new("clears_at", show_instant(expected), show_instant(actual)))
    }
}

fn show_instant(at: Option<Instant>) -> String {
    at.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339())
}

fn next_whole_minute(at: Instant) -> Instant {
    let utc = at.to_utc();
    let past = Duration::seconds(i64::from(utc.second()))
        + Duration::nanoseconds(i64::from(utc.nanosecond()));
    if past.is_zero() {
        at
    } else {
        at.minus(past).plus(Duration::minutes(1))
    }
}

impl ExpectedDates {
    fn differences(&self, computed: &Computed) -> Vec<Difference> {
        let check = |what,
                     expected: Option<NaiveDate>,
                     accepted: &[NaiveDate],
                     actual: Option<NaiveDate>| {
            let fits = expected.is_none()
                || expected == actual
                || actual.is_some_and(|actual| accepted.contains(&actual));
            (!fits).then(|| {
                let show = |date: Option<NaiveDate>| {
                    date.map_or_else(|| "none".to_owned(), |date| date.to_string())
                };
                Difference::new(what, show(expected), show(actual))
            })
        };
        [
            check(
                "validation_due_on",
                self.validation_due_on,
                &[],
                computed.validation_due_on,
            ),
            check(
                "assumed_receipt_on",
                self.assumed_receipt_on,
                &[],
                computed.assumed_receipt_on,
            ),
            check(
                "validation_period_ends_on",
                self.validation_period_ends_on,
                &self.accept_validation_period_ends_on,
                computed.validation_period_ends_on,
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// One way in which an answer is not the one expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub what: &'static str,
    pub expected: String,
    pub actual: String,
}

impl Difference {
    fn new(what: &'static str, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self {
            what,
            expected: expected.into(),
            actual: actual.into(),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: expected {}, was {}",
            self.what, self.expected, self.actual
        )
    }
}

/// What became of one folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    pub passed: usize,
    pub failures: Vec<Failure>,
}

/// A case that failed, or a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub file: String,
    pub case: String,
    pub reason: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.case, self.reason)
    }
}

impl Report {
    pub fn is_success(&self) -> bool {
        self.failures.is_empty()
    }
}

/// `12 passed, 0 failed`
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failures.len())
    }
}

impl Report {
    /// Runs the text of one file: an array of cases or one case.
    pub fn run_text(&mut self, policy: &Policy, file: &str, text: &str) {
        let cases = match serde_json::from_str(text) {
            Ok(Value::Array(cases)) => cases,
            Ok(case) => vec![case],
            Err(error) => return self.fail(file, "file", NotACase::Json(error).to_string()),
        };
        for (index, value) in cases.into_iter().enumerate() {
            let name = value
                .get("id")
                .and_then(Value::as_str)
                .map_or_else(|| format!("case {index}"), str::to_owned);
            match Case::from_value(value) {
                Ok(case) => self.run_case(policy, file, &name, &case),
                Err(error) => self.fail(file, &name, error.to_string()),
            }
        }
    }

    fn run_case(&mut self, policy: &Policy, file: &str, name: &str, case: &Case) {
        let differences = case.run(policy);
        if differences.is_empty() {
            self.passed += 1;
            return;
        }
        let reasons: Vec<String> = differences.iter().map(ToString::to_string).collect();
        self.fail(file, name, reasons.join("; "));
    }

    /// Counts a file that can't be read, or a folder without a case, as a failure.
    pub fn fail(&mut self, file: &str, case: &str, reason: String) {
        self.failures.push(Failure {
            file: file.to_owned(),
            case: case.to_owned(),
            reason,
        });
    }
}

/// Answers one case, whose `expect` may be missing: what `forbear gate check` does.
///
/// # Errors
/// When the text is not a case.
pub fn check(policy: &Policy, text: &str) -> Result<Decision, NotACase> {
    let case = Case::parse(text)?;
    Ok(decide_on_record(policy, &case.facts, &case.attempt))
}
