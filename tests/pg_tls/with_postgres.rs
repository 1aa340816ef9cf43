//! Against PostgreSQL itself.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Nullable, Text};
use diesel::{PgConnection, QueryableByName, sql_query};
use forbear::db::pg_tls::{PreparedUrl, prepare};

use crate::certificates::{Authority, self_signed_server};
use crate::server::{CERTIFICATE_USER, PASSWORD, Scratch, Server, Tls, USER, programs};
use crate::{bounded, refusal, url};

const FIVE_MEGABYTES: usize = 5_000_000;

#[derive(QueryableByName)]
struct Encryption {
    #[diesel(sql_type = Bool)]
    ssl: bool,
    #[diesel(sql_type = Nullable<Text>)]
    version: Option<String>,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = Integer)]
    count: i32,
}

/// A server for `db.example`, and the files a client may name.
struct Stage {
    server: Server,
    files: Scratch,
    authority: Authority,
}

impl Stage {
    /// None where PostgreSQL is missing.
    fn set() -> Option<Self> {
        let programs = programs()?;
        let authority = Authority::new("the authority");
        let identity = authority.server(&["db.example"]);
        let tls = Tls {
            identity: &identity,
            client_authority: &authority.certificate,
        };
        let server = Server::start(&programs, Some(tls));
        let files = Scratch::new();
        files.file("root.crt", &authority.certificate);
        Some(Self {
            server,
            files,
            authority,
        })
    }

    fn verified(&self) -> PreparedUrl {
        let parameters = format!("sslmode=verify-full&{}", root(&self.files));
        prepare(&url(self.server.port, &parameters)).unwrap()
    }
}

fn root(files: &Scratch) -> String {
    format!("sslrootcert={}/root.crt", files.path().display())
}

fn connect(prepared: &PreparedUrl) -> PgConnection {
    let conninfo = prepared.conninfo().to_owned();
    bounded(move || PgConnection::establish(&conninfo)).unwrap()
}

/// The TLS version the server sees, or None where it sees no TLS.
fn encryption_of(url: &str) -> Option<String> {
    let prepared = prepare(url).unwrap();
    let seen: Encryption =
        sql_query("select ssl, version from pg_stat_ssl where pid = pg_backend_pid()")
            .get_result(&mut connect(&prepared))
            .unwrap();
    assert_eq!(seen.ssl, seen.version.is_some());
    seen.version
}

fn is_tls_1_3(version: Option<String>) -> bool {
    version.as_deref() == Some("TLSv1.3")
}

#[test]
fn verify_full_signs_in_by_scram_within_tls_1_3() {
    let Some(stage) = Stage::set() else { return };
    let parameters = format!("sslmode=verify-full&{}", root(&stage.files));
    let port = stage.server.port;
    assert!(is_tls_1_3(encryption_of(&url(port, &parameters))));
    let strict = format!("{parameters}&require_auth=scram-sha-256");
    assert!(is_tls_1_3(encryption_of(&url(port, &strict))));
    let wrong_password = url(port, &parameters).replace("%74", "x");
    let text = refusal(&wrong_password);
    assert!(text.contains("password authentication failed"), "{text}");
}

#[test]
fn tls_1_2_is_spoken_where_it_is_the_highest_allowed() {
    let Some(stage) = Stage::set() else { return };
    let parameters = "sslmode=require&ssl_max_protocol_version=TLSv1.2";
    let version = encryption_of(&url(stage.server.port, parameters));
    assert_eq!(version.as_deref(), Some("TLSv1.2"));
}

