//! Taking a placement back: the exact effects, once, and what is true when it can't be done.

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::placements::{Recall, RecallInput, recall};
use forbear::db::schema::{audit_events, calls, email_sequences, outbox, payments, placements};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::PlacementId;
use forbear::store::Scope;

use crate::support::{Client, TestApp};

const CREDITOR: &str = "Harbor Supply";

struct Scene {
    app: TestApp,
    placement: PlacementId,
}

impl Scene {
    async fn set() -> Self {
        let app = TestApp::start().await;
        let creditor = app.creditor(CREDITOR);
        let placement = app.place(creditor, |row| {
            row.debtor.name = "Marisol Ortega".to_owned();
        });
        Self { app, placement }
    }

    async fn partner(&self) -> Client<'_> {
        self.app.sign_in(Role::CreditorMember, Some(CREDITOR)).await
    }

    fn path(&self, end: &str) -> String {
        format!("/placements/{}{end}", self.placement)
    }

    fn status(&self) -> (String, Option<String>, bool) {
        self.app.rows(|conn| {
            placements::table
                .filter(placements::id.eq(self.placement))
                .select((
                    placements::status,
                    placements::outcome_score,
                    placements::resolved_at.is_not_null(),
                ))
                .first(conn)
        })
    }

    fn events(&self, kind: &str) -> Vec<serde_json::Value> {
        let bodies: Vec<String> = self.app.rows(|conn| {
            audit_events::table
                .filter(audit_events::placement_id.eq(self.placement))
                .filter(audit_events::kind.eq(kind))
                .select(audit_events::body)
                .load(conn)
        });
        bodies
            .iter()
            .map(|body| serde_json::from_str(body).unwrap())
            .collect()
    }
}

#[actix_web::test]
async fn a_recall_ends_the_placement_with_exactly_the_effects_it_announced() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let page = partner.get(&scene.path("/recall")).await;
    assert_eq!(page.status, 200);
    page.assert_says("1 email sequence will pause");
    page.assert_says("1 scheduled call will be cancelled");
    page.assert_says("There is no fee for recalling");
    page.assert_says("You can undo this until 20 May 2026");
    let version = page.field("version");

    let done = partner
        .post(
            &scene.path("/recall"),
            &[
                ("reason", "sold_or_assigned"),
                ("note", "Sold to Ferro Capital"),
                ("version", &version),
            ],
        )
        .await;
    assert_eq!(done.status, 303, "{}", done.body);
    let after = partner.get(done.location()).await;
    after.assert_says("The placement is recalled: 1 email sequence paused, 1 call cancelled.");
    after.assert_says("Recalled on 13 May 2026");

    let (status, score, is_resolved) = scene.status();
    assert_eq!((status.as_str(), is_resolved), ("recalled", true));
    let score: serde_json::Value = serde_json::from_str(&score.unwrap()).unwrap();
    assert_eq!(score["outcome"], "recalled");
    let sequences: Vec<(String, Option<chrono::NaiveDateTime>)> = scene.app.rows(|conn| {
        email_sequences::table
            .select((email_sequences::status, email_sequences::next_send_at))
            .load(conn)
    });
    assert_eq!(sequences, [("paused".to_owned(), None)]);
    let planned: Vec<(String, Option<String>)> = scene.app.rows(|conn| {
        calls::table
            .select((calls::status, calls::status_cause))
            .load(conn)
    });
    assert_eq!(
        planned,
        [(
            "cancelled".to_owned(),
            Some("cancelled_by_recall".to_owned())
        )]
    );
    let events = scene.events("placement.recalled");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["sequences_paused"], 1);
    assert_eq!(events[0]["calls_cancelled"], 1);
    assert_eq!(events[0]["reason"], "sold_or_assigned");
    assert!(!events[0].to_string().contains("Ferro"));
    let messages: Vec<String> = scene.app.rows(|conn| {
        outbox::table
            .filter(outbox::subject.eq(scene.placement.to_string()))
            .order(outbox::event_type.asc())
            .select(outbox::event_type)
            .load(conn)
    });
    assert_eq!(messages, ["placement.recalled", "placement.status_changed"]);
    let fees: i64 = scene
        .app
        .rows(|conn| payments::table.count().get_result(conn));
    assert_eq!(fees, 0);
}

