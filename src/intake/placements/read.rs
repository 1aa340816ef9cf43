//! One row of cells to one [`NewPlacementRow`], or to everything that is wrong with it.

use chrono::NaiveDate;

use super::identity::Seen;
use super::read_debtor::debtor;
use super::{Itemization, NewDebt, NewPlacementRow, PlacementField};
use crate::domain::money::Cents;
use crate::intake::issue::{Issues, RowIssue};
use crate::intake::mapping::{Mapping, MappingError};
use crate::intake::row::RowReader;
use crate::intake::table::Table;
use crate::intake::template;
use crate::intake::words;

pub(super) const NAME_CHARS: usize = 200;
pub(super) const NUMBER_CHARS: usize = 100;
const NOTES_CHARS: usize = 2_000;

/// What a placements file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intake {
    /// The rows without an error, in the order of the file.
    pub rows: Vec<NewPlacementRow>,
    /// Why other rows can't be placed; several for one row where several things are wrong.
    pub errors: Issues,
    /// What the creditor should know about rows that can be placed.
    pub warnings: Issues,
    /// All rows with content, the wrong ones included.
    pub rows_in_file: usize,
}

pub(super) type Reader<'a> = RowReader<'a, PlacementField>;
use PlacementField as F;

/// Reads every row under `mapping`. `today` is the day on which dates that must have been are
/// checked.
pub fn read(
    table: &Table,
    mapping: &Mapping<PlacementField>,
    today: NaiveDate,
) -> Result<Intake, Vec<MappingError>> {
    let bound = mapping.bind(table.headers())?;
    let mut intake = Intake {
        rows: Vec::with_capacity(table.len()),
        rows_in_file: table.len() + table.rejected().len(),
        ..Intake::default()
    };
    intake.errors.extend(table.rejected().iter().cloned());
    let mut seen = Seen::default();
    for row in table.rows() {
        let mut reader = RowReader::new(row, &bound, &mut intake.errors, &mut intake.warnings);
        let Some(row) = read_row(&mut reader, &mut seen, today) else {
            continue;
        };
        match seen.reference(&row, bound.header_of(F::DebtorReference)) {
            Some(issue) => intake.errors.push(issue),
            None => intake.rows.push(row),
        }
    }
    intake.errors.sort_by_line();
    Ok(intake)
}

fn read_row(reader: &mut Reader<'_>, seen: &mut Seen, today: NaiveDate) -> Option<NewPlacementRow> {
    let invoice_number = invoice_number(reader, seen);
    let amount = reader.positive_amount(F::Amount);
    let amount = reader.required(F::Amount, amount);
    let debtor = debtor(reader, today);
    let debt = debt(reader, amount, today);
    currency(reader);
    let posture = reader.read(F::Posture, words::read);
    let max_calls_per_week = reader.read(F::MaxCallsPerWeek, calls_per_week);
    let notes = reader.long_text(F::Notes, NOTES_CHARS);
    if reader.failures() > 0 {
        return None;
    }
    let row = NewPlacementRow {
        line: reader.line(),
        invoice_number: invoice_number?,
        amount: amount?,
        debtor: debtor?,
        debt,
        posture,
        max_calls_per_week,
        notes,
    };
    warn(reader, &row, today);
    Some(row)
}

fn invoice_number(reader: &mut Reader<'_>, seen: &mut Seen) -> Option<String> {
    let number = reader.text(F::InvoiceNumber, NUMBER_CHARS);
    let number = reader.required(F::InvoiceNumber, number)?;
    if number == template::EXAMPLE_INVOICE {
        reader.fail_field(
            F::InvoiceNumber,
            "is the example row of the template: delete it",
        );
        return None;
    }
    if is_shortened_by_spreadsheet(&number) {
        reader.fail_field(
            F::InvoiceNumber,
            "was shortened by a spreadsheet: format the column as text and save it again",
        );
        return None;
    }
    if let Some(first) = seen.invoice(&number, reader.line()) {
        reader.fail_field(
            F::InvoiceNumber,
            format!(
                "stands on line {first} already, and on line {}",
                reader.line()
            ),
        );
        return None;
    }
    Some(number)
}

/// `1.23457E+11`: what a spreadsheet makes of a long number.
fn is_shortened_by_spreadsheet(number: &str) -> bool {
    number
        .split_once(['E', 'e'])
        .is_some_and(|(digits, exponent)| {
            let is_decimal =
                digits.contains('.') && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            is_decimal
                && exponent
                    .strip_prefix('+')
                    .is_some_and(|rest| rest.len() == 2 && rest.bytes().all(|b| b.is_ascii_digit()))
        })
}

