//! What the provider tells of a call that it took: who answered, and how it ended. Told twice it
//! changes nothing, and in any order it comes to the same.

use serde_json::json;

use super::call_plan;
use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use super::unknowns;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{AttemptId, CreditorId};
use crate::error::{AppError, AppResult};
use crate::store::attempts::{self, AttemptRow};
use crate::store::calls::{self, Progress};
use crate::store::contacts;

/// Who acts.
const ACTOR: Actor = Actor::System("voice");

/// How far a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Taken, dialling or ringing.
    Ringing,
    /// Somebody or something answered.
    Answered,
    Ended(Ending),
}

impl Stage {
    /// From the provider's word, with its code where the network said why. None for a word that we
    /// do not know.
    pub fn from_word(word: &str, sip: Option<&str>) -> Option<Self> {
        Some(match word {
            "queued" | "initiated" | "ringing" => Self::Ringing,
            "in-progress" | "answered" => Self::Answered,
            "completed" => Self::Ended(Ending::Completed),
            "busy" => Self::Ended(Ending::Busy),
            "no-answer" => Self::Ended(Ending::NoAnswer),
            "canceled" => Self::Ended(Ending::Canceled),
            // A fault of the network says nothing of the number.
            "failed" if sip.is_some_and(|code| code.starts_with('5')) => {
                Self::Ended(Ending::Failed)
            }
            "failed" => Self::Ended(Ending::NotInService),
            _ => return None,
        })
    }
}

/// How a call ended, as the provider tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It was answered and hung up.
    Completed,
    Busy,
    NoAnswer,
    /// Called off before anybody answered. It may have rung.
    Canceled,
    /// The number leads nowhere.
    NotInService,
    /// The network failed: it rang nowhere.
    Failed,
}

/// What the provider takes the answerer for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerer {
    Human,
    Machine,
    Fax,
    Unknown,
}

impl Answerer {
    /// From the provider's word.
    pub fn from_word(word: &str) -> Self {
        match word {
            "human" => Self::Human,
            "fax" => Self::Fax,
            word if word.starts_with("machine") => Self::Machine,
            _ => Self::Unknown,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Machine => "machine",
            Self::Fax => "fax",
            Self::Unknown => "unknown",
        }
    }
}

/// One message of the provider.
#[derive(Debug, Clone)]
pub struct Told {
    pub creditor: CreditorId,
    pub attempt: AttemptId,
    /// The provider's name of the call.
    pub provider_ref: String,
    /// None where only the answerer is told.
    pub stage: Option<Stage>,
    pub answerer: Option<Answerer>,
    pub duration_seconds: Option<i32>,
}

/// The law's word for an ending. Who answered counts as spoken with unless it is known to be a
/// machine.
fn outcome(ending: Ending, answered_by: Option<&str>) -> &'static str {
    match (ending, answered_by) {
        (Ending::Completed, Some("machine")) => "voicemail",
        (Ending::Completed, Some("fax")) | (Ending::NoAnswer | Ending::Canceled, _) => "no-answer",
        (Ending::Completed, _) => "conversation",
        (Ending::Busy, _) => "busy",
        (Ending::NotInService, _) => "not-in-service",
        (Ending::Failed, _) => "not-placed",
    }
}

