//! The demonstration's folder: recognised, begun, started over.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::sheet::Sheet;
use crate::start::{self, StartError};

/// The sheet; its presence makes a folder a demonstration's.
const SHEET: &str = "demo.json";

/// There while the sample files are brought in: a start that was broken off begins anew.
const UNFINISHED: &str = "demo.unfinished";

/// What a database makes a folder somebody's.
const DATABASE: &str = "forbear.db";

/// Every file that the demonstration makes, and that starting over deletes. The lock stays.
const FILES: [&str; 7] = [
    DATABASE,
    "forbear.db-wal",
    "forbear.db-shm",
    "secret",
    "stops.journal",
    UNFINISHED,
    // Last: while it is there, the folder is known as a demonstration's.
    SHEET,
];

/// Why a folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error(
        "{0} holds a database that is not the demonstration\u{2019}s. Choose another folder with --data."
    )]
    NotADemo(String),
    #[error("{path}: {error}")]
    Io { path: String, error: io::Error },
    #[error(transparent)]
    Start(Box<StartError>),
}

/// What is in the folder.
#[derive(Debug)]
pub(super) enum State {
    /// Nothing yet.
    New,
    /// A demonstration that was filled before.
    Kept(Sheet),
}

/// Finds out what is in the folder and, if it is to be filled, notes that this has begun.
pub(super) fn prepare(folder: &Path, fresh: bool) -> Result<State, FolderError> {
    start::create_private_folder(folder).map_err(|error| FolderError::Start(Box::new(error)))?;
    let is_there = |name: &str| folder.join(name).exists();
    let is_demo = is_there(SHEET) || is_there(UNFINISHED);
    if is_there(DATABASE) && !is_demo {
        return Err(FolderError::NotADemo(folder.display().to_string()));
    }
    if is_there(SHEET) && !is_there(UNFINISHED) && !fresh {
        return read(folder).map(State::Kept);
    }
    if is_demo {
        clear(folder)?;
    }
    let marker = folder.join(UNFINISHED);
    fs::write(&marker, b"").map_err(|error| failed(&marker, error))?;
    Ok(State::New)
}

/// Deletes what the demonstration made, unless a process uses it.
fn clear(folder: &Path) -> Result<(), FolderError> {
    let _lock = start::lock_folder(folder).map_err(|error| FolderError::Start(Box::new(error)))?;
    let mail = folder.join("mail");
    if let Ok(entries) = fs::read_dir(&mail) {
        for path in entries.flatten().map(|entry| entry.path()) {
            if path
                .extension()
                .is_some_and(|kind| kind == "eml" || kind == "part")
            {
                remove(&path)?;
            }
        }
        // Stays if somebody put something of their own into it.
        let _ = fs::remove_dir(&mail);
    }
    for name in FILES {
        remove(&folder.join(name))?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), FolderError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(path, error)),
    }
}

fn read(folder: &Path) -> Result<Sheet, FolderError> {
    let path = folder.join(SHEET);
    let text = fs::read(&path).map_err(|error| failed(&path, error))?;
    serde_json::from_slice(&text).map_err(|error| failed(&path, error.into()))
}

/// Writes the sheet so that only its owner can read it.
pub(super) fn write(folder: &Path, sheet: &Sheet) -> Result<(), FolderError> {
    let path = folder.join(SHEET);
    let unfinished = folder.join("demo.json.part");
    let write = || {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(&serde_json::to_vec_pretty(sheet)?)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)
    };
    write().map_err(|error| failed(&path, error))
}

/// Notes that the folder is filled.
pub(super) fn finished(folder: &Path) -> Result<(), FolderError> {
    remove(&folder.join(UNFINISHED))
}

fn failed(path: &Path, error: io::Error) -> FolderError {
    FolderError::Io {
        path: path.display().to_string(),
        error,
    }
}
