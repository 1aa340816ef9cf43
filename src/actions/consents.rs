//! The ledger of permissions. A permission is written with its evidence and lifts no stop. It is
//! taken back by whatever reaches us (47 CFR 64.1200(a)(10)): that is in force at once, and
//! acknowledged when nothing is starting that relied on it. Nothing is ever deleted.

use chrono::{NaiveDate, NaiveTime};
use serde_json::json;

use super::blocking;
use super::ctx::Ctx;
use super::policies;
use super::stops::wait_until_nothing_starts;
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::consent::{ConsentKind, GivenTo};
use crate::domain::event::EventKind;
use crate::domain::id::{ConsentId, CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::Medium;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::gate::facts::LocalTime;
use crate::gate::{Attempt, Channel, decide};
use crate::keys::random_code;
use crate::store::consents::{self, Consent, Revocation};
use crate::store::{calls, debtor_lock, emails_on_file, facts, placing};

/// Characters of a debtor's words that are kept.
pub const LONGEST_WORDS: usize = 4_000;

/// What is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    Recording,
    /// A number on file.
    Autodial(PhoneNumber),
    /// To an address on file, or to any.
    Esign(Option<String>),
    /// In the debtor's own time; over midnight when `to` is the earlier.
    Time {
        from: LocalTime,
        to: LocalTime,
    },
    Calls,
    /// A call on one day at one time: that hour, and a call beyond the count.
    CallBack {
        on: NaiveDate,
        from: LocalTime,
        to: LocalTime,
    },
}

/// A permission with its evidence.
#[derive(Debug, Clone)]
pub struct GrantInput {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    /// The account it was said of; none for every one.
    pub placement: Option<PlacementId>,
    pub permission: Permission,
    pub given_to: GivenTo,
    pub via: Medium,
    /// What was said or written, or where that is kept.
    pub words: String,
    /// Whether the contact in which it was given kept the rules itself; none when nobody knows.
    pub in_lawful_contact: Option<bool>,
    /// When it was given; not after now.
    pub received_at: Instant,
    pub through_on: Option<NaiveDate>,
}

/// What granting came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What the debtor may quote.
    pub reference: String,
    /// The same stood on record before, and nothing was added.
    pub already: bool,
}

/// Puts a permission on record.
///
/// # Errors
/// `Invalid` without evidence or where the parts don't fit; `NotFound` when there is no such debtor.
pub fn grant(ctx: &Ctx, actor: &Actor, input: &GrantInput) -> AppResult<Granted> {
    ctx.write(actor, |tx| grant_within(ctx, tx, input))
}

/// As [`grant`], in a transaction that is open.
pub fn grant_within(ctx: &Ctx, tx: &mut Tx<'_>, input: &GrantInput) -> AppResult<Granted> {
    let (creditor, debtor) = (input.creditor, input.debtor);
    debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
    let known = consents::of_debtor(tx.conn, creditor, debtor)?;
    check(tx, input, &known)?;
    let reference = random_code(8)?;
    let rows = rows(ctx, tx, input, &reference)?;
    let stands = |row: &Consent| known.iter().find(|old| says_the_same(old, row));
    if let Some(old) = rows.first().and_then(stands) {
        return Ok(Granted {
            reference: old.reference.clone().unwrap_or_default(),
            already: true,
        });
    }
    for row in &rows {
        consents::insert(tx.conn, row)?;
    }
    let mut event = NewEvent::of_creditor(creditor, EventKind::ConsentGranted)
        .debtor(debtor)
        .body(json!({
            "consents": rows.iter().map(|row| row.id).collect::<Vec<_>>(),
            "kind": input.permission.word(),
            "via": input.via.as_str(),
            "given_to": input.given_to.as_str(),
            "in_lawful_contact": input.in_lawful_contact,
            "received_at": input.received_at,
            "through_on": input.through_on,
        }))
        .detail(json!({
            "words": input.words,
            "number": rows.iter().find_map(|row| row.number),
            "address": rows.iter().find_map(|row| row.address.clone()),
        }));
    event.placement = input.placement;
    tx.record(event)?;
    Ok(Granted {
        reference,
        already: false,
    })
}

impl Permission {
    /// The word by which the event and the API name it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Recording => "recording",
            Self::Autodial(_) => "autodial",
            Self::Esign(_) => "esign",
            Self::Time { .. } => "time",
            Self::Calls => "calls",
            Self::CallBack { .. } => "call_back",
        }
    }
}

