//! What compliance found out with a debtor's lawyer: which debts are represented, that counsel
//! agreed to direct contact, or that counsel never answers (12 CFR 1006.6(b)(2)).

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::ctx::Ctx;
use super::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, FlagId, PlacementId};
use crate::domain::stop::FlagKind;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::flags::{self, Flag};
use crate::store::{debtor_lock, placements};

/// Characters of a note that are kept.
const LONGEST_NOTE: usize = 2_000;

/// What counsel said, or did not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Counsel represents the debtor.
    Represents,
    /// Counsel agreed to direct contact.
    Consented,
    /// Counsel does not answer letters.
    Unresponsive,
}

impl TextEnum for Answer {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Represents, "active"),
        (Self::Consented, "consented"),
        (Self::Unresponsive, "unresponsive"),
    ];
}

/// A finding about one lawyer on record.
#[derive(Debug, Clone)]
pub struct Finding {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub flag: FlagId,
    pub answer: Answer,
    /// The debts that counsel represents; empty for all.
    pub debts: Vec<PlacementId>,
    /// Days on which counsel was written to.
    pub letters_sent: Vec<NaiveDate>,
    /// How it was found out.
    pub note: String,
}

/// Puts the finding in the place of what stood. What the lawyer's record stopped stays stopped.
///
/// # Errors
/// `Invalid` without a note, for another debtor's account, or when no letter shows that counsel
/// does not answer; `NotFound` when there is no such lawyer on record; `Conflict` when the record
/// was replaced or lifted since.
pub fn find_out(ctx: &Ctx, actor: &Actor, finding: &Finding) -> AppResult<()> {
    let (creditor, debtor) = (finding.creditor, finding.debtor);
    let note = finding.note.trim();
    ctx.write(actor, |tx| {
        debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        let flag = flags::find(tx.conn, creditor, debtor, finding.flag)?
            .filter(|flag| flag.kind == FlagKind::Attorney)
            .ok_or(AppError::NotFound)?;
        let mut errors = FieldErrors::default();
        if note.is_empty() {
            errors.add("note", "Say how you found out. It stays on record.");
        } else if note.chars().count() > LONGEST_NOTE {
            errors.add("note", format!("Use at most {LONGEST_NOTE} characters."));
        }
        let own = placements::of_debtor(tx.conn, creditor, debtor)?;
        let is_own = |id: &PlacementId| own.iter().any(|placement| placement.id == *id);
        if !finding.debts.iter().all(is_own) {
            errors.add("debts", "Choose among the accounts of this debtor.");
        }
        if finding.answer == Answer::Unresponsive && finding.letters_sent.is_empty() {
            errors.add(
                "letter_1",
                "Enter at least one day on which you wrote to the lawyer.",
            );
        }
        errors.into_result()?;
        if flag.lifted_at.is_some() {
            return Err(AppError::Conflict(
                "This record of the lawyer no longer stands. Nothing was changed.".to_owned(),
            ));
        }
        let by = tx.actor.to_string();
        let mut detail: Value = serde_json::from_str(&flag.detail).unwrap_or_else(|_| json!({}));
        detail["status"] = json!(finding.answer.as_str());
        detail["debts"] = json!(finding.debts);
        detail["letters_sent"] = json!(finding.letters_sent);
        detail["reviewed_by"] = json!(by);
        let replaced = format!("Replaced by a finding: {note}");
        flags::lift(tx.conn, creditor, flag.id, &by, &replaced, tx.now)?;
        let new = Flag {
            id: FlagId::generate(tx.now),
            detail: detail.to_string(),
            set_by: by,
            set_at: tx.now,
            ..flag
        };
        flags::insert(tx.conn, &new)?;
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::FlagSet)
                .debtor(debtor)
                .body(json!({
                    "flag": FlagKind::Attorney.as_str(),
                    "flag_id": new.id,
                    "source": new.source.as_str(),
                    "received_at": new.received_at,
                    "replaced": 1,
                    "answer": finding.answer.as_str(),
                    "debts": finding.debts,
                    "letters_sent": finding.letters_sent.len(),
                }))
                .detail(json!({"note": note, "attorney": detail})),
        )?;
        Ok(())
    })
}