fn calls_per_week(text: &str) -> Result<u8, &'static str> {
    match text.parse() {
        Ok(calls @ 0..=7) => Ok(calls),
        Ok(_) | Err(_) => Err("is not a whole number from 0 to 7"),
    }
}

fn currency(reader: &mut Reader<'_>) {
    reader.read(F::Currency, |text| {
        let is_dollar = ["usd", "us$", "$", "us dollar"]
            .iter()
            .any(|name| text.eq_ignore_ascii_case(name));
        if is_dollar {
            Ok(())
        } else {
            Err("is not USD: only US dollars are taken")
        }
    });
}

fn debt(reader: &mut Reader<'_>, amount: Option<Cents>, today: NaiveDate) -> NewDebt {
    NewDebt {
        kind: reader.read(F::DebtKind, words::read),
        original_creditor: reader.text(F::OriginalCreditor, NAME_CHARS),
        invoice_date: reader.past_date(F::InvoiceDate, today),
        due_date: reader.date(F::DueDate),
        incurred_on: reader.past_date(F::IncurredOn, today),
        last_payment_on: reader.past_date(F::LastPaymentOn, today),
        limitations_expires_on: reader.date(F::LimitationsExpiresOn),
        itemization: itemization(reader, amount, today),
        po_number: reader.text(F::PoNumber, NUMBER_CHARS),
        has_written_contract: reader.yes_or_no(F::HasWrittenContract),
    }
}

fn itemization(
    reader: &mut Reader<'_>,
    amount: Option<Cents>,
    today: NaiveDate,
) -> Option<Itemization> {
    let date = reader.past_date(F::ItemizationDate, today);
    let at_date = reader.amount(F::ItemizationAmount);
    let interest = reader.amount(F::ItemizationInterest);
    let fees = reader.amount(F::ItemizationFees);
    let credits = reader.amount(F::ItemizationCredits);
    let Some(date) = date else {
        let has_amounts = [at_date, interest, fees, credits]
            .iter()
            .any(Option::is_some);
        if has_amounts && reader.cell(F::ItemizationDate).is_none() {
            reader.fail_field(
                F::ItemizationDate,
                "is empty, but itemized amounts are given",
            );
        }
        return None;
    };
    if let (Some(amount), Some(at_date), Some(interest), Some(fees), Some(credits)) =
        (amount, at_date, interest, fees, credits)
    {
        let total = at_date
            .checked_add(interest)
            .and_then(|sum| sum.checked_add(fees))
            .and_then(|sum| sum.checked_sub(credits));
        if total != Some(amount) {
            let message = format!(
                "and what came since add up to {}, but the amount is {amount}",
                total.unwrap_or_default()
            );
            reader.fail_field(F::ItemizationAmount, message);
        }
    }
    Some(Itemization {
        date,
        amount: at_date,
        interest,
        fees,
        credits,
    })
}

/// Says what will hinder or stop outreach for a row that can be placed.
fn warn(reader: &mut Reader<'_>, row: &NewPlacementRow, today: NaiveDate) {
    let debtor = &row.debtor;
    if debtor.address.state.is_none() && debtor.address.zip.is_none() {
        reader.warn_field(
            F::State,
            "is empty, and so is the ZIP code: without a time zone no call is allowed",
        );
    }
    let has_street = debtor.address.line1.is_some() && debtor.address.zip.is_some();
    if debtor.phones.is_empty() && debtor.emails.is_empty() && !has_street {
        reader.warn_field(
            F::Phone,
            "is empty: the row has no phone number, email or full address",
        );
    }
    if row.debt.due_date.is_some_and(|due| due >= today) {
        reader.warn_field(F::DueDate, "has not passed: the account is not overdue yet");
    }
    if row
        .debt
        .limitations_expires_on
        .is_some_and(|last| last < today)
    {
        reader.warn_field(
            F::LimitationsExpiresOn,
            "has passed: some states forbid collection now, others ask for a disclosure",
        );
    }
    let first = row.debt.incurred_on.or(row.debt.invoice_date);
    if row
        .debt
        .last_payment_on
        .is_some_and(|paid| first.is_some_and(|first| paid < first))
    {
        reader.warn_field(F::LastPaymentOn, "lies before the debt was incurred");
    }
}

/// The issue of a row whose invoice the creditor placed before: found by the caller in the
/// database, worded here like every other.
pub fn already_placed(row: &NewPlacementRow, mapping: &Mapping<PlacementField>) -> RowIssue {
    RowIssue::new(
        row.line,
        mapping.header_of(F::InvoiceNumber),
        &row.invoice_number,
        "is placed with this creditor already",
    )
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