fn check(tx: &mut Tx<'_>, input: &GrantInput, known: &[Consent]) -> AppResult<()> {
    let (creditor, debtor) = (input.creditor, input.debtor);
    let mut errors = FieldErrors::default();
    let words = input.words.trim();
    if words.is_empty() {
        errors.add(
            "words",
            "Write down what was said or written. Without evidence a permission is none.",
        );
    } else if words.chars().count() > LONGEST_WORDS {
        errors.add("words", format!("Use at most {LONGEST_WORDS} characters."));
    }
    if input.received_at > tx.now {
        errors.add("received_at", "This day is still to come.");
    }
    match &input.permission {
        Permission::Autodial(number) => {
            let on_file = placing::phones_of(tx.conn, creditor, &[debtor])?;
            if !on_file.iter().any(|phone| phone.number == *number) {
                errors.add("number", "Choose one of the numbers on file.");
            }
        }
        Permission::Esign(Some(address)) => {
            if !emails_on_file::includes(tx.conn, creditor, debtor, address)? {
                errors.add("address", "Choose one of the addresses on file.");
            }
        }
        Permission::Time { from, to } if from == to => {
            errors.add("to", "Enter a time that differs from the first.");
        }
        Permission::CallBack { from, to, .. } if from >= to => {
            errors.add("to", "Enter a time later than the first.");
        }
        Permission::CallBack { on, .. } if *on < day_of(input.received_at) => {
            errors.add("on", "This day was over when the debtor said it.");
        }
        Permission::Recording
        | Permission::Esign(None)
        | Permission::Time { .. }
        | Permission::Calls
        | Permission::CallBack { .. } => {}
    }
    if input
        .through_on
        .is_some_and(|last| last < day_of(input.received_at))
    {
        errors.add("through_on", "The last day lies before it was given.");
    }
    let revoked_since = known
        .iter()
        .filter(|old| old.kind.is_one() && is_of(old, &input.permission))
        .filter_map(|old| old.revoked_at)
        .any(|revoked| revoked >= input.received_at);
    if revoked_since {
        errors.add(
            "received_at",
            "The debtor took this permission back after that. Only a new one counts.",
        );
    }
    errors.into_result()
}

/// The earliest day this moment can be in the United States.
fn day_of(at: Instant) -> NaiveDate {
    at.date_in(chrono_tz::Pacific::Pago_Pago)
}

fn is_of(consent: &Consent, permission: &Permission) -> bool {
    match permission {
        Permission::Recording => consent.kind == ConsentKind::Recording,
        Permission::Autodial(number) => {
            consent.kind == ConsentKind::Autodial && consent.number == Some(*number)
        }
        Permission::Esign(_) => consent.kind == ConsentKind::Esign,
        Permission::Time { .. } | Permission::Calls | Permission::CallBack { .. } => false,
    }
}

fn says_the_same(old: &Consent, new: &Consent) -> bool {
    old.revoked_at.is_none()
        && old.kind == new.kind
        && old.number == new.number
        && old.address == new.address
        && old.placement_id == new.placement_id
        && old.detail == new.detail
        && old.evidence == new.evidence
        && old.given_to == new.given_to
        && old.through_on == new.through_on
}

/// The rows of the ledger: one, or two for a request to be called back.
fn rows(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    input: &GrantInput,
    reference: &str,
) -> AppResult<Vec<Consent>> {
    let plain = |kind: ConsentKind| Consent {
        creditor_id: input.creditor,
        id: ConsentId::generate(tx.now),
        debtor_id: input.debtor,
        placement_id: input.placement,
        kind,
        number: None,
        detail: json!({"during_compliant_contact": input.in_lawful_contact}).to_string(),
        evidence: input.words.trim().to_owned(),
        given_to: input.given_to,
        received_at: input.received_at,
        through_on: input.through_on,
        revoked_at: None,
        recorded_by: tx.actor.to_string(),
        created_at: tx.now,
        via: input.via,
        address: None,
        reference: Some(reference.to_owned()),
        revoked_by: None,
        revoked_via: None,
        revoked_words: None,
        revocation_reference: None,
        revocation_recorded_at: None,
    };
    let hours = |from: LocalTime, to: LocalTime, begins_at: Option<Instant>| {
        json!({
            "from": from,
            "to": to,
            "begins_at": begins_at,
            "during_compliant_contact": input.in_lawful_contact,
        })
        .to_string()
    };
    Ok(match &input.permission {
        Permission::Recording => vec![plain(ConsentKind::Recording)],
        Permission::Autodial(number) => vec![Consent {
            number: Some(*number),
            ..plain(ConsentKind::Autodial)
        }],
        Permission::Esign(address) => vec![Consent {
            address: address.clone(),
            ..plain(ConsentKind::Esign)
        }],
        Permission::Time { from, to } => vec![Consent {
            detail: hours(*from, *to, None),
            ..plain(ConsentKind::Time)
        }],
        Permission::Calls => vec![plain(ConsentKind::Calls)],
        Permission::CallBack { on, from, to } => {
            let mut time = plain(ConsentKind::Time);
            let mut calls = plain(ConsentKind::Calls);
            let begins_at = beginning(ctx, tx, input, *on)?;
            time.detail = hours(*from, *to, Some(begins_at));
            time.through_on = Some(*on);
            calls.through_on = Some(*on);
            vec![time, calls]
        }
    })
}

