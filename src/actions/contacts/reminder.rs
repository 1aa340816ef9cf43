//! The collector's two disclosures (15 U.S.C. 1692e(11)): the full warning in the first
//! communication, and on every later one that it is from a debt collector.

use crate::domain::id::PlacementId;
use crate::gate::facts::{Direction, Outcome};
use crate::gate::{Channel, Facts};

/// A contact was logged without a disclosure that was due. It is logged all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminder {
    MiniMiranda,
    Identification,
}

impl Reminder {
    /// What is due and was not ticked, in a conversation.
    pub(super) fn of(first: bool, mini_miranda: bool, identified: bool) -> Option<Self> {
        match (first, mini_miranda, identified) {
            (true, false, _) => Some(Self::MiniMiranda),
            (false, false, false) => Some(Self::Identification),
            (true, true, _) | (false, true, _) | (false, false, true) => None,
        }
    }

    pub const fn sentence(self) -> &'static str {
        match self {
            Self::MiniMiranda => {
                "Reminder: the mini-Miranda disclosure was not ticked. It is due in the first conversation about a debt."
            }
            Self::Identification => {
                "Reminder: neither disclosure was ticked. Every conversation says that it is with a debt collector."
            }
        }
    }
}

/// Whether nothing about this debt has been said or written to the debtor yet.
pub fn is_first_communication(facts: &Facts, placement: PlacementId) -> bool {
    let about = |debt: &Option<String>| {
        debt.as_deref()
            .is_none_or(|debt| debt == placement.as_str())
    };
    !facts.history.iter().any(|contact| {
        let conveyed = match contact.channel {
            Channel::Call | Channel::Voicemail => contact.outcome == Some(Outcome::Conversation),
            Channel::Email | Channel::Letter | Channel::Portal | Channel::Sms => {
                contact.direction == Direction::Out
            }
        };
        conveyed && about(&contact.debt)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_conversation_needs_the_full_warning_and_later_ones_either() {
        assert_eq!(Reminder::of(true, false, true), Some(Reminder::MiniMiranda));
        assert_eq!(Reminder::of(true, true, false), None);
        assert_eq!(
            Reminder::of(false, false, false),
            Some(Reminder::Identification)
        );
        assert_eq!(Reminder::of(false, false, true), None);
        assert_eq!(Reminder::of(false, true, false), None);
    }
}
