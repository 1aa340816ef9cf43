//! `forbear user`: the first people, before anyone can sign in to add them.

use std::io::{BufRead, IsTerminal};

use clap::Subcommand;

use super::{CliError, clock, say};
use crate::actions::people::{self, NewPerson};
use crate::config::Config;
use crate::domain::access::Role;
use crate::domain::actor::Actor;
use crate::domain::text_enum::TextEnum;
use crate::start;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a person. The password is read from standard input, one line.
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// administrator, compliance, supervisor, agent, creditor_admin or creditor_member.
        #[arg(long, default_value = "administrator")]
        role: String,
        /// The creditor's name, for its own people.
        #[arg(long)]
        creditor: Option<String>,
    },
}

pub fn run(config: &Config, command: UserCommand) -> Result<(), CliError> {
    let UserCommand::Add {
        email,
        name,
        role,
        creditor,
    } = command;
    let role = Role::from_word(&role)
        .ok_or_else(|| CliError::Other(format!("there is no role called {role}")))?;
    let services = start::services(config, clock())?;
    let mut password = String::new();
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        say("Password (at least 12 characters; it will be visible):");
    }
    stdin
        .lock()
        .read_line(&mut password)
        .map_err(|error| CliError::Other(format!("the password can't be read: {error}")))?;
    let person = NewPerson {
        email,
        name,
        role,
        creditor_name: creditor,
        password: password.trim_end_matches(['\r', '\n']).to_owned(),
    };
    let id = people::add(&services.ctx, &Actor::System("cli"), person)?;
    say(&format!("Added. The person\u{2019}s id is {id}."));
    Ok(())
}