/// The moment by which the day has begun wherever the debtor may be.
fn beginning(ctx: &Ctx, tx: &mut Tx<'_>, input: &GrantInput, on: NaiveDate) -> AppResult<Instant> {
    let file = facts::load_one(tx.conn, input.creditor, input.debtor)?.ok_or(AppError::NotFound)?;
    let policy = policies::in_force(ctx, tx.conn)?;
    let debt = file.debts.first().map(|debt| debt.id.clone());
    let attempt = Attempt::new(tx.now, Channel::Call, debt.unwrap_or_default());
    let midnight = on.and_time(NaiveTime::MIN);
    decide(&policy, &file, &attempt)
        .zones
        .iter()
        .filter_map(|place| midnight.and_local_timezone(place.zone.tz()).latest())
        .map(|begins| Instant::new(begins.to_utc()))
        .max()
        .ok_or_else(|| {
            AppError::invalid(
                "on",
                "Nobody can tell the debtor\u{2019}s local time. Record where they are first.",
            )
        })
}

/// That a permission was taken back, by whatever means.
#[derive(Debug, Clone)]
pub struct RevokeInput {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub consent: ConsentId,
    pub via: Medium,
    pub words: Option<String>,
    /// When it reached us; not after now.
    pub received_at: Instant,
}

/// What taking back came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// What the debtor may quote.
    pub reference: String,
    /// It had been taken back before, and nothing was changed.
    pub already: bool,
    /// How many entries of the ledger ended.
    pub ended: usize,
    pub calls_cancelled: usize,
}

/// Takes a permission back and waits until nothing that relied on it is starting.
///
/// # Errors
/// `NotFound` for another debtor's; `Busy` when a contact is still starting: it is taken back all
/// the same.
pub async fn revoke(ctx: &Ctx, actor: Actor, input: RevokeInput) -> AppResult<Revoked> {
    let writer = ctx.clone();
    let (creditor, debtor) = (input.creditor, input.debtor);
    let revoked = blocking(move || writer.write(&actor, |tx| revoke_within(tx, &input))).await?;
    wait_until_nothing_starts(ctx, creditor, debtor).await?;
    Ok(revoked)
}

/// As [`revoke`], in a transaction that is open. It may be acknowledged only when nothing of the
/// debtor is starting any more.
pub fn revoke_within(tx: &mut Tx<'_>, input: &RevokeInput) -> AppResult<Revoked> {
    let (creditor, debtor) = (input.creditor, input.debtor);
    let epoch = debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)? + 1;
    let consent =
        consents::find(tx.conn, creditor, debtor, input.consent)?.ok_or(AppError::NotFound)?;
    if consent.revoked_at.is_some() {
        return Ok(Revoked {
            reference: consent.revocation_reference.unwrap_or_default(),
            already: true,
            ended: 0,
            calls_cancelled: 0,
        });
    }
    let words = input
        .words
        .as_deref()
        .map(str::trim)
        .filter(|words| !words.is_empty());
    if words.is_some_and(|words| words.chars().count() > LONGEST_WORDS) {
        return Err(AppError::invalid(
            "words",
            format!("Use at most {LONGEST_WORDS} characters."),
        ));
    }
    if input.received_at > tx.now {
        return Err(AppError::invalid(
            "received_at",
            "This day is still to come.",
        ));
    }
    debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch)?;
    let reference = random_code(8)?;
    let mut ended = Vec::new();
    for row in consents::of_debtor(tx.conn, creditor, debtor)? {
        if row.revoked_at.is_some() || !goes_with(&consent, &row) {
            continue;
        }
        let revocation = Revocation {
            by: tx.actor.to_string(),
            via: input.via,
            words: words.map(str::to_owned),
            reference: reference.clone(),
            // A day without an hour may begin before the hour at which it was given.
            received_at: input.received_at.max(row.received_at),
            recorded_at: tx.now,
        };
        consents::revoke(tx.conn, creditor, row.id, &revocation)?;
        ended.push(row.id);
    }
    let calls_cancelled = match (consent.kind, consent.number) {
        (ConsentKind::Autodial, Some(number)) => {
            calls::cancel_to_number(tx.conn, creditor, debtor, number, "consent_revoked", tx.now)?
        }
        _ => 0,
    };
    let mut event = NewEvent::of_creditor(creditor, EventKind::ConsentRevoked)
        .debtor(debtor)
        .body(json!({
            "consents": ended,
            "kind": consent.kind.as_str(),
            "via": input.via.as_str(),
            "received_at": input.received_at,
            "contact_epoch": epoch,
            "calls_cancelled": calls_cancelled,
        }))
        .detail(json!({"words": words}));
    event.placement = consent.placement_id;
    tx.record(event)?;
    Ok(Revoked {
        reference,
        already: false,
        ended: ended.len(),
        calls_cancelled,
    })
}

/// Whether taking one back takes the other back too.
fn goes_with(taken_back: &Consent, other: &Consent) -> bool {
    if other.id == taken_back.id {
        return true;
    }
    if taken_back.reference.is_some() && other.reference == taken_back.reference {
        return true;
    }
    taken_back.kind.is_one() && other.kind == taken_back.kind && other.number == taken_back.number
}
