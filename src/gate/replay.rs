//! A decision made again from its record: the same bytes, on any machine.

use serde_json::Value;

use super::attempt::Attempt;
use super::decide_on_record;
use super::digest::Digest;
use super::facts::Facts;
use super::policy::Policy;

/// What is stored of one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Canonical JSON of the facts.
    pub facts: String,
    pub attempt: String,
    pub decision: String,
    /// The policy by whose content it was made.
    pub policy_version: Digest,
}

/// What became of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The decision as made again.
    pub decision: String,
    /// Whether it is the recorded one, to the byte.
    pub same: bool,
}

/// Why a record can't be replayed.
#[derive(Debug, thiserror::Error)]
pub enum CannotReplay {
    #[error("the record was made by policy {recorded}, and this is policy {given}")]
    OtherPolicy { recorded: Digest, given: Digest },
    #[error("the stored facts can't be read: {0}")]
    Facts(serde_json::Error),
    #[error("the stored attempt can't be read: {0}")]
    Attempt(serde_json::Error),
    #[error("the decision can't be written: {0}")]
    Decision(serde_json::Error),
}

/// Decides and makes the record of it.
///
/// # Errors
/// When a value has no JSON form, which no value read from JSON lacks.
pub fn record(policy: &Policy, facts: &Facts, attempt: &Attempt) -> Result<Record, CannotReplay> {
    let decision = decide_on_record(policy, facts, attempt);
    Ok(Record {
        facts: serde_json::to_string(facts).map_err(CannotReplay::Facts)?,
        attempt: serde_json::to_string(attempt).map_err(CannotReplay::Attempt)?,
        decision: serde_json::to_string(&decision).map_err(CannotReplay::Decision)?,
        policy_version: policy.version(),
    })
}

/// Decides again from the stored inputs by the stored policy.
///
/// # Errors
/// When the policy is another one, or the record can't be read.
pub fn replay(policy: &Policy, record: &Record) -> Result<Replay, CannotReplay> {
    if policy.version() != record.policy_version {
        return Err(CannotReplay::OtherPolicy {
            recorded: record.policy_version,
            given: policy.version(),
        });
    }
    let facts: Facts = serde_json::from_str(&record.facts).map_err(CannotReplay::Facts)?;
    let attempt: Attempt = serde_json::from_str(&record.attempt).map_err(CannotReplay::Attempt)?;
    let decision = decide_on_record(policy, &facts, &attempt);
    let decision = serde_json::to_string(&decision).map_err(CannotReplay::Decision)?;
    Ok(Replay {
        same: decision == record.decision,
        decision,
    })
}

/// One place in which two decisions differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `/findings/0/message`
    pub path: String,
    /// As JSON; `nothing` where it is not there.
    pub recorded: String,
    pub now: String,
}

/// Where a decision made again differs from the recorded one, in the order of the text.
pub fn differences(recorded: &str, now: &str) -> Vec<Difference> {
    let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::String(text.to_owned()));
    let mut found = Vec::new();
    compare("", Some(&read(recorded)), Some(&read(now)), &mut found);
    found
}

fn compare(path: &str, recorded: Option<&Value>, now: Option<&Value>, found: &mut Vec<Difference>) {
    match (recorded, now) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let added = other.keys().filter(|key| !one.contains_key(*key));
            for key in one.keys().chain(added) {
                compare(
                    &format!("{path}/{key}"),
                    one.get(key),
                    other.get(key),
                    found,
                );
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            for index in 0..one.len().max(other.len()) {
                compare(
                    &format!("{path}/{index}"),
                    one.get(index),
                    other.get(index),
                    found,
                );
            }
        }
        (one, other) if one == other => {}
        (one, other) => {
            let show = |value: Option<&Value>| {
                value.map_or_else(|| "nothing".to_owned(), ToString::to_string)
            };
            found.push(Difference {
                path: path.to_owned(),
                recorded: show(one),
                now: show(other),
            });
        }
    }
}
