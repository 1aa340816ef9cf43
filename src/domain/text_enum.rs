//! Enums that are stored and sent as a fixed set of words.

/// An enum whose every value has one word, the same in the database, the API and files.
pub trait TextEnum: Sized + Copy + PartialEq + 'static {
    /// Every value with its word.
    const WORDS: &'static [(Self, &'static str)];

    fn as_str(&self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(value, _)| value == self)
            .map_or("", |(_, word)| word)
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(value, _)| *value)
    }
}
