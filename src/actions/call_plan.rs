//! The schedule of calls: the next one after each, and what people change about it.
//!
//! A call is planned only at a moment at which it would be lawful as things stand. That moment may
//! have become unlawful when it comes; the gate is asked again then.

use chrono::Duration;
use serde_json::json;

use super::ctx::Ctx;
use super::decisions::{permits, word};
use super::policies;
use super::tx::{NewEvent, Tx};
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CallId, CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::placement::PlacementStatus;
use crate::domain::posture::Posture;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::attempt::{Dialing, Initiator};
use crate::gate::facts::{Direction, Facts, Outcome};
use crate::gate::next_contact::{self, Warnings};
use crate::gate::{Attempt, Channel, Decision, Policy, decide};
use crate::store::calls::{self, Call};
use crate::store::{Scope, debtor_lock, facts, placements};

/// How long to leave somebody alone after a call, before the law is asked. The figures are ours:
/// the law's own limits are in the gate and come on top.
const fn pause_after(posture: Posture, ended: Ended) -> Duration {
    let (preserve, escalate) = match ended {
        Ended::Talked => (Duration::days(14), Duration::days(8)),
        Ended::LeftMessage => (Duration::days(4), Duration::days(2)),
        Ended::SomebodyElse => (Duration::days(5), Duration::days(2)),
        Ended::Nobody => (Duration::days(3), Duration::days(1)),
        Ended::Busy => (Duration::days(1), Duration::hours(4)),
        // The number is out, so the next one is tried.
        Ended::DeadNumber => (Duration::days(1), Duration::days(1)),
        // It rang nowhere: the provider had a fault.
        Ended::NeverPlaced => (Duration::minutes(30), Duration::minutes(30)),
    };
    match posture {
        Posture::Preserve => preserve,
        Posture::Escalate => escalate,
    }
}

/// How a call ended, as far as it matters for the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Talked,
    LeftMessage,
    SomebodyElse,
    Nobody,
    Busy,
    DeadNumber,
    NeverPlaced,
}

impl Ended {
    /// From the gate's word. What is not known is taken for a call that nobody answered.
    fn from_word(outcome: Option<&str>) -> Self {
        match outcome {
            Some("conversation") => Self::Talked,
            Some("voicemail" | "voicemail-no-message") => Self::LeftMessage,
            Some("third-party-answered") => Self::SomebodyElse,
            Some("busy") => Self::Busy,
            Some("not-in-service") => Self::DeadNumber,
            Some("not-placed") => Self::NeverPlaced,
            Some(_) | None => Self::Nobody,
        }
    }
}

/// Plans the call after one that has ended, unless another is planned, the account is not in
/// outreach any more, or no lawful moment is in sight.
pub(super) fn plan_next(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    creditor: CreditorId,
    placement: PlacementId,
    outcome: Option<&str>,
) -> AppResult<()> {
    let Some((account, _)) = placements::find(tx.conn, Scope::Creditor(creditor), placement)?
    else {
        return Ok(());
    };
    if account.status != PlacementStatus::InOutreach
        || calls::count_undialled(tx.conn, creditor, placement)? > 0
    {
        return Ok(());
    }
    let Some(file) = facts::load_one(tx.conn, creditor, account.debtor_id)? else {
        return Ok(());
    };
    let from = tx
        .now
        .plus(pause_after(account.posture, Ended::from_word(outcome)));
    let policy = policies::in_force(ctx, tx.conn)?;
    let Some((number, at)) = next_call(&policy, &file, placement, from) else {
        return Ok(());
    };
    insert(tx, creditor, account.debtor_id, placement, number, at).map(drop)
}

/// Plans a call for an account in outreach that has none, for the first lawful moment. True if one
/// was planned; nothing is written where there is no such moment.
pub(super) fn plan_missing(
    ctx: &Ctx,
    creditor: CreditorId,
    debtor: DebtorId,
    placement: PlacementId,
) -> AppResult<bool> {
    let is_possible = ctx.read(|conn| {
        let policy = policies::in_force(ctx, conn)?;
        Ok::<_, AppError>(first_call(conn, &policy, creditor, placement, ctx.now())?.is_some())
    })?;
    if !is_possible {
        return Ok(false);
    }
    ctx.write(&Actor::System("worker"), |tx| {
        debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        // As things stand under the lock.
        if calls::count_undialled(tx.conn, creditor, placement)? > 0
            || calls::count_in_progress(tx.conn, creditor, placement)? > 0
        {
            return Ok(false);
        }
        let policy = policies::in_force(ctx, tx.conn)?;
        match first_call(tx.conn, &policy, creditor, placement, tx.now)? {
            Some((number, at)) => {
                insert(tx, creditor, debtor, placement, number, at)?;
                Ok(true)
            }
            None => Ok(false),
        }
    })
}

