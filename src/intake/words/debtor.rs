//! Words about debtors and their debts.

use serde::{Deserialize, Serialize};

use crate::domain::posture::Posture;

use super::Word;
pub use crate::gate::facts::{DebtKind, DebtorKind};

impl Word for DebtorKind {
    const NOUN: &'static str = "a kind of debtor";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::Person,
            "person",
            &[
                "individual",
                "consumer",
                "p",
                "i",
                "natural-person",
                "patient",
                "residential",
            ],
        ),
        (
            Self::Business,
            "business",
            &[
                "company",
                "commercial",
                "b",
                "c",
                "organization",
                "organisation",
                "corporate",
                "corporation",
                "llc",
                "inc",
            ],
        ),
    ];
}

impl Word for DebtKind {
    const NOUN: &'static str = "a kind of debt";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::CreditCard,
            "credit-card",
            &["card", "credit", "revolving"],
        ),
        (
            Self::Medical,
            "medical",
            &[
                "healthcare",
                "health-care",
                "hospital",
                "dental",
                "medical-services",
            ],
        ),
        (
            Self::StudentLoan,
            "student-loan",
            &["student", "education", "tuition-loan"],
        ),
        (
            Self::LeaseBalance,
            "lease-balance",
            &["lease", "rent", "rental", "residential-lease"],
        ),
        (Self::Mortgage, "mortgage", &["home-loan"]),
        (
            Self::Invoice,
            "invoice",
            &[
                "trade",
                "trade-credit",
                "goods",
                "services",
                "commercial",
                "b2b",
            ],
        ),
        (Self::Other, "other", &["unknown", "misc", "miscellaneous"]),
    ];
}

/// How the debtor likes to be reached. A signal, never a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PreferredContact {
    Phone,
    Email,
    Mail,
    Text,
    Portal,
}

impl Word for PreferredContact {
    const NOUN: &'static str = "a way of contact";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::Phone,
            "phone",
            &["call", "telephone", "mobile", "cell", "home-phone"],
        ),
        (Self::Email, "email", &["e-mail"]),
        (
            Self::Mail,
            "mail",
            &["letter", "post", "postal-mail", "us-mail"],
        ),
        (Self::Text, "text", &["sms", "text-message"]),
        (Self::Portal, "portal", &["online", "web"]),
    ];
}

impl Word for Posture {
    const NOUN: &'static str = "a posture";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (Self::Preserve, "preserve", &["soft"]),
        (Self::Escalate, "escalate", &["firm"]),
    ];
}

/// The debtor's status as creditors' systems keep it in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DebtorStatus {
    Active,
    Deceased,
    Bankrupt,
    Attorney,
    CeaseAndDesist,
    Disputed,
}

impl Word for DebtorStatus {
    const NOUN: &'static str = "a status that is known here";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::Active,
            "active",
            &[
                "open",
                "placed",
                "past-due",
                "delinquent",
                "unpaid",
                "overdue",
                "normal",
                "ok",
            ],
        ),
        (Self::Deceased, "deceased", &["dead", "decd", "estate"]),
        (
            Self::Bankrupt,
            "bankrupt",
            &["bankruptcy", "bk", "in-bankruptcy"],
        ),
        (
            Self::Attorney,
            "attorney",
            &[
                "attorney-represented",
                "represented",
                "counsel",
                "legal-representation",
            ],
        ),
        (
            Self::CeaseAndDesist,
            "cease-and-desist",
            &["cease", "c&d", "cd", "cease-contact", "no-contact"],
        ),
        (Self::Disputed, "disputed", &["dispute", "in-dispute"]),
    ];
}

/// A chapter of the Bankruptcy Code (11 USC) under which a debtor can file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Chapter {
    #[serde(rename = "7")]
    Seven,
    #[serde(rename = "9")]
    Nine,
    #[serde(rename = "11")]
    Eleven,
    #[serde(rename = "12")]
    Twelve,
    #[serde(rename = "13")]
    Thirteen,
    #[serde(rename = "15")]
    Fifteen,
}

impl Chapter {
    /// The chapter as the gate's facts hold it.
    pub const fn number(self) -> u8 {
        match self {
            Self::Seven => 7,
            Self::Nine => 9,
            Self::Eleven => 11,
            Self::Twelve => 12,
            Self::Thirteen => 13,
            Self::Fifteen => 15,
        }
    }
}

impl Word for Chapter {
    const NOUN: &'static str = "a chapter of the Bankruptcy Code";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::Seven,
            "7",
            &["chapter-7", "ch-7", "ch.-7", "ch7", "vii"],
        ),
        (
            Self::Nine,
            "9",
            &["chapter-9", "ch-9", "ch.-9", "ch9", "ix"],
        ),
        (
            Self::Eleven,
            "11",
            &["chapter-11", "ch-11", "ch.-11", "ch11", "xi"],
        ),
        (
            Self::Twelve,
            "12",
            &["chapter-12", "ch-12", "ch.-12", "ch12", "xii"],
        ),
        (
            Self::Thirteen,
            "13",
            &["chapter-13", "ch-13", "ch.-13", "ch13", "xiii"],
        ),
        (
            Self::Fifteen,
            "15",
            &["chapter-15", "ch-15", "ch.-15", "ch15", "xv"],
        ),
    ];
}
