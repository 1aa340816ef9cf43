//! The state of all chains, signed once an hour.

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::{checkpoints, verifications};
use forbear::db::schema::{audit_checkpoints, audit_events};
use forbear::domain::actor::Actor;
use forbear::domain::checkpoint::Checkpoint;
use forbear::error::AppError;
use forbear::store::verifications as walks;
use forbear::worker::{self, Doors};

use super::{behind_its_back, chain_of_some_length, drop_triggers};
use crate::support::TestApp;

fn signed(app: &TestApp) -> i64 {
    app.rows(|conn| audit_checkpoints::table.count().get_result(conn))
}

#[actix_web::test]
async fn one_is_signed_in_each_hour_however_many_ask() {
    let app = TestApp::start().await;
    chain_of_some_length(&app, 2);
    let ask = || {
        let ctx = app.ctx.clone();
        std::thread::spawn(move || checkpoints::sign_if_due(&ctx).unwrap())
    };
    let asked: Vec<_> = (0..4).map(|_| ask()).collect();
    let done = asked.into_iter().map(|it| it.join().unwrap());
    assert_eq!(done.filter(|signed| *signed).count(), 1);
    assert_eq!(signed(&app), 1);

    app.clock.advance(Duration::minutes(59));
    assert!(!checkpoints::sign_if_due(&app.ctx).unwrap());
    app.clock.advance(Duration::minutes(1));
    assert!(checkpoints::sign_if_due(&app.ctx).unwrap());
    assert_eq!(signed(&app), 2);
    let events: i64 = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("audit.checkpoint_signed"))
            .count()
            .get_result(conn)
    });
    assert_eq!(events, 2);
}

#[actix_web::test]
async fn it_opens_with_the_key_that_is_shown_and_lists_every_chain() {
    let app = TestApp::start().await;
    let (chain, _) = chain_of_some_length(&app, 3);
    let row = checkpoints::sign(&app.ctx, &Actor::System("cli")).unwrap();
    let key = checkpoints::public_key(&app.ctx.keys, &app.ctx.public_url);
    let opened = Checkpoint::open(&row.note, &key).unwrap();
    assert_eq!(opened.origin, "forbear.test/audit");
    assert!(opened.of_chain(&chain).is_some());
    let changed = row.note.replace("chain ", "chain x");
    assert!(Checkpoint::open(&changed, &key).is_err());
}

#[actix_web::test]
async fn what_was_rewritten_is_not_signed_over_but_walked_over_and_told() {
    let app = TestApp::start().await;
    let (chain, _) = chain_of_some_length(&app, 3);
    assert!(checkpoints::sign_if_due(&app.ctx).unwrap());
    drop_triggers(&app);
    behind_its_back(
        &app,
        &format!(
            "UPDATE audit_events SET hash = '{}' WHERE chain = '{chain}' AND seq =
                 (SELECT max(seq) FROM audit_events WHERE chain = '{chain}')",
            "d".repeat(64)
        ),
    )
    .unwrap();
    app.clock.advance(Duration::hours(1));
    assert!(!checkpoints::sign_if_due(&app.ctx).unwrap());
    assert_eq!(signed(&app), 1);
    let refused = checkpoints::sign(&app.ctx, &Actor::System("cli")).unwrap_err();
    assert!(matches!(refused, AppError::Conflict(_)), "{refused}");

    assert_eq!(
        verifications::run(&app.ctx, || false).unwrap(),
        verifications::Walked::All
    );
    let found = app.rows(walks::chains);
    let bad: Vec<_> = found.iter().filter(|it| it.finding.is_some()).collect();
    assert_eq!(bad.len(), 1);
    assert_eq!(bad[0].chain, chain);
    // Not again within the hour.
    assert!(!checkpoints::sign_if_due(&app.ctx).unwrap());
    assert!(app.rows(walks::open).is_none());
}

#[actix_web::test]
async fn the_workers_sign_by_themselves() {
    let app = TestApp::start().await;
    chain_of_some_length(&app, 1);
    let workers = worker::start(&app.ctx, worker::loops(&Doors::default()));
    for _ in 0..1_000 {
        if signed(&app) == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    workers.stop().await;
    assert_eq!(signed(&app), 1);
}