/// The next call of an account in outreach, no sooner after its last one than its posture wants.
fn first_call(
    conn: &mut DbConn,
    policy: &Policy,
    creditor: CreditorId,
    placement: PlacementId,
    now: Instant,
) -> AppResult<Option<(PhoneNumber, Instant)>> {
    let Some((account, _)) = placements::find(conn, Scope::Creditor(creditor), placement)? else {
        return Ok(None);
    };
    if account.status != PlacementStatus::InOutreach {
        return Ok(None);
    }
    let Some(file) = facts::load_one(conn, creditor, account.debtor_id)? else {
        return Ok(None);
    };
    let last = file
        .history
        .iter()
        .filter(|contact| contact.channel == Channel::Call && contact.direction == Direction::Out)
        .filter(|contact| contact.debt.as_deref() == Some(placement.as_str()))
        .max_by_key(|contact| contact.at);
    let from = match last {
        Some(last) => {
            let word = last.outcome.map(|outcome| word(&outcome)).transpose()?;
            let pause = pause_after(account.posture, Ended::from_word(word.as_deref()));
            last.at.plus(pause).max(now)
        }
        None => now,
    };
    Ok(next_call(policy, &file, placement, from))
}

/// What becomes of a call that nobody placed at its time.
pub(super) enum Late {
    /// It is lawful now, or never: the gate is asked, as for any other.
    Due,
    Moved,
}

/// A call whose time has passed is planned anew: nobody has tried to reach anybody, so nothing is
/// refused, and no alert is raised where the night came before the call.
pub(super) fn plan_anew(ctx: &Ctx, call: &Call) -> AppResult<Late> {
    let (creditor, debtor) = (call.creditor_id, call.debtor_id);
    ctx.write(&Actor::System("worker"), |tx| {
        debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        let policy = policies::in_force(ctx, tx.conn)?;
        let Some(file) = facts::load_one(tx.conn, creditor, debtor)? else {
            return Ok(Late::Due);
        };
        let attempt = automated_call(tx.now, call.placement_id, call.number);
        let next = next_contact::earliest(&policy, &file, &attempt, Warnings::Stand);
        let (Some(at), Some(rule)) = (next.at.filter(|at| *at > tx.now), next.binding) else {
            return Ok(Late::Due);
        };
        let cause = rule.as_str();
        if calls::refuse(tx.conn, creditor, call.id, Some(at), cause, tx.now)? == 0 {
            return Ok(Late::Due);
        }
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::CallRescheduled)
                .debtor(debtor)
                .placement(call.placement_id)
                .body(json!({
                    "call": call.id,
                    "from": call.scheduled_at,
                    "rule": cause,
                    "again_at": at,
                    "cause": "late",
                })),
        )?;
        Ok(Late::Moved)
    })
}

/// The number and the first moment from `from` on at which the scheduler may call, if there is
/// one. Of the numbers that are free first, the one that was called longest ago.
pub fn next_call(
    policy: &Policy,
    file: &Facts,
    placement: PlacementId,
    from: Instant,
) -> Option<(PhoneNumber, Instant)> {
    file.debtor
        .phones
        .iter()
        .filter(|phone| phone.belongs_to.is_none() && !is_dead(file, &phone.number))
        .filter_map(|phone| {
            let number: PhoneNumber = phone.number.parse().ok()?;
            let attempt = automated_call(from, placement, number);
            let at = next_contact::earliest(policy, file, &attempt, Warnings::Stand).at?;
            Some((at, last_called(file, &phone.number), number))
        })
        .min()
        .map(|(at, _, number)| (number, at))
}

/// A call of the scheduler's: nobody dials it, and a machine speaks, which is an artificial voice
/// in the sense of 47 U.S.C. 227(b)(1) and needs the person's consent on a mobile number.
pub(super) fn automated_call(at: Instant, placement: PlacementId, number: PhoneNumber) -> Attempt {
    Attempt {
        phone: Some(number.to_string()),
        initiator: Initiator::Automated,
        dialing: Dialing::Prerecorded,
        ..Attempt::new(at, Channel::Call, placement.as_str())
    }
}

/// Whether the last word on a number is that it is out of service.
fn is_dead(file: &Facts, number: &str) -> bool {
    file.history
        .iter()
        .filter(|contact| contact.phone.as_deref() == Some(number))
        .max_by_key(|contact| contact.at)
        .is_some_and(|contact| contact.outcome == Some(Outcome::NotInService))
}

fn last_called(file: &Facts, number: &str) -> Option<Instant> {
    file.history
        .iter()
        .filter(|contact| contact.phone.as_deref() == Some(number))
        .map(|contact| contact.at)
        .max()
}

fn insert(
    tx: &mut Tx<'_>,
    creditor: CreditorId,
    debtor: DebtorId,
    placement: PlacementId,
    number: PhoneNumber,
    at: Instant,
) -> AppResult<CallId> {
    let id = CallId::generate(tx.now);
    calls::insert(
        tx.conn,
        &Call {
            creditor_id: creditor,
            id,
            placement_id: placement,
            debtor_id: debtor,
            number,
            status: "planned".to_owned(),
            status_cause: None,
            scheduled_at: at,
            claimed_by: None,
            claimed_until: None,
            attempt_id: None,
            contact_id: None,
            simulated: false,
            provider_ref: None,
            outcome: None,
            duration_seconds: None,
            started_at: None,
            ended_at: None,
            created_at: tx.now,
            updated_at: tx.now,
            version: 1,
        },
    )?;
    tx.record(
        NewEvent::of_creditor(creditor, EventKind::CallPlanned)
            .debtor(debtor)
            .placement(placement)
            .body(json!({"call": id, "scheduled_at": at})),
    )?;
    Ok(id)
}

