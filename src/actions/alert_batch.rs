//! One answer to several alerts: all of them or, when one can't be answered, none.

use super::alerts::{acknowledge_within, resolve_within};
use super::ctx::Ctx;
use crate::domain::actor::Actor;
use crate::domain::id::AlertId;
use crate::error::{AppError, AppResult};
use crate::store::Scope;
use crate::store::alert_list::Cause;
use crate::store::alerts::{self, Alert};

/// Alerts in one answer: the transaction stays short.
const MOST: usize = 100;

/// What is done with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Acknowledge,
    Resolve,
}

/// Whether an alert may be answered along with others: what a person was refused is looked at by
/// itself, what the scheduler was refused, and what is only a warning, need not be.
pub fn may_be_answered_with_others(alert: &Alert) -> bool {
    alert.severity != "critical" || Cause::of(&alert.caused_by) == Cause::Scheduler
}

/// Acknowledges or resolves every alert that was chosen, each with an event of its own. Each comes
/// with the version it had when it was shown.
///
/// # Errors
/// `Invalid` without a note, without an alert, and for alerts that don't go together; `Forbidden`
/// when the actor caused one of them; `Conflict` when one has changed or is resolved.
pub fn answer(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    chosen: &[(AlertId, i64)],
    answer: Answer,
    note: &str,
) -> AppResult<usize> {
    if chosen.is_empty() {
        return Err(AppError::invalid("alert", "Choose at least one alert."));
    }
    if chosen.len() > MOST {
        return Err(AppError::invalid(
            "alert",
            format!("Choose at most {MOST} alerts."),
        ));
    }
    if note.trim().is_empty() {
        return Err(AppError::invalid(
            "note",
            "Say what you found and what was done.",
        ));
    }
    ctx.write(actor, |tx| {
        let mut rule: Option<String> = None;
        for (id, version) in chosen {
            let alert = alerts::find(tx.conn, scope, *id)?.ok_or(AppError::NotFound)?;
            if !may_be_answered_with_others(&alert) {
                return Err(AppError::invalid(
                    "alert",
                    "A refusal of a person is answered on the alert\u{2019}s own page.",
                ));
            }
            // One note can't say what was found of two different things.
            if rule.get_or_insert_with(|| alert.rule.clone()) != &alert.rule {
                return Err(AppError::invalid(
                    "alert",
                    "Choose alerts of one rule: the note is for all of them.",
                ));
            }
            let version = Some(*version);
            match answer {
                Answer::Acknowledge => acknowledge_within(tx, scope, *id, Some(note), version)?,
                Answer::Resolve => resolve_within(tx, scope, *id, note, version)?,
            };
        }
        Ok(chosen.len())
    })
}
