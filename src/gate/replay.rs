//! A decision made again from its record: the same bytes, on any machine.

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
