//! The debtor of an account to place.

use chrono::NaiveDate;

use super::known::KnownFacts;
use crate::domain::phone::PhoneNumber;
use crate::domain::text::folded;

/// Who owes, or is said to owe.
#[derive(Debug, Clone)]
pub struct NewDebtor {
    /// The creditor's own number for this customer.
    pub reference: Option<String>,
    /// `person` or `business`.
    pub kind: &'static str,
    pub name: String,
    pub address_line1: Option<String>,
    pub address_line2: Option<String>,
    pub city: Option<String>,
    /// Two letters.
    pub state: Option<String>,
    /// Five digits, or nine with a hyphen.
    pub zip: Option<String>,
    /// `en` or `es`.
    pub language: &'static str,
    pub preferred_contact_method: Option<&'static str>,
    pub phones: Vec<NewPhone>,
    pub emails: Vec<NewEmail>,
    pub facts: KnownFacts,
}

#[derive(Debug, Clone)]
pub struct NewPhone {
    pub number: PhoneNumber,
    /// `mobile`, `landline`, `work` or `unknown`.
    pub kind: &'static str,
    /// Since when the person allows automated calls on it, as the creditor was told: the consent
    /// travels with the debt (47 U.S.C. 227(b)(1)(A)).
    pub automated_calls_since: Option<NaiveDate>,
}

#[derive(Debug, Clone)]
pub struct NewEmail {
    pub address: String,
    /// Provided by the debtor's employer, where others may read along (12 CFR 1006.22(f)(3)).
    pub is_employers: bool,
}

impl NewDebtor {
    /// A person of whom nothing but the name is known.
    pub fn person(name: impl Into<String>) -> Self {
        Self {
            reference: None,
            kind: "person",
            name: name.into(),
            address_line1: None,
            address_line2: None,
            city: None,
            state: None,
            zip: None,
            language: "en",
            preferred_contact_method: None,
            phones: Vec::new(),
            emails: Vec::new(),
            facts: KnownFacts::default(),
        }
    }

    pub(super) fn reference_key(&self) -> Option<String> {
        self.reference.as_deref().map(folded)
    }

    pub(super) fn search_name(&self) -> String {
        folded(&self.name)
    }

    /// What makes two debtors without a reference one. `None` where too little is known: telling
    /// one person about another's debt is worse than keeping one person twice.
    pub(super) fn address_key(&self) -> Option<AddressKey> {
        AddressKey::new(
            self.search_name(),
            self.address_line1.as_deref(),
            self.address_line2.as_deref(),
            self.state.as_deref(),
            self.zip.as_deref(),
        )
    }
}

/// The same name at the same street, state and ZIP code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct AddressKey(String);

impl AddressKey {
    pub fn new(
        search_name: String,
        line1: Option<&str>,
        line2: Option<&str>,
        state: Option<&str>,
        zip: Option<&str>,
    ) -> Option<Self> {
        let (line1, zip) = line1.zip(zip)?;
        let street = folded(&format!("{line1} {}", line2.unwrap_or_default()));
        let five = zip.get(..5).unwrap_or(zip);
        let state = state.unwrap_or_default();
        Some(Self(format!("{search_name}\n{street}\n{state}\n{five}")))
    }
}
