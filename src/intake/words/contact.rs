//! Words about contacts, those of the case files.

use super::Word;
pub use crate::gate::attempt::{Party, Purpose};
pub use crate::gate::facts::{Channel, Direction, Outcome};

impl Word for Channel {
    const NOUN: &'static str = "a channel";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::Call,
            "call",
            &[
                "phone",
                "telephone",
                "phone-call",
                "phone-outbound",
                "phone-inbound",
                "outbound-call",
                "inbound-call",
                "dial",
            ],
        ),
        (
            Self::Voicemail,
            "voicemail",
            &["voice-mail", "vm", "answering-machine"],
        ),
        (
            Self::Email,
            "email",
            &["e-mail", "email-outbound", "email-inbound"],
        ),
        (
            Self::Letter,
            "letter",
            &["mail", "post", "us-mail", "postal", "validation-notice"],
        ),
        (Self::Portal, "portal", &["web", "online"]),
        (Self::Sms, "sms", &["text", "text-message"]),
    ];
}

impl Word for Direction {
    const NOUN: &'static str = "a direction";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::Out,
            "out",
            &["outbound", "outgoing", "o", "to-debtor", "sent"],
        ),
        (
            Self::In,
            "in",
            &["inbound", "incoming", "i", "from-debtor", "received"],
        ),
    ];
}

impl Word for Outcome {
    const NOUN: &'static str = "an outcome";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::NoAnswer,
            "no-answer",
            &["na", "unanswered", "rang", "noanswer"],
        ),
        (
            Self::Voicemail,
            "voicemail",
            &["left-message", "lm", "left-voicemail", "lvm", "voice-mail"],
        ),
        (
            Self::VoicemailNoMessage,
            "voicemail-no-message",
            &["vm-no-message", "no-message-left", "machine"],
        ),
        (Self::Busy, "busy", &["line-busy"]),
        (
            Self::NotInService,
            "not-in-service",
            &["disconnected", "nis", "out-of-service", "invalid-number"],
        ),
        (
            Self::Conversation,
            "conversation",
            &[
                "talked",
                "spoke",
                "spoke-with-debtor",
                "rpc",
                "right-party-contact",
                "connected",
                "answered",
            ],
        ),
        (
            Self::ThirdPartyAnswered,
            "third-party-answered",
            &["third-party", "wrong-party", "wrong-person"],
        ),
        (Self::Sent, "sent", &["delivered", "mailed", "emailed"]),
        (Self::Received, "received", &["replied", "reply"]),
    ];
}

impl Word for Purpose {
    const NOUN: &'static str = "a purpose";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::Collect,
            "collect",
            &["collection", "demand", "reminder"],
        ),
        (
            Self::LocationInfo,
            "location-info",
            &["location", "skip-trace"],
        ),
        (Self::RespondOnce, "respond-once", &["response", "reply"]),
        (Self::Terminate, "terminate", &["confirm-cease"]),
        (Self::RemedyNotice, "remedy-notice", &["notify-remedy"]),
        (Self::ConfirmOptout, "confirm-optout", &["confirm-opt-out"]),
        (
            Self::ValidationNotice,
            "validation-notice",
            &["validation", "dunning-notice", "g-notice", "initial-notice"],
        ),
        (Self::DisputeResponse, "dispute-response", &["verification"]),
        (Self::LegalThreat, "legal-threat", &["legal-notice"]),
    ];
}

impl Word for Party {
    const NOUN: &'static str = "a party";
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (
            Self::Consumer,
            "consumer",
            &["debtor", "customer", "patient", "self"],
        ),
        (Self::ThirdParty, "third-party", &["other"]),
        (Self::Attorney, "attorney", &["lawyer", "counsel"]),
        (Self::Spouse, "spouse", &["husband", "wife"]),
        (
            Self::PersonalRepresentative,
            "personal-representative",
            &["executor", "administrator", "estate"],
        ),
    ];
}
