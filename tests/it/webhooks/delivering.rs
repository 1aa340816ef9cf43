//! What reaches a receiver, in which order, how often, and what follows from its answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration as Real;

use chrono::Duration;
use forbear::actions::webhooks;
use forbear::domain::webhook::schedule::TRIES;
use forbear::domain::webhook::{DeliveryStatus, DisabledBecause, EndpointStatus};
use forbear::outreach::http::{Http, Outbound};
use forbear::store::webhook_endpoints::{self, Endpoint};
use forbear::store::{Scope, webhook_log};
use forbear::worker::{self, Stopping};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::scene::{CLI, deliveries, endpoint, pay, take_back, work};
use crate::support::TestApp;
use crate::support::receiver::{Received, Receiver, Reply};

fn find(app: &TestApp, made: &webhooks::Made) -> Endpoint {
    app.rows(|conn| webhook_endpoints::find(conn, Scope::Agency, made.endpoint.id))
        .unwrap()
}

fn ids(received: &[Received]) -> Vec<String> {
    received
        .iter()
        .map(|one| one.header("webhook-id").to_owned())
        .collect()
}

#[actix_web::test]
async fn a_recall_is_told_in_order_thin_and_signed() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| Reply::Status(204));
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    let placement = app.place(creditor, |row| row.debtor.name = "Dana Reyes".to_owned());
    take_back(&app, placement);
    assert_eq!(work(&app).await, 2);
    assert_eq!(work(&app).await, 0);

    let received = receiver.received();
    let kinds: Vec<String> = received
        .iter()
        .map(|one| one.json()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["placement.status_changed", "placement.recalled"]);
    let first = received[0].json();
    assert_eq!(first["timestamp"], "2026-05-13T16:00:00Z");
    assert_eq!(first["data"]["placement_id"], placement.to_string());
    assert_eq!(first["data"]["status"], "recalled");
    for one in &received {
        assert_eq!(one.header("content-type"), "application/json");
        assert!(one.header("webhook-signature").starts_with("v1,"));
        assert!(one.body.len() < 20_000);
        assert!(!one.body.contains("Dana"), "{}", one.body);
    }
    let log = deliveries(&app, made.endpoint.id);
    assert!(log.iter().all(|one| one.status == DeliveryStatus::Delivered
        && one.attempts == 1
        && one.last_status == Some(204)
        && one.last_error.is_none()));
    let attempts = app.rows(|conn| webhook_log::attempts(conn, creditor, log[0].id));
    assert_eq!(
        attempts[0].signature,
        received[0].header("webhook-signature")
    );
}

#[actix_web::test]
async fn an_endpoint_hears_what_it_chose_and_nothing_of_another_creditor() {
    let app = TestApp::start().await;
    let (own, other) = (app.creditor("Harbor Supply"), app.creditor("Cedar Clinic"));
    let receiver = Receiver::start(|_| Reply::Status(200));
    endpoint(&app, own, &receiver.url(), &["payment.received"]);
    for creditor in [own, other] {
        let placement = app.place(creditor, |_| {});
        pay(&app, placement, 1);
        take_back(&app, placement);
    }
    assert_eq!(work(&app).await, 1);
    assert_eq!(receiver.received()[0].json()["type"], "payment.received");
}

#[actix_web::test]
async fn what_fails_is_tried_again_under_its_id_and_holds_back_only_its_own_placement() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let (bad, good) = (app.place(creditor, |_| {}), app.place(creditor, |_| {}));
    let broken = bad.to_string();
    let mended = Arc::new(AtomicUsize::new(0));
    let tries = Arc::clone(&mended);
    let receiver = Receiver::start(move |request| {
        let is_bad = request.body.contains(&broken);
        if is_bad && tries.fetch_add(1, Ordering::SeqCst) < 2 {
            Reply::Status(500)
        } else {
            Reply::Status(200)
        }
    });
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    pay(&app, bad, 1);
    pay(&app, bad, 2);
    pay(&app, good, 3);

    assert_eq!(work(&app).await, 1, "only the good one's");
    assert_eq!(receiver.received().len(), 2);
    // Nothing before its time.
    app.clock.advance(Duration::seconds(4));
    assert_eq!(work(&app).await, 0);
    assert_eq!(receiver.received().len(), 2);
    app.clock.advance(Duration::seconds(2));
    assert_eq!(work(&app).await, 0, "the second try fails too");
    app.clock.advance(Duration::seconds(331));
    assert_eq!(work(&app).await, 2);

    let of_bad: Vec<Received> = receiver
        .received()
        .into_iter()
        .filter(|one| one.body.contains(&bad.to_string()))
        .collect();
    let amounts: Vec<_> = of_bad
        .iter()
        .map(|one| one.json()["data"]["amount"].clone())
        .collect();
    assert_eq!(amounts, ["1.00", "1.00", "1.00", "2.00"]);
    let ids = ids(&of_bad);
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3]);
    // Signed anew for each try: receivers refuse what is old.
    assert_ne!(
        of_bad[0].header("webhook-timestamp"),
        of_bad[2].header("webhook-timestamp")
    );
    assert_eq!(deliveries(&app, made.endpoint.id)[0].attempts, 3);
    assert_eq!(find(&app, &made).failing_since, None);
}

