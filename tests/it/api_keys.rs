//! Keys of programs: shown once, recognised, replaced, revoked.

use chrono::Duration;
use forbear::actions::api_keys::{self, Caller};
use forbear::domain::actor::Actor;
use forbear::domain::api_key::ApiKeyAccess;
use forbear::domain::id::{ApiKeyId, CreditorId};
use forbear::error::AppError;
use forbear::store::{Scope, api_keys as rows};

use crate::support::TestApp;

const CLI: Actor = Actor::System("cli");

fn creditor_key(app: &TestApp, creditor: CreditorId, access: ApiKeyAccess) -> (ApiKeyId, String) {
    api_keys::create(&app.ctx, &CLI, Some(creditor), access, "Billing system").unwrap()
}

fn row(app: &TestApp, id: ApiKeyId) -> rows::ApiKey {
    app.ctx
        .read(|conn| Ok(rows::find(conn, Scope::Agency, id)?))
        .unwrap()
        .unwrap()
}

#[actix_web::test]
async fn a_key_names_its_creditor_and_what_it_may_do() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let (id, text) = creditor_key(&app, acme, ApiKeyAccess::Read);
    assert!(text.starts_with("ca_"), "{text}");
    assert_eq!(
        api_keys::authenticate(&app.ctx, &text).unwrap(),
        Caller {
            key: id,
            access: ApiKeyAccess::Read,
            creditor: Some(acme),
        }
    );

    let (_, staff) = api_keys::create(&app.ctx, &CLI, None, ApiKeyAccess::Staff, "Voice").unwrap();
    assert!(staff.starts_with("st_"), "{staff}");
    assert_eq!(
        api_keys::authenticate(&app.ctx, &staff).unwrap().creditor,
        None
    );
}

#[actix_web::test]
async fn the_database_holds_no_part_of_the_secret() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let (id, text) = creditor_key(&app, acme, ApiKeyAccess::Full);
    let secret = text.rsplit('_').next().unwrap();
    let stored = format!("{:?}", row(&app, id));
    assert!(stored.contains(text.split('_').nth(1).unwrap()));
    assert!(!stored.contains(secret));
}

#[actix_web::test]
async fn a_text_that_is_almost_the_key_opens_nothing() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let (_, text) = creditor_key(&app, acme, ApiKeyAccess::Full);
    let (body, last) = text.split_at(text.len() - 1);
    let other_last = if last == "2" { "3" } else { "2" };
    for wrong in [
        format!("{body}{other_last}"),
        body.to_owned(),
        text.replacen("ca_", "st_", 1),
        text.to_lowercase(),
        String::new(),
    ] {
        let answer = api_keys::authenticate(&app.ctx, &wrong);
        assert!(matches!(answer, Err(AppError::Unauthenticated)), "{wrong}");
    }
}

#[actix_web::test]
async fn a_rotated_key_is_replaced_at_once_by_one_of_the_same_kind() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let (old, old_text) = creditor_key(&app, acme, ApiKeyAccess::Read);
    let (new, new_text) = api_keys::rotate(&app.ctx, &CLI, Scope::Creditor(acme), old).unwrap();
    assert!(matches!(
        api_keys::authenticate(&app.ctx, &old_text),
        Err(AppError::Unauthenticated)
    ));
    let caller = api_keys::authenticate(&app.ctx, &new_text).unwrap();
    assert_eq!((caller.key, caller.access), (new, ApiKeyAccess::Read));
    assert_eq!(row(&app, new).label, "Billing system");

    let again = api_keys::rotate(&app.ctx, &CLI, Scope::Creditor(acme), old);
    assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
}

#[actix_web::test]
async fn nobody_reaches_the_key_of_another_creditor() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let other = app.creditor("Other");
    let (id, text) = creditor_key(&app, acme, ApiKeyAccess::Full);
    for answer in [
        api_keys::revoke(&app.ctx, &CLI, Scope::Creditor(other), id),
        api_keys::rotate(&app.ctx, &CLI, Scope::Creditor(other), id).map(drop),
    ] {
        assert!(matches!(answer, Err(AppError::NotFound)), "{answer:?}");
    }
    assert!(api_keys::authenticate(&app.ctx, &text).is_ok());

    api_keys::revoke(&app.ctx, &CLI, Scope::Creditor(acme), id).unwrap();
    assert!(matches!(
        api_keys::authenticate(&app.ctx, &text),
        Err(AppError::Unauthenticated)
    ));
}

#[actix_web::test]
async fn the_last_use_is_noted_once_a_minute() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let (id, text) = creditor_key(&app, acme, ApiKeyAccess::Full);
    assert_eq!(row(&app, id).last_used_at, None);

    let first = app.now();
    api_keys::authenticate(&app.ctx, &text).unwrap();
    app.clock.advance(Duration::seconds(59));
    api_keys::authenticate(&app.ctx, &text).unwrap();
    assert_eq!(row(&app, id).last_used_at, Some(first));
    app.clock.advance(Duration::seconds(1));
    api_keys::authenticate(&app.ctx, &text).unwrap();
    assert_eq!(row(&app, id).last_used_at, Some(app.now()));
}

#[actix_web::test]
async fn a_key_without_a_label_or_with_the_wrong_owner_is_refused() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let make = |creditor, access, label: &str| {
        let answer = api_keys::create(&app.ctx, &CLI, creditor, access, label);
        match answer {
            Err(AppError::Invalid(errors)) => errors.iter().map(|e| e.field).collect(),
            other => panic!("{other:?}"),
        }
    };
    let long = "x".repeat(101);
    for (creditor, access, label, field) in [
        (Some(acme), ApiKeyAccess::Full, "  ", "label"),
        (Some(acme), ApiKeyAccess::Full, long.as_str(), "label"),
        (Some(acme), ApiKeyAccess::Full, "a\nb", "label"),
        (Some(acme), ApiKeyAccess::Staff, "Desk", "access"),
        (None, ApiKeyAccess::Full, "Desk", "access"),
    ] {
        let fields: Vec<&str> = make(creditor, access, label);
        assert_eq!(fields, [field], "{label:?}");
    }
}
