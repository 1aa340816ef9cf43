//! Files from outside, from bytes to typed rows. Pure: no database, no clock, no network.
//!
//! ```text
//! bytes ── encoding ──> text ── table ──> rows of cells ── mapping ──> fields ── placements │ contacts
//! ```
//!
//! Whatever is wrong is a [`RowIssue`](issue::RowIssue) that names the line and the column in the
//! file's own words, or a [`FileError`] where the file as a whole can't be read. Nothing is
//! guessed silently: a value that can't be read for certain is an error.
//!
//! Do-not-call files are too large for a table and are read line by line: see [`dnc`].

pub mod cell;
pub mod contacts;
pub mod dnc;
pub mod encoding;
pub mod export;
pub mod header;
pub mod intent;
pub mod issue;
pub mod mapping;
pub mod message;
pub mod placements;
pub mod row;
pub mod table;
pub mod template;
pub mod words;

#[cfg(test)]
mod demo_files;
#[cfg(test)]
mod hostile_input;

use encoding::{Charset, EncodingError};
use table::{Limits, Table, TableError};

/// The largest file that is taken, in bytes: 20 MB.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;

/// Why a file can't be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Reads a delimited file into a [`Table`].
pub fn open(bytes: &[u8], charset: Charset) -> Result<Table, FileError> {
    let text = encoding::decode(bytes, charset)?;
    Ok(Table::parse(&text, &Limits::default())?)
}
