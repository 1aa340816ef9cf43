//! Requests that are sent again are done once.

use chrono::Duration;
use forbear::actions::idempotency::{self, Answer, Claim, Once};
use forbear::domain::actor::Actor;
use forbear::domain::api_key::ApiKeyAccess;
use forbear::domain::id::{CreditorId, PlacementId};
use forbear::error::AppError;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Answer as HttpAnswer, Client, TestApp};

async fn pay(
    client: &mut Client<'_>,
    placement: PlacementId,
    key: &str,
    amount: i64,
) -> HttpAnswer {
    client.set_header("idempotency-key", key);
    client
        .post_json(
            &format!("/v1/placements/{placement}/payment-received"),
            &json!({"amount": amount}),
        )
        .await
}

async fn payments(app: &TestApp, creditor: CreditorId, placement: PlacementId) -> i64 {
    let path = format!("/v1/placements/{placement}/payments");
    let page = app.program(creditor).get(&path).await.json();
    page["total"].as_i64().unwrap()
}

#[actix_web::test]
async fn the_same_request_is_given_the_first_answer_to_the_byte() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let mut program = app.program(acme);
    let first = pay(&mut program, placement, "bank-1", 100).await;
    assert_eq!(
        (first.status, first.header("idempotent-replayed")),
        (200, "")
    );

    app.clock.advance(Duration::days(29));
    // Meanwhile the key was rotated: it is the creditor's request all the same.
    let mut rotated = app.program(acme);
    let again = pay(&mut rotated, placement, "bank-1", 100).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(payments(&app, acme, placement).await, 1);
}

#[actix_web::test]
async fn many_at_once_have_one_effect_and_one_answer() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let key = app.key(Some(acme), ApiKeyAccess::Full);
    let answers = join_all((0..8).map(|_| {
        let mut program = app.program_with(&key);
        async move { pay(&mut program, placement, "bank-1", 100).await }
    }))
    .await;
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (200, &answers[0].body));
    }
    let done = answers
        .iter()
        .filter(|answer| answer.header("idempotent-replayed").is_empty())
        .count();
    assert_eq!(done, 1);
    assert_eq!(payments(&app, acme, placement).await, 1);
}

#[actix_web::test]
async fn another_body_under_the_same_key_is_refused() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let mut program = app.program(acme);
    pay(&mut program, placement, "bank-1", 100).await;
    let other = pay(&mut program, placement, "bank-1", 101).await;
    assert_eq!(other.status, 422);
    assert_eq!(other.json()["code"], "idempotency-key-reused");
    assert_eq!(payments(&app, acme, placement).await, 1);
}

#[actix_web::test]
async fn a_key_belongs_to_its_creditor_and_its_path() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let other = app.creditor("Other");
    let (one, two) = (app.place(acme, |_| ()), app.place(acme, |_| ()));
    let theirs = app.place(other, |_| ());
    for (creditor, placement) in [(acme, one), (acme, two), (other, theirs)] {
        let answer = pay(&mut app.program(creditor), placement, "bank-1", 100).await;
        assert_eq!(
            (answer.status, answer.header("idempotent-replayed")),
            (200, "")
        );
        assert_eq!(payments(&app, creditor, placement).await, 1);
    }
}

#[actix_web::test]
async fn a_request_that_was_refused_leaves_its_key_free() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |row| {
        row.amount = forbear::domain::money::Cents::new(1_000)
    });
    let mut program = app.program(acme);
    for (amount, status) in [(11, 422), (10, 200)] {
        let answer = pay(&mut program, placement, "bank-1", amount).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    assert_eq!(payments(&app, acme, placement).await, 1);
}

#[actix_web::test]
async fn without_a_key_each_request_is_a_new_one() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let mut program = app.program(acme);
    for _ in 0..2 {
        assert_eq!(pay(&mut program, placement, "", 100).await.status, 200);
    }
    assert_eq!(payments(&app, acme, placement).await, 2);
}

#[actix_web::test]
async fn a_key_that_is_too_long_or_not_plain_text_is_refused() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let mut program = app.program(acme);
    for bad in ["x".repeat(256), " ".to_owned(), "caf\u{e9}".to_owned()] {
        let answer = pay(&mut program, placement, &bad, 100).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
    assert_eq!(payments(&app, acme, placement).await, 0);
}

fn claim() -> Claim {
    Claim {
        scope: "creditor x POST /v1/x".to_owned(),
        key: "k".to_owned(),
        request_hash: "0".repeat(64),
    }
}

fn once(app: &TestApp, answer: Result<&str, AppError>) -> Result<Once, AppError> {
    idempotency::once(&app.ctx, &Actor::System("worker"), Some(&claim()), |_| {
        answer.map(|body| Answer {
            status: 200,
            body: body.to_owned(),
        })
    })
}

/// What a crash leaves is what an error leaves: a transaction that did not commit.
#[actix_web::test]
async fn a_transaction_that_does_not_commit_leaves_no_claim_behind() {
    let app = TestApp::start().await;
    let failed = once(&app, Err(AppError::internal("the process died here")));
    assert!(failed.is_err());
    let done = once(&app, Ok("second try")).unwrap();
    assert!(matches!(done, Once::Done(_)), "{done:?}");
    let replayed = once(&app, Ok("third try")).unwrap();
    let Once::Replayed(answer) = replayed else {
        panic!("{replayed:?}");
    };
    assert_eq!(answer.body, "second try");
}

#[actix_web::test]
async fn answers_are_forgotten_after_thirty_days() {
    let app = TestApp::start().await;
    once(&app, Ok("first")).unwrap();
    app.clock.advance(Duration::days(30));
    assert_eq!(idempotency::purge(&app.ctx).unwrap(), 0);
    app.clock.advance(Duration::seconds(1));
    assert_eq!(idempotency::purge(&app.ctx).unwrap(), 1);
    let anew = once(&app, Ok("anew")).unwrap();
    assert!(matches!(anew, Once::Done(_)), "{anew:?}");
}
