//! What people wait for: start to the first answer, the list and a placement's page with 100,000
//! placements and eight clients over loopback, the size of a page with everything, and the
//! server's memory.
//!
//! `cargo bench --bench pages` starts the program itself on an SQLite database in a folder of its
//! own, `CLIENTS=8` and `PLACEMENTS=100000` unless told. For each page it prints how long answers
//! took, from the first byte sent to the last byte read, after a round in which every client has
//! had a few. `PROGRAM=…` times another build of the program.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first thing that is not as it should be, and prints"
)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use forbear::db::{Db, DbError, Target, migrate};

const EMAIL: &str = "agent@people.example";
const PASSWORD: &str = "a long enough password";

/// Answers of each page and client.
const ROUNDS: usize = 400;

/// Answers of each page and client before the clock runs: a connection to the database prepares its
/// statements once.
const WARM_UP: usize = 10;

/// The program to time.
fn program() -> Command {
    Command::new(std::env::var("PROGRAM").unwrap_or(env!("CARGO_BIN_EXE_forbear").to_owned()))
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let placements = setting("PLACEMENTS").unwrap_or(100_000);
    let clients = setting("CLIENTS").unwrap_or(8);
    seed(folder.path(), placements);
    add_person(folder.path());
    let mut starts = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let server = Server::start(folder.path());
        server.wait();
        starts.push(begun.elapsed());
    }
    report("start to the first answer", starts);
    let server = Server::start(folder.path());
    server.wait();
    let cookie = sign_in(server.address);
    println!("memory after signing in: {} MB", server.memory_mb());
    transfer(server.address, &cookie, "/placements");
    let id = |n: usize| format!("/placements/00000003-0000-7000-8000-{n:012}");
    transfer(server.address, &cookie, &id(1));
    let far = placements / 25 - 3;
    let pages: [(&str, &dyn Fn(usize) -> String); 5] = [
        ("the list", &|_| "/placements".to_owned()),
        ("the list, one status", &|_| {
            "/placements?status=in_outreach".to_owned()
        }),
        ("the list, by amount, far behind", &|_| {
            format!("/placements?sort=-amount&page={far}")
        }),
        ("the list, searched", &|n| {
            format!("/placements?q=person%20{}", n * 37 % placements + 1)
        }),
        ("a placement", &|n| id(n * 7919 % placements + 1)),
    ];
    for (name, path) in pages {
        let times = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..clients)
                .map(|client| {
                    let cookie = &cookie;
                    let path = |round: usize| path(client * (WARM_UP + ROUNDS) + round);
                    let paths: Vec<String> = (0..WARM_UP + ROUNDS).map(path).collect();
                    scope.spawn(move || ask(server.address, cookie, &paths))
                })
                .collect();
            threads
                .into_iter()
                .flat_map(|thread| thread.join().expect("asks"))
                .collect()
        });
        report(name, times);
    }
    println!("memory afterwards: {} MB", server.memory_mb());
}

