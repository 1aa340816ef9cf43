//! The schedule of calls: what follows a call, and what people change about it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::authorize::{HandOffResult, Permit};
use forbear::actions::stops::{self, StopInput};
use forbear::db::DbError;
use forbear::db::schema::{audit_events, calls};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CallId, CreditorId, LetterId, PlacementId};
use forbear::domain::phone::PhoneNumber;
use forbear::domain::posture::Posture;
use forbear::domain::stop::{Medium, Requester, StopScope};
use forbear::domain::time::Instant;
use forbear::outreach::dialer::{Dialer, Placed};
use forbear::store::letters::{self, Letter};
use forbear::worker::{self, Stopping};

use crate::support::TestApp;
use crate::support::builders::phone;

const CREDITOR: &str = "Alder Clinic";

/// A telephone that always ends the same way.
struct Ends(&'static str);

impl Dialer for Ends {
    fn place<'a>(&'a self, permit: Permit) -> Pin<Box<dyn Future<Output = Placed> + Send + 'a>> {
        Box::pin(async move {
            let placed = |result, outcome| Placed {
                result,
                simulated: true,
                outcome,
                duration_seconds: None,
            };
            match self.0 {
                "not placed" => placed(
                    HandOffResult::Failed {
                        error: "the provider is down".to_owned(),
                    },
                    None,
                ),
                outcome => placed(
                    HandOffResult::Started {
                        provider_ref: permit.attempt().to_string(),
                    },
                    Some(outcome),
                ),
            }
        })
    }
}

/// The planned call: its id, number, moment and version.
fn planned(app: &TestApp, placement: PlacementId) -> Option<(CallId, PhoneNumber, Instant, i64)> {
    app.rows(|conn| {
        calls::table
            .filter(calls::placement_id.eq(placement))
            .filter(calls::status.eq("planned"))
            .select((
                calls::id,
                calls::number,
                calls::scheduled_at,
                calls::version,
            ))
            .first(conn)
            .optional()
    })
}

/// Waits for the planned call and places it.
async fn call_now(app: &TestApp, placement: PlacementId, ends: &'static str) -> Instant {
    let (_, _, at, _) = planned(app, placement).unwrap();
    app.clock.set(at);
    let dialer: Arc<dyn Dialer> = Arc::new(Ends(ends));
    assert_eq!(
        worker::calls::run(&app.ctx, &dialer, &Stopping::never())
            .await
            .unwrap(),
        1
    );
    at
}

/// Without it the scheduler may not call again once somebody has been reached.
fn notice_was_sent(app: &TestApp, creditor: CreditorId, placement: PlacementId) {
    let sent = app.now().date_in(chrono_tz::America::New_York);
    app.ctx
        .db
        .write(|conn| {
            letters::insert(
                conn,
                &Letter {
                    creditor_id: creditor,
                    id: LetterId::generate(app.now()),
                    placement_id: placement,
                    debtor_id: app.debtor_of(placement),
                    letter_type: "validation_notice".to_owned(),
                    sent_on: sent,
                    method: "mail".to_owned(),
                    assumed_receipt_on: None,
                    period_ends_on: None,
                    returned_on: None,
                    created_by: "system:import".to_owned(),
                    created_at: app.now(),
                },
            )
            .map_err(DbError::from)
        })
        .unwrap();
}

#[actix_web::test]
async fn after_a_conversation_nothing_is_planned_while_the_notice_is_overdue() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |_| ());
    call_now(&app, placement, "conversation").await;
    assert_eq!(planned(&app, placement), None);
}

#[actix_web::test]
async fn the_next_call_keeps_the_pause_of_the_posture_and_of_how_the_last_one_ended() {
    for (posture, ends, pause) in [
        (Posture::Preserve, "no-answer", Duration::days(3)),
        (Posture::Escalate, "no-answer", Duration::days(1)),
        (Posture::Preserve, "conversation", Duration::days(14)),
        (Posture::Escalate, "conversation", Duration::days(8)),
        (Posture::Preserve, "voicemail-no-message", Duration::days(4)),
        (Posture::Preserve, "busy", Duration::days(1)),
        (Posture::Preserve, "not placed", Duration::minutes(30)),
    ] {
        let app = TestApp::start().await;
        let creditor = app.creditor(CREDITOR);
        let placement = app.place(creditor, |row| row.posture = posture);
        notice_was_sent(&app, creditor, placement);
        let called = call_now(&app, placement, ends).await;
        let (_, _, next, _) = planned(&app, placement).unwrap();
        // At noon the hours of the day don't stand in the way.
        assert_eq!(next, called.plus(pause), "{posture:?} {ends}");
    }
}

#[actix_web::test]
async fn a_call_is_planned_only_for_a_lawful_moment() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| row.posture = Posture::Escalate);
    // Busy at eight in the evening: four hours on is midnight, so it waits for eight in the morning.
    let (call, _, _, version) = planned(&app, placement).unwrap();
    let evening = Instant::parse_rfc3339("2026-05-14T00:00:00Z").unwrap();
    let mut agent = app.sign_in(Role::Agent, None).await;
    let moved = agent
        .post(
            &format!("/placements/{placement}/calls/{call}/move"),
            &[
                ("at", "2026-05-13T20:00"),
                ("version", &version.to_string()),
            ],
        )
        .await;
    assert_eq!(moved.status, 303, "{}", moved.body);
    assert_eq!(call_now(&app, placement, "busy").await, evening);
    let (_, _, next, _) = planned(&app, placement).unwrap();
    assert_eq!(next.to_rfc3339(), "2026-05-14T12:00:00Z");
}

