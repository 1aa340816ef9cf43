//! The command line.

mod audit;
mod backup;
mod demo;
mod dnc;
mod doctor;
pub mod files;
mod gate;
mod migrate;
mod policy;
mod replay;
mod serve;
mod user;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, ConfigError, LogFormat};
use crate::demo::DemoError;
use crate::domain::time::{SharedClock, SystemClock};
use crate::error::AppError;
use crate::start::StartError;

/// The collections dashboard that cannot break the law by accident.
#[derive(Debug, Parser)]
#[command(name = "forbear", version, about, propagate_version = true)]
struct Cli {
    /// Settings file (TOML); the environment wins over it.
    #[arg(long, global = true, env = "FORBEAR_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard, the portal and the API, with the workers.
    Serve(serve::ServeArgs),
    /// Do the work of the workers alone, for a server that runs with workers = "off".
    Worker,
    /// Try everything out on invented files, in a folder of its own.
    Demo(demo::DemoArgs),
    /// Load do-not-call lists.
    Dnc {
        #[command(subcommand)]
        command: dnc::DncCommand,
    },
    /// Write a copy of the SQLite database to a new file, while the server runs.
    Backup(backup::BackupArgs),
    /// Check, write out and sign the audit chains.
    Audit {
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// Ask the gate about a case.
    Gate {
        #[command(subcommand)]
        command: gate::GateCommand,
    },
    /// Check, show, compare and test policies.
    Policy {
        #[command(subcommand)]
        command: policy::PolicyCommand,
    },
    /// Make a recorded decision again and compare it to the byte.
    Replay(replay::ReplayArgs),
    /// Bring the database's schema up to date.
    Migrate,
    /// Look over the installation: a line for each thing that must be right.
    Doctor,
    /// Add people who may sign in.
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
}

/// What a command can come to; the text is for the person at the terminal.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    App(AppError),
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error("{0}")]
    Other(String),
    /// Everything has been said already; only the exit code is left to tell.
    #[error("it failed")]
    Told,
}

impl From<AppError> for CliError {
    /// What is already a sentence for a person is told as it is.
    fn from(error: AppError) -> Self {
        match error {
            AppError::Conflict(text) => Self::Other(text),
            AppError::Invalid(errors) => {
                let texts: Vec<&str> = errors.iter().map(|it| it.message.as_str()).collect();
                Self::Other(texts.join(" "))
            }
            other => Self::App(other),
        }
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = load_config(cli.config.as_deref()).and_then(|config| {
        start_log(config.log_format);
        match cli.command {
            Command::Serve(args) => serve::run(&config, &args),
            Command::Worker => serve::run_worker(&config),
            Command::Demo(args) => demo::run(config, args),
            Command::Dnc { command } => dnc::run(&config, command),
            Command::Backup(args) => backup::run(&config, &args),
            Command::Audit { command } => audit::run(&config, command),
            Command::Gate { command } => gate::run(command),
            Command::Policy { command } => policy::run(command),
            Command::Replay(args) => replay::run(&config, &args),
            Command::Migrate => migrate::run(&config),
            Command::Doctor => doctor::run(&config),
            Command::User { command } => user::run(&config, command),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(CliError::Told) => ExitCode::FAILURE,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn load_config(file: Option<&std::path::Path>) -> Result<Config, CliError> {
    Ok(Config::load(file, std::env::vars())?)
}

fn clock() -> SharedClock {
    Arc::new(SystemClock)
}

/// `FORBEAR_LOG` takes the usual directives; without it, our own lines from `info` up.
fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_env("FORBEAR_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,forbear=info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second start in one process (a test) keeps the first log.
    let _ = match format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.try_init(),
    };
}

/// Runs `work` on the runtime that the server needs.
fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    actix_web::rt::System::new().block_on(work)
}

/// A reader that has gone away, such as `head`, is no reason to die.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[expect(clippy::print_stderr, reason = "this is the command line")]
fn complain(line: &str) {
    eprintln!("forbear: {line}");
}
