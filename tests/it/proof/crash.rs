//! The program itself, killed again and again under load: whatever it acknowledged is there
//! afterwards, and nothing is there by half.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant as Monotonic};

use diesel::prelude::*;
use diesel::sql_types::Text;
use forbear::actions::imports;
use forbear::actions::journal::{Remembered, StopJournal};
use forbear::actions::placing::Placed;
use forbear::db::schema::{
    attempts, audit_events, calls, debtors, email_sequences, flags, imports as import_rows,
    payments, phones, placements, stop_requests,
};
use forbear::db::{Db, DbError, Kind, Target};
use forbear::domain::actor::Actor;
use forbear::domain::api_key::ApiKeyAccess;
use forbear::domain::id::{CreditorId, DebtorId, PlacementId, StopRequestId};
use forbear::domain::import::{ImportKind, ImportStatus};
use forbear::domain::phone::PhoneNumber;
use forbear::domain::stop::FlagKind;
use forbear::domain::time::Instant;
use forbear::store::Scope;
use serde_json::json;

use super::{Chance, setting};
use crate::support::TestApp;
use crate::support::builders::account;
use crate::support::chain;
use crate::support::process::{PATIENCE, Process, post_from, post_json};

/// Files that wait to be saved when the killing begins, and rows in each: more than are saved in
/// one transaction.
const FILES: usize = 4;
const ROWS: usize = 700;

/// Debtors who ask for a stop, and accounts that are paid on.
const ASKERS: usize = 600;
const PAYERS: usize = 12;

/// Who does what, and what was acknowledged to whom.
struct Load {
    key: String,
    askers: Vec<(DebtorId, PhoneNumber)>,
    payers: Vec<PlacementId>,
    asked: AtomicUsize,
    paid: AtomicUsize,
    stopped: Mutex<Vec<DebtorId>>,
    payments: Mutex<Vec<(PlacementId, String)>>,
}

#[actix_web::test]
async fn killed_at_any_moment_it_keeps_what_it_acknowledged_and_nothing_by_half() {
    let chance = Chance::new("crash");
    let app = TestApp::start().await;
    // On PostgreSQL the commits are the server's, and only our half of it is killed.
    let rounds = match app.ctx.db.kind() {
        Kind::Sqlite => setting("FORBEAR_CRASH_ROUNDS", 20),
        Kind::Postgres => setting("FORBEAR_CRASH_ROUNDS", 20).div_ceil(3),
    };
    let creditor = app.creditor("Cedar Harbor");
    let load = Load::prepare(&app, creditor);
    (0..FILES).for_each(|n| start_import(&app, creditor, n));
    let (folder, database) = app.end();
    let settings = Settings::of(database.target());
    for _ in 0..rounds {
        let process = settings.start(folder.path());
        let address = process.address();
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| load.ask_until_it_dies(address));
                scope.spawn(|| load.pay_until_it_dies(address));
            }
            thread::sleep(Duration::from_millis(60) + chance.millis(700));
            kill(&process);
        });
        drop(process);
        let db = Db::open(database.target(), 1);
        assert_intact(&db);
        chain::assert_unbroken(&db);
    }

    // Undisturbed, what was begun is ended. Nobody waits for the lease of the last one that was killed.
    let db = Db::open(database.target(), 2);
    end_leases(&db);
    let process = settings.start(folder.path());
    let limit = Monotonic::now() + PATIENCE;
    while open_imports(&db) > 0 {
        assert!(Monotonic::now() < limit, "an import does not end");
        thread::sleep(Duration::from_millis(50));
    }
    drop(process);
    assert_intact(&db);
    chain::assert_unbroken(&db);
    load.assert_kept(&db, folder.path(), creditor);
    assert_imports_whole(&db);
}

/// As if the minute had passed after which a dead process's imports are taken up.
fn end_leases(db: &Db) {
    let ended: Result<usize, DbError> = db.write(|conn| {
        diesel::update(import_rows::table.filter(import_rows::claimed_until.is_not_null()))
            .set(import_rows::claimed_until.eq(Instant::from_micros(0)))
            .execute(conn)
            .map_err(DbError::from)
    });
    ended.unwrap();
}

