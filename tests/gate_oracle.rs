//! A second gate, written from the text of the rules alone and as plainly as can be, with another
//! time zone library: on thousands of random files the two must raise the same rules.
//!
//! It knows one zone, one number and the rules that count days and hours; it tries nothing clever.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod gate_dice;

use std::collections::BTreeSet;

use chrono::Duration;
use forbear::domain::time::Instant;
use forbear::gate::facts::{
    Channel, Contact, Debt, Debtor, Direction, Email, Inconvenient, InconvenientKind, LocalTime,
    Outcome, Phone, PhoneKind, Validation, Weekday,
};
use forbear::gate::{Attempt, Facts, Policy, RuleId, Severity, decide};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use gate_dice::{Dice, minutes};

/// State, ZIP, area code, zone: places whose address and number agree.
const PLACES: &[(&str, &str, &str, &str)] = &[
    ("NY", "10001", "212", "America/New_York"),
    ("NY", "14201", "716", "America/New_York"),
    ("CA", "90001", "310", "America/Los_Angeles"),
    ("FL", "32501", "850", "America/Chicago"),
    ("AZ", "86515", "928", "America/Denver"),
    ("AZ", "85001", "602", "America/Phoenix"),
    ("HI", "96813", "808", "Pacific/Honolulu"),
    ("AK", "99546", "907", "America/Adak"),
    ("GU", "96910", "671", "Pacific/Guam"),
    ("PR", "00901", "787", "America/Puerto_Rico"),
    ("MA", "02108", "617", "America/New_York"),
    ("WA", "98101", "206", "America/Los_Angeles"),
    ("IN", "46204", "317", "America/Indiana/Indianapolis"),
    ("OR", "97914", "541", "America/Boise"),
];

struct Wall {
    zone: TimeZone,
}

impl Wall {
    fn read(&self, at: Instant) -> jiff::Zoned {
        jiff::Timestamp::from_microsecond(at.as_micros())
            .unwrap()
            .to_zoned(self.zone.clone())
    }

    fn date(&self, at: Instant) -> Date {
        self.read(at).date()
    }

    /// Days from one local date to another.
    fn days_between(&self, earlier: Instant, later: Instant) -> i64 {
        let span = self.date(earlier).until(self.date(later)).unwrap();
        i64::from(span.get_days())
    }
}

/// The rules that must be raised, straight from their text.
fn oracle(facts: &Facts, attempt: &Attempt, zone: &str) -> BTreeSet<RuleId> {
    let wall = Wall {
        zone: TimeZone::get(zone).unwrap(),
    };
    let now = attempt.at;
    let local = wall.read(now);
    let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
    let phone = matches!(attempt.channel, Channel::Call);
    let mut rules = BTreeSet::new();

    if attempt.channel != Channel::Letter && !(480..1260).contains(&minute) {
        rules.insert(RuleId::CallHours);
    }

    let about = |contact: &&Contact| contact.debt.is_none() || contact.debt == attempt.debt;
    let in_window = |contact: &&Contact, days: i64| {
        let ago = wall.days_between(contact.at, now);
        (0..days).contains(&ago)
    };
    let placed = |contact: &&Contact| {
        contact.direction == Direction::Out
            && matches!(contact.channel, Channel::Call | Channel::Voicemail)
            && !matches!(contact.outcome, Some(Outcome::Busy | Outcome::NotInService))
    };
    let talked = |contact: &&Contact| {
        matches!(contact.channel, Channel::Call | Channel::Voicemail)
            && contact.outcome == Some(Outcome::Conversation)
    };
    let history = || facts.history.iter();

    let calls = history().filter(placed).filter(about);
    let calls = calls.filter(|contact| in_window(contact, 7)).count();
    if phone && calls >= 7 {
        rules.insert(RuleId::CallCount);
        if facts.debtor.state.as_deref() == Some("CA") {
            rules.insert(RuleId::StateCallCap);
        }
    }
    let mut talks = history().filter(talked).filter(about);
    if phone && talks.any(|contact| in_window(&contact, 7)) {
        rules.insert(RuleId::CallConversation);
    }
    let just_now = |contact: &&Contact| {
        let ago = now.since(contact.at);
        ago >= Duration::zero()
            && ago < Duration::minutes(5)
            && matches!(
                contact.outcome,
                None | Some(Outcome::NoAnswer | Outcome::Voicemail)
            )
    };
    let today = history()
        .filter(placed)
        .filter(|contact| wall.days_between(contact.at, now) == 0);
    if phone && (history().filter(placed).any(|contact| just_now(&contact)) || today.count() >= 6) {
        rules.insert(RuleId::RapidCalls);
    }
    let debt = facts.debt(attempt.debt.as_deref().unwrap()).unwrap();
    let successes = history().filter(|contact| {
        matches!(contact.channel, Channel::Call | Channel::Voicemail)
            && (matches!(
                contact.outcome,
                Some(Outcome::Conversation | Outcome::ThirdPartyAnswered)
            ) || (contact.outcome.is_none() && contact.direction == Direction::In))
    });
    let successes = successes.filter(|contact| in_window(contact, 7)).count();
    if phone
        && debt
            .max_calls_per_week
            .is_some_and(|max| successes >= usize::try_from(max).unwrap())
    {
        rules.insert(RuleId::WeeklyCallCap);
    }

    let outward = |contact: &&Contact, channels: &[Channel]| {
        contact.direction == Direction::Out
            && channels.contains(&contact.channel)
            && (!matches!(contact.channel, Channel::Call | Channel::Voicemail) || placed(contact))
    };
    let city = [
        Channel::Call,
        Channel::Voicemail,
        Channel::Email,
        Channel::Sms,
    ];
    let in_city = facts.debtor.zip.as_deref() == Some("10001")
        && local.date() >= "2026-09-01".parse().unwrap();
    let contacts = history()
        .filter(|contact| outward(contact, &city))
        .filter(about);
    if in_city
        && city.contains(&attempt.channel)
        && contacts.filter(|contact| in_window(contact, 7)).count() >= 3
    {
        rules.insert(RuleId::NycContactCap);
    }
    let state = facts.debtor.state.as_deref();
    let calls_and_texts = [Channel::Call, Channel::Voicemail, Channel::Sms];
    let contacts = history()
        .filter(|contact| outward(contact, &calls_and_texts))
        .filter(about);
    if state == Some("MA") && phone && contacts.filter(|contact| in_window(contact, 7)).count() >= 2
    {
        rules.insert(RuleId::StateCallCap);
    }
    let any = [
        Channel::Call,
        Channel::Voicemail,
        Channel::Email,
        Channel::Letter,
        Channel::Portal,
        Channel::Sms,
    ];
    let contacts = history().filter(|contact| outward(contact, &any));
    if state == Some("WA") && contacts.filter(|contact| in_window(contact, 7)).count() >= 3 {
        rules.insert(RuleId::StateCallCap);
    }

    for said in &facts.debtor.flags.inconvenient {
        let from = i64::from(said.from.unwrap().minutes());
        let to = i64::from(said.to.unwrap().minutes());
        let named = |date: Date| {
            let name = date.strftime("%a").to_string();
            said.days.is_empty() || said.days.iter().any(|day| format!("{day:?}") == name)
        };
        let (from, to) = if from == to { (0, 1440) } else { (from, to) };
        let yesterday = local.date().yesterday().unwrap();
        let barred = if from < to {
            named(local.date()) && (from..to).contains(&minute)
        } else {
            (named(local.date()) && minute >= from) || (named(yesterday) && minute < to)
        };
        if attempt.channel != Channel::Letter && barred {
            rules.insert(RuleId::InconvenientTime);
        }
    }
    rules
}

