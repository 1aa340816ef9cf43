//! The command line.

mod demo;
mod dnc;
mod serve;
mod user;

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
    App(#[from] AppError),
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error("{0}")]
    Other(String),
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
            Command::User { command } => user::run(&config, command),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
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

#[expect(clippy::print_stdout, reason = "this is the command line")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "this is the command line")]
fn complain(line: &str) {
    eprintln!("forbear: {line}");
}
