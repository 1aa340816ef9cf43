//! Webhooks: telling a creditor's own programs what happened.

pub mod address;
pub mod events;
pub mod schedule;
pub mod signature;

use super::text_enum::TextEnum;

/// Whether an endpoint is told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndpointStatus {
    Enabled,
    /// Nothing is sent; what happens meanwhile is kept for it.
    Disabled,
    /// Taken away. Its row stays for the record of what was sent.
    Deleted,
}

impl TextEnum for EndpointStatus {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Enabled, "enabled"),
        (Self::Disabled, "disabled"),
        (Self::Deleted, "deleted"),
    ];
}

/// Why an endpoint is disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DisabledBecause {
    ByPerson,
    /// It answered 410 Gone.
    Gone,
    /// Nothing got through for [`schedule::GIVES_UP_AFTER`].
    Failing,
}

impl TextEnum for DisabledBecause {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::ByPerson, "by_person"),
        (Self::Gone, "gone"),
        (Self::Failing, "failing"),
    ];
}

impl DisabledBecause {
    /// One sentence for whoever looks after the endpoint.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::ByPerson => "Somebody switched it off.",
            Self::Gone => "It answered 410 Gone: whoever runs it wants no more messages.",
            Self::Failing => "Every try failed for five days.",
        }
    }
}

/// How far one message to one endpoint has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryStatus {
    /// To be sent, for the first time or again.
    Pending,
    /// The endpoint answered 2xx.
    Delivered,
    /// Every try failed.
    Dead,
    /// The endpoint was taken away, or stayed disabled for too long.
    Cancelled,
}

impl TextEnum for DeliveryStatus {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Pending, "pending"),
        (Self::Delivered, "delivered"),
        (Self::Dead, "dead"),
        (Self::Cancelled, "cancelled"),
    ];
}

impl DeliveryStatus {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pending => "Waiting",
            Self::Delivered => "Delivered",
            Self::Dead => "Failed for good",
            Self::Cancelled => "Cancelled",
        }
    }
}
