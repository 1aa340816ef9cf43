//! "Allow contact again": only the debtor takes back what the debtor stopped.

use diesel::prelude::*;
use forbear::actions::placing::Cease;
use forbear::db::schema::{audit_events, email_sequences, flags, stop_requests, tasks};
use forbear::domain::access::Role;
use forbear::domain::id::{DebtorId, PlacementId};
use forbear::domain::stop::FlagKind;
use serde_json::{Value, json};

use super::visitor;
use crate::support::{Client, TestApp, chain};

async fn post(client: &mut Client<'_>, path: &str, scope: &str) -> String {
    let answer = client.post(path, &[("scope", scope)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().to_owned()
}

fn in_force(app: &TestApp, debtor: DebtorId) -> Vec<FlagKind> {
    app.rows(|conn| {
        flags::table
            .filter(flags::debtor_id.eq(debtor))
            .filter(flags::lifted_at.is_null())
            .order(flags::kind)
            .select(flags::kind)
            .load(conn)
    })
}

fn series(app: &TestApp, placement: PlacementId) -> (String, Option<String>, bool) {
    app.rows(|conn| {
        email_sequences::table
            .filter(email_sequences::placement_id.eq(placement))
            .select((
                email_sequences::status,
                email_sequences::pause_cause,
                email_sequences::next_send_at.is_null(),
            ))
            .first(conn)
    })
}

/// Whether a person may call or email now.
async fn allowed(app: &TestApp, placement: PlacementId, channel: &str) -> bool {
    let question = json!({"placement_id": placement, "channel": channel});
    let answer = app
        .staff_program()
        .post_json("/v1/gate/check", &question)
        .await
        .json();
    answer["allowed"] == Value::Bool(true)
}

#[actix_web::test]
async fn what_the_debtor_stopped_the_debtor_allows_again_and_may_stop_again() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;
    client
        .get("/p/stop")
        .await
        .assert_lacks(r#"href="/p/again""#);
    client
        .get("/p/again")
        .await
        .assert_contains("Nothing is stopped");
    post(&mut client, "/p/stop", "all").await;
    assert!(!allowed(&app, placement, "call").await);
    client
        .get("/p/stop")
        .await
        .assert_contains(r#"href="/p/again""#);

    // Nothing is chosen for the debtor, and a form without a choice changes nothing.
    let form = client.get("/p/again").await;
    form.assert_contains(r#"name="scope" value="all""#);
    form.assert_lacks("checked");
    let empty = client.post("/p/again", &[]).await;
    assert_eq!(empty.status, 422);
    empty.assert_contains("Choose what may start again");
    assert_eq!(in_force(&app, debtor).len(), 3);

    let receipt = post(&mut client, "/p/again", "all").await;
    let reference = receipt.strip_prefix("/p/again/").unwrap();
    for _ in 0..2 {
        let page = client.get(&receipt).await;
        page.assert_contains(reference);
        page.assert_contains("You allowed calls and emails again at 12:00 PM EDT on May 13, 2026");
        page.assert_contains("every account you have with Cedar Harbor");
    }
    assert_eq!(in_force(&app, debtor), []);
    assert!(allowed(&app, placement, "call").await);
    assert!(allowed(&app, placement, "email").await);
    client
        .get("/p/account")
        .await
        .assert_lacks("You asked us to stop");
    // Emails wait for a person.
    let waits = ("paused".to_owned(), Some("allowed_again".to_owned()), true);
    assert_eq!(series(&app, placement), waits);
    let (lifted, opened): (i64, i64) = app.rows(|conn| {
        Ok((
            audit_events::table
                .filter(audit_events::debtor_id.eq(debtor))
                .filter(audit_events::kind.eq("debtor.flag_lifted"))
                .count()
                .get_result(conn)?,
            tasks::table
                .filter(tasks::debtor_id.eq(debtor))
                .filter(tasks::kind.eq("allowed_again"))
                .count()
                .get_result(conn)?,
        ))
    });
    assert_eq!((lifted, opened), (3, 1));
    let told: i64 = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::debtor_id.eq(debtor))
            .filter(audit_events::kind.eq("task.opened"))
            .filter(audit_events::body.like("%allowed_again%"))
            .count()
            .get_result(conn)
    });
    assert_eq!(told, 1, "a task is in the trail as well");
    chain::assert_unbroken(&app.ctx.db);

    let mut desk = app.sign_in(Role::Compliance, None).await;
    desk.get(&format!("/placements/{placement}"))
        .await
        .assert_contains("The debtor allowed contact again");

    // A second press finds nothing to do.
    assert_eq!(post(&mut client, "/p/again", "all").await, "/p/again");
    // And whoever changes their mind again is obeyed again.
    post(&mut client, "/p/stop", "all").await;
    assert_eq!(in_force(&app, debtor).len(), 3);
    assert!(!allowed(&app, placement, "email").await);
    assert_eq!(series(&app, placement).0, "paused_opt_out");
    let requests: i64 = app.rows(|conn| {
        stop_requests::table
            .filter(stop_requests::debtor_id.eq(debtor))
            .count()
            .get_result(conn)
    });
    assert_eq!(requests, 2);
    // The receipt of before stays what it was.
    assert_eq!(client.get(&receipt).await.status, 200);
}

#[actix_web::test]
async fn a_part_may_be_allowed_and_the_rest_stays_stopped() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;
    post(&mut client, "/p/stop", "all").await;
    let receipt = post(&mut client, "/p/again", "email").await;
    client
        .get(&receipt)
        .await
        .assert_contains("You allowed emails again");
    assert_eq!(in_force(&app, debtor), [FlagKind::CallOptOut]);
    assert!(!allowed(&app, placement, "call").await);
    assert!(allowed(&app, placement, "email").await);
    // What is not stopped can't be allowed.
    assert_eq!(post(&mut client, "/p/again", "email").await, "/p/again");
    post(&mut client, "/p/again", "call").await;
    assert_eq!(in_force(&app, debtor), []);
}

