//! Whether those who receive believe it: the public libraries of Standard Webhooks.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use forbear::actions::webhooks;
use forbear::domain::time::{Clock, SystemClock};
use forbear::store::Scope;
use hyper::HeaderMap;
use standardwebhooks::Webhook;

use super::scene::{CLI, endpoint, pay, work};
use crate::support::TestApp;
use crate::support::receiver::{Received, Receiver, Reply};
use crate::support::skip::{find_program, skip};

fn headers(of: &Received) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, of.header(name).parse().unwrap());
    }
    headers
}

fn verifies(secret: &str, of: &Received) -> bool {
    Webhook::new(secret)
        .unwrap()
        .verify(of.body.as_bytes(), &headers(of))
        .is_ok()
}

/// One message as it arrived today, with the secret that it is signed with.
async fn message(app: &TestApp) -> (String, Received) {
    // The libraries refuse what is older than five minutes.
    app.clock.set(SystemClock.now());
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| Reply::Status(200));
    let made = endpoint(app, creditor, &receiver.url(), &[]);
    pay(app, app.place(creditor, |_| {}), 1);
    assert_eq!(work(app).await, 1);
    (made.secret, receiver.received().remove(0))
}

#[actix_web::test]
async fn the_rust_library_takes_a_message_and_refuses_one_that_was_changed() {
    let app = TestApp::start().await;
    let (secret, received) = message(&app).await;
    assert!(verifies(&secret, &received));
    let mut changed = received.clone();
    changed.body = changed.body.replace("1.00", "9.00");
    assert!(!verifies(&secret, &changed));
    let mut renamed = received.clone();
    renamed
        .headers
        .insert("webhook-id".to_owned(), "another".to_owned());
    assert!(!verifies(&secret, &renamed));
}

#[actix_web::test]
async fn the_rust_library_agrees_on_the_published_vector() {
    let signature = Webhook::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        .unwrap()
        .sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        )
        .unwrap();
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[actix_web::test]
async fn while_a_secret_is_replaced_both_verify_and_then_only_the_new_one() {
    let app = TestApp::start().await;
    app.clock.set(SystemClock.now());
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| Reply::Status(200));
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    let fresh = webhooks::rotate_secret(&app.ctx, &CLI, Scope::Agency, made.endpoint.id).unwrap();
    assert_ne!(fresh.secret, made.secret);
    pay(&app, app.place(creditor, |_| {}), 1);
    work(&app).await;
    let during = receiver.received().remove(0);
    assert!(verifies(&made.secret, &during) && verifies(&fresh.secret, &during));

    // A day later only the new one signs; the clock of the library does not follow ours.
    app.clock.advance(chrono::Duration::hours(25));
    pay(&app, app.place(creditor, |_| {}), 2);
    work(&app).await;
    let after = receiver.received().remove(1);
    let signature = |secret: &str| {
        Webhook::new(secret)
            .unwrap()
            .sign(
                after.header("webhook-id"),
                after.header("webhook-timestamp").parse().unwrap(),
                after.body.as_bytes(),
            )
            .unwrap()
    };
    assert_eq!(after.header("webhook-signature"), signature(&fresh.secret));
}

#[actix_web::test]
async fn the_javascript_library_takes_a_message_and_refuses_one_that_was_changed() {
    const WHAT: &str = "signatures with the JavaScript library of Standard Webhooks";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let Some(node) = find_program("node") else {
        return skip(WHAT, "Node");
    };
    if !folder.join("node_modules/standardwebhooks").is_dir() {
        return skip(WHAT, "its tools (npm ci --prefix tests/browser)");
    }
    let app = TestApp::start().await;
    let (secret, received) = message(&app).await;
    let check = |body: &str| {
        let mut child = Command::new(&node)
            .arg("lib/verify_webhook.mjs")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = serde_json::json!({
            "secret": secret,
            "headers": received.headers,
            "body": body,
        });
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.to_string().as_bytes()).unwrap();
        drop(stdin);
        child.wait_with_output().unwrap()
    };
    let good = check(&received.body);
    let said = String::from_utf8_lossy(&good.stdout);
    assert_eq!(said.trim(), "verified payment.received", "{good:?}");
    let changed = check(&received.body.replace("1.00", "9.00"));
    assert!(!changed.status.success());
    let error = String::from_utf8_lossy(&changed.stderr);
    assert!(error.contains("No matching signature"), "{error}");
}
