//! One account placed for collection: its statuses and the moves between them.

use serde::{Deserialize, Serialize};

use super::text_enum::TextEnum;

/// Where a placement stands. Pauses and stops are holds and flags, never statuses.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PlacementStatus {
    PendingEnrichment,
    Ready,
    /// What a file that doesn't say means: nothing but the law stands in the way.
    #[default]
    InOutreach,
    PaymentPending,
    Unreachable,
    Disputed,
    Paid,
    Recalled,
    ClosedUncollected,
    Resolved,
    WithdrawnByCreditor,
}

impl TextEnum for PlacementStatus {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::PendingEnrichment, "pending_enrichment"),
        (Self::Ready, "ready"),
        (Self::InOutreach, "in_outreach"),
        (Self::PaymentPending, "payment_pending"),
        (Self::Unreachable, "unreachable"),
        (Self::Disputed, "disputed"),
        (Self::Paid, "paid"),
        (Self::Recalled, "recalled"),
        (Self::ClosedUncollected, "closed_uncollected"),
        (Self::Resolved, "resolved"),
        (Self::WithdrawnByCreditor, "withdrawn_by_creditor"),
    ];
}

impl PlacementStatus {
    /// No contact and no payment is expected on it any more.
    pub const fn is_closed(self) -> bool {
        match self {
            Self::Paid
            | Self::Recalled
            | Self::ClosedUncollected
            | Self::Resolved
            | Self::WithdrawnByCreditor => true,
            Self::PendingEnrichment
            | Self::Ready
            | Self::InOutreach
            | Self::PaymentPending
            | Self::Unreachable
            | Self::Disputed => false,
        }
    }

    /// As people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::PendingEnrichment => "Being prepared",
            Self::Ready => "Ready",
            Self::InOutreach => "In outreach",
            Self::PaymentPending => "Payment pending",
            Self::Unreachable => "Unreachable",
            Self::Disputed => "Disputed",
            Self::Paid => "Paid",
            Self::Recalled => "Recalled",
            Self::ClosedUncollected => "Closed, not collected",
            Self::Resolved => "Resolved",
            Self::WithdrawnByCreditor => "Withdrawn",
        }
    }
}

/// Why a creditor takes a placement back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecallReason {
    PaidDirectly,
    Forgiven,
    SoldOrAssigned,
    CostNotWorthIt,
    ReferredToAttorney,
    CircumstancesChanged,
    Other,
}

impl TextEnum for RecallReason {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::PaidDirectly, "paid_directly"),
        (Self::Forgiven, "forgiven"),
        (Self::SoldOrAssigned, "sold_or_assigned"),
        (Self::CostNotWorthIt, "cost_not_worth_it"),
        (Self::ReferredToAttorney, "referred_to_attorney"),
        (Self::CircumstancesChanged, "circumstances_changed"),
        (Self::Other, "other"),
    ];
}

impl RecallReason {
    pub const fn label(self) -> &'static str {
        match self {
            Self::PaidDirectly => "The debtor paid us directly",
            Self::Forgiven => "We are forgiving the debt",
            Self::SoldOrAssigned => "We sold or assigned it",
            Self::CostNotWorthIt => "The cost of collecting isn\u{2019}t worth it",
            Self::ReferredToAttorney => "We referred it to our attorney",
            Self::CircumstancesChanged => "The debtor\u{2019}s circumstances changed",
            Self::Other => "Another reason",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_one_word_and_reads_back() {
        for (status, word) in PlacementStatus::WORDS {
            assert_eq!(PlacementStatus::from_word(word), Some(*status));
            assert_eq!(status.as_str(), *word);
            assert!(!status.label().is_empty());
        }
        assert_eq!(PlacementStatus::from_word("on_hold"), None);
    }
}
