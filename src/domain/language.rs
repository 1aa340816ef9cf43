//! The languages in which debtors are spoken to.

use super::text_enum::TextEnum;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    Spanish,
}

impl TextEnum for Language {
    /// As in the column `debtors.language` and in HTML.
    const WORDS: &'static [(Self, &'static str)] = &[(Self::English, "en"), (Self::Spanish, "es")];
}

impl Language {
    pub const fn other(self) -> Self {
        match self {
            Self::English => Self::Spanish,
            Self::Spanish => Self::English,
        }
    }
}
