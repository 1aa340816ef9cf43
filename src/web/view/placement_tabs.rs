//! The tabs of a placement beside its timeline.

use crate::web::view::part::{Banner, Fact, Tone, When};

/// Scheduled and placed calls; a refused attempt never makes a row here.
#[derive(Debug, Clone)]
pub struct CallsTab {
    pub rows: Vec<CallRow>,
    /// The form that plans one; none for who may not, or while one is planned.
    pub plan_href: Option<String>,
    /// The Timeline filtered to refused attempts.
    pub refused_href: String,
    pub refused_count: u64,
}

/// One call.
#[derive(Debug, Clone)]
pub struct CallRow {
    pub when: When,
    /// "8:00 am ChST on 2 Dec", where the debtor's clock shows another time.
    pub debtor_time: Option<String>,
    /// "Outgoing", "Incoming", "Scheduled".
    pub direction: String,
    pub number: String,
    /// In words: "Conversation", "Voicemail left", "Cancelled: placement recalled".
    pub outcome: String,
    pub outcome_tone: Tone,
    /// "4 min 12 s", or empty.
    pub duration: String,
    pub disclosure: Disclosure,
    pub by: String,
    pub simulated: bool,
    /// Below these: `/move` and `/cancel`, for who may and while it has not been dialled.
    pub change_href: Option<String>,
}

/// Whether the collector's warning was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// The full warning of the first communication.
    MiniMiranda,
    /// "This is from a debt collector", as on every later one.
    Identified,
    NotGiven,
    /// It was said to have taken place elsewhere, without a word on this.
    NotRecorded,
    /// Nobody was reached, or it was a letter.
    NotApplicable,
}

impl Disclosure {
    pub const fn words(self) -> &'static str {
        match self {
            Self::MiniMiranda => "Mini-Miranda given",
            Self::Identified => "Identified as collector",
            Self::NotGiven => "Not given",
            Self::NotRecorded => "Not recorded",
            Self::NotApplicable => "Not needed",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::MiniMiranda | Self::Identified => Tone::Success,
            Self::NotGiven => Tone::Warning,
            Self::NotRecorded | Self::NotApplicable => Tone::Neutral,
        }
    }
}

/// The ledger of a placement.
#[derive(Debug, Clone)]
pub struct PaymentsTab {
    pub rows: Vec<LedgerRow>,
    pub recovered_total: String,
    pub fee_total: String,
    pub can_record: bool,
}

/// One payment.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    pub received: When,
    /// "Wire", "Check", "Prior platform", "Portal".
    pub method: String,
    pub reference: String,
    pub amount: String,
    /// The rate at that time: "25 %".
    pub rate: String,
    pub fee: String,
    pub recorded_by: String,
    pub receipt_href: String,
}

/// Flags and decisions.
#[derive(Debug, Clone)]
pub struct ComplianceTab {
    pub flags: Vec<FlagRow>,
    pub decisions: Vec<DecisionRow>,
    /// Counsel, bankruptcy court and the like, each as a card.
    pub notices: Vec<Banner>,
    /// Consents, phones with their do-not-call state.
    pub facts: Vec<Fact>,
}

/// Something known about the debtor that the gate obeys.
#[derive(Debug, Clone)]
pub struct FlagRow {
    /// "Asked us to stop calling".
    pub what: String,
    /// "Debtor, in the portal".
    pub who: String,
    /// "Portal request R-7K2M".
    pub how: String,
    pub since: When,
    /// Known to the day only, as files tell it.
    pub to_the_day: bool,
    pub lifted: Option<When>,
}

/// One decision of the gate.
#[derive(Debug, Clone)]
pub struct DecisionRow {
    /// The decision's page.
    pub href: String,
    pub when: When,
    /// "Call to (312) 555-0148".
    pub attempt: String,
    /// "Agent", "Scheduler".
    pub asked_by: String,
    pub outcome: Outcome,
    /// The rules that decided: names and public pages.
    pub rules: Vec<(String, String)>,
}

/// What the gate answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Allowed,
    Acknowledged,
    Refused,
}

impl Outcome {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::Acknowledged => "Warning",
            Self::Refused => "Refused",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Allowed => Tone::Success,
            Self::Acknowledged => Tone::Warning,
            Self::Refused => Tone::Danger,
        }
    }
}
