//! Bars over days, drawn on the server.

use chrono::NaiveDate;

use super::words;
use crate::domain::money::Cents;
use crate::web::view::overview::{Bar, RecoveredChart};

/// The drawing's own units.
pub const WIDTH: i64 = 600;
pub const HEIGHT: i64 = 120;

/// The part of a day's width that its bar takes, in hundredths.
const BAR_SHARE: i64 = 72;

/// One bar a day, as high as its share of the highest.
pub fn bars(days: &[(NaiveDate, Cents)]) -> RecoveredChart {
    let highest = days
        .iter()
        .map(|(_, amount)| amount.get())
        .max()
        .unwrap_or(0);
    let count = i64::try_from(days.len()).unwrap_or(1).max(1);
    let step = WIDTH / count;
    let width = (step * BAR_SHARE / 100).max(1);
    let sum = days.iter().fold(Cents::ZERO, |sum, (_, amount)| {
        sum.checked_add(*amount).unwrap_or(sum)
    });
    let bars = (0..)
        .zip(days)
        .map(|(index, (day, amount))| {
            let height = height(amount.get(), highest);
            Bar {
                x: index * step + (step - width) / 2,
                y: HEIGHT - height,
                width,
                height,
                day: words::date(*day),
                amount: amount.to_string(),
                is_empty: *amount == Cents::ZERO,
            }
        })
        .collect();
    RecoveredChart {
        width: WIDTH,
        height: HEIGHT,
        highest: Cents::new(highest).to_string(),
        total: sum.to_string(),
        first: days
            .first()
            .map(|(day, _)| words::date(*day))
            .unwrap_or_default(),
        last: days
            .last()
            .map(|(day, _)| words::date(*day))
            .unwrap_or_default(),
        bars,
    }
}

/// At least a hair for any amount, nothing for none.
fn height(amount: i64, highest: i64) -> i64 {
    if amount <= 0 {
        return 0;
    }
    let exact = i128::from(amount) * i128::from(HEIGHT) / i128::from(highest.max(1));
    i64::try_from(exact).unwrap_or(HEIGHT).clamp(2, HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32, cents: i64) -> (NaiveDate, Cents) {
        (
            NaiveDate::from_ymd_opt(2026, 5, day).unwrap(),
            Cents::new(cents),
        )
    }

    #[test]
    fn the_highest_day_fills_the_chart_and_the_smallest_is_still_seen() {
        let chart = bars(&[day(1, 0), day(2, 1), day(3, 100_000)]);
        let heights: Vec<i64> = chart.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [0, 2, HEIGHT]);
        assert_eq!(chart.total, "$1,000.01");
        assert!(chart.bars.iter().all(|bar| bar.x + bar.width <= WIDTH));
    }

    #[test]
    fn no_days_and_no_money_draw_nothing() {
        assert!(bars(&[]).bars.is_empty());
        assert!(bars(&[day(1, 0)]).bars.iter().all(|bar| bar.height == 0));
    }
}
