//! Values as people read them: the same words on every page.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;
use crate::web::view::badge::StatusBadge;
use crate::web::view::part::{Pager, When};

pub fn status(status: PlacementStatus) -> StatusBadge {
    match status {
        PlacementStatus::PendingEnrichment => StatusBadge::PendingEnrichment,
        PlacementStatus::Ready => StatusBadge::Ready,
        PlacementStatus::InOutreach => StatusBadge::InOutreach,
        PlacementStatus::PaymentPending => StatusBadge::PaymentPending,
        PlacementStatus::Unreachable => StatusBadge::Unreachable,
        PlacementStatus::Disputed => StatusBadge::Disputed,
        PlacementStatus::Paid => StatusBadge::Paid,
        PlacementStatus::Recalled => StatusBadge::Recalled,
        PlacementStatus::ClosedUncollected => StatusBadge::ClosedUncollected,
        PlacementStatus::Resolved => StatusBadge::Resolved,
        PlacementStatus::WithdrawnByCreditor => StatusBadge::WithdrawnByCreditor,
    }
}

/// `12 Nov 2026`.
pub fn date(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// `4 Dec`, with the year when it isn't this one.
pub fn day_and_month(date: NaiveDate, today: NaiveDate) -> String {
    use chrono::Datelike;
    if date.year() == today.year() {
        date.format("%-d %b").to_string()
    } else {
        self::date(date)
    }
}

/// A day without an hour, for a `<time>` element.
pub fn day(day: NaiveDate, zone: Tz, now: Instant) -> When {
    let noon = day.and_time(NaiveTime::MIN) + chrono::Duration::hours(12);
    let at = When::new(Instant::from_naive_utc(noon), Tz::UTC, now);
    let days = now.date_in(zone).signed_duration_since(day).num_days();
    When {
        iso: day.format("%Y-%m-%d").to_string(),
        absolute: date(day),
        relative: match days {
            0 => "today".to_owned(),
            1 => "yesterday".to_owned(),
            -1 => "tomorrow".to_owned(),
            2.. => format!("{days} days ago"),
            _ => format!("in {} days", -days),
        },
        ..at
    }
}

/// `Mon 15 Dec 2026, 8:00 am CST`: a moment by the clock on a wall.
pub fn clock(at: Instant, zone: Tz) -> String {
    at.in_zone(zone)
        .format("%a %-d %b %Y, %-I:%M %P %Z")
        .to_string()
}

/// `8:00 am CST on 2 Dec`: a moment by the debtor's clock, where the reader's shows another time.
pub fn elsewhere(at: Instant, theirs: Tz, own: Tz) -> Option<String> {
    let local = at.in_zone(theirs);
    (local.naive_local() != at.in_zone(own).naive_local())
        .then(|| local.format("%-I:%M %P %Z on %-d %b").to_string())
}

/// `8:00 am CST`.
pub fn hour(at: Instant, zone: Tz) -> String {
    at.in_zone(zone).format("%-I:%M %P %Z").to_string()
}

/// `4 min 12 s`; empty when nothing is known.
pub fn duration(seconds: Option<i32>) -> String {
    match seconds {
        None => String::new(),
        Some(seconds @ ..60) => format!("{} s", seconds.max(0)),
        Some(seconds) => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// A word of the trade as the beginning of a sentence: `third_party` is "Third party".
pub fn spoken(word: &str) -> String {
    let word = word.replace(['_', '-'], " ");
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The page that an address asks for: the first where it names none.
pub fn page_number(text: Option<&str>) -> u64 {
    text.and_then(|text| text.trim().parse().ok())
        .unwrap_or(1)
        .clamp(1, 1_000_000)
}

/// Which rows of a list are on the page, and the ways to its neighbours.
pub fn pager(page: u64, size: u64, total: u64, href: impl Fn(u64) -> String) -> Pager {
    let first = (page - 1) * size + 1;
    let last = (page * size).min(total);
    Pager {
        first: first.min(total),
        last,
        total,
        previous_href: (page > 1).then(|| href(page - 1)),
        next_href: (last < total).then(|| href(page + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_trade_are_spoken() {
        assert_eq!(spoken("third_party"), "Third party");
        assert_eq!(spoken("no-answer"), "No answer");
        assert_eq!(spoken(""), "");
    }

    #[test]
    fn a_day_is_told_from_the_readers_today() {
        let now = Instant::parse_rfc3339("2026-05-14T02:00:00Z").unwrap();
        let day = day(
            NaiveDate::from_ymd_opt(2026, 5, 13).unwrap(),
            chrono_tz::America::New_York,
            now,
        );
        assert_eq!(
            (day.iso.as_str(), day.relative.as_str()),
            ("2026-05-13", "today")
        );
    }

    #[test]
    fn a_page_that_is_none_is_the_first() {
        for text in [None, Some(""), Some("-5"), Some("0"), Some("two")] {
            assert_eq!(page_number(text), 1, "{text:?}");
        }
        assert_eq!(page_number(Some("7")), 7);
    }

    #[test]
    fn the_pager_counts_from_one_and_knows_both_ends() {
        let pager = pager(2, 25, 30, |page| format!("?page={page}"));
        assert_eq!((pager.first, pager.last), (26, 30));
        assert_eq!(pager.previous_href.as_deref(), Some("?page=1"));
        assert_eq!(pager.next_href, None);
        let empty = super::pager(1, 25, 0, |_| String::new());
        assert_eq!((empty.first, empty.last), (0, 0));
    }
}
