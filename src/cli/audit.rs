//! `forbear audit`: the chains checked, written out and signed.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{CliError, clock, files, say};
use crate::actions::audit::{self, Found};
use crate::actions::checkpoints;
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::domain::audit_chain::Chain;
use crate::domain::checkpoint::{Checkpoint, PublicKey};
use crate::domain::id::CreditorId;
use crate::start::{self, Looking};
use crate::store::creditors;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Compute every hash again and name the first bad event of each chain.
    Verify(VerifyArgs),
    /// Write the chains as lines of JSON, for others to check with tools/verify_audit.py.
    Export {
        /// Only this creditor's chain: its id or its name.
        #[arg(long)]
        creditor: Option<String>,
        /// The file to write; standard output where none is named.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Sign the state of all chains now, and print the signed note.
    Checkpoint,
    /// Print the key that checkpoints are checked with.
    PublicKey,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Only this creditor's chain: its id or its name.
    #[arg(long)]
    creditor: Option<String>,
    /// A checkpoint that was kept elsewhere: finds a chain that was rewritten whole.
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// The key that signed it, or a file with the key; this installation's where none is given.
    #[arg(long, requires = "checkpoint")]
    public_key: Option<String>,
    /// Check a file that `audit export` wrote instead of the database.
    #[arg(long, conflicts_with = "creditor")]
    export: Option<PathBuf>,
}

pub fn run(config: &Config, command: AuditCommand) -> Result<(), CliError> {
    match command {
        AuditCommand::Verify(args) => verify(config, &args),
        AuditCommand::Export { creditor, out } => {
            export(config, creditor.as_deref(), out.as_deref())
        }
        AuditCommand::Checkpoint => {
            let services = start::services(config, clock())?;
            let signed = checkpoints::sign(&services.ctx, &Actor::System("cli"))?;
            say(signed.note.trim_end());
            Ok(())
        }
        AuditCommand::PublicKey => {
            say(&own_key(config)?.to_string());
            Ok(())
        }
    }
}

fn verify(config: &Config, args: &VerifyArgs) -> Result<(), CliError> {
    let given = match &args.checkpoint {
        Some(file) => vec![checkpoint(config, file, args.public_key.as_deref())?],
        None => Vec::new(),
    };
    let found = match &args.export {
        Some(file) => audit::verify_export(lines_of(file)?, &given)?,
        None => verify_database(config, args, given)?,
    };
    let (mut events, mut broken) = (0, 0);
    for (chain, result) in &found {
        match result {
            Ok(head) => {
                events += head.length;
                say(&format!("chain {chain}: {} events, whole", head.length));
            }
            Err(fault) => {
                broken += 1;
                say(&format!("chain {chain}: BROKEN: {fault}"));
            }
        }
    }
    if broken > 0 {
        say(&format!("{broken} of {} chains are broken", found.len()));
        return Err(CliError::Told);
    }
    say(&format!("{} chains, {events} events: whole", found.len()));
    Ok(())
}

fn lines_of(file: &Path) -> Result<impl Iterator<Item = io::Result<String>>, CliError> {
    let open = File::open(file).map_err(|error| files::not_read(file, &error))?;
    Ok(BufReader::new(open).lines())
}

/// Beside a checkpoint that is given, the last one that is stored is compared too.
fn verify_database(
    config: &Config,
    args: &VerifyArgs,
    mut signed: Vec<Checkpoint>,
) -> Result<Vec<(String, Found)>, CliError> {
    let looking = start::look(config)?;
    if let Some(keys) = &looking.keys {
        let url = config.public_url();
        signed.extend(
            looking
                .db
                .read(|conn| checkpoints::opened(keys, &url, conn))?,
        );
    }
    let chains = match &args.creditor {
        Some(creditor) => vec![chain_of(&looking, creditor)?],
        None => audit::chains(&looking.db, &signed)?,
    };
    chains
        .into_iter()
        .map(|chain| {
            let heads = audit::signed_of(&signed, &chain);
            let found = audit::verify(&looking.db, &chain, &heads, |_| Ok(()))?;
            Ok((chain, found))
        })
        .collect()
}

fn export(config: &Config, creditor: Option<&str>, out: Option<&Path>) -> Result<(), CliError> {
    let looking = start::look(config)?;
    let chains = match creditor {
        Some(creditor) => vec![chain_of(&looking, creditor)?],
        None => audit::chains(&looking.db, &[])?,
    };
    match out {
        None => {
            audit::export(
                &looking.db,
                &chains,
                &mut BufWriter::new(io::stdout().lock()),
            )?;
        }
        Some(file) => {
            let made = File::create(file).map_err(|error| files::not_read(file, &error))?;
            let events = audit::export(&looking.db, &chains, &mut BufWriter::new(&made))?;
            made.sync_all()
                .map_err(|error| files::not_read(file, &error))?;
            say(&format!("{} chains, {events} events", chains.len()));
        }
    }
    Ok(())
}

/// The chain of a creditor, named by its id or its name.
fn chain_of(looking: &Looking, creditor: &str) -> Result<String, CliError> {
    let id = match creditor.parse::<CreditorId>() {
        Ok(id) => Some(id),
        Err(_) => looking
            .db
            .read(|conn| creditors::by_name(conn, creditor).map_err(crate::error::AppError::from))?
            .map(|creditor| creditor.id),
    };
    id.map(|id| Chain::Creditor(id).to_string())
        .ok_or_else(|| CliError::Other(format!("there is no creditor called {creditor}")))
}

/// Opens a checkpoint with the key that is given, or this installation's own.
fn checkpoint(config: &Config, file: &Path, key: Option<&str>) -> Result<Checkpoint, CliError> {
    let key = match key {
        Some(key) => files::read_or_take(key)?
            .parse::<PublicKey>()
            .map_err(|error| CliError::Other(error.to_string()))?,
        None => own_key(config)?,
    };
    let note = fs::read_to_string(file).map_err(|error| files::not_read(file, &error))?;
    Checkpoint::open(&note, &key)
        .map_err(|error| CliError::Other(format!("{}: {error}", file.display())))
}

fn own_key(config: &Config) -> Result<PublicKey, CliError> {
    let keys = start::existing_keys(config)?.ok_or_else(|| {
        CliError::Other("there is no secret here; name the key with --public-key".to_owned())
    })?;
    Ok(checkpoints::public_key(&keys, &config.public_url()))
}
