//! Text to rows of cells: the delimiter is recognised, quotes and line ends are resolved, and
//! what breaks the shape of a table is named by line and column.

mod dialect;
mod lines;

use csv::{ReaderBuilder, StringRecord};

use self::dialect::{Dialect, is_never_closed};
use self::lines::LineCounter;
use super::issue::{RowIssue, excerpt};

/// What a table may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub rows: usize,
    pub columns: usize,
    pub cell_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 200_000,
            columns: 200,
            cell_chars: 10_000,
        }
    }
}

/// Why the text as a whole is not a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("The file has no rows.")]
    NoRows,
    #[error(
        "The first row of the file must name the columns, but line {line} begins with \"{first}\", which looks like data. Add a header row and upload the file again."
    )]
    NoHeader { line: u32, first: String },
    #[error(
        "The header row is longer than a header can be: \"{start}\" has more than {limit} characters."
    )]
    HeaderTooLong { start: String, limit: usize },
    #[error("The file has {columns} columns; at most {limit} are read.")]
    TooManyColumns { columns: usize, limit: usize },
    #[error("The file has more than {limit} rows. Split it into parts, each with the header row.")]
    TooManyRows { limit: usize },
    #[error(
        "A quotation mark that opens on line {line} is never closed, so everything behind it runs together. Close it, or double it if it belongs to the text."
    )]
    QuoteNeverClosed { line: u32 },
}

/// A delimited file with a header row. Every row has a cell for every column.
///
/// All cells stand in one string, so a table costs about as much memory as its file.
#[derive(Debug, Clone)]
pub struct Table {
    headers: Vec<String>,
    delimiter: char,
    text: String,
    /// Where each cell ends in `text`, row by row.
    ends: Vec<u32>,
    /// The physical line on which each row begins.
    lines: Vec<u32>,
    rejected: Vec<RowIssue>,
}

impl Table {
    /// Rows that break the shape are left out and named in [`Table::rejected`]; rows without any
    /// content are skipped.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, TableError> {
        let dialect = Dialect::guess(text);
        let text = &text[dialect.skip..];
        let mut lines = LineCounter::new(text.as_bytes(), dialect.first_line);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(dialect.delimiter)
            .from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        let mut table: Option<Self> = None;
        loop {
            let start = reader.position().byte();
            if !read(&mut reader, &mut record) {
                break;
            }
            let line = lines.line_of_record_at(start);
            let end = reader.position().byte();
            if end as usize >= text.len() && is_never_closed(text, start, dialect.delimiter) {
                return Err(TableError::QuoteNeverClosed { line });
            }
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            match &mut table {
                None => table = Some(Self::with_header(&record, line, &dialect, limits)?),
                Some(table) => table.add(&record, line, limits)?,
            }
        }
        table.ok_or(TableError::NoRows)
    }

    fn with_header(
        record: &StringRecord,
        line: u32,
        dialect: &Dialect,
        limits: &Limits,
    ) -> Result<Self, TableError> {
        if let Some(cell) = record
            .iter()
            .find(|cell| is_longer(cell, limits.cell_chars))
        {
            return Err(TableError::HeaderTooLong {
                start: excerpt(cell),
                limit: limits.cell_chars,
            });
        }
        if record.len() > limits.columns {
            return Err(TableError::TooManyColumns {
                columns: record.len(),
                limit: limits.columns,
            });
        }
        let like_data = record.iter().filter(|cell| looks_like_data(cell)).count();
        if like_data >= 2 || (like_data == 1 && record.len() == 1) {
            return Err(TableError::NoHeader {
                line,
                first: excerpt(record.get(0).unwrap_or_default()),
            });
        }
        Ok(Self {
            headers: distinct_headers(record),
            delimiter: char::from(dialect.delimiter),
            text: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
            rejected: Vec::new(),
        })
    }

    fn add(&mut self, record: &StringRecord, line: u32, limits: &Limits) -> Result<(), TableError> {
        if self.lines.len() + self.rejected.len() >= limits.rows {
            return Err(TableError::TooManyRows { limit: limits.rows });
        }
        if let Some(issue) = self.breach(record, line, limits) {
            self.rejected.push(issue);
            return Ok(());
        }
        for cell in record.iter().take(self.headers.len()) {
            self.text.push_str(cell);
            // The text of a file is far below 4 GB.
            self.ends
                .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        self.lines.push(line);
        Ok(())
    }

    fn breach(&self, record: &StringRecord, line: u32, limits: &Limits) -> Option<RowIssue> {
        let columns = self.headers.len();
        for (column, cell) in record.iter().enumerate() {
            if is_longer(cell, limits.cell_chars) {
                let message = format!(
                    "has {} characters; at most {} are read. A quotation mark that is never closed is the usual cause",
                    cell.chars().count(),
                    limits.cell_chars,
                );
                return Some(RowIssue::new(
                    line,
                    &self.column_name(column),
                    cell,
                    message,
                ));
            }
        }
        if record.len() < columns {
            let message = format!(
                "is missing: the row has {} cells where the header has {columns}",
                record.len(),
            );
            return Some(RowIssue::new(
                line,
                &self.column_name(record.len()),
                "",
                message,
            ));
        }
        let surplus = record
            .iter()
            .enumerate()
            .skip(columns)
            .find(|(_, cell)| !cell.trim().is_empty());
        surplus.map(|(column, cell)| {
            let message = format!(
                "stands beyond the last column: the row has {} cells where the header has {columns}. A value that contains the separator needs quotation marks around it",
                record.len(),
            );
            RowIssue::new(line, &self.column_name(column), cell, message)
        })
    }

    /// The header of a column, or its number where it has none.
    fn column_name(&self, column: usize) -> String {
        self.headers
            .get(column)
            .cloned()
            .unwrap_or_else(|| nameless(column))
    }

    /// One distinct name for each column: the file's own header, numbered where it is repeated
    /// (`Phone`, `Phone (2)`), and `Column 3` where it is empty.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    pub fn delimiter(&self) -> char {
        self.delimiter
    }

    /// The number of rows that have the right shape.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Rows that were left out, each with what is wrong with it.
    pub fn rejected(&self) -> &[RowIssue] {
        &self.rejected
    }

    pub fn row(&self, index: usize) -> Option<Row<'_>> {
        (index < self.len()).then_some(Row { table: self, index })
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|index| Row { table: self, index })
    }
}