#[actix_web::test]
async fn a_second_press_and_a_second_person_find_it_done_and_change_nothing() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let version = partner.get(&scene.path("/recall")).await.field("version");
    let fields = [("reason", ""), ("note", ""), ("version", version.as_str())];
    assert_eq!(
        partner.post(&scene.path("/recall"), &fields).await.status,
        303
    );
    partner.get(&scene.path("")).await;
    let again = partner.post(&scene.path("/recall"), &fields).await;
    assert_eq!(again.status, 303);
    partner
        .get(again.location())
        .await
        .assert_says("The placement was recalled already on 13 May 2026. Nothing was done again.");
    let mut colleague = scene.app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    assert_eq!(
        colleague.get(&scene.path("/recall")).await.location(),
        scene.path("")
    );
    assert_eq!(scene.events("placement.recalled").len(), 1);
}

#[actix_web::test]
async fn a_stale_page_is_told_what_is_true_now_and_nothing_is_recalled() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let recall_version = partner.get(&scene.path("/recall")).await.field("version");
    let paid = partner.get(&scene.path("/mark-as-paid")).await;
    let answer = partner
        .post(
            &scene.path("/mark-as-paid"),
            &[
                ("amount", "250.00"),
                ("quoted", "250.00"),
                ("received_on", "2026-05-13"),
                ("method", "wire"),
                ("version", &paid.field("version")),
                ("once_key", &paid.field("once_key")),
            ],
        )
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);

    let stale = partner
        .post(&scene.path("/recall"), &[("version", &recall_version)])
        .await;
    assert_eq!(stale.status, 409);
    stale.assert_says("The placement was not recalled");
    stale.assert_says("$250.00 received, fee $62.50.");
    stale.assert_says("Remaining $1,000.00");
    assert_eq!(scene.status().0, "in_outreach");
}

#[actix_web::test]
async fn a_placement_that_is_paid_has_nothing_to_recall() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let page = partner.get(&scene.path("/mark-as-paid")).await;
    let fields = [
        ("amount", "1250.00"),
        ("quoted", "1250.00"),
        ("received_on", "2026-05-13"),
        ("method", "wire"),
        ("version", &page.field("version")),
        ("once_key", &page.field("once_key")),
    ];
    assert_eq!(
        partner
            .post(&scene.path("/mark-as-paid"), &fields)
            .await
            .status,
        303
    );
    let answer = partner
        .post(&scene.path("/recall"), &[("version", "1")])
        .await;
    assert_eq!(answer.status, 409);
    answer.assert_says("Paid");
    assert_eq!(scene.status().0, "paid");
}

#[actix_web::test]
async fn what_the_debtor_stopped_stays_stopped_through_recall_and_its_undoing() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| {
        row.debtor.facts.cease = Some(Default::default())
    });
    let scene = Scene { app, placement };
    let before: Vec<String> = scene.app.rows(|conn| {
        email_sequences::table
            .select(email_sequences::status)
            .load(conn)
    });
    let mut partner = scene.partner().await;
    let page = partner.get(&scene.path("/recall")).await;
    page.assert_says("No email sequence is active.");
    page.assert_says("No call is scheduled.");
    let version = page.field("version");
    partner
        .post(&scene.path("/recall"), &[("version", &version)])
        .await;
    let undo = partner.get(&scene.path("/undo-recall")).await;
    undo.assert_says("Every stop of the debtor stays in force.");
    let undone = partner.post(&scene.path("/undo-recall"), &[]).await;
    assert_eq!(undone.status, 303);
    assert_eq!(scene.status(), ("ready".to_owned(), None, false));
    let after: Vec<String> = scene.app.rows(|conn| {
        email_sequences::table
            .select(email_sequences::status)
            .load(conn)
    });
    assert_eq!(before, after);
    assert!(after.iter().all(|status| status == "paused_opt_out"));
    partner
        .get(&scene.path(""))
        .await
        .assert_says("Contact stopped: cease-and-desist");
}

