//! The queue of alerts: who sees it, who works it, and what stays on record.

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::placing::{Attorney, Cease};
use forbear::db::schema::{alerts, audit_events};
use forbear::domain::access::Role;
use forbear::domain::id::{AlertId, PlacementId};

use crate::support::{Client, TestApp};

/// Opens Log contact on an account that may not be contacted, which raises an alert.
async fn refuse(app: &TestApp, client: &mut Client<'_>, placement: PlacementId) -> AlertId {
    let answer = client
        .post(&format!("/placements/{placement}/contact-checks"), &[])
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    app.clock.advance(Duration::seconds(1));
    app.rows(|conn| {
        alerts::table
            .filter(alerts::placement_id.eq(placement))
            .order(alerts::created_at.desc())
            .select(alerts::id)
            .first(conn)
    })
}

fn ceased(app: &TestApp) -> PlacementId {
    app.place(app.creditor("Acme"), |row| {
        row.debtor.facts.cease = Some(Cease::default());
    })
}

fn status_of(app: &TestApp, alert: AlertId) -> String {
    app.rows(|conn| {
        alerts::table
            .filter(alerts::id.eq(alert))
            .select(alerts::status)
            .first(conn)
    })
}

fn events_of(app: &TestApp, kind: &str) -> i64 {
    app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq(kind))
            .count()
            .get_result(conn)
    })
}

