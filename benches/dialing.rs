//! What the workers cost: a thousand due calls authorised and handed to a provider on this
//! machine, with every commit synced to the disk, and a turn of each worker over 100,000 accounts
//! of which nothing is due.
//!
//! `cargo bench --bench dialing`. Settings from the environment: `CALLS`, `ACCOUNTS`, `FOLDER` for
//! the database (a disk, not memory, or the syncs cost nothing), `DATABASE_URL` for PostgreSQL (an
//! empty database), `PROVIDER_MS` for how long the provider takes to answer.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that can't be taken shall stop and say so"
)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Monotonic};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use forbear::actions::ctx::Ctx;
use forbear::actions::journal::StopJournal;
use forbear::actions::placement_counts::PlacementCounts;
use forbear::actions::wake::Wake;
use forbear::db::schema::calls;
use forbear::db::{Db, DbError, Kind, Target, migrate};
use forbear::domain::agency::Agency;
use forbear::domain::mail::MailAddresses;
use forbear::domain::time::{FixedClock, Instant};
use forbear::domain::voice::VoiceAccount;
use forbear::gate::Policy;
use forbear::keys::Keys;
use forbear::outreach::dialer::{Dialer, TwilioDialer};
use forbear::outreach::http::Outbound;
use forbear::outreach::mailer::{FileMailer, Mailer};
use forbear::passwords::Passwords;
use forbear::policies::Policies;
use forbear::worker::planner::Place;
use forbear::worker::{self, Doors, Stopping};

/// A Wednesday at ten in Ohio.
const NOW: &str = "2026-05-13T14:00:00Z";

/// Turns of each worker that are measured.
const TURNS: usize = 200;

static TAKEN: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let folder = match std::env::var_os("FOLDER") {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir_in("target"),
    }
    .expect("a folder for the database");
    let many = setting("CALLS").unwrap_or(1_000);
    let accounts = setting("ACCOUNTS").unwrap_or(100_000).max(many);
    let provider = provider();
    let ctx = context(folder.path(), &provider);
    seed(&ctx.db, accounts, many);
    println!("{:?}, {accounts} accounts, {many} calls due", ctx.db.kind());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(dial(&ctx, many));
    runtime.block_on(idle(&ctx));
}

fn setting(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// The provider's API, as far as a call needs it; each connection brings one request.
fn provider() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
    let address = listener.local_addr().expect("an address");
    let takes = Duration::from_millis(setting("PROVIDER_MS").unwrap_or(0) as u64);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream, takes));
        }
    });
    format!("http://{address}")
}

