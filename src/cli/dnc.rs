//! `forbear dnc`: lists of numbers that nobody may call.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Subcommand;

use super::{CliError, clock, complain, say};
use crate::actions::dnc::{self, DncScope};
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::start;
use crate::store::creditors;

#[derive(Debug, Subcommand)]
pub enum DncCommand {
    /// Load a list: AAA,NNNNNNN or AAANNNNNNN as the national registry ships it, or a CSV file
    /// with a number column.
    Load {
        file: PathBuf,
        /// agency for a list that binds every creditor, or a creditor's name.
        #[arg(long, default_value = "agency")]
        scope: String,
    },
}

pub fn run(config: &Config, command: DncCommand) -> Result<(), CliError> {
    let DncCommand::Load { file, scope } = command;
    let source = File::open(&file)
        .map_err(|error| CliError::Other(format!("{}: {error}", file.display())))?;
    let services = start::services(config, clock())?;
    let ctx = &services.ctx;
    let scope = match scope.as_str() {
        "agency" => DncScope::Agency,
        name => DncScope::Creditor(
            ctx.read(|conn| Ok(creditors::by_name(conn, name)?))?
                .ok_or_else(|| CliError::Other(format!("there is no creditor called {name}")))?
                .id,
        ),
    };
    let loaded = dnc::load(ctx, &Actor::System("cli"), scope, BufReader::new(source))?;
    for problem in &loaded.problems {
        complain(&problem.to_string());
    }
    say(&format!(
        "{} numbers are on the list; {} lines hold none.",
        loaded.numbers, loaded.invalid
    ));
    Ok(())
}
