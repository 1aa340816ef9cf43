//! The demonstration's past: some days of calls, payments, recalls and a stop, lived through by
//! the actions that users and workers have, on a clock that is set back. So the first look shows a
//! product at work: refused attempts with their alerts, windows that fill, money that came in.

use std::sync::Arc;
use std::thread;

use chrono::{Duration, Timelike};
use chrono_tz::Tz;
use futures_util::FutureExt;

use crate::actions::alerts;
use crate::actions::authorize::{Authorised, authorize};
use crate::actions::ctx::Ctx;
use crate::actions::due_calls::{self, Report};
use crate::actions::payments::{self, PaymentInput};
use crate::actions::placements::{self, RecallInput};
use crate::actions::stops::{self, StopInput};
use crate::domain::actor::Actor;
use crate::domain::id::{CreditorId, PlacementId};
use crate::domain::money::BasisPoints;
use crate::domain::payment::{PaymentMethod, PaymentSource};
use crate::domain::placement::RecallReason;
use crate::domain::stop::{Medium, Requester, StopScope};
use crate::domain::time::{FixedClock, Instant};
use crate::error::{AppError, AppResult};
use crate::outreach::dialer::{Dialer, SimulatedDialer};
use crate::store::alert_list::{self, Filter, Order};
use crate::store::calls::Call;
use crate::store::{Scope, placements as accounts};

/// How long before now the accounts were placed.
pub(super) const DAYS: i64 = 10;

/// Hours of a past day in UTC at which the scheduler looks for calls: from morning in California to
/// evening in New York.
const HOURS: [i64; 3] = [17, 20, 23];

/// Calls of one look. Few enough that the first start stays short.
const CALLS: i64 = 26;

/// More than ever wait.
const EVERY_CALL: i64 = 1_000;

/// What those who pay on a day pay of what they owe, in hundredths of a percent.
const SHARES: [i32; 3] = [10_000, 4_000, 2_500];

/// A creditor and who acts for it.
pub(super) struct Partner {
    pub creditor: CreditorId,
    pub admin: Actor,
}

/// The same services on a clock that stands at `at`.
pub(super) fn then(ctx: &Ctx, at: Instant) -> Ctx {
    Ctx {
        clock: Arc::new(FixedClock::at(at)),
        clock_watch: Arc::default(),
        ..ctx.clone()
    }
}

/// Noon in UTC on the day the accounts were placed.
pub(super) fn beginning(now: Instant) -> Instant {
    hour_of(now.minus(Duration::days(DAYS)), 12)
}

fn hour_of(day: Instant, hour: i64) -> Instant {
    let seconds = i64::from(day.to_utc().num_seconds_from_midnight());
    day.minus(Duration::seconds(seconds))
        .plus(Duration::hours(hour))
}

/// Lives from the day after the placing until now.
pub(super) fn live(ctx: &Ctx, partners: &[Partner], supervisor: &Actor) -> AppResult<()> {
    let now = ctx.now();
    let dialer = SimulatedDialer::default();
    for day in 1..=DAYS {
        let midnight = hour_of(beginning(now).plus(Duration::days(day)), 0);
        let mut talked = Vec::new();
        for hour in HOURS {
            let at = midnight.plus(Duration::hours(hour));
            // On the last evening nothing is left over for the middle of somebody's night.
            let is_last = hour == HOURS[2] && at.plus(Duration::days(1)) >= now;
            let limit = if is_last { EVERY_CALL } else { CALLS };
            if at < now {
                talked.extend(call(&then(ctx, at), &dialer, limit)?);
            }
        }
        let evening = midnight.plus(Duration::minutes(23 * 60 + 40));
        if evening < now {
            follow_up(&then(ctx, evening), partners, &talked, day)?;
        }
    }
    work_alerts(&then(ctx, now.minus(Duration::minutes(50))), supervisor)
}

/// Places some of the calls that are due, and returns those in which somebody talked.
fn call(ctx: &Ctx, dialer: &SimulatedDialer, limit: i64) -> AppResult<Vec<Call>> {
    let mut talked = Vec::new();
    for call in due_calls::claim(ctx, limit)? {
        let hand_off = due_calls::hand_off(&call);
        let answer = authorize(ctx, &Actor::System("worker"), &hand_off)?;
        let Authorised::Permitted(permit) = answer else {
            continue;
        };
        let attempt = permit.attempt();
        let placed = dialer
            .place(permit)
            .now_or_never()
            .ok_or_else(|| AppError::internal("the simulated dialer answers at once"))?;
        due_calls::report(
            ctx,
            &Report {
                creditor: call.creditor_id,
                attempt,
                result: &placed.result,
                simulated: placed.simulated,
                outcome: placed.outcome,
                duration_seconds: placed.duration_seconds,
            },
        )?;
        if placed.outcome == Some("conversation") {
            talked.push(call);
        }
    }
    Ok(talked)
}

