//! What a debtor's telephone number is, and whose: corrected where the file is wrong. A number of
//! somebody else's is not dialled any more (15 U.S.C. 1692c(b)).

use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use super::{blocking, stops};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::Medium;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::{calls, debtor_lock, phones};

/// The kinds of a number, with the words for them.
pub const KINDS: [(&str, &str); 4] = [
    ("mobile", "Mobile"),
    ("landline", "Landline"),
    ("work", "At work"),
    ("unknown", "Not known"),
];

/// By these names the gate knows the debtor: a number with such an owner is the debtor's own.
const DEBTOR_NAMES: [&str; 3] = ["self", "consumer", "debtor"];

const LONGEST_OWNER: usize = 200;
const LONGEST_NOTE: usize = 2_000;

/// Why planned calls to the number of somebody else are cancelled.
const CAUSE: &str = "not_the_debtors";

/// What is so of one number on file.
#[derive(Debug, Clone)]
pub struct Correction {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub number: PhoneNumber,
    /// One of [`KINDS`].
    pub kind: String,
    /// Whose it is; none where it is the debtor's own.
    pub belongs_to: Option<String>,
    pub via: Medium,
    /// How it was found out.
    pub note: String,
}

/// Writes it down, and waits until nothing that relied on what was on file is starting. Calls to a
/// number that is not the debtor's are cancelled, others are decided anew when their time comes.
/// Said again it changes nothing. Returns how many calls were cancelled.
///
/// # Errors
/// `Invalid` without a note, for a kind that is none, or for an owner who is the debtor;
/// `NotFound` when the debtor has no such number; `Busy` when a contact is still starting: the
/// correction is on record all the same.
pub async fn correct(ctx: &Ctx, actor: Actor, said: Correction) -> AppResult<usize> {
    let writer = ctx.clone();
    let (creditor, debtor) = (said.creditor, said.debtor);
    let cancelled = blocking(move || writer.write(&actor, |tx| write(tx, &said))).await?;
    stops::wait_until_nothing_starts(ctx, creditor, debtor).await?;
    Ok(cancelled)
}

fn write(tx: &mut Tx<'_>, said: &Correction) -> AppResult<usize> {
    let (creditor, debtor) = (said.creditor, said.debtor);
    let epoch = debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
    let before = phones::find(tx.conn, creditor, debtor, said.number)?.ok_or(AppError::NotFound)?;
    check(said)?;
    let owner = said.belongs_to.as_deref().map(str::trim);
    if before.kind == said.kind && before.belongs_to.as_deref() == owner {
        return Ok(0);
    }
    phones::correct(tx.conn, &before, &said.kind, owner)?;
    debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch + 1)?;
    let cancelled = if owner.is_some() {
        calls::cancel_to_number(tx.conn, creditor, debtor, said.number, CAUSE, tx.now)?
    } else {
        0
    };
    tx.record(
        NewEvent::of_creditor(creditor, EventKind::NumberCorrected)
            .debtor(debtor)
            .body(json!({
                "kind": said.kind,
                "kind_before": before.kind,
                "is_debtors": owner.is_none(),
                "was_debtors": before.belongs_to.is_none(),
                "via": said.via.as_str(),
                "calls_cancelled": cancelled,
            }))
            .detail(json!({
                "number": said.number,
                "belongs_to": owner,
                "belonged_to": before.belongs_to,
                "note": said.note.trim(),
            })),
    )?;
    Ok(cancelled)
}

fn check(said: &Correction) -> AppResult<()> {
    let mut errors = FieldErrors::default();
    if !KINDS.iter().any(|(word, _)| *word == said.kind) {
        errors.add("number_kind", "Choose what kind of number it is.");
    }
    if let Some(owner) = said.belongs_to.as_deref().map(str::trim) {
        if owner.is_empty() {
            errors.add("belongs_to", "Say whose number it is, as far as you know.");
        } else if owner.chars().count() > LONGEST_OWNER {
            errors.add(
                "belongs_to",
                format!("Use at most {LONGEST_OWNER} characters."),
            );
        } else if DEBTOR_NAMES.contains(&owner.to_lowercase().as_str()) {
            errors.add(
                "belongs_to",
                "That is the debtor. Choose that the number is the debtor\u{2019}s own.",
            );
        }
    }
    let note = said.note.trim();
    if note.is_empty() {
        errors.add("note", "Say how you know. It stays on record.");
    } else if note.chars().count() > LONGEST_NOTE {
        errors.add("note", format!("Use at most {LONGEST_NOTE} characters."));
    }
    errors.into_result()
}