#[test]
fn a_name_the_certificate_does_not_hold_is_refused_under_verify_full_only() {
    let Some(stage) = Stage::set() else { return };
    let at = |mode| {
        let parameters = format!("sslmode={mode}&{}", root(&stage.files));
        url(stage.server.port, &parameters).replace("db.example", "other.example")
    };
    let text = refusal(&at("verify-full"));
    let expected = format!(
        "TLS to other.example:{} failed: the server's certificate is not valid for that name, but \
         for db.example",
        stage.server.port
    );
    assert!(text.contains(&expected), "{text}");
    assert!(is_tls_1_3(encryption_of(&at("verify-ca"))));
    assert!(is_tls_1_3(encryption_of(&at("require"))));
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused() {
    let Some(stage) = Stage::set() else { return };
    for name in ["another authority", "the authority"] {
        let other = Authority::new(name);
        stage.files.file("root.crt", &other.certificate);
        for mode in ["verify-full", "verify-ca", "require"] {
            let parameters = format!("sslmode={mode}&{}", root(&stage.files));
            let text = refusal(&url(stage.server.port, &parameters));
            assert!(text.contains("not trusted here"), "{name}, {mode}: {text}");
        }
    }
}

#[test]
fn require_and_prefer_without_a_root_encrypt_without_verifying() {
    let Some(stage) = Stage::set() else { return };
    for mode in ["require", "prefer", "allow"] {
        let version = encryption_of(&url(stage.server.port, &format!("sslmode={mode}")));
        assert!(is_tls_1_3(version), "{mode}");
    }
}

#[test]
fn an_expired_certificate_is_refused_with_its_date() {
    let Some(programs) = programs() else { return };
    let authority = Authority::new("the authority");
    let identity = authority.expired_server(&["db.example"]);
    let tls = Tls {
        identity: &identity,
        client_authority: &authority.certificate,
    };
    let server = Server::start(&programs, Some(tls));
    let files = Scratch::new();
    files.file("root.crt", &authority.certificate);
    let parameters = format!("sslmode=verify-ca&{}", root(&files));
    let text = refusal(&url(server.port, &parameters));
    assert!(text.contains("expired at 2021-01-01T00:00:00Z"), "{text}");
}

#[test]
fn a_self_signed_certificate_is_trusted_where_it_is_named_itself() {
    let Some(programs) = programs() else { return };
    let identity = self_signed_server("db.example");
    let tls = Tls {
        identity: &identity,
        client_authority: &identity.certificate,
    };
    let server = Server::start(&programs, Some(tls));
    let files = Scratch::new();
    let parameters = format!("sslmode=verify-full&{}", root(&files));
    files.file("root.crt", &identity.certificate);
    assert!(is_tls_1_3(encryption_of(&url(server.port, &parameters))));
    let twin = self_signed_server("db.example");
    files.file("root.crt", &twin.certificate);
    let text = refusal(&url(server.port, &parameters));
    assert!(text.contains("signed by itself, name it"), "{text}");
}

#[test]
fn a_server_without_tls_is_refused_unless_prefer_allows_it() {
    let Some(programs) = programs() else { return };
    let server = Server::start(&programs, None);
    for mode in ["require", "verify-ca", "verify-full"] {
        let text = refusal(&url(server.port, &format!("sslmode={mode}")));
        assert!(text.contains("does not offer TLS"), "{mode}: {text}");
        assert!(text.contains("sslmode=disable"), "{mode}: {text}");
    }
    for parameters in ["sslmode=prefer", "sslmode=disable", ""] {
        assert_eq!(encryption_of(&url(server.port, parameters)), None);
    }
}

#[test]
fn a_client_certificate_signs_in() {
    let Some(stage) = Stage::set() else { return };
    sql_query(format!("create role {CERTIFICATE_USER} login"))
        .execute(&mut connect(&stage.verified()))
        .unwrap();
    let identity = stage.authority.client(CERTIFICATE_USER);
    let chain = stage.files.file("client.crt", &identity.certificate);
    let key = stage.files.file("client.key", &identity.key);
    let without = format!(
        "postgres://{CERTIFICATE_USER}@db.example:{}/postgres?hostaddr=127.0.0.1&sslmode=require",
        stage.server.port
    );
    let with = format!(
        "{without}&sslcert={}&sslkey={}",
        chain.display(),
        key.display()
    );
    assert!(is_tls_1_3(encryption_of(&with)));
    let text = refusal(&without);
    assert!(text.contains("valid client certificate"), "{text}");
}

#[test]
fn eight_connections_carry_five_megabytes_each_way_at_once() {
    let Some(stage) = Stage::set() else { return };
    let prepared = stage.verified();
    let carried: Vec<_> = (0..8)
        .map(|number| {
            let conninfo = prepared.conninfo().to_owned();
            thread::spawn(move || bounded(move || carry_both_ways(&conninfo, number)))
        })
        .collect();
    for thread in carried {
        thread.join().unwrap();
    }
}

fn carry_both_ways(conninfo: &str, number: usize) {
    let sent: String = (0..FIVE_MEGABYTES)
        .map(|at| char::from(b'a' + ((at / 7 + at * number) % 26) as u8))
        .collect();
    let mut connection = PgConnection::establish(conninfo).unwrap();
    let answer: Answer = sql_query("select $1 as text")
        .bind::<Text, _>(&sent)
        .get_result(&mut connection)
        .unwrap();
    assert!(answer.text == sent, "connection {number} lost bytes");
}

#[test]
fn a_server_that_crashes_in_a_query_gives_an_error_and_can_come_back() {
    let Some(mut stage) = Stage::set() else {
        return;
    };
    let prepared = stage.verified();
    let mut connection = connect(&prepared);
    let mut watcher = connect(&prepared);
    let query = thread::spawn(move || {
        bounded(move || sql_query("select pg_sleep(600)").execute(&mut connection))
    });
    wait_for_sleepers(&mut watcher, 1);
    stage.server.crash();
    let error = query.join().unwrap().unwrap_err().to_string();
    assert!(error.contains("server closed the connection"), "{error}");
    let conninfo = prepared.conninfo().to_owned();
    let error = bounded(move || PgConnection::establish(&conninfo).map(drop)).unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
    stage.server.run();
    sql_query("select 1")
        .execute(&mut connect(&prepared))
        .unwrap();
}

#[test]
fn a_query_can_be_cancelled_through_the_tunnel() {
    let Some(programs) = programs() else { return };
    let Some(stage) = Stage::set() else { return };
    let prepared = stage.verified();
    let psql = psql_asleep(&programs, &stage, &prepared);
    let mut watcher = connect(&prepared);
    wait_for_sleepers(&mut watcher, 1);
    // psql sends a CancelRequest on SIGINT.
    let id = psql.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status();
    assert!(sent.unwrap().success());
    let output = bounded(move || psql.wait_with_output()).unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("due to user request"), "{error}");
    wait_for_sleepers(&mut watcher, 0);
}