#[actix_web::test]
async fn a_recall_can_be_undone_for_seven_days_and_not_a_moment_longer() {
    for (days, seconds, status) in [(6, 86_399, "ready"), (7, 0, "recalled")] {
        let scene = Scene::set().await;
        let mut partner = scene.partner().await;
        let version = partner.get(&scene.path("/recall")).await.field("version");
        partner
            .post(&scene.path("/recall"), &[("version", &version)])
            .await;
        scene
            .app
            .clock
            .advance(Duration::days(days) + Duration::seconds(seconds));
        let mut later = scene.partner().await;
        assert_eq!(
            later.post(&scene.path("/undo-recall"), &[]).await.status,
            303
        );
        assert_eq!(scene.status().0, status, "{days} days");
        let running: i64 = scene.app.rows(|conn| {
            email_sequences::table
                .filter(email_sequences::status.eq("active"))
                .count()
                .get_result(conn)
        });
        assert_eq!(running, 0, "nothing runs until outreach is started again");
    }
}

#[actix_web::test]
async fn an_unknown_reason_and_too_long_a_note_are_refused_with_what_was_typed() {
    let scene = Scene::set().await;
    let mut partner = scene.partner().await;
    let unknown = partner
        .post(
            &scene.path("/recall"),
            &[
                ("reason", "boredom"),
                ("note", "kept <b>"),
                ("version", "1"),
            ],
        )
        .await;
    assert_eq!(unknown.status, 422);
    unknown.assert_says("Choose one of the reasons, or none.");
    unknown.assert_contains("kept &#60;b&#62;");
    let long = "x".repeat(2_001);
    let answer = partner
        .post(&scene.path("/recall"), &[("note", &long), ("version", "1")])
        .await;
    assert_eq!(answer.status, 422);
    answer.assert_says("Use at most 2000 characters.");
    assert_eq!(scene.status().0, "in_outreach");
}

#[actix_web::test]
async fn another_creditors_placement_is_not_found_and_an_agent_may_not_recall() {
    let scene = Scene::set().await;
    scene.app.creditor("Other Freight");
    let mut other = scene
        .app
        .sign_in(Role::CreditorAdmin, Some("Other Freight"))
        .await;
    for path in ["", "/recall", "/undo-recall", "/options"] {
        assert_eq!(other.get(&scene.path(path)).await.status, 404, "{path}");
    }
    assert_eq!(
        other
            .post(&scene.path("/recall"), &[("version", "1")])
            .await
            .status,
        404
    );
    let mut agent = scene.app.sign_in(Role::Agent, None).await;
    assert_eq!(
        agent
            .post(&scene.path("/recall"), &[("version", "1")])
            .await
            .status,
        403
    );
    assert_eq!(scene.status().0, "in_outreach");
}

#[actix_web::test]
async fn a_program_that_saw_no_page_recalls_without_a_version() {
    let scene = Scene::set().await;
    let input = RecallInput::default();
    let actor = Actor::System("cli");
    let first = recall(
        &scene.app.ctx,
        &actor,
        Scope::Agency,
        scene.placement,
        &input,
    );
    assert!(matches!(first, Ok(Recall::Done(_, effects)) if effects.calls_cancelled == 1));
    let second = recall(
        &scene.app.ctx,
        &actor,
        Scope::Agency,
        scene.placement,
        &input,
    );
    assert!(matches!(second, Ok(Recall::AlreadyDone(_))));
}