#[actix_web::test]
async fn a_number_that_is_out_of_service_is_not_called_again() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| {
        row.debtor.phones = vec![phone("518-555-0101"), phone("518-555-0102")];
    });
    let (_, first, _, _) = planned(&app, placement).unwrap();
    call_now(&app, placement, "not-in-service").await;
    let (_, second, _, _) = planned(&app, placement).unwrap();
    assert_ne!(first, second);
    call_now(&app, placement, "not-in-service").await;
    assert_eq!(planned(&app, placement), None);
}

#[actix_web::test]
async fn nothing_is_planned_after_a_stop_that_came_during_the_call() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |_| ());
    let debtor = app.debtor_of(placement);
    call_now(&app, placement, "no-answer").await;
    assert!(planned(&app, placement).is_some());
    stops::stop(
        &app.ctx,
        Actor::Debtor(debtor),
        StopInput {
            creditor,
            debtor,
            placement: Some(placement),
            scope: StopScope::Call,
            via: Medium::Voice,
            requester: Requester::Debtor,
            words: None,
            in_writing: false,
            verified: true,
            received_at: app.now(),
        },
    )
    .await
    .unwrap();
    assert_eq!(planned(&app, placement), None);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent
        .get(&format!("/placements/{placement}/calls/new"))
        .await;
    assert_eq!(page.status, 200);
    let number = "+15185550101";
    let refused = agent
        .post(
            &format!("/placements/{placement}/calls"),
            &[("number", number), ("at", "2026-06-01T12:00")],
        )
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(planned(&app, placement), None);
}

#[actix_web::test]
async fn a_person_moves_a_call_to_a_lawful_moment_only() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |_| ());
    let (call, _, before, version) = planned(&app, placement).unwrap();
    let mut agent = app.sign_in(Role::Agent, None).await;
    let tab = agent
        .get(&format!("/placements/{placement}?tab=calls"))
        .await;
    let path = format!("/placements/{placement}/calls/{call}/move");
    tab.assert_contains(&path);
    agent.get(&path).await.assert_says("Move the call");
    let version = version.to_string();
    let send = |at: &'static str| [("at", at), ("version", version.as_str())];

    let night = agent.post(&path, &send("2026-05-15T22:30")).await;
    assert_eq!(night.status, 422);
    night.assert_says("Not lawful at that moment");
    assert_eq!(night.field("at"), "2026-05-16T08:00");
    let past = agent.post(&path, &send("2020-05-15T12:00")).await;
    assert_eq!(past.status, 422);
    past.assert_says("Choose a moment that is to come.");
    let nonsense = agent.post(&path, &send("soon")).await;
    assert_eq!(nonsense.status, 422);
    assert_eq!(nonsense.field("at"), "soon");
    assert_eq!(planned(&app, placement).unwrap().2, before);

    let moved = agent.post(&path, &send("2026-05-15T10:30")).await;
    assert_eq!(moved.status, 303);
    let (_, _, at, _) = planned(&app, placement).unwrap();
    assert_eq!(at.to_rfc3339(), "2026-05-15T14:30:00Z");
    // Somebody who still sees the page from before.
    let stale = agent.post(&path, &send("2026-05-15T11:30")).await;
    assert_eq!(stale.status, 409);
    assert_eq!(planned(&app, placement).unwrap().2, at);
}

#[actix_web::test]
async fn a_call_is_cancelled_once_and_another_can_be_planned() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| {
        row.debtor.phones = vec![phone("518-555-0101")];
    });
    let (call, _, _, _) = planned(&app, placement).unwrap();
    let mut agent = app.sign_in(Role::Agent, None).await;
    let path = format!("/placements/{placement}/calls/{call}/cancel");
    agent
        .get(&path)
        .await
        .assert_says("Remove this call from the schedule?");
    assert_eq!(agent.post(&path, &[]).await.status, 303);
    assert_eq!(agent.post(&path, &[]).await.status, 303);
    assert_eq!(planned(&app, placement), None);
    let cancelled: i64 = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::placement_id.eq(placement))
            .filter(audit_events::kind.eq("call.cancelled"))
            .count()
            .get_result(conn)
    });
    assert_eq!(cancelled, 1);

    let plan = format!("/placements/{placement}/calls");
    let wish = [("number", "+15185550101"), ("at", "2026-05-15T10:30")];
    let foreign = [("number", "+15185559999"), ("at", "2026-05-15T10:30")];
    assert_eq!(agent.post(&plan, &foreign).await.status, 422);
    assert_eq!(agent.post(&plan, &wish).await.status, 303);
    assert_eq!(agent.post(&plan, &wish).await.status, 409);
    assert!(planned(&app, placement).is_some());
}