fn file(dice: &mut Dice) -> (Facts, Attempt, &'static str) {
    let (state, zip, area, zone) = dice.pick(PLACES);
    let start = Instant::parse_rfc3339("2026-02-01T00:00:00Z").unwrap();
    let at = start.plus(minutes(dice, 0, 60 * 24 * 700));
    let number = format!("+1{area}5550142");
    let time =
        |dice: &mut Dice| LocalTime::from_minutes(u16::try_from(dice.below(97)).unwrap() * 15);
    let inconvenient = if dice.one_in(3) {
        vec![Inconvenient {
            kind: InconvenientKind::Time,
            days: if dice.one_in(2) {
                Vec::new()
            } else {
                vec![
                    dice.pick(&[Weekday::Mon, Weekday::Tue, Weekday::Sat]),
                    Weekday::Sun,
                ]
            },
            from: time(dice),
            to: time(dice),
            ..Inconvenient::default()
        }]
    } else {
        Vec::new()
    };
    let many = dice.pick(&[4, 4, 14, 30]);
    let history = (0..dice.below(many))
        .map(|_| {
            let ago = if dice.one_in(8) { 10 } else { 60 * 24 * 9 };
            let channel = dice.pick(&[
                Channel::Call,
                Channel::Call,
                Channel::Voicemail,
                Channel::Email,
                Channel::Letter,
                Channel::Sms,
            ]);
            let direction = dice.pick(&[
                Direction::Out,
                Direction::Out,
                Direction::Out,
                Direction::In,
            ]);
            Contact {
                outcome: dice.pick(&[
                    None,
                    Some(Outcome::NoAnswer),
                    Some(Outcome::NoAnswer),
                    Some(Outcome::Voicemail),
                    Some(Outcome::Busy),
                    Some(Outcome::Conversation),
                    Some(Outcome::ThirdPartyAnswered),
                ]),
                debt: dice
                    .pick(&[Some("D1"), Some("D1"), Some("D2"), None])
                    .map(str::to_owned),
                ..Contact::new(at.minus(minutes(dice, 0, ago)), channel, direction)
            }
        })
        .collect();
    let debt = |id: &str, cap: Option<u32>| Debt {
        id: id.to_owned(),
        max_calls_per_week: cap,
        validation: Some(Validation {
            provided_on: Some("2025-11-03".parse().unwrap()),
            ..Validation::default()
        }),
        ..Debt::default()
    };
    let cap = dice.pick(&[None, Some(0), Some(1), Some(3)]);
    let mut facts = Facts {
        debtor: Debtor {
            state: Some(state.to_owned()),
            zip: Some(zip.to_owned()),
            phones: vec![Phone {
                number: number.clone(),
                kind: Some(PhoneKind::Mobile),
                ..Phone::default()
            }],
            emails: vec![Email {
                address: "pat@mail.example".to_owned(),
                ..Email::default()
            }],
            ..Debtor::default()
        },
        debts: vec![debt("D1", cap), debt("D2", None)],
        history,
        ..Facts::default()
    };
    facts.debtor.flags.inconvenient = inconvenient;
    let channel = dice.pick(&[
        Channel::Call,
        Channel::Call,
        Channel::Email,
        Channel::Letter,
        Channel::Portal,
    ]);
    let mut attempt = Attempt::new(at, channel, "D1");
    match channel {
        Channel::Call => attempt.phone = Some(number),
        Channel::Email => attempt.email = Some("pat@mail.example".to_owned()),
        Channel::Letter | Channel::Portal | Channel::Voicemail | Channel::Sms => {}
    }
    (facts, attempt, zone)
}