/// What the people of the day's conversations do: some pay, one asks for peace; and a creditor
/// recalls an account now and then.
fn follow_up(ctx: &Ctx, partners: &[Partner], talked: &[Call], day: i64) -> AppResult<()> {
    for partner in partners {
        let mut theirs = talked
            .iter()
            .filter(|call| call.creditor_id == partner.creditor);
        for (call, share) in theirs.by_ref().zip(SHARES) {
            pay(ctx, partner, call.placement_id, share)?;
        }
        if let Some(call) = theirs.next() {
            match day % 4 {
                0 => stop(ctx, call)?,
                2 => recall(ctx, partner, call.placement_id)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// A part of what is owed, in hundredths of a percent.
fn pay(ctx: &Ctx, partner: &Partner, placement: PlacementId, share: i32) -> AppResult<()> {
    let scope = Scope::Creditor(partner.creditor);
    let remaining = ctx.read(|conn| {
        let found = accounts::find(conn, scope, placement)?;
        Ok(found.map(|(placement, _)| placement.account().remaining()))
    })?;
    let Some((remaining, share)) = remaining.zip(BasisPoints::new(share)) else {
        return Ok(());
    };
    let zone = Tz::America__New_York;
    let input = PaymentInput {
        amount: remaining.share(share),
        paid_on: ctx.now().date_in(zone),
        method: PaymentMethod::Check,
        reference: None,
        note: None,
        source: PaymentSource::Dashboard,
        zone,
        version: None,
        is_another: true,
        form_key: None,
    };
    payments::record(ctx, &partner.admin, scope, placement, &input).map(drop)
}

fn recall(ctx: &Ctx, partner: &Partner, placement: PlacementId) -> AppResult<()> {
    let input = RecallInput {
        reason: Some(RecallReason::PaidDirectly),
        note: None,
        version: None,
    };
    let scope = Scope::Creditor(partner.creditor);
    placements::recall(ctx, &partner.admin, scope, placement, &input).map(drop)
}

/// A debtor who says on the telephone that the calls shall end.
fn stop(ctx: &Ctx, call: &Call) -> AppResult<()> {
    let input = StopInput {
        creditor: call.creditor_id,
        debtor: call.debtor_id,
        placement: Some(call.placement_id),
        scope: StopScope::Call,
        via: Medium::Voice,
        requester: Requester::Debtor,
        words: Some("Please stop calling me.".to_owned()),
        in_writing: false,
        verified: true,
        received_at: ctx.now(),
    };
    let actor = Actor::Debtor(call.debtor_id);
    // The action waits for what is starting, which needs a runtime; a caller may have one already,
    // and runtimes don't nest in one thread.
    thread::scope(|scope| {
        scope
            .spawn(|| {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .map_err(AppError::internal)?
                    .block_on(stops::stop(ctx, actor, input))
                    .map(drop)
            })
            .join()
            .unwrap_or_else(|_| Err(AppError::internal("a stop of the demonstration died")))
    })
}

/// A supervisor has begun with the oldest alerts.
fn work_alerts(ctx: &Ctx, supervisor: &Actor) -> AppResult<()> {
    const SEEN: usize = 12;
    const SETTLED: usize = 7;
    let open = Filter {
        status: Some("active".to_owned()),
        ..Filter::default()
    };
    let oldest = ctx.read(|conn| {
        let all = alert_list::page(conn, Scope::Agency, &open, Order::NewestFirst, 0, 1_000)?;
        Ok(all.into_iter().rev().take(SEEN).collect::<Vec<_>>())
    })?;
    for (n, listed) in oldest.iter().enumerate() {
        let id = listed.alert.id;
        alerts::acknowledge(ctx, supervisor, Scope::Agency, id, None, None)?;
        if n < SETTLED {
            let note = "The gate refused it in time; nothing reached the debtor.";
            alerts::resolve(ctx, supervisor, Scope::Agency, id, note, None)?;
        }
    }
    Ok(())
}
