//! Payments that a debtor made.

use super::money::{BasisPoints, Cents};
use super::text_enum::TextEnum;

/// How a payment reached the creditor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentMethod {
    Wire,
    Check,
    Card,
    Cash,
    PriorPlatform,
    Other,
}

impl TextEnum for PaymentMethod {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Wire, "wire"),
        (Self::Check, "check"),
        (Self::Card, "card"),
        (Self::Cash, "cash"),
        (Self::PriorPlatform, "prior_platform"),
        (Self::Other, "other"),
    ];
}

impl PaymentMethod {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Wire => "Wire or bank transfer",
            Self::Check => "Check",
            Self::Card => "Card",
            Self::Cash => "Cash",
            Self::PriorPlatform => "Prior platform",
            Self::Other => "Another way",
        }
    }
}

/// The door a payment was recorded through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentSource {
    Dashboard,
    Api,
    Import,
    Portal,
}

impl TextEnum for PaymentSource {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Dashboard, "dashboard"),
        (Self::Api, "api"),
        (Self::Import, "import"),
        (Self::Portal, "portal"),
    ];
}

/// The money of one placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    pub amount: Cents,
    pub recovered: Cents,
    pub fee: Cents,
}

/// What a payment would do to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// The fee on this payment alone, half up at the cent.
    pub fee: Cents,
    /// The account afterwards.
    pub after: Account,
}

/// Why an amount can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unpayable {
    #[error("is not more than zero")]
    NotPositive,
    #[error("is more than what is owed")]
    MoreThanOwed,
}

impl Account {
    pub fn remaining(self) -> Cents {
        self.amount
            .checked_sub(self.recovered)
            .unwrap_or(Cents::ZERO)
    }

    pub fn is_settled(self) -> bool {
        !self.remaining().is_positive()
    }

    /// The effect of a payment with a fee at `rate`. The fees of payments add up; none is ever
    /// worked out again at another rate.
    pub fn pay(self, payment: Cents, rate: BasisPoints) -> Result<Settlement, Unpayable> {
        if !payment.is_positive() {
            return Err(Unpayable::NotPositive);
        }
        if payment > self.remaining() {
            return Err(Unpayable::MoreThanOwed);
        }
        let fee = payment.share(rate);
        let sum = |one: Cents, other| one.checked_add(other).ok_or(Unpayable::MoreThanOwed);
        Ok(Settlement {
            fee,
            after: Self {
                amount: self.amount,
                recovered: sum(self.recovered, payment)?,
                fee: sum(self.fee, fee)?,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn owed(cents: i64) -> Account {
        Account {
            amount: Cents::new(cents),
            recovered: Cents::ZERO,
            fee: Cents::ZERO,
        }
    }

    #[test]
    fn zero_less_and_more_than_owed_are_refused() {
        let account = owed(10_000);
        let rate = BasisPoints::new(2_500).unwrap();
        for (cents, why) in [
            (0, Unpayable::NotPositive),
            (-1, Unpayable::NotPositive),
            (10_001, Unpayable::MoreThanOwed),
        ] {
            assert_eq!(account.pay(Cents::new(cents), rate), Err(why));
        }
        assert!(
            account
                .pay(Cents::new(10_000), rate)
                .unwrap()
                .after
                .is_settled()
        );
    }

    proptest! {
        #[test]
        fn payments_never_make_or_lose_a_cent(
            amount in 1_i64..100_000_000_000,
            rate in 0_i32..=10_000,
            parts in prop::collection::vec(1_i64..100_000_000_000, 1..20),
        ) {
            let rate = BasisPoints::new(rate).unwrap();
            let mut account = owed(amount);
            let (mut paid, mut fees) = (0, 0);
            for part in parts {
                if let Ok(settlement) = account.pay(Cents::new(part), rate) {
                    paid += part;
                    fees += settlement.fee.get();
                    account = settlement.after;
                } else {
                    prop_assert!(part > account.remaining().get());
                }
            }
            prop_assert_eq!(account.recovered.get(), paid);
            prop_assert_eq!(account.fee.get(), fees);
            prop_assert_eq!(account.remaining().get(), amount - paid);
            prop_assert!(account.recovered <= account.amount);
            prop_assert!(account.fee <= account.recovered);
        }

        #[test]
        fn a_fee_is_the_exact_share_rounded_half_up(cents in 1_i64..100_000_000_000, rate in 0_i32..=10_000) {
            let fee = owed(cents)
                .pay(Cents::new(cents), BasisPoints::new(rate).unwrap())
                .unwrap()
                .fee
                .get();
            // 2 fee - 1 <= 2 exact < 2 fee + 1, in ten-thousandths of a cent.
            let exact = i128::from(cents) * i128::from(rate);
            let fee = i128::from(fee) * 10_000;
            prop_assert!(fee - 5_000 <= exact && exact < fee + 5_000);
        }
    }
}
