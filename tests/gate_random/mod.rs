//! Random files of debtors: plausible enough to be allowed now and then, odd enough to meet every
//! rule. The same seed gives the same file.

use chrono::{Duration, NaiveDate};
use forbear::domain::placement::PlacementStatus;
use forbear::domain::time::Instant;
use forbear::gate::attempt::{Acknowledgement, Dialing, Initiator, Party, Purpose};
use forbear::gate::facts::{
    AddressOptout, Attorney, AttorneyStatus, AutodialConsent, Bankruptcy, BankruptcyStatus, Cease,
    Channel, ConsentKind, Contact, Debt, Debtor, Deceased, Direction, Dispute, DisputeResponse,
    DncEntry, Email, EmailKind, Excluded, Flags, GivenTo, Grant, Inconvenient, InconvenientKind,
    KnownLocation, LocalTime, Medium, MediumOptout, Outcome, Phone, PhoneKind, PriorConsent, Stop,
    Validation, Weekday,
};
use forbear::gate::when::When;
use forbear::gate::{Attempt, Facts, RuleId};

use crate::gate_dice::{Dice, minutes};

fn sometimes<T>(dice: &mut Dice, n: i64, make: impl FnOnce(&mut Dice) -> T) -> Option<T> {
    dice.one_in(n).then(|| make(dice))
}

/// State, ZIP, area code.
const PLACES: &[(&str, &str, &str)] = &[
    ("NY", "10001", "212"),
    ("NY", "14201", "716"),
    ("NY", "11001", "516"),
    ("CA", "90001", "310"),
    ("FL", "32501", "850"),
    ("AZ", "86515", "928"),
    ("AZ", "85001", "602"),
    ("HI", "96813", "808"),
    ("AK", "99546", "907"),
    ("GU", "96910", "671"),
    ("PR", "00901", "787"),
    ("MA", "02108", "617"),
    ("DC", "20001", "202"),
    ("WA", "98101", "206"),
    ("WV", "25301", "304"),
    ("OR", "97201", "503"),
    ("MS", "39201", "601"),
    ("TX", "79901", "915"),
    ("IN", "46402", "219"),
    ("TN", "37402", "423"),
];

fn near(dice: &mut Dice, at: Instant, days_before: i64, days_after: i64) -> When {
    let shift = minutes(dice, -days_before * 1440, days_after * 1440 + 1);
    let moment = at.plus(shift);
    if dice.one_in(5) {
        When::On(moment.to_utc().date_naive())
    } else {
        When::At(moment)
    }
}

fn date_near(dice: &mut Dice, at: Instant, days_before: i64, days_after: i64) -> NaiveDate {
    at.plus(Duration::days(
        dice.below(days_before + days_after + 1) - days_before,
    ))
    .to_utc()
    .date_naive()
}

pub fn random_file(dice: &mut Dice) -> (Facts, Attempt) {
    // 2026 and 2027, over four changes of the clock and the start of the city's rule.
    let start = Instant::parse_rfc3339("2026-02-01T00:00:00Z").unwrap();
    let mut at = start.plus(minutes(dice, 0, 60 * 24 * 700));
    if dice.one_in(3) {
        at = at.plus(Duration::seconds(dice.below(60)));
    }
    let facts = Facts {
        debtor: random_debtor(dice, at),
        debts: vec![random_debt(dice, at, "D1"), random_debt(dice, at, "D2")],
        history: random_history(dice, at),
        ..Facts::default()
    };
    let attempt = random_attempt(dice, at, &facts);
    (facts, attempt)
}

fn random_debtor(dice: &mut Dice, at: Instant) -> Debtor {
    let (state, zip, area) = dice.pick(PLACES);
    let mut phones = vec![random_phone(dice, at, area, "5550142")];
    if dice.one_in(3) {
        let (_, _, other) = dice.pick(PLACES);
        phones.push(random_phone(dice, at, other, "5550143"));
    }
    Debtor {
        state: (!dice.one_in(40)).then(|| state.to_owned()),
        zip: (!dice.one_in(15)).then(|| zip.to_owned()),
        phones,
        emails: vec![Email {
            address: "pat@mail.example".to_owned(),
            kind: if dice.one_in(8) {
                EmailKind::Employer
            } else {
                EmailKind::Personal
            },
            opted_out_at: sometimes(dice, 15, |dice| near(dice, at, 10, 2)),
            consumer_used_for_debt_at: sometimes(dice, 3, |dice| near(dice, at, 20, 3)),
        }],
        flags: random_flags(dice, at),
        ..Debtor::default()
    }
}

