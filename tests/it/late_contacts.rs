//! Contacts that are put on record after a stop, and before which they took place.

use chrono::Duration;
use diesel::prelude::*;
use forbear::db::schema::{acknowledgements, alerts};
use forbear::domain::access::Role;
use forbear::domain::stop::{Medium, StopScope};

use crate::log_contact::{alerts_of, contacts_of, log, open, picked};
use crate::placement_page::stop;
use crate::support::TestApp;

#[actix_web::test]
async fn a_contact_before_a_stop_that_is_logged_after_it_is_told_and_must_be_acknowledged() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let before = picked(app.now());
    app.clock.advance(Duration::minutes(3));
    stop(&app, placement, StopScope::All, Medium::Letter).await;
    app.clock.advance(Duration::minutes(2));
    let mut agent = app.sign_in(Role::Agent, None).await;

    open(&mut agent, placement, &[])
        .await
        .assert_contains("Contact BLOCKED");
    let page = open(&mut agent, placement, &[("at", &before)]).await;
    page.assert_contains("Allowed once you acknowledge 1 warning");
    page.assert_contains("This contact took place before that.");
    page.assert_contains(r#"name="ack_cease""#);

    let unacknowledged = log(&mut agent, placement, &[("at", &before)]).await;
    assert_eq!(unacknowledged.status, 422, "{}", unacknowledged.body);
    unacknowledged.assert_contains("Acknowledge this warning to go on.");
    assert_eq!(contacts_of(&app, placement), 0);

    let answer = log(
        &mut agent,
        placement,
        &[
            ("at", &before),
            ("mini_miranda", "yes"),
            ("ack_cease", "yes"),
            ("evidence_cease", "The telephone's list of calls says so"),
        ],
    )
    .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(contacts_of(&app, placement), 1);
    let kept: Vec<(String, String)> = app.rows(|conn| {
        acknowledgements::table
            .select((acknowledgements::rule, acknowledgements::evidence))
            .load(conn)
    });
    assert_eq!(
        kept,
        [(
            "cease".to_owned(),
            "The telephone's list of calls says so".to_owned()
        )]
    );
    let message: String = app.rows(|conn| {
        alerts::table
            .filter(alerts::severity.eq("warning"))
            .select(alerts::message)
            .first(conn)
    });
    assert!(
        message.starts_with("Put on record after a stop."),
        "{message}"
    );

    let page = agent
        .get(&format!("/placements/{placement}?tab=timeline"))
        .await;
    page.assert_contains("It was put on record after contact was stopped.");
    page.assert_contains("· recorded <time");
}

#[actix_web::test]
async fn a_contact_of_this_minute_and_one_without_a_stop_ask_for_nothing_more() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let earlier = picked(app.now().minus(Duration::minutes(10)));
    let answer = log(
        &mut agent,
        placement,
        &[("at", &earlier), ("mini_miranda", "yes")],
    )
    .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(alerts_of(&app, placement), []);
}
