//! What stops contact, as badges: the same in the list, on the page and in the search, because
//! all read the facts the gate reads.

use chrono_tz::Tz;

use super::words;
use crate::domain::id::PlacementId;
use crate::domain::time::Instant;
use crate::gate::Facts;
use crate::gate::facts::{BankruptcyStatus, Debt, Stop};
use crate::web::view::badge::HoldBadge;

/// Everything that stops contact about this placement, worst first.
pub fn badges(facts: &Facts, placement: PlacementId, zone: Tz, now: Instant) -> Vec<HoldBadge> {
    let mut badges = of_debtor(facts);
    let debt = facts.debt(placement.as_str());
    if is_outside_discharge(facts, debt) {
        badges.retain(|badge| !matches!(badge, HoldBadge::Bankruptcy(_)));
    }
    if let Some(badge) = debt.and_then(|debt| pause(debt, zone, now)) {
        badges.push(badge);
    }
    badges
}

/// A discharge that does not cover a debt stops nobody from collecting it.
fn is_outside_discharge(facts: &Facts, debt: Option<&Debt>) -> bool {
    let case = facts.debtor.flags.bankruptcy.as_ref();
    case.is_some_and(|case| case.status == BankruptcyStatus::Discharged)
        && debt.is_some_and(|debt| debt.included_in_discharge == Some(false))
}

/// What stops contact with the debtor, whichever placement it is about.
pub fn of_debtor(facts: &Facts) -> Vec<HoldBadge> {
    let flags = &facts.debtor.flags;
    let is_set = |stop: &Option<Stop>| stop.as_ref().is_some_and(|stop| !stop.lifted);
    let mut badges = Vec::new();
    if let Some(bankruptcy) = &flags.bankruptcy
        && bankruptcy.status != BankruptcyStatus::Dismissed
    {
        let chapter = bankruptcy.chapter.map(|chapter| chapter.to_string());
        badges.push(HoldBadge::Bankruptcy(chapter));
    }
    if flags.attorney.is_some() {
        badges.push(HoldBadge::Attorney);
    }
    if flags.deceased.is_some() {
        badges.push(HoldBadge::Deceased);
    }
    if !flags.cease.is_empty() {
        // The whole includes its parts.
        badges.push(HoldBadge::NoContact);
        return badges;
    }
    if is_set(&flags.call_opt_out) {
        badges.push(HoldBadge::NoCalls);
    } else if is_set(&flags.do_not_call) {
        badges.push(HoldBadge::DoNotCall);
    }
    if is_set(&flags.email_opt_out) {
        badges.push(HoldBadge::NoEmails);
    }
    badges
}

fn pause(debt: &Debt, zone: Tz, now: Instant) -> Option<HoldBadge> {
    let until = debt.paused_until?.latest();
    if until <= now {
        return None;
    }
    // A pause without an end is on file as the end of the calendar.
    let far = now.plus(chrono::Duration::days(36_500));
    let shown = (until < far).then(|| words::day_and_month(until.date_in(zone), now.date_in(zone)));
    Some(HoldBadge::Paused(shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::facts::{Bankruptcy, Cease};

    #[test]
    fn a_cease_says_more_than_the_opt_outs_it_includes() {
        let mut facts = Facts::default();
        facts.debtor.flags.call_opt_out = Some(Stop::default());
        facts.debtor.flags.email_opt_out = Some(Stop::default());
        assert_eq!(of_debtor(&facts), [HoldBadge::NoCalls, HoldBadge::NoEmails]);
        facts.debtor.flags.cease.push(Cease::default());
        assert_eq!(of_debtor(&facts), [HoldBadge::NoContact]);
    }

    #[test]
    fn a_dismissed_bankruptcy_stops_nothing() {
        let mut facts = Facts::default();
        facts.debtor.flags.bankruptcy = Some(Bankruptcy {
            chapter: Some(7),
            ..Bankruptcy::default()
        });
        assert_eq!(
            of_debtor(&facts),
            [HoldBadge::Bankruptcy(Some("7".to_owned()))]
        );
        facts.debtor.flags.bankruptcy.as_mut().unwrap().status = BankruptcyStatus::Dismissed;
        assert!(of_debtor(&facts).is_empty());
    }
}
