//! Workers against stops: many of them, on PostgreSQL in two processes beside the one that takes
//! the stops.

use std::time::{Duration, Instant as Monotonic};

use diesel::prelude::*;
use forbear::actions::authorize::{
    Authorised, DEADLINE, HandOff, HandOffResult, Permit, authorize,
};
use forbear::actions::ctx::Ctx;
use forbear::actions::due_emails::{Draft, Prepared};
use forbear::actions::stops::{self, StopInput};
use forbear::actions::{due_calls, due_emails};
use forbear::db::Kind;
use forbear::db::schema::attempts;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DebtorId};
use forbear::domain::stop::{Medium, Requester, StopScope};

use futures_util::future::join_all;

use super::history::{Acknowledged, History};
use super::outside::{Ahead, Outside};
use super::world::{Workers, World, due};
use super::{Chance, setting};
use crate::support::TestApp;
use crate::support::chain;

/// Accounts of each debtor; each has a call and an email that are due.
const ACCOUNTS: usize = 4;

/// Debtors at a time.
const AT_ONCE: usize = 3;

#[actix_web::test]
async fn stops_win_against_every_worker_and_nothing_goes_out_twice() {
    let seconds = setting("FORBEAR_RACE_SECONDS", 8);
    let chance = Chance::new("race");
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let world = World::start(&chance, 8);
    let clock = Ahead::to(app.now());
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (mut threads, mut processes) = (None, Vec::new());
    match app.ctx.db.kind() {
        Kind::Sqlite => threads = Some(Workers::start(&app.ctx, &world.doors(), 8)),
        Kind::Postgres => processes.extend(folders.iter().map(|folder| {
            let target = app.ctx.db.target();
            Outside::start(target, folder.path(), &world.doors(), clock, 4)
        })),
    }
    let mut acknowledged = Vec::new();
    let (mut rounds, mut overtaken) = (0_usize, 0_usize);
    let until = Monotonic::now() + Duration::from_secs(seconds);
    while Monotonic::now() < until || rounds < 10 * AT_ONCE {
        let debtors: Vec<DebtorId> = (0..AT_ONCE)
            .map(|n| due(&app, creditor, &format!("race-{rounds}-{n}"), ACCOUNTS))
            .collect();
        let stops = debtors
            .iter()
            .map(|debtor| stop_amid_it_all(&app, creditor, *debtor, &chance));
        for (cancelled, stop) in join_all(stops).await {
            overtaken += usize::from(cancelled > 0);
            acknowledged.push(stop);
        }
        rounds += AT_ONCE;
    }
    // Whoever woke late has had the time to show it.
    tokio::time::sleep(Duration::from_millis(200)).await;
    if let Some(threads) = threads {
        threads.stop();
    }
    processes.into_iter().for_each(Outside::end);

    let history = History::of(&app, world.starts(), acknowledged);
    assert_eq!(history.breaches(), Vec::<String>::new());
    chain::assert_unbroken(&app.ctx.db);
    let reached = history.reached_before();
    eprintln!("{rounds} rounds, {reached} with a start before the stop, {overtaken} overtaken");
    // Where nothing starts, or all has started, before the stop, there is no race.
    assert!(reached * 2 >= rounds, "{reached} of {rounds} raced");
    assert!(overtaken * 4 >= rounds, "{overtaken} of {rounds} raced");
}

