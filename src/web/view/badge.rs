//! The words for statuses and holds, written once.

use crate::web::view::part::Tone;

/// A placement's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusBadge {
    PendingEnrichment,
    Ready,
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

impl StatusBadge {
    pub const fn words(self) -> &'static str {
        match self {
            Self::PendingEnrichment => "Checking data",
            Self::Ready => "Ready",
            Self::InOutreach => "In outreach",
            Self::PaymentPending => "Payment pending",
            Self::Unreachable => "Unreachable",
            Self::Disputed => "Disputed",
            Self::Paid => "Paid",
            Self::Recalled => "Recalled",
            Self::ClosedUncollected => "Closed, not collected",
            Self::Resolved => "Resolved",
            Self::WithdrawnByCreditor => "Withdrawn by creditor",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::InOutreach | Self::PaymentPending => Tone::Info,
            Self::Paid | Self::Resolved => Tone::Success,
            Self::Disputed | Self::Unreachable => Tone::Warning,
            Self::PendingEnrichment
            | Self::Ready
            | Self::Recalled
            | Self::ClosedUncollected
            | Self::WithdrawnByCreditor => Tone::Neutral,
        }
    }
}

/// Why a debtor may not be contacted, in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldBadge {
    /// A cease-and-desist for all contact.
    NoContact,
    NoCalls,
    NoEmails,
    DoNotCall,
    Attorney,
    /// The chapter, where known: "7".
    Bankruptcy(Option<String>),
    Deceased,
    Disputed,
    /// Until when, where the pause ends by itself: "4 Dec".
    Paused(Option<String>),
    /// The law's limit for suit has passed where collection then ends.
    TimeBarred,
    /// Held until a person has read a message.
    UnderReview,
}

impl HoldBadge {
    pub fn words(&self) -> String {
        match self {
            Self::NoContact => "No contact: cease-and-desist".to_owned(),
            Self::NoCalls => "No calls: asked us to stop".to_owned(),
            Self::NoEmails => "No emails: asked us to stop".to_owned(),
            Self::DoNotCall => "No calls: do not call".to_owned(),
            Self::Attorney => "Attorney".to_owned(),
            Self::Bankruptcy(Some(chapter)) => format!("Bankruptcy, chapter {chapter}"),
            Self::Bankruptcy(None) => "Bankruptcy".to_owned(),
            Self::Deceased => "Deceased".to_owned(),
            Self::Disputed => "Dispute open".to_owned(),
            Self::Paused(Some(until)) => format!("Paused until {until}"),
            Self::Paused(None) => "Paused".to_owned(),
            Self::TimeBarred => "Past limitation".to_owned(),
            Self::UnderReview => "Held for review".to_owned(),
        }
    }

    pub const fn tone(&self) -> Tone {
        match self {
            Self::NoContact
            | Self::NoCalls
            | Self::NoEmails
            | Self::DoNotCall
            | Self::Attorney
            | Self::Bankruptcy(_)
            | Self::Deceased
            | Self::TimeBarred => Tone::Danger,
            Self::Disputed | Self::UnderReview => Tone::Warning,
            Self::Paused(_) => Tone::Neutral,
        }
    }
}

/// An alert's severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeverityBadge {
    /// A hard block.
    Critical,
    /// A warning that a person acknowledged.
    Warning,
}

impl SeverityBadge {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Critical => "Critical",
            Self::Warning => "Warning",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Critical => Tone::Danger,
            Self::Warning => Tone::Warning,
        }
    }
}

/// How far an alert or a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressBadge {
    Open,
    Acknowledged,
    Resolved,
}

impl ProgressBadge {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Acknowledged => "Acknowledged",
            Self::Resolved => "Resolved",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Open => Tone::Warning,
            Self::Acknowledged => Tone::Info,
            Self::Resolved => Tone::Success,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_says_why_and_until_when() {
        assert_eq!(HoldBadge::NoCalls.words(), "No calls: asked us to stop");
        assert_eq!(
            HoldBadge::Bankruptcy(Some("7".to_owned())).words(),
            "Bankruptcy, chapter 7"
        );
        assert_eq!(
            HoldBadge::Paused(Some("4 Dec".to_owned())).words(),
            "Paused until 4 Dec"
        );
    }

    #[test]
    fn red_is_kept_for_what_stops_contact() {
        assert_eq!(HoldBadge::NoContact.tone(), Tone::Danger);
        assert_ne!(HoldBadge::Paused(None).tone(), Tone::Danger);
        assert_ne!(StatusBadge::Recalled.tone(), Tone::Danger);
    }
}
