//! Phrases as they are written in `config/intents`, and where they stand in a text.
//!
//! A phrase is words with spaces between them. `call|phone` is one of several; `@call` is one of
//! a named set; `word?` may be missing; `disput*` is any word that begins so; `#` is a number;
//! `..` is up to three words of any kind, and `..5` up to five. `^` and `$` are the beginning and
//! the end of a sentence, `^^` and `$$` of the whole text. A phrase stays within one sentence.

use std::collections::BTreeMap;

use super::tokens::Token;

/// Words that may be between two others when `..` says no number.
const USUAL_GAP: usize = 3;
/// The widest gap: what is farther apart seldom belongs together, and the search stays short.
const WIDEST_GAP: usize = 8;

#[derive(Debug, Clone)]
pub struct Phrase(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Word { any_of: Vec<Want>, optional: bool },
    Gap(usize),
    SentenceStart,
    SentenceEnd,
    TextStart,
    TextEnd,
}

#[derive(Debug, Clone)]
enum Want {
    Exactly(String),
    Beginning(String),
    Number,
}

impl Want {
    fn is_met_by(&self, word: &str) -> bool {
        match self {
            Self::Exactly(wanted) => word == wanted,
            Self::Beginning(wanted) => word.starts_with(wanted.as_str()),
            Self::Number => word.starts_with(|c: char| c.is_ascii_digit()),
        }
    }
}

/// The named sets of words of one file.
pub type Sets = BTreeMap<String, Vec<String>>;

impl Phrase {
    /// # Errors
    /// In words, when the phrase is empty or names a set that there isn't.
    pub fn parse(text: &str, sets: &Sets) -> Result<Self, String> {
        let pieces = text
            .split_whitespace()
            .map(|piece| Self::piece(piece, sets))
            .collect::<Result<Vec<_>, _>>()?;
        let has_word = pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Word { optional, .. } if !optional));
        if has_word {
            Ok(Self(pieces))
        } else {
            Err(format!("\"{text}\" has no word that must be there"))
        }
    }

    fn piece(text: &str, sets: &Sets) -> Result<Piece, String> {
        match text {
            "^^" => return Ok(Piece::TextStart),
            "$$" => return Ok(Piece::TextEnd),
            "^" => return Ok(Piece::SentenceStart),
            "$" => return Ok(Piece::SentenceEnd),
            ".." => return Ok(Piece::Gap(USUAL_GAP)),
            _ => {}
        }
        if let Some(width) = text.strip_prefix("..") {
            return match width.parse() {
                Ok(width) if width <= WIDEST_GAP => Ok(Piece::Gap(width)),
                _ => Err(format!("\"{text}\" is no gap of up to {WIDEST_GAP} words")),
            };
        }
        let (text, optional) = match text.strip_suffix('?') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let mut any_of = Vec::new();
        for option in text.split('|') {
            if let Some(name) = option.strip_prefix('@') {
                let set = sets
                    .get(name)
                    .ok_or_else(|| format!("there is no set \"{name}\""))?;
                any_of.extend(set.iter().map(|word| want(word)));
            } else {
                any_of.push(want(option));
            }
        }
        Ok(Piece::Word { any_of, optional })
    }

    /// Where the phrase ends if it begins at `at`: the place behind its last word.
    pub fn end_at(&self, tokens: &[Token], at: usize) -> Option<usize> {
        let sentence = tokens.get(at)?.sentence;
        let end = follow(&self.0, tokens, at, sentence)?;
        (end > at).then_some(end)
    }
}

fn want(word: &str) -> Want {
    if word == "#" {
        Want::Number
    } else if let Some(beginning) = word.strip_suffix('*') {
        Want::Beginning(beginning.to_owned())
    } else {
        Want::Exactly(word.to_owned())
    }
}

/// The end of the shortest match of `pieces` from `at`, within the sentence.
fn follow(pieces: &[Piece], tokens: &[Token], at: usize, sentence: usize) -> Option<usize> {
    let Some((piece, rest)) = pieces.split_first() else {
        return Some(at);
    };
    let sentence_of = |at: usize| tokens.get(at).map(|token| token.sentence);
    match piece {
        Piece::Word { any_of, optional } => {
            let here = tokens.get(at).filter(|token| token.sentence == sentence);
            let is_met =
                here.is_some_and(|token| any_of.iter().any(|want| want.is_met_by(&token.word)));
            let taken = is_met
                .then(|| follow(rest, tokens, at + 1, sentence))
                .flatten();
            taken.or_else(|| {
                optional
                    .then(|| follow(rest, tokens, at, sentence))
                    .flatten()
            })
        }
        Piece::Gap(width) => (at..=at + width)
            .take_while(|next| *next == at || sentence_of(next - 1) == Some(sentence))
            .find_map(|next| follow(rest, tokens, next, sentence)),
        Piece::SentenceStart => (at == 0 || sentence_of(at - 1) != Some(sentence))
            .then(|| follow(rest, tokens, at, sentence))
            .flatten(),
        Piece::SentenceEnd => (sentence_of(at) != Some(sentence))
            .then(|| follow(rest, tokens, at, sentence))
            .flatten(),
        Piece::TextStart => (at == 0)
            .then(|| follow(rest, tokens, at, sentence))
            .flatten(),
        Piece::TextEnd => (at == tokens.len())
            .then(|| follow(rest, tokens, at, sentence))
            .flatten(),
    }
}