/// Stops a debtor while workers are at it: in most rounds as soon as the first attempt is there.
/// Returns how many calls and series it overtook.
async fn stop_amid_it_all(
    app: &TestApp,
    creditor: CreditorId,
    debtor: DebtorId,
    chance: &Chance,
) -> (usize, Acknowledged) {
    if chance.below(5) > 0 {
        let limit = Monotonic::now() + Duration::from_secs(10);
        while has_no_attempt(app, debtor) {
            assert!(Monotonic::now() < limit, "the workers do nothing");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    tokio::time::sleep(chance.millis(12)).await;
    let done = stop(app, creditor, debtor).await;
    let at = Monotonic::now();
    (done.calls_cancelled, Acknowledged { debtor, at })
}

async fn stop(app: &TestApp, creditor: CreditorId, debtor: DebtorId) -> stops::Recorded {
    let input = StopInput {
        creditor,
        debtor,
        placement: None,
        scope: StopScope::All,
        via: Medium::Portal,
        requester: Requester::Debtor,
        words: None,
        in_writing: true,
        verified: true,
        received_at: app.now(),
    };
    stops::stop(&app.ctx, Actor::Debtor(debtor), input)
        .await
        .unwrap()
}

fn has_no_attempt(app: &TestApp, debtor: DebtorId) -> bool {
    let known: i64 = app.rows(|conn| {
        attempts::table
            .filter(attempts::debtor_id.eq(debtor))
            .count()
            .get_result(conn)
    });
    known == 0
}

/// A sender is paused after it was permitted, and wakes when the stop that it should have gone out
/// before has been acknowledged. Takes as long as a lease.
#[actix_web::test]
async fn a_sender_that_wakes_after_its_lease_neither_dials_nor_sends() {
    let chance = Chance::new("lease");
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let world = World::start(&chance, 1);
    let debtor = due(&app, creditor, "asleep", 1);
    let (dialer, mailer) = (
        world.doors().dialer(&app.ctx),
        world.doors().mailer(&app.ctx),
    );
    let (call, (email, draft)) = (a_call(&app.ctx), an_email(&app.ctx));

    let began = Monotonic::now();
    stop(&app, creditor, debtor).await;
    assert!(
        began.elapsed() > DEADLINE,
        "acknowledged while a sender may still send"
    );
    let placed = dialer.place(call).await;
    let sent = mailer.send_permitted(email, &draft).await;
    for result in [placed.result, sent.result] {
        assert!(matches!(result, HandOffResult::Failed { .. }), "{result:?}");
    }
    assert_eq!(world.starts(), []);
}

/// Leave for the call that is due.
fn a_call(ctx: &Ctx) -> Permit {
    let call = due_calls::claim(ctx, 1).unwrap().remove(0);
    permitted(ctx, &due_calls::hand_off(&call))
}

/// Leave for the email that is due.
fn an_email(ctx: &Ctx) -> (Permit, Draft) {
    let series = due_emails::claim(ctx, 1).unwrap().remove(0);
    let Prepared::Ready(draft) = due_emails::prepare(ctx, &series).unwrap() else {
        panic!("there is something to send");
    };
    let hand_off = due_emails::hand_off(ctx, &series, &draft);
    (permitted(ctx, &hand_off), *draft)
}

fn permitted(ctx: &Ctx, hand_off: &HandOff) -> Permit {
    match authorize(ctx, &Actor::System("worker"), hand_off).unwrap() {
        Authorised::Permitted(permit) => permit,
        other => panic!("{other:?}"),
    }
}

/// A machine sleeps after its workers were permitted: for them no time has passed, for everybody
/// else the lease is over, and a stop may have been acknowledged by another machine.
#[actix_web::test]
async fn a_machine_that_was_asleep_neither_dials_nor_sends() {
    let chance = Chance::new("asleep");
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let world = World::start(&chance, 1);
    due(&app, creditor, "asleep", 1);
    let (dialer, mailer) = (
        world.doors().dialer(&app.ctx),
        world.doors().mailer(&app.ctx),
    );
    let (call, (email, draft)) = (a_call(&app.ctx), an_email(&app.ctx));
    assert!(call.time_left().is_some() && email.time_left().is_some());

    app.clock.leap(chrono::Duration::minutes(20));
    let placed = dialer.place(call).await;
    let sent = mailer.send_permitted(email, &draft).await;
    for result in [placed.result, sent.result] {
        assert!(matches!(result, HandOffResult::Failed { .. }), "{result:?}");
    }
    assert_eq!(world.starts(), []);
}
