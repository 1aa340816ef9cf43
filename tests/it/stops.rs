//! Stops against senders: after a stop is acknowledged, nothing starts.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant as Monotonic};

use diesel::prelude::*;
use forbear::actions::authorize::{Authorised, HandOff, HandOffResult, Origin, authorize};
use forbear::actions::ctx::Ctx;
use forbear::actions::due_calls::{self, Report};
use forbear::actions::stops::{self, StopInput};
use forbear::db::schema::{
    alerts, attempts, audit_events, calls, contacts, email_sequences, flags, outbox, stop_requests,
    tasks,
};
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DebtorId, EventId, PlacementId, SequenceId};
use forbear::domain::stop::{FlagKind, Medium, Requester, StopScope};
use forbear::gate::Attempt;
use forbear::gate::attempt::{Content, Initiator};
use forbear::gate::facts::Channel;
use forbear::outreach::dialer::{Dialer, SimulatedDialer};
use forbear::worker::{self, Stopping};

use crate::support::TestApp;

fn stop_input(
    app: &TestApp,
    creditor: CreditorId,
    debtor: DebtorId,
    scope: StopScope,
) -> StopInput {
    StopInput {
        creditor,
        debtor,
        placement: None,
        scope,
        via: Medium::Portal,
        requester: Requester::Debtor,
        words: Some("Please stop".to_owned()),
        in_writing: true,
        verified: true,
        received_at: app.now(),
    }
}

/// Everything of the debtor that could still reach them.
fn live_outreach(app: &TestApp, debtor: DebtorId) -> (i64, i64) {
    app.rows(|conn| {
        let calls = calls::table
            .filter(calls::debtor_id.eq(debtor))
            .filter(calls::status.eq_any(["planned", "claimed", "starting"]))
            .count()
            .get_result(conn)?;
        let emails = email_sequences::table
            .filter(email_sequences::debtor_id.eq(debtor))
            .filter(
                email_sequences::status
                    .eq_any(["scheduled", "active"])
                    .or(email_sequences::next_send_at.is_not_null()),
            )
            .count()
            .get_result(conn)?;
        Ok((calls, emails))
    })
}

#[actix_web::test]
async fn a_stop_of_everything_reaches_every_account_of_the_debtor_at_once() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let first = app.place(creditor, |row| {
        row.debtor.reference = Some("R-1".to_owned())
    });
    let second = app.place(creditor, |row| {
        row.debtor.reference = Some("R-1".to_owned())
    });
    let other = app.place(creditor, |_| {});
    let debtor = app.debtor_of(first);
    assert_eq!(app.debtor_of(second), debtor);
    assert_eq!(live_outreach(&app, debtor), (2, 2));

    let input = stop_input(&app, creditor, debtor, StopScope::All);
    let done = stops::stop(&app.ctx, Actor::Debtor(debtor), input)
        .await
        .unwrap();
    assert_eq!((done.calls_cancelled, done.sequences_stopped), (2, 2));
    assert_eq!(live_outreach(&app, debtor), (0, 0));
    // Another debtor of the same creditor is not touched.
    assert_eq!(live_outreach(&app, app.debtor_of(other)), (1, 1));

    let (statuses, kinds, effective): (Vec<String>, Vec<FlagKind>, Vec<bool>) = app.rows(|conn| {
        Ok((
            email_sequences::table
                .filter(email_sequences::debtor_id.eq(debtor))
                .select(email_sequences::status)
                .load(conn)?,
            flags::table
                .filter(flags::debtor_id.eq(debtor))
                .select(flags::kind)
                .load(conn)?,
            stop_requests::table
                .filter(stop_requests::debtor_id.eq(debtor))
                .select(stop_requests::effective_at.is_not_null())
                .load(conn)?,
        ))
    });
    assert!(
        statuses.iter().all(|status| status == "paused_opt_out"),
        "{statuses:?}"
    );
    for kind in [FlagKind::Cease, FlagKind::CallOptOut, FlagKind::EmailOptOut] {
        assert!(kinds.contains(&kind), "{kind:?} in {kinds:?}");
    }
    assert_eq!(effective, [true]);
}

