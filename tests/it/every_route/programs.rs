//! The routes for programs, against keys that should not open them.

use forbear::actions::api_keys;
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::api_key::ApiKeyAccess;
use forbear::domain::id::CreditorId;
use forbear::routes::{self, Access, Entry, KeyAccess};

use super::world::{FOREIGN, World};
use super::{Ids, fill, name, own_path, send, sign_in};
use crate::support::{Answer, Client, TestApp};

/// The routes that want a key, with what it must allow.
fn for_programs() -> impl Iterator<Item = (Entry, KeyAccess)> {
    routes::table()
        .into_iter()
        .filter_map(|entry| match entry.access {
            Access::Key(needs) => Some((entry, needs)),
            Access::Public | Access::Needs(_) | Access::Portal | Access::Provider => None,
        })
}

/// A program with a key of this creditor.
fn program<'a>(app: &'a TestApp, creditor: CreditorId, access: ApiKeyAccess) -> Client<'a> {
    let cli = Actor::System("cli");
    let (_, key) = api_keys::create(&app.ctx, &cli, Some(creditor), access, "Billing").unwrap();
    with_key(app, &key)
}

fn with_key<'a>(app: &'a TestApp, key: &str) -> Client<'a> {
    let mut client = app.anonymous();
    client.set_header("sec-fetch-site", "");
    client.set_header("authorization", &format!("Bearer {key}"));
    client
}

#[track_caller]
fn assert_problem(answer: &Answer, what: &str) {
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{what}"
    );
}

#[actix_web::test]
async fn without_a_key_or_with_a_wrong_one_nothing_opens() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    let almost = format!("ca_2345BCDF_{}", "2".repeat(54));
    for (entry, _) in for_programs() {
        let path = own_path(&world, &app, &entry);
        for key in ["", "x", almost.as_str()] {
            let answer = send(&mut with_key(&app, key), &entry.method, &path).await;
            assert_eq!(answer.status, 401, "{} with {key:?}", name(&entry));
            assert_problem(&answer, &name(&entry));
        }
    }
}

#[actix_web::test]
async fn a_cookie_is_worth_nothing_to_a_program() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    let mut administrator = sign_in(&app, Role::Administrator).await;
    for (entry, _) in for_programs() {
        let path = own_path(&world, &app, &entry);
        let answer = send(&mut administrator, &entry.method, &path).await;
        assert!(
            matches!(answer.status, 400 | 401 | 403),
            "{}: {}",
            name(&entry),
            answer.status
        );
        assert_problem(&answer, &name(&entry));
    }
}

#[actix_web::test]
async fn a_key_for_reading_changes_nothing() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    let mut reader = program(&app, world.own_creditor, ApiKeyAccess::Read);
    for (entry, needs) in for_programs() {
        let path = own_path(&world, &app, &entry);
        let answer = send(&mut reader, &entry.method, &path).await;
        let what = format!("{}: {}", name(&entry), answer.status);
        match needs {
            KeyAccess::Write => assert_eq!(answer.status, 403, "{what}"),
            KeyAccess::Read => assert!(!matches!(answer.status, 401 | 405 | 500..), "{what}"),
        }
    }
}

#[actix_web::test]
async fn to_a_key_another_creditors_id_looks_like_one_that_does_not_exist() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    let mut client = program(&app, world.own_creditor, ApiKeyAccess::Full);
    for (entry, _) in for_programs() {
        let path = |ids| fill(&world, &app, entry.path, ids);
        let (Some(foreign), Some(missing)) = (path(Ids::Foreign), path(Ids::Missing)) else {
            continue;
        };
        let foreign = send(&mut client, &entry.method, &foreign).await;
        let missing = send(&mut client, &entry.method, &missing).await;
        let what = name(&entry);
        // A body that doesn't fit, or what only the staff's keys may do, is refused before anyone is
        // looked up: then for both.
        assert!(matches!(foreign.status, 400 | 403 | 404 | 422), "{what}");
        assert_eq!(foreign.status, missing.status, "{what}");
        assert_eq!(foreign.body.len(), missing.body.len(), "{what}");
        foreign.assert_lacks("Dana");
        foreign.assert_lacks(FOREIGN);
        if let Some(malformed) = path(Ids::Malformed) {
            let answer = send(&mut client, &entry.method, &malformed).await;
            assert!(matches!(answer.status, 400 | 403 | 404 | 422), "{what}");
        }
    }
}
