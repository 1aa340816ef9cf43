//! One number on a do-not-call list: put there by hand, and taken off with a reason.
//!
//! What came with a loaded list goes with a newer list. What a person asked for themselves goes
//! only by that person's own consent, which is put on record.

use chrono::NaiveDate;
use serde_json::json;

use super::blocking;
use super::ctx::Ctx;
use super::dnc::DncScope;
use super::stops;
use super::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::phone::PhoneNumber;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::{creditors, dnc_search, reachable};

/// Characters of a note that are kept.
const LONGEST_NOTE: usize = 2_000;

/// Debtors waited for after a number was put on a list: one that reaches more is no person's.
const MOST_DEBTORS: i64 = 20;

/// Whose wish an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Whoever the number reaches has asked for it.
    OwnRequest,
    /// The agency or a creditor wants it so.
    Internal,
}

impl Source {
    pub const fn word(self) -> &'static str {
        match self {
            Self::OwnRequest => "debtor",
            Self::Internal => "internal",
        }
    }

    /// None for an entry that comes with a loaded list.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::OwnRequest, Self::Internal]
            .into_iter()
            .find(|source| source.word() == word)
    }
}

/// An entry by what makes it one.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub number: PhoneNumber,
    pub scope: DncScope,
    pub source: Source,
}

/// Puts a number on a list, and waits until nothing is starting to a debtor whom it reaches. One
/// that stands there already stays as it is. `today` is the day by the clock of whoever adds it:
/// the day that is shown from then on. It holds at once, whatever day it is elsewhere.
///
/// # Errors
/// `Invalid` without a note; `NotFound` for a creditor that isn't there; `Busy` when a contact is
/// still starting: the entry stands all the same.
pub async fn add(
    ctx: &Ctx,
    actor: Actor,
    entry: Entry,
    today: NaiveDate,
    note: String,
) -> AppResult<()> {
    let worker = ctx.clone();
    let reached = blocking(move || {
        write(&worker, &actor, entry, today, &note)?;
        worker.read(|conn| Ok(reachable::by_phone(conn, entry.number, MOST_DEBTORS)?))
    })
    .await?;
    for (creditor, debtor) in reached {
        stops::wait_until_nothing_starts(ctx, creditor, debtor).await?;
    }
    Ok(())
}

fn write(ctx: &Ctx, actor: &Actor, entry: Entry, today: NaiveDate, note: &str) -> AppResult<()> {
    let note = note.trim();
    let mut errors = FieldErrors::default();
    check_note(&mut errors, "note", note, "Say who asked, and how.");
    errors.into_result()?;
    ctx.write(actor, |tx| {
        if let DncScope::Creditor(id) = entry.scope {
            creditors::by_id(tx.conn, id)?.ok_or(AppError::NotFound)?;
        }
        let scope = entry.scope.word();
        let added = dnc_search::add(tx.conn, entry.number, &scope, entry.source.word(), today)?;
        if added > 0 {
            tx.record(
                about(entry, EventKind::DncNumberAdded)
                    .body(json!({"scope": scope, "source": entry.source.word()}))
                    .detail(json!({
                        "number": entry.number.display_national(),
                        "note": note,
                    })),
            )?;
        }
        Ok(())
    })
}

/// Why an entry may go.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// For an entry of the agency's or a creditor's own: why. For a person's own request: the
    /// words of the consent, or where they are kept.
    pub reason: String,
    /// The day on which the person agreed to be called again; needed for their own request.
    pub consent_on: Option<NaiveDate>,
}

/// Takes an entry off its list.
///
/// # Errors
/// `Invalid` without grounds; `NotFound` when there is no such entry.
pub fn remove(ctx: &Ctx, actor: &Actor, entry: Entry, grounds: &Grounds) -> AppResult<()> {
    let reason = grounds.reason.trim();
    let today = ctx.now().date_in(chrono_tz::Pacific::Kiritimati);
    let mut errors = FieldErrors::default();
    let consent_on = match entry.source {
        Source::OwnRequest => {
            match grounds.consent_on {
                None => errors.add(
                    "consent_on",
                    "Enter the day on which the person agreed to be called again.",
                ),
                Some(day) if day > today => errors.add("consent_on", "This day is still to come."),
                Some(_) => {}
            }
            grounds.consent_on
        }
        Source::Internal => None,
    };
    check_note(
        &mut errors,
        "reason",
        reason,
        match entry.source {
            Source::OwnRequest => "Write down the person\u{2019}s words, or where they are kept.",
            Source::Internal => "Say why the number may be called again.",
        },
    );
    errors.into_result()?;
    ctx.write(actor, |tx| {
        let scope = entry.scope.word();
        let standing = dnc_search::entries(tx.conn, entry.number)?
            .into_iter()
            .find(|it| it.is_row && it.scope == scope && it.source == entry.source.word())
            .ok_or(AppError::NotFound)?;
        if consent_on.is_some_and(|day| day < standing.added_on) {
            return Err(AppError::invalid(
                "consent_on",
                "The person asked not to be called after that day.",
            ));
        }
        dnc_search::remove(tx.conn, entry.number, &scope, entry.source.word())?;
        tx.record(
            about(entry, EventKind::DncNumberRemoved)
                .body(json!({
                    "scope": scope,
                    "source": entry.source.word(),
                    "added_on": standing.added_on,
                    "consent_on": consent_on,
                }))
                .detail(json!({
                    "number": entry.number.display_national(),
                    "reason": reason,
                })),
        )?;
        Ok(())
    })
}

fn about(entry: Entry, kind: EventKind) -> NewEvent {
    match entry.scope {
        DncScope::Agency => NewEvent::of_platform(kind),
        DncScope::Creditor(id) => NewEvent::of_creditor(id, kind),
    }
}

fn check_note(errors: &mut FieldErrors, field: &'static str, note: &str, missing: &str) {
    if note.is_empty() {
        errors.add(field, missing);
    } else if note.chars().count() > LONGEST_NOTE {
        errors.add(field, format!("Use at most {LONGEST_NOTE} characters."));
    }
}
