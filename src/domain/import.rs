//! Files that are imported: what they hold and how far they have come.

use super::text_enum::TextEnum;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportKind {
    Placements,
    /// Contacts that others made before.
    Contacts,
    /// Numbers that nobody may call.
    Dnc,
}

impl TextEnum for ImportKind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Placements, "placements"),
        (Self::Contacts, "contacts"),
        (Self::Dnc, "dnc"),
    ];
}

impl ImportKind {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Placements => "Placements",
            Self::Contacts => "Contact history",
            Self::Dnc => "Do-not-call list",
        }
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportStatus {
    /// The file is here; which column means what is not settled.
    Uploaded,
    /// Its rows were read; nothing is saved.
    Mapped,
    /// Its rows are being saved, in the background.
    Committing,
    Completed,
    /// It stopped by a fault of ours. Rows saved before stay.
    Failed,
    Discarded,
}

impl TextEnum for ImportStatus {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Uploaded, "uploaded"),
        (Self::Mapped, "mapped"),
        (Self::Committing, "committing"),
        (Self::Completed, "completed"),
        (Self::Failed, "failed"),
        (Self::Discarded, "discarded"),
    ];
}
