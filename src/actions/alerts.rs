//! Working alerts: seen, and dealt with. Never by whoever caused them.

use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::AlertId;
use crate::error::{AppError, AppResult};
use crate::store::Scope;
use crate::store::alerts::{self, Alert};

/// Characters of a note that are kept.
const LONGEST_NOTE: usize = 2_000;

/// Notes that a person has seen an alert. Doing so again changes nothing.
///
/// `version` is the alert's when it was shown; without one it is taken as it is.
///
/// # Errors
/// `Forbidden` for whoever caused it, `Conflict` when it is resolved already or has changed.
pub fn acknowledge(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: AlertId,
    note: Option<&str>,
    version: Option<i64>,
) -> AppResult<Alert> {
    ctx.write(actor, |tx| acknowledge_within(tx, scope, id, note, version))
}

/// [`acknowledge`] as a part of a transaction that does more.
pub fn acknowledge_within(
    tx: &mut Tx<'_>,
    scope: Scope,
    id: AlertId,
    note: Option<&str>,
    version: Option<i64>,
) -> AppResult<Alert> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    check_length(note)?;
    let alert = workable(tx, scope, id)?;
    match alert.status.as_str() {
        "acknowledged" => return Ok(alert),
        "resolved" => return Err(resolved_already()),
        _ => {}
    }
    check_version(&alert, version)?;
    let by = tx.actor.to_string();
    if alerts::acknowledge(tx.conn, &alert, &by, note, tx.now)? == 0 {
        return Err(changed());
    }
    record(tx, &alert, EventKind::AlertAcknowledged, note)?;
    reread(tx, scope, id)
}

/// Notes that an alert is dealt with, and how. The note is required.
///
/// # Errors
/// As [`acknowledge`]; `Invalid` without a note.
pub fn resolve(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: AlertId,
    note: &str,
    version: Option<i64>,
) -> AppResult<Alert> {
    ctx.write(actor, |tx| resolve_within(tx, scope, id, note, version))
}

/// [`resolve`] as a part of a transaction that does more.
pub fn resolve_within(
    tx: &mut Tx<'_>,
    scope: Scope,
    id: AlertId,
    note: &str,
    version: Option<i64>,
) -> AppResult<Alert> {
    let note = note.trim();
    if note.is_empty() {
        return Err(AppError::invalid(
            "note",
            "Say what you found and what was done.",
        ));
    }
    check_length(Some(note))?;
    let alert = workable(tx, scope, id)?;
    if alert.status == "resolved" {
        return Err(resolved_already());
    }
    check_version(&alert, version)?;
    let by = tx.actor.to_string();
    if alerts::resolve(tx.conn, &alert, &by, note, tx.now)? == 0 {
        return Err(changed());
    }
    record(tx, &alert, EventKind::AlertResolved, Some(note))?;
    reread(tx, scope, id)
}

/// The alert, if it is there and this actor may work it.
fn workable(tx: &mut Tx<'_>, scope: Scope, id: AlertId) -> AppResult<Alert> {
    let alert = alerts::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
    if alert.caused_by == tx.actor.to_string() {
        return Err(AppError::Forbidden);
    }
    Ok(alert)
}

fn reread(tx: &mut Tx<'_>, scope: Scope, id: AlertId) -> AppResult<Alert> {
    alerts::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)
}

fn record(tx: &mut Tx<'_>, alert: &Alert, kind: EventKind, note: Option<&str>) -> AppResult<()> {
    let event = NewEvent::of_creditor(alert.creditor_id, kind)
        .debtor(alert.debtor_id)
        .placement(alert.placement_id)
        .body(json!({
            "alert": alert.id,
            "rule": alert.rule,
            "severity": alert.severity,
            "status_before": alert.status,
        }));
    // People write names into notes.
    let event = match note {
        Some(note) => event.detail(json!({"note": note})),
        None => event,
    };
    tx.record(event)?;
    Ok(())
}

fn check_length(note: Option<&str>) -> AppResult<()> {
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(AppError::invalid(
            "note",
            format!("Use at most {LONGEST_NOTE} characters."),
        ));
    }
    Ok(())
}

fn check_version(alert: &Alert, version: Option<i64>) -> AppResult<()> {
    if version.is_some_and(|seen| seen != alert.version) {
        return Err(changed());
    }
    Ok(())
}

fn changed() -> AppError {
    AppError::Conflict(
        "Somebody else has worked this alert since you opened it. Open it again to see what was \
         done."
            .to_owned(),
    )
}

fn resolved_already() -> AppError {
    AppError::Conflict("This alert is resolved already. Nothing was changed.".to_owned())
}