/// By its number, for those who use it have it too.
fn kill(process: &Process) {
    let told = std::process::Command::new("kill")
        .args(["-KILL", &process.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
}

/// How the program is started.
struct Settings {
    database: Option<String>,
}

impl Settings {
    fn of(target: &Target) -> Self {
        Self {
            database: match target {
                Target::Sqlite(_) => None,
                Target::Postgres(url) => Some(url.clone()),
            },
        }
    }

    fn start(&self, folder: &Path) -> Process {
        let secret = "5a".repeat(32);
        let mut settings = vec![
            ("FORBEAR_SECRET", secret.as_str()),
            // So that each request may come from somewhere else.
            ("FORBEAR_TRUSTED_PROXIES", "127.0.0.1"),
        ];
        if let Some(url) = &self.database {
            settings.push(("DATABASE_URL", url));
        }
        Process::start_with(&[], folder, &settings)
    }
}

impl Load {
    fn prepare(app: &TestApp, creditor: CreditorId) -> Self {
        let place = |count: usize| -> Vec<PlacementId> {
            let rows: Vec<_> = (0..count).map(|_| account()).collect();
            app.place_rows(creditor, &rows)
                .into_iter()
                .filter_map(|placed| match placed {
                    Placed::Created { placement, .. } => Some(placement),
                    _ => None,
                })
                .collect()
        };
        let askers = place(ASKERS);
        let askers: Vec<(DebtorId, PhoneNumber)> = app.rows(|conn| {
            placements::table
                .inner_join(
                    debtors::table.on(debtors::creditor_id
                        .eq(placements::creditor_id)
                        .and(debtors::id.eq(placements::debtor_id))),
                )
                .inner_join(
                    phones::table.on(phones::creditor_id
                        .eq(debtors::creditor_id)
                        .and(phones::debtor_id.eq(debtors::id))),
                )
                .filter(placements::id.eq_any(askers))
                .select((debtors::id, phones::number))
                .load(conn)
        });
        assert_eq!(askers.len(), ASKERS);
        Self {
            key: app.key(Some(creditor), ApiKeyAccess::Full),
            askers,
            payers: place(PAYERS),
            asked: AtomicUsize::new(0),
            paid: AtomicUsize::new(0),
            stopped: Mutex::default(),
            payments: Mutex::default(),
        }
    }

    /// "Stop contacting this number", from one debtor after the other.
    fn ask_until_it_dies(&self, address: SocketAddr) {
        loop {
            let n = self.asked.fetch_add(1, Ordering::SeqCst);
            let Some((debtor, number)) = self.askers.get(n) else {
                return;
            };
            let source = format!("X-Forwarded-For: 10.{}.{}.1\r\n", n / 250, n % 250);
            let fields = [("phone", &*number.to_string()), ("scope", "all")];
            match post_from(address, "/stop", &fields, &source) {
                Some(answer) if answer.status == 303 => {
                    self.stopped.lock().unwrap().push(*debtor);
                }
                Some(answer) => assert_eq!(answer.status, 503, "{}", answer.head),
                None => return,
            }
        }
    }

    /// A dollar at a time, each under a name of its own.
    fn pay_until_it_dies(&self, address: SocketAddr) {
        loop {
            let n = self.paid.fetch_add(1, Ordering::SeqCst);
            let (placement, name) = (self.payers[n % PAYERS], format!("pay-{n}"));
            let path = format!("/v1/placements/{placement}/payment-received");
            let head = format!(
                "Authorization: Bearer {}\r\nIdempotency-Key: {name}\r\n",
                self.key
            );
            let body = json!({"amount": "1.00", "reference": name});
            match post_json(address, &path, &head, &body) {
                Some(answer) if answer.status == 200 => {
                    self.payments.lock().unwrap().push((placement, name));
                }
                Some(answer) if answer.status == 429 => thread::sleep(Duration::from_millis(20)),
                Some(answer) => assert_eq!(answer.status, 503, "{} {}", answer.head, answer.body),
                None => return,
            }
        }
    }

    fn assert_kept(&self, db: &Db, folder: &Path, creditor: CreditorId) {
        let journal = StopJournal::look(folder).unwrap().unwrap();
        assert_eq!(journal.damaged_lines, Vec::<usize>::new());
        let in_journal: Vec<StopRequestId> = journal
            .entries
            .iter()
            .filter_map(|entry| match entry {
                Remembered::Stop(entry) => Some(entry.request),
                Remembered::Flag(_) => None,
            })
            .collect();
        let stops: Vec<(DebtorId, StopRequestId)> = rows(db, |conn| {
            stop_requests::table
                .select((stop_requests::debtor_id, stop_requests::id))
                .load(conn)
        });
        let acknowledged = self.stopped.lock().unwrap();
        for debtor in &*acknowledged {
            let kept = stops.iter().find(|(of, _)| of == debtor);
            let (_, request) = kept.unwrap_or_else(|| panic!("the stop of {debtor} is lost"));
            assert!(in_journal.contains(request), "{request} is in no journal");
        }
        for (debtor, request) in &stops {
            assert_whole(db, creditor, *debtor, *request);
        }
        let paid = self.payments.lock().unwrap();
        self.assert_paid(db, &paid);
        eprintln!(
            "{} stops and {} payments were acknowledged, {} and {} are there",
            acknowledged.len(),
            paid.len(),
            stops.len(),
            rows::<i64>(db, |conn| payments::table.count().get_result(conn))
        );
        assert!(acknowledged.len() > 3 && paid.len() > 10);
    }

    fn assert_paid(&self, db: &Db, acknowledged: &[(PlacementId, String)]) {
        let kept: Vec<(PlacementId, Option<String>, i64)> = rows(db, |conn| {
            payments::table
                .select((
                    payments::placement_id,
                    payments::reference,
                    payments::amount_cents,
                ))
                .load(conn)
        });
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, reference, _) in &kept {
            *times.entry(reference.as_deref().unwrap()).or_default() += 1;
        }
        assert!(times.values().all(|times| *times == 1), "paid twice");
        for (_, name) in acknowledged {
            assert!(times.contains_key(&**name), "the payment {name} is lost");
        }
        for placement in &self.payers {
            let recovered: i64 = rows(db, |conn| {
                placements::table
                    .filter(placements::id.eq(placement))
                    .select(placements::recovered_cents)
                    .first(conn)
            });
            let of_this = kept.iter().filter(|(of, _, _)| of == placement);
            assert_eq!(of_this.map(|(_, _, cents)| cents).sum::<i64>(), recovered);
        }
        let told: i64 = rows(db, |conn| {
            audit_events::table
                .filter(audit_events::kind.eq("payment.received"))
                .count()
                .get_result(conn)
        });
        assert_eq!(usize::try_from(told), Ok(kept.len()));
    }
}

fn rows<T>(db: &Db, query: impl FnOnce(&mut forbear::db::DbConn) -> QueryResult<T>) -> T {
    db.read(|conn| query(conn).map_err(DbError::from)).unwrap()
}

/// A stop with all of its effects, or with none.
#[track_caller]
fn assert_whole(db: &Db, creditor: CreditorId, debtor: DebtorId, request: StopRequestId) {
    let (kinds, told, live, starting): (Vec<FlagKind>, i64, i64, i64) = rows(db, |conn| {
        let kinds = flags::table
            .filter(flags::creditor_id.eq(creditor))
            .filter(flags::debtor_id.eq(debtor))
            .select(flags::kind)
            .load(conn)?;
        let told = audit_events::table
            .filter(audit_events::debtor_id.eq(debtor))
            .filter(audit_events::kind.eq("debtor.stop_requested"))
            .count()
            .get_result(conn)?;
        let planned: i64 = calls::table
            .filter(calls::creditor_id.eq(creditor))
            .filter(calls::debtor_id.eq(debtor))
            .filter(calls::status.eq_any(["planned", "claimed", "starting"]))
            .count()
            .get_result(conn)?;
        let series: i64 = email_sequences::table
            .filter(email_sequences::creditor_id.eq(creditor))
            .filter(email_sequences::debtor_id.eq(debtor))
            .filter(email_sequences::next_send_at.is_not_null())
            .count()
            .get_result(conn)?;
        let starting = attempts::table
            .filter(attempts::creditor_id.eq(creditor))
            .filter(attempts::debtor_id.eq(debtor))
            .filter(attempts::status.eq("starting"))
            .count()
            .get_result(conn)?;
        Ok((kinds, told, planned + series, starting))
    });
    assert_eq!(kinds.len(), 3, "{request}: {kinds:?}");
    assert_eq!((told, live, starting), (1, 0, 0), "{request}");
}

fn start_import(app: &TestApp, creditor: CreditorId, file: usize) {
    let mut text = "invoice_number,name,amount\n".to_owned();
    for row in 0..ROWS {
        text.push_str(&format!("F{file}-{row},Person {file} {row},{}\n", row + 1));
    }
    let actor = Actor::System("import");
    let scope = Scope::Creditor(creditor);
    let upload = imports::Upload {
        creditor,
        kind: ImportKind::Placements,
        file_name: format!("{file}.csv"),
        bytes: text.into_bytes(),
        windows_1252: false,
    };
    let id = imports::upload(&app.ctx, &actor, &upload).unwrap();
    let form = imports::MappingForm {
        columns: ["invoice_number", "name", "amount"]
            .map(|key| Some(key.to_owned()))
            .to_vec(),
        ..imports::MappingForm::default()
    };
    imports::map(&app.ctx, &actor, scope, id, &form)
        .unwrap()
        .unwrap();
    imports::start(&app.ctx, &actor, scope, id, false).unwrap();
}

fn open_imports(db: &Db) -> i64 {
    rows(db, |conn| {
        import_rows::table
            .filter(import_rows::status.ne(ImportStatus::Completed))
            .count()
            .get_result(conn)
    })
}

fn assert_imports_whole(db: &Db) {
    let created: Vec<i32> = rows(db, |conn| {
        import_rows::table
            .select(import_rows::created_rows)
            .load(conn)
    });
    assert_eq!(created, [ROWS as i32; FILES]);
    for file in 0..FILES {
        let placed: i64 = rows(db, |conn| {
            placements::table
                .filter(placements::invoice_number.like(format!("F{file}-%")))
                .count()
                .get_result(conn)
        });
        assert_eq!(usize::try_from(placed), Ok(ROWS), "file {file}");
    }
}

#[derive(QueryableByName)]
struct Verdict {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// SQLite's own check of its file.
#[track_caller]
fn assert_intact(db: &Db) {
    if db.kind() == Kind::Postgres {
        return;
    }
    let verdict: Vec<Verdict> = rows(db, |conn| {
        diesel::sql_query("PRAGMA integrity_check").load(conn)
    });
    assert_eq!(verdict[0].integrity_check, "ok");
}
