//! The queue of alerts: who sees it, who works it, and what stays on record.

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::placing::{Attorney, Cease};
use forbear::db::DbError;
use forbear::db::schema::{alerts, audit_events};
use forbear::domain::access::Role;
use forbear::domain::id::{AlertId, PlacementId};
use forbear::domain::time::Instant;

use crate::support::{Answer, Client, TestApp};

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
async fn an_alert_tells_of_its_own_moment_and_its_page_is_named_after_it() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Acme");
    let placement = app.place(creditor, |row| row.invoice_number = "HS-77".to_owned());
    app.clock
        .set(Instant::parse_rfc3339("2026-05-14T08:34:00Z").unwrap());
    let mut agent = app.sign_in(Role::Agent, None).await;
    let alert = refuse(&app, &mut agent, placement).await;
    app.clock.advance(Duration::hours(7));
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get(&format!("/alerts/{alert}")).await;
    page.assert_says("At 4:34 am where this person may be, nobody may be contacted");
    page.assert_says("14 May 2026, 4:34 am EDT");
    page.assert_contains("<title>Alert \u{b7} Contact hours \u{b7} HS-77");
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

/// As if the scheduler had been refused and not a person.
fn by_the_scheduler(app: &TestApp, alert: AlertId) {
    app.ctx
        .db
        .write(|conn| {
            diesel::update(alerts::table.filter(alerts::id.eq(alert)))
                .set(alerts::caused_by.eq("system:worker"))
                .execute(conn)
                .map_err(DbError::from)
        })
        .unwrap();
}

/// The boxes of a page, as they would be sent.
fn boxes(page: &Answer) -> Vec<String> {
    let tags = page.body.split(r#"name="alert" value=""#).skip(1);
    tags.map(|rest| rest.split_once('"').unwrap().0.to_owned())
        .collect()
}

#[actix_web::test]
async fn what_people_caused_comes_first_and_can_be_listed_alone() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let place = |name: &str| {
        app.place(acme, |row| {
            row.debtor.name = name.to_owned();
            row.debtor.facts.cease = Some(Cease::default());
        })
    };
    let (person, scheduler) = (place("Paula Person"), place("Sven Scheduler"));
    let mut agent = app.sign_in(Role::Agent, None).await;
    refuse(&app, &mut agent, person).await;
    let later = refuse(&app, &mut agent, scheduler).await;
    by_the_scheduler(&app, later);

    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get("/alerts").await;
    let place_of = |name: &str| page.body.find(name).unwrap();
    assert!(place_of("Paula Person") < place_of("Sven Scheduler"));
    page.assert_says("The scheduler 1");
    for (cause, paula, sven) in [
        ("person", true, false),
        ("scheduler", false, true),
        ("nonsense", true, true),
    ] {
        let page = officer.get(&format!("/alerts?cause={cause}")).await;
        assert_eq!(page.body.contains("Paula Person"), paula, "{cause}");
        assert_eq!(page.body.contains("Sven Scheduler"), sven, "{cause}");
    }
}