#[actix_web::test]
async fn the_flags_follow_from_the_request_in_the_trail_and_the_creditor_is_told() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let input = stop_input(&app, creditor, debtor, StopScope::All);
    stops::stop(&app.ctx, Actor::Debtor(debtor), input)
        .await
        .unwrap();

    let events: Vec<(EventId, String, Option<EventId>)> = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::debtor_id.eq(debtor))
            .order(audit_events::seq.asc())
            .select((audit_events::id, audit_events::kind, audit_events::cause))
            .load(conn)
    });
    let request = events
        .iter()
        .find(|(_, kind, _)| kind == "debtor.stop_requested")
        .map(|(id, _, _)| *id)
        .unwrap();
    for kind in [
        "debtor.call_opt_out_set",
        "debtor.email_opt_out_set",
        "debtor.cease_set",
    ] {
        let (_, _, cause) = events.iter().find(|(_, known, _)| known == kind).unwrap();
        assert_eq!(*cause, Some(request), "{kind}");
    }
    let (messages, open): (Vec<String>, i64) = app.rows(|conn| {
        Ok((
            outbox::table.select(outbox::event_type).load(conn)?,
            tasks::table
                .filter(tasks::kind.eq("stop_review"))
                .count()
                .get_result(conn)?,
        ))
    });
    assert!(
        messages.contains(&"debtor.call_opt_out_set".to_owned()),
        "{messages:?}"
    );
    assert!(
        messages.contains(&"debtor.email_opt_out_set".to_owned()),
        "{messages:?}"
    );
    assert_eq!(open, 1);
}

#[actix_web::test]
async fn each_scope_stops_what_it_names_and_no_opt_out_is_ever_downgraded() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let status = || -> String {
        app.rows(|conn| {
            email_sequences::table
                .filter(email_sequences::debtor_id.eq(debtor))
                .select(email_sequences::status)
                .first(conn)
        })
    };
    for (scope, expected, calls_left) in [
        (StopScope::Email, "paused_opt_out", 1),
        (StopScope::Call, "paused_opt_out", 0),
        (StopScope::All, "paused_opt_out", 0),
    ] {
        let input = stop_input(&app, creditor, debtor, scope);
        stops::stop(&app.ctx, Actor::Debtor(debtor), input)
            .await
            .unwrap();
        assert_eq!(status(), expected, "{scope:?}");
        assert_eq!(live_outreach(&app, debtor).0, calls_left, "{scope:?}");
    }
    // Asked three times, set once each.
    let set: i64 = app.rows(|conn| {
        flags::table
            .filter(flags::debtor_id.eq(debtor))
            .count()
            .get_result(conn)
    });
    assert_eq!(set, 3);
}

#[actix_web::test]
async fn another_creditors_debtor_cannot_be_stopped_through_ones_own() {
    let app = TestApp::start().await;
    let mine = app.creditor("Cedar Harbor");
    let theirs = app.creditor("Granite Ridge");
    let debtor = app.debtor_of(app.place(theirs, |_| {}));
    let input = stop_input(&app, mine, debtor, StopScope::All);
    assert!(
        stops::stop(&app.ctx, Actor::Anonymous, input)
            .await
            .is_err()
    );
    assert_eq!(live_outreach(&app, debtor), (1, 1));
}

/// Moves every planned call to now.
fn make_calls_due(app: &TestApp) {
    app.ctx
        .db
        .write(|conn| {
            diesel::update(calls::table.filter(calls::status.eq("planned")))
                .set(calls::scheduled_at.eq(app.now()))
                .execute(conn)
                .map_err(forbear::db::DbError::from)
        })
        .unwrap();
}

#[actix_web::test]
async fn the_worker_places_a_due_call_once_and_counts_it() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    make_calls_due(&app);
    let simulated = Arc::new(SimulatedDialer::default());
    let dialer: Arc<dyn Dialer> = simulated.clone();
    assert_eq!(
        worker::calls::run(&app.ctx, &dialer, &Stopping::never())
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        worker::calls::run(&app.ctx, &dialer, &Stopping::never())
            .await
            .unwrap(),
        0
    );
    assert_eq!(simulated.placed().len(), 1);
    let (status, outcome): (String, String) = app.rows(|conn| {
        Ok((
            calls::table
                .filter(calls::placement_id.eq(placement))
                .select(calls::status)
                .first(conn)?,
            contacts::table
                .filter(contacts::placement_id.eq(placement))
                .select(contacts::outcome)
                .first(conn)?,
        ))
    });
    assert_eq!(
        (status.as_str(), outcome.as_str()),
        ("completed", "no-answer")
    );
}

