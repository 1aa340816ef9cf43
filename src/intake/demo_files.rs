//! The sample files in `demo/` are read without an error and show what they are meant to show.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{Datelike, Duration, NaiveDate};
use chrono_tz::America::New_York;

use super::contacts::{self, ContactIntake, ContactRow, Reading};
use super::dnc::{DncEntry, DncLine, DncReader};
use super::encoding::Charset;
use super::mapping::Mapping;
use super::open;
use super::placements::{self, DebtorIdentity, Intake, NewPlacementRow};
use super::words::{Channel, Chapter, DebtorKind, Direction, Outcome, Purpose};
use crate::domain::phone::PhoneNumber;
use crate::domain::place::StateCode;
use crate::domain::time::Instant;

const MEDICAL: &[u8] = include_bytes!("../../demo/placements-cedar-harbor-medical.csv");
const SUPPLY: &[u8] = include_bytes!("../../demo/placements-granite-ridge-supply.csv");
const MEDICAL_HISTORY: &[u8] =
    include_bytes!("../../demo/contact-history-cedar-harbor-medical.csv");
const SUPPLY_HISTORY: &[u8] = include_bytes!("../../demo/contact-history-granite-ridge-supply.csv");
const DO_NOT_CALL: &[u8] = include_bytes!("../../demo/do-not-call.csv");

/// The earliest day on which the demonstration works: everything in its past has happened.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).unwrap()
}

fn intake_of(bytes: &[u8]) -> Intake {
    let table = open(bytes, Charset::Detect).unwrap();
    let mapping = Mapping::guess(table.headers());
    let intake = placements::read(&table, &mapping, first_day()).unwrap();
    assert_eq!(intake.errors.listed(), []);
    assert_eq!(intake.rows.len(), intake.rows_in_file);
    intake
}

fn placements() -> Vec<NewPlacementRow> {
    [intake_of(MEDICAL).rows, intake_of(SUPPLY).rows].concat()
}

fn now() -> Instant {
    Instant::parse_rfc3339("2026-11-21T15:00:00Z").unwrap()
}

fn history_of(bytes: &[u8]) -> ContactIntake {
    let table = open(bytes, Charset::Detect).unwrap();
    let mapping = Mapping::guess(table.headers());
    let reading = Reading {
        now: now(),
        zone: Some(New_York),
        move_to_now: true,
    };
    let intake = contacts::read(&table, &mapping, reading).unwrap();
    assert_eq!(intake.errors.listed(), []);
    assert_eq!(intake.warnings.listed(), []);
    intake
}

fn do_not_call() -> Vec<DncEntry> {
    DncReader::new(DO_NOT_CALL)
        .unwrap()
        .map(|line| match line.unwrap() {
            DncLine::Entry(entry) => entry,
            DncLine::Invalid(issue) => panic!("{issue}"),
        })
        .collect()
}

/// The borough of a ZIP code of New York City.
fn borough(row: &NewPlacementRow) -> Option<&'static str> {
    let zip = row.debtor.address.zip?.five();
    match &zip[..3] {
        "100" | "101" | "102" => Some("Manhattan"),
        "103" => Some("Staten Island"),
        "104" => Some("The Bronx"),
        "112" => Some("Brooklyn"),
        "111" | "113" | "114" | "116" => Some("Queens"),
        _ => None,
    }
}

#[test]
fn there_are_enough_placements_in_every_state_and_borough() {
    let rows = placements();
    assert!(rows.len() >= 600, "{}", rows.len());
    let mut states: BTreeMap<StateCode, usize> = BTreeMap::new();
    for state in rows.iter().filter_map(|row| row.debtor.address.state) {
        *states.entry(state).or_default() += 1;
    }
    for state in StateCode::all() {
        let wanted = match state.as_str() {
            "AA" | "AE" | "AP" | "AS" | "MP" => 0,
            "GU" | "VI" => 1,
            _ => 4,
        };
        let found = states.get(&state).copied().unwrap_or_default();
        assert!(found >= wanted, "{found} in {state}");
    }
    let boroughs: BTreeSet<&str> = rows.iter().filter_map(borough).collect();
    assert_eq!(boroughs.len(), 5, "{boroughs:?}");
}

