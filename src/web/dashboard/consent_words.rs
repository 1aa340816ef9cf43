//! Permissions in words.

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use serde::Deserialize;

use super::people::People;
use super::words;
use crate::domain::consent::{ConsentKind, GivenTo};
use crate::domain::time::Instant;
use crate::gate::Policy;
use crate::gate::facts::LocalTime;
use crate::store::consents::Consent;
use crate::web::access::SignedIn;
use crate::web::view::consent::{ConsentBadge, ConsentRow, TakenBack};
use crate::web::view::part::When;

/// What is allowed, as a heading.
pub const fn what(kind: ConsentKind) -> &'static str {
    match kind {
        ConsentKind::Recording => "Calls may be recorded",
        ConsentKind::Autodial => "Automated and recorded calls",
        ConsentKind::Time => "Contact at a time of the debtor\u{2019}s choice",
        ConsentKind::Calls => "Calls beyond the count",
        ConsentKind::Esign => "Notices by email",
    }
}

/// What the details of a permission tell.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Detail {
    from: Option<LocalTime>,
    to: Option<LocalTime>,
    begins_at: Option<Instant>,
    during_compliant_contact: Option<bool>,
}

fn detail(consent: &Consent) -> Detail {
    serde_json::from_str(&consent.detail).unwrap_or_default()
}

/// The number, the address, the hours: what it is limited to.
pub fn limits(consent: &Consent) -> Vec<String> {
    let mut limits = Vec::new();
    limits.extend(consent.number.map(|number| number.display_national()));
    limits.extend(consent.address.clone());
    let told = detail(consent);
    if told.from.is_some() || told.to.is_some() {
        let from = told.from.unwrap_or(LocalTime::MIDNIGHT);
        let to = told.to.unwrap_or(LocalTime::DAY_END);
        limits.push(format!("{from} to {to}"));
    }
    match (told.begins_at, consent.through_on) {
        (Some(_), Some(day)) => limits.push(format!("on {}", words::date(day))),
        (None, Some(day)) => limits.push(format!("through {}", words::date(day))),
        (_, None) => {}
    }
    limits
}

/// How a permission stands on a day, and why it does not count where it does not.
pub fn standing(
    consent: &Consent,
    policy: &Policy,
    today: NaiveDate,
    zone: Tz,
) -> (ConsentBadge, Option<&'static str>) {
    if consent.revoked_at.is_some() {
        return (ConsentBadge::TakenBack, None);
    }
    let last_by_law = (consent.kind == ConsentKind::Calls)
        .then(|| policy.federal.consent_days.on(today))
        .flatten()
        .map(|days| {
            consent.received_at.date_in(zone) + Duration::days(i64::from(*days).max(1) - 1)
        });
    let is_over = |last: Option<NaiveDate>| last.is_some_and(|last| last < today);
    if is_over(consent.through_on) || is_over(last_by_law) {
        return (ConsentBadge::Over, None);
    }
    match not_counted(consent) {
        Some(why) => (ConsentBadge::NotCounted, Some(why)),
        None => (ConsentBadge::InForce, None),
    }
}

fn not_counted(consent: &Consent) -> Option<&'static str> {
    if consent.given_to == GivenTo::Creditor && !consent.kind.may_be_given_to_creditor() {
        return Some("It was given to the creditor and not to us.");
    }
    let lawful = detail(consent).during_compliant_contact;
    match consent.kind {
        ConsentKind::Time if lawful != Some(true) => {
            Some("Nobody has shown that the contact in which it was given kept the rules itself.")
        }
        ConsentKind::Calls if lawful == Some(false) => {
            Some("The contact in which it was given did not keep the rules itself.")
        }
        ConsentKind::Recording
        | ConsentKind::Autodial
        | ConsentKind::Time
        | ConsentKind::Calls
        | ConsentKind::Esign => None,
    }
}

/// One row of the ledger. Words are for staff alone.
pub fn row(
    consent: &Consent,
    account: Option<String>,
    people: &People,
    policy: &Policy,
    reader: &SignedIn,
    now: Instant,
) -> ConsentRow {
    let zone = reader.time_zone;
    let is_staff = reader.creditor.is_none();
    let (badge, not_counted) = standing(consent, policy, now.date_in(zone), zone);
    ConsentRow {
        what: what(consent.kind),
        limits: limits(consent).join(", "),
        account,
        badge,
        not_counted,
        given_to: match consent.given_to {
            GivenTo::Collector => "to us",
            GivenTo::Creditor => "to the creditor",
        },
        how: consent.via.by(),
        given: When::new(consent.received_at, zone, now),
        recorded_by: people.name(&consent.recorded_by),
        recorded: When::new(consent.created_at, zone, now),
        evidence: is_staff.then(|| consent.evidence.clone()),
        reference: consent.reference.clone().filter(|_| is_staff),
        taken_back: consent.revoked_at.map(|at| TakenBack {
            when: When::new(at, zone, now),
            how: consent.revoked_via.map_or("", |via| via.by()),
            recorded_by: consent
                .revoked_by
                .as_deref()
                .map_or_else(String::new, |by| people.name(by)),
            words: consent.revoked_words.clone().filter(|_| is_staff),
            reference: consent.revocation_reference.clone().filter(|_| is_staff),
        }),
        revoke_href: None,
    }
}
