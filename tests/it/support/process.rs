//! The program itself, as a process of its own on a free port of this machine.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use forbear::db::{Db, Target};
use tempfile::TempDir;

/// The data folder of [`Process::demo`].
pub const DEMO: &str = "demo";

const PROGRAM: &str = env!("CARGO_BIN_EXE_forbear");

/// How long a start, an answer or an end may take on a machine that is busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running process on the SQLite database in a folder. Dropped, it is killed.
pub struct Process {
    child: Child,
    address: SocketAddr,
}

/// What came back over the wire.
#[derive(Debug)]
pub struct WireAnswer {
    pub status: u16,
    /// The head, as it came.
    pub head: String,
    pub body: String,
}

impl WireAnswer {
    /// `name=value` of the first cookie that was set.
    pub fn cookie(&self) -> Option<String> {
        let (_, rest) = self.head.split_once("set-cookie: ")?;
        rest.split([';', '\r']).next().map(str::to_owned)
    }

    pub fn location(&self) -> &str {
        let Some((_, rest)) = self.head.split_once("location: ") else {
            return "";
        };
        rest.split('\r').next().unwrap_or("")
    }
}

impl Process {
    /// `forbear serve` without its workers, so that what happens is what the test asks for.
    pub fn start(folder: &Path) -> Self {
        Self::start_under(&[], folder)
    }

    /// The same, started by another program, such as a tracer.
    pub fn start_under(starter: &[&str], folder: &Path) -> Self {
        Self::start_with(starter, folder, &[("FORBEAR_WORKERS", "off")])
    }

    /// `forbear serve` with these settings, started by another program if one is named.
    pub fn start_with(starter: &[&str], folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut words = starter.iter().copied().chain([PROGRAM, "serve"]);
        let mut command = Command::new(words.next().unwrap());
        let address = free_address();
        command
            .args(words)
            .env_clear()
            .env("FORBEAR_LISTEN", address.to_string())
            .env("FORBEAR_DATA", folder)
            .envs(settings.iter().copied());
        Self::launch(command, address, folder)
    }

    /// `forbear demo` with everything that belongs to it, its data in a folder inside this one.
    pub fn demo(folder: &Path) -> Self {
        let mut command = Command::new(PROGRAM);
        let address = free_address();
        command
            .env_clear()
            .arg("demo")
            .arg("--data")
            .arg(folder.join(DEMO))
            .arg("--listen")
            .arg(address.to_string());
        Self::launch(command, address, folder)
    }

    /// Starts a command that was told where to listen. Its environment holds only what it was
    /// given: a setting of the tests is not one of the program.
    fn launch(mut command: Command, address: SocketAddr, folder: &Path) -> Self {
        let log = fs::File::create(folder.join("process.log")).unwrap();
        let child = command
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut process = Self { child, address };
        process.wait_until_ready(folder);
        process
    }

    fn wait_until_ready(&mut self, folder: &Path) {
        let limit = Instant::now() + PATIENCE;
        loop {
            if get(self.address, "/readyz", None).is_some_and(|answer| answer.status == 200) {
                return;
            }
            let ended = self.child.try_wait().unwrap();
            if ended.is_some() || Instant::now() > limit {
                let log = fs::read_to_string(folder.join("process.log"));
                panic!("the program did not start: {ended:?}, {log:?}");
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM: the process is asked to end, and its end is waited for.
    pub fn terminate(mut self) -> ExitStatus {
        terminate(&mut self.child)
    }

    /// SIGKILL: the process gets no chance to tidy up.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running `forbear worker`, in a data folder of its own. Dropped, it is killed.
pub struct Worker {
    child: Child,
    _folder: TempDir,
}

impl Worker {
    /// With these settings and no others.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = fs::File::create(folder.path().join("process.log")).unwrap();
        let child = Command::new(PROGRAM)
            .arg("worker")
            .env_clear()
            .env("FORBEAR_DATA", folder.path())
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Self {
            child,
            _folder: folder,
        }
    }

    /// SIGTERM, and its end.
    pub fn terminate(mut self) -> ExitStatus {
        terminate(&mut self.child)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn terminate(child: &mut Child) -> ExitStatus {
    let told = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    let limit = Instant::now() + PATIENCE;
    loop {
        if let Some(ended) = child.try_wait().unwrap() {
            return ended;
        }
        assert!(Instant::now() < limit, "it does not stop");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Adds a person by the command line.
pub fn add_person(folder: &Path, email: &str, password: &str) {
    let mut child = Command::new(PROGRAM)
        .args(["user", "add", "--name", "A Person", "--role", "agent"])
        .args(["--email", email])
        .env_clear()
        .env("FORBEAR_DATA", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, "{password}").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
}

/// The database of a folder whose process has ended.
pub fn database_in(folder: &Path) -> Db {
    Db::open(&Target::Sqlite(folder.join("forbear.db")), 1)
}

/// `None` where no whole answer came back.
pub fn get(address: SocketAddr, path: &str, cookie: Option<&str>) -> Option<WireAnswer> {
    let cookie = cookie.map_or(String::new(), |cookie| format!("Cookie: {cookie}\r\n"));
    exchange(
        address,
        &format!("GET {path} HTTP/1.1\r\nHost: forbear\r\n{cookie}Connection: close\r\n\r\n"),
    )
}

/// A form, as a browser posts it.
pub fn post(address: SocketAddr, path: &str, fields: &[(&str, &str)]) -> Option<WireAnswer> {
    post_from(address, path, fields, "")
}

/// The same, with more lines in its head.
pub fn post_from(
    address: SocketAddr,
    path: &str,
    fields: &[(&str, &str)],
    head: &str,
) -> Option<WireAnswer> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let head = format!(
        "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n{head}"
    );
    send(address, path, &head, &body)
}

/// JSON, as a program with a key sends it.
pub fn post_json(
    address: SocketAddr,
    path: &str,
    head: &str,
    body: &serde_json::Value,
) -> Option<WireAnswer> {
    let head = format!("Content-Type: application/json\r\n{head}");
    send(address, path, &head, &body.to_string())
}

fn send(address: SocketAddr, path: &str, head: &str, body: &str) -> Option<WireAnswer> {
    exchange(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: forbear\r\n{head}Content-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        ),
    )
}

fn exchange(address: SocketAddr, request: &str) -> Option<WireAnswer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(WireAnswer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}
