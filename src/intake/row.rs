//! One row under a mapping: asks for fields, collects everything that is wrong.

use std::fmt::Display;

use chrono::NaiveDate;

use super::cell;
use super::issue::{Issues, RowIssue};
use super::mapping::{Bound, Field};
use super::table::Row;
use crate::domain::money::Cents;

/// A non-blank cell, and the column it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    pub text: &'a str,
    pub column: usize,
}

/// Reads the fields of one row. A value that can't be read is `None` and an issue; the row has
/// [`failures`](RowReader::failures) then, and the caller drops it after asking for the rest, so that
/// all errors of a row are shown at once.
pub struct RowReader<'a, F: Field> {
    row: Row<'a>,
    bound: &'a Bound<F>,
    errors: &'a mut Issues,
    warnings: &'a mut Issues,
    failures: usize,
}

impl<'a, F: Field> RowReader<'a, F> {
    pub fn new(
        row: Row<'a>,
        bound: &'a Bound<F>,
        errors: &'a mut Issues,
        warnings: &'a mut Issues,
    ) -> Self {
        Self {
            row,
            bound,
            errors,
            warnings,
            failures: 0,
        }
    }

    pub fn line(&self) -> u32 {
        self.row.line()
    }

    /// How many errors the row has so far.
    pub fn failures(&self) -> usize {
        self.failures
    }

    /// Whether any column holds the field.
    pub fn is_mapped(&self, field: F) -> bool {
        !self.bound.columns(field).is_empty()
    }

    /// The field's cells that are not blank.
    pub fn cells(&self, field: F) -> impl Iterator<Item = Cell<'a>> + use<'a, F> {
        let row = self.row;
        self.bound.columns(field).iter().filter_map(move |&column| {
            let text = row.cell(column).trim();
            (!text.is_empty()).then_some(Cell { text, column })
        })
    }

    pub fn cell(&self, field: F) -> Option<Cell<'a>> {
        self.cells(field).next()
    }

    pub fn fail(&mut self, cell: Cell<'_>, message: impl Display) {
        let header = self.bound.header(cell.column);
        let issue = RowIssue::new(self.line(), header, cell.text, message.to_string());
        self.errors.push(issue);
        self.failures += 1;
    }

    /// An error of a field that may have no cell at all.
    pub fn fail_field(&mut self, field: F, message: impl Display) {
        let issue = self.issue(field, message);
        self.errors.push(issue);
        self.failures += 1;
    }

    /// Worth knowing; the row is taken all the same.
    pub fn warn_field(&mut self, field: F, message: impl Display) {
        let issue = self.issue(field, message);
        self.warnings.push(issue);
    }

    fn issue(&self, field: F, message: impl Display) -> RowIssue {
        let value = self.cell(field).map_or("", |cell| cell.text);
        let header = self.bound.header_of(field);
        RowIssue::new(self.line(), header, value, message.to_string())
    }

    /// The field read by `read`; `None` where it is blank or wrong.
    pub fn read<T, E: Display>(
        &mut self,
        field: F,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let cell = self.cell(field)?;
        self.taken(cell, read(cell.text))
    }

    /// The values of all cells of the field that `read` takes, each once, in the order of the
    /// file. A cell may hold several, separated by semicolons, bars or line ends.
    pub fn read_all<T: PartialEq, E: Display>(
        &mut self,
        field: F,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for cell in self.cells(field) {
            for part in cell.text.split([';', '|', '\n', '\r']) {
                let part = cell::line_of_text(part);
                if part.is_empty() {
                    continue;
                }
                let part_cell = Cell {
                    text: &part,
                    column: cell.column,
                };
                if let Some(value) = self.taken(part_cell, read(&part))
                    && !values.contains(&value)
                {
                    values.push(value);
                }
            }
        }
        values
    }

    fn taken<T, E: Display>(&mut self, cell: Cell<'_>, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(cell, error);
                None
            }
        }
    }

    /// One line of text of at most `limit` characters.
    pub fn text(&mut self, field: F, limit: usize) -> Option<String> {
        self.read(field, |text| within(cell::line_of_text(text), limit))
            .filter(|text| !text.is_empty())
    }

    /// Text of several lines, of at most `limit` characters.
    pub fn long_text(&mut self, field: F, limit: usize) -> Option<String> {
        self.read(field, |text| within(cell::lines_of_text(text), limit))
            .filter(|text| !text.is_empty())
    }

    pub fn yes_or_no(&mut self, field: F) -> Option<bool> {
        self.read(field, cell::yes_or_no)
    }

    pub fn date(&mut self, field: F) -> Option<NaiveDate> {
        let order = self.bound.date_order();
        self.read(field, |text| cell::date(text, order))
    }

    /// A day that has been: not after `today`.
    pub fn past_date(&mut self, field: F, today: NaiveDate) -> Option<NaiveDate> {
        let cell = self.cell(field)?;
        let date = self.date(field)?;
        if date > today {
            self.fail(cell, "lies in the future");
            return None;
        }
        Some(date)
    }

    /// An amount of zero or more.
    pub fn amount(&mut self, field: F) -> Option<Cents> {
        self.read(field, |text| Cents::parse_input(&cell::line_of_text(text)))
    }

    /// An amount of more than zero.
    pub fn positive_amount(&mut self, field: F) -> Option<Cents> {
        let cell = self.cell(field)?;
        let amount = self.amount(field)?;
        if !amount.is_positive() {
            self.fail(cell, "is zero");
            return None;
        }
        Some(amount)
    }

    /// An error for a blank required field.
    pub fn required<T>(&mut self, field: F, value: Option<T>) -> Option<T> {
        // A cell of invisible characters is as empty as no cell, and nothing has said so yet.
        let is_blank = self
            .cell(field)
            .is_none_or(|cell| cell::line_of_text(cell.text).is_empty());
        if value.is_none() && is_blank {
            self.fail_field(field, "is empty");
        }
        value
    }
}

fn within(text: std::borrow::Cow<'_, str>, limit: usize) -> Result<String, String> {
    match text.char_indices().nth(limit) {
        Some(_) => Err(format!(
            "has {} characters; at most {limit} fit",
            text.chars().count()
        )),
        None => Ok(text.into_owned()),
    }
}
