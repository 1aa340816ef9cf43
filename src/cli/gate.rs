//! `forbear gate`: asking the gate about a case, without a database.

use std::path::PathBuf;

use clap::Subcommand;

use super::{CliError, files, say};
use crate::gate::cases;

#[derive(Debug, Subcommand)]
pub enum GateCommand {
    /// Answer one case: facts and an attempt as JSON in, the decision as JSON out.
    Check {
        /// The case; - for standard input.
        #[arg(default_value = "-")]
        file: PathBuf,
        /// A folder with federal.json, states.json and overlays.json, instead of the program's
        /// own policy.
        #[arg(long)]
        policy: Option<PathBuf>,
    },
}

pub fn run(command: GateCommand) -> Result<(), CliError> {
    let GateCommand::Check { file, policy } = command;
    let policy = files::policy(policy.as_deref())?;
    let text = files::read(&file)?;
    let decision = cases::check(&policy, &text)
        .map_err(|error| CliError::Other(format!("{}: {error}", file.display())))?;
    let json = serde_json::to_string_pretty(&decision)
        .map_err(|error| CliError::Other(error.to_string()))?;
    say(&json);
    Ok(())
}
