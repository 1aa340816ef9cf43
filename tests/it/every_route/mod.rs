//! Every route of the table, against everyone who should not get through it. A new route is
//! covered by standing in the table; only a parameter of a new kind needs a value in [`world`].

mod headers;
mod programs;
mod world;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use forbear::domain::access::Role;
use forbear::domain::id::PlacementId;
use forbear::domain::text_enum::TextEnum;
use forbear::routes::{self, Access, Entry};
use forbear::web::api::not_done;

use crate::support::{Answer, Client, TestApp};
use world::{FOREIGN, OWN, World};

/// What a path's parameters are filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ids {
    /// Of the creditor that asks.
    Own,
    /// Of another creditor.
    Foreign,
    /// Well formed, and nobody's.
    Missing,
    /// Nothing that could be an id.
    Malformed,
}

/// The path with its parameters filled in; `None` where `ids` can't be had for it: a path without
/// parameters has nothing foreign.
fn fill(world: &World, app: &TestApp, pattern: &str, ids: Ids) -> Option<String> {
    let mut filled = Vec::new();
    let mut before = "";
    let mut has_creditors_id = false;
    for step in pattern.split('/') {
        if step.starts_with('{') {
            let value = world.value(before).unwrap_or_else(|| {
                panic!(
                    "{pattern}: nothing is known to put for {step} after `{before}`. Add a row \
                     and a line for it in tests/it/every_route/world.rs."
                )
            });
            has_creditors_id |= value.foreign.is_some();
            filled.push(match (ids, value.foreign) {
                (Ids::Own, _) | (_, None) => value.own,
                (Ids::Foreign, Some(foreign)) => foreign,
                (Ids::Missing, Some(_)) => PlacementId::generate(app.now()).to_string(),
                (Ids::Malformed, Some(_)) => "0".to_owned(),
            });
        } else {
            filled.push(step.to_owned());
        }
        before = step;
    }
    (has_creditors_id || ids == Ids::Own).then(|| filled.join("/"))
}

fn own_path(world: &World, app: &TestApp, entry: &Entry) -> String {
    fill(world, app, entry.path, Ids::Own).unwrap()
}

fn name(entry: &Entry) -> String {
    format!("{} {}", entry.method, entry.path)
}

async fn send(client: &mut Client<'_>, method: &Method, path: &str) -> Answer {
    let mut request = TestRequest::with_uri(path).method(method.clone());
    if *method == Method::POST {
        request = if path.starts_with("/v1/") {
            request.set_json(serde_json::json!({}))
        } else {
            request.set_form([("nothing", "")])
        };
    }
    client.send(request).await
}

fn roles() -> impl Iterator<Item = Role> {
    Role::WORDS.iter().map(|(role, _)| *role)
}

async fn sign_in<'a>(app: &'a TestApp, role: Role) -> Client<'a> {
    app.sign_in(role, role.belongs_to_creditor().then_some(OWN))
        .await
}

/// A role that may use the route.
fn someone_who_may(access: Access) -> Option<Role> {
    match access {
        Access::Needs(capability) => roles().find(|role| role.can(capability)),
        Access::Public | Access::Portal | Access::Provider | Access::Key(_) => None,
    }
}

#[actix_web::test]
async fn a_stranger_is_asked_to_sign_in_or_refused() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    for entry in routes::table() {
        let path = own_path(&world, &app, &entry);
        let answer = send(&mut app.anonymous(), &entry.method, &path).await;
        let is_right = match entry.access {
            Access::Public => !matches!(answer.status, 401 | 403 | 405 | 500..),
            Access::Needs(_) if entry.method == Method::GET => {
                answer.status == 303 && answer.location().starts_with("/sign-in?next=")
            }
            Access::Needs(_) | Access::Key(_) | Access::Provider => answer.status == 401,
            // A page of the portal says how to get in, and nothing of the debt.
            Access::Portal => matches!(answer.status, 303 | 401 | 403 | 404),
        };
        assert!(is_right, "{}: {}", name(&entry), answer.status);
    }
}

