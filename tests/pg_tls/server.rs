//! A PostgreSQL server of one test's own, on a free loopback port.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::certificates::Identity;

pub const USER: &str = "tester";
pub const PASSWORD: &str = "it's 100% secret: a/b@c";
/// Signs in by client certificate alone.
pub const CERTIFICATE_USER: &str = "clara";

const ACCESS: &str = "\
hostssl all clara 127.0.0.1/32 cert
host    all all   127.0.0.1/32 scram-sha-256
";

/// Where PostgreSQL's programs are, or None after one line saying that they are missing. Under
/// `CI=true` that is a failure.
pub fn programs() -> Option<PathBuf> {
    let from_path = std::env::var_os("PATH").unwrap_or_default();
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let found = std::env::split_paths(&from_path)
        .chain(packaged.flatten().map(|version| version.path().join("bin")))
        .find_map(|directory| {
            // `initdb` looks for `postgres` beside its real self.
            let initdb = directory.join("initdb").canonicalize().ok()?;
            initdb.parent().map(Path::to_owned)
        });
    if found.is_none() {
        say_skipped();
    }
    found
}

/// Says so once, and past the test harness, which would keep the line to itself.
fn say_skipped() {
    static ONCE: Once = Once::new();
    let on_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!on_ci, "PostgreSQL is needed where CI=true");
    ONCE.call_once(|| {
        let line = "skipped: TLS to PostgreSQL was not tested, for want of PostgreSQL (initdb)\n";
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    });
}

/// A directory of the test's own, removed in the end.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("forbear-test-pg-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file only its owner can read, and says where it is.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The account the server runs as: PostgreSQL does not run as root.
#[derive(Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// None where this process is not root and needs no other account.
    fn needed_for(directory: &Path) -> Option<Self> {
        let number = |flag| {
            let output = Command::new("id").args([flag, "postgres"]).output();
            let text = String::from_utf8(output.unwrap().stdout).unwrap();
            text.trim().parse().expect("an account named postgres")
        };
        (directory.metadata().unwrap().uid() == 0).then(|| Self {
            user: number("-u"),
            group: number("-g"),
        })
    }
}

/// What the server shows in TLS, and whose clients' certificates it takes.
pub struct Tls<'a> {
    pub identity: &'a Identity,
    pub client_authority: &'a str,
}

/// A running server. Dropped, it is stopped by its process id and its files are removed.
pub struct Server {
    programs: PathBuf,
    files: Scratch,
    account: Option<Account>,
    with_tls: bool,
    pub port: u16,
    process: Option<Child>,
}

impl Server {
    /// A server with TLS, or without where `tls` is None.
    pub fn start(programs: &Path, tls: Option<Tls<'_>>) -> Self {
        let files = Scratch::new();
        let mut server = Self {
            programs: programs.to_owned(),
            account: Account::needed_for(files.path()),
            files,
            with_tls: tls.is_some(),
            port: free_port(),
            process: None,
        };
        let password = server.own_file("password", PASSWORD);
        if let Some(tls) = tls {
            server.own_file("server.crt", &tls.identity.certificate);
            server.own_file("server.key", &tls.identity.key);
            server.own_file("clients.crt", tls.client_authority);
        }
        server.own(server.files.path());
        let output = server
            .command("initdb")
            .args(["--no-sync", "--auth=scram-sha-256", "--locale=C"])
            .args(["--encoding=UTF8", "--username", USER, "--pwfile"])
            .arg(password)
            .arg(server.data())
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "initdb: {error}");
        fs::write(server.data().join("pg_hba.conf"), ACCESS).unwrap();
        server.run();
        server
    }

    /// Starts the stopped server again, on its port.
    pub fn run(&mut self) {
        let log = fs::File::create(self.files.path().join("log")).unwrap();
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data());
        let port = format!("port={}", self.port);
        let mut settings = vec![
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            &port,
        ];
        if self.with_tls {
            settings.extend([
                "ssl=on",
                "ssl_cert_file=../server.crt",
                "ssl_key_file=../server.key",
                "ssl_ca_file=../clients.crt",
            ]);
        }
        for setting in settings {
            command.args(["-c", setting]);
        }
        let process = command.stdout(Stdio::null()).stderr(log).spawn();
        self.process = Some(process.unwrap());
        self.wait_until_ready();
    }

    /// Ends the server at once, as a crash would.
    pub fn crash(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        // SIGQUIT: the server ends its backends too, without a word to their clients.
        let id = process.id().to_string();
        let sent = Command::new("kill").args(["-QUIT", &id]).status();
        assert!(sent.unwrap().success());
        process.wait().unwrap();
    }

    fn wait_until_ready(&mut self) {
        let limit = Instant::now() + Duration::from_secs(60);
        let state = self.data().join("postmaster.pid");
        while !fs::read_to_string(&state).is_ok_and(|text| text.contains("\nready")) {
            let ended = self
                .process
                .as_mut()
                .is_none_or(|process| process.try_wait().unwrap().is_some());
            if ended || Instant::now() > limit {
                let log = fs::read_to_string(self.files.path().join("log"));
                panic!("PostgreSQL did not start: {log:?}");
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn data(&self) -> PathBuf {
        self.files.path().join("data")
    }

    fn own_file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.files.file(name, text);
        self.own(&path);
        path
    }

    fn own(&self, path: &Path) {
        if let Some(account) = self.account {
            chown(path, Some(account.user), Some(account.group)).unwrap();
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(self.files.path()).env_clear();
        if let Some(account) = self.account {
            command.uid(account.user).gid(account.group);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.crash();
    }
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