fn setting(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// One creditor's placements, each with a person, a number, an address, three contacts and, where it
/// is in outreach, a planned call: without one the server would plan 50,000 calls meanwhile, which
/// an import has done.
fn seed(folder: &Path, placements: usize) {
    let db = Db::open(&Target::Sqlite(folder.join("forbear.db")), 2);
    migrate::run(&db).expect("migrates");
    const CREDITOR: &str = "00000000-0000-7000-8000-000000000001";
    let at = "2026-03-01 12:00:00";
    let id = |kind: u8| format!("'{kind:08}-0000-7000-8000-' || printf('%012d', n)");
    let (debtor, placement, phone, email) = (id(2), id(3), id(4), id(6));
    let (call, consent) = (id(9), id(10));
    let sql = format!(
        "INSERT INTO creditors (id, name, contingency_bps, created_at) VALUES ('{CREDITOR}', 'Bench', 2500, '{at}');
        CREATE TEMP TABLE numbers AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {placements}) SELECT n FROM s;
        INSERT INTO debtors (creditor_id, id, kind, name, search_name, state, zip, city, created_at)
            SELECT '{CREDITOR}', {debtor}, 'person', 'Person ' || n, 'person ' || n, 'NY', '12207', 'Albany', '{at}' FROM numbers;
        INSERT INTO phones (creditor_id, id, debtor_id, number, kind, created_at)
            SELECT '{CREDITOR}', {phone}, {debtor}, 5182000000 + n, 'mobile', '{at}' FROM numbers;
        INSERT INTO consents (creditor_id, id, debtor_id, kind, number, detail, evidence, given_to, received_at, recorded_by, created_at, via)
            SELECT '{CREDITOR}', {consent}, {debtor}, 'autodial', 5182000000 + n, '{{}}', 'In the creditor''s file.', 'creditor', '{at}', 'system:import', '{at}', 'import' FROM numbers;
        INSERT INTO emails (creditor_id, id, debtor_id, address, kind, created_at)
            SELECT '{CREDITOR}', {email}, {debtor}, 'p' || n || '@people.example', 'personal', '{at}' FROM numbers;
        INSERT INTO placements (creditor_id, id, debtor_id, invoice_number, invoice_key, debt_kind, status, amount_cents, placed_at, updated_at)
            SELECT '{CREDITOR}', {placement}, {debtor}, 'INV-' || n, 'inv-' || n, 'medical',
                CASE n % 4 WHEN 0 THEN 'ready' WHEN 1 THEN 'unreachable' ELSE 'in_outreach' END,
                10000 + n * 7919 % 500000, datetime('{at}', '-' || (n % 500) || ' hours'), '{at}' FROM numbers;
        INSERT INTO search_words (creditor_id, word, placement_id) SELECT '{CREDITOR}', 'person', {placement} FROM numbers;
        INSERT INTO search_words (creditor_id, word, placement_id) SELECT '{CREDITOR}', '' || n, {placement} FROM numbers;
        INSERT INTO contacts (creditor_id, id, debtor_id, placement_id, at, channel, direction, outcome, initiator, logged_by, source, created_at)
            SELECT '{CREDITOR}', '00000008-' || printf('%04d', k) || '-7000-8000-' || printf('%012d', n), {debtor}, {placement},
                datetime('2026-05-01 15:00:00', '-' || (k * 3) || ' days'), 'call', 'out', 'no-answer', 'agent', 'system:import', 'import', '{at}'
            FROM numbers CROSS JOIN (WITH RECURSIVE t(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM t WHERE k < 3) SELECT k FROM t) AS steps;
        INSERT INTO calls (creditor_id, id, placement_id, debtor_id, number, status, scheduled_at, created_at, updated_at)
            SELECT '{CREDITOR}', {call}, {placement}, {debtor}, 5182000000 + n, 'planned',
                datetime('now', '+2 days', '+' || n || ' seconds'), '{at}', '{at}' FROM numbers WHERE n % 4 >= 2;"
    );
    let seeded: Result<(), DbError> =
        db.write(|conn| conn.batch_execute(&sql).map_err(DbError::from));
    seeded.expect("seeds");
}

fn add_person(folder: &Path) {
    let mut command = program()
        .args([
            "user", "add", "--email", EMAIL, "--name", "An Agent", "--role", "agent",
        ])
        .env("FORBEAR_DATA", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("starts");
    let mut input = command.stdin.take().expect("an input");
    writeln!(input, "{PASSWORD}").expect("writes");
    drop(input);
    assert!(command.wait().expect("ends").success());
}

struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let process = program()
            .arg("serve")
            .env("FORBEAR_DATA", folder)
            .env("FORBEAR_LISTEN", address.to_string())
            .env("FORBEAR_LOG", "error")
            .spawn()
            .expect("starts");
        Self { process, address }
    }

    /// Until it answers.
    fn wait(&self) {
        for _ in 0..5_000 {
            if let Ok(stream) = TcpStream::connect(self.address) {
                let answer = Client::of(stream).get("/readyz", "");
                if answer.status == 200 {
                    return;
                }
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        unreachable!("the server did not answer within seconds");
    }

    /// What Linux says is resident; 0 elsewhere.
    fn memory_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let kilobytes = status.ok().and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        });
        kilobytes.unwrap_or(0) / 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

