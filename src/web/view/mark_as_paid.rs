//! Recording a payment that the debtor made to the creditor.

use askama::Template;

use crate::domain::payment::PaymentMethod;
use crate::domain::text_enum::TextEnum;
use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError};

/// `GET /placements/{id}/mark-as-paid`, and the answer to a `POST` that needs another look.
///
/// The fee and the balance left are always shown before they are confirmed: the form carries the
/// amount they were worked out for as `quoted`, and a `POST` whose `amount` differs is answered
/// with this page again, with the figures for the new amount. With script they follow the typing.
#[derive(Template)]
#[template(path = "placements/mark_as_paid.html")]
pub struct MarkAsPaidPage {
    pub shell: Shell,
    pub id: String,
    pub debtor: String,
    pub invoice: String,
    pub version: String,
    /// One per form shown, so that sending it twice records one payment.
    pub once_key: String,
    pub form: MarkAsPaidForm,
    pub quote: PaymentQuote,
    /// The amount was changed: the person has not yet seen these figures.
    pub look_again: bool,
    /// The date lies before placement: no fee would be due if the placement is recalled instead.
    pub before_placement: bool,
    /// The same amount, day and reference is on record already: "$1,200.00 on 12 Nov 2026".
    pub duplicate_of: Option<String>,
}

/// Fields `amount`, `received_on`, `method`, `reference`, `note`, and, once a payment like it was
/// found, `is_another`.
#[derive(Debug, Clone)]
pub struct MarkAsPaidForm {
    pub amount: Field,
    pub received_on: Field,
    pub method: Choices,
    pub reference: Field,
    pub note: Field,
    pub is_another: Field,
}

impl MarkAsPaidForm {
    /// `received_on` is YYYY-MM-DD.
    pub fn new(amount: &str, received_on: &str, method: &str, reference: &str, note: &str) -> Self {
        Self {
            amount: Field::new("amount", amount),
            received_on: Field::new("received_on", received_on),
            method: Choices::new(
                "method",
                PaymentMethod::WORDS
                    .iter()
                    .map(|(method, word)| (*word, method.label())),
                method,
            ),
            reference: Field::new("reference", reference),
            note: Field::new("note", note),
            is_another: Field::new("is_another", ""),
        }
    }

    pub fn errors(&self) -> Vec<FieldError> {
        form::errors(&[
            &self.amount,
            &self.received_on,
            &self.method,
            &self.reference,
            &self.note,
            &self.is_another,
        ])
    }
}

/// What the payment would do. Texts carry cents; the whole numbers feed the script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentQuote {
    /// The amount that the figures are for, as a decimal: `1250.00`.
    pub amount: String,
    pub fee_so_far: String,
    pub fee: String,
    pub remaining_before: String,
    pub remaining_after: String,
    /// The placement closes as paid.
    pub closes: bool,
    /// "25 %".
    pub rate: String,
    pub rate_basis_points: i32,
    pub remaining_before_cents: i64,
}
