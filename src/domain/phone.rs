//! Telephone numbers of the North American Numbering Plan, in E.164.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Ten digits of the plan: area code, exchange, line. Written `+12125550142`.
///
/// Whether the area code is in service is data, and asked in `gate::locality`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(i64);

/// The text isn't a North American number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a US phone number: use ten digits, such as 212 555 0142")]
pub struct NotAPhoneNumber;

impl PhoneNumber {
    /// From the ten digits as a number: `2_125_550_142`.
    pub fn from_national(digits: i64) -> Result<Self, NotAPhoneNumber> {
        let area = digits / 10_000_000;
        let exchange = digits / 10_000 % 1_000;
        // [2-9]XX for both parts, and never N11: those are services (911, 411), not places.
        let is_part = |part: i64| (200..=999).contains(&part) && part % 100 != 11;
        if is_part(area) && is_part(exchange) {
            Ok(Self(digits))
        } else {
            Err(NotAPhoneNumber)
        }
    }

    /// The ten digits as a number.
    pub const fn national(self) -> i64 {
        self.0
    }

    pub const fn as_i64(&self) -> &i64 {
        &self.0
    }

    /// The three digits of the area code.
    pub fn area_code(self) -> u16 {
        u16::try_from(self.0 / 10_000_000).unwrap_or(0)
    }

    /// The first six digits, area code and exchange.
    pub const fn prefix(self) -> i64 {
        self.0 / 10_000
    }

    /// The last four digits as a number.
    pub fn line(self) -> u16 {
        u16::try_from(self.0 % 10_000).unwrap_or(0)
    }

    /// `(212) 555-0142`, as people read it.
    pub fn display_national(self) -> String {
        format!(
            "({}) {:03}-{:04}",
            self.area_code(),
            self.0 / 10_000 % 1_000,
            self.0 % 10_000
        )
    }

    /// A number as it stands on file, as people read it; as it is where it isn't one.
    pub fn readable(on_file: &str) -> String {
        on_file
            .parse::<Self>()
            .map_or_else(|_| on_file.to_owned(), Self::display_national)
    }

    /// The last four digits, for places where the whole number must not stand.
    pub fn last_four(self) -> String {
        format!("{:04}", self.0 % 10_000)
    }
}

impl FromStr for PhoneNumber {
    type Err = NotAPhoneNumber;

    /// Takes the usual punctuation, an optional `+1` or `1` in front and an extension behind
    /// (`x`, `ext`, `#`), which is dropped.
    fn from_str(text: &str) -> Result<Self, NotAPhoneNumber> {
        let text = text.trim();
        let end = text
            .find(|c: char| c.is_ascii_alphabetic() || c == '#')
            .unwrap_or(text.len());
        let (number, extension) = text.split_at(end);
        if !is_extension(extension) {
            return Err(NotAPhoneNumber);
        }
        let (international, number) = match number.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let mut digits = String::with_capacity(11);
        for c in number.chars() {
            match c {
                '0'..='9' => digits.push(c),
                ' ' | '-' | '.' | '(' | ')' | '/' => {}
                _ => return Err(NotAPhoneNumber),
            }
        }
        let national = match (digits.len(), international) {
            (11, _) => digits.strip_prefix('1').ok_or(NotAPhoneNumber)?,
            (10, false) => digits.as_str(),
            _ => return Err(NotAPhoneNumber),
        };
        Self::from_national(national.parse().map_err(|_| NotAPhoneNumber)?)
    }
}

/// Nothing, or `x12`, `ext. 12`, `extension 12`, `#12`.
fn is_extension(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let word = text
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end();
    let known = matches!(
        word.to_ascii_lowercase().trim_end_matches('.'),
        "x" | "ext" | "extension" | "#"
    );
    known && text.ends_with(|c: char| c.is_ascii_digit())
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+1{:010}", self.0)
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_usual_spellings() {
        for text in [
            "+12125550142",
            "1 (212) 555-0142",
            "212.555.0142",
            "2125550142",
            "212-555-0142 x12",
            "212 555 0142 ext. 7",
            " (212)555-0142#3 ",
        ] {
            let number: PhoneNumber = text.parse().unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(number.to_string(), "+12125550142", "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_number_of_the_plan() {
        for text in [
            "",
            "911",
            "5550142",
            "+442071838750",
            "112-555-0142",
            "212-155-0142",
            "911-555-0142",
            "212-911-1234",
            "212-555-01422",
            "+2125550142",
            "212-555-0142 call",
            "21255501ab",
            "\u{0662}125550142",
        ] {
            assert_eq!(text.parse::<PhoneNumber>(), Err(NotAPhoneNumber), "{text}");
        }
    }

    #[test]
    fn shows_parts() {
        let number: PhoneNumber = "2125550142".parse().unwrap();
        assert_eq!(number.area_code(), 212);
        assert_eq!(number.display_national(), "(212) 555-0142");
        assert_eq!(number.last_four(), "0142");
    }
}