/// A client in a process of its own, in a query that takes ten minutes.
fn psql_asleep(programs: &Path, stage: &Stage, prepared: &PreparedUrl) -> Child {
    // An older psql does not know every keyword in the string meant for our libpq.
    let socket = prepared
        .conninfo()
        .split('\'')
        .find(|value| value.starts_with('/'));
    Command::new(programs.join("psql"))
        .args(["--no-psqlrc", "--username", USER, "--dbname", "postgres"])
        .args(["--host", socket.unwrap(), "--port"])
        .arg(stage.server.port.to_string())
        .args(["--command", "select pg_sleep(600)"])
        .env("PGPASSWORD", PASSWORD)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn wait_for_sleepers(watcher: &mut PgConnection, wanted: i32) {
    let limit = Instant::now() + Duration::from_secs(30);
    loop {
        let sleepers: Count = sql_query(
            "select count(*)::int as count from pg_stat_activity \
             where wait_event = 'PgSleep'",
        )
        .get_result(watcher)
        .unwrap();
        if sleepers.count == wanted {
            return;
        }
        assert!(Instant::now() < limit, "{} queries sleep", sleepers.count);
        thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_tunnels_threads_end_with_its_connections() {
    let Some(stage) = Stage::set() else { return };
    let port = stage.server.port;
    let prepared = stage.verified();
    let mut connections: Vec<_> = (0..3).map(|_| connect(&prepared)).collect();
    wait_for_threads(port, 1 + 2 * 3);
    connections.pop();
    wait_for_threads(port, 1 + 2 * 2);
    // The tunnel takes no new connections, and those that stand go on.
    drop(prepared);
    wait_for_threads(port, 2 * 2);
    for connection in &mut connections {
        sql_query("select 1").execute(connection).unwrap();
    }
    drop(connections);
    wait_for_threads(port, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_client_that_dies_in_a_query_leaves_no_thread_behind() {
    let Some(programs) = programs() else { return };
    let Some(stage) = Stage::set() else { return };
    let prepared = stage.verified();
    let mut psql = psql_asleep(&programs, &stage, &prepared);
    let mut watcher = connect(&prepared);
    wait_for_sleepers(&mut watcher, 1);
    psql.kill().unwrap();
    psql.wait().unwrap();
    // Those of the listener and of the watcher are left. The server itself learns that its client
    // is gone when it has something to say, as it does without a tunnel.
    wait_for_threads(stage.server.port, 1 + 2);
    wait_for_sleepers(&mut watcher, 1);
}

/// Waits until so many threads of the tunnel to that port run.
fn wait_for_threads(port: u16, wanted: usize) {
    let limit = Instant::now() + Duration::from_secs(30);
    loop {
        let names = thread_names();
        let ending = format!(" {port}\n");
        let count = names.iter().filter(|name| name.ends_with(&ending)).count();
        if count == wanted {
            return;
        }
        assert!(Instant::now() < limit, "{count} threads run: {names:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn thread_names() -> Vec<String> {
    Path::new("/proc/self/task")
        .read_dir()
        .unwrap()
        .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok())
        .collect()
}
