//! The debtor of a placement row.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::domain::email::EmailAddress;
use crate::domain::phone::PhoneNumber;
use crate::domain::place::{StateCode, ZipCode};
use crate::gate::facts::PhoneKind;
use crate::intake::words::{Chapter, DebtorKind, PreferredContact};

/// Who owes, or is said to owe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDebtor {
    /// The creditor's own number for this customer.
    pub reference: Option<String>,
    pub kind: DebtorKind,
    /// The name to show and to write to: the company, or first and last name.
    pub name: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company_name: Option<String>,
    /// The person to ask for at a business.
    pub contact_name: Option<String>,
    pub address: Address,
    pub phones: Vec<NewPhone>,
    pub emails: Vec<NewEmail>,
    /// The host name of the debtor's site or mail, in lower case.
    pub domain: Option<String>,
    pub preferred_contact: Option<PreferredContact>,
    pub flags: DebtorFlags,
}

/// A postal address in the United States; any part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<StateCode>,
    pub zip: Option<ZipCode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPhone {
    pub number: PhoneNumber,
    /// `None` where the column doesn't say.
    pub kind: Option<PhoneKind>,
    /// Since when a machine may call it, as the creditor was told.
    pub automated_calls_since: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEmail {
    pub address: EmailAddress,
    /// Provided by the debtor's employer, where others may read along (12 CFR 1006.22(f)(3)).
    pub is_employers: bool,
}

/// What forbids or limits contact, as the creditor knows it on the day of placement. A flag that
/// is not set means "not known to apply", so a later file never clears one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebtorFlags {
    pub cease_and_desist: bool,
    pub cease_received_on: Option<NaiveDate>,
    pub attorney: Option<Attorney>,
    pub bankruptcy: Option<Bankruptcy>,
    pub do_not_call: bool,
    pub deceased: bool,
    pub call_opt_out: bool,
    pub email_opt_out: bool,
    /// The employer or the debtor forbids contact at work.
    pub no_contact_at_work: bool,
    pub inconvenient: Option<InconvenientTime>,
    /// The debt, not the debtor: the creditor knows of an open dispute.
    pub disputed: bool,
}

impl DebtorFlags {
    /// Whether any of them is set.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

/// The debtor's lawyer, as far as known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attorney {
    pub name: Option<String>,
    pub phone: Option<PhoneNumber>,
    pub email: Option<EmailAddress>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bankruptcy {
    pub chapter: Option<Chapter>,
    pub filed_on: Option<NaiveDate>,
}

/// Hours of every day, on the debtor's clock, in which contact is unwelcome. `until` may lie
/// before `from`: then the time runs over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InconvenientTime {
    pub from: NaiveTime,
    pub until: NaiveTime,
}