#[test]
fn there_are_people_and_businesses_of_two_trades() {
    let kinds = |bytes, kind| {
        let rows = intake_of(bytes).rows;
        rows.iter().filter(|row| row.debtor.kind == kind).count()
    };
    assert_eq!(kinds(MEDICAL, DebtorKind::Business), 0);
    assert!(kinds(SUPPLY, DebtorKind::Business) >= 200);
    assert!(kinds(SUPPLY, DebtorKind::Person) >= 20);
}

#[test]
fn every_flag_is_there_several_times() {
    let rows = placements();
    let count = |is: &dyn Fn(&NewPlacementRow) -> bool| rows.iter().filter(|row| is(row)).count();
    let flag_counts = [
        ("cease", count(&|row| row.debtor.flags.cease_and_desist)),
        (
            "attorney",
            count(&|row| {
                let attorney = row.debtor.flags.attorney.as_ref();
                attorney.is_some_and(|attorney| attorney.name.is_some() && attorney.phone.is_some())
            }),
        ),
        ("do not call", count(&|row| row.debtor.flags.do_not_call)),
        ("deceased", count(&|row| row.debtor.flags.deceased)),
        ("call opt-out", count(&|row| row.debtor.flags.call_opt_out)),
        (
            "email opt-out",
            count(&|row| row.debtor.flags.email_opt_out),
        ),
        (
            "not at work",
            count(&|row| row.debtor.flags.no_contact_at_work),
        ),
        (
            "inconvenient hours",
            count(&|row| row.debtor.flags.inconvenient.is_some()),
        ),
        ("disputed", count(&|row| row.debtor.flags.disputed)),
    ];
    for (flag, found) in flag_counts {
        assert!(found >= 5, "{flag}: {found}");
    }
    for chapter in [Chapter::Seven, Chapter::Eleven, Chapter::Thirteen] {
        let found = count(&|row| {
            let bankruptcy = row.debtor.flags.bankruptcy.as_ref();
            bankruptcy.is_some_and(|bankruptcy| bankruptcy.chapter == Some(chapter))
        });
        assert!(found >= 2, "{chapter:?}: {found}");
    }
    assert!(count(&|row| row.max_calls_per_week.is_some()) >= 20);
}

#[test]
fn limitation_has_passed_where_that_ends_the_debt_and_elsewhere() {
    let rows = placements();
    let mut expired: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        if row
            .debt
            .limitations_expires_on
            .is_some_and(|last| last < first_day())
        {
            let state = row
                .debtor
                .address
                .state
                .as_ref()
                .map_or("", StateCode::as_str);
            *expired.entry(state).or_default() += 1;
        }
    }
    for state in ["MS", "NC", "WI"] {
        assert!(
            expired.get(state).is_some_and(|&found| found >= 2),
            "{expired:?}"
        );
    }
    assert!(expired.len() >= 8, "{expired:?}");
    let is_open = |row: &&NewPlacementRow| {
        row.debt
            .limitations_expires_on
            .is_some_and(|last| last.year() >= 2028)
    };
    assert!(rows.iter().filter(is_open).count() >= 100);
}

#[test]
fn several_debtors_have_several_placements_under_both_kinds_of_identity() {
    for bytes in [MEDICAL, SUPPLY] {
        let mut placements_of: BTreeMap<DebtorIdentity, usize> = BTreeMap::new();
        for row in &intake_of(bytes).rows {
            *placements_of
                .entry(DebtorIdentity::of(row).unwrap())
                .or_default() += 1;
        }
        let repeated = placements_of.iter().filter(|(_, count)| **count > 1);
        assert!(repeated.clone().count() >= 30);
        if bytes == SUPPLY {
            let by_address = |(identity, _): &(&DebtorIdentity, &usize)| {
                matches!(identity, DebtorIdentity::NameAndAddress(_))
            };
            assert!(repeated.filter(by_address).count() >= 3);
        }
    }
}

