//! Who may sign in: added, changed, shut out, and never the last administrator.

use std::sync::Arc;

use forbear::actions::people::{self, Profile};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::UserId;
use forbear::error::AppError;
use forbear::store::users::{self, User};

use crate::support::app::PASSWORD;
use crate::support::{Client, TestApp};

fn everyone(app: &TestApp) -> Vec<User> {
    let people = app.rows(users::list);
    people.into_iter().map(|(user, _)| user).collect()
}

fn only(app: &TestApp, role: Role) -> User {
    let mut found: Vec<User> = everyone(app)
        .into_iter()
        .filter(|user| user.role == role)
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

async fn sign_in_with<'a>(app: &'a TestApp, email: &str, password: &str) -> Client<'a> {
    let mut client = app.anonymous();
    let answer = client
        .post("/sign-in", &[("email", email), ("password", password)])
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    client
}

const ROBIN: [(&str, &str); 4] = [
    ("name", "Robin Ames"),
    ("email", "Robin@people.example"),
    ("role", "agent"),
    ("creditor", ""),
];

#[actix_web::test]
async fn a_new_person_chooses_a_password_before_anything_else() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in(Role::Administrator, None).await;
    let added = admin.post("/people", &ROBIN).await;
    assert_eq!(added.status, 201, "{}", added.body);
    let (_, rest) = added.body.split_once("data-copy=\"").unwrap();
    let first_password = rest.split_once('"').unwrap().0.to_owned();
    admin.get("/people").await.assert_lacks(&first_password);

    let mut robin = sign_in_with(&app, "robin@people.example", &first_password).await;
    assert_eq!(
        robin.get("/placements").await.location(),
        "/settings/security"
    );
    robin
        .get("/settings/security")
        .await
        .assert_contains("Choose a password of your own");
    let chosen = robin
        .post(
            "/settings/security/password",
            &[
                ("current_password", &first_password),
                ("new_password", PASSWORD),
            ],
        )
        .await;
    assert_eq!(chosen.status, 303, "{}", chosen.body);
    assert_eq!(robin.get("/placements").await.status, 200);
}

#[actix_web::test]
async fn what_does_not_fit_is_shown_with_everything_that_was_typed() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let mut admin = app.sign_in(Role::Administrator, None).await;
    admin.post("/people", &ROBIN).await;
    for (change, why) in [
        (
            ("email", "robin@people.example"),
            "signs in with this address already",
        ),
        (("email", "robin"), "Enter an email address"),
        (("name", ""), "Enter a name"),
        (("role", "owner"), "Choose a role"),
        (("role", "creditor_admin"), "Choose the creditor"),
        (("creditor", acme.as_str()), "belong to no creditor"),
        (("creditor", "0"), "There is no such creditor"),
    ] {
        let mut fields = ROBIN;
        fields[1].1 = "robin.two@people.example";
        for field in &mut fields {
            if field.0 == change.0 {
                *field = change;
            }
        }
        let answer = admin.post("/people", &fields).await;
        assert_eq!(answer.status, 422, "{change:?}");
        answer.assert_contains(why);
        answer.assert_contains(fields[1].1);
    }
}

#[actix_web::test]
async fn a_change_of_role_counts_from_the_next_request() {
    let app = TestApp::start().await;
    let mut agent = app.sign_in(Role::Agent, None).await;
    let mut admin = app.sign_in(Role::Administrator, None).await;
    let person = only(&app, Role::Agent);
    let path = format!("/people/{}", person.id);
    admin.get(&path).await.assert_contains(&person.email);
    assert_eq!(agent.get("/people").await.status, 403);

    let version = person.version.to_string();
    let fields = [
        ("name", person.name.as_str()),
        ("email", person.email.as_str()),
        ("role", "administrator"),
        ("creditor", ""),
        ("version", version.as_str()),
    ];
    assert_eq!(admin.post(&path, &fields).await.location(), "/people");
    assert_eq!(agent.get("/people").await.status, 200);
    // The same form again, on a row that has moved on.
    assert_eq!(admin.post(&path, &fields).await.status, 409);
}

