//! Settings, Webhooks: as a creditor's admin and an administrator see it, and as programs ask.

use forbear::domain::access::Role;
use forbear::store::Scope;
use forbear::store::webhook_endpoints;

use super::scene::{deliveries, endpoint, pay, work};
use crate::support::TestApp;
use crate::support::receiver::{Receiver, Reply};

const CREDITOR: &str = "Harbor Supply";

#[actix_web::test]
async fn an_admin_adds_an_endpoint_sees_the_secret_once_and_tests_it() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let receiver = Receiver::start(|_| Reply::With(200, Vec::new(), "got it".to_owned()));
    let mut admin = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    admin
        .get("/settings/webhooks")
        .await
        .assert_says("No endpoint yet.");
    let url = receiver.url();
    let made = admin
        .post(
            "/settings/webhooks",
            &[("url", &url), ("description", "Billing"), ("which", "all")],
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.assert_contains("whsec_");
    let list = admin.get("/settings/webhooks").await;
    list.assert_says("Billing");
    list.assert_says("Enabled");
    list.assert_lacks("whsec_");
    let id = app
        .rows(|conn| webhook_endpoints::list(conn, Scope::Agency))
        .remove(0)
        .0
        .id;
    let page = admin.get(&format!("/settings/webhooks/{id}")).await;
    page.assert_lacks("whsec_");

    let sent = admin
        .post(&format!("/settings/webhooks/{id}/test"), &[])
        .await;
    assert_eq!(sent.status, 303);
    work(&app).await;
    let delivery = admin.get(sent.location()).await;
    delivery.assert_says("webhook.test");
    delivery.assert_says("Delivered");
    delivery.assert_says("got it");
    delivery.assert_says("webhook-signature: v1,");
    let again = admin
        .post(&format!("{}/redeliver", sent.location()), &[])
        .await;
    assert_eq!(again.status, 303);
    assert_eq!(work(&app).await, 1);
    admin
        .get("/settings/webhook-deliveries?status=delivered")
        .await
        .assert_says("1–2 of 2 messages");
}

#[actix_web::test]
async fn what_does_not_fit_comes_back_with_what_was_typed() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut admin = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    for (url, why) in [
        ("http://example.com/x", "Use https"),
        ("https://10.0.0.1/x", "not on the public internet"),
        ("https://me:pw@example.com/x", "Leave name and password out"),
        ("https://example.com:22/x", "Use port 443 or 8443."),
        ("example", "Enter a whole address"),
    ] {
        let answer = admin
            .post(
                "/settings/webhooks",
                &[
                    ("url", url),
                    ("which", "chosen"),
                    ("events", "payment.received"),
                ],
            )
            .await;
        assert_eq!(answer.status, 422, "{url}");
        answer.assert_says(why);
        assert_eq!(answer.field("url"), url);
        answer.assert_contains("value=\"payment.received\" checked");
    }
    let none = admin
        .post(
            "/settings/webhooks",
            &[("url", "https://example.com/"), ("which", "chosen")],
        )
        .await;
    none.assert_says("Choose at least one event.");
}

