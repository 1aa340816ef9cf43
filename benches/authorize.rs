//! What asking for leave costs at 100,000 debtors: loading the facts, deciding, and the whole of
//! `authorize` with its rows.
//!
//! `cargo bench --bench authorize` prints the median and the 99th percentile, each apart from the
//! commit, whose time is measured by itself and taken off. The database lies in memory where the
//! system offers `/dev/shm`.
//!
//! Settings from the environment: `DEBTORS`, `SAMPLES`, `DATABASE_URL` for PostgreSQL (an empty
//! database), `LISTED` for so many numbers on a do-not-call list, and `STATEMENTS=1` to see what
//! each statement costs.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement that can't be taken shall stop and say so"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant as Monotonic};

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use forbear::actions::authorize::{Authorised, HandOff, Origin, authorize};
use forbear::actions::ctx::Ctx;
use forbear::actions::decisions::{Subject, judge};
use forbear::actions::dnc::DncScope;
use forbear::actions::dnc_lists::{self, ListSource, NewLoad};
use forbear::actions::journal::StopJournal;
use forbear::actions::placement_counts::PlacementCounts;
use forbear::actions::wake::Wake;
use forbear::db::schema::{email_sequences, emails, placements};
use forbear::db::{Db, DbError, Kind, Target, migrate};
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DebtorId, PlacementId, SequenceId};
use forbear::domain::mail::MailAddresses;
use forbear::domain::time::{FixedClock, Instant};
use forbear::gate::attempt::{Content, Initiator};
use forbear::gate::facts::Channel;
use forbear::gate::{Attempt, Policy, decide};
use forbear::keys::Keys;
use forbear::passwords::Passwords;
use forbear::policies::Policies;
use forbear::store::facts;

/// A Wednesday at one in the afternoon in Ohio, and at ten in California, where one number is from.
const NOW: &str = "2026-05-13T17:00:00Z";

/// Candidates of the batch.
const BATCH: usize = 100_000;

fn main() {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }
    .expect("a folder for the database");
    let debtors = setting("DEBTORS").unwrap_or(100_000);
    let ctx = context(folder.path());
    seed(&ctx.db, debtors);
    if let Some(numbers) = setting("LISTED") {
        load_list(&ctx, folder.path(), numbers);
    }
    let samples = setting("SAMPLES").unwrap_or(3_000).min(debtors);
    let subjects = sample(&ctx.db, debtors / samples);
    // From here on each connection that is opened is watched.
    diesel::connection::set_default_instrumentation(|| Some(Box::new(Watch::default())))
        .expect("watches");
    let ctx = context(folder.path());
    println!(
        "{:?}, {debtors} debtors, {} samples",
        ctx.db.kind(),
        subjects.len()
    );

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
            match authorize(&ctx, &Actor::System("worker"), &hand_off).expect("answers") {
                Authorised::Permitted(_) => {}
                Authorised::Refused(refusal) => unreachable!("{:?}", refusal.decision.findings),
                Authorised::Gone => unreachable!("the series is there"),
            }
        },
    );
    batch(&ctx, &policy);
    if setting("STATEMENTS").is_some() {
        print_statements();
    }
}

fn setting(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

fn context(folder: &Path) -> Ctx {
    let target = match std::env::var("DATABASE_URL") {
        Ok(url) => Target::Postgres(url),
        Err(_) => Target::Sqlite(folder.join("bench.db")),
    };
    let db = Db::open(&target, 4);
    migrate::run(&db).expect("migrates");
    let now = Instant::parse_rfc3339(NOW).expect("an instant");
    Ctx {
        db,
        clock: Arc::new(FixedClock::at(now)),
        clock_watch: Arc::default(),
        policies: Policies::new(Policy::builtin()),
        keys: Keys::from_hex(&"00".repeat(32)).expect("keys"),
        passwords: Passwords::for_tests().expect("passwords"),
        journal: Arc::new(StopJournal::open(folder, now).expect("a journal")),
        wake: Wake::default(),
        placement_counts: PlacementCounts::default(),
        agency: Arc::default(),
        voice: None,
        mail: Arc::new(MailAddresses {
            from: "no-reply@forbear.example".parse().expect("an address"),
            replies: None,
        }),
        inbound_secret: None,
        webhook_addresses: Arc::default(),
        trusted_proxies: Arc::default(),
        is_encrypted_at_rest: false,
        process: "bench".into(),
        data_dir: Arc::new(folder.to_owned()),
        public_url: "http://forbear.example".into(),
    }
}

/// What statements cost, and the commit of the transaction at hand.
static STATEMENTS: Mutex<BTreeMap<String, (usize, Duration)>> = Mutex::new(BTreeMap::new());
static COMMIT: Mutex<Duration> = Mutex::new(Duration::ZERO);

/// Times statements. A statement's text is written only where each is told apart: writing it for
/// every one would be a quarter of what is measured.
#[derive(Default)]
struct Watch {
    begun: Option<Monotonic>,
    is_commit: bool,
}

static EACH_STATEMENT: LazyLock<bool> = LazyLock::new(|| setting("STATEMENTS").is_some());

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::CommitTransaction { .. } => self.is_commit = true,
            InstrumentationEvent::StartQuery { .. } if self.is_commit || *EACH_STATEMENT => {
                self.begun = Some(Monotonic::now());
            }
            InstrumentationEvent::FinishQuery { query, .. } => {
                let Some(took) = self.begun.take().map(|start| start.elapsed()) else {
                    return;
                };
                if std::mem::take(&mut self.is_commit) {
                    *COMMIT.lock().expect("whole") += took;
                }
                if *EACH_STATEMENT {
                    let mut statements = STATEMENTS.lock().expect("whole");
                    let text = query.to_string();
                    let shape = text.split(" -- binds").next().unwrap_or_default();
                    let entry = statements.entry(shape.to_owned()).or_default();
                    entry.0 += 1;
                    entry.1 += took;
                }
            }
            _ => {}
        }
    }
}

