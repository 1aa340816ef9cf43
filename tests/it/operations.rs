//! The page for operators, and processes that share the work of one database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Duration as Span;
use diesel::prelude::*;
use forbear::actions::payments::{self, PaymentInput};
use forbear::actions::webhooks::{self, EndpointInput};
use forbear::db::schema::{outbox, processes, webhook_deliveries, worker_loops};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::money::Cents;
use forbear::domain::payment::{PaymentMethod, PaymentSource};
use forbear::domain::webhook::DeliveryStatus;
use forbear::domain::webhook::events::Wanted;
use forbear::error::AppError;
use forbear::store::Scope;
use forbear::worker::{self, Doors, Loop};

use crate::support::TestApp;
use crate::support::database::{TestDatabase, postgres_for};
use crate::support::process::{PATIENCE, Process, Worker};
use crate::support::receiver::{Receiver, Reply};

const CLI: Actor = Actor::System("cli");

#[actix_web::test]
async fn the_page_tells_what_runs_what_fails_and_what_stopped() {
    let app = TestApp::start().await;
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    administrator
        .get("/operations")
        .await
        .assert_says("No worker has run in the last day.");
    let workers = worker::start(
        &app.ctx,
        vec![
            Loop::new("works", Duration::from_millis(20), |_, _| async { Ok(2) }),
            Loop::new("fails", Duration::from_millis(20), |_, _| async {
                Err(AppError::internal("the disk is full"))
            }),
        ],
    );
    let until = Instant::now() + PATIENCE;
    let turns = || -> Vec<(String, i64, i32)> {
        app.rows(|conn| {
            worker_loops::table
                .order(worker_loops::name)
                .select((
                    worker_loops::name,
                    worker_loops::done,
                    worker_loops::failures,
                ))
                .load(conn)
        })
    };
    // Both have been heard of, and the one has failed more than once.
    while turns().len() < 2 || turns().iter().all(|(_, _, failures)| *failures < 2) {
        assert!(Instant::now() < until);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let page = administrator.get("/operations").await;
    page.assert_says("Running");
    page.assert_says("Working");
    page.assert_says("the disk is full");
    page.assert_says("in a row");
    page.assert_contains("http-equiv=\"refresh\"");
    // Not heard of for half a minute: taken for dead.
    app.clock.advance(Span::seconds(31));
    administrator.get("/operations").await.assert_says("Silent");
    workers.stop().await;
    administrator
        .get("/operations")
        .await
        .assert_says("Stopped");
    let (_, done, _) = turns().remove(1);
    assert!(done >= 2, "{done}");
}

#[actix_web::test]
async fn a_process_is_forgotten_a_day_after_it_was_last_heard_of() {
    let app = TestApp::start().await;
    worker::start(&app.ctx, Vec::new()).stop().await;
    let mut other = app.ctx.clone();
    other.process = "another".into();
    app.clock.advance(Span::hours(25));
    worker::start(&other, Vec::new()).stop().await;
    let known: Vec<String> = app.rows(|conn| processes::table.select(processes::id).load(conn));
    assert_eq!(known, ["another"]);
}

#[actix_web::test]
async fn what_was_given_up_is_tried_again_by_a_click() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| Reply::Status(410));
    let made = webhooks::create(
        &app.ctx,
        &CLI,
        creditor,
        &EndpointInput {
            url: receiver.url(),
            description: String::new(),
            wanted: Some(Wanted::Everything),
        },
    )
    .unwrap();
    pay(&app, creditor, 1);
    let doors = Doors {
        http: Some(Arc::new(forbear::outreach::http::Outbound::default())),
        ..Doors::default()
    };
    let workers = worker::start(&app.ctx, worker::loops(&doors));
    while receiver.received().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    workers.stop().await;
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    let page = administrator.get("/operations").await;
    page.assert_says("answered 410");
    let dead = app.rows(|conn| {
        webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(made.endpoint.id))
            .select(webhook_deliveries::id)
            .first::<forbear::domain::id::WebhookDeliveryId>(conn)
    });
    let path = format!("/operations/webhooks/{dead}/retry");
    assert_eq!(administrator.post(&path, &[]).await.status, 303);
    let page = administrator.get("/operations").await;
    page.assert_says("No message to a webhook was given up.");

    app.ctx
        .db
        .write(|conn| {
            use diesel::connection::SimpleConnection;
            let id = forbear::domain::id::OutboxId::generate(app.now());
            conn.batch_execute(&format!(
                "INSERT INTO outbox (creditor_id, id, topic, event_type, subject, payload,
                     dedupe_key, status, attempts, available_at, last_error, created_at, done_at)
                 VALUES ('{creditor}', '{id}', 'mail', 'portal.code_sent', 's', '{{}}', 'k', 'dead',
                     4, '2026-05-01 12:00:00', 'the server is down', '2026-05-01 12:00:00',
                     '2026-05-01 13:00:00')"
            ))
            .map_err(forbear::db::DbError::from)
        })
        .unwrap();
    let page = administrator.get("/operations").await;
    page.assert_says("the server is down");
    let mail: forbear::domain::id::OutboxId = app.rows(|conn| {
        outbox::table
            .filter(outbox::topic.eq("mail"))
            .select(outbox::id)
            .first(conn)
    });
    let path = format!("/operations/mails/{mail}/retry");
    assert_eq!(administrator.post(&path, &[]).await.status, 303);
    assert_eq!(administrator.post(&path, &[]).await.status, 409);
    let status: String = app.rows(|conn| {
        outbox::table
            .filter(outbox::id.eq(mail))
            .select(outbox::status)
            .first(conn)
    });
    assert_eq!(status, "pending");
}