/// One row of a [`Table`].
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    table: &'t Table,
    index: usize,
}

impl<'t> Row<'t> {
    /// The physical line on which the row begins, from 1.
    pub fn line(self) -> u32 {
        self.table.lines[self.index]
    }

    /// The cell as the file holds it; empty beyond the last column.
    pub fn cell(self, column: usize) -> &'t str {
        if column >= self.table.headers.len() {
            return "";
        }
        let at = self.index * self.table.headers.len() + column;
        let start = match at {
            0 => 0,
            _ => self.table.ends[at - 1] as usize,
        };
        &self.table.text[start..self.table.ends[at] as usize]
    }

    pub fn cells(self) -> impl Iterator<Item = &'t str> {
        (0..self.table.headers.len()).map(move |column| self.cell(column))
    }
}

/// `false` at the end. The text is UTF-8 and the reader is flexible and in memory, so nothing
/// else can stop it.
fn read(reader: &mut csv::Reader<&[u8]>, record: &mut StringRecord) -> bool {
    reader.read_record(record).unwrap_or(false)
}

fn is_longer(cell: &str, limit: usize) -> bool {
    cell.len() > limit && cell.chars().nth(limit).is_some()
}

fn nameless(column: usize) -> String {
    format!("Column {}", column + 1)
}

/// A header never is an amount, a date, a phone number or an email address.
fn looks_like_data(cell: &str) -> bool {
    let cell = cell.trim();
    let is_numeric = cell.bytes().any(|b| b.is_ascii_digit())
        && cell
            .bytes()
            .all(|b| b.is_ascii_digit() || b"$.,-/+() :".contains(&b));
    is_numeric || cell.parse::<crate::domain::email::EmailAddress>().is_ok()
}

fn distinct_headers(record: &StringRecord) -> Vec<String> {
    let mut headers: Vec<String> = Vec::with_capacity(record.len());
    for (column, cell) in record.iter().enumerate() {
        let cell: String = cell
            .chars()
            .map(|c| {
                if super::issue::is_invisible(c) {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = if name.is_empty() {
            nameless(column)
        } else {
            name
        };
        let mut distinct = name.clone();
        let mut count = 1;
        while headers.contains(&distinct) {
            count += 1;
            distinct = format!("{name} ({count})");
        }
        headers.push(distinct);
    }
    headers
}

#[cfg(test)]
mod tests;