fn print_statements() {
    let statements = STATEMENTS.lock().expect("whole");
    let mut all: Vec<_> = statements.iter().collect();
    all.sort_by_key(|(_, (_, took))| std::cmp::Reverse(*took));
    for (text, (count, took)) in all {
        let each = micros(*took) / *count as f64;
        let shape: String = text.chars().take(150).collect();
        println!("{count:>6} times, {each:>7.1} µs each: {shape}");
    }
}

/// A list of so many numbers, spread over all exchanges, a thousand of them the debtors'.
fn load_list(ctx: &Ctx, folder: &Path, numbers: usize) {
    use std::io::Write;
    let path = folder.join("list.txt");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    let mut state = 7_u64;
    for _ in 0..numbers {
        // A linear congruential generator: the same numbers each time.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let random = state >> 33;
        let (area, exchange, line) = (
            212 + random % 750,
            212 + random / 750 % 750,
            random / 562_500 % 10_000,
        );
        writeln!(file, "{area},{exchange:03}{line:04}").expect("writes");
    }
    drop(file);
    let new = NewLoad {
        scope: DncScope::Agency,
        list: "National registry".to_owned(),
        source: ListSource::Federal,
        file_name: "list.txt".to_owned(),
        as_of: ctx.now().as_naive_utc().date(),
        expires_on: None,
        bytes: None,
    };
    let actor = Actor::System("cli");
    let begun = Monotonic::now();
    let id = dnc_lists::begin(ctx, &actor, &new).expect("begins");
    let file = std::io::BufReader::new(std::fs::File::open(&path).expect("a file"));
    let done = dnc_lists::run(ctx, &actor, id, file, &mut |_| {}).expect("loads");
    println!(
        "a list of {} different numbers of {numbers} lines loaded in {:.1} s",
        done.numbers,
        begun.elapsed().as_secs_f64()
    );
    std::fs::remove_file(path).expect("removes");
}

/// The scheduler's question, for many at once: facts of a hundred thousand candidates loaded and
/// decided on two threads.
fn batch(ctx: &Ctx, policy: &Policy) {
    const PART: usize = 500;
    type Row = (CreditorId, DebtorId, PlacementId);
    let rows: Result<Vec<Row>, DbError> = ctx.db.read(|conn| {
        placements::table
            .select((
                placements::creditor_id,
                placements::debtor_id,
                placements::id,
            ))
            .order((placements::creditor_id, placements::debtor_id))
            .limit(i64::try_from(BATCH).expect("small"))
            .load(conn)
            .map_err(DbError::from)
    });
    let rows = rows.expect("reads");
    let begun = Monotonic::now();
    let parts: Vec<_> = rows.chunks(PART).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut allowed = 0;
        loop {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(part) = parts.get(index) else {
                return allowed;
            };
            let ids: Vec<DebtorId> = part.iter().map(|row| row.1).collect();
            let files: Result<_, DbError> = ctx
                .db
                .read(|conn| facts::load(conn, part[0].0, &ids).map_err(DbError::from));
            let files = files.expect("reads");
            for (_, debtor, placement) in *part {
                let file = &files[debtor];
                let address = &file.debtor.emails[0].address;
                let decision = decide(policy, file, &email(*placement, address));
                allowed += usize::from(decision.is_allowed());
            }
        }
    };
    let allowed: usize = std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads
            .map(|thread| thread.join().expect("works"))
            .iter()
            .sum()
    });
    println!(
        "a batch of {} candidates, {allowed} allowed, loaded and decided on two threads in {:.2} s",
        rows.len(),
        begun.elapsed().as_secs_f64()
    );
}

