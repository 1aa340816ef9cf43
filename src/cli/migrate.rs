//! `forbear migrate`: the schema brought up to date, and nothing else.

use super::{CliError, say};
use crate::config::Config;
use crate::start;

pub fn run(config: &Config) -> Result<(), CliError> {
    let names = start::migrate(config)?;
    for name in &names {
        say(&format!("migrated {name}"));
    }
    if names.is_empty() {
        say("the database is up to date");
    }
    Ok(())
}
