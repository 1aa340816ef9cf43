//! Planned calls whose time has come: claimed, and after the hand-off reported.

use serde_json::json;

use super::authorize::{HandOff, HandOffResult, Origin};
use super::call_plan;
use super::ctx::Ctx;
use super::due_emails;
use super::tx::NewEvent;
use super::unknowns;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{AttemptId, CreditorId};
use crate::error::{AppError, AppResult};
use crate::store::calls::{self, Call};
use crate::store::{attempts, contacts};

use chrono::Duration;

/// A worker that died gives its claims back after this.
const CLAIM: Duration = Duration::seconds(60);

/// Takes up to `limit` due calls for this process. No other process gets them until the claim
/// ends.
pub fn claim(ctx: &Ctx, limit: i64) -> AppResult<Vec<Call>> {
    // Most of the time nothing is due: find that out without asking for the writer.
    let any = ctx.read(|conn| Ok(calls::any_due(conn, ctx.now())?))?;
    if !any {
        return Ok(Vec::new());
    }
    ctx.write(&Actor::System("worker"), |tx| {
        let due = calls::lock_due(tx.conn, tx.now, limit)?;
        let mut claimed = Vec::with_capacity(due.len());
        for call in due {
            if calls::claim(tx.conn, &call, &ctx.process, tx.now.plus(CLAIM), tx.now)? == 1 {
                claimed.push(call);
            }
        }
        Ok(claimed)
    })
}

/// Gives a claimed call back, for which leave was never asked.
pub fn give_back(ctx: &Ctx, call: &Call) -> AppResult<()> {
    ctx.write(&Actor::System("worker"), |tx| {
        calls::release(tx.conn, call, &ctx.process, tx.now)?;
        Ok(())
    })
}

/// A call that is later than this was not placed at its time.
const LATE: Duration = Duration::minutes(1);

/// Plans a call anew whose time has passed, where it is not lawful now and will be. True if it
/// moved; any other is to be asked leave for.
pub fn moved_if_late(ctx: &Ctx, call: &Call) -> AppResult<bool> {
    if ctx.now().since(call.scheduled_at) <= LATE {
        return Ok(false);
    }
    Ok(match call_plan::plan_anew(ctx, call)? {
        call_plan::Late::Moved => true,
        call_plan::Late::Due => false,
    })
}

/// What an automated call asks leave for.
pub fn hand_off(call: &Call) -> HandOff {
    HandOff {
        creditor: call.creditor_id,
        debtor: call.debtor_id,
        placement: call.placement_id,
        attempt: call_plan::automated_call(call.scheduled_at, call.placement_id, call.number),
        origin: Origin::Call(call.id),
    }
}

/// What the dialer knows when it has handed a call over.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    pub creditor: CreditorId,
    pub attempt: AttemptId,
    pub result: &'a HandOffResult,
    pub simulated: bool,
    /// What became of the call, where that is known already: a word of the gate.
    pub outcome: Option<&'a str>,
    pub duration_seconds: Option<i32>,
}

/// Ends the fence of the attempt and writes what became of the call and the contact.
pub fn report(ctx: &Ctx, report: &Report<'_>) -> AppResult<()> {
    ctx.write(&Actor::System("worker"), |tx| {
        let row =
            attempts::find(tx.conn, report.creditor, report.attempt)?.ok_or(AppError::NotFound)?;
        let (status, provider_ref, error) = match report.result {
            HandOffResult::Started { provider_ref } => {
                ("started", Some(provider_ref.as_str()), None)
            }
            HandOffResult::Failed { error } => ("failed", None, Some(error.as_str())),
            HandOffResult::Unknown { error } => ("unknown", None, Some(error.as_str())),
        };
        let ended = attempts::finish(
            tx.conn,
            report.creditor,
            report.attempt,
            status,
            provider_ref,
            error,
            tx.now,
        )?;
        if ended == 0 {
            // Somebody gave the sender up and has reported for it.
            return Ok(());
        }
        if let Some(at) = unknowns::ask_at(tx.now, &row, report) {
            attempts::look_up_at(tx.conn, report.creditor, report.attempt, Some(at))?;
        }
        if let Some(call) = row.call_id {
            let call_status = match (report.result, report.outcome) {
                (HandOffResult::Started { .. }, Some(_)) => "completed",
                (HandOffResult::Started { .. }, None) => "started",
                (HandOffResult::Failed { .. }, _) => "failed",
                (HandOffResult::Unknown { .. }, _) => "unknown",
            };
            calls::report(
                tx.conn,
                report.creditor,
                call,
                &calls::Result {
                    status: call_status,
                    status_cause: error,
                    provider_ref,
                    outcome: report.outcome,
                    duration_seconds: report.duration_seconds,
                    simulated: report.simulated,
                    started_at: Some(tx.now),
                    ended_at: report.outcome.map(|_| tx.now),
                    updated_at: tx.now,
                },
            )?;
        }
        due_emails::settle(tx, &row, report.result)?;
        let outcome = match report.result {
            // It reached nobody, for certain, and counts as nothing.
            HandOffResult::Failed { .. } => Some("not-placed"),
            HandOffResult::Started { .. } => report.outcome,
            HandOffResult::Unknown { .. } => None,
        };
        if let Some(outcome) = outcome {
            contacts::set_outcome(
                tx.conn,
                report.creditor,
                row.contact_id,
                outcome,
                report.duration_seconds,
            )?;
        }
        tx.record(
            NewEvent::of_creditor(report.creditor, EventKind::ContactHandedOver)
                .debtor(row.debtor_id)
                .placement(row.placement_id)
                .body(json!({
                    "attempt": report.attempt,
                    "result": status,
                    "outcome": outcome,
                    "simulated": report.simulated,
                })),
        )?;
        // While it rings or talks, nobody knows how it ends.
        let has_ended = outcome.is_some() || matches!(report.result, HandOffResult::Unknown { .. });
        if row.call_id.is_some() && has_ended {
            call_plan::plan_next(ctx, tx, report.creditor, row.placement_id, outcome)?;
        }
        Ok(())
    })
}

/// A lease was written by the clock of the process that sends, and is read by ours: a sender is
/// given up only when more time has passed than two clocks may differ by.
pub const CLOCKS_DIFFER: Duration = Duration::seconds(60);

/// Gives up senders whose lease has ended without a report: nobody knows what became of the
/// hand-off, so it is never repeated. Returns how many there were.
pub fn give_up_overdue(ctx: &Ctx) -> AppResult<usize> {
    const AT_ONCE: i64 = 100;
    let then = ctx.now().minus(CLOCKS_DIFFER);
    let overdue = ctx.read(|conn| Ok(attempts::overdue(conn, then, AT_ONCE)?))?;
    for row in &overdue {
        let result = HandOffResult::Unknown {
            error: "the sender did not report".to_owned(),
        };
        report(
            ctx,
            &Report {
                creditor: row.creditor_id,
                attempt: row.id,
                result: &result,
                simulated: false,
                outcome: None,
                duration_seconds: None,
            },
        )?;
    }
    Ok(overdue.len())
}
