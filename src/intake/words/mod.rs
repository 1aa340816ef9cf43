//! The closed vocabularies of the files: what may stand in a column of kinds, channels or
//! outcomes. The keys are those of the API and of case files; what the gate
//! knows is taken from it.

mod contact;
mod debtor;

pub use self::contact::{Channel, Direction, Outcome, Party, Purpose};
pub use self::debtor::{Chapter, DebtKind, DebtorKind, DebtorStatus, PreferredContact};
pub use crate::domain::posture::Posture;

/// A closed set of words, each with the spellings under which files bring it.
pub trait Word: Copy + Eq + 'static {
    /// What a word of this set is, for messages: "a channel".
    const NOUN: &'static str;
    /// Every word, its key and its other spellings, in lower case with hyphens.
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])];

    /// The word's key: `no-answer`.
    fn key(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(word, _, _)| *word == self)
            .map_or("", |(_, key, _)| key)
    }
}

/// The text is not one of the words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not {noun}: use {choices}")]
pub struct NotAWord {
    noun: &'static str,
    choices: String,
}

/// Reads a word in any case, with spaces, underscores or hyphens.
pub fn read<W: Word>(text: &str) -> Result<W, NotAWord> {
    let spelled = hyphenated(text);
    W::WORDS
        .iter()
        .find(|(_, key, others)| *key == spelled || others.contains(&spelled.as_str()))
        .map(|(word, _, _)| *word)
        .ok_or_else(|| NotAWord {
            noun: W::NOUN,
            choices: W::WORDS
                .iter()
                .map(|(_, key, _)| *key)
                .collect::<Vec<_>>()
                .join(", "),
        })
}

fn hyphenated(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        let c = if matches!(c, ' ' | '_' | '/' | '\u{2011}') {
            '-'
        } else {
            c
        };
        if c != '-' || !out.ends_with('-') {
            out.extend(c.to_lowercase());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    fn is_well_formed<W: Word + std::fmt::Debug + Serialize>() {
        let mut spellings = std::collections::HashSet::new();
        for (word, key, others) in W::WORDS {
            assert_eq!(serde_json::to_value(word).unwrap(), *key);
            assert_eq!(word.key(), *key);
            for spelling in others.iter().chain([key]) {
                assert!(spellings.insert(*spelling), "{spelling} stands twice");
                assert_eq!(hyphenated(spelling), *spelling);
            }
        }
    }

    #[test]
    fn no_spelling_means_two_words_and_keys_are_those_of_json() {
        is_well_formed::<DebtorKind>();
        is_well_formed::<DebtKind>();
        is_well_formed::<PreferredContact>();
        is_well_formed::<Posture>();
        is_well_formed::<DebtorStatus>();
        is_well_formed::<Channel>();
        is_well_formed::<Direction>();
        is_well_formed::<Outcome>();
        is_well_formed::<Purpose>();
        is_well_formed::<Party>();
        is_well_formed::<Chapter>();
    }

    #[test]
    fn a_word_is_read_in_any_dress() {
        for text in ["no-answer", "No Answer", "NO_ANSWER", " no  answer "] {
            assert_eq!(read::<Outcome>(text), Ok(Outcome::NoAnswer), "{text}");
        }
        assert_eq!(read::<Chapter>("Chapter 13"), Ok(Chapter::Thirteen));
        for (chapter, key, _) in Chapter::WORDS {
            assert_eq!(chapter.number().to_string(), *key);
        }
    }

    #[test]
    fn another_word_is_answered_with_the_choice() {
        assert_eq!(
            read::<Direction>("sideways").unwrap_err().to_string(),
            "is not a direction: use out, in"
        );
    }
}
