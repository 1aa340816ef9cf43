//! What every answer carries, whatever it answers.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use forbear::db::DbError;
use forbear::domain::access::Role;

use crate::support::{Answer, TestApp};

/// Headers whose value never changes.
const FIXED: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=()",
    ),
];

#[track_caller]
fn assert_secure(what: &str, answer: &Answer) {
    for (name, value) in FIXED {
        assert_eq!(answer.header(name), *value, "{what}: {name}");
    }
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    assert_eq!(answer.header("x-request-id").len(), 16, "{what}");
    assert_eq!(answer.header("server"), "", "{what}");
    let policy = answer.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.contains(part), "{what}: {part} isn't in {policy}");
    }
    for hole in ["unsafe-inline", "unsafe-eval", "http:", "https:", "*"] {
        assert!(!policy.contains(hole), "{what}: {hole} is in {policy}");
    }
}

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let (_, rest) = policy.split_once("'nonce-").unwrap();
    rest.split_once('\'').unwrap().0.to_owned()
}

/// One answer of each kind.
async fn answers(app: &TestApp) -> Vec<(&'static str, u16, Answer)> {
    let mut agent = app.sign_in(Role::Agent, None).await;
    let mut stranger = app.anonymous();
    let mut other_site = app.anonymous();
    other_site.set_header("sec-fetch-site", "cross-site");
    let mut answers = vec![
        ("a page", 200, stranger.get("/sign-in").await),
        ("a redirect", 303, agent.get("/").await),
        ("sent to sign in", 303, stranger.get("/").await),
        ("health", 200, stranger.get("/healthz").await),
        ("a file", 200, stranger.get("/static/0/app.css").await),
        (
            "no such file",
            404,
            stranger.get("/static/0/none.css").await,
        ),
        ("no such page", 404, stranger.get("/nowhere").await),
        (
            "no such page of the API",
            404,
            stranger.get("/v1/nowhere").await,
        ),
        ("not signed in", 401, stranger.post("/sign-out", &[]).await),
        ("wrong method", 405, stranger.post("/healthz", &[]).await),
        ("another site", 403, other_site.post("/sign-in", &[]).await),
        (
            "a form that doesn't fit",
            422,
            stranger
                .post("/sign-in", &[("email", "a"), ("password", "b")])
                .await,
        ),
        (
            "a body of the wrong kind",
            400,
            stranger
                .post_json("/sign-in", &serde_json::json!({ "email": "a" }))
                .await,
        ),
    ];
    let too_much = "x".repeat(200_000);
    answers.push((
        "too large a form",
        413,
        stranger.post("/sign-in", &[("email", &too_much)]).await,
    ));
    // A fault of ours, made by taking a table away.
    app.ctx
        .db
        .write(|conn| {
            conn.batch_execute("ALTER TABLE users RENAME TO gone")
                .map_err(DbError::from)
        })
        .unwrap();
    answers.push(("a fault", 500, agent.get("/").await));
    answers
}

#[actix_web::test]
async fn every_kind_of_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    for (what, status, answer) in answers(&app).await {
        assert_eq!(answer.status, status, "{what}: {}", answer.body);
        assert_secure(what, &answer);
    }
}

#[actix_web::test]
async fn a_nonce_is_used_once() {
    let app = TestApp::start().await;
    let answers = answers(&app).await;
    let nonces: BTreeSet<String> = answers.iter().map(|(_, _, answer)| nonce(answer)).collect();
    assert_eq!(nonces.len(), answers.len());
    assert!(nonces.iter().all(|nonce| nonce.len() >= 22));
}

#[actix_web::test]
async fn a_fault_tells_nothing_of_its_cause() {
    let app = TestApp::start().await;
    let (_, _, fault) = answers(&app).await.pop().unwrap();
    for word in ["users", "table", "column", "sql", "relation", "panicked"] {
        assert!(
            !fault.body.to_lowercase().contains(word),
            "{word} is in:\n{}",
            fault.body
        );
    }
}

#[actix_web::test]
async fn only_files_of_the_binary_may_be_kept() {
    let app = TestApp::start().await;
    for (what, _, answer) in answers(&app).await {
        let expected = if what.ends_with(" file") {
            "no-cache"
        } else {
            "no-store"
        };
        assert_eq!(answer.header("cache-control"), expected, "{what}");
    }
}
