//! Federal legal public holidays, 5 U.S.C. 6103(a), by rule: the days Regulation F leaves out.
//!
//! Only the dates the statute names. The weekday on which a holiday is observed for federal
//! employees' leave (6103(b)) is not one of them.

use chrono::{Datelike, NaiveDate, Weekday};

use super::windows::add_days;

pub(crate) fn is_federal_holiday(date: NaiveDate) -> bool {
    let (month, day, weekday) = (date.month(), date.day(), date.weekday());
    let nth = |n: u32| (day - 1) / 7 + 1 == n;
    match (month, weekday) {
        (1, Weekday::Mon) if nth(3) => true,
        (2, Weekday::Mon) if nth(3) => true,
        (5, Weekday::Mon) if day > 24 => true,
        (9, Weekday::Mon) if nth(1) => true,
        (10, Weekday::Mon) if nth(2) => true,
        (11, Weekday::Thu) if nth(4) => true,
        _ => {
            matches!((month, day), (1, 1) | (7, 4) | (11, 11) | (12, 25))
                || (month, day) == (6, 19) && date.year() >= 2021
        }
    }
}

/// The date by which `days` have passed after `date`, leaving out Saturdays, Sundays and federal
/// holidays. The day itself is day zero.
pub(crate) fn add_business_days(date: NaiveDate, days: u32) -> NaiveDate {
    let mut date = date;
    let mut left = days;
    while left > 0 {
        let next = add_days(date, 1);
        if next == date {
            return date;
        }
        date = next;
        if !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !is_federal_holiday(date) {
            left -= 1;
        }
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_holidays_of_three_years_are_the_statutes() {
        let holidays = |year: i32| -> Vec<String> {
            NaiveDate::from_ymd_opt(year, 1, 1)
                .unwrap()
                .iter_days()
                .take_while(|day| day.year() == year)
                .filter(|day| is_federal_holiday(*day))
                .map(|day| day.format("%m-%d").to_string())
                .collect()
        };
        assert_eq!(
            holidays(2026),
            [
                "01-01", "01-19", "02-16", "05-25", "06-19", "07-04", "09-07", "10-12", "11-11",
                "11-26", "12-25"
            ]
        );
        assert_eq!(
            holidays(2027),
            [
                "01-01", "01-18", "02-15", "05-31", "06-19", "07-04", "09-06", "10-11", "11-11",
                "11-25", "12-25"
            ]
        );
        assert_eq!(
            holidays(2028),
            [
                "01-01", "01-17", "02-21", "05-29", "06-19", "07-04", "09-04", "10-09", "11-11",
                "11-23", "12-25"
            ]
        );
    }

    #[test]
    fn juneteenth_is_a_holiday_since_2021() {
        assert!(!is_federal_holiday(date("2020-06-19")));
        assert!(is_federal_holiday(date("2021-06-19")));
    }

    #[test]
    fn receipt_is_assumed_after_five_business_days() {
        for (provided, received) in [
            ("2026-07-22", "2026-07-29"),
            ("2026-09-04", "2026-09-14"),
            ("2026-10-08", "2026-10-16"),
            ("2026-10-19", "2026-10-26"),
            ("2026-12-22", "2026-12-30"),
            ("2026-06-30", "2026-07-07"),
            ("2028-01-28", "2028-02-04"),
        ] {
            assert_eq!(
                add_business_days(date(provided), 5),
                date(received),
                "{provided}"
            );
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_an_end() {
        assert_eq!(add_business_days(NaiveDate::MAX, 5), NaiveDate::MAX);
    }
}
