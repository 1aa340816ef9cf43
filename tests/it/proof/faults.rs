//! The database locked, gone or full, and a clock that is set: nothing is acknowledged that is not
//! stored, nobody is reached in doubt, and work goes on by itself. What providers and mail servers
//! do wrong is in `voice_calls` and `sequences`.

use std::io::Write;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration as Real, Instant as Monotonic};

use chrono::Duration;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use forbear::actions::stops::{self, StopInput};
use forbear::db::schema::{attempts, calls, placements, stop_requests};
use forbear::db::{Db, DbConn, DbError, Target};
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DebtorId, PlacementId};
use forbear::domain::stop::{Medium, Requester, StopScope};
use forbear::domain::time::Instant;
use forbear::error::{AppError, AppResult};
use forbear::outreach::dialer::{Dialer, SimulatedDialer};
use forbear::worker::{self, Stopping};

use super::world::make_due;
use crate::support::builders::phone;
use crate::support::database::{POSTGRES, TestDatabase};
use crate::support::line::Line;
use crate::support::process::{PATIENCE, Process, get, post};
use crate::support::skip::{find_program, skip};
use crate::support::{TestApp, chain};

const NUMBER: &str = "518-555-7007";

/// An account whose call is due, and whose debtor can be named by a number.
fn account(app: &TestApp) -> (PlacementId, DebtorId) {
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |row| row.debtor.phones = vec![phone(NUMBER)]);
    make_due(app, &[placement]);
    (placement, app.debtor_of(placement))
}

fn stop_fields() -> [(&'static str, &'static str); 2] {
    [("phone", NUMBER), ("scope", "all")]
}

fn stop_input(app: &TestApp, creditor: CreditorId, debtor: DebtorId) -> StopInput {
    StopInput {
        creditor,
        debtor,
        placement: None,
        scope: StopScope::All,
        via: Medium::Voice,
        requester: Requester::Debtor,
        words: None,
        in_writing: false,
        verified: true,
        received_at: app.now(),
    }
}

async fn dial(app: &TestApp) -> AppResult<usize> {
    let dialer: Arc<dyn Dialer> = Arc::new(SimulatedDialer::default());
    worker::calls::run(&app.ctx, &dialer, &Stopping::never()).await
}

fn stored_stops(db: &Db) -> i64 {
    db.read(|conn| {
        stop_requests::table
            .filter(stop_requests::effective_at.is_not_null())
            .count()
            .get_result(conn)
            .map_err(DbError::from)
    })
    .unwrap()
}

/// Asks again and again until it is so.
#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let limit = Monotonic::now() + PATIENCE;
    while !is_so() {
        assert!(Monotonic::now() < limit, "{what}");
        std::thread::sleep(Real::from_millis(50));
    }
}

/// Another process has the file for itself, longer than we wait for it.
#[actix_web::test]
async fn while_the_database_is_locked_a_stop_is_held_and_stored_as_soon_as_it_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::sqlite(folder.path());
    let app = TestApp::on(folder, database).await;
    account(&app);
    let (folder, database) = app.end();
    let process = Process::start(folder.path());
    let Target::Sqlite(file) = database.target() else {
        panic!("this is SQLite's");
    };
    let mut other = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    other.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    other.batch_execute("BEGIN EXCLUSIVE").unwrap();
    let refused = post(process.address(), "/stop", &stop_fields()).unwrap();
    assert_eq!(refused.status, 503, "{}", refused.head);
    assert!(refused.head.contains("retry-after: "), "{}", refused.head);
    assert!(
        refused.body.contains("Please press the button again"),
        "{}",
        refused.body
    );
    let health = get(process.address(), "/healthz", None).unwrap();
    assert_eq!(health.status, 200);
    assert!(
        health
            .body
            .contains("attention: stops that are not in the database yet: 1"),
        "{}",
        health.body
    );
    let log = std::fs::read_to_string(folder.path().join("process.log")).unwrap();
    assert!(log.contains("a stop could not be stored"), "{log}");
    other.batch_execute("ROLLBACK").unwrap();
    // Nobody asks again, and it is stored all the same.
    let db = Db::open(database.target(), 1);
    until("the stop is not stored", || stored_stops(&db) == 1);
    until("the process does not say that all is well", || {
        get(process.address(), "/healthz", None).unwrap().body == "ok\n"
    });
    drop(process);
    chain::assert_unbroken(&db);
}