#[test]
fn all_numbers_and_hosts_are_reserved_for_fiction() {
    let is_fictional =
        |number: PhoneNumber| (5_550_100..=5_550_199).contains(&(number.national() % 10_000_000));
    let mut owners: BTreeMap<PhoneNumber, DebtorIdentity> = BTreeMap::new();
    for row in placements() {
        let identity = DebtorIdentity::of(&row).unwrap();
        for phone in &row.debtor.phones {
            assert!(is_fictional(phone.number), "{}", phone.number);
            let owner = owners
                .entry(phone.number)
                .or_insert_with(|| identity.clone());
            assert_eq!(*owner, identity, "{} belongs to two debtors", phone.number);
        }
        let attorney = row
            .debtor
            .flags
            .attorney
            .and_then(|attorney| attorney.phone);
        assert!(attorney.is_none_or(is_fictional));
        for email in &row.debtor.emails {
            let host = email.address.host();
            let is_reserved = host.ends_with(".example")
                || ["example.com", "example.org", "example.net"].contains(&host);
            assert!(is_reserved, "{host}");
        }
    }
    assert!(do_not_call().iter().all(|entry| is_fictional(entry.number)));
}

#[test]
fn the_history_speaks_of_placements_and_ends_now() {
    for (placed, history) in [(MEDICAL, MEDICAL_HISTORY), (SUPPLY, SUPPLY_HISTORY)] {
        let placed: HashSet<String> = intake_of(placed)
            .rows
            .into_iter()
            .map(|row| row.invoice_number)
            .collect();
        let rows = history_of(history).rows;
        assert!(rows.len() >= 150, "{}", rows.len());
        assert!(rows.iter().all(|row| placed.contains(&row.invoice_number)));
        let last = rows.iter().map(|row| row.at).max().unwrap();
        assert!(last <= now() && now().since(last) < Duration::days(1));
    }
}

#[test]
fn the_history_fills_the_windows_that_the_rules_count() {
    let rows = [
        history_of(MEDICAL_HISTORY).rows,
        history_of(SUPPLY_HISTORY).rows,
    ]
    .concat();
    let week_ago = now().minus(Duration::days(7));
    let mut calls_of: BTreeMap<&str, usize> = BTreeMap::new();
    let mut talks_of: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows
        .iter()
        .filter(|row| row.at > week_ago && row.channel == Channel::Call)
    {
        if row.direction == Direction::Out {
            *calls_of.entry(&row.invoice_number).or_default() += 1;
        }
        if row.outcome == Outcome::Conversation {
            *talks_of.entry(&row.invoice_number).or_default() += 1;
        }
    }
    assert!(
        calls_of.values().filter(|&&calls| calls >= 7).count() >= 4,
        "{calls_of:?}"
    );
    assert!(talks_of.len() >= 20, "{talks_of:?}");
    assert!(
        talks_of.values().filter(|&&talks| talks >= 3).count() >= 6,
        "{talks_of:?}"
    );

    let is_notice = |row: &ContactRow| row.purpose == Purpose::ValidationNotice;
    let noticed: HashSet<&str> = rows
        .iter()
        .filter(|row| is_notice(row))
        .map(|row| row.invoice_number.as_str())
        .collect();
    let overdue: HashSet<&str> = rows
        .iter()
        .filter(|row| !is_notice(row) && now().since(row.at) > Duration::days(5))
        .map(|row| row.invoice_number.as_str())
        .filter(|invoice| !noticed.contains(invoice))
        .collect();
    assert!(
        noticed.len() >= 100 && overdue.len() >= 15,
        "{} {}",
        noticed.len(),
        overdue.len()
    );
    for given in [Some(true), Some(false), None] {
        assert!(rows.iter().any(|row| row.mini_miranda == given));
    }
}

#[test]
fn the_do_not_call_list_holds_debtors_and_strangers_and_expired_entries() {
    let numbers: HashSet<PhoneNumber> = placements()
        .iter()
        .flat_map(|row| row.debtor.phones.iter().map(|phone| phone.number))
        .collect();
    let list = do_not_call();
    let known = list.iter().filter(|entry| numbers.contains(&entry.number));
    let is_expired = |entry: &&DncEntry| entry.expires_on.is_some_and(|last| last < first_day());
    assert!(known.clone().filter(|entry| !is_expired(entry)).count() >= 20);
    assert!(known.filter(is_expired).count() >= 3);
    assert!(list.len() >= 150);
}
