//! How a search box finds names and numbers: by the beginnings of words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::email::EmailAddress;
use super::phone::PhoneNumber;

/// Letters of a word that are kept; the rest of a longer one is not looked through.
const LONGEST_WORD: usize = 40;

/// The words of a text, folded so that case, accents and punctuation make no difference, each
/// once: `O'Neill & Söhne, INV-0042` is `o neill sohne inv 0042`.
pub fn words(text: &str) -> Vec<String> {
    let folded: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    let mut words: Vec<String> = Vec::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()) {
        let word: String = word.chars().take(LONGEST_WORD).collect();
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Whether every word of a query begins some word of the text.
pub fn matches(query: &[String], text: &str) -> bool {
    let words = words(text);
    query
        .iter()
        .all(|prefix| words.iter().any(|word| word.starts_with(prefix.as_str())))
}

/// A way to reach somebody, typed whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Phone(PhoneNumber),
    Email(EmailAddress),
}

impl Reach {
    /// A telephone number in any form of writing, or an address; none for any other text.
    pub fn read(text: &str) -> Option<Self> {
        if text.contains('@') {
            // As addresses stand on file.
            text.trim().to_lowercase().parse().ok().map(Self::Email)
        } else {
            text.parse().ok().map(Self::Phone)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_make_no_difference() {
        assert_eq!(
            words("O'Neill & S\u{f6}hne, INV-0042"),
            ["o", "neill", "sohne", "inv", "0042"]
        );
        assert_eq!(words("  ... "), Vec::<String>::new());
        assert_eq!(words("Acme ACME acme"), ["acme"]);
    }

    #[test]
    fn a_number_is_one_however_it_is_written_and_an_address_whatever_its_case() {
        let number = Reach::read("5185557301");
        assert!(matches!(number, Some(Reach::Phone(_))));
        for text in ["(518) 555-7301", "+1 518.555.7301", " 1-518-555-7301 "] {
            assert_eq!(Reach::read(text), number, "{text}");
        }
        let address = Reach::read("dana@debtors.example");
        assert!(matches!(address, Some(Reach::Email(_))));
        assert_eq!(Reach::read(" Dana@Debtors.example"), address);
        for text in ["", "Dana", "555-7301", "@", "INV-00042", "dana@"] {
            assert_eq!(Reach::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_query_matches_by_the_beginnings_of_words_in_any_order() {
        let query = words("whit da");
        assert!(matches(&query, "Dana Whitfield"));
        assert!(!matches(&query, "Dana Fieldwhit"));
        assert!(matches(&words("0042"), "INV-0042"));
    }
}
