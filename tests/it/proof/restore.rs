//! A backup that is older than fifty stops is put back: nobody of the fifty is reached.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use diesel::prelude::*;
use forbear::actions::stops::{self, StopInput};
use forbear::db::schema::{attempts, audit_events, flags, stop_requests};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DebtorId, PlacementId};
use forbear::domain::stop::{FlagKind, Medium, Requester, StopScope};
use forbear::outreach::dialer::{Dialer, SimulatedDialer};
use forbear::outreach::mailer::{FileMailer, Mailer};
use forbear::worker::{self, Stopping};

use super::world::make_due;
use crate::support::TestApp;
use crate::support::command::forbear;
use crate::support::database::TestDatabase;
use crate::support::process::{Process, database_in, get};

const STOPS: usize = 50;

/// Those who asked for no stop.
const OTHERS: usize = 10;

/// A data folder whose database has forgotten fifty stops.
struct Restored {
    folder: tempfile::TempDir,
    stopped: Vec<DebtorId>,
}

/// On SQLite, where a restore is a file that is put in place.
async fn start() -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::sqlite(folder.path());
    TestApp::on(folder, database).await
}

async fn again(folder: tempfile::TempDir) -> TestApp {
    let database = TestDatabase::sqlite(folder.path());
    TestApp::on(folder, database).await
}

async fn stop(app: &TestApp, creditor: CreditorId, debtor: DebtorId) {
    let input = StopInput {
        creditor,
        debtor,
        placement: None,
        scope: StopScope::All,
        via: Medium::Portal,
        requester: Requester::Debtor,
        words: None,
        in_writing: true,
        verified: true,
        received_at: app.now(),
    };
    stops::stop(&app.ctx, Actor::Debtor(debtor), input)
        .await
        .unwrap();
}

async fn restored() -> Restored {
    let app = start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placements: Vec<PlacementId> = (0..STOPS + OTHERS)
        .map(|_| app.place(creditor, |_| {}))
        .collect();
    make_due(&app, &placements);
    let backup = app.folder.path().join("backup.db");
    let taken = forbear(app.folder.path(), &["backup", backup.to_str().unwrap()], "");
    assert_eq!(taken.code, 0, "{taken:?}");
    let mut stopped = Vec::new();
    for placement in &placements[..STOPS] {
        let debtor = app.debtor_of(*placement);
        stop(&app, creditor, debtor).await;
        stopped.push(debtor);
    }
    let (folder, _) = app.end();
    put_back(folder.path(), &backup);
    Restored { folder, stopped }
}

fn put_back(folder: &Path, backup: &Path) {
    for name in ["forbear.db-wal", "forbear.db-shm"] {
        let _ = fs::remove_file(folder.join(name));
    }
    fs::rename(backup, folder.join("forbear.db")).unwrap();
}

/// Dials and sends what is due, and returns the debtors of the attempts.
async fn work(app: &TestApp) -> Vec<DebtorId> {
    let dialer: Arc<dyn Dialer> = Arc::new(SimulatedDialer::default());
    let mailer: Arc<dyn Mailer> = Arc::new(FileMailer::new(
        app.folder.path().join("mail"),
        &app.ctx.public_url,
    ));
    let never = Stopping::never();
    worker::calls::run(&app.ctx, &dialer, &never).await.unwrap();
    worker::sequences::run(&app.ctx, &mailer, &never)
        .await
        .unwrap();
    app.rows(|conn| attempts::table.select(attempts::debtor_id).load(conn))
}

fn events(app: &TestApp, kind: &str) -> Vec<String> {
    app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq(kind))
            .select(audit_events::body)
            .load(conn)
    })
}

fn ceased(app: &TestApp) -> Vec<DebtorId> {
    app.rows(|conn| {
        flags::table
            .filter(flags::kind.eq(FlagKind::Cease))
            .select(flags::debtor_id)
            .load(conn)
    })
}

#[actix_web::test]
async fn all_fifty_stops_are_applied_again_before_anybody_is_reached() {
    let Restored { folder, stopped } = restored().await;
    let told = forbear(folder.path(), &["doctor"], "");
    assert!(
        told.out.contains("50 of 50 stops are not in the database"),
        "{}",
        told.out
    );
    // The program itself, as far as its first answer.
    let process = Process::start(folder.path());
    let health = get(process.address(), "/healthz", None).unwrap();
    assert_eq!((health.status, &*health.body), (200, "ok\n"));
    process.kill();
    let known: i64 = database_in(folder.path())
        .read(|conn| {
            stop_requests::table
                .filter(stop_requests::effective_at.is_not_null())
                .count()
                .get_result(conn)
                .map_err(forbear::db::DbError::from)
        })
        .unwrap();
    assert_eq!(usize::try_from(known), Ok(STOPS));

    let app = again(folder).await;
    let reached = work(&app).await;
    assert_eq!(reached.len(), 2 * OTHERS, "a call and an email to each");
    assert!(reached.iter().all(|debtor| !stopped.contains(debtor)));
    let ceased = ceased(&app);
    assert!(stopped.iter().all(|debtor| ceased.contains(debtor)));
    // What happened can be read by an examiner.
    assert_eq!(events(&app, "debtor.stop_reapplied").len(), STOPS);
    let gap = events(&app, "stop_journal.reapplied");
    assert_eq!(gap.len(), 1);
    let gap: serde_json::Value = serde_json::from_str(&gap[0]).unwrap();
    assert_eq!(
        (&gap["entries"], &gap["reapplied"]),
        (&50.into(), &50.into())
    );
}

