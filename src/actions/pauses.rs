//! A creditor pauses outreach for a placement, until a day or until it is resumed.
//!
//! A pause is a hold and no status. It stops calls and emails; disputes, payments and every stop of
//! the debtor go on as they are. What it paused goes on when it ends, and nothing else does.

use chrono::{Duration, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use serde_json::json;

use super::ctx::Ctx;
use super::placements::{self, LONGEST_NOTE, StopEffects, about, lock};
use super::policies;
use super::tx::Tx;
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{HoldId, PlacementId};
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::locality::zones_for;
use crate::store::holds::{self, Hold};
use crate::store::placements::Placement;
use crate::store::{Scope, calls, facts, sequences};

/// What was paused by it: it goes on when the pause ends.
pub const CAUSE: &str = "pause";

/// A pause that is to end by itself ends within this.
const LONGEST: Duration = Duration::days(366);

/// Pauses ended in one turn of the worker.
const AT_ONCE: i64 = 100;

/// What a pause was asked with.
#[derive(Debug, Clone, Default)]
pub struct PauseInput {
    /// The day on which outreach goes on, where the debtor is; none until it is resumed.
    pub until_on: Option<NaiveDate>,
    pub reason: Option<String>,
    /// The placement's version when the effects were shown; none for a caller to whom nothing was.
    pub version: Option<i64>,
}

/// What asking for a pause came to.
#[derive(Debug, Clone)]
pub enum Pause {
    Done(Placement, StopEffects),
    /// The placement has ended: there is nothing to pause.
    Ended(Placement),
    /// It has changed since the effects were shown; somebody has to look again.
    Changed(Placement),
}

/// What asking to resume came to.
#[derive(Debug, Clone)]
pub enum Resume {
    /// It goes on; so many series run again.
    Done(Placement, u64),
    /// It was not paused, or is not any more.
    NotPaused(Placement),
}

/// The creditor's pauses of a placement that are in force.
pub fn in_force(conn: &mut DbConn, placement: &Placement, now: Instant) -> AppResult<Vec<Hold>> {
    let of = [placement.id];
    let all = holds::in_force(conn, placement.creditor_id, &of, now)?;
    Ok(all.into_iter().filter(|hold| hold.kind == CAUSE).collect())
}

/// Pauses outreach; a pause that is in force gets the new day. Calls that nobody dialled are
/// cancelled and running series pause; what is on the line ends by itself.
pub fn pause(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: PlacementId,
    input: &PauseInput,
) -> AppResult<Pause> {
    ctx.write(actor, |tx| pause_within(ctx, tx, scope, id, input))
}

/// [`pause`] as a part of a transaction that does more.
pub fn pause_within(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    scope: Scope,
    id: PlacementId,
    input: &PauseInput,
) -> AppResult<Pause> {
    let reason = input.reason.as_deref().map(str::trim).unwrap_or_default();
    if reason.chars().count() > LONGEST_NOTE {
        return Err(AppError::invalid(
            "reason",
            format!("Use at most {LONGEST_NOTE} characters."),
        ));
    }
    let policy = policies::in_force(ctx, tx.conn)?;
    let (placement, _) = lock(tx, scope, id)?;
    if placement.status.is_closed() {
        return Ok(Pause::Ended(placement));
    }
    if input.version.is_some_and(|seen| seen != placement.version) {
        return Ok(Pause::Changed(placement));
    }
    let creditor = placement.creditor_id;
    let file =
        facts::load_one(tx.conn, creditor, placement.debtor_id)?.ok_or(AppError::NotFound)?;
    let zones: Vec<Tz> = zones_for(&policy, &file.debtor, tx.now)
        .into_iter()
        .map(|candidate| candidate.zone.tz())
        .collect();
    let until_at = input
        .until_on
        .map(|day| begin_of(day, &zones, tx.now))
        .transpose()?;
    let by = tx.actor.to_string();
    holds::lift_pauses(tx.conn, creditor, id, &by, tx.now)?;
    let hold = Hold {
        creditor_id: creditor,
        id: HoldId::generate(tx.now),
        placement_id: id,
        kind: CAUSE.to_owned(),
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
        until_at,
        set_by: by,
        set_at: tx.now,
        lifted_at: None,
        lifted_by: None,
    };
    holds::insert(tx.conn, &hold)?;
    let paused = sequences::pause_of_placement(tx.conn, creditor, id, CAUSE, tx.now)?;
    let cancelled = calls::cancel_of_placement(tx.conn, creditor, id, CAUSE, tx.now)?;
    let effects = StopEffects {
        sequences_paused: placements::as_count(paused),
        calls_cancelled: placements::as_count(cancelled),
    };
    tx.record(
        about(&placement, EventKind::PlacementPaused)
            .body(json!({
                "hold": hold.id,
                "until_on": input.until_on,
                "until_at": until_at,
                "sequences_paused": effects.sequences_paused,
                "calls_cancelled": effects.calls_cancelled,
            }))
            .detail(json!({"reason": hold.reason})),
    )?;
    tx.announce(
        creditor,
        EventKind::PlacementPaused,
        id.as_str(),
        json!({
            "placement_id": id,
            "until_on": input.until_on,
            "sequences_paused": effects.sequences_paused,
            "calls_cancelled": effects.calls_cancelled,
        }),
    )?;
    Ok(Pause::Done(placement, effects))
}

/// When a day begins for the debtor: in the last of the zones that may be theirs, and where none is
/// known in the last of the country.
fn begin_of(day: NaiveDate, zones: &[Tz], now: Instant) -> AppResult<Instant> {
    let bad = |message: &str| AppError::invalid("until_on", message);
    let nowhere = [Tz::Pacific__Pago_Pago];
    let zones = if zones.is_empty() { &nowhere } else { zones };
    let begins = |zone: &Tz| {
        // A clock that is put forward at midnight has no midnight that day: its first hour then.
        (0..3).find_map(|hour| {
            let time = NaiveTime::from_hms_opt(hour, 0, 0)?;
            let local = day.and_time(time).and_local_timezone(*zone).earliest()?;
            Some(Instant::new(local.to_utc()))
        })
    };
    let at = zones
        .iter()
        .filter_map(begins)
        .max()
        .ok_or_else(|| bad("Enter a day as 2026-05-13."))?;
    if at <= now {
        return Err(bad("Choose a day that is to come."));
    }
    if at > now.plus(LONGEST) {
        return Err(bad(
            "Choose a day within a year, or none to pause until you resume it.",
        ));
    }
    Ok(at)
}

/// Ends the pause of a placement. Series that it paused go on at once as far as the law allows; the
/// next call is found by the [planner](super::overlooked).
pub fn resume(ctx: &Ctx, actor: &Actor, scope: Scope, id: PlacementId) -> AppResult<Resume> {
    ctx.write(actor, |tx| resume_within(tx, scope, id))
}

/// [`resume`] as a part of a transaction that does more.
pub fn resume_within(tx: &mut Tx<'_>, scope: Scope, id: PlacementId) -> AppResult<Resume> {
    let (placement, _) = lock(tx, scope, id)?;
    let creditor = placement.creditor_id;
    let by = tx.actor.to_string();
    if holds::lift_pauses(tx.conn, creditor, id, &by, tx.now)? == 0 {
        return Ok(Resume::NotPaused(placement));
    }
    let mut resumed = 0;
    if !placement.status.is_closed() {
        for sequence in sequences::of_placement(tx.conn, creditor, id)? {
            resumed += sequences::resume(tx.conn, creditor, sequence.id, CAUSE, tx.now, tx.now)?;
        }
    }
    let resumed = placements::as_count(resumed);
    tx.record(
        about(&placement, EventKind::PlacementResumed).body(json!({"sequences_resumed": resumed})),
    )?;
    tx.announce(
        creditor,
        EventKind::PlacementResumed,
        id.as_str(),
        json!({"placement_id": id, "sequences_resumed": resumed}),
    )?;
    Ok(Resume::Done(placement, resumed))
}

/// Ends the pauses whose day has come. Returns how many there were.
pub fn end_due(ctx: &Ctx) -> AppResult<usize> {
    let over = ctx.read(|conn| Ok(holds::pauses_over(conn, ctx.now(), AT_ONCE)?))?;
    for (creditor, placement) in &over {
        resume(
            ctx,
            &Actor::System("worker"),
            Scope::Creditor(*creditor),
            *placement,
        )?;
    }
    Ok(over.len())
}
