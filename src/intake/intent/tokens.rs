//! A text as words that can be compared: case, accents, look-alike letters, invisible characters
//! and letters set apart make no difference.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Lower case, without accents, in Latin letters.
    pub word: String,
    /// Where it stands in the text, in bytes.
    pub start: usize,
    pub end: usize,
    /// Counts the sentences: a phrase does not reach from one into the next.
    pub sentence: usize,
}

/// The words of a text in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut word = Word::default();
    let mut sentence = 0;
    let mut line_is_empty = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        if is_invisible(c) || (is_apostrophe(c) && word.is_open()) {
            continue;
        }
        let before = word.folded.len();
        word.push(c);
        if word.folded.len() > before {
            word.reach(at, end);
            line_is_empty = false;
            continue;
        }
        if is_combining_mark(c) {
            continue;
        }
        word.close_into(&mut out, sentence);
        let next = chars.peek().map(|(_, next)| *next);
        let ends_sentence = match c {
            '!' | '?' | ';' | '…' | '¿' | '¡' => true,
            // A dot inside of "s.t.o.p" or "example.com" ends nothing.
            '.' | ':' => next.is_none_or(char::is_whitespace),
            '\n' => {
                let was_empty = line_is_empty;
                line_is_empty = true;
                was_empty
            }
            _ => false,
        };
        sentence += usize::from(ends_sentence);
    }
    word.close_into(&mut out, sentence);
    joined(out).into_iter().flat_map(expanded).collect()
}

/// The word that is being read.
#[derive(Default)]
struct Word {
    folded: String,
    start: usize,
    end: usize,
}

impl Word {
    fn is_open(&self) -> bool {
        !self.folded.is_empty()
    }

    /// Takes the letters and digits that a character stands for, if any.
    fn push(&mut self, c: char) {
        if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                self.folded.push(c.to_ascii_lowercase());
            }
            return;
        }
        for part in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
            let part = latin(part);
            if part.is_alphanumeric() && !is_combining_mark(part) {
                self.folded.push(part);
            }
        }
    }

    fn reach(&mut self, start: usize, end: usize) {
        if self.end == 0 {
            self.start = start;
        }
        self.end = end;
    }

    fn close_into(&mut self, out: &mut Vec<Token>, sentence: usize) {
        let word = std::mem::take(self);
        if word.is_open() {
            out.push(Token {
                word: without_digits_for_letters(word.folded),
                start: word.start,
                end: word.end,
                sentence,
            });
        }
    }
}

/// Characters that are not seen, and are put between letters to hide a word.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' | '´')
}

/// The Latin letter that a Cyrillic or Greek one looks like.
const fn latin(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'һ' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' | 'μ' => 'm',
        'н' | 'η' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        'ϳ' => 'j',
        other => other,
    }
}

/// "st0p" is "stop"; a digit at either end of a word is a digit.
fn without_digits_for_letters(word: String) -> String {
    let chars: Vec<char> = word.chars().collect();
    let is_letter = |at: Option<usize>| {
        at.and_then(|at| chars.get(at))
            .is_some_and(|c| c.is_alphabetic())
    };
    if !chars.iter().any(char::is_ascii_digit) {
        return word;
    }
    chars
        .iter()
        .enumerate()
        .map(|(at, c)| match c {
            '0' if is_letter(at.checked_sub(1)) && is_letter(Some(at + 1)) => 'o',
            '3' if is_letter(at.checked_sub(1)) && is_letter(Some(at + 1)) => 'e',
            other => *other,
        })
        .collect()
}

/// Puts letters that were set apart together again: "s t o p" and "s.t.o.p".
fn joined(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut run: Vec<Token> = Vec::new();
    let close = |run: &mut Vec<Token>, out: &mut Vec<Token>| {
        if let [first, _, _, ..] = run.as_slice() {
            out.push(Token {
                word: run.iter().map(|token| token.word.as_str()).collect(),
                start: first.start,
                end: run.last().map_or(first.end, |last| last.end),
                sentence: first.sentence,
            });
            run.clear();
        } else {
            out.append(run);
        }
    };
    for token in tokens {
        let is_letter =
            token.word.chars().count() == 1 && token.word.chars().all(char::is_alphabetic);
        let follows = run
            .last()
            .is_none_or(|last| last.sentence == token.sentence && token.start <= last.end + 1);
        if !is_letter || !follows {
            close(&mut run, &mut out);
        }
        if is_letter {
            run.push(token);
        } else {
            out.push(token);
        }
    }
    close(&mut run, &mut out);
    out
}

/// English contractions as the words they stand for, so that a phrase is written once.
fn expanded(token: Token) -> Vec<Token> {
    let words: &[&str] = match token.word.as_str() {
        "dont" => &["do", "not"],
        "doesnt" => &["does", "not"],
        "didnt" => &["did", "not"],
        "cant" | "cannot" => &["can", "not"],
        "couldnt" => &["could", "not"],
        "wont" => &["will", "not"],
        "wouldnt" => &["would", "not"],
        "shouldnt" => &["should", "not"],
        "isnt" => &["is", "not"],
        "arent" => &["are", "not"],
        "wasnt" => &["was", "not"],
        "werent" => &["were", "not"],
        "havent" => &["have", "not"],
        "hasnt" => &["has", "not"],
        "hadnt" => &["had", "not"],
        "aint" => &["is", "not"],
        "im" => &["i", "am"],
        "ive" => &["i", "have"],
        "youre" => &["you", "are"],
        "youve" => &["you", "have"],
        "hes" => &["he", "is"],
        "shes" => &["she", "is"],
        "thats" => &["that", "is"],
        _ => return vec![token],
    };
    words
        .iter()
        .map(|word| Token {
            word: (*word).to_owned(),
            ..token.clone()
        })
        .collect()
}
