//! The placements file: rows of accounts that a creditor places for collection.

mod debtor;
mod fields;
mod identity;
mod read;
mod read_debtor;
mod read_flags;

pub use self::debtor::{
    Address, Attorney, Bankruptcy, DebtorFlags, InconvenientTime, NewDebtor, NewEmail, NewPhone,
};
pub use self::fields::PlacementField;
pub use self::identity::{DebtorIdentity, invoice_key};
pub use self::read::{Intake, already_placed, read};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::words::{DebtKind, Posture};
use crate::domain::money::Cents;

/// One account to be placed, checked in itself and against the other rows of its file. What only
/// the database knows (whether the invoice is placed already) is not checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPlacementRow {
    /// The physical line of the file, from 1.
    pub line: u32,
    /// At most 100 characters; unique in the file under [`invoice_key`].
    pub invoice_number: String,
    /// What is owed now; more than zero.
    pub amount: Cents,
    pub debtor: NewDebtor,
    pub debt: NewDebt,
    pub posture: Option<Posture>,
    /// A cap of the account's own, 0 to 7; `None` leaves the creditor's.
    pub max_calls_per_week: Option<u8>,
    /// At most 2,000 characters, several lines.
    pub notes: Option<String>,
}

/// What is known about the debt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDebt {
    pub kind: Option<DebtKind>,
    pub original_creditor: Option<String>,
    pub invoice_date: Option<NaiveDate>,
    pub due_date: Option<NaiveDate>,
    /// The day of the purchase, service or loan.
    pub incurred_on: Option<NaiveDate>,
    pub last_payment_on: Option<NaiveDate>,
    /// The last day on which suit is open.
    pub limitations_expires_on: Option<NaiveDate>,
    pub itemization: Option<Itemization>,
    pub po_number: Option<String>,
    pub has_written_contract: Option<bool>,
}

/// How the amount came about since the itemization date (12 CFR 1006.34(c)(2)(vi) to (viii)).
/// A part that the file doesn't give is `None`: the notice must say zero or a figure, so it has
/// to be found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Itemization {
    pub date: NaiveDate,
    pub amount: Option<Cents>,
    pub interest: Option<Cents>,
    pub fees: Option<Cents>,
    /// Payments and credits together, not negative.
    pub credits: Option<Cents>,
}
