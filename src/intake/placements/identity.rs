//! Which rows speak of the same invoice, and which of the same debtor.

use std::collections::HashMap;

use super::NewPlacementRow;
use crate::intake::issue::RowIssue;

/// The form under which an invoice number is compared, within a file and with what is placed
/// already: `inv-1` is no second debt beside `INV-1`.
pub fn invoice_key(invoice_number: &str) -> String {
    folded(invoice_number)
}

/// What makes two rows of one creditor speak of one debtor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DebtorIdentity {
    /// The creditor's own number for the customer.
    Reference(String),
    /// The same name at the same street and ZIP code.
    NameAndAddress(String),
}

impl DebtorIdentity {
    /// `None` where the row doesn't say enough: such a debtor stands alone, because telling one
    /// person about another's debt is worse than keeping one person twice.
    pub fn of(row: &NewPlacementRow) -> Option<Self> {
        let debtor = &row.debtor;
        if let Some(reference) = &debtor.reference {
            return Some(Self::Reference(folded(reference)));
        }
        let (line1, zip) = debtor.address.line1.as_ref().zip(debtor.address.zip)?;
        let line2 = debtor.address.line2.as_deref().unwrap_or_default();
        Some(Self::NameAndAddress(folded(&format!(
            "{}\n{line1} {line2}\n{}",
            debtor.name,
            zip.five()
        ))))
    }
}

/// Lower case, one space between words.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

/// What is known of the rows before, to find contradictions with them.
#[derive(Default)]
pub(super) struct Seen {
    invoices: HashMap<String, u32>,
    references: HashMap<String, (u32, String)>,
}

impl Seen {
    /// The line on which the same invoice number stands already; else it is noted for `line`.
    pub fn invoice(&mut self, invoice_number: &str, line: u32) -> Option<u32> {
        match self.invoices.entry(invoice_key(invoice_number)) {
            std::collections::hash_map::Entry::Occupied(first) => Some(*first.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(line);
                None
            }
        }
    }

    /// An issue where the customer number belongs to somebody else on an earlier line.
    pub fn reference(&mut self, row: &NewPlacementRow, header: &str) -> Option<RowIssue> {
        let reference = row.debtor.reference.as_ref()?;
        let (line, name) = self
            .references
            .entry(folded(reference))
            .or_insert_with(|| (row.line, row.debtor.name.clone()));
        if folded(name) == folded(&row.debtor.name) {
            return None;
        }
        let message = format!(
            "stands for \"{}\" here and for \"{name}\" on line {line}: one number, one debtor",
            row.debtor.name
        );
        Some(RowIssue::new(row.line, header, reference, message))
    }
}