fn random_phone(dice: &mut Dice, at: Instant, area: &str, line: &str) -> Phone {
    Phone {
        number: format!("+1{area}{line}"),
        area_code: Some(area.to_owned()),
        kind: dice.pick(&[
            Some(PhoneKind::Mobile),
            Some(PhoneKind::Landline),
            Some(PhoneKind::Work),
            None,
        ]),
        autodial_consent: sometimes(dice, 2, |dice| AutodialConsent {
            given_at: Some(near(dice, at, 30, 5)),
            revoked_at: sometimes(dice, 6, |dice| near(dice, at, 10, 0)),
            source: None,
        }),
        dnc: sometimes(dice, 15, |dice| DncEntry {
            added_at: Some(near(dice, at, 100, 0)),
            expires_at: sometimes(dice, 2, |dice| near(dice, at, 2, 20)),
            ..DncEntry::default()
        })
        .into_iter()
        .collect(),
        ..Phone::default()
    }
}

fn local_time(dice: &mut Dice) -> LocalTime {
    let quarter = u16::try_from(dice.below(97)).unwrap();
    LocalTime::from_minutes(quarter * 15).unwrap()
}

fn random_flags(dice: &mut Dice, at: Instant) -> Flags {
    let stop = |dice: &mut Dice| Stop {
        at: sometimes(dice, 2, |dice| near(dice, at, 5, 0)),
        ..Stop::default()
    };
    Flags {
        known_location: sometimes(dice, 15, |dice| KnownLocation {
            zone: dice
                .pick(&[
                    "America/Los_Angeles",
                    "Europe/London",
                    "Pacific/Guam",
                    "America/Havana",
                ])
                .to_owned(),
            at: Some(near(dice, at, 10, 3)),
            source: None,
        }),
        inconvenient: sometimes(dice, 4, |dice| Inconvenient {
            kind: if dice.one_in(4) {
                InconvenientKind::Place
            } else {
                InconvenientKind::Time
            },
            days: dice
                .pick(&[
                    &[][..],
                    &[Weekday::Sat, Weekday::Sun][..],
                    &[Weekday::Mon, Weekday::Wed, Weekday::Fri][..],
                ])
                .to_vec(),
            from: sometimes(dice, 2, local_time),
            to: sometimes(dice, 2, local_time),
            place: Some(dice.pick(&["work", "home"]).to_owned()),
            said_at: Some(near(dice, at, 20, 0)),
            via: None,
        })
        .into_iter()
        .collect(),
        attorney: sometimes(dice, 25, |dice| Attorney {
            debts: vec![dice.pick(&["D1", "D2"]).to_owned()],
            status: dice.pick(&[AttorneyStatus::Active, AttorneyStatus::Unresponsive]),
            letters_sent: vec![near(dice, at, 10, 5)],
            reviewed_by: sometimes(dice, 2, |_| "Compliance".to_owned()),
            ..Attorney::default()
        }),
        workplace_prohibited: sometimes(dice, 10, stop),
        cease: sometimes(dice, 25, |dice| Cease {
            received_at: Some(near(dice, at, 10, 0)),
            debts: vec![dice.pick(&["D1", "D2"]).to_owned()],
            ..Cease::default()
        })
        .into_iter()
        .collect(),
        call_opt_out: sometimes(dice, 25, stop),
        email_opt_out: sometimes(dice, 25, stop),
        do_not_call: sometimes(dice, 40, stop),
        medium_optout: sometimes(dice, 20, |dice| MediumOptout {
            medium: dice.pick(&[Medium::Phone, Medium::Email, Medium::Mail]),
            at: Some(near(dice, at, 5, 0)),
            via: None,
        })
        .into_iter()
        .collect(),
        address_optout: sometimes(dice, 25, |dice| AddressOptout {
            address: "pat@mail.example".to_owned(),
            at: Some(near(dice, at, 5, 0)),
        })
        .into_iter()
        .collect(),
        deceased: sometimes(dice, 40, |dice| Deceased {
            known_at: Some(near(dice, at, 5, 0)),
            representative: None,
        }),
        bankruptcy: sometimes(dice, 15, |dice| Bankruptcy {
            chapter: Some(13),
            filed_on: Some(date_near(dice, at, 60, 0)),
            status: dice.pick(&[BankruptcyStatus::Active, BankruptcyStatus::Dismissed]),
            ended_on: Some(date_near(dice, at, 10, 20)),
            ..Bankruptcy::default()
        }),
        prior_consents: sometimes(dice, 4, |dice| PriorConsent {
            kind: dice.pick(&[ConsentKind::Calls, ConsentKind::Time]),
            debt: None,
            received_at: Some(near(dice, at, 6, 2)),
            through: sometimes(dice, 3, |dice| near(dice, at, 1, 10)),
            from: sometimes(dice, 2, local_time),
            to: sometimes(dice, 2, local_time),
            given_to: Some(dice.pick(&[GivenTo::Collector, GivenTo::Collector, GivenTo::Creditor])),
            during_compliant_contact: Some(!dice.one_in(5)),
            source: None,
        })
        .into_iter()
        .collect(),
        recording_consent: sometimes(dice, 3, |dice| Grant {
            given: true,
            at: sometimes(dice, 2, |dice| near(dice, at, 5, 3)),
            ..Grant::default()
        }),
        esign_consent: sometimes(dice, 3, |dice| Grant {
            given: true,
            at: sometimes(dice, 2, |dice| near(dice, at, 5, 3)),
            ..Grant::default()
        }),
        ..Flags::default()
    }
}

