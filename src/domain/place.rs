//! Places of the US Postal Service: the two-letter code of a state or territory, and the ZIP code.
//!
//! Which law and which clock a place keeps is policy, and asked in the gate.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Code and name of every place that USPS Publication 28, appendix B lists, without the freely
/// associated states: 50 states, DC, 5 territories, 3 military regions. Sorted by code.
const PLACES: [(&str, &str); 59] = [
    ("AA", "Armed Forces Americas"),
    ("AE", "Armed Forces Europe"),
    ("AK", "Alaska"),
    ("AL", "Alabama"),
    ("AP", "Armed Forces Pacific"),
    ("AR", "Arkansas"),
    ("AS", "American Samoa"),
    ("AZ", "Arizona"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DC", "District of Columbia"),
    ("DE", "Delaware"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("GU", "Guam"),
    ("HI", "Hawaii"),
    ("IA", "Iowa"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("MA", "Massachusetts"),
    ("MD", "Maryland"),
    ("ME", "Maine"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MO", "Missouri"),
    ("MP", "Northern Mariana Islands"),
    ("MS", "Mississippi"),
    ("MT", "Montana"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("NE", "Nebraska"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NV", "Nevada"),
    ("NY", "New York"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("PR", "Puerto Rico"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VA", "Virginia"),
    ("VI", "US Virgin Islands"),
    ("VT", "Vermont"),
    ("WA", "Washington"),
    ("WI", "Wisconsin"),
    ("WV", "West Virginia"),
    ("WY", "Wyoming"),
];

/// A state, the District of Columbia, a territory or a military region, by its two letters.
///
/// The military regions (`AA`, `AE`, `AP`) are addresses, not places: no law and no time zone is
/// on file for them, so the gate refuses where it needs one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateCode([u8; 2]);

/// The text names no state or territory of the United States.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a US state or territory: use two letters, such as NY")]
pub struct NotAState;

impl StateCode {
    /// Every code there is, sorted.
    pub fn all() -> impl Iterator<Item = Self> {
        PLACES
            .iter()
            .filter_map(|(code, _)| Self::of_letters(code).ok())
    }

    /// Takes any two letters, whether or not a place has them: files may hold codes of places
    /// for which there is no law on file, such as `FM`, and the gate refuses them as a gap.
    ///
    /// # Errors
    /// When the text is not two letters.
    pub fn of_letters(text: &str) -> Result<Self, NotAState> {
        match text.trim().as_bytes() {
            &[first, second] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
                Ok(Self([
                    first.to_ascii_uppercase(),
                    second.to_ascii_uppercase(),
                ]))
            }
            _ => Err(NotAState),
        }
    }

    /// `NY`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// `New York`; nothing where no place has these letters.
    pub fn name(self) -> Option<&'static str> {
        let at = PLACES
            .binary_search_by_key(&self.as_str(), |(code, _)| code)
            .ok()?;
        PLACES.get(at).map(|(_, name)| *name)
    }

    /// How many places a table needs for [`StateCode::index`].
    pub const INDEXES: usize = 26 * 26;

    /// Position in a table of all pairs of letters.
    pub fn index(self) -> usize {
        let [first, second] = self.0;
        usize::from(first - b'A') * 26 + usize::from(second - b'A')
    }
}

impl FromStr for StateCode {
    type Err = NotAState;

    /// Takes the code or the full name, in any case: `ny`, `N.Y.`, `New York`.
    fn from_str(text: &str) -> Result<Self, NotAState> {
        let text = text.trim();
        let letters: String = text.chars().filter(|c| *c != '.').collect();
        if letters.len() == 2 {
            let code = Self::of_letters(&letters)?;
            return code.name().map(|_| code).ok_or(NotAState);
        }
        PLACES
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(text))
            .ok_or(NotAState)
            .and_then(|(code, _)| Self::of_letters(code))
    }
}

impl fmt::Display for StateCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for StateCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for StateCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for StateCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Five digits, and four more where they are known: `10001`, `10001-2345`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZipCode {
    base: u32,
    plus_four: Option<u16>,
}

/// Why a text is not a ZIP code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAZipCode {
    #[error("is not a ZIP code: use five digits, such as 10001, or nine, such as 10001-2345")]
    Malformed,
    #[error(
        "is one or two digits short: spreadsheets drop the zeros in front, so write 02134, not 2134"
    )]
    LostZeros,
}

impl ZipCode {
    /// The five digits, with zeros in front.
    pub fn five(self) -> String {
        format!("{:05}", self.base)
    }

    /// The four digits after the hyphen.
    pub const fn plus_four(self) -> Option<u16> {
        self.plus_four
    }
}

impl FromStr for ZipCode {
    type Err = NotAZipCode;

    /// Takes `10001`, `10001-2345` and `100012345`.
    fn from_str(text: &str) -> Result<Self, NotAZipCode> {
        let text = text.trim();
        let (base, extra) = match text.split_once('-') {
            Some((base, extra)) => (base, Some(extra)),
            None if text.len() == 9 && text.is_char_boundary(5) => (&text[..5], Some(&text[5..])),
            None => (text, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(base) || extra.is_some_and(|four| four.len() != 4 || !digits(four)) {
            return Err(NotAZipCode::Malformed);
        }
        match base.len() {
            5 => {}
            3 | 4 => return Err(NotAZipCode::LostZeros),
            _ => return Err(NotAZipCode::Malformed),
        }
        let number = |part: &str| {
            part.bytes()
                .fold(0, |sum, b| sum * 10 + u32::from(b - b'0'))
        };
        Ok(Self {
            base: number(base),
            plus_four: extra.and_then(|four| u16::try_from(number(four)).ok()),
        })
    }
}

impl fmt::Display for ZipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.base)?;
        match self.plus_four {
            Some(four) => write!(f, "-{four:04}"),
            None => Ok(()),
        }
    }
}

impl Serialize for ZipCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ZipCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_so_that_they_can_be_searched() {
        assert!(PLACES.is_sorted());
    }

    #[test]
    fn a_state_is_read_by_code_and_by_name() {
        for text in ["NY", "ny", " N.Y. ", "New York", "NEW YORK"] {
            assert_eq!(text.parse::<StateCode>().unwrap().as_str(), "NY", "{text}");
        }
        for code in StateCode::all() {
            assert_eq!(code.as_str().parse(), Ok(code));
            assert_eq!(code.name().unwrap().parse(), Ok(code));
        }
    }

    #[test]
    fn letters_of_no_place_are_kept_for_the_gate_to_refuse() {
        let nowhere = StateCode::of_letters("zz").unwrap();
        assert_eq!((nowhere.as_str(), nowhere.name()), ("ZZ", None));
        assert!(StateCode::of_letters("New York").is_err());
        assert!(StateCode::of_letters("Ñ").is_err());
        assert_eq!(nowhere.index(), StateCode::INDEXES - 1);
    }

    #[test]
    fn what_is_not_a_state_is_refused() {
        for text in ["", "X", "ZZ", "Ontario", "NYC", "N Y", "Ñ", "..", "FM"] {
            assert_eq!(text.parse::<StateCode>(), Err(NotAState), "{text}");
        }
    }

    #[test]
    fn a_zip_code_has_five_or_nine_digits() {
        for (text, shown) in [
            ("10001", "10001"),
            ("00601", "00601"),
            ("02134-0001", "02134-0001"),
            ("021340001", "02134-0001"),
        ] {
            assert_eq!(text.parse::<ZipCode>().unwrap().to_string(), shown);
        }
        assert_eq!("00601-1234".parse::<ZipCode>().unwrap().five(), "00601");
    }

    #[test]
    fn a_zip_code_that_lost_its_zeros_says_so() {
        assert_eq!("2134".parse::<ZipCode>(), Err(NotAZipCode::LostZeros));
        assert_eq!("601".parse::<ZipCode>(), Err(NotAZipCode::LostZeros));
        for text in [
            "",
            "1",
            "100011",
            "1000a",
            "10001-",
            "10001-12",
            "-",
            "ééééa",
            "K1A 0B1",
        ] {
            assert_eq!(
                text.parse::<ZipCode>(),
                Err(NotAZipCode::Malformed),
                "{text}"
            );
        }
    }
}
