//! Ids and instants: one spelling each, and stored values that come back as they were.

use chrono::Duration;
use forbear::domain::id::PlacementId;
use forbear::domain::time::Instant;
use proptest::prelude::*;
use uuid::Uuid;

use super::config;

/// From 1900 to the end of 9999, which is what RFC 3339 can write.
fn instant() -> impl Strategy<Value = Instant> {
    (-2_208_988_800_000_000..253_402_300_800_000_000_i64).prop_map(Instant::from_micros)
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn an_instant_is_read_back_as_it_was_written(at in instant()) {
        prop_assert_eq!(Instant::parse_rfc3339(&at.to_rfc3339()).unwrap(), at);
        prop_assert_eq!(Instant::from_micros(at.as_micros()), at);
        prop_assert_eq!(Instant::from_naive_utc(*at.as_naive_utc()), at);
    }

    #[test]
    fn an_instant_has_one_text_whatever_zone_it_came_from(at in instant(), hours in -12..=14_i32) {
        let zone = chrono::FixedOffset::east_opt(hours * 3_600).unwrap();
        let elsewhere = at.to_utc().with_timezone(&zone).to_rfc3339();
        if let Ok(read) = Instant::parse_rfc3339(&elsewhere) {
            prop_assert_eq!(read.to_rfc3339(), at.to_rfc3339());
        }
    }

    #[test]
    fn later_and_earlier_undo_each_other(at in instant(), micros in 0..1_000_000_000_000_000_i64) {
        let by = Duration::microseconds(micros);
        prop_assert_eq!(at.plus(by).minus(by), at);
        prop_assert_eq!(at.plus(by).since(at), by);
    }

    #[test]
    fn the_ends_of_the_calendar_hold(at in any::<i64>(), by in any::<i64>()) {
        let by = Duration::microseconds(by.saturating_abs());
        let at = Instant::from_micros(at);
        prop_assert!(at.minus(by) <= at && at <= at.plus(by));
    }

    #[test]
    fn an_id_has_one_spelling(value in any::<u128>()) {
        let uuid = Uuid::from_u128(value);
        let id = PlacementId::from_uuid(uuid);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(id.as_str().len(), 36);
        for other in [
            uuid.simple().to_string(),
            uuid.braced().to_string(),
            uuid.urn().to_string(),
            format!(" {id}"),
        ] {
            prop_assert!(other.parse::<PlacementId>().is_err(), "{}", other);
        }
        let shouted = id.to_string().to_uppercase();
        prop_assert_eq!(shouted.parse::<PlacementId>().is_ok(), shouted == id.to_string());
    }

    #[test]
    fn ids_made_later_sort_later(at in 0..4_000_000_000_000_000_i64, later in 1_000..10_000_000_i64) {
        let first = PlacementId::generate(Instant::from_micros(at));
        let second = PlacementId::generate(Instant::from_micros(at + later));
        prop_assert!(first < second);
    }
}
