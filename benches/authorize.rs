//! What asking for leave costs at 100,000 debtors: loading the facts, deciding, and the whole of
//! `authorize` with its rows.
//!
//! `cargo bench --bench authorize` prints the median and the 99th percentile. The database lies in
//! memory where the system offers `/dev/shm`, so that the figures leave out the disk's sync.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement that can't be taken shall stop and say so"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant as Monotonic};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use forbear::actions::authorize::{HandOff, Origin, authorize};
use forbear::actions::ctx::Ctx;
use forbear::actions::decisions::{Subject, judge};
use forbear::actions::journal::StopJournal;
use forbear::actions::placement_counts::PlacementCounts;
use forbear::actions::wake::Wake;
use forbear::db::schema::{email_sequences, emails, placements};
use forbear::db::{Db, DbError, Target, migrate};
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DebtorId, PlacementId, SequenceId};
use forbear::domain::time::{FixedClock, Instant};
use forbear::gate::attempt::{Content, Initiator};
use forbear::gate::facts::Channel;
use forbear::gate::{Attempt, Policy};
use forbear::keys::Keys;
use forbear::passwords::Passwords;
use forbear::policies::Policies;
use forbear::store::facts;

const DEBTORS: usize = 100_000;
const SAMPLES: usize = 3_000;

/// A Wednesday at ten in New York.
const NOW: &str = "2026-05-13T14:00:00Z";

fn main() {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }
    .expect("a folder for the database");
    let ctx = context(folder.path());
    seed(&ctx.db);
    let subjects = sample(&ctx.db);
    println!("SQLite, {DEBTORS} debtors, {} samples", subjects.len());

    report("load the facts", &subjects, |(subject, _, _)| {
        let file: Result<_, DbError> = ctx.db.read(|conn| {
            facts::load_one(conn, subject.creditor, subject.debtor).map_err(DbError::from)
        });
        assert!(file.expect("reads").is_some());
    });
    let policy = ctx.policies.last_known().policy;
    report(
        "load the facts and decide",
        &subjects,
        |(subject, _, address)| {
            let attempt = email(subject.placement, address);
            ctx.read(|conn| judge(&ctx, conn, &policy, *subject, &attempt))
                .expect("decides");
        },
    );
    report(
        "authorize, with its rows",
        &subjects,
        |(subject, sequence, address)| {
            let hand_off = HandOff {
                creditor: subject.creditor,
                debtor: subject.debtor,
                placement: subject.placement,
                attempt: email(subject.placement, address),
                origin: Origin::Sequence(*sequence, 0),
            };
            authorize(&ctx, &Actor::System("worker"), &hand_off).expect("answers");
        },
    );
}

fn context(folder: &std::path::Path) -> Ctx {
    let db = Db::open(&Target::Sqlite(folder.join("bench.db")), 4);
    migrate::run(&db).expect("migrates");
    let now = Instant::parse_rfc3339(NOW).expect("an instant");
    Ctx {
        db,
        clock: Arc::new(FixedClock::at(now)),
        policies: Policies::new(Policy::builtin()),
        keys: Keys::from_hex(&"00".repeat(32)).expect("keys"),
        passwords: Passwords::for_tests().expect("passwords"),
        journal: Arc::new(StopJournal::open(folder).expect("a journal")),
        wake: Wake::default(),
        placement_counts: PlacementCounts::default(),
        agency: Arc::default(),
        voice: None,
        webhook_addresses: Arc::default(),
        trusted_proxies: Arc::default(),
        is_encrypted_at_rest: false,
        process: "bench".into(),
        data_dir: Arc::new(folder.to_owned()),
        public_url: "http://forbear.example".into(),
    }
}

