//! An agency's own list: `number, source, added, expires` in any order, of which only the number
//! is needed. A cell holds no line break.

use std::str::FromStr;

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};

use super::lines::Line;
use super::{DncEntry, DncLine};
use crate::domain::phone::PhoneNumber;
use crate::intake::cell::{self, DateOrder};
use crate::intake::header;
use crate::intake::issue::RowIssue;

const SOURCE_CHARS: usize = 100;

/// Where each field stands, with the header in the file's own words.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    delimiter: u8,
    number: (usize, String),
    source: Option<(usize, String)>,
    added: Option<(usize, String)>,
    expires: Option<(usize, String)>,
}

impl Columns {
    /// `None` where the line names no number column.
    pub fn of_header(line: &str) -> Option<Self> {
        [b',', b';', b'\t', b'|'].into_iter().find_map(|delimiter| {
            let record = split(line, delimiter)?;
            let find = |names: &[&str]| {
                record
                    .iter()
                    .enumerate()
                    .find(|(_, cell)| names.contains(&header::words(cell).as_str()))
                    .map(|(column, cell)| (column, cell.trim().to_owned()))
            };
            Some(Self {
                delimiter,
                number: find(&["number", "phone", "phone e 164", "mobile"])?,
                source: find(&["source", "list", "reason", "requested by"]),
                added: find(&[
                    "added",
                    "added on",
                    "added at",
                    "date added",
                    "date",
                    "since",
                ]),
                expires: find(&[
                    "expires",
                    "expires on",
                    "expires at",
                    "expiry",
                    "expiry date",
                    "until",
                ]),
            })
        })
    }

    pub fn line(&self, line: &Line<'_>) -> DncLine {
        match self.entry(line) {
            Ok(entry) => DncLine::Entry(entry),
            Err(issue) => DncLine::Invalid(issue),
        }
    }

    fn entry(&self, line: &Line<'_>) -> Result<DncEntry, RowIssue> {
        let whole = String::from_utf8_lossy(line.bytes);
        let (column, name) = &self.number;
        let issue = |value: &str, message: &str| RowIssue::new(line.number, name, value, message);
        if line.is_cut {
            return Err(issue(&whole, "stands in a line of more than 1,024 bytes"));
        }
        let text = std::str::from_utf8(line.bytes)
            .map_err(|_| issue(&whole, "stands in a line that is not UTF-8 text"))?;
        let record = split(text, self.delimiter).unwrap_or_default();
        let value = cell::line_of_text(record.get(*column).unwrap_or_default());
        let number =
            PhoneNumber::from_str(&value).map_err(|error| issue(&value, &error.to_string()))?;
        Ok(DncEntry {
            line: line.number,
            number,
            source: self.source(&record, line.number)?,
            added_on: day(&record, self.added.as_ref(), line.number)?,
            expires_on: day(&record, self.expires.as_ref(), line.number)?,
        })
    }

    fn source(&self, record: &StringRecord, line: u32) -> Result<Option<String>, RowIssue> {
        let Some((column, name)) = &self.source else {
            return Ok(None);
        };
        let text = cell::line_of_text(record.get(*column).unwrap_or_default());
        if text.chars().nth(SOURCE_CHARS).is_some() {
            return Err(RowIssue::new(
                line,
                name,
                &text,
                "has more than 100 characters",
            ));
        }
        Ok((!text.is_empty()).then(|| text.into_owned()))
    }
}

fn day(
    record: &StringRecord,
    column: Option<&(usize, String)>,
    line: u32,
) -> Result<Option<NaiveDate>, RowIssue> {
    let Some((column, name)) = column else {
        return Ok(None);
    };
    let text = record.get(*column).unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(None);
    }
    cell::date(text, DateOrder::MonthFirst)
        .map(Some)
        .map_err(|error| RowIssue::new(line, name, text, error.to_string()))
}

fn split(line: &str, delimiter: u8) -> Option<StringRecord> {
    let mut record = StringRecord::new();
    let is_read = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(line.len().max(1))
        .from_reader(line.as_bytes())
        .read_record(&mut record)
        .unwrap_or(false);
    is_read.then_some(record)
}