#[actix_web::test]
async fn an_endpoint_is_changed_rotated_disabled_enabled_and_deleted() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let made = endpoint(&app, creditor, "https://example.com/hooks", &[]);
    let path = format!("/settings/webhooks/{}", made.endpoint.id);
    let mut admin = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    let fields = [
        ("url", "https://example.com/new"),
        ("which", "chosen"),
        ("events", "payment.received"),
        ("events", "dispute.opened"),
        ("version", "1"),
    ];
    assert_eq!(admin.post(&path, &fields).await.status, 303);
    admin
        .get("/settings/webhooks")
        .await
        .assert_says("2 events");
    let stale = admin.post(&path, &fields).await;
    assert_eq!(stale.status, 409);

    let ask = admin.get(&format!("{path}/rotate-secret")).await;
    ask.assert_says("For 24 hours every message carries two signatures");
    let rotated = admin.post(&format!("{path}/rotate-secret"), &[]).await;
    assert_eq!(rotated.status, 201);
    rotated.assert_contains("whsec_");
    rotated.assert_lacks(&made.secret);

    assert_eq!(admin.get(&format!("{path}/disable")).await.status, 200);
    assert_eq!(
        admin.post(&format!("{path}/disable"), &[]).await.status,
        303
    );
    assert_eq!(
        admin.post(&format!("{path}/disable"), &[]).await.status,
        409
    );
    admin
        .get(&path)
        .await
        .assert_says("This endpoint is disabled");
    assert_eq!(admin.post(&format!("{path}/test"), &[]).await.status, 409);
    assert_eq!(admin.post(&format!("{path}/enable"), &[]).await.status, 303);

    assert_eq!(admin.get(&format!("{path}/delete")).await.status, 200);
    assert_eq!(admin.post(&format!("{path}/delete"), &[]).await.status, 303);
    assert_eq!(admin.get(&path).await.status, 404);
    admin
        .get("/settings/webhooks")
        .await
        .assert_says("No endpoint yet.");
}

#[actix_web::test]
async fn ten_endpoints_are_enough() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    for n in 0..10 {
        endpoint(&app, creditor, &format!("https://example.com/{n}"), &[]);
    }
    let mut admin = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    let answer = admin
        .post(
            "/settings/webhooks",
            &[("url", "https://example.com/11"), ("which", "all")],
        )
        .await;
    assert_eq!(answer.status, 422);
    answer.assert_says("There are ten endpoints already.");
}

#[actix_web::test]
async fn an_administrator_sees_every_creditors_and_names_one_to_add() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    let fields = [("url", "https://example.com/a"), ("which", "all")];
    let answer = administrator.post("/settings/webhooks", &fields).await;
    assert_eq!(answer.status, 422);
    answer.assert_says("Choose whose endpoint it is.");
    let id = creditor.to_string();
    let fields = [fields[0], fields[1], ("creditor", &id)];
    assert_eq!(
        administrator
            .post("/settings/webhooks", &fields)
            .await
            .status,
        201
    );
    administrator
        .get("/settings/webhooks")
        .await
        .assert_says(CREDITOR);
}

#[actix_web::test]
async fn programs_read_events_and_deliveries_and_ask_for_tests_once() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let receiver = Receiver::start(|_| Reply::Status(200));
    let mut program = app.program(creditor);
    let events = program.get("/v1/settings/webhook-events").await.json();
    assert_eq!(events["items"][0]["name"], "placement.status_changed");
    let nobody = program
        .post_json(
            "/v1/settings/webhook-deliveries/test",
            &serde_json::json!({}),
        )
        .await;
    assert_eq!(nobody.status, 409);

    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    pay(&app, app.place(creditor, |_| {}), 1);
    program.set_header("idempotency-key", "t1");
    for _ in 0..2 {
        let answer = program
            .post_json(
                "/v1/settings/webhook-deliveries/test",
                &serde_json::json!({}),
            )
            .await;
        assert_eq!(answer.status, 202, "{}", answer.body);
        assert_eq!(answer.json()["items"][0]["event"], "webhook.test");
    }
    program.set_header("idempotency-key", "");
    assert_eq!(work(&app).await, 2);
    let list = program
        .get("/v1/settings/webhook-deliveries?status=delivered&event=payment.received")
        .await
        .json();
    assert_eq!(list["total"], 1);
    assert_eq!(list["items"][0]["response_status"], 200);
    let id = deliveries(&app, made.endpoint.id)[0].id;
    let again = program
        .post_json(
            &format!("/v1/settings/webhook-deliveries/{id}/redeliver"),
            &serde_json::json!({}),
        )
        .await;
    assert_eq!(again.status, 202);
    assert_eq!(again.json()["message_id"], list["items"][0]["message_id"]);
    assert_eq!(work(&app).await, 1);
    let wrong = program
        .get("/v1/settings/webhook-deliveries?status=lost")
        .await;
    assert_eq!(wrong.status, 422);
}
