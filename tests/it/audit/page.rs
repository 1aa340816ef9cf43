//! `/audit/checkpoints`: what people see of the chains.

use chrono::Duration;
use forbear::actions::checkpoints;
use forbear::actions::verifications::{self, Walked};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::store::verifications as walks;

use super::{behind_its_back, chain_of_some_length, drop_triggers};
use crate::support::TestApp;

const HERE: &str = "/audit/checkpoints";

#[actix_web::test]
async fn a_walk_is_asked_for_once_shown_while_it_lasts_and_told_when_it_is_done() {
    let app = TestApp::start().await;
    let (chain, _) = chain_of_some_length(&app, 2);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get(HERE).await;
    page.assert_contains("The first checkpoint is signed within the hour.");
    page.assert_contains("Verify now");
    page.assert_contains("Alder Clinic");

    let answer = officer.post("/audit/verifications", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, HERE));
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    assert_eq!(
        administrator.post("/audit/verifications", &[]).await.status,
        303
    );
    let page = administrator.get(HERE).await;
    page.assert_contains("data-progress");
    page.assert_contains(r#"<meta http-equiv="refresh""#);
    page.assert_lacks("Verify now");

    // A process that is told to stop puts it down; the next takes it up.
    assert_eq!(
        verifications::run(&app.ctx, || true).unwrap(),
        Walked::PutDown
    );
    officer.get(HERE).await.assert_contains("data-progress");
    assert_eq!(verifications::run(&app.ctx, || false).unwrap(), Walked::All);
    assert_eq!(
        verifications::run(&app.ctx, || false).unwrap(),
        Walked::Nothing
    );
    let page = officer.get(HERE).await;
    page.assert_contains("Every chain was whole");
    page.assert_contains("Compliance");
    page.assert_contains("Verify now");

    app.clock.advance(Duration::minutes(1));
    drop_triggers(&app);
    let edit = format!("UPDATE audit_events SET actor = 'x' WHERE chain = '{chain}' AND seq = 2");
    behind_its_back(&app, &edit).unwrap();
    officer.post("/audit/verifications", &[]).await;
    verifications::run(&app.ctx, || false).unwrap();
    let page = officer.get(HERE).await;
    page.assert_contains("A chain was not as it was written");
    page.assert_contains("event 2 was edited");
    assert_eq!(app.rows(walks::chains).len(), 2);
}

#[actix_web::test]
async fn a_checkpoint_and_its_key_are_taken_away_as_files() {
    let app = TestApp::start().await;
    chain_of_some_length(&app, 2);
    let row = checkpoints::sign(&app.ctx, &Actor::System("worker")).unwrap();
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get(HERE).await;
    let href = format!("{HERE}/{}", row.id);
    page.assert_contains(&href);
    let note = officer.get(&href).await;
    assert_eq!(note.body, row.note);
    assert!(
        note.header("content-disposition")
            .contains("checkpoint-2026-05-13T160000Z.txt")
    );
    let key = officer.get("/audit/public-key").await;
    assert!(key.body.starts_with("forbear.test/audit+"));
    page.assert_contains(key.body.trim());
    assert_eq!(officer.get(&format!("{HERE}/0")).await.status, 404);
}

#[actix_web::test]
async fn others_than_compliance_and_administrators_do_not_see_it() {
    let app = TestApp::start().await;
    app.creditor("Alder Clinic");
    for (role, creditor) in [
        (Role::Agent, None),
        (Role::Supervisor, None),
        (Role::CreditorAdmin, Some("Alder Clinic")),
    ] {
        let mut client = app.sign_in(role, creditor).await;
        assert_eq!(client.get(HERE).await.status, 403, "{role:?}");
        assert_eq!(client.post("/audit/verifications", &[]).await.status, 403);
        client
            .get("/settings/security")
            .await
            .assert_lacks("Audit record");
    }
}