/// What came of planning or moving a call by hand.
#[derive(Debug)]
pub enum Planned {
    At(Instant),
    /// It would not be lawful then, as things stand. Nothing was changed.
    Unlawful(Box<Decision>),
}

/// What a person wants of the schedule.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub placement: PlacementId,
    pub number: PhoneNumber,
    pub at: Instant,
}

/// Why a call at the wished moment may not be planned: the gate's answer for a call by the
/// scheduler then. `Invalid` for a moment that has passed.
fn objection(
    policy: &Policy,
    file: &Facts,
    wish: Wish,
    now: Instant,
) -> AppResult<Option<Decision>> {
    if wish.at <= now {
        return Err(AppError::invalid("at", "Choose a moment that is to come."));
    }
    let decision = decide(
        policy,
        file,
        &automated_call(wish.at, wish.placement, wish.number),
    );
    Ok((!permits(&decision)).then_some(decision))
}

/// Plans a call at a moment a person chose. `Conflict` where one is planned already or the
/// account is not in outreach.
pub fn plan(ctx: &Ctx, actor: &Actor, scope: Scope, wish: Wish) -> AppResult<Planned> {
    ctx.write(actor, |tx| {
        let policy = policies::in_force(ctx, tx.conn)?;
        let (account, _) =
            placements::find(tx.conn, scope, wish.placement)?.ok_or(AppError::NotFound)?;
        let (creditor, debtor) = (account.creditor_id, account.debtor_id);
        debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        if account.status != PlacementStatus::InOutreach {
            return Err(AppError::Conflict(
                "Calls are planned only for a placement that is in outreach.".to_owned(),
            ));
        }
        if calls::count_undialled(tx.conn, creditor, wish.placement)? > 0 {
            return Err(AppError::Conflict(
                "A call is planned already; move that one.".to_owned(),
            ));
        }
        let file = facts::load_one(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        if let Some(decision) = objection(&policy, &file, wish, tx.now)? {
            return Ok(Planned::Unlawful(Box::new(decision)));
        }
        insert(tx, creditor, debtor, wish.placement, wish.number, wish.at)?;
        Ok(Planned::At(wish.at))
    })
}

/// Moves a planned call that nobody changed since `version`; `Conflict` if somebody did.
pub fn reschedule(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    placement: PlacementId,
    call: CallId,
    version: i64,
    at: Instant,
) -> AppResult<Planned> {
    ctx.write(actor, |tx| {
        let policy = policies::in_force(ctx, tx.conn)?;
        let call = of_placement(tx.conn, scope, placement, call)?;
        let (creditor, debtor) = (call.creditor_id, call.debtor_id);
        debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        let file = facts::load_one(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        let wish = Wish {
            placement,
            number: call.number,
            at,
        };
        if let Some(decision) = objection(&policy, &file, wish, tx.now)? {
            return Ok(Planned::Unlawful(Box::new(decision)));
        }
        if calls::reschedule(tx.conn, creditor, call.id, version, at, tx.now)? == 0 {
            return Err(gone());
        }
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::CallRescheduled)
                .debtor(debtor)
                .placement(placement)
                .body(json!({"call": call.id, "from": call.scheduled_at, "again_at": at})),
        )?;
        Ok(Planned::At(at))
    })
}

/// Cancels a planned call. Nothing happens to one that is gone already; `Conflict` for one that
/// has been dialled.
pub fn cancel(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    placement: PlacementId,
    call: CallId,
) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let call = of_placement(tx.conn, scope, placement, call)?;
        if call.status == "cancelled" {
            return Ok(());
        }
        if calls::cancel(tx.conn, call.creditor_id, call.id, "by_hand", tx.now)? == 0 {
            return Err(gone());
        }
        tx.record(
            NewEvent::of_creditor(call.creditor_id, EventKind::CallCancelled)
                .debtor(call.debtor_id)
                .placement(placement)
                .body(json!({"call": call.id, "cause": "by_hand"})),
        )?;
        Ok(())
    })
}

fn gone() -> AppError {
    AppError::Conflict("This call has been changed, dialled or cancelled meanwhile.".to_owned())
}

/// A call of a placement that `scope` may see.
pub fn find(ctx: &Ctx, scope: Scope, placement: PlacementId, call: CallId) -> AppResult<Call> {
    ctx.read(|conn| of_placement(conn, scope, placement, call))
}

fn of_placement(
    conn: &mut DbConn,
    scope: Scope,
    placement: PlacementId,
    call: CallId,
) -> AppResult<Call> {
    let (account, _) = placements::find(conn, scope, placement)?.ok_or(AppError::NotFound)?;
    calls::find(conn, account.creditor_id, call)?
        .filter(|call| call.placement_id == placement)
        .ok_or(AppError::NotFound)
}
