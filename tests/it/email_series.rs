//! The series of a creditor's emails: which, and how long after each other.

use diesel::prelude::*;
use forbear::db::schema::{audit_events, email_steps};
use forbear::domain::access::Role;
use forbear::domain::id::CreditorId;

use crate::support::TestApp;

fn stored(app: &TestApp, creditor: CreditorId) -> Vec<(String, i32)> {
    app.rows(|conn| {
        email_steps::table
            .filter(email_steps::creditor_id.eq(creditor))
            .order(email_steps::step)
            .select((email_steps::template, email_steps::wait_hours))
            .load(conn)
    })
}

#[actix_web::test]
async fn an_administrator_sets_which_emails_go_out_and_when() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    let path = format!("/creditors/{creditor}/emails");
    administrator.get("/creditors").await.assert_contains(&path);
    let page = administrator.get(&path).await;
    page.assert_says("an attempt to collect a debt");
    page.assert_contains("value=\"9\"");
    let typed = [
        ("template_1", "introduction"),
        ("template_2", ""),
        ("template_3", "options"),
        ("wait_3", "21"),
    ];
    assert_eq!(administrator.post(&path, &typed).await.status, 303);
    let series = [("introduction".to_owned(), 0), ("options".to_owned(), 504)];
    assert_eq!(stored(&app, creditor), series, "a gap is none");
    let changes = || -> i64 {
        app.rows(|conn| {
            audit_events::table
                .filter(audit_events::kind.eq("creditor.series_changed"))
                .count()
                .get_result(conn)
        })
    };
    assert_eq!(changes(), 1);
    // Saved again it is no change.
    let same = [
        ("template_1", "introduction"),
        ("template_2", "options"),
        ("wait_2", "21"),
    ];
    assert_eq!(administrator.post(&path, &same).await.status, 303);
    assert_eq!(changes(), 1);
    // Another creditor's series stays as it was.
    assert!(stored(&app, app.creditor("Alder Clinic")).is_empty());
}

#[actix_web::test]
async fn what_can_not_be_is_refused_with_what_was_typed() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    let path = format!("/creditors/{creditor}/emails");
    for (typed, says) in [
        (vec![], "A series has an email."),
        (
            vec![("template_1", "nonsense")],
            "Choose one of the emails.",
        ),
        (
            vec![
                ("template_1", "introduction"),
                ("template_2", "reminder"),
                ("wait_2", "0"),
            ],
            "Wait 1 to 180 days",
        ),
        (
            vec![
                ("template_1", "introduction"),
                ("template_2", "reminder"),
                ("wait_2", "soon"),
            ],
            "Enter a number of days.",
        ),
    ] {
        let answer = administrator.post(&path, &typed).await;
        assert_eq!(answer.status, 422, "{typed:?}");
        answer.assert_says(says);
        if let Some((_, wait)) = typed.iter().find(|(name, _)| *name == "wait_2") {
            answer.assert_contains(&format!("value=\"{wait}\""));
        }
    }
    assert!(stored(&app, creditor).is_empty());
}

#[actix_web::test]
async fn every_email_can_be_looked_at_with_all_that_it_must_say() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    for template in ["introduction", "reminder", "options"] {
        for (language, disclosure) in [
            ("en", "attempt to collect a debt"),
            ("es", "intento de cobrar una deuda"),
        ] {
            let page = administrator
                .get(&format!(
                    "/creditors/{creditor}/emails/preview?template={template}&language={language}"
                ))
                .await;
            assert_eq!(page.status, 200);
            page.assert_says(disclosure);
            page.assert_says("Cedar Harbor");
            page.assert_contains("/u/");
            page.assert_contains("/stop");
        }
    }
    let mut agent = app.sign_in(Role::Agent, None).await;
    let refused = agent.get(&format!("/creditors/{creditor}/emails")).await;
    assert_eq!(refused.status, 403);
}
