//! An agency's own list: `number, source, added, expires` in any order, of which only the number
//! is needed. A cell holds no line break.

use std::str::FromStr;

use chrono::NaiveDate;

use super::cells::Splitter;
use super::lines::Line;
use super::{Change, DncEntry, DncLine};
use crate::domain::phone::PhoneNumber;
use crate::intake::cell::{self, DateOrder};
use crate::intake::header;
use crate::intake::issue::RowIssue;

const SOURCE_CHARS: usize = 100;

/// A column, and its header in the file's own words.
struct Column {
    at: usize,
    name: String,
}

/// Where each field stands.
pub(super) struct Columns {
    splitter: Splitter,
    number: Column,
    source: Option<Column>,
    added: Option<Column>,
    expires: Option<Column>,
}

impl Columns {
    /// `None` where the line names no number column.
    pub fn of_header(line: &str) -> Option<Self> {
        [b',', b';', b'\t', b'|'].into_iter().find_map(|delimiter| {
            let mut splitter = Splitter::new(delimiter);
            if !splitter.split(line) {
                return None;
            }
            let find = |names: &[&str]| {
                splitter
                    .cells()
                    .position(|cell| names.contains(&header::words(cell).as_str()))
                    .map(|at| Column {
                        at,
                        name: splitter.cell(at).trim().to_owned(),
                    })
            };
            let number = find(&["number", "phone", "phone e 164", "mobile"])?;
            let source = find(&["source", "list", "reason", "requested by"]);
            let added = find(&[
                "added",
                "added on",
                "added at",
                "date added",
                "date",
                "since",
            ]);
            let expires = find(&[
                "expires",
                "expires on",
                "expires at",
                "expiry",
                "expiry date",
                "until",
            ]);
            Some(Self {
                splitter,
                number,
                source,
                added,
                expires,
            })
        })
    }

    pub fn line(&mut self, line: &Line<'_>) -> DncLine {
        match self.entry(line) {
            Ok(entry) => DncLine::Entry(entry),
            Err(issue) => DncLine::Invalid(issue),
        }
    }

    fn entry(&mut self, line: &Line<'_>) -> Result<DncEntry, RowIssue> {
        let whole = |message: &str| {
            let text = String::from_utf8_lossy(line.bytes);
            RowIssue::new(line.number, &self.number.name, &text, message)
        };
        if line.is_cut {
            return Err(whole("stands in a line of more than 1,024 bytes"));
        }
        let Ok(text) = std::str::from_utf8(line.bytes) else {
            return Err(whole("stands in a line that is not UTF-8 text"));
        };
        if !self.splitter.split(text) {
            return Err(whole("stands in a line of more than 64 cells"));
        }
        let value = cell::line_of_text(self.splitter.cell(self.number.at));
        let number = PhoneNumber::from_str(&value).map_err(|error| {
            RowIssue::new(line.number, &self.number.name, &value, error.to_string())
        })?;
        Ok(DncEntry {
            line: line.number,
            number,
            change: Change::Add,
            source: self.source(line.number)?,
            added_on: self.day(self.added.as_ref(), line.number)?,
            expires_on: self.day(self.expires.as_ref(), line.number)?,
        })
    }

    fn source(&self, line: u32) -> Result<Option<String>, RowIssue> {
        let Some(Column { at, name }) = &self.source else {
            return Ok(None);
        };
        let text = cell::line_of_text(self.splitter.cell(*at));
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

    fn day(&self, column: Option<&Column>, line: u32) -> Result<Option<NaiveDate>, RowIssue> {
        let Some(Column { at, name }) = column else {
            return Ok(None);
        };
        let text = self.splitter.cell(*at).trim();
        if text.is_empty() {
            return Ok(None);
        }
        cell::date(text, DateOrder::MonthFirst)
            .map(Some)
            .map_err(|error| RowIssue::new(line, name, text, error.to_string()))
    }
}
