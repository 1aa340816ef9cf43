//! Do-not-call files, read line by line in constant memory: the national registry's flat files
//! and one's own list. Ten million numbers never stand in memory at once.

mod cells;
mod lines;
mod own_csv;

use std::io::{self, BufRead};

use chrono::NaiveDate;

use self::lines::{BoundedLines, Line};
use self::own_csv::Columns;
use super::encoding::{self, EncodingError};
use super::issue::{RowIssue, excerpt};
use crate::domain::phone::PhoneNumber;

/// How the lines of a file are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DncFormat {
    /// `AAA,NNNNNNN`, as the national registry ships it.
    AreaCommaNumber,
    /// `AAANNNNNNN`.
    TenDigits,
    /// A header row with a number column and, if wanted, source, added and expires.
    OwnCsv,
}

/// One number that must not be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DncEntry {
    /// The physical line of the file, from 1.
    pub line: u32,
    pub number: PhoneNumber,
    /// Who asked or which list it is from; `None` where the file doesn't say.
    pub source: Option<String>,
    pub added_on: Option<NaiveDate>,
    /// The last day on which the entry holds; `None`: for good.
    pub expires_on: Option<NaiveDate>,
}

/// What one line holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DncLine {
    Entry(DncEntry),
    Invalid(RowIssue),
}

/// Why a file can't be read as a do-not-call list.
#[derive(Debug, thiserror::Error)]
pub enum DncError {
    #[error("The file is empty.")]
    Empty,
    #[error(transparent)]
    NotText(EncodingError),
    #[error(
        "This looks like an XML list. Download the list as a text file (area code, comma, number) and upload that."
    )]
    Xml,
    #[error(
        "\"{0}\" is neither a number (212,5550142 or 2125550142) nor a header row with a column named number."
    )]
    UnknownFormat(String),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// How each line is taken apart.
enum Reading {
    Flat(DncFormat),
    OwnCsv(Box<Columns>),
}

/// An iterator over the lines of a do-not-call file. Blank lines are skipped. It ends after an
/// error of the source.
pub struct DncReader<R> {
    lines: BoundedLines<R>,
    reading: Reading,
    /// The line by which the format was recognised, where it is a number itself.
    first: Option<DncLine>,
    has_failed: bool,
}

impl<R: BufRead> DncReader<R> {
    /// Reads as far as the first line that isn't blank, and recognises the format by it.
    pub fn new(mut source: R) -> Result<Self, DncError> {
        let head = source.fill_buf()?;
        if let Some(kind) = encoding::binary_kind(head) {
            return Err(DncError::NotText(EncodingError::Binary(kind)));
        }
        let mut lines = BoundedLines::new(source);
        loop {
            let Some(line) = lines.next()? else {
                return Err(DncError::Empty);
            };
            let bytes = line.bytes.trim_ascii();
            if bytes.is_empty() {
                continue;
            }
            if bytes.starts_with(b"<") {
                return Err(DncError::Xml);
            }
            let number = line.number;
            let text = String::from_utf8_lossy(bytes).into_owned();
            let (reading, first) = if flat_number(bytes).is_some() {
                let format = flat_format(bytes);
                (Reading::Flat(format), Some(flat_line(&line)))
            } else if let Some(columns) = Columns::of_header(&text) {
                (Reading::OwnCsv(Box::new(columns)), None)
            } else if bytes.iter().all(|b| b.is_ascii_digit() || *b == b',') {
                // A list that begins with a broken number is still a list.
                let issue = invalid(number, bytes);
                let format = flat_format(bytes);
                (Reading::Flat(format), Some(DncLine::Invalid(issue)))
            } else {
                return Err(DncError::UnknownFormat(excerpt(&text)));
            };
            return Ok(Self {
                lines,
                reading,
                first,
                has_failed: false,
            });
        }
    }

    pub fn format(&self) -> DncFormat {
        match self.reading {
            Reading::Flat(format) => format,
            Reading::OwnCsv(_) => DncFormat::OwnCsv,
        }
    }

    /// Bytes read so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }
}

impl<R: BufRead> Iterator for DncReader<R> {
    type Item = io::Result<DncLine>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(first) = self.first.take() {
            return Some(Ok(first));
        }
        while !self.has_failed {
            let line = match self.lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => return None,
                Err(error) => {
                    self.has_failed = true;
                    return Some(Err(error));
                }
            };
            if line.bytes.trim_ascii().is_empty() {
                continue;
            }
            return Some(Ok(match &mut self.reading {
                Reading::Flat(_) => flat_line(&line),
                Reading::OwnCsv(columns) => columns.line(&line),
            }));
        }
        None
    }
}

fn flat_format(bytes: &[u8]) -> DncFormat {
    if bytes.contains(&b',') {
        DncFormat::AreaCommaNumber
    } else {
        DncFormat::TenDigits
    }
}

fn flat_line(line: &Line<'_>) -> DncLine {
    match flat_number(line.bytes.trim_ascii()) {
        Some(number) if !line.is_cut => DncLine::Entry(DncEntry {
            line: line.number,
            number,
            source: None,
            added_on: None,
            expires_on: None,
        }),
        Some(_) | None => DncLine::Invalid(invalid(line.number, line.bytes)),
    }
}

fn invalid(line: u32, bytes: &[u8]) -> RowIssue {
    RowIssue::new(
        line,
        "number",
        &String::from_utf8_lossy(bytes),
        "is not a US phone number: lines look like 212,5550142 or 2125550142",
    )
}

/// `AAA,NNNNNNN` or `AAANNNNNNN`.
fn flat_number(bytes: &[u8]) -> Option<PhoneNumber> {
    let (area, rest) = bytes.split_at_checked(3)?;
    let rest = rest.strip_prefix(b",").unwrap_or(rest);
    if rest.len() != 7 {
        return None;
    }
    let mut digits = 0_i64;
    for &byte in area.iter().chain(rest) {
        if !byte.is_ascii_digit() {
            return None;
        }
        digits = digits * 10 + i64::from(byte - b'0');
    }
    PhoneNumber::from_national(digits).ok()
}

#[cfg(test)]
mod tests;
