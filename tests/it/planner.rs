//! What waited for something that has ended goes on by itself, at its first lawful moment.

use std::sync::Arc;

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::flags::{self as learned, FlagInput, Learned};
use forbear::actions::stops::{self, StopInput};
use forbear::db::schema::{
    alerts, audit_events, calls, decisions, email_sequences, flags, holds, placements,
};
use forbear::db::{DbConn, DbError};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, FlagId, HoldId, LetterId, PlacementId};
use forbear::domain::phone::PhoneNumber;
use forbear::domain::stop::{Medium, Requester, StopScope};
use forbear::domain::time::Instant;
use forbear::gate::attempt::Initiator;
use forbear::gate::next_contact::{self, Warnings};
use forbear::gate::{Attempt, Channel, Policy};
use forbear::outreach::dialer::{Dialer, SimulatedDialer};
use forbear::store::holds::Hold;
use forbear::store::letters::{self, Letter};
use forbear::store::{facts, overlooked};
use forbear::worker::planner::Place;
use forbear::worker::{self, Stopping};

use crate::support::TestApp;
use crate::support::builders::phone;

fn write(app: &TestApp, query: impl FnOnce(&mut DbConn) -> QueryResult<usize>) {
    app.ctx
        .db
        .write(|conn| query(conn).map_err(DbError::from))
        .unwrap();
}

async fn plan(app: &TestApp) -> usize {
    worker::planner::run(&app.ctx, &Place::default(), &Stopping::never())
        .await
        .unwrap()
}

/// The call that is planned, and its number.
fn planned(app: &TestApp, placement: PlacementId) -> Option<(Instant, PhoneNumber)> {
    app.rows(|conn| {
        calls::table
            .filter(calls::placement_id.eq(placement))
            .filter(calls::status.eq("planned"))
            .select((calls::scheduled_at, calls::number))
            .first(conn)
            .optional()
    })
}

fn series(app: &TestApp, placement: PlacementId) -> (String, Option<String>, Option<Instant>) {
    app.rows(|conn| {
        email_sequences::table
            .filter(email_sequences::placement_id.eq(placement))
            .select((
                email_sequences::status,
                email_sequences::pause_cause,
                email_sequences::next_send_at,
            ))
            .first(conn)
    })
}

/// Takes the first call away, as anything may that stops contact.
fn without_call(app: &TestApp, placement: PlacementId) {
    write(app, |conn| {
        diesel::update(calls::table.filter(calls::placement_id.eq(placement)))
            .set(calls::status.eq("cancelled"))
            .execute(conn)
    });
}

fn hold(
    app: &TestApp,
    creditor: CreditorId,
    placement: PlacementId,
    until: Option<Instant>,
) -> HoldId {
    let id = HoldId::generate(app.now());
    write(app, |conn| {
        forbear::store::holds::insert(
            conn,
            &Hold {
                creditor_id: creditor,
                id,
                placement_id: placement,
                kind: "pause".to_owned(),
                reason: None,
                until_at: until,
                set_by: "system:test".to_owned(),
                set_at: app.now(),
                lifted_at: None,
                lifted_by: None,
            },
        )
        .map(|()| 1)
    });
    id
}

#[actix_web::test]
async fn nothing_is_planned_where_nothing_is_missing() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let before = planned(&app, placement);
    assert!(before.is_some());
    assert_eq!(plan(&app).await, 0);
    assert_eq!(planned(&app, placement), before);
}

#[actix_web::test]
async fn a_call_is_planned_again_once_a_hold_has_ended() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    without_call(&app, placement);
    let id = hold(&app, creditor, placement, None);
    assert_eq!(plan(&app).await, 0, "not while it is held");
    write(&app, |conn| {
        diesel::update(holds::table.filter(holds::id.eq(id)))
            .set(holds::lifted_at.eq(app.now()))
            .execute(conn)
    });
    assert_eq!(plan(&app).await, 1);
    assert_eq!(
        planned(&app, placement).unwrap().0,
        app.now(),
        "two in the afternoon is lawful"
    );
    assert_eq!(plan(&app).await, 0, "once");
    let event: String = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("call.planned"))
            .order(audit_events::seq.desc())
            .select(audit_events::actor)
            .first(conn)
    });
    assert_eq!(event, "system:worker");
}

#[actix_web::test]
async fn what_a_person_took_away_stays_away_until_a_person_plans_again() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let call: forbear::domain::id::CallId =
        app.rows(|conn| calls::table.select(calls::id).first(conn));
    let path = format!("/placements/{placement}/calls/{call}/cancel");
    assert_eq!(agent.post(&path, &[]).await.status, 303);
    assert_eq!(planned(&app, placement), None);
    app.clock.advance(Duration::days(3));
    assert_eq!(plan(&app).await, 0);
    assert_eq!(planned(&app, placement), None);
}

#[actix_web::test]
async fn a_pause_that_runs_out_is_planned_for_its_end() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    without_call(&app, placement);
    let until = app.now().plus(Duration::days(3));
    hold(&app, creditor, placement, Some(until));
    assert_eq!(plan(&app).await, 1);
    assert!(planned(&app, placement).unwrap().0 >= until);
}

