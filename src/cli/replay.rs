//! `forbear replay`: a recorded decision made again, to the byte.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::{CliError, files, say};
use crate::actions::replay::{self, RecordFile};
use crate::config::Config;
use crate::domain::id::DecisionId;
use crate::error::AppError;
use crate::start;

#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The decision's id.
    #[arg(required_unless_present = "from")]
    decision: Option<DecisionId>,
    /// Replay from a file that --export wrote, here or on another machine; - for standard input.
    #[arg(long, conflicts_with = "decision")]
    from: Option<PathBuf>,
    /// Also write everything the decision was made of to this file: decision-ID.json here where
    /// none is named.
    #[arg(long, value_name = "FILE")]
    export: Option<Option<PathBuf>>,
}

pub fn run(config: &Config, args: &ReplayArgs) -> Result<(), CliError> {
    let record = match (&args.from, args.decision) {
        (Some(file), _) => serde_json::from_str(&files::read(file)?)
            .map_err(|error| CliError::Other(format!("{}: {error}", file.display())))?,
        (None, Some(id)) => stored(config, id)?,
        (None, None) => return Err(CliError::Other("name a decision".to_owned())),
    };
    if let Some(file) = &args.export {
        let file = &match file {
            Some(file) => file.clone(),
            None => PathBuf::from(format!("decision-{}.json", record.decision_id)),
        };
        let json = serde_json::to_string_pretty(&record)
            .map_err(|error| CliError::Other(error.to_string()))?;
        fs::write(file, json + "\n").map_err(|error| files::not_read(file, &error))?;
    }
    let replayed = replay::replay(&record)?;
    for difference in &replayed.differences {
        say(&format!(
            "{}: recorded {}, now {}",
            difference.path, difference.recorded, difference.now
        ));
    }
    if !replayed.differences.is_empty() {
        say(&format!("decision {}: NOT the same", record.decision_id));
        return Err(CliError::Told);
    }
    say(&format!(
        "decision {} of {}: the same to the byte, by policy {}",
        record.decision_id, record.at, record.policy_version
    ));
    Ok(())
}

fn stored(config: &Config, id: DecisionId) -> Result<RecordFile, CliError> {
    let looking = start::look(config)?;
    replay::load(&looking.db, id).map_err(|error| match error {
        AppError::NotFound => CliError::Other(format!("there is no decision {id}")),
        other => other.into(),
    })
}
