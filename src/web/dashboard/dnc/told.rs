//! Entries of do-not-call lists in words.

use crate::actions::dnc_numbers::Source;
use crate::domain::access::Capability;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;
use crate::gate::when::When as FileDate;
use crate::store::dnc_search::Entry;
use crate::store::facts::AGENCY_WIDE;
use crate::web::access::SignedIn;
use crate::web::dashboard::words;
use crate::web::view::dnc::{DncEntry, DncStanding};

/// Whether the entry holds anywhere in the country at this moment.
fn is_active(entry: &Entry, now: Instant) -> bool {
    entry
        .expires_on
        .is_none_or(|last| now < FileDate::On(last).latest())
}

/// Whether a call would be allowed as far as these entries go.
pub fn standing(entries: &[Entry], now: Instant) -> DncStanding {
    let active: Vec<&Entry> = entries
        .iter()
        .filter(|entry| is_active(entry, now))
        .collect();
    if active.iter().any(|entry| entry.scope == AGENCY_WIDE) {
        return DncStanding::ForNobody;
    }
    let mut names: Vec<&str> = active
        .iter()
        .map(|entry| entry.creditor.as_deref().unwrap_or("a former creditor"))
        .collect();
    names.dedup();
    if names.is_empty() {
        DncStanding::Free
    } else {
        DncStanding::NotFor(names.join(", "))
    }
}

pub fn source(word: &str) -> &'static str {
    match word {
        "federal" => "National registry",
        "state" => "State registry",
        "debtor" => "The person\u{2019}s own request",
        _ => "Our own list",
    }
}

pub fn binds(entry: &Entry) -> String {
    match &entry.creditor {
        Some(name) => name.clone(),
        None if entry.scope == AGENCY_WIDE => "Every creditor".to_owned(),
        None => "A former creditor".to_owned(),
    }
}

pub fn entry(entry: &Entry, number: PhoneNumber, reader: &SignedIn, now: Instant) -> DncEntry {
    let active = is_active(entry, now);
    DncEntry {
        source: source(&entry.source),
        binds: binds(entry),
        added: words::day(entry.added_on, reader.time_zone, now),
        expires: match entry.expires_on {
            None => "Never".to_owned(),
            Some(day) if active => words::date(day),
            Some(day) => format!("Ended {}", words::date(day)),
        },
        origin: if entry.list_id.is_some() || !entry.is_row {
            "A loaded list"
        } else if entry.source == "debtor" {
            "A request"
        } else {
            "By hand"
        },
        active,
        remove_href: (entry.is_row
            && reader.can(Capability::WorkAlerts)
            && Source::from_word(&entry.source).is_some())
        .then(|| {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("scope", &entry.scope)
                .append_pair("source", &entry.source)
                .finish();
            format!("/dnc/numbers/{}/remove?{query}", number.national())
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(scope: &str, expires_on: Option<&str>) -> Entry {
        Entry {
            scope: scope.to_owned(),
            creditor: (scope != AGENCY_WIDE).then(|| "Harbor Supply Co".to_owned()),
            source: "internal".to_owned(),
            list_id: None,
            added_on: "2026-05-01".parse().unwrap(),
            expires_on: expires_on.map(|day| day.parse().unwrap()),
            is_row: true,
        }
    }

    #[test]
    fn a_creditors_own_list_binds_that_creditor_alone_and_the_agencys_everybody() {
        let now = Instant::parse_rfc3339("2026-05-13T16:00:00Z").unwrap();
        assert_eq!(standing(&[], now), DncStanding::Free);
        assert_eq!(
            standing(&[on("some-creditor", None)], now),
            DncStanding::NotFor("Harbor Supply Co".to_owned())
        );
        assert_eq!(
            standing(&[on("some-creditor", None), on(AGENCY_WIDE, None)], now),
            DncStanding::ForNobody
        );
    }

    #[test]
    fn an_entry_holds_through_its_last_day_wherever_that_ends_last() {
        let last_day = on(AGENCY_WIDE, Some("2026-05-12"));
        let still = Instant::parse_rfc3339("2026-05-13T11:59:00Z").unwrap();
        let over = Instant::parse_rfc3339("2026-05-13T12:00:00Z").unwrap();
        assert!(is_active(&last_day, still));
        assert!(!is_active(&last_day, over));
    }
}