#[actix_web::test]
async fn emails_go_on_when_a_person_lets_them_and_not_before_the_debtor_did() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let sequence = app.sequence_of(placement);
    let mut client = visitor(&app, placement).await;
    post(&mut client, "/p/stop", "email").await;
    let mut desk = app.sign_in(Role::Compliance, None).await;
    let resume = format!("/placements/{placement}/emails/{sequence}/resume");
    assert_eq!(desk.post(&resume, &[]).await.status, 409);
    assert_eq!(series(&app, placement).0, "paused_opt_out");
    post(&mut client, "/p/again", "email").await;
    desk.get(&format!("/placements/{placement}?tab=emails"))
        .await
        .assert_contains("The debtor allowed emails again");
    assert_eq!(desk.post(&resume, &[]).await.status, 303);
    assert_eq!(series(&app, placement).0, "active");
}

#[actix_web::test]
async fn a_visitor_allows_and_sees_nothing_of_anybody_else() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    // Asked by letter before the account came to us.
    let placement = app.place(creditor, |row| {
        row.debtor.reference = Some("one".to_owned());
        row.debtor.facts.cease = Some(Cease::default());
    });
    let other = app.place(creditor, |row| {
        row.debtor.reference = Some("two".to_owned());
        row.debtor.facts.cease = Some(Cease::default());
    });
    let mut client = visitor(&app, placement).await;
    let receipt = post(&mut client, "/p/again", "all").await;
    assert_eq!(in_force(&app, app.debtor_of(placement)), []);
    let untouched = in_force(&app, app.debtor_of(other));
    assert!(untouched.contains(&FlagKind::Cease), "{untouched:?}");
    let mut stranger = visitor(&app, other).await;
    assert_eq!(stranger.get(&receipt).await.status, 404);
    assert_eq!(client.get("/p/again/7K2M94QD").await.status, 404);
    // Without a link and a code nothing is allowed.
    let turned_away = app.anonymous().post("/p/again", &[("scope", "all")]).await;
    assert_ne!(turned_away.status, 200);
    assert_eq!(in_force(&app, app.debtor_of(other)), untouched);
}
