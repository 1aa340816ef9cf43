//! The fields of a placements file, and the headers under which files bring them.

mod account;
mod debtor;
mod flags;

use serde::{Deserialize, Serialize};

use crate::intake::mapping::{Field, FieldGroup};

/// What a column of a placements file can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacementField {
    InvoiceNumber,
    Amount,
    InvoiceDate,
    DueDate,
    IncurredOn,
    LastPaymentOn,
    LimitationsExpiresOn,
    ItemizationDate,
    ItemizationAmount,
    ItemizationInterest,
    ItemizationFees,
    ItemizationCredits,
    DebtKind,
    OriginalCreditor,
    PoNumber,
    Currency,
    HasWrittenContract,
    Posture,
    MaxCallsPerWeek,
    Notes,
    DebtorReference,
    DebtorKind,
    Name,
    CompanyName,
    FirstName,
    LastName,
    ContactName,
    AddressLine1,
    AddressLine2,
    City,
    State,
    ZipCode,
    Country,
    Phone,
    MobilePhone,
    LandlinePhone,
    WorkPhone,
    AutomatedCallsSince,
    Email,
    WorkEmail,
    Domain,
    PreferredContactMethod,
    CeaseAndDesist,
    CeaseReceivedOn,
    AttorneyRepresented,
    AttorneyName,
    AttorneyPhone,
    AttorneyEmail,
    BankruptcyFiled,
    BankruptcyChapter,
    BankruptcyFiledOn,
    DoNotCall,
    Deceased,
    DebtorStatus,
    CallOptOut,
    EmailOptOut,
    NoContactAtWork,
    InconvenientFrom,
    InconvenientUntil,
    Disputed,
}

impl Field for PlacementField {
    const GROUPS: &'static [FieldGroup<Self>] = &[
        FieldGroup {
            label: "The account",
            specs: &account::SPECS,
        },
        FieldGroup {
            label: "The debtor",
            specs: &debtor::SPECS,
        },
        FieldGroup {
            label: "What stops or limits contact",
            specs: &flags::SPECS,
        },
    ];

    fn index(self) -> usize {
        self as usize
    }

    fn missing(is_mapped: &dyn Fn(Self) -> bool) -> Vec<String> {
        let is_named = [Self::Name, Self::CompanyName, Self::LastName]
            .into_iter()
            .any(is_mapped);
        if is_named {
            return Vec::new();
        }
        vec!["No column names the debtor: map a name, a company name or a last name.".to_owned()]
    }
}
