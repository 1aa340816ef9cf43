//! The filters of the timeline, and which events each reader sees.

use crate::domain::event::EventKind;
use crate::domain::text_enum::TextEnum;
use crate::web::access::SignedIn;

/// A filter, as the address names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Everything,
    Contacts,
    Refused,
    Stops,
    Payments,
    Changes,
}

impl TextEnum for Kind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Everything, "everything"),
        (Self::Contacts, "contacts"),
        (Self::Refused, "refused"),
        (Self::Stops, "stops"),
        (Self::Payments, "payments"),
        (Self::Changes, "changes"),
    ];
}

impl Kind {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Everything => "Everything",
            Self::Contacts => "Contacts",
            Self::Refused => "Refused",
            Self::Stops => "Stops",
            Self::Payments => "Payments",
            Self::Changes => "Changes",
        }
    }
}

/// What binds every placement of a debtor, wherever it was first noted.
const STOPS: &[EventKind] = &[
    EventKind::StopRequested,
    EventKind::VoiceCeaseRecorded,
    EventKind::VoiceAttorneyRecorded,
    EventKind::VoiceBankruptcyRecorded,
    EventKind::VoiceDeceasedRecorded,
    EventKind::CeaseSet,
    EventKind::CallOptOutSet,
    EventKind::EmailOptOutSet,
    EventKind::DoNotCallSet,
    EventKind::FlagSet,
    EventKind::FlagLifted,
    EventKind::ConsentGranted,
    EventKind::ConsentRevoked,
    EventKind::PreferencesSet,
    EventKind::NumberCorrected,
    EventKind::StopEffective,
    EventKind::StopReapplied,
];

const PAYMENTS: &[EventKind] = &[EventKind::PaymentReceived, EventKind::PlacementPaid];

const CHANGES: &[EventKind] = &[
    EventKind::PlacementCreated,
    EventKind::PlacementRecalled,
    EventKind::PlacementPaused,
    EventKind::PlacementResumed,
    EventKind::PlacementStatusChanged,
    EventKind::SequencePaused,
    EventKind::SequenceResumed,
    EventKind::SequenceDelayed,
    EventKind::SequenceCompleted,
    EventKind::AddressSuppressed,
    EventKind::ReplyReceived,
    EventKind::ReplyDecided,
    EventKind::HoldSet,
    EventKind::HoldLifted,
    EventKind::CallPlanned,
    EventKind::CallCancelled,
    EventKind::CallRescheduled,
    EventKind::VoiceDisputeFlagged,
    EventKind::VoiceDisputeRecorded,
    EventKind::VoicePromiseRecorded,
    EventKind::VoiceConsentRecorded,
    EventKind::DisputeOpened,
    EventKind::LetterRecorded,
    EventKind::PortalLinkCreated,
    EventKind::PortalLinkRevoked,
    EventKind::PortalCodeSent,
    EventKind::PortalSignedIn,
];

/// The agency's own work about the debtor or the placement.
const DESK: &[EventKind] = &[
    EventKind::TaskOpened,
    EventKind::TaskTaken,
    EventKind::TaskPutBack,
    EventKind::TaskDone,
    EventKind::TaskReopened,
    EventKind::AlertAcknowledged,
    EventKind::AlertResolved,
];

// Contacts and refusals are told by their own rows; the events about them (`contact.*` and
// `alert.created`) would say the same again.

/// Whether it binds every placement of the debtor, wherever it was first noted.
pub fn binds_every_placement(word: &str) -> bool {
    STOPS.iter().any(|kind| kind.as_str() == word)
}

/// Events of the debtor, for every placement.
pub fn of_debtor(reader: &SignedIn) -> Vec<&'static str> {
    let mut kinds = words(STOPS);
    if reader.creditor.is_none() {
        kinds.extend(words(&[
            EventKind::TaskOpened,
            EventKind::TaskTaken,
            EventKind::TaskPutBack,
            EventKind::TaskDone,
            EventKind::TaskReopened,
        ]));
    }
    kinds
}

/// Events that a filter shows.
pub fn of_filter(kind: Kind, reader: &SignedIn) -> Vec<&'static str> {
    let desk: &[EventKind] = if reader.creditor.is_none() { DESK } else { &[] };
    match kind {
        Kind::Everything => [STOPS, PAYMENTS, CHANGES, desk]
            .into_iter()
            .flat_map(words)
            .collect(),
        Kind::Contacts | Kind::Refused => Vec::new(),
        Kind::Stops => words(STOPS),
        Kind::Payments => words(PAYMENTS),
        Kind::Changes => [CHANGES, desk].into_iter().flat_map(words).collect(),
    }
}

/// The filter an event belongs to; none for one that isn't shown to the reader.
pub fn kind_of(word: &str, reader: &SignedIn) -> Option<Kind> {
    [Kind::Stops, Kind::Payments, Kind::Changes]
        .into_iter()
        .find(|kind| of_filter(*kind, reader).contains(&word))
}

/// Events whose personal details the creditor's people wrote themselves.
pub fn is_creditors_own(word: &str) -> bool {
    [EventKind::PlacementRecalled, EventKind::PaymentReceived]
        .iter()
        .any(|kind| kind.as_str() == word)
}

fn words(kinds: &[EventKind]) -> Vec<&'static str> {
    kinds.iter().map(TextEnum::as_str).collect()
}