#[test]
fn the_gate_and_the_plain_oracle_raise_the_same_rules() {
    let policy = Policy::builtin();
    let mut raised = BTreeSet::new();
    for seed in 0..20_000 {
        let (facts, attempt, zone) = file(&mut Dice::new(seed));
        let expected = oracle(&facts, &attempt, zone);
        let decision = decide(&policy, &facts, &attempt);
        let actual: BTreeSet<RuleId> = decision
            .findings
            .iter()
            .filter(|finding| finding.severity != Severity::Reminder)
            .map(|finding| finding.rule)
            .collect();
        assert_eq!(actual, expected, "seed {seed} at {} in {zone}", attempt.at);
        raised.extend(expected);
    }
    // Every rule the oracle knows has been met.
    assert_eq!(raised.len(), 8, "{raised:?}");
}

/// Around every change of the clock for three years, in every zone that the tables name.
#[test]
fn contact_hours_agree_with_another_time_zone_library_around_every_change() {
    let policy = Policy::builtin();
    let mut zones = BTreeSet::new();
    for code in forbear::gate::locality::Places::builtin().area_codes() {
        zones.extend(code.zones.iter().map(|zone| zone.name()));
    }
    let mut changes = 0;
    // Canadian provinces that stopped changing their clocks in 2026 are newer than one library.
    let until: jiff::Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
    for zone in zones {
        let rules = TimeZone::get(zone).unwrap();
        let from: jiff::Timestamp = "2023-01-01T00:00:00Z".parse().unwrap();
        for transition in rules
            .following(from)
            .take_while(|change| change.timestamp() < until)
        {
            changes += 1;
            let change = Instant::from_micros(transition.timestamp().as_microsecond());
            for hour in -30..30_i64 {
                for edge in [-1, 0, 1] {
                    let at = change
                        .plus(Duration::hours(hour))
                        .plus(Duration::seconds(edge));
                    let (facts, attempt) = known_to_be_in(zone, at);
                    let local = jiff::Timestamp::from_microsecond(at.as_micros())
                        .unwrap()
                        .to_zoned(rules.clone());
                    let open = (8..21).contains(&local.hour());
                    let decision = decide(&policy, &facts, &attempt);
                    assert_eq!(decision.is_allowed(), open, "{zone} at {at}: {local}");
                }
            }
        }
    }
    assert!(changes > 100, "{changes}");
}

fn known_to_be_in(zone: &str, at: Instant) -> (Facts, Attempt) {
    let mut facts = Facts {
        debts: vec![Debt {
            id: "D1".to_owned(),
            validation: Some(Validation {
                provided_on: Some("2022-01-03".parse().unwrap()),
                ..Validation::default()
            }),
            ..Debt::default()
        }],
        ..Facts::default()
    };
    facts.debtor.state = Some("NY".to_owned());
    facts.debtor.flags.known_location = Some(forbear::gate::facts::KnownLocation {
        zone: zone.to_owned(),
        at: None,
        source: None,
    });
    (facts, Attempt::new(at, Channel::Portal, "D1"))
}

/// The bundled zones may be older than a law. Wherever they differ from a newer database, the table
/// lists a second zone that keeps the true clock, so that both must be open.
#[test]
fn every_area_code_lists_the_true_clock_of_the_coming_years() {
    let places = forbear::gate::locality::Places::builtin();
    let start = Instant::parse_rfc3339("2026-01-01T00:00:00Z").unwrap();
    for code in places.area_codes() {
        for zone in &code.zones {
            let newer = TimeZone::get(zone.name()).unwrap();
            for week in 0..5 * 52 {
                let at = start.plus(Duration::days(7 * week));
                let stamp = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap();
                let true_offset = newer.to_offset(stamp).seconds();
                let listed = code
                    .zones
                    .iter()
                    .any(|zone| zone.local(at).offset().local_minus_utc() == true_offset);
                assert!(listed, "{} {zone} at {at}", code.code);
            }
        }
    }
}