/// PostgreSQL behind a line that is cut.
#[actix_web::test]
async fn while_the_database_is_gone_nothing_is_answered_as_done_and_afterwards_work_goes_on() {
    let Ok(url) = std::env::var(POSTGRES) else {
        return;
    };
    let database = TestDatabase::postgres(&url);
    let Target::Postgres(direct) = database.target() else {
        panic!("this is PostgreSQL's");
    };
    let parsed = url::Url::parse(direct).unwrap();
    let server = parsed.socket_addrs(|| Some(5432)).unwrap()[0];
    let line = Line::to(server);
    let mut through = parsed.clone();
    through.set_host(Some("127.0.0.1")).unwrap();
    through.set_port(Some(line.port())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    // The schema goes away with `database`; this is only the way there.
    let by_line = TestDatabase::Sqlite(Target::Postgres(through.to_string()));
    let app = TestApp::on(folder, by_line).await;
    let (placement, debtor) = account(&app);

    line.cut();
    let refused = app.anonymous().post("/stop", &stop_fields()).await;
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert_ne!(refused.header("retry-after"), "");
    assert_eq!(app.anonymous().get("/readyz").await.status, 503);
    assert_eq!(app.anonymous().get("/healthz").await.status, 200);
    assert!(dial(&app).await.is_err());

    line.mend();
    // The pool may take a moment to find that the line is back.
    let limit = Monotonic::now() + PATIENCE;
    let dialled = loop {
        match dial(&app).await {
            Ok(dialled) => break dialled,
            Err(_) => assert!(Monotonic::now() < limit, "it does not go on"),
        }
    };
    assert_eq!(dialled, 1, "it resumes by itself");
    assert_eq!(dial(&app).await.unwrap(), 0);
    let asked = app.anonymous().post("/stop", &stop_fields()).await;
    assert_eq!(asked.status, 303);
    // A stop that finds the line cut under its hands.
    line.cut();
    let input = stop_input(&app, creditor_of(direct, placement), debtor);
    let failed = stops::stop(&app.ctx, Actor::System("cli"), input).await;
    assert!(matches!(failed, Err(AppError::Busy(_))), "{failed:?}");
    assert!(app.ctx.journal.is_held(debtor));
    line.mend();
    while stops::reconcile(&app.ctx).is_err() {
        assert!(Monotonic::now() < limit, "it does not go on");
    }
    assert!(stops::reconcile(&app.ctx).unwrap().is_whole());
    assert!(!app.ctx.journal.is_held(debtor));
    chain::assert_unbroken(&app.ctx.db);
}

/// Whose account it is, asked past the line.
fn creditor_of(direct: &str, placement: PlacementId) -> CreditorId {
    Db::open(&Target::Postgres(direct.to_owned()), 1)
        .read(|conn| {
            placements::table
                .filter(placements::id.eq(placement))
                .select(placements::creditor_id)
                .first(conn)
                .map_err(DbError::from)
        })
        .unwrap()
}

#[derive(QueryableByName)]
struct Pages {
    #[diesel(sql_type = Integer)]
    page_count: i32,
}

/// The file may not grow: SQLite says that the disk is full.
fn allow_pages(app: &TestApp, more: i32) {
    app.ctx
        .db
        .write(|conn: &mut DbConn| -> Result<(), DbError> {
            let pages: Pages = diesel::sql_query("PRAGMA page_count").get_result(conn)?;
            let limit = pages.page_count + more;
            conn.batch_execute(&format!("PRAGMA max_page_count = {limit}"))?;
            Ok(())
        })
        .unwrap();
}

#[actix_web::test]
async fn when_the_disk_is_full_a_stop_is_held_and_nobody_is_called_in_doubt() {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::sqlite(folder.path());
    let app = TestApp::on(folder, database).await;
    let creditor = app.creditor("Cedar Harbor");
    let placements: Vec<PlacementId> = (0..200).map(|_| app.place(creditor, |_| {})).collect();
    make_due(&app, &placements);
    allow_pages(&app, 0);
    // What is free inside the file is used up first.
    let refused = placements.iter().find_map(|placement| {
        let debtor = app.debtor_of(*placement);
        let input = stop_input(&app, creditor, debtor);
        match stops::record(&app.ctx, &Actor::Debtor(debtor), &input) {
            Ok(_) => None,
            Err(AppError::Busy(_)) => Some(debtor),
            Err(other) => panic!("{other:?}"),
        }
    });
    let debtor = refused.expect("a full disk");
    assert!(app.ctx.journal.is_held(debtor));
    // Others may be called as far as the room goes; who asked is not.
    let _ = dial(&app).await;
    let reached: i64 = app.rows(|conn| {
        attempts::table
            .filter(attempts::debtor_id.eq(debtor))
            .count()
            .get_result(conn)
    });
    assert_eq!(reached, 0);

    allow_pages(&app, 100_000);
    assert!(stops::may_reach_anybody(&app.ctx).unwrap());
    assert_eq!(stop_requests_of(&app, debtor), 1);
    assert!(!app.ctx.journal.is_held(debtor));
    chain::assert_unbroken(&app.ctx.db);
}

fn stop_requests_of(app: &TestApp, debtor: DebtorId) -> i64 {
    app.rows(|conn| {
        stop_requests::table
            .filter(stop_requests::debtor_id.eq(debtor))
            .count()
            .get_result(conn)
    })
}

/// A disk of a few megabytes, filled to the last byte: not even the journal can be written.
#[test]
fn on_a_disk_without_room_the_program_answers_503_and_goes_on_when_there_is_room() {
    const WHAT: &str = "a data folder on a full disk";
    let Some(unshare) = find_program("unshare") else {
        skip(WHAT, "unshare");
        return;
    };
    let may_mount = Command::new(&unshare)
        .args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"])
        .output()
        .is_ok_and(|tried| tried.status.success());
    if !may_mount {
        // Needs root, which not every run has: not a failure even in CI.
        eprintln!("skipped for want of the right to mount: {WHAT}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mount = format!(
        "mount -t tmpfs -o size=24m none {} && exec \"$@\"",
        disk.display()
    );
    let starter = [unshare.to_str().unwrap(), "-m", "sh", "-c", &mount, "sh"];
    let process = Process::start_with(&starter, &disk, &[("FORBEAR_WORKERS", "off")]);
    let inside = format!("/proc/{}/root{}", process.id(), disk.display());
    let filler = std::path::Path::new(&inside).join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    // As much as there is room for, in ever smaller pieces.
    let mut bytes = 1024 * 1024;
    while bytes > 0 {
        if file.write_all(&vec![0; bytes]).is_err() {
            bytes /= 2;
        }
    }
    drop(file);
    let ask = || {
        let words = "x".repeat(1_900);
        post(
            process.address(),
            "/stop",
            &[("words", &words), ("scope", "all")],
        )
        .unwrap()
    };
    let mut last = ask();
    for _ in 0..8 {
        if last.status == 503 {
            break;
        }
        last = ask();
    }
    assert_eq!(last.status, 503, "{}", last.head);
    assert!(last.head.contains("retry-after: "), "{}", last.head);
    let health = get(process.address(), "/healthz", None).unwrap();
    assert_eq!(health.status, 200);
    std::fs::remove_file(&filler).unwrap();
    until("it does not go on", || ask().status == 303);
    process.kill();
}

#[actix_web::test]
async fn a_clock_that_is_set_keeps_everything_quiet_until_old_leases_are_over() {
    for leap in [Duration::hours(1), Duration::hours(-1)] {
        let app = TestApp::start().await;
        app.clock.advance(Duration::hours(2));
        account(&app);
        assert!(stops::may_reach_anybody(&app.ctx).unwrap());
        app.clock.leap(leap);
        make_all_due(&app);
        assert_eq!(dial(&app).await.unwrap(), 0, "{leap}");
        let health = app.anonymous().get("/healthz").await;
        health.assert_contains("attention: the clock was set");
        app.clock.advance(Duration::seconds(91));
        assert_eq!(dial(&app).await.unwrap(), 1, "{leap}");
        assert_eq!(dial(&app).await.unwrap(), 0, "{leap}");
    }
}

fn make_all_due(app: &TestApp) {
    app.ctx
        .db
        .write(|conn| {
            diesel::update(calls::table.filter(calls::status.eq("planned")))
                .set(calls::scheduled_at.eq(app.now()))
                .execute(conn)
                .map_err(DbError::from)
        })
        .unwrap();
}

/// New York puts its clocks back on 1 November 2026: eight o'clock comes an hour later in UTC.
#[actix_web::test]
async fn through_the_end_of_summer_time_a_call_waits_for_eight_oclock_of_that_day() {
    let app = TestApp::start().await;
    // Monday: on Sundays some places allow no calls.
    for (at, dialled) in [
        ("2026-10-30T11:59:59Z", 0),
        ("2026-10-30T12:00:00Z", 1),
        ("2026-11-02T12:59:59Z", 0),
        ("2026-11-02T13:00:00Z", 1),
    ] {
        app.clock.set(Instant::parse_rfc3339(at).unwrap());
        let creditor = app.creditor(at);
        let placement = app.place(creditor, |_| {});
        make_due(&app, &[placement]);
        assert_eq!(dial(&app).await.unwrap(), dialled, "{at}");
        cancel_planned(&app);
    }
}

fn cancel_planned(app: &TestApp) {
    app.ctx
        .db
        .write(|conn| {
            diesel::update(calls::table.filter(calls::status.eq("planned")))
                .set((
                    calls::status.eq("cancelled"),
                    calls::status_cause.eq("by_person"),
                ))
                .execute(conn)
                .map_err(DbError::from)
        })
        .unwrap();
}