/// One connection that is kept.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn of(stream: TcpStream) -> Self {
        stream.set_nodelay(true).expect("sets");
        Self {
            stream: BufReader::new(stream),
        }
    }

    fn get(&mut self, path: &str, headers: &str) -> Answer {
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"
        ))
    }

    fn send(&mut self, request: &str) -> Answer {
        let stream = self.stream.get_mut();
        stream.write_all(request.as_bytes()).expect("sends");
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = self.stream.read_line(&mut head).expect("answers");
            assert!(read > 0, "the server hung up");
        }
        let status = head.get(9..12).and_then(|code| code.parse().ok());
        let lower = head.to_ascii_lowercase();
        let header = |name: &str| {
            lower
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .map(str::trim)
        };
        let mut body = Vec::new();
        if header("transfer-encoding:") == Some("chunked") {
            loop {
                let mut size = String::new();
                self.stream.read_line(&mut size).expect("answers");
                let size = usize::from_str_radix(size.trim(), 16).expect("a size");
                let start = body.len();
                body.resize(start + size + 2, 0);
                self.stream.read_exact(&mut body[start..]).expect("answers");
                body.truncate(start + size);
                if size == 0 {
                    break;
                }
            }
        } else {
            let length = header("content-length:").and_then(|length| length.parse().ok());
            body.resize(length.unwrap_or(0), 0);
            self.stream.read_exact(&mut body).expect("answers");
        }
        Answer {
            status: status.expect("a status"),
            head,
            body,
        }
    }
}

fn sign_in(address: SocketAddr) -> String {
    let form = format!(
        "email={}&password={}",
        EMAIL.replace('@', "%40"),
        PASSWORD.replace(' ', "+")
    );
    let answer = Client::of(TcpStream::connect(address).expect("connects")).send(&format!(
        "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    ));
    assert_eq!(answer.status, 303, "{}", answer.head);
    let cookie = answer
        .head
        .lines()
        .find_map(|line| line.split_once("et-cookie: "))
        .expect("a cookie");
    cookie.1.split(';').next().unwrap_or_default().to_owned()
}

fn ask(address: SocketAddr, cookie: &str, paths: &[String]) -> Vec<Duration> {
    let mut client = Client::of(TcpStream::connect(address).expect("connects"));
    let headers = format!("Cookie: {cookie}\r\nAccept-Encoding: gzip\r\n");
    let mut answered = |path: &String| {
        let begun = Instant::now();
        let answer = client.get(path, &headers);
        let took = begun.elapsed();
        assert_eq!(answer.status, 200, "{path}: {}", answer.head);
        took
    };
    let times: Vec<Duration> = paths.iter().map(&mut answered).collect();
    times.into_iter().skip(WARM_UP).collect()
}

/// What a browser that has nothing yet fetches for a page, compressed as it travels.
fn transfer(address: SocketAddr, cookie: &str, path: &str) {
    let mut client = Client::of(TcpStream::connect(address).expect("connects"));
    let plain = format!("Cookie: {cookie}\r\n");
    let zipped = format!("{plain}Accept-Encoding: gzip\r\n");
    let page = client.get(path, &plain);
    assert_eq!(page.status, 200, "{path}: {}", page.head);
    let mut total = client.get(path, &zipped).body.len();
    let html = total;
    let mut files = BTreeSet::new();
    let mut waiting: Vec<String> = static_files(&page.body);
    while let Some(file) = waiting.pop() {
        if !files.insert(file.clone()) {
            continue;
        }
        total += client.get(&file, &zipped).body.len();
        if file.ends_with(".css") {
            let style = client.get(&file, &plain).body;
            // Fonts and pictures that the style names beside itself.
            let text = String::from_utf8_lossy(&style).into_owned();
            waiting.extend(static_files(text.as_bytes()));
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            for part in text.split("url(").skip(1) {
                let name = part.split(')').next().unwrap_or_default();
                let name = name.trim_matches(['"', '\'']);
                if !name.starts_with(['/', '#']) && !name.starts_with("data:") {
                    waiting.push(resolve(folder, name));
                }
            }
        }
    }
    println!(
        "{path}: {:.1} kB compressed, {:.1} kB with its {} files",
        html as f64 / 1000.0,
        total as f64 / 1000.0,
        files.len()
    );
}

fn resolve(folder: &str, name: &str) -> String {
    match name.strip_prefix("../") {
        Some(rest) => resolve(folder.rsplit_once('/').map_or("", |(above, _)| above), rest),
        None => format!("{folder}/{name}"),
    }
}

/// Addresses under `/static/` in quotes or brackets.
fn static_files(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    text.split("/static/")
        .skip(1)
        .map(|part| {
            let end = part
                .find(['"', '\'', ')', '#', ' ', '>'])
                .unwrap_or(part.len());
            format!("/static/{}", &part[..end])
        })
        .collect()
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at =
        |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!(
        "{what:<32} median {:>7.2} ms   p90 {:>7.2} ms   p99 {:>7.2} ms",
        at(50),
        at(90),
        at(99)
    );
}
