//! A creditor pauses a placement until a day: what stops, what goes on, and what never does.

use std::sync::Arc;

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::stops::{self, StopInput};
use forbear::db::schema::{audit_events, calls, email_sequences, holds, outbox};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, PlacementId};
use forbear::domain::stop::{Medium, Requester, StopScope};
use forbear::domain::time::Instant;
use forbear::outreach::dialer::{Dialer, SimulatedDialer};
use forbear::worker::planner::Place;
use forbear::worker::{self, Stopping};
use serde_json::json;

use crate::support::TestApp;

struct Scene {
    app: TestApp,
    creditor: CreditorId,
    placement: PlacementId,
}

impl Scene {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let creditor = app.creditor("Cedar Harbor");
        let placement = app.place(creditor, |_| {});
        Self {
            app,
            creditor,
            placement,
        }
    }

    fn path(&self, end: &str) -> String {
        format!("/placements/{}/{end}", self.placement)
    }

    fn series(&self) -> (String, Option<String>, Option<Instant>) {
        self.app.rows(|conn| {
            email_sequences::table
                .select((
                    email_sequences::status,
                    email_sequences::pause_cause,
                    email_sequences::next_send_at,
                ))
                .first(conn)
        })
    }

    fn planned(&self) -> Option<Instant> {
        self.app.rows(|conn| {
            calls::table
                .filter(calls::status.eq("planned"))
                .select(calls::scheduled_at)
                .first(conn)
                .optional()
        })
    }

    fn until(&self) -> Vec<Option<Instant>> {
        self.app.rows(|conn| {
            holds::table
                .filter(holds::lifted_at.is_null())
                .select(holds::until_at)
                .load(conn)
        })
    }

    fn events(&self, kind: &str) -> i64 {
        self.app.rows(|conn| {
            audit_events::table
                .filter(audit_events::kind.eq(kind))
                .count()
                .get_result(conn)
        })
    }

    async fn plan(&self) -> usize {
        worker::planner::run(&self.app.ctx, &Place::default(), &Stopping::never())
            .await
            .unwrap()
    }

    async fn dial(&self) -> usize {
        let simulated = Arc::new(SimulatedDialer::default());
        let dialer: Arc<dyn Dialer> = simulated.clone();
        worker::calls::run(&self.app.ctx, &dialer, &Stopping::never())
            .await
            .unwrap();
        simulated.placed().len()
    }
}

#[actix_web::test]
async fn a_pause_tells_its_effects_and_ends_on_its_day_where_the_debtor_is() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let mut partner = app
        .sign_in(Role::CreditorMember, Some("Cedar Harbor"))
        .await;
    let page = partner.get(&scene.path("pause")).await;
    page.assert_says("1 email sequence will pause.");
    page.assert_says("1 scheduled call will be cancelled.");
    let version = page.field("version");
    let typed = [
        ("until_on", "2026-05-20"),
        ("reason", "They promised to pay"),
        ("version", version.as_str()),
    ];
    let answer = partner.post(&scene.path("pause"), &typed).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let midnight = Instant::parse_rfc3339("2026-05-20T04:00:00Z").unwrap();
    assert_eq!(scene.until(), [Some(midnight)], "midnight in New York");
    assert_eq!(scene.series().1.as_deref(), Some("pause"));
    assert_eq!(scene.planned(), None);
    let page = partner
        .get(&format!("/placements/{}", scene.placement))
        .await;
    page.assert_says("Paused until");
    page.assert_says("They promised to pay");
    page.assert_says("Resume");
    let told: i64 = app.rows(|conn| {
        outbox::table
            .filter(outbox::event_type.eq("placement.paused"))
            .count()
            .get_result(conn)
    });
    assert_eq!(told, 1);

    // The planner may plan for the day, and never before it.
    scene.plan().await;
    assert!(scene.planned().unwrap() >= midnight);
    app.clock.set(midnight.minus(Duration::minutes(1)));
    assert_eq!(scene.dial().await, 0);
    assert_eq!(scene.plan().await, 0);
    assert_eq!(scene.series().0, "paused");
    // On the day it ends by itself.
    app.clock.set(midnight);
    assert!(scene.plan().await >= 1);
    assert!(scene.until().is_empty());
    let (status, cause, next) = scene.series();
    assert_eq!((status.as_str(), cause), ("active", None));
    assert_eq!(next, Some(midnight));
    assert_eq!(scene.events("placement.resumed"), 1);
    assert_eq!(scene.plan().await, 0, "once");
    app.clock.set(midnight.plus(Duration::hours(10)));
    assert_eq!(scene.dial().await, 1, "calls go on");
}

