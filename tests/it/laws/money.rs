//! Money: nothing is lost, invented or rounded twice. Checked against 128-bit arithmetic.

use forbear::domain::money::{BasisPoints, Cents, LARGEST_AMOUNT};
use proptest::prelude::*;

use super::config;

fn rate() -> impl Strategy<Value = BasisPoints> {
    (0..=10_000_i32).prop_map(|points| BasisPoints::new(points).unwrap())
}

/// Any amount that can come from outside, small ones more often.
fn amount() -> impl Strategy<Value = Cents> {
    prop_oneof![0..=1_000_i64, 0..=10_000_000_i64, 0..=LARGEST_AMOUNT.get()].prop_map(Cents::new)
}

proptest! {
    #![proptest_config(config(5_000))]

    #[test]
    fn a_share_is_the_exact_one_rounded_half_up(amount in any::<i64>(), rate in rate()) {
        let share = i128::from(Cents::new(amount).share(rate).get());
        let exact = i128::from(amount) * i128::from(rate.get());
        // Within half a cent, and the half itself goes away from zero.
        let off = share * 10_000 - exact;
        prop_assert!(off.abs() <= 5_000, "{off}");
        if off.abs() == 5_000 {
            prop_assert_eq!(off.signum(), exact.signum());
        }
    }

    #[test]
    fn a_share_and_the_rest_are_the_whole(amount in amount(), rate in rate()) {
        let share = amount.share(rate);
        let rest = amount.checked_sub(share).unwrap();
        prop_assert!(share >= Cents::ZERO && rest >= Cents::ZERO);
        prop_assert_eq!(share.checked_add(rest), Some(amount));
    }

    #[test]
    fn a_higher_rate_or_amount_never_makes_a_smaller_share(
        amounts in (amount(), amount()),
        rates in (rate(), rate()),
    ) {
        let (low, high) = (amounts.0.min(amounts.1), amounts.0.max(amounts.1));
        prop_assert!(low.share(rates.0) <= high.share(rates.0));
        let (cheap, dear) = (rates.0.min(rates.1), rates.0.max(rates.1));
        prop_assert!(low.share(cheap) <= low.share(dear));
    }

    #[test]
    fn fees_on_parts_differ_from_the_fee_on_the_whole_by_half_a_cent_a_part_at_most(
        parts in prop::collection::vec(amount(), 1..20),
        rate in rate(),
    ) {
        let sum = |cents: &[Cents]| cents.iter().map(|cents| i128::from(cents.get())).sum::<i128>();
        let fees: Vec<Cents> = parts.iter().map(|part| part.share(rate)).collect();
        let exact = sum(&parts) * i128::from(rate.get());
        let off = (sum(&fees) * 10_000 - exact).abs();
        prop_assert!(off <= 5_000 * i128::try_from(parts.len()).unwrap(), "{off}");
    }

    #[test]
    fn sums_are_right_or_refused(a in any::<i64>(), b in any::<i64>()) {
        let (left, right) = (Cents::new(a), Cents::new(b));
        let exact = |sum: i128| i64::try_from(sum).ok().map(Cents::new);
        prop_assert_eq!(left.checked_add(right), exact(i128::from(a) + i128::from(b)));
        prop_assert_eq!(left.checked_sub(right), exact(i128::from(a) - i128::from(b)));
    }

    #[test]
    fn an_amount_is_read_back_from_every_form_it_is_written_in(amount in amount()) {
        prop_assert_eq!(Cents::parse_input(&amount.to_decimal()), Ok(amount));
        prop_assert_eq!(Cents::parse_input(&amount.to_string()), Ok(amount));
        let json = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(serde_json::from_str::<Cents>(&json).unwrap(), amount);
        prop_assert_eq!(serde_json::from_str::<Cents>(&amount.to_decimal()).unwrap(), amount);
    }

    #[test]
    fn no_text_is_taken_for_more_or_less_than_it_says(text in "[ $(]?[0-9,.eE+-]{0,14}\\PC?") {
        if let Ok(amount) = Cents::parse_input(&text) {
            prop_assert!(amount >= Cents::ZERO && amount <= LARGEST_AMOUNT);
            let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
            let (whole, decimals) = digits.split_once('.').unwrap_or((&digits, ""));
            let exact: i128 = format!("0{whole}{decimals:0<2}").parse().unwrap();
            prop_assert_eq!(i128::from(amount.get()), exact, "{:?}", text);
        }
    }
}