#[actix_web::test]
async fn never_is_never_planned() {
    for (what, kind) in [("cease", StopScope::All), ("calls", StopScope::Call)] {
        let app = TestApp::start().await;
        let creditor = app.creditor("Cedar Harbor");
        let placement = app.place(creditor, |_| {});
        let debtor = app.debtor_of(placement);
        let input = StopInput {
            creditor,
            debtor,
            placement: None,
            scope: kind,
            via: Medium::Portal,
            requester: Requester::Debtor,
            words: None,
            in_writing: false,
            verified: true,
            received_at: app.now(),
        };
        stops::stop(&app.ctx, Actor::Debtor(debtor), input)
            .await
            .unwrap();
        let before = series(&app, placement);
        for _ in 0..3 {
            app.clock.advance(Duration::days(30));
            assert_eq!(plan(&app).await, 0, "{what}");
        }
        assert_eq!(planned(&app, placement), None, "{what}");
        assert_eq!(series(&app, placement), before, "{what}");
    }
    // An account that is not in outreach, or whose debtor has no number left.
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let recalled = app.place(creditor, |_| {});
    without_call(&app, recalled);
    write(&app, |conn| {
        diesel::update(placements::table.filter(placements::id.eq(recalled)))
            .set(placements::status.eq("recalled"))
            .execute(conn)
    });
    app.place(creditor, |row| row.debtor.phones.clear());
    assert_eq!(plan(&app).await, 0);
}

#[actix_web::test]
async fn a_notice_that_was_sent_late_lets_calls_go_on() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    without_call(&app, placement);
    // Somebody was reached a week ago, and the notice that has to follow was not sent.
    app.clock.advance(Duration::days(20));
    let debtor = app.debtor_of(placement);
    write(&app, |conn| {
        diesel::sql_query(format!(
            "INSERT INTO contacts (creditor_id, id, debtor_id, placement_id, at, channel, direction, outcome, party, \
             initiator, logged_by, source, in_flight_at_recall, created_at) \
             VALUES ('{creditor}', '{}', '{debtor}', '{placement}', '2026-05-14 18:00:00', 'call', 'out', 'conversation', \
             'consumer', 'agent', 'system:test', 'desk', {}, '2026-05-14 18:00:00')",
            forbear::domain::id::ContactId::generate(app.now()),
            if matches!(conn, DbConn::Pg(_)) { "false" } else { "0" },
        ))
        .execute(conn)
    });
    assert_eq!(plan(&app).await, 0, "the gate says never");
    write(&app, |conn| {
        letters::insert(
            conn,
            &Letter {
                creditor_id: creditor,
                id: LetterId::generate(app.now()),
                placement_id: placement,
                debtor_id: debtor,
                letter_type: "validation_notice".to_owned(),
                sent_on: app.now().date_in(chrono_tz::America::New_York),
                method: "mail".to_owned(),
                assumed_receipt_on: None,
                period_ends_on: None,
                returned_on: None,
                created_by: "system:test".to_owned(),
                created_at: app.now(),
            },
        )
        .map(|()| 1)
    });
    assert_eq!(plan(&app).await, 1);
    assert!(planned(&app, placement).is_some());
}

#[actix_web::test]
async fn series_go_on_for_the_cause_that_was_lifted_and_for_no_other() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let learn = |what: Learned| FlagInput {
        creditor,
        debtor,
        learned: what,
        via: Medium::Phone,
        received_at: app.now(),
    };
    let attorney = Learned::Attorney {
        name: None,
        firm: None,
        phone: None,
    };
    learned::record(&app.ctx, Actor::System("cli"), learn(attorney))
        .await
        .unwrap();
    assert_eq!(series(&app, placement).1.as_deref(), Some("attorney"));
    assert_eq!(plan(&app).await, 0);
    let flag: FlagId = app.rows(|conn| flags::table.select(flags::id).first(conn));
    let mut desk = app.sign_in(Role::Compliance, None).await;
    let path = format!("/debtors/{debtor}/flags/{flag}/lift");
    let lifted = desk
        .post(
            &path,
            &[("reason", "The lawyer does not represent any more")],
        )
        .await;
    assert_eq!(lifted.status, 303);
    // The call and the emails both.
    assert_eq!(plan(&app).await, 2);
    assert!(planned(&app, placement).is_some());
    let (status, cause, next) = series(&app, placement);
    assert_eq!((status.as_str(), cause), ("active", None));
    assert_eq!(next, Some(app.now()));
    // What a person paused, what the debtor stopped and what a recall ended stays.
    for (status, cause) in [
        ("paused", "person"),
        ("paused", "call_stop"),
        ("paused", "unknown"),
        ("paused", "cancelled_by_recall"),
        ("paused_opt_out", "debtor_stop"),
        ("paused_opt_out", "attorney"),
    ] {
        write(&app, |conn| {
            diesel::update(email_sequences::table)
                .set((
                    email_sequences::status.eq(status),
                    email_sequences::pause_cause.eq(cause),
                    email_sequences::next_send_at.eq(None::<Instant>),
                ))
                .execute(conn)
        });
        assert_eq!(plan(&app).await, 0, "{status} {cause}");
        assert_eq!(series(&app, placement).0, status);
    }
}

