//! Consent the consumer gave before the contact, directly to the collector.
//!
//! Consent given to the creditor or a former collector does not count, nor consent given in a
//! contact that itself broke the rules (12 CFR 1006.6(b)(4)(i), 1006.14(b)(3)(i)).

use chrono::NaiveDate;

use crate::domain::time::Instant;
use crate::gate::facts::{ConsentKind, Contact, GivenTo, LocalTime, PriorConsent};
use crate::gate::inquiry::{Now, is_conversation};
use crate::gate::policy::Hours;
use crate::gate::when::When;
use crate::gate::windows::{OpenHours, WallClock, add_days, first_common};

/// The consent that covers this time of day, given after `since`.
///
/// It must say which time, and have been given in a contact that is known to have kept the rules.
pub(super) fn time_consent<'a>(now: &Now<'a>, since: Option<When>) -> Option<&'a PriorConsent> {
    time_consents(now, since).find(|consent| {
        now.certainly_happened(consent.received_at)
            && is_before_end(now, consent, now.at)
            && now.clocks.iter().all(|clock| {
                hours_of(consent)
                    .iter()
                    .any(|hours| clock.is_within(*hours))
            })
    })
}

/// When such a consent next begins to cover, for the attempts it could help: an agent's.
pub(super) fn next_time_consent(now: &Now<'_>, since: Option<When>) -> Option<Instant> {
    if now.is_automated() {
        return None;
    }
    time_consents(now, since)
        .filter_map(|consent| {
            let from = now.happens_at(consent.received_at?).max(now.at);
            let ranges = hours_of(consent);
            let opening = |clock: &WallClock, at: Instant| {
                let openings = ranges.iter().map(|&hours| {
                    OpenHours {
                        zone: clock.zone,
                        hours,
                    }
                    .opening(at)
                });
                openings.min()
            };
            let start = first_common(from, |at| {
                let openings = now.clocks.iter().map(|clock| opening(clock, at));
                openings.collect::<Option<Vec<_>>>()?.into_iter().max()
            })?;
            (start > now.at && is_before_end(now, consent, start)).then_some(start)
        })
        .min()
}

fn time_consents<'a>(now: &Now<'a>, since: Option<When>) -> impl Iterator<Item = &'a PriorConsent> {
    let attempt = now.attempt();
    let consents = &now.facts().debtor.flags.prior_consents;
    consents.iter().filter(move |consent| {
        consent.kind == ConsentKind::Time
            && consent.given_to == Some(GivenTo::Collector)
            && consent.during_compliant_contact == Some(true)
            && (consent.debt.is_none() || consent.debt == attempt.debt)
            && since.is_none_or(|since| {
                consent
                    .received_at
                    .is_some_and(|received| received.earliest() >= since.earliest())
            })
    })
}

/// The hours it names; two ranges when they run over midnight, none when it names no hour.
fn hours_of(consent: &PriorConsent) -> Vec<Hours> {
    if consent.from.is_none() && consent.to.is_none() {
        return Vec::new();
    }
    let from = consent.from.unwrap_or(LocalTime::MIDNIGHT);
    let to = consent.to.unwrap_or(LocalTime::DAY_END);
    if from < to {
        vec![Hours { from, to }]
    } else {
        vec![
            Hours {
                from,
                to: LocalTime::DAY_END,
            },
            Hours {
                from: LocalTime::MIDNIGHT,
                to,
            },
        ]
    }
}

fn is_before_end(now: &Now<'_>, consent: &PriorConsent, at: Instant) -> bool {
    match consent.through {
        None => true,
        Some(When::At(end)) => at <= end,
        Some(When::On(last)) => now
            .clocks
            .iter()
            .all(|clock| WallClock::read(clock.zone, at).date <= last),
    }
}

/// The consent to calls about this debt that takes the call out of both federal counts: for seven
/// days at most, the day of receipt being the first, and only until they talk.
pub(super) fn calls_consent<'a>(now: &Now<'a>) -> Option<&'a PriorConsent> {
    if now.facts().debtor.flags.prior_consents.is_empty() {
        return None;
    }
    let days = *now.policy().federal.consent_days.on(now.date())?;
    calls_consents(now).find(|consent| {
        consent.received_at.is_some_and(|received| {
            let received_at = match received {
                When::At(at) => at <= now.at,
                When::On(date) => date <= now.earliest_date(),
            };
            received_at
                && now.clocks.iter().all(|clock| {
                    let last = last_day(consent, received, clock, days);
                    clock.date <= last
                })
                && !has_talked_since(now, received)
        })
    })
}

/// When a consent to calls is next received.
pub(super) fn next_calls_consent(now: &Now<'_>) -> Option<Instant> {
    calls_consents(now)
        .filter_map(|consent| {
            consent.received_at.map(|received| match received {
                When::At(at) => at,
                When::On(date) => now.begun_everywhere(date),
            })
        })
        .filter(|received| *received > now.at)
        .min()
}

fn calls_consents<'a>(now: &Now<'a>) -> impl Iterator<Item = &'a PriorConsent> {
    let inquiry = now.inquiry;
    let consents = &inquiry.facts.debtor.flags.prior_consents;
    consents.iter().filter(move |consent| {
        consent.kind == ConsentKind::Calls
            && consent.given_to == Some(GivenTo::Collector)
            && consent.during_compliant_contact != Some(false)
            && consent
                .debt
                .as_deref()
                .is_none_or(|debt| inquiry.is_same_debt(debt))
    })
}

fn last_day(consent: &PriorConsent, received: When, clock: &WallClock, days: u32) -> NaiveDate {
    let first = match received {
        When::At(at) => WallClock::read(clock.zone, at).date,
        When::On(date) => date,
    };
    let longest = add_days(first, i64::from(days) - 1);
    match consent.through {
        None => longest,
        Some(When::On(date)) => longest.min(date),
        Some(When::At(at)) => longest.min(WallClock::read(clock.zone, at).date),
    }
}

fn has_talked_since(now: &Now<'_>, received: When) -> bool {
    let received = received.latest();
    let ends_it = |contact: &&Contact| {
        contact.at > received
            && contact.at <= now.at
            && is_conversation(contact)
            && now.inquiry.is_about_debt(contact)
    };
    now.inquiry.recent.iter().any(ends_it)
}