fn random_debt(dice: &mut Dice, at: Instant, id: &str) -> Debt {
    Debt {
        id: id.to_owned(),
        status: if dice.one_in(30) {
            dice.pick(&[
                PlacementStatus::Recalled,
                PlacementStatus::Disputed,
                PlacementStatus::Paid,
            ])
        } else {
            PlacementStatus::InOutreach
        },
        paused_until: sometimes(dice, 10, |dice| near(dice, at, 5, 40)),
        max_calls_per_week: sometimes(dice, 3, |dice| u32::try_from(dice.below(4)).unwrap()),
        validation: (!dice.one_in(8)).then(|| Validation {
            provided_on: Some(date_near(dice, at, 60, 3)),
            ..Validation::default()
        }),
        disputes: sometimes(dice, 8, |dice| Dispute {
            received_at: Some(near(dice, at, 50, 0)),
            in_writing: !dice.one_in(4),
            response: Some(DisputeResponse::Verification),
            responded_at: sometimes(dice, 2, |dice| near(dice, at, 5, 15)),
            ..Dispute::default()
        })
        .into_iter()
        .collect(),
        limitations_expires_on: sometimes(dice, 10, |dice| date_near(dice, at, 30, 400)),
        ..Debt::default()
    }
}

fn random_history(dice: &mut Dice, at: Instant) -> Vec<Contact> {
    let many = if dice.one_in(4) { 16 } else { 5 };
    (0..dice.below(many))
        .map(|_| {
            let ago = if dice.one_in(6) {
                minutes(dice, 0, 15)
            } else {
                minutes(dice, 0, 60 * 24 * 12)
            };
            let channel = dice.pick(&[
                Channel::Call,
                Channel::Call,
                Channel::Call,
                Channel::Voicemail,
                Channel::Email,
                Channel::Letter,
                Channel::Sms,
            ]);
            let direction = if dice.one_in(4) {
                Direction::In
            } else {
                Direction::Out
            };
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
                excluded: sometimes(dice, 10, |_| Excluded::Consent),
                ..Contact::new(at.minus(ago), channel, direction)
            }
        })
        .collect()
}

fn random_attempt(dice: &mut Dice, at: Instant, facts: &Facts) -> Attempt {
    let channel = dice.pick(&[
        Channel::Call,
        Channel::Call,
        Channel::Call,
        Channel::Email,
        Channel::Email,
        Channel::Letter,
        Channel::Portal,
    ]);
    let phones: Vec<&str> = facts
        .debtor
        .phones
        .iter()
        .map(|phone| phone.number.as_str())
        .collect();
    let mut attempt = Attempt::new(at, channel, dice.pick(&["D1", "D2"]));
    match channel {
        Channel::Call => attempt.phone = Some(dice.pick(&phones).to_owned()),
        Channel::Email => attempt.email = Some("pat@mail.example".to_owned()),
        Channel::Letter | Channel::Portal | Channel::Voicemail | Channel::Sms => {}
    }
    if dice.one_in(4) {
        attempt.purpose = dice.pick(&[
            Purpose::RespondOnce,
            Purpose::ValidationNotice,
            Purpose::DisputeResponse,
            Purpose::Terminate,
            Purpose::ConfirmOptout,
            Purpose::LegalThreat,
        ]);
    }
    if dice.one_in(15) {
        attempt.party = dice.pick(&[Party::Spouse, Party::Attorney, Party::ThirdParty]);
    }
    if dice.one_in(4) {
        attempt.initiator = Initiator::Automated;
    }
    if dice.one_in(6) {
        attempt.dialing = dice.pick(&[Dialing::Autodialed, Dialing::Prerecorded]);
    }
    attempt.recorded = dice.one_in(6);
    for rule in [
        RuleId::CallCount,
        RuleId::CallConversation,
        RuleId::WeeklyCallCap,
    ] {
        if dice.one_in(6) {
            attempt.acknowledged.push(Acknowledgement {
                rule,
                evidence: None,
                by: None,
            });
        }
    }
    attempt
}