#[actix_web::test]
async fn a_change_asked_for_by_another_site_is_refused_before_anything_else() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    for entry in routes::table() {
        // A key or a secret is nothing that a browser adds by itself.
        let for_programs = matches!(entry.access, Access::Key(_) | Access::Provider);
        if entry.method == Method::GET || for_programs {
            continue;
        }
        let mut client = match someone_who_may(entry.access) {
            Some(role) => sign_in(&app, role).await,
            None => app.anonymous(),
        };
        let path = own_path(&world, &app, &entry);
        for (site, origin) in [
            ("cross-site", "https://evil.example"),
            ("same-site", "http://other.forbear.test"),
            ("", "null"),
            ("", ""),
        ] {
            client.set_header("sec-fetch-site", site);
            client.set_header("origin", origin);
            let answer = send(&mut client, &entry.method, &path).await;
            assert_eq!(answer.status, 403, "{} from {site:?}", name(&entry));
        }
    }
}

#[actix_web::test]
async fn each_role_reaches_what_its_capabilities_name_and_nothing_else() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    for role in roles() {
        for entry in routes::table() {
            let Access::Needs(capability) = entry.access else {
                continue;
            };
            // Anew each time: one of the routes signs out.
            let mut client = sign_in(&app, role).await;
            let path = own_path(&world, &app, &entry);
            let answer = send(&mut client, &entry.method, &path).await;
            let what = format!("{} as {role:?}: {}", name(&entry), answer.status);
            if role.can(capability) {
                assert!(!matches!(answer.status, 401 | 403 | 405 | 500..), "{what}");
            } else {
                assert_eq!(answer.status, 403, "{what}");
            }
        }
    }
}

#[actix_web::test]
async fn another_creditors_id_looks_like_one_that_does_not_exist() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    for role in [Role::CreditorAdmin, Role::CreditorMember] {
        let mut client = sign_in(&app, role).await;
        for entry in routes::table() {
            let Access::Needs(capability) = entry.access else {
                continue;
            };
            let Some(foreign) = fill(&world, &app, entry.path, Ids::Foreign) else {
                continue;
            };
            if !role.can(capability) {
                continue;
            }
            let missing = fill(&world, &app, entry.path, Ids::Missing).unwrap();
            let foreign = send(&mut client, &entry.method, &foreign).await;
            let missing = send(&mut client, &entry.method, &missing).await;
            let what = format!("{} as {role:?}", name(&entry));
            assert_eq!((foreign.status, missing.status), (404, 404), "{what}");
            assert_eq!(foreign.body.len(), missing.body.len(), "{what}");
            foreign.assert_lacks("Dana");
            foreign.assert_lacks(FOREIGN);
        }
    }
}

#[actix_web::test]
async fn an_id_that_cannot_be_one_names_nothing() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    for entry in routes::table() {
        let Some(path) = fill(&world, &app, entry.path, Ids::Malformed) else {
            continue;
        };
        let Some(role) = someone_who_may(entry.access) else {
            continue;
        };
        let mut client = sign_in(&app, role).await;
        let answer = send(&mut client, &entry.method, &path).await;
        assert_eq!(answer.status, 404, "{} as {role:?}", name(&entry));
    }
}

#[actix_web::test]
async fn a_method_that_a_path_does_not_take_is_named_as_such() {
    let app = TestApp::start().await;
    let world = World::make(&app);
    for entry in routes::table() {
        let path = own_path(&world, &app, &entry);
        for method in [Method::PATCH, Method::TRACE] {
            if not_done::find(&method, &path).is_some() {
                continue;
            }
            let answer = send(&mut app.anonymous(), &method, &path).await;
            // The API knows more methods than it has, and says so to whoever has a key.
            let with_key = path.starts_with("/v1/") && matches!(answer.status, 401 | 501);
            assert!(answer.status == 405 || with_key, "{method} {path}");
        }
    }
}

#[test]
fn a_path_stands_in_the_table_once_for_each_method() {
    let table = routes::table();
    for (index, entry) in table.iter().enumerate() {
        let again = table[index + 1..]
            .iter()
            .any(|other| other.path == entry.path && other.method == entry.method);
        assert!(!again, "{} stands there twice", name(entry));
        let for_browsers = !entry.path.starts_with("/v1/");
        if for_browsers {
            // Forms know no other.
            let known = matches!(entry.method, Method::GET | Method::POST);
            assert!(known, "{}", name(entry));
        }
    }
}

#[test]
fn programs_have_their_own_paths_and_people_theirs() {
    for entry in routes::table() {
        let for_programs = entry.path.starts_with("/v1/") || entry.path.starts_with("/hooks/");
        let is_public = entry.access == Access::Public;
        let with_key = matches!(entry.access, Access::Key(_) | Access::Provider);
        assert!(
            is_public || for_programs == with_key,
            "{}: {:?}",
            name(&entry),
            entry.access
        );
    }
}