#[actix_web::test]
async fn a_refused_call_leaves_a_decision_and_an_alert_but_neither_contact_nor_dial() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    // Two in the morning in New York.
    app.clock.advance(chrono::Duration::hours(14));
    make_calls_due(&app);
    let simulated = Arc::new(SimulatedDialer::default());
    let dialer: Arc<dyn Dialer> = simulated.clone();
    assert_eq!(
        worker::calls::run(&app.ctx, &dialer, &Stopping::never())
            .await
            .unwrap(),
        0
    );
    assert!(simulated.placed().is_empty());
    let (contacted, rules, scheduled): (i64, Vec<String>, forbear::domain::time::Instant) = app
        .rows(|conn| {
            Ok((
                contacts::table.count().get_result(conn)?,
                alerts::table
                    .filter(alerts::placement_id.eq(placement))
                    .select(alerts::rule)
                    .load(conn)?,
                calls::table
                    .filter(calls::placement_id.eq(placement))
                    .filter(calls::status.eq("planned"))
                    .select(calls::scheduled_at)
                    .first(conn)?,
            ))
        });
    assert_eq!(contacted, 0);
    assert_eq!(rules, ["call-hours"]);
    // 08:00 in New York.
    assert_eq!(scheduled.to_rfc3339(), "2026-05-14T12:00:00Z");
}

/// An email that any rule would let through, as the mailer's worker would ask for it.
/// The first email of the account's series, about to be handed over.
pub fn email(
    creditor: CreditorId,
    debtor: DebtorId,
    placement: PlacementId,
    app: &TestApp,
) -> HandOff {
    let (sequence, address): (SequenceId, String) = app.rows(|conn| {
        Ok((
            email_sequences::table
                .filter(email_sequences::placement_id.eq(placement))
                .select(email_sequences::id)
                .first(conn)?,
            forbear::db::schema::emails::table
                .filter(forbear::db::schema::emails::debtor_id.eq(debtor))
                .select(forbear::db::schema::emails::address)
                .first(conn)?,
        ))
    });
    let mut attempt = Attempt::new(app.now(), Channel::Email, placement.to_string());
    attempt.email = Some(address);
    attempt.initiator = Initiator::Automated;
    attempt.content = Some(Box::new(Content {
        optout_notice: Some(true),
        debt_collector_disclosure: Some(true),
        ..Content::default()
    }));
    HandOff {
        creditor,
        debtor,
        placement,
        attempt,
        origin: Origin::Sequence(sequence, 0),
    }
}

pub fn report_started(ctx: &Ctx, creditor: CreditorId, attempt: forbear::domain::id::AttemptId) {
    due_calls::report(
        ctx,
        &Report {
            creditor,
            attempt,
            result: &HandOffResult::Started {
                provider_ref: "sent".to_owned(),
            },
            simulated: true,
            outcome: Some("sent"),
            duration_seconds: None,
        },
    )
    .unwrap();
}

/// What the recorder saw in one round, in the order of a clock that all threads share.
#[derive(Default)]
struct Seen {
    starts: Mutex<Vec<Monotonic>>,
    acknowledged: Mutex<Option<Monotonic>>,
}

