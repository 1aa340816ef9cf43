//! What was acknowledged is on the disk, and stays there when the process is killed.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use forbear::db::{Db, DbError};

use crate::support::builders::phone;
use crate::support::database::TestDatabase;
use crate::support::process::{PATIENCE, Process, add_person, database_in, get, post};
use crate::support::skip::{find_program, skip};
use crate::support::{TestApp, chain};

const EMAIL: &str = "agent@people.example";
const PASSWORD: &str = "correct horse battery";

/// Each sign-in is one transaction with an audit event, and one for the session.
fn sign_in(address: SocketAddr) -> Option<String> {
    let answer = post(
        address,
        "/sign-in",
        &[("email", EMAIL), ("password", PASSWORD)],
    )?;
    assert_eq!(answer.status, 303, "{}", answer.head);
    answer.cookie()
}

fn refused_sign_in(address: SocketAddr) {
    let _ = post(
        address,
        "/sign-in",
        &[("email", "nobody@people.example"), ("password", "a guess")],
    );
}

#[derive(QueryableByName)]
struct Verdict {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[track_caller]
fn assert_intact(db: &Db) {
    let verdict: Vec<Verdict> = db
        .read(|conn| -> Result<_, DbError> {
            Ok(diesel::sql_query("PRAGMA integrity_check").load(conn)?)
        })
        .unwrap();
    assert_eq!(verdict[0].integrity_check, "ok");
}

#[test]
fn killed_again_and_again_it_loses_nothing_acknowledged_and_keeps_its_chain() {
    const ROUNDS: u64 = 10;
    let folder = tempfile::tempdir().unwrap();
    add_person(folder.path(), EMAIL, PASSWORD);
    let acknowledged = Mutex::new(Vec::new());
    for round in 0..ROUNDS {
        let process = Process::start(folder.path());
        let address = process.address();
        let before = acknowledged.lock().unwrap().len();
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while let Some(cookie) = sign_in(address) {
                        acknowledged.lock().unwrap().push(cookie);
                    }
                });
            }
            scope.spawn(|| (0..3).for_each(|_| refused_sign_in(address)));
            // Another moment each time: early in a transaction, late, or between two. It counts from
            // the first sign-in, which takes a busy machine as long as it takes.
            for _ in 0..600 {
                if acknowledged.lock().unwrap().len() > before {
                    break;
                }
                thread::sleep(Duration::from_millis(50));
            }
            thread::sleep(Duration::from_millis(37 * round));
            process.kill();
        });
        let db = database_in(folder.path());
        assert_intact(&db);
        chain::assert_unbroken(&db);
    }

    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(!acknowledged.is_empty());
    let events = chain::assert_unbroken(&database_in(folder.path()));
    assert!(events > acknowledged.len(), "{events} events");
    let process = Process::start(folder.path());
    for cookie in &acknowledged {
        let answer = get(process.address(), "/", Some(cookie)).unwrap();
        assert_eq!(answer.location(), "/placements", "{cookie} is forgotten");
    }
}

/// What happens to a file between a request and its answer.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Synced {
    writes: usize,
    syncs: usize,
    /// Written to after the last sync.
    unsynced: bool,
}

/// The database's write-ahead log, and the stop journal.
#[derive(Debug, Default, PartialEq, Eq)]
struct Traced {
    log: Synced,
    journal: Synced,
}

impl Traced {
    fn file(&mut self, line: &str) -> Option<&mut Synced> {
        if line.contains("forbear.db-wal>") {
            Some(&mut self.log)
        } else if line.contains("stops.journal>") {
            Some(&mut self.journal)
        } else {
            None
        }
    }
}

/// Reads a trace from the request on, as far as the answer.
fn until_answered(trace: &str, request: &str) -> Traced {
    let mut seen = Traced::default();
    // A call that another thread's interrupts is told in two lines, and only the first names the
    // file: what each thread is at.
    let mut begun: HashMap<&str, &str> = HashMap::new();
    for line in trace.lines().skip_while(|line| !line.contains(request)) {
        if line.contains("\"HTTP/1.1 303") {
            return seen;
        }
        let thread = line.split(' ').next().unwrap();
        let starts = |call: &str| line.contains(&format!(" {call}("));
        if starts("pwrite64") || starts("pwritev") || starts("write") {
            if let Some(file) = seen.file(line) {
                file.writes += 1;
                file.unsynced = true;
            }
        } else if starts("fdatasync") || starts("fsync") {
            if line.contains("unfinished") {
                begun.insert(thread, line);
            } else if let Some(file) = seen.file(line) {
                file.syncs += 1;
                file.unsynced = false;
            }
        } else if (line.contains("fdatasync resumed>") || line.contains("fsync resumed>"))
            && let Some(file) = begun.remove(thread).and_then(|line| seen.file(line))
        {
            file.syncs += 1;
            file.unsynced = false;
        }
    }
    panic!("no answer in the trace");
}