#[actix_web::test]
async fn after_the_last_try_it_is_given_up_and_the_next_of_its_placement_goes_on() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| Reply::Status(500));
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    let placement = app.place(creditor, |_| {});
    pay(&app, placement, 1);
    pay(&app, placement, 2);
    let began = app.now();
    let first = |app: &TestApp| deliveries(app, made.endpoint.id)[0].clone();
    while first(&app).status == DeliveryStatus::Pending {
        app.clock.set(first(&app).next_attempt_at);
        work(&app).await;
    }
    let given_up = first(&app);
    assert_eq!(given_up.status, DeliveryStatus::Dead);
    assert_eq!(usize::try_from(given_up.attempts), Ok(TRIES));
    assert_eq!(given_up.last_error.as_deref(), Some("answered 500"));
    let took = app.now().since(began);
    assert!(
        took >= Duration::hours(75) && took <= Duration::hours(84),
        "{took}"
    );
    let second = |app: &TestApp| deliveries(app, made.endpoint.id)[1].clone();
    assert_eq!(second(&app).attempts, 1);

    // Nothing gets through: after five days the endpoint is disabled, and the message is kept.
    while find(&app, &made).status == EndpointStatus::Enabled {
        assert!(app.now().since(began) < Duration::days(7));
        app.clock.set(second(&app).next_attempt_at);
        work(&app).await;
    }
    assert!(app.now().since(began) >= Duration::days(5));
    assert_eq!(
        find(&app, &made).status_reason,
        Some(DisabledBecause::Failing)
    );
    assert_eq!(second(&app).status, DeliveryStatus::Pending);
}

#[actix_web::test]
async fn gone_disables_at_once_and_what_happens_meanwhile_is_kept() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let back = Arc::new(AtomicUsize::new(0));
    let is_back = Arc::clone(&back);
    let receiver = Receiver::start(move |_| match is_back.load(Ordering::SeqCst) {
        0 => Reply::Status(410),
        _ => Reply::Status(200),
    });
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    let placement = app.place(creditor, |_| {});
    pay(&app, placement, 1);
    work(&app).await;
    assert_eq!(find(&app, &made).status_reason, Some(DisabledBecause::Gone));
    pay(&app, placement, 2);
    take_back(&app, placement);
    assert_eq!(work(&app).await, 0);
    assert_eq!(receiver.received().len(), 1);

    back.store(1, Ordering::SeqCst);
    webhooks::enable(&app.ctx, &CLI, Scope::Agency, made.endpoint.id).unwrap();
    assert_eq!(work(&app).await, 3);
    let kinds: Vec<_> = receiver.received()[1..]
        .iter()
        .map(|one| one.json()["type"].clone())
        .collect();
    assert_eq!(
        kinds,
        [
            "payment.received",
            "placement.status_changed",
            "placement.recalled"
        ]
    );
}

#[actix_web::test]
async fn what_is_kept_for_an_endpoint_that_nobody_enables_is_given_up_after_a_month() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| Reply::Status(200));
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    webhooks::disable(&app.ctx, &CLI, Scope::Agency, made.endpoint.id).unwrap();
    pay(&app, app.place(creditor, |_| {}), 1);
    app.clock.advance(Duration::days(29));
    work(&app).await;
    assert_eq!(
        deliveries(&app, made.endpoint.id)[0].status,
        DeliveryStatus::Pending
    );
    app.clock.advance(Duration::days(2));
    work(&app).await;
    assert_eq!(
        deliveries(&app, made.endpoint.id)[0].status,
        DeliveryStatus::Cancelled
    );
    assert!(receiver.received().is_empty());
}

#[actix_web::test]
async fn too_many_keeps_the_whole_endpoint_quiet_as_long_as_it_asked() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let receiver = Receiver::start(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::With(429, vec!["retry-after: 600".to_owned()], String::new()),
        _ => Reply::Status(200),
    });
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    let (one, other) = (app.place(creditor, |_| {}), app.place(creditor, |_| {}));
    pay(&app, one, 1);
    assert_eq!(work(&app).await, 0);
    pay(&app, other, 2);
    app.clock.advance(Duration::seconds(599));
    assert_eq!(work(&app).await, 0);
    assert_eq!(
        receiver.received().len(),
        1,
        "not even for another placement"
    );
    app.clock.advance(Duration::seconds(2));
    assert_eq!(work(&app).await, 2);
    assert_eq!(deliveries(&app, made.endpoint.id)[0].attempts, 2);
}

