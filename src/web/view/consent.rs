//! The ledger of a debtor's permissions.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::part::{Link, Tone, When};

/// `GET /debtors/{id}/consents`.
#[derive(Template)]
#[template(path = "consents/list.html")]
pub struct ConsentsPage {
    pub shell: Shell,
    pub trail: Vec<Link>,
    pub debtor: String,
    /// The latest first.
    pub rows: Vec<ConsentRow>,
    /// What the reader may put on record; empty for those who only look.
    pub grant: Vec<Link>,
}

/// One permission.
#[derive(Debug, Clone)]
pub struct ConsentRow {
    /// "Calls may be recorded".
    pub what: &'static str,
    /// "(518) 555-0142", "21:00 to 22:00, through 3 May 2026"; may be empty.
    pub limits: String,
    /// The invoice it is about; none for every account.
    pub account: Option<String>,
    pub badge: ConsentBadge,
    /// Why it does not count.
    pub not_counted: Option<&'static str>,
    /// "to us".
    pub given_to: &'static str,
    /// "by telephone".
    pub how: &'static str,
    pub given: When,
    pub recorded_by: String,
    pub recorded: When,
    /// What was said; none for readers who are not to know.
    pub evidence: Option<String>,
    pub reference: Option<String>,
    pub taken_back: Option<TakenBack>,
    pub revoke_href: Option<String>,
}

/// That it was taken back.
#[derive(Debug, Clone)]
pub struct TakenBack {
    pub when: When,
    pub how: &'static str,
    pub recorded_by: String,
    pub words: Option<String>,
    pub reference: Option<String>,
}

/// How a permission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentBadge {
    InForce,
    /// Its last day has passed.
    Over,
    TakenBack,
    /// On record, and no reason to contact anybody.
    NotCounted,
}

impl ConsentBadge {
    pub const fn words(self) -> &'static str {
        match self {
            Self::InForce => "In force",
            Self::Over => "Over",
            Self::TakenBack => "Taken back",
            Self::NotCounted => "Does not count",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::InForce => Tone::Success,
            Self::Over => Tone::Neutral,
            Self::TakenBack => Tone::Danger,
            Self::NotCounted => Tone::Warning,
        }
    }
}