#[actix_web::test]
async fn an_alert_goes_from_open_to_acknowledged_to_resolved_with_a_note() {
    let app = TestApp::start().await;
    let placement = ceased(&app);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let alert = refuse(&app, &mut agent, placement).await;
    let path = format!("/alerts/{alert}");

    let mut supervisor = app.sign_in(Role::Supervisor, None).await;
    let page = supervisor.get(&path).await;
    page.assert_contains("Nobody has answered this alert yet.");
    page.assert_contains("Cease-and-desist");
    page.assert_contains(&format!("/placements/{placement}?tab=timeline"));
    page.assert_contains("/decisions/");
    page.assert_contains("Call to (518) 555-");
    page.assert_says("When 13 May 2026, 12:00 pm EDT");

    let answer = supervisor
        .post(
            &format!("{path}/acknowledge"),
            &[("note", ""), ("version", "1")],
        )
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(status_of(&app, alert), "acknowledged");

    let without = supervisor
        .post(
            &format!("{path}/resolve"),
            &[("note", " "), ("version", "2")],
        )
        .await;
    assert_eq!(without.status, 422);
    without.assert_contains("Say what you found and what was done.");
    assert_eq!(status_of(&app, alert), "acknowledged");

    let mut officer = app.sign_in(Role::Compliance, None).await;
    let answer = officer
        .post(
            &format!("{path}/resolve"),
            &[("note", "Trained the agent."), ("version", "2")],
        )
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(status_of(&app, alert), "resolved");
    let page = officer.get(&path).await;
    page.assert_contains("Acknowledged by Supervisor");
    page.assert_contains("Resolved by Compliance");
    page.assert_contains("Trained the agent.");
    page.assert_lacks(&format!(r#"action="{path}/resolve""#));
    assert_eq!(events_of(&app, "alert.acknowledged"), 1);
    assert_eq!(events_of(&app, "alert.resolved"), 1);
}

#[actix_web::test]
async fn every_page_of_the_desk_counts_the_alerts_that_nobody_has_taken_up() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Acme");
    let placement = app.place(creditor, |row| {
        row.debtor.facts.cease = Some(Cease::default());
    });
    let count = r#"<span class="count">1<span class="visually-hidden"> open alerts</span>"#;
    let mut supervisor = app.sign_in(Role::Supervisor, None).await;
    supervisor.get("/placements").await.assert_lacks(count);

    let mut agent = app.sign_in(Role::Agent, None).await;
    let alert = refuse(&app, &mut agent, placement).await;
    supervisor.get("/placements").await.assert_contains(count);
    let path = format!("/placements/{placement}");
    supervisor.get(&path).await.assert_contains(count);
    let mut partner = app.sign_in(Role::CreditorAdmin, Some("Acme")).await;
    partner.get(&path).await.assert_lacks("open alert");

    supervisor
        .post(
            &format!("/alerts/{alert}/acknowledge"),
            &[("note", ""), ("version", "1")],
        )
        .await;
    supervisor.get(&path).await.assert_lacks(count);
}

#[actix_web::test]
async fn whoever_caused_an_alert_never_works_it() {
    let app = TestApp::start().await;
    let placement = ceased(&app);
    let mut supervisor = app.sign_in(Role::Supervisor, None).await;
    let alert = refuse(&app, &mut supervisor, placement).await;
    let path = format!("/alerts/{alert}");
    supervisor
        .get(&path)
        .await
        .assert_contains("You caused this alert, so somebody else has to answer it.");
    for (act, fields) in [
        ("acknowledge", [("note", "")]),
        ("resolve", [("note", "Fine.")]),
    ] {
        let answer = supervisor.post(&format!("{path}/{act}"), &fields).await;
        assert_eq!(answer.status, 403, "{act}");
    }
    assert_eq!(status_of(&app, alert), "active");
    let mut other = app.sign_in(Role::Supervisor, None).await;
    let answer = other.post(&format!("{path}/acknowledge"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[actix_web::test]
async fn only_supervisors_and_compliance_work_alerts() {
    let app = TestApp::start().await;
    let placement = ceased(&app);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let alert = refuse(&app, &mut agent, placement).await;
    let path = format!("/alerts/{alert}");
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    administrator
        .get(&path)
        .await
        .assert_contains("Alerts are answered by supervisors and compliance.");
    for (role, creditor) in [
        (Role::Agent, None),
        (Role::Administrator, None),
        (Role::CreditorAdmin, Some("Acme")),
    ] {
        let mut client = app.sign_in(role, creditor).await;
        let answer = client.post(&format!("{path}/acknowledge"), &[]).await;
        assert_eq!(answer.status, 403, "{role:?}");
    }
    assert_eq!(status_of(&app, alert), "active");
}

#[actix_web::test]
async fn an_answer_to_a_page_that_is_out_of_date_changes_nothing() {
    let app = TestApp::start().await;
    let placement = ceased(&app);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let alert = refuse(&app, &mut agent, placement).await;
    let path = format!("/alerts/{alert}");
    let mut first = app.sign_in(Role::Supervisor, None).await;
    let mut second = app.sign_in(Role::Compliance, None).await;
    let seen = [("note", "Done."), ("version", "1")];
    assert_eq!(
        first
            .post(&format!("{path}/acknowledge"), &seen)
            .await
            .status,
        303
    );
    let late = second.post(&format!("{path}/resolve"), &seen).await;
    assert_eq!(late.status, 409);
    late.assert_contains("Somebody else has worked this alert");
    assert_eq!(status_of(&app, alert), "acknowledged");
    // Acknowledging again is no conflict and no second event.
    assert_eq!(
        second
            .post(&format!("{path}/acknowledge"), &seen)
            .await
            .status,
        303
    );
    assert_eq!(events_of(&app, "alert.acknowledged"), 1);
}

#[actix_web::test]
async fn the_list_is_filtered_by_what_stands_in_the_address() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let ceased = app.place(acme, |row| {
        row.debtor.name = "Cora Ceased".to_owned();
        row.debtor.facts.cease = Some(Cease::default());
    });
    let represented = app.place(acme, |row| {
        row.debtor.name = "Rita Represented".to_owned();
        row.debtor.facts.attorney = Some(Attorney::default());
    });
    let mut agent = app.sign_in(Role::Agent, None).await;
    let old = refuse(&app, &mut agent, ceased).await;
    app.clock.advance(Duration::days(9));
    let mut agent = app.sign_in(Role::Agent, None).await;
    refuse(&app, &mut agent, represented).await;

    let mut officer = app.sign_in(Role::Compliance, None).await;
    let both = officer.get("/alerts").await;
    both.assert_contains("Cora Ceased");
    both.assert_contains("Rita Represented");
    let newest = both.body.find("Rita Represented").unwrap();
    assert!(newest < both.body.find("Cora Ceased").unwrap());

    for (query, cora, rita) in [
        ("?type=attorney_rep", false, true),
        ("?type=cease_desist", true, false),
        ("?rule=cease", true, false),
        ("?age=week", false, true),
        ("?age=older", true, false),
        ("?severity=warning", false, false),
        ("?severity=critical", true, true),
        ("?status=resolved", false, false),
        ("?status=nonsense", true, true),
        ("?page=2", false, false),
    ] {
        let page = officer.get(&format!("/alerts{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert_eq!(page.body.contains("Cora Ceased"), cora, "{query}");
        assert_eq!(page.body.contains("Rita Represented"), rita, "{query}");
    }

    officer
        .post(&format!("/alerts/{old}/resolve"), &[("note", "Old.")])
        .await;
    let resolved = officer.get("/alerts?status=resolved").await;
    resolved.assert_contains("Cora Ceased");
    resolved.assert_lacks("Rita Represented");
}

#[actix_web::test]
async fn the_list_shows_25_to_a_page() {
    let app = TestApp::start().await;
    let placement = ceased(&app);
    let mut agent = app.sign_in(Role::Agent, None).await;
    for _ in 0..27 {
        refuse(&app, &mut agent, placement).await;
    }
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let first = officer.get("/alerts").await;
    first.assert_contains("1–25 of 27 alerts");
    first.assert_contains(r#"href="/alerts?page=2" rel="next""#);
    let second = officer.get("/alerts?page=2").await;
    second.assert_contains("26–27 of 27 alerts");
}
