//! `forbear backup`: a copy of the SQLite database, taken beside the running server.

use std::fs::{self, File};
use std::path::PathBuf;

use clap::Args;

use super::{CliError, say};
use crate::config::Config;
use crate::error::AppError;
use crate::start;
use crate::store::backup;

#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The file to write; it must not be there yet.
    file: PathBuf,
}

pub fn run(config: &Config, args: &BackupArgs) -> Result<(), CliError> {
    let failed =
        |what: &dyn std::fmt::Display| CliError::Other(format!("{}: {what}", args.file.display()));
    if args.file.exists() {
        return Err(failed(&"is there already"));
    }
    let looking = start::look(config)?;
    // Names of debtors are in it: nobody else may read it, not even while it is being written.
    let unfinished = args.file.with_extension("part");
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(|error| failed(&error))?;
    }
    create_private(&unfinished).map_err(|error| failed(&error))?;
    let is_written = looking
        .db
        .unmanaged(|conn| backup::write(conn, &unfinished).map_err(AppError::from))?;
    if !is_written {
        let _ = fs::remove_file(&unfinished);
        return Err(CliError::Other(
            "this is PostgreSQL: take backups with pg_dump or your provider\u{2019}s tools"
                .to_owned(),
        ));
    }
    File::open(&unfinished)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&unfinished, &args.file))
        .map_err(|error| failed(&error))?;
    let bytes = fs::metadata(&args.file).map_or(0, |data| data.len());
    say(&format!(
        "{} written, {} kB. Keep it apart from stops.journal, and never put an old journal back.",
        args.file.display(),
        bytes.div_ceil(1024)
    ));
    Ok(())
}

/// An empty file that its owner alone may read; `VACUUM INTO` takes an empty file.
fn create_private(path: &std::path::Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
