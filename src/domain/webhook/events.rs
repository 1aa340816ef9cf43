//! What an endpoint can be told of.

use serde_json::{Value, json};

use crate::domain::event::EventKind;
use crate::domain::text_enum::TextEnum;

/// Sent only when somebody asks for a test; no endpoint has to choose it.
pub const TEST: &str = "webhook.test";

/// One kind of event, for whoever chooses and for whoever programs a receiver.
#[derive(Debug, Clone, Copy)]
pub struct Offered {
    pub kind: EventKind,
    /// One sentence.
    pub about: &'static str,
    /// The names of what `data` holds.
    pub fields: &'static [&'static str],
}

/// Every kind, in the order in which they are shown.
pub const OFFERED: &[Offered] = &[
    Offered {
        kind: EventKind::PlacementStatusChanged,
        about: "A placement has a new status.",
        fields: &[
            "placement_id",
            "invoice_number",
            "status",
            "previous_status",
            "resolved_at",
        ],
    },
    Offered {
        kind: EventKind::PlacementRecalled,
        about: "A placement was recalled.",
        fields: &[
            "placement_id",
            "reason",
            "sequences_paused",
            "calls_cancelled",
            "recalled_at",
        ],
    },
    Offered {
        kind: EventKind::PlacementPaused,
        about: "Outreach for a placement was paused, until a day or until it is resumed.",
        fields: &[
            "placement_id",
            "until_on",
            "sequences_paused",
            "calls_cancelled",
        ],
    },
    Offered {
        kind: EventKind::PlacementResumed,
        about: "The pause of a placement ended.",
        fields: &["placement_id", "sequences_resumed"],
    },
    Offered {
        kind: EventKind::PaymentReceived,
        about: "A payment was recorded.",
        fields: &[
            "placement_id",
            "payment_id",
            "amount",
            "fee_amount",
            "recovered_amount",
            "remaining_amount",
            "paid_on",
        ],
    },
    Offered {
        kind: EventKind::DisputeOpened,
        about: "A debtor disputes a placement.",
        fields: &["placement_id", "dispute_id"],
    },
    Offered {
        kind: EventKind::CeaseSet,
        about: "A debtor asked us to stop all contact.",
        fields: DEBTOR,
    },
    Offered {
        kind: EventKind::CallOptOutSet,
        about: "A debtor asked us to stop calling.",
        fields: DEBTOR,
    },
    Offered {
        kind: EventKind::EmailOptOutSet,
        about: "A debtor asked us to stop emailing.",
        fields: DEBTOR,
    },
    Offered {
        kind: EventKind::DoNotCallSet,
        about: "A number of a debtor was put on the do-not-call list.",
        fields: DEBTOR,
    },
    Offered {
        kind: EventKind::FlagSet,
        about: "A lawyer, a bankruptcy, a death, military duty or a wish about when and how to be reached was put on file.",
        fields: &["debtor_id", "placement_id", "flag", "source", "received_at"],
    },
    Offered {
        kind: EventKind::FlagLifted,
        about: "A stop or another hold on a debtor was lifted.",
        fields: &["debtor_id", "placement_id", "flag"],
    },
    Offered {
        kind: EventKind::ContactRefused,
        about: "The compliance gate refused a contact.",
        fields: &[
            "placement_id",
            "decision_id",
            "channel",
            "earliest_lawful_at",
        ],
    },
    Offered {
        kind: EventKind::AlertRaised,
        about: "An alert was raised for the agency\u{2019}s supervisors.",
        fields: &[
            "alert_id",
            "placement_id",
            "alert_type",
            "rule",
            "severity",
            "event_id",
        ],
    },
    Offered {
        kind: EventKind::ImportCompleted,
        about: "Every row of a file was saved.",
        fields: &["import_id", "kind", "created", "duplicates"],
    },
];

const DEBTOR: &[&str] = &["debtor_id", "placement_id", "source", "received_at"];

/// Whether endpoints can be told of this.
pub fn is_offered(kind: EventKind) -> bool {
    OFFERED.iter().any(|offered| offered.kind == kind)
}

/// What one endpoint wants to hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Every kind there is, and those to come.
    Everything,
    /// These, in the order of [`OFFERED`]. Never empty.
    Only(Vec<EventKind>),
}

impl Wanted {
    /// From words, in any order. None where a word is not offered or there is none.
    pub fn of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut kinds = Vec::new();
        for word in words {
            let kind = EventKind::from_word(word).filter(|kind| is_offered(*kind))?;
            kinds.push(kind);
        }
        let chosen: Vec<EventKind> = OFFERED
            .iter()
            .map(|offered| offered.kind)
            .filter(|kind| kinds.contains(kind))
            .collect();
        (!chosen.is_empty()).then_some(Self::Only(chosen))
    }

    pub fn includes(&self, kind: EventKind) -> bool {
        match self {
            Self::Everything => true,
            Self::Only(kinds) => kinds.contains(&kind),
        }
    }

    /// As it is stored: JSON, or nothing for everything.
    pub fn stored(&self) -> Option<String> {
        match self {
            Self::Everything => None,
            Self::Only(kinds) => {
                let words: Vec<&str> = kinds.iter().map(TextEnum::as_str).collect();
                Some(json!(words).to_string())
            }
        }
    }

    /// From [`stored`](Self::stored). A word that is no longer offered is passed over.
    pub fn from_stored(stored: Option<&str>) -> Self {
        let Some(text) = stored else {
            return Self::Everything;
        };
        let words: Vec<String> = match serde_json::from_str(text) {
            Ok(Value::Array(words)) => words
                .iter()
                .filter_map(|word| word.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        Self::Only(
            words
                .iter()
                .filter_map(|word| EventKind::from_word(word))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_reads_back_in_one_order() {
        let wanted = Wanted::of_words(["payment.received", "placement.status_changed"]).unwrap();
        assert_eq!(
            wanted.stored().as_deref(),
            Some(r#"["placement.status_changed","payment.received"]"#)
        );
        assert_eq!(Wanted::from_stored(wanted.stored().as_deref()), wanted);
        assert_eq!(Wanted::from_stored(None), Wanted::Everything);
        assert!(wanted.includes(EventKind::PaymentReceived));
        assert!(!wanted.includes(EventKind::DisputeOpened));
    }

    #[test]
    fn nothing_and_what_is_not_offered_cannot_be_wanted() {
        assert_eq!(Wanted::of_words([]), None);
        assert_eq!(Wanted::of_words(["user.signed_in"]), None);
        assert_eq!(Wanted::of_words(["payment.received", "no.such"]), None);
    }
}
