//! `forbear policy`: the law as data, checked, shown, compared and tested.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{CliError, files, say};
use crate::gate::Policy;
use crate::gate::policy::{Change, Changed, PolicyEntry, diff};

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Check a policy and sum it up: the program's own, or the one in a folder.
    Check { folder: Option<PathBuf> },
    /// Run every case file (*.json) in a folder, or one file of cases.
    Test {
        folder: PathBuf,
        /// Test the policy in this folder instead of the program's own.
        #[arg(long)]
        policy: Option<PathBuf>,
    },
    /// List the entries of a policy, with their dates and sources.
    Show {
        /// US, a state's code or an overlay's id; every place where none is named.
        place: Option<String>,
        #[arg(long)]
        policy: Option<PathBuf>,
    },
    /// Say what changes from one policy to another.
    Diff {
        /// The newer policy's folder.
        to: PathBuf,
        /// The older policy's folder, instead of the program's own policy.
        #[arg(long)]
        from: Option<PathBuf>,
    },
}

pub fn run(command: PolicyCommand) -> Result<(), CliError> {
    match command {
        PolicyCommand::Check { folder } => {
            say(&files::policy(folder.as_deref())?.summary().to_string());
            Ok(())
        }
        PolicyCommand::Test { folder, policy } => test(&folder, policy.as_deref()),
        PolicyCommand::Show { place, policy } => {
            show(&*files::policy(policy.as_deref())?, place.as_deref())
        }
        PolicyCommand::Diff { to, from } => {
            let (before, after) = (files::policy(from.as_deref())?, files::policy(Some(&to))?);
            let changes = diff(&before, &after);
            for change in &changes {
                say(&changed(change));
            }
            say(&format!("{} changes", changes.len()));
            Ok(())
        }
    }
}

fn test(folder: &Path, policy: Option<&Path>) -> Result<(), CliError> {
    let policy = files::policy(policy)?;
    let report =
        files::run_cases(&policy, folder).map_err(|error| files::not_read(folder, &error))?;
    for failure in &report.failures {
        say(&failure.to_string());
    }
    say(&report.to_string());
    if report.is_success() {
        Ok(())
    } else {
        Err(CliError::Told)
    }
}

fn show(policy: &Policy, place: Option<&str>) -> Result<(), CliError> {
    let entries: Vec<&PolicyEntry> = policy
        .entries()
        .iter()
        .filter(|entry| place.is_none_or(|place| entry.place.eq_ignore_ascii_case(place)))
        .collect();
    if entries.is_empty() {
        return Err(CliError::Other(format!(
            "the policy has no entry for {}",
            place.unwrap_or("any place")
        )));
    }
    for entry in entries {
        say(&line(entry));
    }
    say(&format!("policy {}", policy.version()));
    Ok(())
}

/// `CA.call_frequency_limit = 7 [from 2020-01-01] (Cal. Code …)`
fn line(entry: &PolicyEntry) -> String {
    let mut text = format!("{}.{} = {}", entry.place, entry.field, entry.value);
    if let Some(from) = entry.effective_from {
        text.push_str(&format!(" from {from}"));
    }
    if let Some(until) = entry.effective_until {
        text.push_str(&format!(" until {until}"));
    }
    if !entry.enabled {
        text.push_str(" (switched off)");
    }
    text.push_str(&format!(" [{}]", entry.citation));
    text
}

fn changed(change: &Change) -> String {
    match &change.what {
        Changed::Added(entry) => format!("+ {}", line(entry)),
        Changed::Removed(entry) => format!("- {}", line(entry)),
        Changed::Entry { before, after } => format!("- {}\n+ {}", line(before), line(after)),
        Changed::Area { before, after } => {
            format!("- {}: {before}\n+ {}: {after}", change.place, change.place)
        }
    }
}