/// A creditor with people of one placement, two numbers, an address, a series of emails and ten
/// contacts of the last weeks each.
fn seed(db: &Db, debtors: usize) {
    const CREDITOR: &str = "00000000-0000-7000-8000-000000000001";
    let at = "2026-03-01 12:00:00";
    // A text id of 36 characters from a kind and a number.
    let is_sqlite = db.kind() == Kind::Sqlite;
    let padded = |number: &str, digits: u8| match is_sqlite {
        true => format!("printf('%0{digits}d', {number})"),
        false => format!("lpad({number}::text, {digits}, '0')"),
    };
    let id = |kind: u8| format!("'{kind:08}-0000-7000-8000-' || {}", padded("n", 12));
    let (debtor, placement, phone_a, phone_b, email, sequence, contact) = (
        id(2),
        id(3),
        id(4),
        id(5),
        id(6),
        id(7),
        format!(
            "'00000008-' || {} || '-7000-8000-' || {}",
            padded("k", 4),
            padded("n", 12)
        ),
    );
    let day = match is_sqlite {
        true => "datetime('2026-05-01 15:00:00', '-' || (k * 3) || ' days')",
        false => "timestamp '2026-05-01 15:00:00' - make_interval(days => k * 3)",
    };
    let sql = format!(
        "INSERT INTO creditors (id, name, contingency_bps, created_at) VALUES ('{CREDITOR}', 'Bench', 2500, '{at}');
        CREATE TEMP TABLE numbers AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {debtors}) SELECT n FROM s;
        INSERT INTO debtors (creditor_id, id, kind, name, search_name, state, zip, city, created_at)
            SELECT '{CREDITOR}', {debtor}, 'person', 'Person ' || n, 'person ' || n, 'OH', '43215', 'Columbus', '{at}' FROM numbers;
        INSERT INTO phones (creditor_id, id, debtor_id, number, kind, created_at)
            SELECT '{CREDITOR}', {phone_a}, {debtor}, 2120000000 + {line}, 'mobile', '{at}' FROM numbers;
        INSERT INTO phones (creditor_id, id, debtor_id, number, kind, created_at)
            SELECT '{CREDITOR}', {phone_b}, {debtor}, 3100000000 + {line}, 'landline', '{at}' FROM numbers;
        INSERT INTO emails (creditor_id, id, debtor_id, address, kind, created_at)
            SELECT '{CREDITOR}', {email}, {debtor}, 'p' || n || '@people.example', 'personal', '{at}' FROM numbers;
        INSERT INTO placements (creditor_id, id, debtor_id, invoice_number, invoice_key, debt_kind, status, amount_cents, incurred_on, limitation_expires_on, placed_at, updated_at)
            SELECT '{CREDITOR}', {placement}, {debtor}, 'INV-' || n, 'inv-' || n, 'medical', 'in_outreach', 10000 + n, '2025-12-01', '2031-12-01', '{at}', '{at}' FROM numbers;
        INSERT INTO letters (creditor_id, id, placement_id, debtor_id, letter_type, sent_on, method, created_by, created_at)
            SELECT '{CREDITOR}', {letter}, {placement}, {debtor}, 'validation_notice', '2026-03-02', 'mail', 'system:import', '{at}' FROM numbers;
        INSERT INTO email_sequences (creditor_id, id, placement_id, debtor_id, status, step, next_send_at, created_at, updated_at)
            SELECT '{CREDITOR}', {sequence}, {placement}, {debtor}, 'active', 0, '2026-05-13 13:00:00', '{at}', '{at}' FROM numbers;
        INSERT INTO contacts (creditor_id, id, debtor_id, placement_id, at, channel, direction, outcome, initiator, logged_by, source, created_at)
            SELECT '{CREDITOR}', {contact}, {debtor}, {placement}, {day},
                'call', 'out', 'no-answer', 'agent', 'system:import', 'import', '{at}'
            FROM numbers CROSS JOIN (WITH RECURSIVE t(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM t WHERE k < 10) SELECT k FROM t) AS steps;
        {analyze}",
        letter = id(9),
        // Exchanges 312 to 410: none of them ends in 11.
        line = "(312 + n / 10000 % 99) * 10000 + n % 10000",
        // As the autovacuum does it. The program never analyzes an SQLite database: with samples
        // of values SQLite plans, and prepares, each statement anew for each value.
        analyze = if is_sqlite { "" } else { "ANALYZE;" },
    );
    let seeded: Result<(), DbError> =
        db.write(|conn| conn.batch_execute(&sql).map_err(DbError::from));
    seeded.expect("seeds");
}

type Sample = (Subject, SequenceId, String);

/// Subjects spread over the whole table.
fn sample(db: &Db, step: usize) -> Vec<Sample> {
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
        .step_by(step)
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
    let cpu = on_cpu();
    let mut times: Vec<Duration> = subjects
        .iter()
        .map(|subject| {
            *COMMIT.lock().expect("whole") = Duration::ZERO;
            let start = Monotonic::now();
            work(subject);
            start.elapsed() - *COMMIT.lock().expect("whole")
        })
        .collect();
    let cpu = on_cpu() - cpu;
    times.sort_unstable();
    println!(
        "{what:<28} median {:>7.1} µs   p90 {:>7.1} µs   p99 {:>7.1} µs   on the CPU, with the commit {:>6.1} µs",
        micros(times[times.len() / 2]),
        micros(times[times.len() * 9 / 10]),
        micros(times[times.len() * 99 / 100]),
        micros(cpu) / times.len() as f64,
    );
}

/// How long this thread has run, as Linux counts it: what others do on the machine is not in it.
/// Zero elsewhere.
fn on_cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split_whitespace().next().and_then(|n| n.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
