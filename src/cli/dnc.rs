//! `forbear dnc`: lists of numbers that nobody may call.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use super::{CliError, clock, complain, say};
use crate::actions::ctx::Ctx;
use crate::actions::dnc::{self, DncScope};
use crate::actions::dnc_lists::{self, ListSource, NewLoad, Progress};
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::intake::dnc::{DncFormat, DncReader};
use crate::start;
use crate::store::creditors;
use crate::store::dnc_lists::LoadRow;

#[derive(Debug, Subcommand)]
pub enum DncCommand {
    /// Load a list: AAA,NNNNNNN or AAANNNNNNN or XML as the national registry ships it, full or
    /// as changes, or a CSV file with a number column.
    Load(LoadArgs),
    /// Show the lists in force.
    Lists,
    /// Take back the last load of a list: what was in force before it is again.
    Undo {
        #[arg(long, default_value = NATIONAL)]
        list: String,
        /// agency for a list that binds every creditor, or a creditor's name.
        #[arg(long, default_value = "agency")]
        scope: String,
    },
}

#[derive(Debug, Args)]
pub struct LoadArgs {
    file: PathBuf,
    /// agency for a list that binds every creditor, or a creditor's name.
    #[arg(long, default_value = "agency")]
    scope: String,
    /// The list that the file is: a full file replaces it. Without a name, the registry's layouts
    /// are the national registry, and a CSV file adds single entries with its own days.
    #[arg(long)]
    list: Option<String>,
    /// Who keeps the list.
    #[arg(long, value_enum, default_value = "federal")]
    source: SourceArg,
    /// The day whose state the file shows; today unless told.
    #[arg(long)]
    as_of: Option<NaiveDate>,
    /// The last day on which the list holds; for good unless told.
    #[arg(long)]
    expires: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SourceArg {
    Federal,
    State,
    Internal,
}

/// The list that the registry's own layouts are, unless told otherwise.
const NATIONAL: &str = "National registry";

const ACTOR: Actor = Actor::System("cli");

pub fn run(config: &Config, command: DncCommand) -> Result<(), CliError> {
    match command {
        DncCommand::Load(args) => load(config, args),
        DncCommand::Lists => {
            let services = start::services(config, clock())?;
            let lists = services
                .ctx
                .read(|conn| Ok(crate::store::dnc_lists::in_force(conn)?))?;
            for list in lists {
                say(&line(&list));
            }
            Ok(())
        }
        DncCommand::Undo { list, scope } => {
            let services = start::services(config, clock())?;
            let ctx = &services.ctx;
            let scope = named_scope(ctx, &scope)?;
            let load = dnc_lists::in_force(ctx, scope, &list)?
                .ok_or_else(|| CliError::Other(format!("there is no list called {list}")))?;
            match dnc_lists::undo(ctx, &ACTOR, load.id)? {
                Some(back) => say(&format!("In force again: {}", line(&back))),
                None => say(&format!("{list} is not in force any more.")),
            }
            Ok(())
        }
    }
}

fn load(config: &Config, args: LoadArgs) -> Result<(), CliError> {
    let named = |error| CliError::Other(format!("{}: {error}", args.file.display()));
    let open = || File::open(&args.file).map(BufReader::new).map_err(named);
    let format = DncReader::new(open()?)
        .map_err(|error| CliError::Other(format!("{}: {error}", args.file.display())))?
        .format();
    let services = start::services(config, clock())?;
    let ctx = &services.ctx;
    let scope = named_scope(ctx, &args.scope)?;
    let list = match (args.list, format) {
        (Some(list), _) => list,
        (None, DncFormat::OwnCsv) => {
            let loaded = dnc::load(ctx, &ACTOR, scope, open()?)?;
            for problem in &loaded.problems {
                complain(&problem.to_string());
            }
            say(&format!(
                "{} numbers are on the list; {} lines hold none.",
                loaded.numbers, loaded.invalid
            ));
            return Ok(());
        }
        (None, _) => NATIONAL.to_owned(),
    };
    let new = NewLoad {
        scope,
        list,
        source: match args.source {
            SourceArg::Federal => ListSource::Federal,
            SourceArg::State => ListSource::State,
            SourceArg::Internal => ListSource::Internal,
        },
        file_name: args
            .file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        as_of: args
            .as_of
            .unwrap_or_else(|| ctx.now().as_naive_utc().date()),
        expires_on: args.expires,
        bytes: std::fs::metadata(&args.file).ok().map(|file| file.len()),
    };
    let id = dnc_lists::begin(ctx, &ACTOR, &new)?;
    let done = dnc_lists::run(ctx, &ACTOR, id, open()?, &mut |progress| {
        complain(&match progress {
            Progress::Reading { bytes } => match new.bytes {
                Some(all) if all > 0 => format!("read {} %", bytes * 100 / all),
                _ => format!("read {} MB", bytes / 1_000_000),
            },
            Progress::Writing { numbers } => format!("written {numbers} numbers"),
        });
    })?;
    say(&line(&done));
    Ok(())
}

fn named_scope(ctx: &Ctx, scope: &str) -> Result<DncScope, CliError> {
    if scope == "agency" {
        return Ok(DncScope::Agency);
    }
    ctx.read(|conn| Ok(creditors::by_name(conn, scope)?))?
        .map(|creditor| DncScope::Creditor(creditor.id))
        .ok_or_else(|| CliError::Other(format!("there is no creditor called {scope}")))
}

fn line(load: &LoadRow) -> String {
    format!(
        "{}: {} numbers as of {}; {} added, {} taken off, {} lines hold none.",
        load.list, load.numbers, load.as_of, load.added, load.removed, load.invalid
    )
}