#[actix_web::test]
async fn a_redirect_is_a_failure_and_leads_nowhere() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let trap = Receiver::start(|_| Reply::Status(200));
    let location = format!("location: {}", trap.url());
    let receiver =
        Receiver::start(move |_| Reply::With(302, vec![location.clone()], String::new()));
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    pay(&app, app.place(creditor, |_| {}), 1);
    assert_eq!(work(&app).await, 0);
    let log = &deliveries(&app, made.endpoint.id)[0];
    assert_eq!(
        (log.status, log.last_status),
        (DeliveryStatus::Pending, Some(302))
    );
    assert!(trap.received().is_empty());
}

#[actix_web::test]
async fn of_an_answer_the_beginning_is_kept_and_no_cookie() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| {
        let headers = vec!["set-cookie: s=secret".to_owned(), "x-why: full".to_owned()];
        Reply::With(500, headers, format!("a\0b{}", "x".repeat(100_000)))
    });
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    pay(&app, app.place(creditor, |_| {}), 1);
    work(&app).await;
    let delivery = deliveries(&app, made.endpoint.id)[0].id;
    let attempts = app.rows(|conn| webhook_log::attempts(conn, creditor, delivery));
    let headers = attempts[0].answer_headers.clone().unwrap();
    assert!(headers.contains("x-why: full") && !headers.contains("secret"));
    let body = attempts[0].answer_body.clone().unwrap();
    assert!(body.starts_with("a bxxx") && body.len() == 2_048);
}

#[actix_web::test]
async fn a_slow_endpoint_does_not_keep_the_others_waiting() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let slow = Receiver::start(|_| Reply::Silence(Real::from_secs(3)));
    let quick = Receiver::start(|_| Reply::Status(200));
    endpoint(&app, creditor, &slow.url(), &[]);
    endpoint(&app, creditor, &quick.url(), &[]);
    for dollars in 1..=20 {
        pay(&app, app.place(creditor, |_| {}), dollars);
    }
    let started = std::time::Instant::now();
    let http: Arc<dyn Http> = Arc::new(Outbound::default());
    let ctx = app.ctx.clone();
    let worker = tokio::spawn(async move {
        worker::webhooks::run(&ctx, &http, &Stopping::never())
            .await
            .unwrap()
    });
    while quick.received().len() < 20 {
        assert!(
            started.elapsed() < Real::from_millis(2_800),
            "the quick one waits"
        );
        tokio::time::sleep(Real::from_millis(10)).await;
    }
    worker.await.unwrap();
}

#[actix_web::test]
async fn told_to_stop_it_finishes_what_is_under_way_and_begins_nothing() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| {
        std::thread::sleep(Real::from_millis(400));
        Reply::Status(200)
    });
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    for dollars in 1..=12 {
        pay(&app, app.place(creditor, |_| {}), dollars);
    }
    let doors = worker::Doors {
        http: Some(Arc::new(Outbound::default())),
        ..worker::Doors::default()
    };
    let workers = worker::start(&app.ctx, worker::loops(&doors));
    tokio::time::sleep(Real::from_millis(200)).await;
    workers.stop().await;
    let log = deliveries(&app, made.endpoint.id);
    let done = log
        .iter()
        .filter(|one| one.status == DeliveryStatus::Delivered)
        .count();
    assert!((1..=5).contains(&done), "{done}");
    assert_eq!(receiver.received().len(), done);
    assert!(
        log.iter().all(|one| one.claimed_by.is_none()),
        "nothing is held"
    );
}

#[actix_web::test]
async fn a_claim_of_a_process_that_died_is_taken_over_and_its_late_word_counts_for_nothing() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| Reply::Status(200));
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    pay(&app, app.place(creditor, |_| {}), 1);
    let mut dead = app.ctx.clone();
    dead.process = "dead".into();
    let claimed = webhooks::claim(&dead, |_| 5).unwrap();
    let sent = webhooks::compose(&dead, &claimed[0]).unwrap();
    assert_eq!(work(&app).await, 0, "held by another process");
    app.clock.advance(Duration::seconds(61));
    assert_eq!(work(&app).await, 1);
    let late = webhooks::Outcome {
        status: Some(500),
        ..webhooks::Outcome::default()
    };
    webhooks::report(&dead, &claimed[0], &sent, &late).unwrap();
    let log = &deliveries(&app, made.endpoint.id)[0];
    assert_eq!((log.status, log.attempts), (DeliveryStatus::Delivered, 1));
}