#[actix_web::test]
async fn without_the_journal_nobody_is_reached_until_a_person_signs_it_off() {
    let Restored { folder, .. } = restored().await;
    fs::remove_file(folder.path().join("stops.journal")).unwrap();
    let app = again(folder).await;
    assert_eq!(work(&app).await, []);
    let health = app.anonymous().get("/healthz").await;
    assert_eq!(health.status, 200);
    health.assert_contains("attention: stops may be missing");

    let mut compliance = app.sign_in(Role::Compliance, None).await;
    let home = compliance.get("/compliance").await;
    home.assert_says("Stops may be missing");
    home.assert_contains(r#"href="/compliance/stop-journal""#);
    let page = compliance.get("/compliance/stop-journal").await;
    page.assert_says("One stop journal that the database knows of is gone.");
    let mut supervisor = app.sign_in(Role::Supervisor, None).await;
    for answer in [
        supervisor.get("/compliance/stop-journal").await,
        supervisor.post("/compliance/stop-journal", &[]).await,
    ] {
        assert_eq!(answer.status, 403);
    }
    assert_eq!(work(&app).await, [], "looking at it changes nothing");
    let signed = compliance.post("/compliance/stop-journal", &[]).await;
    assert_eq!(signed.status, 303, "{}", signed.body);
    let on_record = events(&app, "stop_journal.signed_off");
    assert_eq!(on_record.len(), 1);
    assert!(
        on_record[0].contains(r#""missing_journals":1"#),
        "{on_record:?}"
    );
    assert_eq!(work(&app).await.len(), 2 * (STOPS + OTHERS));
    // Twice is once.
    let again = compliance.post("/compliance/stop-journal", &[]).await;
    assert_eq!(again.status, 409);
    let page = compliance.get("/compliance/stop-journal").await;
    assert_eq!(page.status, 409);
}

#[actix_web::test]
async fn a_journal_that_was_cut_short_or_damaged_is_missed() {
    for damage in ["cut", "flip"] {
        let app = start().await;
        let creditor = app.creditor("Cedar Harbor");
        let placements: Vec<PlacementId> = (0..4).map(|_| app.place(creditor, |_| {})).collect();
        make_due(&app, &placements);
        for placement in &placements[..3] {
            stop(&app, creditor, app.debtor_of(*placement)).await;
        }
        let (folder, _) = app.end();
        let file = folder.path().join("stops.journal");
        let text = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4, "its name and three stops");
        let mut bytes = text.clone().into_bytes();
        match damage {
            "flip" => bytes[lines[0].len() + 3] = 0xff,
            _ => bytes.truncate(text.len() - lines[3].len() - 1),
        }
        fs::write(&file, &bytes).unwrap();

        let app = again(folder).await;
        assert_eq!(work(&app).await, [], "{damage}");
        let mut compliance = app.sign_in(Role::Compliance, None).await;
        let page = compliance.get("/compliance/stop-journal").await;
        assert_eq!(page.status, 200, "{damage}: {}", page.body);
        let signed = compliance.post("/compliance/stop-journal", &[]).await;
        assert_eq!(signed.status, 303, "{damage}");
        assert_eq!(work(&app).await.len(), 2, "{damage}");
        // The old one is kept beside the new one, which goes on from what could be read.
        let kept = app.ctx.journal.read().unwrap();
        assert_eq!((kept.entries.len(), kept.damaged_lines.len()), (2, 0));
        let aside = fs::read_dir(app.folder.path())
            .unwrap()
            .filter_map(|file| file.unwrap().file_name().into_string().ok())
            .filter(|name| name.starts_with("stops.journal.until-"))
            .count();
        assert_eq!(aside, 1, "{damage}");
        // The next stop and the next start find everything in order.
        stop(&app, creditor, app.debtor_of(placements[3])).await;
        let (folder, _) = app.end();
        let app = again(folder).await;
        assert!(app.ctx.journal.is_compared(), "{damage}");
    }
}

#[actix_web::test]
async fn a_backup_is_taken_beside_the_server_and_never_over_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path());
    let file = folder.path().join("copy.db");
    let taken = forbear(folder.path(), &["backup", file.to_str().unwrap()], "");
    assert_eq!(taken.code, 0, "{taken:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = forbear(folder.path(), &["backup", file.to_str().unwrap()], "");
    assert_eq!(again.code, 1);
    assert!(again.err.contains("is there already"), "{again:?}");
    process.kill();
    let db = forbear::db::Db::open(&forbear::db::Target::Sqlite(file), 1);
    assert_eq!(
        forbear::db::migrate::pending(&db).unwrap(),
        Vec::<String>::new()
    );
}
