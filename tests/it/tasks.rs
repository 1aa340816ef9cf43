//! The desk's tasks: who sees them, takes them and finishes them.

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::stops::{self, StopInput};
use forbear::db::schema::{audit_events, tasks};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{PlacementId, TaskId};
use forbear::domain::stop::{Medium, Requester, StopScope};

use crate::support::{Answer, Client, TestApp};

/// A stop of everything, which opens a task due in a day.
async fn stopped(app: &TestApp, name: &str) -> (PlacementId, TaskId) {
    let creditor = app.creditor(&format!("Creditor of {name}"));
    let placement = app.place(creditor, |row| row.debtor.name = name.to_owned());
    let debtor = app.debtor_of(placement);
    let input = StopInput {
        creditor,
        debtor,
        placement: Some(placement),
        scope: StopScope::All,
        via: Medium::Phone,
        requester: Requester::Debtor,
        words: None,
        in_writing: false,
        verified: true,
        received_at: app.now(),
    };
    stops::stop(&app.ctx, Actor::Debtor(debtor), input)
        .await
        .unwrap();
    let task = app.rows(|conn| {
        tasks::table
            .filter(tasks::debtor_id.eq(debtor))
            .select(tasks::id)
            .first(conn)
    });
    (placement, task)
}

fn events_of(app: &TestApp, kind: &str) -> i64 {
    app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq(kind))
            .count()
            .get_result(conn)
    })
}

async fn answer(
    client: &mut Client<'_>,
    task: TaskId,
    act: &str,
    note: &str,
    version: i64,
) -> Answer {
    let version = version.to_string();
    client
        .post(
            &format!("/tasks/{task}/{act}"),
            &[("note", note), ("version", &version)],
        )
        .await
}

#[actix_web::test]
async fn a_task_is_taken_put_back_finished_with_a_note_and_opened_again() {
    let app = TestApp::start().await;
    let (placement, task) = stopped(&app, "Cora Ceased").await;
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let list = officer.get("/tasks").await;
    list.assert_says("Cora Ceased");
    list.assert_contains(&format!("/placements/{placement}?tab=timeline"));
    list.assert_says("Nobody");

    assert_eq!(answer(&mut officer, task, "take", "", 1).await.status, 303);
    officer
        .get("/tasks?hand=mine")
        .await
        .assert_says("Cora Ceased");
    officer
        .get("/tasks?hand=nobody")
        .await
        .assert_says("No task fits these filters.");
    // Taken already by somebody else.
    let mut supervisor = app.sign_in(Role::Supervisor, None).await;
    let late = answer(&mut supervisor, task, "take", "", 2).await;
    assert_eq!(late.status, 409);
    late.assert_contains("Somebody else has taken this task.");
    assert_eq!(
        answer(&mut officer, task, "put-back", "", 2).await.status,
        303
    );

    let without = answer(&mut supervisor, task, "finish", "  ", 3).await;
    assert_eq!(without.status, 422);
    without.assert_contains("Say what was done, for whoever looks at it later.");
    let done = answer(
        &mut supervisor,
        task,
        "finish",
        "Checked; nothing missed.",
        3,
    )
    .await;
    assert_eq!(done.status, 303, "{}", done.body);
    officer.get("/tasks").await.assert_lacks("Cora Ceased");
    let page = officer.get(&format!("/tasks/{task}")).await;
    page.assert_says("Finished by Supervisor");
    page.assert_says("Checked; nothing missed.");
    officer
        .get("/tasks?status=done")
        .await
        .assert_says("Cora Ceased");

    let again = answer(&mut officer, task, "reopen", "The letter was not read.", 4).await;
    assert_eq!(again.status, 303, "{}", again.body);
    officer
        .get("/tasks?hand=mine")
        .await
        .assert_says("Cora Ceased");
    for kind in ["task.taken", "task.put_back", "task.done", "task.reopened"] {
        assert_eq!(events_of(&app, kind), 1, "{kind}");
    }
    // What was done to it stands in the debtor's timeline.
    let timeline = officer
        .get(&format!("/placements/{placement}?tab=timeline"))
        .await;
    timeline.assert_says("A task of the compliance desk was done.");
}

#[actix_web::test]
async fn an_answer_to_a_page_that_is_out_of_date_changes_nothing() {
    let app = TestApp::start().await;
    let (_, task) = stopped(&app, "Cora Ceased").await;
    let mut one = app.sign_in(Role::Compliance, None).await;
    let mut other = app.sign_in(Role::Supervisor, None).await;
    assert_eq!(
        answer(&mut one, task, "finish", "Done.", 1).await.status,
        303
    );
    let late = answer(&mut other, task, "finish", "Done too.", 1).await;
    assert_eq!(late.status, 409);
    assert_eq!(events_of(&app, "task.done"), 1);
}

#[actix_web::test]
async fn a_request_that_found_no_debtor_is_a_task_with_its_own_words() {
    let app = TestApp::start().await;
    let fields = [
        ("phone", "(614) 555-0148"),
        ("words", "stop calling my mother"),
        ("scope", "all"),
    ];
    assert_eq!(app.anonymous().post("/stop", &fields).await.status, 303);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let list = officer.get("/tasks").await;
    list.assert_says("find out who asked");
    list.assert_says("No debtor found");
    let task: TaskId = app.rows(|conn| tasks::table.select(tasks::id).first(conn));
    let page = officer.get(&format!("/tasks/{task}")).await;
    page.assert_says("stop calling my mother");
    page.assert_says("(614) 555-0148");
    let done = answer(&mut officer, task, "finish", "Nobody of ours.", 1).await;
    assert_eq!(done.status, 303, "{}", done.body);
    // What came in is kept beside what was done.
    let page = officer.get(&format!("/tasks/{task}")).await;
    page.assert_says("stop calling my mother");
    page.assert_says("Nobody of ours.");
    assert_eq!(events_of(&app, "task.done"), 1);
}

#[actix_web::test]
async fn what_is_late_is_marked_and_found_and_comes_first() {
    let app = TestApp::start().await;
    stopped(&app, "Olga Old").await;
    app.clock.advance(Duration::hours(25));
    stopped(&app, "Nina New").await;
    let mut officer = app.sign_in(Role::Supervisor, None).await;
    let list = officer.get("/tasks").await;
    let (old, new) = (list.body.find("Olga Old"), list.body.find("Nina New"));
    assert!(old.unwrap() < new.unwrap());
    list.assert_says("overdue");
    list.assert_says("14 May 2026, 12:00 pm EDT");
    let late = officer.get("/tasks?due=overdue").await;
    late.assert_says("Olga Old");
    late.assert_lacks("Nina New");
}

#[actix_web::test]
async fn administrators_look_and_agents_and_creditors_do_not() {
    let app = TestApp::start().await;
    let (_, task) = stopped(&app, "Cora Ceased").await;
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    let page = administrator.get(&format!("/tasks/{task}")).await;
    page.assert_says("Tasks are worked by supervisors and compliance.");
    assert_eq!(
        answer(&mut administrator, task, "finish", "Done.", 1)
            .await
            .status,
        403
    );
    for (role, creditor) in [
        (Role::Agent, None),
        (Role::CreditorAdmin, Some("Creditor of Cora Ceased")),
    ] {
        let mut client = app.sign_in(role, creditor).await;
        assert_eq!(client.get("/tasks").await.status, 403, "{role:?}");
        assert_eq!(client.get(&format!("/tasks/{task}")).await.status, 403);
    }
}