/// Many senders against one stop, again and again. Without the fence or without
/// the drain, a start after the acknowledgement shows within a few rounds.
#[actix_web::test]
async fn nothing_starts_after_a_stop_is_acknowledged_however_they_race() {
    const ROUNDS: usize = 25;
    const SENDERS: usize = 6;
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let rounds_with_a_start = AtomicUsize::new(0);
    for round in 0..ROUNDS {
        let placements: Vec<PlacementId> = (0..SENDERS)
            .map(|_| {
                app.place(creditor, |row| {
                    row.debtor.reference = Some(format!("race-{round}"))
                })
            })
            .collect();
        let debtor = app.debtor_of(placements[0]);
        let hand_offs: Vec<HandOff> = placements
            .iter()
            .map(|placement| email(creditor, debtor, *placement, &app))
            .collect();
        let seen = Seen::default();
        let gate = Barrier::new(SENDERS + 1);
        let input = stop_input(&app, creditor, debtor, StopScope::All);
        let ctx = &app.ctx;
        std::thread::scope(|scope| {
            for (n, hand_off) in hand_offs.iter().enumerate() {
                let (seen, gate) = (&seen, &gate);
                scope.spawn(move || {
                    gate.wait();
                    std::thread::sleep(Duration::from_micros((n as u64 * 700) % 2_900));
                    let answer = authorize(ctx, &Actor::System("worker"), hand_off).unwrap();
                    let Authorised::Permitted(permit) = answer else {
                        return;
                    };
                    // The provider is slow to take it.
                    std::thread::sleep(Duration::from_millis(n as u64 * 3));
                    if permit.time_left().is_some() {
                        seen.starts.lock().unwrap().push(Monotonic::now());
                    }
                    report_started(ctx, creditor, permit.attempt());
                });
            }
            let (seen, gate) = (&seen, &gate);
            scope.spawn(move || {
                gate.wait();
                std::thread::sleep(Duration::from_micros((round as u64 * 311) % 3_000));
                let recorded = stops::record(ctx, &Actor::Debtor(debtor), &input).unwrap();
                actix_web::rt::System::new()
                    .block_on(stops::drain(ctx, &recorded))
                    .unwrap();
                *seen.acknowledged.lock().unwrap() = Some(Monotonic::now());
            });
        });
        let acknowledged = seen.acknowledged.lock().unwrap().unwrap();
        let starts = seen.starts.lock().unwrap();
        rounds_with_a_start.fetch_add(usize::from(!starts.is_empty()), Ordering::Relaxed);
        let late = starts.iter().filter(|start| **start > acknowledged).count();
        assert_eq!(late, 0, "round {round}: {late} of {} starts", starts.len());
        assert_epochs_hold(&app, debtor);
    }
    let with_a_start = rounds_with_a_start.load(Ordering::Relaxed);
    assert!(with_a_start > 0, "no round raced at all");
}

/// Every attempt was authorised in an epoch before the first stop's.
fn assert_epochs_hold(app: &TestApp, debtor: DebtorId) {
    let (first_stop, latest_attempt): (Option<i64>, Option<i64>) = app.rows(|conn| {
        Ok((
            stop_requests::table
                .filter(stop_requests::debtor_id.eq(debtor))
                .select(diesel::dsl::min(stop_requests::contact_epoch))
                .first(conn)?,
            attempts::table
                .filter(attempts::debtor_id.eq(debtor))
                .select(diesel::dsl::max(attempts::contact_epoch))
                .first(conn)?,
        ))
    });
    if let (Some(stop), Some(attempt)) = (first_stop, latest_attempt) {
        assert!(
            attempt < stop,
            "an attempt of epoch {attempt} after a stop of epoch {stop}"
        );
    }
}

#[actix_web::test]
async fn a_step_of_a_series_is_handed_over_once() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let hand_off = email(creditor, debtor, placement, &app);
    let worker = Actor::System("worker");
    let first = authorize(&app.ctx, &worker, &hand_off).unwrap();
    assert!(matches!(first, Authorised::Permitted(_)), "{first:?}");
    let second = authorize(&app.ctx, &worker, &hand_off).unwrap();
    assert!(matches!(second, Authorised::Gone), "{second:?}");
}

#[actix_web::test]
async fn a_stop_waits_for_a_contact_that_is_starting() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let hand_off = email(creditor, debtor, placement, &app);
    let Authorised::Permitted(permit) =
        authorize(&app.ctx, &Actor::System("worker"), &hand_off).unwrap()
    else {
        panic!("the email is lawful");
    };
    let reported = AtomicBool::new(false);
    let stop = async {
        let input = stop_input(&app, creditor, debtor, StopScope::All);
        stops::stop(&app.ctx, Actor::Debtor(debtor), input)
            .await
            .unwrap();
        assert!(
            reported.load(Ordering::SeqCst),
            "acknowledged while a contact was starting"
        );
    };
    let sender = async {
        actix_web::rt::time::sleep(Duration::from_millis(300)).await;
        reported.store(true, Ordering::SeqCst);
        report_started(&app.ctx, creditor, permit.attempt());
    };
    futures_util::future::join(stop, sender).await;
}