/// What the program did while `ask` asked it for something.
fn trace(strace: &Path, folder: &Path, ask: impl FnOnce(SocketAddr)) -> String {
    let file = folder.join("trace");
    let process = Process::start_under(
        &[
            strace.to_str().unwrap(),
            // The program stays our child, so that we end it and not only who looks on.
            "-D",
            "-f",
            "-y",
            "-s",
            "40",
            "-e",
            "trace=fsync,fdatasync,pwrite64,pwritev,write,writev,sendto,read,recvfrom",
            "-o",
            file.to_str().unwrap(),
        ],
        folder,
    );
    ask(process.address());
    process.kill();
    let limit = Instant::now() + PATIENCE;
    loop {
        let trace = fs::read_to_string(&file).unwrap();
        if trace.contains("+++ killed by SIGKILL +++") {
            return trace;
        }
        assert!(Instant::now() < limit, "the tracer did not end");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_commit_is_synced_before_its_answer_is_sent() {
    let Some(strace) = find_program("strace") else {
        skip(
            "whether commits are synced before they are acknowledged",
            "strace",
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    add_person(folder.path(), EMAIL, PASSWORD);
    let trace = trace(&strace, folder.path(), |address| {
        assert!(sign_in(address).is_some());
    });
    let seen = until_answered(&trace, "POST /sign-in");
    assert!(seen.log.writes > 0, "{seen:?}");
    assert!(
        seen.log.syncs >= 2,
        "one for the event, one for the session: {seen:?}"
    );
    assert!(!seen.log.unsynced, "{seen:?}");
}

/// A stop is in two places that survive a power cut, before anybody is told that it is noted.
#[actix_web::test]
async fn a_stop_is_synced_in_the_database_and_in_the_journal_before_it_is_acknowledged() {
    let Some(strace) = find_program("strace") else {
        skip(
            "whether stops are synced before they are acknowledged",
            "strace",
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::sqlite(folder.path());
    let app = TestApp::on(folder, database).await;
    app.place(app.creditor("Cedar Harbor"), |row| {
        row.debtor.phones = vec![phone("518-555-7008")];
    });
    let (folder, _) = app.end();
    let trace = trace(&strace, folder.path(), |address| {
        let fields = [("phone", "518-555-7008"), ("scope", "all")];
        assert_eq!(post(address, "/stop", &fields).unwrap().status, 303);
    });
    let seen = until_answered(&trace, "POST /stop");
    for file in [seen.log, seen.journal] {
        assert!(file.writes > 0 && file.syncs > 0, "{seen:?}");
        assert!(!file.unsynced, "{seen:?}");
    }
}

#[test]
fn the_reader_of_traces_knows_a_late_sync() {
    let synced = "1 recvfrom(9, \"POST /sign-in HT\"...) = 9\n\
        2 pwrite64(7</d/forbear.db-wal>, \"\"..., 24, 32) = 24\n\
        2 fdatasync(7</d/forbear.db-wal> <unfinished ...>\n\
        3 write(5</d/stops.journal>, \"\"...) = 1\n\
        3 fdatasync(5</d/stops.journal>) = 0\n\
        2 <... fdatasync resumed>) = 0\n\
        1 sendto(9, \"HTTP/1.1 303 See Ot\"...) = 9\n";
    let once = Synced {
        writes: 1,
        syncs: 1,
        unsynced: false,
    };
    let expected = Traced {
        log: once,
        journal: once,
    };
    assert_eq!(until_answered(synced, "POST /sign-in"), expected);
    let late = synced.replace("2 <... fdatasync resumed>) = 0\n", "");
    assert!(until_answered(&late, "POST /sign-in").log.unsynced);
    let late = synced.replace("3 fdatasync(5</d/stops.journal>) = 0\n", "");
    let seen = until_answered(&late, "POST /sign-in");
    assert!(seen.journal.unsynced && !seen.log.unsynced);
}
