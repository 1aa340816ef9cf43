//! When a message is tried again.

use chrono::Duration;

/// The wait before each try, as Standard Webhooks recommends it. There are as many tries as waits.
const WAITS: [Duration; 10] = [
    Duration::zero(),
    Duration::seconds(5),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(5),
    Duration::hours(10),
    Duration::hours(14),
    Duration::hours(20),
    Duration::hours(24),
];

/// An endpoint at which nothing got through for so long is disabled. Longer than one message is
/// tried for, so that more than one message must have failed to its end.
pub const GIVES_UP_AFTER: Duration = Duration::days(5);

/// The longest that a receiver may ask us to wait.
const LONGEST_PAUSE: Duration = Duration::hours(24);

/// How long the secret that was replaced still signs along.
pub const SECRET_OVERLAP: Duration = Duration::hours(24);

/// What is kept for a disabled endpoint is given up after this.
pub const KEPT_WHILE_DISABLED: Duration = Duration::days(30);

/// Tries of one message in all.
pub const TRIES: usize = WAITS.len();

/// How long to wait after `failed` tries; nothing when there is no further one. `chance` spreads
/// the tries of many messages: 0 is the wait itself, 255 a tenth longer.
///
/// `asked` is what the receiver said in `Retry-After`: never tried earlier, and asked for more
/// than a day counts as a day.
pub fn wait_after(failed: usize, chance: u8, asked: Option<Duration>) -> Option<Duration> {
    let wait = *WAITS.get(failed)?;
    let spread = wait.num_milliseconds() / 10 * i64::from(chance) / 255;
    let wait = wait + Duration::milliseconds(spread);
    Some(asked.map_or(wait, |asked| wait.max(capped(asked))))
}

/// What a receiver asked for, but not more than a day.
pub fn capped(asked: Duration) -> Duration {
    asked.clamp(Duration::zero(), LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_is_tried_ten_times_over_a_little_more_than_three_days() {
        let all: Vec<i64> = (0..)
            .map_while(|failed| wait_after(failed, 0, None))
            .map(|wait| wait.num_seconds())
            .collect();
        assert_eq!(
            all,
            [
                0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400
            ]
        );
        let longest: Duration = (0..TRIES)
            .filter_map(|failed| wait_after(failed, 255, None))
            .sum();
        assert!(longest < GIVES_UP_AFTER);
    }

    proptest! {
        #[test]
        fn chance_never_shortens_a_wait_and_adds_a_tenth_at_most(
            failed in 0_usize..12, chance in any::<u8>()
        ) {
            match (wait_after(failed, 0, None), wait_after(failed, chance, None)) {
                (Some(least), Some(wait)) => {
                    prop_assert!(wait >= least);
                    prop_assert!(wait <= least + least / 10);
                }
                (None, None) => prop_assert!(failed >= TRIES),
                other => prop_assert!(false, "{other:?}"),
            }
        }

        #[test]
        fn a_receiver_may_ask_for_more_time_up_to_a_day_but_never_for_less(
            failed in 0_usize..TRIES, chance in any::<u8>(), asked in -10_i64..1_000_000
        ) {
            let plain = wait_after(failed, chance, None).unwrap();
            let wait = wait_after(failed, chance, Some(Duration::seconds(asked))).unwrap();
            prop_assert!(wait >= plain);
            prop_assert!(wait >= Duration::seconds(asked.min(86_400)));
            prop_assert!(wait <= plain.max(Duration::days(1)));
        }
    }
}
