//! Workers that are killed again and again: nothing is dialled or sent twice, and nothing is lost.

use std::thread;

use chrono::Duration;
use diesel::prelude::*;
use forbear::db::Kind;
use forbear::db::schema::{calls, email_sequences};
use forbear::domain::id::PlacementId;

use super::history::History;
use super::outside::{Ahead, Outside};
use super::world::{World, make_due};
use super::{Chance, setting};
use crate::support::TestApp;
use crate::support::chain;

/// Accounts that come with each round; each has a call and an email that are due.
const ACCOUNTS: usize = 8;

#[actix_web::test]
async fn a_sender_that_is_killed_again_and_again_sends_nothing_twice() {
    let rounds = setting("FORBEAR_KILL_ROUNDS", 10);
    let chance = Chance::new("kills");
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let world = World::start(&chance, 40);
    let clock = Ahead::to(app.now());
    let target = app.ctx.db.target();
    // On PostgreSQL another process goes on while one is killed.
    let others = match app.ctx.db.kind() {
        Kind::Sqlite => 0,
        Kind::Postgres => 1,
    };
    let folder = app.folder.path();
    let start = |clock, threads| Outside::start(target, folder, &world.doors(), clock, threads);
    let survivors: Vec<Outside> = (0..others).map(|_| start(clock, 2)).collect();
    for _ in 0..rounds {
        let placements: Vec<PlacementId> =
            (0..ACCOUNTS).map(|_| app.place(creditor, |_| {})).collect();
        make_due(&app, &placements);
        let victim = start(clock, 4);
        let before = world.starts().len();
        // Not before it has begun to work.
        for _ in 0..2_000 {
            if world.starts().len() > before {
                break;
            }
            thread::sleep(std::time::Duration::from_millis(5));
        }
        thread::sleep(chance.millis(60));
        victim.kill();
    }
    survivors.into_iter().for_each(Outside::end);

    // When every claim and lease is over, somebody comes back.
    let later = start(clock.and(Duration::minutes(5)), 4);
    for _ in 0..6_000 {
        if left(&app) == 0 {
            break;
        }
        thread::sleep(std::time::Duration::from_millis(10));
    }
    later.end();
    assert_eq!(left(&app), 0, "lost");
    let history = History::of(&app, world.starts(), Vec::new());
    assert_eq!(history.breaches(), Vec::<String>::new());
    chain::assert_unbroken(&app.ctx.db);
    let unknown = history.ended("unknown");
    let handed_over = world.starts().len();
    eprintln!("{rounds} kills, {handed_over} handed over, {unknown} of unknown fate");
    assert_eq!(history.ended("starting"), 0);
    // On PostgreSQL the survivor may have had them all.
    let is_alone = app.ctx.db.kind() == Kind::Sqlite;
    assert!(unknown > 0 || !is_alone, "no kill hit a hand-off");
}

/// Calls and emails that were due at the beginning and are neither handed over nor given up.
fn left(app: &TestApp) -> i64 {
    app.rows(|conn| {
        let calls: i64 = calls::table
            .filter(
                calls::status
                    .eq("planned")
                    .and(calls::scheduled_at.le(app.now()))
                    .or(calls::status.eq_any(["claimed", "starting"])),
            )
            .count()
            .get_result(conn)?;
        let emails: i64 = email_sequences::table
            .filter(email_sequences::next_send_at.le(app.now()))
            .count()
            .get_result(conn)?;
        Ok(calls + emails)
    })
}
