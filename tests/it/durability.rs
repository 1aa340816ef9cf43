//! What was acknowledged is on the disk, and stays there when the process is killed.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use forbear::db::{Db, DbError};

use crate::support::chain;
use crate::support::process::{PATIENCE, Process, add_person, database_in, get, post};
use crate::support::skip::{find_program, skip};

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
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while let Some(cookie) = sign_in(address) {
                        acknowledged.lock().unwrap().push(cookie);
                    }
                });
            }
            scope.spawn(|| (0..3).for_each(|_| refused_sign_in(address)));
            // Another moment each time: early in a transaction, late, or between two.
            thread::sleep(Duration::from_millis(150 + 37 * round));
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

/// What happens to the write-ahead log between a request and its answer.
#[derive(Debug, Default, PartialEq, Eq)]
struct Traced {
    writes: usize,
    syncs: usize,
    /// Written to after the last sync.
    unsynced: bool,
}

/// Reads a trace from the request on, as far as the answer.
fn until_answered(trace: &str) -> Traced {
    let mut seen = Traced::default();
    let mut lines = trace
        .lines()
        .skip_while(|line| !line.contains("POST /sign-in"));
    for line in &mut lines {
        if line.contains("\"HTTP/1.1 303") {
            return seen;
        }
        let is_log = line.contains("forbear.db-wal>");
        let starts = |call: &str| line.contains(&format!("{call}("));
        if is_log && (starts("pwrite64") || starts("pwritev") || starts("write")) {
            seen.writes += 1;
            seen.unsynced = true;
        }
        // A call that another thread's interrupts is told in two lines; the second counts.
        let synced = is_log && (starts("fdatasync") || starts("fsync"));
        let done = synced && !line.contains("unfinished");
        if done || line.contains("fdatasync resumed>") || line.contains("fsync resumed>") {
            seen.syncs += 1;
            seen.unsynced = false;
        }
    }
    panic!("no answer in the trace");
}

fn trace_of_a_sign_in(strace: &Path, folder: &Path) -> String {
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
    assert!(sign_in(process.address()).is_some());
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
    let seen = until_answered(&trace_of_a_sign_in(&strace, folder.path()));
    assert!(seen.writes > 0, "{seen:?}");
    assert!(
        seen.syncs >= 2,
        "one for the event, one for the session: {seen:?}"
    );
    assert!(!seen.unsynced, "{seen:?}");
}

#[test]
fn the_reader_of_traces_knows_a_late_sync() {
    let synced = "1 recvfrom(9, \"POST /sign-in HT\"...) = 9\n\
        2 pwrite64(7</d/forbear.db-wal>, \"\"..., 24, 32) = 24\n\
        2 fdatasync(7</d/forbear.db-wal> <unfinished ...>\n\
        3 write(5</d/other>, \"\"...) = 1\n\
        2 <... fdatasync resumed>) = 0\n\
        1 sendto(9, \"HTTP/1.1 303 See Ot\"...) = 9\n";
    let expected = Traced {
        writes: 1,
        syncs: 1,
        unsynced: false,
    };
    assert_eq!(until_answered(synced), expected);
    let late = synced.replace("2 <... fdatasync resumed>) = 0\n", "");
    assert!(until_answered(&late).unsynced);
}
