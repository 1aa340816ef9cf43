//! Money in integer cents of the US dollar. Never a float.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in cents; negative only where a ledger says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cents(i64);

/// The largest single amount that is taken from outside: one billion dollars.
pub const LARGEST_AMOUNT: Cents = Cents(100_000_000_000);

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotMoney {
    #[error("is empty")]
    Empty,
    #[error("is not an amount: use digits and at most one point, such as 1250.00")]
    Malformed,
    #[error("has more than two decimals")]
    TooPrecise,
    #[error("is negative")]
    Negative,
    #[error("is larger than 1,000,000,000.00")]
    TooLarge,
}

impl Cents {
    pub const ZERO: Self = Self(0);

    pub const fn new(cents: i64) -> Self {
        Self(cents)
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    pub const fn as_i64(&self) -> &i64 {
        &self.0
    }

    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The share of this amount at `rate`, rounded half away from zero at the cent:
    /// 10 % of $333.35 is $33.34.
    pub fn share(self, rate: BasisPoints) -> Self {
        let exact = i128::from(self.0) * i128::from(rate.get());
        let rounded = (exact.abs() + 5_000) / 10_000 * exact.signum();
        // |rounded| <= |self| because a rate is at most 10,000 basis points.
        Self(i64::try_from(rounded).unwrap_or(self.0))
    }

    /// Reads what a person types or a file holds: an optional dollar sign, digits with or without
    /// thousands commas, at most two decimals. Refuses signs, exponents, `NaN` and spaces inside.
    pub fn parse_input(text: &str) -> Result<Self, NotMoney> {
        let text = text.trim();
        let text = text.strip_prefix('$').unwrap_or(text).trim_start();
        if text.is_empty() {
            return Err(NotMoney::Empty);
        }
        if text.starts_with('-') || (text.starts_with('(') && text.ends_with(')')) {
            return Err(NotMoney::Negative);
        }
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let whole = without_thousands_commas(whole)?;
        if !decimals.bytes().all(|b| b.is_ascii_digit())
            || (whole.is_empty() && decimals.is_empty())
        {
            return Err(NotMoney::Malformed);
        }
        if decimals.len() > 2 {
            return Err(NotMoney::TooPrecise);
        }
        let digits = format!("{whole}{decimals:0<2}");
        let significant = digits.trim_start_matches('0');
        if significant.len() > 12 {
            return Err(NotMoney::TooLarge);
        }
        let cents = significant
            .bytes()
            .fold(0_i64, |sum, b| sum * 10 + i64::from(b - b'0'));
        let amount = Self(cents);
        if amount > LARGEST_AMOUNT {
            return Err(NotMoney::TooLarge);
        }
        Ok(amount)
    }

    /// `1250.00`: the form of the API and of files.
    pub fn to_decimal(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

/// Checks that commas, if any, separate groups of three digits, and removes them.
fn without_thousands_commas(whole: &str) -> Result<String, NotMoney> {
    if !whole.bytes().all(|b| b.is_ascii_digit() || b == b',') {
        return Err(NotMoney::Malformed);
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = whole.contains(',');
    if grouped && (first.is_empty() || first.len() > 3) {
        return Err(NotMoney::Malformed);
    }
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return Err(NotMoney::Malformed);
        }
        digits.push_str(group);
    }
    Ok(digits)
}

/// `$1,250.00`, as people read it.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.0.unsigned_abs();
        let digits = (cents / 100).to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "\u{2212}" } else { "" };
        write!(f, "{sign}${grouped}.{:02}", cents % 100)
    }
}

impl FromStr for Cents {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Self, NotMoney> {
        Self::parse_input(text)
    }
}

impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_decimal())
    }
}

impl<'de> Deserialize<'de> for Cents {
    /// A JSON string or a plain JSON number with at most two decimals. A number is read from its
    /// own text, never through a float, so `0.1` is ten cents exactly and `1e3` is refused.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        let raw = raw.get();
        let text = if raw.starts_with('"') {
            serde_json::from_str(raw).map_err(serde::de::Error::custom)?
        } else {
            raw.to_owned()
        };
        Self::parse_input(&text).map_err(serde::de::Error::custom)
    }
}

/// A rate in hundredths of a percent, from 0 to 10,000 (100 %).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BasisPoints(i32);

impl BasisPoints {
    /// `None` outside 0 to 10,000.
    pub const fn new(points: i32) -> Option<Self> {
        if points >= 0 && points <= 10_000 {
            Some(Self(points))
        } else {
            None
        }
    }

    pub const fn get(self) -> i32 {
        self.0
    }

    pub const fn as_i32(&self) -> &i32 {
        &self.0
    }
}

/// `25 %` or `12.5 %`.
impl fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, hundredths) = (self.0 / 100, self.0 % 100);
        if hundredths == 0 {
            write!(f, "{whole} %")
        } else {
            let decimals = format!("{hundredths:02}");
            write!(f, "{whole}.{} %", decimals.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_type() {
        for (text, cents) in [
            ("1250", 125_000),
            ("$1,250.5", 125_050),
            (" 0.01 ", 1),
            (".5", 50),
            ("1,000,000,000.00", 100_000_000_000),
            ("0000000000000000012.30", 1_230),
        ] {
            assert_eq!(Cents::parse_input(text), Ok(Cents(cents)), "{text}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        for (text, why) in [
            ("", NotMoney::Empty),
            ("$", NotMoney::Empty),
            (".", NotMoney::Malformed),
            ("NaN", NotMoney::Malformed),
            ("1e9", NotMoney::Malformed),
            ("1 000", NotMoney::Malformed),
            ("12,50", NotMoney::Malformed),
            ("+5", NotMoney::Malformed),
            ("\u{0661}", NotMoney::Malformed),
            ("-5", NotMoney::Negative),
            ("(5)", NotMoney::Negative),
            ("0.001", NotMoney::TooPrecise),
            ("1000000000.01", NotMoney::TooLarge),
            ("99999999999999999999", NotMoney::TooLarge),
        ] {
            assert_eq!(Cents::parse_input(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_fee_rounds_half_up_at_the_cent() {
        let ten_percent = BasisPoints::new(1_000).unwrap();
        assert_eq!(Cents(33_335).share(ten_percent), Cents(3_334));
        assert_eq!(Cents(33_334).share(ten_percent), Cents(3_333));
        assert_eq!(Cents(1).share(BasisPoints::new(4_999).unwrap()), Cents(0));
    }

    #[test]
    fn shows_groups_of_three() {
        assert_eq!(Cents(123_456_789).to_string(), "$1,234,567.89");
        assert_eq!(Cents(5).to_string(), "$0.05");
        assert_eq!(Cents(100_000).to_string(), "$1,000.00");
    }

    #[test]
    fn json_numbers_are_read_as_text() {
        assert_eq!(serde_json::from_str::<Cents>("0.1").unwrap(), Cents(10));
        assert_eq!(
            serde_json::from_str::<Cents>("\"12.34\"").unwrap(),
            Cents(1_234)
        );
        for bad in ["1e9", "0.001", "-1", "null", "\"NaN\"", "[1]"] {
            assert!(serde_json::from_str::<Cents>(bad).is_err(), "{bad}");
        }
    }
}
