//! Signing in and out, and what a stranger learns from trying.

use chrono::Duration;
use forbear::domain::access::Role;

use crate::support::TestApp;
use crate::support::app::PASSWORD;

#[actix_web::test]
async fn a_page_asks_to_sign_in_and_leads_back() {
    let app = TestApp::start().await;
    let answer = app.anonymous().get("/?a=b").await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.location(), "/sign-in?next=%2F%3Fa%3Db");
}

#[actix_web::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    let mut user = app.sign_in(Role::Administrator, None).await;
    let key = user.cookie("forbear").unwrap().to_owned();
    assert_eq!(user.get("/").await.location(), "/people");
    assert_eq!(user.post("/sign-out", &[]).await.status, 303);

    let mut thief = app.anonymous();
    thief.set_cookie("forbear", &key);
    assert!(thief.get("/").await.location().starts_with("/sign-in"));
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let app = TestApp::start().await;
    app.sign_in(Role::Agent, None).await;
    let wrong = |email: &'static str| {
        let mut client = app.anonymous();
        async move {
            client
                .post(
                    "/sign-in",
                    &[("email", email), ("password", "not the right one")],
                )
                .await
        }
    };
    let known = wrong("agent@people.example").await;
    let unknown = wrong("nobody@people.example").await;
    assert_eq!((known.status, unknown.status), (422, 422));
    unknown.assert_contains("isn\u{2019}t right");
    known.assert_contains("isn\u{2019}t right");
}

#[actix_web::test]
async fn guessing_is_slowed_down_even_for_the_right_password_and_passes_with_time() {
    let app = TestApp::start().await;
    app.sign_in(Role::Agent, None).await;
    let mut guesser = app.anonymous();
    for _ in 0..6 {
        guesser
            .post(
                "/sign-in",
                &[("email", "x@people.example"), ("password", "guess")],
            )
            .await;
    }
    let refused = guesser
        .post(
            "/sign-in",
            &[("email", "x@people.example"), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(refused.status, 429);
    app.clock.advance(Duration::minutes(1));
    let later = guesser
        .post(
            "/sign-in",
            &[("email", "x@people.example"), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(later.status, 422);
}

#[actix_web::test]
async fn a_session_ends_when_idle_and_after_twelve_hours_at_most() {
    let app = TestApp::start().await;
    let mut idle = app.sign_in(Role::Agent, None).await;
    app.clock.advance(Duration::minutes(31));
    assert!(idle.get("/").await.location().starts_with("/sign-in"));

    let mut busy = app.sign_in(Role::Agent, None).await;
    for _ in 0..35 {
        app.clock.advance(Duration::minutes(20));
        assert_eq!(busy.get("/").await.location(), "/placements");
    }
    app.clock.advance(Duration::minutes(25));
    assert!(busy.get("/").await.location().starts_with("/sign-in"));
}

#[actix_web::test]
async fn a_post_from_another_site_or_from_nowhere_is_refused() {
    let app = TestApp::start().await;
    for (site, origin, status) in [
        ("same-origin", "", 422),
        ("cross-site", "", 403),
        ("same-site", "", 403),
        ("none", "", 403),
        ("", "http://forbear.test", 422),
        ("", "https://evil.example", 403),
        ("", "", 403),
    ] {
        let mut client = app.anonymous();
        client.set_header("sec-fetch-site", site);
        client.set_header("origin", origin);
        let answer = client
            .post("/sign-in", &[("email", "a"), ("password", "b")])
            .await;
        assert_eq!(answer.status, status, "site {site:?}, origin {origin:?}");
    }
}