#[actix_web::test]
async fn several_alerts_are_answered_with_one_note_and_each_is_in_the_trail() {
    let app = TestApp::start().await;
    let placement = ceased(&app);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let alert = refuse(&app, &mut agent, placement).await;
        by_the_scheduler(&app, alert);
        ids.push(alert);
    }
    let of_a_person = refuse(&app, &mut agent, placement).await;

    let mut supervisor = app.sign_in(Role::Supervisor, None).await;
    let page = supervisor.get("/alerts?cause=scheduler").await;
    let boxes = boxes(&page);
    assert_eq!(boxes.len(), 3);
    page.assert_lacks("checked>");
    page.assert_lacks("Choose all on this page");
    let of_one_rule = supervisor.get("/alerts?rule=cease").await;
    of_one_rule.assert_contains(r#"href="/alerts?rule=cease&#38;chosen=all""#);
    let all = supervisor.get("/alerts?rule=cease&chosen=all").await;
    assert_eq!(
        all.body.matches(" checked>").count(),
        3,
        "not the person\u{2019}s"
    );
    all.assert_lacks(&format!(r#"value="{of_a_person}."#));

    let chosen = |note: &'static str, answer: &'static str, count: usize| {
        let mut fields = vec![
            ("list", "/alerts?cause=scheduler"),
            ("note", note),
            ("answer", answer),
        ];
        fields.extend(boxes.iter().take(count).map(|it| ("alert", it.as_str())));
        fields
    };
    let path = "/alerts/answers";
    let none = supervisor.post(path, &chosen("Seen.", "resolve", 0)).await;
    assert_eq!(none.status, 422);
    none.assert_says("Choose at least one alert.");
    none.assert_contains("Seen.");
    let without = supervisor.post(path, &chosen(" ", "acknowledge", 2)).await;
    assert_eq!(without.status, 422);
    without.assert_says("Say what you found and what was done.");
    assert_eq!(without.body.matches(" checked>").count(), 2, "kept");
    without.assert_lacks(&format!(r#"value="{of_a_person}."#));

    let done = supervisor
        .post(path, &chosen("Refused as it should be.", "acknowledge", 2))
        .await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(done.location(), "/alerts?cause=scheduler");
    let page = supervisor.get("/alerts").await;
    page.assert_says("2 alerts acknowledged.");
    assert_eq!(events_of(&app, "alert.acknowledged"), 2);

    // What was shown then has changed since: nothing of it happens.
    let stale = supervisor.post(path, &chosen("Done.", "resolve", 3)).await;
    assert_eq!(stale.status, 409);
    assert_eq!(events_of(&app, "alert.resolved"), 0);
    let fresh = supervisor.get("/alerts?cause=scheduler").await;
    let fresh = self::boxes(&fresh);
    let mut fields = vec![("note", "Done."), ("answer", "resolve")];
    fields.extend(fresh.iter().map(|it| ("alert", it.as_str())));
    assert_eq!(supervisor.post(path, &fields).await.status, 303);
    assert_eq!(events_of(&app, "alert.resolved"), 3);
    for alert in ids {
        assert_eq!(status_of(&app, alert), "resolved");
    }
    assert_eq!(status_of(&app, of_a_person), "active");
}

#[actix_web::test]
async fn several_alerts_are_answered_only_where_they_go_together_and_by_those_who_may() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let ceased = app.place(acme, |row| {
        row.debtor.facts.cease = Some(Cease::default());
    });
    let represented = app.place(acme, |row| {
        row.debtor.facts.attorney = Some(Attorney::default());
    });
    let mut supervisor = app.sign_in(Role::Supervisor, None).await;
    let own = refuse(&app, &mut supervisor, ceased).await;
    let one = refuse(&app, &mut supervisor, ceased).await;
    let other = refuse(&app, &mut supervisor, represented).await;
    by_the_scheduler(&app, one);
    by_the_scheduler(&app, other);
    let send = |ids: &[AlertId]| -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("note", "Seen.".to_owned()),
            ("answer", "resolve".to_owned()),
        ];
        fields.extend(ids.iter().map(|id| ("alert", format!("{id}.1"))));
        fields
    };
    for (ids, status) in [(vec![one, other], 422), (vec![one, own], 422)] {
        let fields = send(&ids);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = supervisor.post("/alerts/answers", &fields).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(status_of(&app, one), "active", "none of them");
    }
    // A warning that one passed oneself goes along with others, but not by oneself.
    app.ctx
        .db
        .write(|conn| {
            diesel::update(alerts::table.filter(alerts::id.eq(own)))
                .set(alerts::severity.eq("warning"))
                .execute(conn)
                .map_err(DbError::from)
        })
        .unwrap();
    let fields = send(&[one, own]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let answer = supervisor.post("/alerts/answers", &fields).await;
    assert_eq!(answer.status, 403);
    assert_eq!(status_of(&app, one), "active");
    for role in [Role::Agent, Role::Administrator] {
        let mut client = app.sign_in(role, None).await;
        let answer = client.post("/alerts/answers", &fields).await;
        assert_eq!(answer.status, 403, "{role:?}");
    }
    let mut other = app.sign_in(Role::Compliance, None).await;
    let answer = other.post("/alerts/answers", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(events_of(&app, "alert.resolved"), 2);
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