#[actix_web::test]
async fn a_sender_that_died_is_waited_for_no_longer_than_its_lease_and_never_repeated() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let hand_off = email(creditor, debtor, placement, &app);
    let worker = Actor::System("worker");
    assert!(matches!(
        authorize(&app.ctx, &worker, &hand_off).unwrap(),
        Authorised::Permitted(_)
    ));
    // Another process's clock may be behind: its lease is not over because ours says so.
    app.clock
        .advance(stops::LEASE + chrono::Duration::seconds(1));
    assert_eq!(due_calls::give_up_overdue(&app.ctx).unwrap(), 0);
    app.clock.advance(due_calls::CLOCKS_DIFFER);
    assert_eq!(due_calls::give_up_overdue(&app.ctx).unwrap(), 1);
    let input = stop_input(&app, creditor, debtor, StopScope::Call);
    stops::stop(&app.ctx, Actor::Debtor(debtor), input)
        .await
        .unwrap();
    let status: String = app.rows(|conn| attempts::table.select(attempts::status).first(conn));
    assert_eq!(status, "unknown");
    assert!(matches!(
        authorize(&app.ctx, &worker, &hand_off).unwrap(),
        Authorised::Gone | Authorised::Refused(_)
    ));
}

#[actix_web::test]
async fn a_stop_that_the_database_forgot_is_applied_again_from_the_journal() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let debtors: Vec<DebtorId> = (0..50)
        .map(|_| app.debtor_of(app.place(creditor, |_| {})))
        .collect();
    for debtor in &debtors {
        let entry = serde_json::json!({
            "request": forbear::domain::id::StopRequestId::generate(app.now()),
            "creditor": creditor, "debtor": debtor, "placement": null,
            "scope": "all", "via": "portal", "received_at": app.now(),
        });
        app.ctx
            .journal
            .append(&serde_json::from_value(entry).unwrap())
            .unwrap();
    }
    let outcome = stops::reconcile(&app.ctx).unwrap();
    assert_eq!((outcome.in_journal, outcome.reapplied), (50, 50));
    assert!(outcome.is_whole());
    for debtor in debtors {
        assert_eq!(live_outreach(&app, debtor), (0, 0));
    }
    assert_eq!(stops::reconcile(&app.ctx).unwrap().reapplied, 0);
}

#[actix_web::test]
async fn a_torn_line_at_the_end_of_the_journal_hides_nothing_that_was_acknowledged() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let debtor = app.debtor_of(app.place(creditor, |_| {}));
    let input = stop_input(&app, creditor, debtor, StopScope::All);
    stops::stop(&app.ctx, Actor::Debtor(debtor), input)
        .await
        .unwrap();
    let path = app.folder.path().join("stops.journal");
    let mut bytes = std::fs::read(&path).unwrap();
    let whole = bytes.clone();
    bytes.extend_from_slice(&whole[..whole.len() / 2]);
    std::fs::write(&path, &bytes).unwrap();

    let reopened =
        forbear::actions::journal::StopJournal::open(app.folder.path(), app.now()).unwrap();
    let contents = reopened.read().unwrap();
    assert_eq!(contents.entries.len(), 1);
    assert_eq!((contents.torn_lines, contents.damaged_lines.len()), (1, 0));
}

#[actix_web::test]
async fn nothing_is_dialled_until_every_stop_of_the_journal_is_in_the_database() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    app.place(creditor, |_| {});
    make_calls_due(&app);
    // A stop of a debtor that this database has never heard of, as after a restore of the wrong one.
    let stranger = serde_json::json!({
        "request": forbear::domain::id::StopRequestId::generate(app.now()),
        "creditor": creditor, "debtor": DebtorId::generate(app.now()), "placement": null,
        "scope": "all", "via": "portal", "received_at": app.now(),
    });
    app.ctx
        .journal
        .append(&serde_json::from_value(stranger).unwrap())
        .unwrap();
    app.ctx.journal.set_compared(false, false);
    let simulated = Arc::new(SimulatedDialer::default());
    let dialer: Arc<dyn Dialer> = simulated.clone();
    assert_eq!(
        worker::calls::run(&app.ctx, &dialer, &Stopping::never())
            .await
            .unwrap(),
        0
    );
    assert!(simulated.placed().is_empty());
}
