//! Settings: keys of programs on their page, one's own password and sessions, creditors.

use forbear::domain::access::Role;
use forbear::domain::api_key::ApiKeyAccess;

use crate::support::app::PASSWORD;
use crate::support::{Answer, Client, TestApp};

/// The key that a page shows.
fn shown_key(answer: &Answer) -> String {
    let (_, rest) = answer.body.split_once("data-copy=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// The path of the first key's page for this.
async fn key_path(client: &mut Client<'_>, what: &str) -> String {
    let page = client.get("/settings/api-keys").await;
    let end = format!("/{what}\"");
    let (before, _) = page.body.split_once(&end).unwrap();
    let (_, path) = before.rsplit_once("href=\"").unwrap();
    format!("{path}/{what}")
}

const NEW_PASSWORD: &str = "staple battery horse";

#[actix_web::test]
async fn settings_lead_everyone_to_what_they_may_open() {
    let app = TestApp::start().await;
    app.creditor("Acme");
    for (role, creditor, page) in [
        (Role::CreditorAdmin, Some("Acme"), "/settings/api-keys"),
        (Role::CreditorMember, Some("Acme"), "/settings/security"),
        (Role::Agent, None, "/settings/security"),
        (Role::Administrator, None, "/people"),
    ] {
        let mut user = app.sign_in(role, creditor).await;
        assert_eq!(user.get("/settings").await.location(), page, "{role:?}");
        assert_eq!(user.get(page).await.status, 200);
    }
}

#[actix_web::test]
async fn a_key_is_shown_once_and_works() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let mut admin = app.sign_in(Role::CreditorAdmin, Some("Acme")).await;
    let made = admin
        .post(
            "/settings/api-keys",
            &[("name", "Billing export"), ("access", "read")],
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let key = shown_key(&made);
    let who = app.program_with(&key).get("/v1/whoami").await.json();
    assert_eq!(who["creditor"]["id"], acme.as_str());
    assert_eq!(who["key"]["access"], "read");

    let page = admin.get("/settings/api-keys").await;
    page.assert_contains("Billing export");
    page.assert_contains(&key[..11]);
    page.assert_lacks(&key);
    page.assert_contains("just now");
}

#[actix_web::test]
async fn a_key_is_rotated_and_revoked_after_a_page_that_says_what_happens() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let old = app.key(Some(acme), ApiKeyAccess::Full);
    let mut admin = app.sign_in(Role::CreditorAdmin, Some("Acme")).await;

    let path = key_path(&mut admin, "rotate").await;
    admin
        .get(&path)
        .await
        .assert_contains("stops working at once");
    let rotated = admin.post(&path, &[]).await;
    assert_eq!(rotated.status, 201, "{}", rotated.body);
    let new = shown_key(&rotated);
    assert_eq!(app.program_with(&old).get("/v1/whoami").await.status, 401);
    assert_eq!(app.program_with(&new).get("/v1/whoami").await.status, 200);
    assert_eq!(admin.post(&path, &[]).await.status, 409);

    let path = key_path(&mut admin, "revoke").await;
    admin.get(&path).await.assert_contains("for good");
    assert_eq!(
        admin.post(&path, &[]).await.location(),
        "/settings/api-keys"
    );
    assert_eq!(app.program_with(&new).get("/v1/whoami").await.status, 401);
    admin
        .get("/settings/api-keys")
        .await
        .assert_contains("Revoked");
}

#[actix_web::test]
async fn the_form_for_a_key_works_as_it_first_stands() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let mut admin = app.sign_in(Role::Administrator, None).await;
    let page = admin.get("/settings/api-keys").await;
    page.assert_contains(&format!(r#"<option value="{acme}" selected>"#));
    page.assert_says("Staff is for every creditor.");
    let as_it_stands = [
        ("name", "Billing"),
        ("access", "full"),
        ("creditor", acme.as_str()),
    ];
    let made = admin.post("/settings/api-keys", &as_it_stands).await;
    assert_eq!(made.status, 201, "{}", made.body);
    // What was chosen comes back as it was chosen.
    let every = [("name", "Billing"), ("access", "full"), ("creditor", "")];
    let refused = admin.post("/settings/api-keys", &every).await;
    assert_eq!(refused.status, 422);
    refused.assert_says("Choose whose key it is.");
    refused.assert_lacks(&format!(r#"<option value="{acme}" selected>"#));
}

#[actix_web::test]
async fn a_creditors_admin_makes_no_key_but_the_creditors_own() {
    let app = TestApp::start().await;
    app.creditor("Acme");
    let other = app.creditor("Other");
    let theirs = app.key(Some(other), ApiKeyAccess::Full);
    let mut admin = app.sign_in(Role::CreditorAdmin, Some("Acme")).await;
    let staff = admin
        .post(
            "/settings/api-keys",
            &[("name", "Desk"), ("access", "staff")],
        )
        .await;
    assert_eq!(staff.status, 422);
    let made = admin
        .post(
            "/settings/api-keys",
            &[
                ("name", "X"),
                ("access", "full"),
                ("creditor", other.as_str()),
            ],
        )
        .await;
    let who = app.program_with(&shown_key(&made)).get("/v1/whoami").await;
    assert_eq!(who.json()["creditor"]["name"], "Acme");
    admin
        .get("/settings/api-keys")
        .await
        .assert_lacks(&theirs[3..11]);
}

#[actix_web::test]
async fn an_administrator_makes_keys_for_anyone_and_staff_keys_for_nobody() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let mut admin = app.sign_in(Role::Administrator, None).await;
    for (access, creditor, status) in [
        ("staff", "", 201),
        ("staff", acme.as_str(), 422),
        ("full", "", 422),
        ("full", acme.as_str(), 201),
        ("full", "nobody", 422),
        ("everything", "", 422),
    ] {
        let fields = [
            ("name", "A key"),
            ("access", access),
            ("creditor", creditor),
        ];
        let answer = admin.post("/settings/api-keys", &fields).await;
        assert_eq!(answer.status, status, "{access} for {creditor:?}");
    }
    let nameless = [("name", ""), ("access", "staff"), ("creditor", "")];
    let answer = admin.post("/settings/api-keys", &nameless).await;
    assert_eq!(answer.status, 422);
    answer.assert_contains("Enter a label");
}

#[actix_web::test]
async fn changing_the_password_ends_every_other_session() {
    let app = TestApp::start().await;
    let mut here = app.sign_in(Role::Agent, None).await;
    let email = signed_in_email(&app);
    let mut there = app.anonymous();
    there
        .post("/sign-in", &[("email", &email), ("password", PASSWORD)])
        .await;
    let key_before = here.cookie("forbear").unwrap().to_owned();

    let security = here.get("/settings/security").await;
    assert_eq!(security.body.matches("This one").count(), 1);
    let changed = here
        .post(
            "/settings/security/password",
            &[
                ("current_password", PASSWORD),
                ("new_password", NEW_PASSWORD),
            ],
        )
        .await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    here.get("/settings/security")
        .await
        .assert_contains("Your password is changed");
    assert!(
        there
            .get("/settings/security")
            .await
            .location()
            .starts_with("/sign-in")
    );
    let mut thief = app.anonymous();
    thief.set_cookie("forbear", &key_before);
    assert!(
        thief
            .get("/settings/security")
            .await
            .location()
            .starts_with("/sign-in")
    );

    let mut again = app.anonymous();
    for (password, status) in [(PASSWORD, 422), (NEW_PASSWORD, 303)] {
        let answer = again
            .post("/sign-in", &[("email", &email), ("password", password)])
            .await;
        assert_eq!(answer.status, status);
    }
}

/// The address of the only person there is.
fn signed_in_email(app: &TestApp) -> String {
    let people = app.rows(forbear::store::users::list);
    people.first().unwrap().0.email.clone()
}

#[actix_web::test]
async fn a_wrong_current_password_changes_nothing_and_can_not_be_guessed() {
    let app = TestApp::start().await;
    let mut user = app.sign_in(Role::Agent, None).await;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let answer = user
            .post(
                "/settings/security/password",
                &[
                    ("current_password", "guess"),
                    ("new_password", NEW_PASSWORD),
                ],
            )
            .await;
        statuses.push(answer.status);
    }
    assert_eq!(statuses[..6], [422; 6]);
    assert_eq!(statuses[6], 429);
    for (new, why) in [("short", "at least"), (PASSWORD, "not the present one")] {
        let mut other = app.sign_in(Role::Agent, None).await;
        let answer = other
            .post(
                "/settings/security/password",
                &[("current_password", PASSWORD), ("new_password", new)],
            )
            .await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        answer.assert_contains(why);
        answer.assert_lacks(PASSWORD);
    }
}

#[actix_web::test]
async fn signing_out_everywhere_ends_this_session_too() {
    let app = TestApp::start().await;
    let mut here = app.sign_in(Role::Agent, None).await;
    let email = signed_in_email(&app);
    let mut there = app.anonymous();
    there
        .post("/sign-in", &[("email", &email), ("password", PASSWORD)])
        .await;
    let path = "/settings/security/sign-out-everywhere";
    here.get(path).await.assert_contains("this one too");
    assert_eq!(here.post(path, &[]).await.location(), "/sign-in");
    for client in [&mut here, &mut there] {
        assert!(
            client
                .get("/settings")
                .await
                .location()
                .starts_with("/sign-in")
        );
    }
}

#[actix_web::test]
async fn an_administrator_adds_a_creditor_with_its_fee() {
    let app = TestApp::start().await;
    let mut admin = app.sign_in(Role::Administrator, None).await;
    let fields = [("name", "Northwind Traders"), ("fee_percent", "12.5")];
    assert_eq!(
        admin.post("/creditors", &fields).await.location(),
        "/creditors"
    );
    let page = admin.get("/creditors").await;
    page.assert_contains("Northwind Traders");
    page.assert_contains("12.5 %");
    for (fields, why) in [
        (
            [("name", "Northwind Traders"), ("fee_percent", "1")],
            "of this name already",
        ),
        (
            [("name", "Another"), ("fee_percent", "101")],
            "from 0 to 100",
        ),
        ([("name", " "), ("fee_percent", "1")], "Enter a name"),
    ] {
        let answer = admin.post("/creditors", &fields).await;
        assert_eq!(answer.status, 422);
        answer.assert_contains(why);
    }
}