/// A creditor with people of one placement, two numbers, an address, a series of emails and ten
/// contacts of the last weeks each.
fn seed(db: &Db) {
    const CREDITOR: &str = "00000000-0000-7000-8000-000000000001";
    let at = "2026-03-01 12:00:00";
    // A text id of 36 characters from a kind and a number.
    let id = |kind: u8| format!("printf('{kind:08}-0000-7000-8000-%012d', n)");
    let (debtor, placement, phone_a, phone_b, email, sequence, contact) = (
        id(2),
        id(3),
        id(4),
        id(5),
        id(6),
        id(7),
        "printf('00000008-%04d-7000-8000-%012d', k, n)",
    );
    let sql = format!(
        "INSERT INTO creditors (id, name, contingency_bps, created_at) VALUES ('{CREDITOR}', 'Bench', 2500, '{at}');
        CREATE TEMP TABLE numbers AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {DEBTORS}) SELECT n FROM s;
        INSERT INTO debtors (creditor_id, id, kind, name, search_name, state, zip, city, created_at)
            SELECT '{CREDITOR}', {debtor}, 'person', 'Person ' || n, 'person ' || n, 'NY', '12207', 'Albany', '{at}' FROM numbers;
        INSERT INTO phones (creditor_id, id, debtor_id, number, kind, created_at)
            SELECT '{CREDITOR}', {phone_a}, {debtor}, 5182000000 + n, 'mobile', '{at}' FROM numbers;
        INSERT INTO phones (creditor_id, id, debtor_id, number, kind, created_at)
            SELECT '{CREDITOR}', {phone_b}, {debtor}, 5183000000 + n, 'landline', '{at}' FROM numbers;
        INSERT INTO emails (creditor_id, id, debtor_id, address, kind, created_at)
            SELECT '{CREDITOR}', {email}, {debtor}, 'p' || n || '@people.example', 'personal', '{at}' FROM numbers;
        INSERT INTO placements (creditor_id, id, debtor_id, invoice_number, invoice_key, debt_kind, status, amount_cents, placed_at, updated_at)
            SELECT '{CREDITOR}', {placement}, {debtor}, 'INV-' || n, 'inv-' || n, 'medical', 'in_outreach', 10000 + n, '{at}', '{at}' FROM numbers;
        INSERT INTO letters (creditor_id, id, placement_id, debtor_id, letter_type, sent_on, method, created_by, created_at)
            SELECT '{CREDITOR}', {letter}, {placement}, {debtor}, 'validation_notice', '2026-03-02', 'mail', 'system:import', '{at}' FROM numbers;
        INSERT INTO email_sequences (creditor_id, id, placement_id, debtor_id, status, step, next_send_at, created_at, updated_at)
            SELECT '{CREDITOR}', {sequence}, {placement}, {debtor}, 'active', 0, '2026-05-13 13:00:00', '{at}', '{at}' FROM numbers;
        INSERT INTO contacts (creditor_id, id, debtor_id, placement_id, at, channel, direction, outcome, initiator, logged_by, source, created_at)
            SELECT '{CREDITOR}', {contact}, {debtor}, {placement}, datetime('2026-05-01 15:00:00', '-' || (k * 3) || ' days'),
                'call', 'out', 'no-answer', 'agent', 'system:import', 'import', '{at}'
            FROM numbers CROSS JOIN (WITH RECURSIVE t(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM t WHERE k < 10) SELECT k FROM t);
        ANALYZE;",
        letter = id(9),
    );
    let seeded: Result<(), DbError> =
        db.write(|conn| conn.batch_execute(&sql).map_err(DbError::from));
    seeded.expect("seeds");
}

type Sample = (Subject, SequenceId, String);

/// Subjects spread over the whole table.
fn sample(db: &Db) -> Vec<Sample> {
    type Row = (CreditorId, DebtorId, PlacementId, SequenceId, String);
    let rows: Result<Vec<Row>, DbError> = db.read(|conn| {
        placements::table
            .inner_join(
                email_sequences::table.on(email_sequences::creditor_id
                    .eq(placements::creditor_id)
                    .and(email_sequences::placement_id.eq(placements::id))),
            )
            .inner_join(
                emails::table.on(emails::creditor_id
                    .eq(placements::creditor_id)
                    .and(emails::debtor_id.eq(placements::debtor_id))),
            )
            .select((
                placements::creditor_id,
                placements::debtor_id,
                placements::id,
                email_sequences::id,
                emails::address,
            ))
            .order(placements::id)
            .load(conn)
            .map_err(DbError::from)
    });
    rows.expect("reads")
        .into_iter()
        .step_by(DEBTORS / SAMPLES)
        .map(|(creditor, debtor, placement, sequence, address)| {
            let subject = Subject {
                creditor,
                debtor,
                placement,
            };
            (subject, sequence, address)
        })
        .collect()
}

fn email(placement: PlacementId, address: &str) -> Attempt {
    let now = Instant::parse_rfc3339(NOW).expect("an instant");
    let mut attempt = Attempt::new(now, Channel::Email, placement.to_string());
    attempt.email = Some(address.to_owned());
    attempt.initiator = Initiator::Automated;
    attempt.content = Some(Box::new(Content {
        optout_notice: Some(true),
        debt_collector_disclosure: Some(true),
        ..Content::default()
    }));
    attempt
}

fn report(what: &str, subjects: &[Sample], mut work: impl FnMut(&Sample)) {
    let mut times: Vec<Duration> = subjects
        .iter()
        .map(|subject| {
            let start = Monotonic::now();
            work(subject);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!(
        "{what:<28} median {:>7.1} µs   p99 {:>7.1} µs",
        micros(times[times.len() / 2]),
        micros(times[times.len() * 99 / 100]),
    );
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