#[actix_web::test]
async fn a_pause_ends_by_hand_and_a_second_one_changes_the_day() {
    let scene = Scene::start().await;
    let mut partner = scene
        .app
        .sign_in(Role::CreditorAdmin, Some("Cedar Harbor"))
        .await;
    let pause = async |partner: &mut crate::support::Client<'_>, day: &str| {
        let version = partner.get(&scene.path("pause")).await.field("version");
        let typed = [("until_on", day), ("version", version.as_str())];
        partner.post(&scene.path("pause"), &typed).await
    };
    assert_eq!(pause(&mut partner, "").await.status, 303);
    assert_eq!(scene.until(), [None], "until it is resumed");
    for _ in 0..2 {
        scene.app.clock.advance(Duration::days(40));
        assert_eq!(scene.plan().await, 0);
    }
    let mut partner = scene
        .app
        .sign_in(Role::CreditorMember, Some("Cedar Harbor"))
        .await;
    let page = partner.get(&scene.path("pause")).await;
    page.assert_says("It is paused until it is resumed already.");
    assert_eq!(pause(&mut partner, "2026-08-20").await.status, 303);
    assert_eq!(scene.until().len(), 1);
    assert!(scene.until()[0].is_some());
    let page = partner.get(&scene.path("resume")).await;
    page.assert_says("Resume outreach?");
    assert_eq!(partner.post(&scene.path("resume"), &[]).await.status, 303);
    assert!(scene.until().is_empty());
    assert_eq!(scene.series().0, "active");
    assert_eq!(scene.plan().await, 1, "the next call is planned");
    // Twice is told, and changes nothing.
    assert_eq!(partner.post(&scene.path("resume"), &[]).await.status, 303);
    assert_eq!(scene.events("placement.resumed"), 1);
}

#[actix_web::test]
async fn what_the_debtor_stopped_stays_stopped_when_the_pause_ends() {
    let scene = Scene::start().await;
    let app = &scene.app;
    let program = &mut app.program(scene.creditor);
    let paused = program
        .post_json(
            &format!("/v1/placements/{}/pause", scene.placement),
            &json!({"until_on": "2026-05-20"}),
        )
        .await;
    assert_eq!(paused.status, 200, "{}", paused.body);
    assert_eq!(paused.json()["sequences_paused"], 1);
    assert_eq!(paused.json()["outreach_state"], "paused");
    let debtor = app.debtor_of(scene.placement);
    let input = StopInput {
        creditor: scene.creditor,
        debtor,
        placement: None,
        scope: StopScope::Email,
        via: Medium::Portal,
        requester: Requester::Debtor,
        words: None,
        in_writing: true,
        verified: true,
        received_at: app.now(),
    };
    stops::stop(&app.ctx, Actor::Debtor(debtor), input)
        .await
        .unwrap();
    app.clock
        .set(Instant::parse_rfc3339("2026-05-20T18:00:00Z").unwrap());
    scene.plan().await;
    assert!(scene.until().is_empty());
    assert_eq!(scene.series().0, "paused_opt_out");
    let resumed = program
        .post_json(
            &format!("/v1/placements/{}/resume", scene.placement),
            &json!({}),
        )
        .await;
    assert_eq!(resumed.status, 409, "it is over: {}", resumed.body);
}

#[actix_web::test]
async fn wrong_days_and_stale_pages_are_told_with_what_was_typed() {
    let scene = Scene::start().await;
    let mut partner = scene
        .app
        .sign_in(Role::CreditorMember, Some("Cedar Harbor"))
        .await;
    for (day, says) in [
        ("2026-05-13", "Choose a day that is to come."),
        ("2025-01-01", "Choose a day that is to come."),
        ("2028-01-01", "Choose a day within a year"),
        ("tomorrow", "Enter a day as 2026-05-13."),
    ] {
        let version = partner.get(&scene.path("pause")).await.field("version");
        let typed = [
            ("until_on", day),
            ("reason", "kept <b>"),
            ("version", version.as_str()),
        ];
        let answer = partner.post(&scene.path("pause"), &typed).await;
        assert_eq!(answer.status, 422, "{day}");
        answer.assert_says(says);
        answer.assert_contains("kept &#60;b&#62;");
    }
    let stale = partner
        .post(&scene.path("pause"), &[("version", "99")])
        .await;
    assert_eq!(stale.status, 409);
    assert!(scene.until().is_empty());
    // A recalled placement has nothing to pause.
    let version = partner.get(&scene.path("recall")).await.field("version");
    partner
        .post(&scene.path("recall"), &[("version", version.as_str())])
        .await;
    assert_eq!(partner.get(&scene.path("pause")).await.status, 303);
    let ended = partner
        .post(&scene.path("pause"), &[("version", version.as_str())])
        .await;
    assert_eq!(ended.status, 409);
}
