//! How instants are read back.
//!
//! SQLite keeps them as text. Diesel reads such text by trying formats one after the other, which
//! was a noticeable part of every page, so text of the form that diesel itself writes is read here.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::Connection;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::sql_types::Timestamp;
use diesel::sqlite::Sqlite;

use super::DbConn;
use crate::domain::time::Instant;

type Either = <DbConn as Connection>::Backend;

impl FromSql<Timestamp, Sqlite> for Instant {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let usual = read(value.read_text());
        match usual {
            Some(at) => Ok(Self::from_naive_utc(at)),
            None => <NaiveDateTime as FromSql<Timestamp, Sqlite>>::from_sql(value)
                .map(Self::from_naive_utc),
        }
    }
}

impl FromSql<Timestamp, Pg> for Instant {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<Timestamp, Pg>>::from_sql(value).map(Self::from_naive_utc)
    }
}

impl FromSql<Timestamp, Either> for Instant {
    fn from_sql(value: <Either as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Timestamp>()
    }
}

/// `2026-11-21 09:30:00`, with or without a fraction of at most nine digits. Anything else is left
/// to diesel.
fn read(text: &str) -> Option<NaiveDateTime> {
    let bytes = text.as_bytes();
    let (whole, rest) = bytes.split_at_checked(19)?;
    let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if marks
        .iter()
        .any(|(place, mark)| whole.get(*place) != Some(mark))
    {
        return None;
    }
    let number = |from: usize, to: usize| digits(whole.get(from..to)?);
    let date = NaiveDate::from_ymd_opt(
        i32::try_from(number(0, 4)?).ok()?,
        number(5, 7)?,
        number(8, 10)?,
    )?;
    let nanos = match rest {
        [] => 0,
        [b'.', fraction @ ..] if (1..=9).contains(&fraction.len()) => {
            let missing = u32::try_from(9 - fraction.len()).ok()?;
            digits(fraction)? * 10_u32.pow(missing)
        }
        _ => return None,
    };
    date.and_hms_nano_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?, nanos)
}

/// At most nine digits, so that the number fits.
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0_u32, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_diesel_writes_is_read_as_diesel_reads_it(micros in 0_i64..253_402_300_800_000_000) {
            let at = *Instant::from_micros(micros).as_naive_utc();
            let text = at.format("%F %T%.f").to_string();
            prop_assert_eq!(read(&text), Some(at));
        }

        #[test]
        fn any_other_text_is_read_alike_or_left_alone(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.Z+-]{0,20}") {
            if let Some(at) = read(&text) {
                prop_assert_eq!(NaiveDateTime::parse_from_str(&text, "%F %T%.f"), Ok(at));
            }
        }
    }

    #[test]
    fn text_of_another_form_is_left_to_diesel() {
        for text in [
            "",
            "2026-11-21",
            "2026-11-21T09:30:00",
            "2026-11-21 09:30:00Z",
            "2026-11-21 09:30:00.",
            "2026-11-21 09:30:00.1234567890",
            "2026-13-21 09:30:00",
            "2026-11-21 24:00:00",
            "+026-11-21 09:30:00",
            "2026-11-21 09:30:0\u{e9}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