/// A payment of so many dollars on a new placement.
fn pay(app: &TestApp, creditor: forbear::domain::id::CreditorId, dollars: i64) {
    let placement = app.place(creditor, |_| {});
    pay_on(app, placement, dollars);
}

fn pay_on(app: &TestApp, placement: forbear::domain::id::PlacementId, dollars: i64) {
    payments::record(
        &app.ctx,
        &CLI,
        Scope::Agency,
        placement,
        &PaymentInput {
            amount: Cents::new(dollars * 100),
            paid_on: app.now().to_utc().date_naive(),
            method: PaymentMethod::Wire,
            reference: None,
            note: None,
            source: PaymentSource::Dashboard,
            zone: chrono_tz::UTC,
            version: None,
            is_another: true,
            form_key: None,
        },
    )
    .unwrap();
}

/// Two programs on one database, each in a folder of its own: everything is sent once, of each
/// placement in order, both did some of it, and both end well when they are told to.
#[actix_web::test]
async fn two_processes_share_the_work_do_nothing_twice_and_stop_cleanly() {
    const PLACEMENTS: usize = 20;
    const EACH: i64 = 5;
    let Some(url) = postgres_for("two worker processes on one database") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::postgres(&url);
    let target = match database.target() {
        forbear::db::Target::Postgres(url) => url.clone(),
        forbear::db::Target::Sqlite(_) => panic!("this is PostgreSQL's"),
    };
    let app = TestApp::on(folder, database).await;
    let creditor = app.creditor("Harbor Supply");
    let receiver = Receiver::start(|_| {
        std::thread::sleep(Duration::from_millis(15));
        Reply::Status(200)
    });
    let input = EndpointInput {
        url: receiver.url(),
        description: String::new(),
        wanted: Wanted::of_words(["payment.received"]),
    };
    webhooks::create(&app.ctx, &CLI, creditor, &input).unwrap();
    let host = receiver.address().to_string();
    let settings = [
        ("DATABASE_URL", target.as_str()),
        ("FORBEAR_WEBHOOK_LOCAL_HOSTS", host.as_str()),
    ];
    let secret = "5a".repeat(32);
    let workers: Vec<Worker> = (0..2)
        .map(|_| Worker::start(&[settings[0], settings[1], ("FORBEAR_SECRET", &secret)]))
        .collect();
    // Both are up before there is anything to do: on a busy machine one could do it all alone.
    let until = Instant::now() + PATIENCE;
    let up = || -> i64 { app.rows(|conn| processes::table.count().get_result(conn)) };
    while up() < 2 {
        assert!(Instant::now() < until, "{} of two workers are up", up());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // What happened now is due for processes whose clock is the system's.
    let placements: Vec<_> = (0..PLACEMENTS)
        .map(|_| app.place(creditor, |_| {}))
        .collect();
    for dollars in 1..=EACH {
        for placement in &placements {
            pay_on(&app, *placement, dollars);
        }
    }
    let wanted = PLACEMENTS * usize::try_from(EACH).unwrap();
    let until = Instant::now() + PATIENCE;
    let open = || -> i64 {
        app.rows(|conn| {
            webhook_deliveries::table
                .filter(webhook_deliveries::status.ne(DeliveryStatus::Delivered))
                .count()
                .get_result(conn)
        })
    };
    while open() > 0 {
        assert!(
            Instant::now() < until,
            "{} of {wanted}",
            receiver.received().len()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let received = receiver.received();
    assert_eq!(received.len(), wanted, "nothing twice");
    let ids: BTreeSet<&str> = received
        .iter()
        .map(|one| one.header("webhook-id"))
        .collect();
    assert_eq!(ids.len(), wanted);
    let mut amounts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in &received {
        let data = one.json()["data"].clone();
        amounts
            .entry(data["placement_id"].to_string())
            .or_default()
            .push(data["amount"].as_str().unwrap().to_owned());
    }
    for (placement, amounts) in &amounts {
        assert_eq!(
            *amounts,
            ["1.00", "2.00", "3.00", "4.00", "5.00"],
            "{placement}"
        );
    }
    let by: Vec<String> = app.rows(|conn| {
        forbear::db::schema::webhook_attempts::table
            .select(forbear::db::schema::webhook_attempts::process)
            .distinct()
            .load(conn)
    });
    assert_eq!(by.len(), 2, "both worked: {by:?}");
    for worker in workers {
        let ended = worker.terminate();
        assert!(ended.success(), "{ended}");
    }
    let stopped: Vec<bool> = app.rows(|conn| {
        processes::table
            .select(processes::stopped_at.is_not_null())
            .load(conn)
    });
    assert_eq!(stopped, [true, true]);
}

#[test]
fn a_server_that_is_told_to_stop_ends_well_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    assert!(process.terminate().success());
    let db = crate::support::process::database_in(folder.path());
    let stopped: Vec<bool> = db
        .read(|conn| {
            processes::table
                .select(processes::stopped_at.is_not_null())
                .load(conn)
                .map_err(forbear::db::DbError::from)
        })
        .unwrap();
    assert_eq!(stopped, [true]);
}
