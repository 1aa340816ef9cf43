//! Do-not-call files, read line by line in constant memory: the national registry's flat files
//! and one's own list. Ten million numbers never stand in memory at once.

mod cells;
mod lines;
mod own_csv;
mod xml;

use std::io::{self, BufRead};

use chrono::NaiveDate;

use self::lines::{BoundedLines, Line};
use self::own_csv::Columns;
use self::xml::XmlTags;
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
    /// `AAA,NNNNNNN` with when, and `A` or `D`: what was added to a list and deleted from it.
    ChangeList,
    /// The national registry's XML, full list or changes.
    Xml,
    /// A header row with a number column and, if wanted, source, added and expires.
    OwnCsv,
}

/// What a line does to the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Add,
    Remove,
}

/// One number that must not be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DncEntry {
    /// The physical line of the file, from 1.
    pub line: u32,
    pub number: PhoneNumber,
    pub change: Change,
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
        "\"{0}\" is neither a number (212,5550142 or 2125550142) nor a header row with a column named number."
    )]
    UnknownFormat(String),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// How each line is taken apart.
enum Reading<R> {
    Flat(BoundedLines<R>, DncFormat),
    OwnCsv(BoundedLines<R>, Box<Columns>),
    Xml(XmlTags<R>),
}

/// An iterator over the lines of a do-not-call file. Blank lines are skipped. It ends after an
/// error of the source.
pub struct DncReader<R> {
    reading: Reading<R>,
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
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        if text.trim_ascii_start().starts_with(b"<") {
            let start = excerpt(&String::from_utf8_lossy(&text[..text.len().min(100)]));
            let tags = XmlTags::new(source)?.ok_or(DncError::UnknownFormat(start))?;
            return Ok(Self {
                reading: Reading::Xml(tags),
                first: None,
                has_failed: false,
            });
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
            let text = String::from_utf8_lossy(bytes).into_owned();
            let (reading, first) = if flat_number(bytes).is_some() {
                let format = flat_format(bytes);
                let first = flat_line(&line, format);
                (Reading::Flat(lines, format), Some(first))
            } else if let Some(columns) = Columns::of_header(&text) {
                (Reading::OwnCsv(lines, Box::new(columns)), None)
            } else if bytes.iter().all(|b| b.is_ascii_digit() || *b == b',') {
                // A list that begins with a broken number is still a list.
                let format = flat_format(bytes);
                let first = flat_line(&line, format);
                (Reading::Flat(lines, format), Some(first))
            } else {
                return Err(DncError::UnknownFormat(excerpt(&text)));
            };
            return Ok(Self {
                reading,
                first,
                has_failed: false,
            });
        }
    }

    pub fn format(&self) -> DncFormat {
        match self.reading {
            Reading::Flat(_, format) => format,
            Reading::OwnCsv(..) => DncFormat::OwnCsv,
            Reading::Xml(_) => DncFormat::Xml,
        }
    }

    /// Bytes read so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        match &self.reading {
            Reading::Flat(lines, _) | Reading::OwnCsv(lines, _) => lines.bytes_read(),
            Reading::Xml(tags) => tags.bytes_read(),
        }
    }

    /// Whether the file says what changed in a list, and not what is on it.
    pub fn is_change_list(&self) -> bool {
        match &self.reading {
            Reading::Flat(_, format) => *format == DncFormat::ChangeList,
            Reading::OwnCsv(..) => false,
            Reading::Xml(tags) => tags.is_change_list(),
        }
    }
}

impl<R: BufRead> Iterator for DncReader<R> {
    type Item = io::Result<DncLine>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(first) = self.first.take() {
            return Some(Ok(first));
        }
        if self.has_failed {
            return None;
        }
        let next = match &mut self.reading {
            Reading::Flat(lines, format) => next_line(lines, |line| flat_line(line, *format)),
            Reading::OwnCsv(lines, columns) => next_line(lines, |line| columns.line(line)),
            Reading::Xml(tags) => tags.next(),
        };
        self.has_failed = next.is_err();
        next.transpose()
    }
}

/// The next line that isn't blank.
fn next_line<R: BufRead>(
    lines: &mut BoundedLines<R>,
    mut read: impl FnMut(&Line<'_>) -> DncLine,
) -> io::Result<Option<DncLine>> {
    while let Some(line) = lines.next()? {
        if !line.bytes.trim_ascii().is_empty() {
            return Ok(Some(read(&line)));
        }
    }
    Ok(None)
}

fn flat_format(bytes: &[u8]) -> DncFormat {
    if flat_number(bytes).is_some_and(|(_, rest)| !rest.is_empty()) {
        DncFormat::ChangeList
    } else if bytes.contains(&b',') {
        DncFormat::AreaCommaNumber
    } else {
        DncFormat::TenDigits
    }
}

fn flat_line(line: &Line<'_>, format: DncFormat) -> DncLine {
    let is_change_list = format == DncFormat::ChangeList;
    let issue = |message: &str| {
        let text = String::from_utf8_lossy(line.bytes);
        DncLine::Invalid(RowIssue::new(line.number, "number", &text, message))
    };
    let Some((number, rest)) = flat_number(line.bytes.trim_ascii()).filter(|_| !line.is_cut) else {
        return issue("is not a US phone number: lines look like 212,5550142 or 2125550142");
    };
    let change = match (is_change_list, rest.is_empty()) {
        (false, true) => Some(Change::Add),
        (true, false) => rest.split(|&b| b == b',').find_map(change_word),
        (false, false) | (true, true) => None,
    };
    match change {
        Some(change) => DncLine::Entry(DncEntry {
            line: line.number,
            number,
            change,
            source: None,
            added_on: None,
            expires_on: None,
        }),
        None if is_change_list => {
            issue("doesn't say whether the number is added (A) or deleted (D)")
        }
        None => issue("has more than a number: lines look like 212,5550142 or 2125550142"),
    }
}

/// Whether a cell says that a number is added or deleted.
fn change_word(cell: &[u8]) -> Option<Change> {
    let cell = cell.trim_ascii();
    let is = |words: &[&[u8]]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
    if is(&[b"A", b"ADD", b"ADDED"]) {
        Some(Change::Add)
    } else if is(&[b"D", b"DEL", b"DELETE", b"DELETED"]) {
        Some(Change::Remove)
    } else {
        None
    }
}

/// `AAA,NNNNNNN` or `AAANNNNNNN`, and what stands behind a comma after it.
fn flat_number(bytes: &[u8]) -> Option<(PhoneNumber, &[u8])> {
    let (area, rest) = bytes.split_at_checked(3)?;
    let rest = rest.strip_prefix(b",").unwrap_or(rest);
    let (local, rest) = rest.split_at_checked(7)?;
    let rest = match rest.split_first() {
        None => rest,
        Some((b',', rest)) => rest,
        Some(_) => return None,
    };
    let mut digits = 0_i64;
    for &byte in area.iter().chain(local) {
        if !byte.is_ascii_digit() {
            return None;
        }
        digits = digits * 10 + i64::from(byte - b'0');
    }
    Some((PhoneNumber::from_national(digits).ok()?, rest))
}

#[cfg(test)]
mod tests;