/// Writes what was told.
///
/// # Errors
/// `NotFound` for an attempt that is none of ours, or that is known under another name.
pub fn tell(ctx: &Ctx, told: &Told) -> AppResult<()> {
    ctx.write(&ACTOR, |tx| {
        let row =
            attempts::find(tx.conn, told.creditor, told.attempt)?.ok_or(AppError::NotFound)?;
        let call = row.call_id.ok_or(AppError::NotFound)?;
        if row
            .provider_ref
            .as_deref()
            .is_some_and(|known| known != told.provider_ref)
        {
            return Err(AppError::NotFound);
        }
        settle_attempt(tx, &row, told)?;
        let before = calls::progress(tx.conn, told.creditor, call)?.ok_or(AppError::NotFound)?;
        let mut after = before.clone();
        after.provider_ref = Some(told.provider_ref.clone());
        if let Some(answerer) = told.answerer {
            after.answered_by = Some(answerer.word().to_owned());
        }
        let is_answered = matches!(
            told.stage,
            Some(Stage::Answered | Stage::Ended(Ending::Completed))
        );
        if is_answered || told.answerer.is_some() {
            after.connected_at = before.connected_at.or(Some(tx.now));
        }
        if before.ended_at.is_none() {
            // The hand-off may have been given up; the provider knows better.
            after.status = "started".to_owned();
            after.status_cause = None;
            after.started_at = before.started_at.or(Some(tx.now));
        }
        match told.stage {
            Some(Stage::Ended(ending)) if before.ended_at.is_none() => {
                let word = outcome(ending, after.answered_by.as_deref());
                after.status = if word == "not-placed" {
                    "failed"
                } else {
                    "completed"
                }
                .to_owned();
                after.outcome = Some(word.to_owned());
                after.duration_seconds = told.duration_seconds;
                after.ended_at = Some(tx.now);
            }
            // The answerer is told after the end, too.
            _ if before.outcome.as_deref() == Some("conversation") => {
                let word = outcome(Ending::Completed, after.answered_by.as_deref());
                after.outcome = Some(word.to_owned());
            }
            _ => {}
        }
        if after == before {
            return Ok(());
        }
        calls::set_progress(tx.conn, told.creditor, call, &after, tx.now)?;
        if after.outcome != before.outcome {
            end(ctx, tx, &row, &before, &after)?;
        }
        if after.ended_at.is_some() && before.ended_at.is_none() {
            // There is nothing left to ask the provider.
            attempts::look_up_at(tx.conn, told.creditor, row.id, None)?;
        }
        Ok(())
    })
}

/// A hand-off whose fate was not known has started.
fn settle_attempt(tx: &mut Tx<'_>, row: &AttemptRow, told: &Told) -> AppResult<()> {
    if row.status == "started" {
        return Ok(());
    }
    let name = Some(told.provider_ref.as_str());
    let ask_at = Some(tx.now.plus(unknowns::SILENCE));
    attempts::settle(tx.conn, told.creditor, row.id, name, ask_at, tx.now)?;
    tx.record(about(row, EventKind::ContactHandedOver).body(json!({
        "attempt": row.id,
        "result": "started",
        "before": row.status,
        "simulated": false,
    })))?;
    Ok(())
}

/// The contact is counted as what it was, and the next call is planned.
fn end(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    row: &AttemptRow,
    before: &Progress,
    after: &Progress,
) -> AppResult<()> {
    let Some(word) = after.outcome.as_deref() else {
        return Ok(());
    };
    contacts::set_outcome(
        tx.conn,
        row.creditor_id,
        row.contact_id,
        word,
        after.duration_seconds,
    )?;
    tx.record(about(row, EventKind::CallEnded).body(json!({
        "call": row.call_id,
        "attempt": row.id,
        "outcome": word,
        "corrects": before.outcome,
    })))?;
    // Where one is planned already, it stays.
    call_plan::plan_next(ctx, tx, row.creditor_id, row.placement_id, Some(word))
}

fn about(row: &AttemptRow, kind: EventKind) -> NewEvent {
    NewEvent::of_creditor(row.creditor_id, kind)
        .debtor(row.debtor_id)
        .placement(row.placement_id)
}

/// Whether a call that was handed over may still be put through, now that somebody answers.
///
/// # Errors
/// `NotFound` for an attempt that is none of ours.
pub fn may_connect(ctx: &Ctx, creditor: CreditorId, attempt: AttemptId) -> AppResult<bool> {
    ctx.read(|conn| {
        let row = attempts::find(conn, creditor, attempt)?.ok_or(AppError::NotFound)?;
        let call = row.call_id.ok_or(AppError::NotFound)?;
        Ok(!ctx.journal.is_held(row.debtor_id) && !calls::is_called_off(conn, creditor, call)?)
    })
}

/// A call that rings and must not any more.
pub type Unwanted = calls::Ringing;

/// Calls that ring although they have been stopped or recalled since they were handed over.
pub fn to_call_off(ctx: &Ctx) -> AppResult<Vec<Unwanted>> {
    ctx.read(|conn| Ok(calls::ringing_called_off(conn)?))
}

/// Notes that the provider was asked, and has answered.
pub fn note_called_off(ctx: &Ctx, call: &Unwanted) -> AppResult<()> {
    ctx.write(&ACTOR, |tx| {
        calls::note_called_off(tx.conn, call.creditor_id, call.id, tx.now)?;
        tx.record(
            NewEvent::of_creditor(call.creditor_id, EventKind::CallCancelled)
                .debtor(call.debtor_id)
                .placement(call.placement_id)
                .body(json!({"call": call.id, "cause": "stopped_while_ringing"})),
        )?;
        Ok(())
    })
}
