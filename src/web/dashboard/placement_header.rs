//! The head of a placement's page, and the facts beside it.

use chrono_tz::Tz;

use super::placement::File;
use super::{flag_words, words};
use crate::actions::pauses;
use crate::actions::standing::Standing;
use crate::domain::access::Capability;
use crate::domain::money::Cents;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::FlagKind;
use crate::domain::time::Instant;
use crate::gate::Facts;
use crate::gate::facts::PhoneKind;
use crate::store::debtors::Debtor;
use crate::web::access::SignedIn;
use crate::web::view::badge::HoldBadge;
use crate::web::view::part::{Fact, When};
use crate::web::view::placement::{Balance, DebtorClock, PlacementHeader, PlacementMay};

pub fn header(
    file: &File,
    standing: &Standing,
    holds: Vec<HoldBadge>,
    reader: &SignedIn,
    now: Instant,
) -> PlacementHeader {
    let placement = &file.placement;
    let is_open = !placement.status.is_closed();
    let may_manage = is_open && reader.can(Capability::ManagePlacements);
    // A hold while a person reads a message is nobody's to resume here.
    let is_paused = file.holds.iter().any(|hold| hold.kind == pauses::CAUSE);
    PlacementHeader {
        id: placement.id.to_string(),
        debtor: file.parties.debtor.clone(),
        debtor_href: Some(format!("/debtors/{}", placement.debtor_id)),
        invoice: placement.invoice_number.clone(),
        creditor: file.parties.creditor.clone(),
        place: place(file),
        status: words::status(placement.status),
        holds,
        placed: When::new(placement.placed_at, reader.time_zone, now),
        balance: balance(file),
        clock: clock(standing, now),
        may: PlacementMay {
            log_contact: is_open && reader.can(Capability::LogContact),
            mark_as_paid: may_manage,
            recall: may_manage,
            pause: may_manage,
            resume: may_manage && is_paused,
            portal_links: reader.can(Capability::RecordFlags),
        },
    }
}

fn place(file: &File) -> String {
    let parts = [&file.parties.city, &file.parties.state];
    let known: Vec<&str> = parts
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect();
    if known.is_empty() {
        "Address unknown".to_owned()
    } else {
        known.join(", ")
    }
}

fn balance(file: &File) -> Balance {
    let account = file.placement.account();
    Balance {
        invoice: account.amount.to_string(),
        recovered: account.recovered.to_string(),
        remaining: account.remaining().to_string(),
        fee: account.fee.to_string(),
        fee_rate: format!("{} of what is recovered", file.parties.fee_rate),
        recovered_permille: permille(account.recovered, account.amount),
    }
}

fn permille(part: Cents, whole: Cents) -> u16 {
    let share = i128::from(part.get()) * 1_000 / i128::from(whole.get().max(1));
    u16::try_from(share.clamp(0, 1_000)).unwrap_or(1_000)
}

fn clock(standing: &Standing, now: Instant) -> Option<DebtorClock> {
    let (first, others) = standing.zones.split_first()?;
    let own = words::hour(now, *first);
    let mut also: Vec<String> = others
        .iter()
        .map(|zone| words::hour(now, *zone))
        .filter(|shown| *shown != own)
        .collect();
    also.dedup();
    Some(DebtorClock {
        shown: own,
        zone: first.name().to_owned(),
        within_hours: standing.within_hours,
        also: (!also.is_empty()).then(|| format!("or {}", also.join(", "))),
    })
}

/// Address, numbers, addresses, counsel. What is private to the debtor is for staff alone.
pub fn people(file: &File, reader: &SignedIn) -> Vec<Fact> {
    let mut facts = vec![Fact::new("Address", address(&file.debtor))];
    facts.extend(numbers(&file.facts, reader));
    if reader.creditor.is_none() {
        let counsel = file
            .flags
            .iter()
            .find(|flag| flag.kind == FlagKind::Attorney && flag.lifted_at.is_none());
        if let Some(flag) = counsel {
            let name = flag_words::detail(flag, "name");
            let phone = flag_words::detail(flag, "phone");
            let shown = name
                .into_iter()
                .chain(phone.map(|phone| PhoneNumber::readable(&phone)))
                .collect::<Vec<_>>()
                .join(", ");
            facts.push(Fact::new(
                "Counsel",
                if shown.is_empty() {
                    "Not named".to_owned()
                } else {
                    shown
                },
            ));
        }
    }
    facts
}

/// Telephone numbers and email addresses. Who somebody else is, is for staff alone.
pub fn numbers(facts: &Facts, reader: &SignedIn) -> Vec<Fact> {
    let is_staff = reader.creditor.is_none();
    let phones = facts.debtor.phones.iter().map(|phone| {
        let kind = match phone.kind {
            Some(PhoneKind::Mobile) => "Mobile",
            Some(PhoneKind::Landline) => "Landline",
            Some(PhoneKind::Work) => "Phone at work",
            None => "Phone",
        };
        let number = PhoneNumber::readable(&phone.number);
        let listed = if phone.dnc.is_empty() {
            ""
        } else {
            " (do-not-call list)"
        };
        let owner = match &phone.belongs_to {
            Some(owner) if is_staff => format!(", belongs to {owner}"),
            Some(_) => ", not the debtor\u{2019}s".to_owned(),
            None => String::new(),
        };
        Fact::new(kind, format!("{number}{owner}{listed}"))
    });
    let emails = facts
        .debtor
        .emails
        .iter()
        .map(|email| Fact::new("Email", email.address.clone()));
    phones.chain(emails).collect()
}

/// The postal address on one line.
pub fn address(debtor: &Debtor) -> String {
    let town = [&debtor.city, &debtor.state, &debtor.zip]
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect::<Vec<_>>()
        .join(" ");
    let lines: Vec<&str> = [
        debtor.address_line1.as_deref(),
        debtor.address_line2.as_deref(),
    ]
    .into_iter()
    .flatten()
    .chain([town.as_str()])
    .filter(|line| !line.is_empty())
    .collect();
    if lines.is_empty() {
        "Unknown".to_owned()
    } else {
        lines.join(", ")
    }
}

/// Placed, due, incurred, limitation, validation notice.
pub fn dates(file: &File, standing: &Standing, zone: Tz) -> Vec<Fact> {
    let placement = &file.placement;
    let mut facts = vec![Fact::new(
        "Placed",
        words::date(placement.placed_at.date_in(zone)),
    )];
    let computed = standing
        .channels
        .first()
        .map(|channel| channel.decision.computed)
        .unwrap_or_default();
    let validation = file
        .facts
        .debt(placement.id.as_str())
        .and_then(|debt| debt.validation.as_ref())
        .and_then(|notice| notice.provided_on);
    for (term, day) in [
        ("Due", placement.due_on),
        ("Incurred", placement.incurred_on),
        ("Last payment", placement.last_payment_on),
        ("Suit is open until", placement.limitation_expires_on),
        ("Validation notice sent", validation),
        (
            "Validation notice due",
            computed.validation_due_on.filter(|_| {
                validation.is_none() && standing.counters.first_communication.is_some()
            }),
        ),
        ("Validation period ends", computed.validation_period_ends_on),
    ] {
        if let Some(day) = day {
            facts.push(Fact::new(term, words::date(day)));
        }
    }
    if let Some(at) = placement.resolved_at {
        facts.push(Fact::new("Ended", words::date(at.date_in(zone))));
    }
    facts
}