#[actix_web::test]
async fn what_has_ended_can_be_sent_again_and_what_waits_can_be_hurried() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let receiver = Receiver::start(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::Status(500),
        _ => Reply::Status(200),
    });
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    pay(&app, app.place(creditor, |_| {}), 1);
    work(&app).await;
    let id = deliveries(&app, made.endpoint.id)[0].id;
    assert!(webhooks::redeliver(&app.ctx, &CLI, Scope::Agency, id).is_err());
    webhooks::retry_now(&app.ctx, &CLI, Scope::Agency, id).unwrap();
    assert_eq!(work(&app).await, 1);
    assert!(webhooks::retry_now(&app.ctx, &CLI, Scope::Agency, id).is_err());
    webhooks::redeliver(&app.ctx, &CLI, Scope::Agency, id).unwrap();
    assert_eq!(work(&app).await, 1);
    let ids = ids(&receiver.received());
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|one| *one == ids[0]));
}

#[actix_web::test]
async fn a_deleted_endpoint_gets_nothing_more() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| Reply::Status(200));
    let made = endpoint(&app, creditor, &receiver.url(), &[]);
    pay(&app, app.place(creditor, |_| {}), 1);
    webhooks::delete(&app.ctx, &CLI, Scope::Agency, made.endpoint.id).unwrap();
    pay(&app, app.place(creditor, |_| {}), 2);
    assert_eq!(work(&app).await, 0);
    let log = deliveries(&app, made.endpoint.id);
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].status, DeliveryStatus::Cancelled);
    assert!(receiver.received().is_empty());
}

#[actix_web::test]
async fn a_test_is_tried_once_and_waits_behind_nothing() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| Reply::Status(500));
    let made = endpoint(&app, creditor, &receiver.url(), &["payment.received"]);
    webhooks::send_test(&app.ctx, &CLI, Scope::Agency, made.endpoint.id).unwrap();
    work(&app).await;
    assert_eq!(receiver.received()[0].json()["type"], "webhook.test");
    assert_eq!(
        deliveries(&app, made.endpoint.id)[0].status,
        DeliveryStatus::Dead
    );
}

/// Whatever fails and how often: each message arrives, and of each placement in the order in which
/// things happened.
#[test]
fn nothing_is_lost_and_each_placement_keeps_its_order_whatever_fails() {
    let mut runner = TestRunner::new(Config {
        cases: 12,
        ..Config::default()
    });
    let story = proptest::collection::vec((0_usize..3, 0_usize..4), 1..14);
    runner
        .run(&story, |events| {
            actix_web::rt::System::new()
                .block_on(tell(events))
                .map_err(TestCaseError::fail)
        })
        .unwrap();
}

/// Each event is of one of three placements, and fails so many times before it is taken.
async fn tell(events: Vec<(usize, usize)>) -> Result<(), String> {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let failures: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let taken: Arc<Mutex<Vec<serde_json::Value>>> = Arc::default();
    let (left, kept) = (Arc::clone(&failures), Arc::clone(&taken));
    let receiver = Receiver::start(move |request| {
        let json = request.json();
        let amount = json["data"]["amount"].as_str().unwrap().to_owned();
        let mut left = left.lock().unwrap();
        match left.get_mut(&amount) {
            Some(count) if *count > 0 => {
                *count -= 1;
                [Reply::Status(500), Reply::HangUp, Reply::Status(307)][*count % 3].clone()
            }
            _ => {
                kept.lock().unwrap().push(json);
                Reply::Status(200)
            }
        }
    });
    endpoint(&app, creditor, &receiver.url(), &["payment.received"]);
    let placements = [(); 3].map(|()| app.place(creditor, |_| {}));
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (number, (of, times)) in events.iter().enumerate() {
        let dollars = i64::try_from(number).unwrap() + 1;
        let amount = format!("{dollars}.00");
        failures.lock().unwrap().insert(amount.clone(), *times);
        expected
            .entry(placements[*of].to_string())
            .or_default()
            .push(amount);
        pay(&app, placements[*of], dollars);
    }
    for _ in 0..80 {
        work(&app).await;
        app.clock.advance(Duration::hours(3));
        if taken.lock().unwrap().len() == events.len() {
            break;
        }
    }
    let mut got: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in taken.lock().unwrap().iter() {
        let text = |name: &str| one["data"][name].as_str().unwrap().to_owned();
        got.entry(text("placement_id"))
            .or_default()
            .push(text("amount"));
    }
    if got == expected {
        Ok(())
    } else {
        Err(format!("{got:?} instead of {expected:?}"))
    }
}