#[actix_web::test]
async fn whoever_is_deactivated_is_signed_out_at_once_and_stays_out() {
    let app = TestApp::start().await;
    let mut agent = app.sign_in(Role::Agent, None).await;
    let mut admin = app.sign_in(Role::Administrator, None).await;
    let person = only(&app, Role::Agent);
    let path = format!("/people/{}/deactivate", person.id);
    admin.get(&path).await.assert_contains("signed out at once");
    let version = person.version.to_string();
    let done = admin.post(&path, &[("version", &version)]).await;
    assert_eq!(done.location(), "/people");
    assert!(
        agent
            .get("/placements")
            .await
            .location()
            .starts_with("/sign-in")
    );
    let refused = app
        .anonymous()
        .post(
            "/sign-in",
            &[("email", &person.email), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(refused.status, 422);

    let version = only(&app, Role::Agent).version.to_string();
    let path = format!("/people/{}/activate", person.id);
    assert_eq!(
        admin.post(&path, &[("version", &version)]).await.status,
        303
    );
    sign_in_with(&app, &person.email, PASSWORD).await;
}

#[actix_web::test]
async fn a_new_first_password_ends_the_sessions_and_opens_only_the_choice_of_another() {
    let app = TestApp::start().await;
    let mut agent = app.sign_in(Role::Agent, None).await;
    let mut admin = app.sign_in(Role::Administrator, None).await;
    let person = only(&app, Role::Agent);
    let path = format!("/people/{}/reset-password", person.id);
    admin
        .get(&path)
        .await
        .assert_contains("shown a password once");
    let answer = admin.post(&path, &[]).await;
    let (_, rest) = answer.body.split_once("data-copy=\"").unwrap();
    let password = rest.split_once('"').unwrap().0.to_owned();
    assert!(
        agent
            .get("/placements")
            .await
            .location()
            .starts_with("/sign-in")
    );
    let mut again = sign_in_with(&app, &person.email, &password).await;
    assert_eq!(
        again.get("/placements").await.location(),
        "/settings/security"
    );
    assert_eq!(again.post("/sign-out", &[]).await.location(), "/sign-in");
}

#[actix_web::test]
async fn the_last_administrator_can_not_be_removed() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in(Role::Administrator, None).await;
    let person = only(&app, Role::Administrator);
    let version = person.version.to_string();
    let path = format!("/people/{}", person.id);
    let demote = [
        ("name", person.name.as_str()),
        ("email", person.email.as_str()),
        ("role", "compliance"),
        ("creditor", ""),
        ("version", version.as_str()),
    ];
    let answer = admin.post(&path, &demote).await;
    assert_eq!(answer.status, 409);
    answer.assert_contains("last administrator");
    let oneself = admin
        .post(&format!("{path}/deactivate"), &[("version", &version)])
        .await;
    assert_eq!(oneself.status, 409);
    assert!(only(&app, Role::Administrator).active);
}

#[actix_web::test]
async fn two_administrators_who_remove_each_other_leave_one() {
    let app = Arc::new(TestApp::start().await);
    let profile = |n: u8| Profile {
        email: format!("admin{n}@people.example"),
        name: format!("Admin {n}"),
        role: Role::Administrator,
        creditor: None,
    };
    let cli = Actor::System("cli");
    let ids: Vec<UserId> = [1, 2]
        .map(|n| people::invite(&app.ctx, &cli, &profile(n)).unwrap().0)
        .to_vec();
    let removals: Vec<_> = [(ids[0], ids[1]), (ids[1], ids[0])]
        .map(|(actor, target)| {
            let ctx = app.ctx.clone();
            std::thread::spawn(move || {
                people::set_active(&ctx, &Actor::User(actor), target, 1, false)
            })
        })
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    let refused = removals
        .iter()
        .filter(|result| matches!(result, Err(AppError::Conflict(_))))
        .count();
    assert_eq!(refused, 1, "{removals:?}");
    assert_eq!(everyone(&app).iter().filter(|user| user.active).count(), 1);
}