fn answer(mut stream: TcpStream, takes: Duration) {
    let mut request = Vec::new();
    let mut part = [0_u8; 4096];
    while !is_whole(&request) {
        match stream.read(&mut part) {
            Ok(read) if read > 0 => request.extend_from_slice(&part[..read]),
            _ => return,
        }
    }
    std::thread::sleep(takes);
    let number = TAKEN.fetch_add(1, Ordering::SeqCst);
    let body = format!(r#"{{"sid": "CA{number:032}", "status": "queued"}}"#);
    let _ = write!(
        stream,
        "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
}

/// Whether the head and the body it announces are here.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.parse().ok())
        .unwrap_or(0);
    body.len() >= length
}

fn account(base_url: &str) -> Arc<VoiceAccount> {
    Arc::new(VoiceAccount {
        base_url: base_url.to_owned(),
        account: "AC0123".to_owned(),
        token: "token".to_owned(),
        from: "614-555-0100".parse().expect("a number"),
        agent_url: "https://agent.example/answer".to_owned(),
    })
}

fn context(folder: &Path, provider: &str) -> Ctx {
    let target = match std::env::var("DATABASE_URL") {
        Ok(url) => Target::Postgres(url),
        Err(_) => Target::Sqlite(folder.join("bench.db")),
    };
    let db = Db::open(&target, 8);
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
        agency: Arc::new(Agency {
            name: "Bench".to_owned(),
            postal_address: "1 Main Street, Columbus, OH 43215".to_owned(),
            phone: "614-555-0100".to_owned(),
        }),
        voice: Some(account(provider)),
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

/// A creditor with people of one placement, a number, an address, a notice and three contacts
/// each; a call that is due for the first `due` of them, and one in a week for the others; a
/// series of emails whose next one is due in a week.
fn seed(db: &Db, accounts: usize, due: usize) {
    const CREDITOR: &str = "00000000-0000-7000-8000-000000000001";
    let at = "2026-03-01 12:00:00";
    let is_sqlite = db.kind() == Kind::Sqlite;
    let padded = |number: &str, digits: u8| match is_sqlite {
        true => format!("printf('%0{digits}d', {number})"),
        false => format!("lpad({number}::text, {digits}, '0')"),
    };
    let id = |kind: u8| format!("'{kind:08}-0000-7000-8000-' || {}", padded("n", 12));
    let (debtor, placement, phone, email, sequence, call, letter) =
        (id(2), id(3), id(4), id(6), id(7), id(8), id(9));
    let consent = id(11);
    let contact = format!(
        "'00000010-' || {} || '-7000-8000-' || {}",
        padded("k", 4),
        padded("n", 12)
    );
    let day = match is_sqlite {
        true => "datetime('2026-05-01 15:00:00', '-' || (k * 9) || ' days')",
        false => "timestamp '2026-05-01 15:00:00' - make_interval(days => k * 9)",
    };
    let moment = |text: &str| match is_sqlite {
        true => format!("'{text}'"),
        false => format!("timestamp '{text}'"),
    };
    let (now, later) = (moment("2026-05-13 14:00:00"), moment("2026-05-20 14:00:00"));
    let truth = if is_sqlite { "0" } else { "false" };
    let sql = format!(
        "INSERT INTO creditors (id, name, contingency_bps, created_at) VALUES ('{CREDITOR}', 'Bench', 2500, '{at}');
        CREATE TEMP TABLE numbers AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {accounts}) SELECT n FROM s;
        INSERT INTO debtors (creditor_id, id, kind, name, search_name, state, zip, city, created_at)
            SELECT '{CREDITOR}', {debtor}, 'person', 'Person ' || n, 'person ' || n, 'OH', '43215', 'Columbus', '{at}' FROM numbers;
        INSERT INTO phones (creditor_id, id, debtor_id, number, kind, created_at)
            SELECT '{CREDITOR}', {phone}, {debtor}, 6143000000 + n, 'mobile', '{at}' FROM numbers;
        INSERT INTO consents (creditor_id, id, debtor_id, kind, number, detail, evidence, given_to, received_at, recorded_by, created_at, via)
            SELECT '{CREDITOR}', {consent}, {debtor}, 'autodial', 6143000000 + n, '{{}}', 'In the creditor''s file.', 'creditor', '{at}', 'system:import', '{at}', 'import' FROM numbers;
        INSERT INTO emails (creditor_id, id, debtor_id, address, kind, created_at)
            SELECT '{CREDITOR}', {email}, {debtor}, 'p' || n || '@people.example', 'personal', '{at}' FROM numbers;
        INSERT INTO placements (creditor_id, id, debtor_id, invoice_number, invoice_key, debt_kind, status, amount_cents, incurred_on, limitation_expires_on, placed_at, updated_at)
            SELECT '{CREDITOR}', {placement}, {debtor}, 'INV-' || n, 'inv-' || n, 'medical', 'in_outreach', 10000 + n, '2025-12-01', '2031-12-01', '{at}', '{at}' FROM numbers;
        INSERT INTO letters (creditor_id, id, placement_id, debtor_id, letter_type, sent_on, method, created_by, created_at)
            SELECT '{CREDITOR}', {letter}, {placement}, {debtor}, 'validation_notice', '2026-03-02', 'mail', 'system:import', '{at}' FROM numbers;
        INSERT INTO email_sequences (creditor_id, id, placement_id, debtor_id, status, step, next_send_at, created_at, updated_at)
            SELECT '{CREDITOR}', {sequence}, {placement}, {debtor}, 'active', 0, {later}, '{at}', '{at}' FROM numbers;
        INSERT INTO calls (creditor_id, id, placement_id, debtor_id, number, status, scheduled_at, simulated, created_at, updated_at)
            SELECT '{CREDITOR}', {call}, {placement}, {debtor}, 6143000000 + n, 'planned',
                CASE WHEN n <= {due} THEN {now} ELSE {later} END, {truth}, '{at}', '{at}' FROM numbers;
        INSERT INTO contacts (creditor_id, id, debtor_id, placement_id, at, channel, direction, outcome, initiator, logged_by, source, created_at)
            SELECT '{CREDITOR}', {contact}, {debtor}, {placement}, {day},
                'call', 'out', 'no-answer', 'agent', 'system:import', 'import', '{at}'
            FROM numbers CROSS JOIN (WITH RECURSIVE t(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM t WHERE k < 3) SELECT k FROM t) AS steps;
        {analyze}",
        // As the autovacuum does it; the program never analyzes an SQLite database.
        analyze = if is_sqlite { "" } else { "ANALYZE;" },
    );
    let seeded: Result<(), DbError> =
        db.write(|conn| conn.batch_execute(&sql).map_err(DbError::from));
    seeded.expect("seeds");
}

/// A thousand due calls through the real worker.
async fn dial(ctx: &Ctx, many: usize) {
    let dialer: Arc<dyn Dialer> = Arc::new(TwilioDialer::new(
        Arc::clone(ctx.voice.as_ref().expect("an account")),
        Arc::new(Outbound::default()),
        Arc::clone(&ctx.public_url),
    ));
    let begun = Monotonic::now();
    let handed_over = worker::calls::run(ctx, &dialer, &Stopping::never())
        .await
        .expect("works");
    let took = begun.elapsed();
    let started: Result<i64, DbError> = ctx.db.read(|conn| {
        calls::table
            .filter(calls::status.eq("started"))
            .count()
            .get_result(conn)
            .map_err(DbError::from)
    });
    assert_eq!(handed_over, many, "every call is lawful");
    assert_eq!(usize::try_from(started.expect("counts")), Ok(many));
    assert_eq!(TAKEN.load(Ordering::SeqCst), many, "none twice");
    println!(
        "{many} due calls authorised, handed over and reported in {:.2} s, {:.1} ms each",
        took.as_secs_f64(),
        took.as_secs_f64() * 1_000.0 / many as f64
    );
}

/// A turn of each worker with nothing due.
async fn idle(ctx: &Ctx) {
    let dialer: Arc<dyn Dialer> = Arc::new(TwilioDialer::new(
        Arc::clone(ctx.voice.as_ref().expect("an account")),
        Arc::new(Outbound::default()),
        Arc::clone(&ctx.public_url),
    ));
    let mailer: Arc<dyn Mailer> =
        Arc::new(FileMailer::new(ctx.data_dir.join("mail"), &ctx.public_url));
    let doors = Doors {
        dialer: Some(Arc::clone(&dialer)),
        mailer: Some(Arc::clone(&mailer)),
        http: None,
    };
    let never = Stopping::never();
    let place = Place::default();
    let mut turns: [(&str, Vec<Duration>); 4] = [
        ("calls", Vec::new()),
        ("sequences", Vec::new()),
        ("unknowns", Vec::new()),
        ("planner", Vec::new()),
    ];
    for _ in 0..TURNS {
        for (name, took) in &mut turns {
            let begun = Monotonic::now();
            let done = match *name {
                "calls" => worker::calls::run(ctx, &dialer, &never).await,
                "sequences" => worker::sequences::run(ctx, &mailer, &never).await,
                "unknowns" => worker::unknowns::run(ctx, &doors, &never).await,
                _ => worker::planner::run(ctx, &place, &never).await,
            };
            took.push(begun.elapsed());
            assert_eq!(done.expect("works"), 0, "{name}: nothing is due");
        }
    }
    for (name, mut took) in turns {
        took.sort_unstable();
        println!(
            "a turn of {name} with nothing due: median {:.2} ms, slowest {:.2} ms",
            took[TURNS / 2].as_secs_f64() * 1_000.0,
            took[TURNS - 1].as_secs_f64() * 1_000.0
        );
    }
}
