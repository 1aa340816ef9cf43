//! Making a recorded decision again, here or on another machine.

use serde::{Deserialize, Serialize};

use crate::db::Db;
use crate::domain::hash::sha256_hex;
use crate::domain::id::DecisionId;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::digest::Digest;
use crate::gate::policy::PolicySource;
use crate::gate::replay::{self, Difference, Record};
use crate::store::{Scope, decisions, policies};

/// Everything that one decision was made of: the file that `forbear replay --export` writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordFile {
    pub decision_id: DecisionId,
    pub at: Instant,
    /// SHA-256 of `decision`, as recorded.
    pub digest: String,
    pub policy_version: Digest,
    pub policy: PolicySource,
    /// The inputs and the answer: JSON, to the byte.
    pub facts: String,
    pub attempt: String,
    pub decision: String,
}

/// Reads a decision with the policy it was made by.
///
/// # Errors
/// `NotFound` where there is none, `Conflict` where its policy was not kept.
pub fn load(db: &Db, id: DecisionId) -> AppResult<RecordFile> {
    db.read(|conn| {
        let row = decisions::find(conn, Scope::Agency, id)?.ok_or(AppError::NotFound)?;
        let policy = policies::find(conn, &row.policy_version)?.ok_or_else(|| {
            AppError::Conflict(format!(
                "The policy {} that this decision was made by is not kept here.",
                row.policy_version
            ))
        })?;
        Ok(RecordFile {
            decision_id: row.id,
            at: row.at,
            digest: row.digest,
            policy_version: row.policy_version.parse().map_err(AppError::internal)?,
            policy: serde_json::from_str(&policy.content)?,
            facts: row.facts,
            attempt: row.attempt,
            decision: row.decision,
        })
    })
}

/// What became of a replay.
#[derive(Debug)]
pub struct Replayed {
    /// The decision as made again.
    pub decision: String,
    /// Where it differs from the recorded one; empty where it is the same to the byte.
    pub differences: Vec<Difference>,
}

/// Decides again from the record alone.
///
/// # Errors
/// `Conflict` in words where the record can't be replayed by this program, or was changed.
pub fn replay(file: &RecordFile) -> AppResult<Replayed> {
    if sha256_hex(file.decision.as_bytes()) != file.digest {
        return Err(cannot(
            "the recorded answer does not have the digest that was recorded with it, so one of \
             them was changed",
        ));
    }
    let policy = file.policy.read().map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        cannot(format!("its policy can't be read: {}", lines.join("; ")))
    })?;
    if policy.version() != file.policy_version {
        let why = file.policy.other_program();
        return Err(cannot(why.unwrap_or_else(|| {
            "the policy in the record is not the one that it names".to_owned()
        })));
    }
    let record = Record {
        facts: file.facts.clone(),
        attempt: file.attempt.clone(),
        decision: file.decision.clone(),
        policy_version: file.policy_version,
    };
    let again = replay::replay(&policy, &record).map_err(cannot)?;
    let mut differences = Vec::new();
    if !again.same {
        differences = replay::differences(&file.decision, &again.decision);
        if differences.is_empty() {
            // The same values in another spelling.
            differences.push(Difference {
                path: String::new(),
                recorded: file.decision.clone(),
                now: again.decision.clone(),
            });
        }
    }
    Ok(Replayed {
        decision: again.decision,
        differences,
    })
}

fn cannot(why: impl std::fmt::Display) -> AppError {
    AppError::Conflict(format!("The decision can't be made again: {why}."))
}