/// At the time of planning, what is planned is the first lawful moment and nothing else.
#[actix_web::test]
async fn what_is_planned_is_the_earliest_lawful_moment_at_every_hour() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let policy = Policy::builtin();
    for (number, (state, zip)) in [("NY", "12207"), ("CA", "94103"), ("TX", "75201")]
        .into_iter()
        .enumerate()
    {
        let placement = app.place(creditor, |row| {
            row.debtor.reference = Some(format!("D-{number}"));
            row.invoice_number = format!("INV-{number}");
            row.debtor.state = Some(state.to_owned());
            row.debtor.zip = Some(zip.to_owned());
            row.debtor.phones = vec![phone(
                ["518-555-0101", "415-555-0101", "214-555-0101"][number],
            )];
        });
        for _ in 0..12 {
            without_call(&app, placement);
            app.clock.advance(Duration::minutes(7 * 60 + 13));
            plan(&app).await;
            let debtor = app.debtor_of(placement);
            let file = app
                .rows(|conn| facts::load_one(conn, creditor, debtor))
                .unwrap();
            let at = planned(&app, placement);
            let expected = file
                .debtor
                .phones
                .iter()
                .filter_map(|phone| {
                    let attempt = Attempt {
                        phone: Some(phone.number.clone()),
                        initiator: Initiator::Automated,
                        ..Attempt::new(app.now(), Channel::Call, placement.as_str())
                    };
                    next_contact::earliest(&policy, &file, &attempt, Warnings::Stand).at
                })
                .min();
            assert_eq!(at.map(|(at, _)| at), expected, "{state} at {}", app.now());
        }
    }
}

#[actix_web::test]
async fn a_round_goes_over_everything_in_pieces() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placements: Vec<PlacementId> = (0..30)
        .map(|number| {
            app.place(creditor, |row| {
                row.debtor.reference = Some(format!("D-{number}"));
                row.invoice_number = format!("INV-{number}");
            })
        })
        .collect();
    for placement in &placements {
        without_call(&app, *placement);
    }
    let place = Place::default();
    let mut planned_in_all = 0;
    for _ in 0..6 {
        planned_in_all += worker::planner::run(&app.ctx, &place, &Stopping::never())
            .await
            .unwrap();
    }
    assert_eq!(planned_in_all, 30);
    for placement in placements {
        assert!(planned(&app, placement).is_some());
    }
    // Pieces follow each other without a gap, whatever their length.
    let mut after = (Instant::from_micros(0), String::new());
    let mut seen = Vec::new();
    loop {
        let piece = app.rows(|conn| overlooked::accounts(conn, &after, 7));
        let Some(last) = piece.last() else { break };
        after = (last.placed_at, last.id.to_string());
        seen.extend(piece.iter().map(|account| account.id));
    }
    assert_eq!(seen.len(), 30);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 30);
}

#[actix_web::test]
async fn what_comes_due_at_night_moves_to_the_morning_without_an_alert() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    // The workers were down until two in the morning.
    app.clock
        .set(Instant::parse_rfc3339("2026-05-15T06:00:00Z").unwrap());
    let simulated = Arc::new(SimulatedDialer::default());
    let dialer: Arc<dyn Dialer> = simulated.clone();
    worker::calls::run(&app.ctx, &dialer, &Stopping::never())
        .await
        .unwrap();
    assert!(simulated.placed().is_empty());
    let (at, _) = planned(&app, placement).unwrap();
    assert_eq!(at.to_rfc3339(), "2026-05-15T12:00:00Z", "eight in New York");
    let (refusals, alerted): (i64, i64) = app.rows(|conn| {
        Ok((
            decisions::table.count().get_result(conn)?,
            alerts::table.count().get_result(conn)?,
        ))
    });
    assert_eq!((refusals, alerted), (0, 0), "nobody tried to reach anybody");
    let body: String = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("call.rescheduled"))
            .select(audit_events::body)
            .first(conn)
    });
    assert!(body.contains("\"late\""), "{body}");
}

#[actix_web::test]
async fn what_is_refused_at_its_time_is_a_refusal_with_its_alert() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let night = Instant::parse_rfc3339("2026-05-15T06:00:00Z").unwrap();
    app.clock.set(night);
    write(&app, |conn| {
        diesel::update(calls::table.filter(calls::placement_id.eq(placement)))
            .set(calls::scheduled_at.eq(night))
            .execute(conn)
    });
    let dialer: Arc<dyn Dialer> = Arc::new(SimulatedDialer::default());
    worker::calls::run(&app.ctx, &dialer, &Stopping::never())
        .await
        .unwrap();
    let (refusals, alerted): (i64, i64) = app.rows(|conn| {
        Ok((
            decisions::table.count().get_result(conn)?,
            alerts::table.count().get_result(conn)?,
        ))
    });
    assert_eq!((refusals, alerted), (1, 1));
}
