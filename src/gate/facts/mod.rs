//! What is on file about a debtor: everything the rules may read, and nothing else.
//!
//! The JSON form is the `facts` of a case file. An absent fact means "not known to apply", except
//! where its field says that its absence refuses. Unknown keys are errors, so that a typing slip
//! can't pass for a fact.

mod debt;
mod debtor;
mod flags;
mod history;

use serde::{Deserialize, Serialize};

use super::lenient;

pub use debt::{
    Debt, DebtKind, Dispute, DisputeForm, DisputeResponse, DisputedAmount, EarlierNotice,
    OcRequest, Portion, Validation,
};
pub use debtor::{
    AutodialConsent, Debtor, DebtorKind, DncEntry, Email, EmailKind, Phone, PhoneKind,
};
pub use flags::{
    AddressOptout, Attorney, AttorneyStatus, Bankruptcy, BankruptcyStatus, Cease, Codebtor,
    ConsentKind, Deceased, Flags, GivenTo, Grant, Inconvenient, InconvenientKind, KnownLocation,
    LocalTime, Medium, MediumOptout, PriorConsent, Representative, Scra, Stop, Weekday,
};
pub use history::{Channel, Contact, Direction, Excluded, Outcome};

/// The file of one debtor at one creditor, with the history of contacts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    pub debtor: Debtor,
    #[serde(deserialize_with = "lenient::list")]
    pub debts: Vec<Debt>,
    /// Contacts in any order, over all of the debtor's debts.
    #[serde(deserialize_with = "lenient::list")]
    pub history: Vec<Contact>,
    pub creditor: Creditor,
}

/// Whether the creditor may have contacts made at all, and what it has made stricter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Creditor {
    /// Verified, not blocked, not in test mode.
    pub cleared: bool,
    /// Why it is not cleared, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Warnings that this creditor has made blocks. A creditor can harden a rule, never soften one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub harden: Vec<super::rules::RuleId>,
}

impl Default for Creditor {
    fn default() -> Self {
        Self {
            cleared: true,
            reason: None,
            harden: Vec::new(),
        }
    }
}

impl Facts {
    /// The debt with this id.
    pub fn debt(&self, id: &str) -> Option<&Debt> {
        self.debts.iter().find(|debt| debt.id == id)
    }
}
