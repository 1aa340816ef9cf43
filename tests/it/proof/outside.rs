//! A process of workers beside the test's own: this very program, started again. Its clock is the
//! test's, so that it works at a lawful hour whenever the tests run; its code is the program's.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration as Passed;

use chrono::Duration;
use forbear::db::Target;
use forbear::domain::time::{Clock, Instant, SystemClock};

use super::world::{Doors, Workers};
use crate::support::app::context;

const DATABASE: &str = "FORBEAR_OUTSIDE_DATABASE";
const FOLDER: &str = "FORBEAR_OUTSIDE_FOLDER";
const VOICE: &str = "FORBEAR_OUTSIDE_VOICE";
const MAIL: &str = "FORBEAR_OUTSIDE_MAIL";
const AHEAD: &str = "FORBEAR_OUTSIDE_AHEAD";
const THREADS: &str = "FORBEAR_OUTSIDE_THREADS";

/// Runs beside the system's clock, so far ahead of it or behind it.
#[derive(Debug, Clone, Copy)]
pub struct Ahead(Duration);

impl Ahead {
    /// Shows `now` at this moment.
    pub fn to(now: Instant) -> Self {
        Self(now.since(SystemClock.now()))
    }

    /// So much later.
    pub fn and(self, more: Duration) -> Self {
        Self(self.0 + more)
    }
}

impl Clock for Ahead {
    fn now(&self) -> Instant {
        SystemClock.now().plus(self.0)
    }

    fn passed(&self) -> Passed {
        SystemClock.passed()
    }
}

/// A process of workers. It ends when it is dropped, killed, or when this process ends.
pub struct Outside {
    child: Child,
}

impl Outside {
    pub fn start(
        target: &Target,
        folder: &Path,
        doors: &Doors,
        clock: Ahead,
        threads: usize,
    ) -> Self {
        let database = match target {
            Target::Sqlite(path) => path.display().to_string(),
            Target::Postgres(url) => url.clone(),
        };
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "proof::outside::a_process_of_workers"])
            .args(["--ignored", "--nocapture", "--quiet"])
            .env(DATABASE, database)
            .env(FOLDER, folder)
            .env(VOICE, &doors.voice)
            .env(MAIL, &doors.mail)
            .env(AHEAD, clock.0.num_microseconds().unwrap().to_string())
            .env(THREADS, threads.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { child }
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Lets it end what it has begun.
    pub fn end(mut self) {
        drop(self.child.stdin.take());
        let ended = self.child.wait().unwrap();
        assert!(ended.success(), "{ended}");
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "a process that other tests start"]
fn a_process_of_workers() {
    let told = |name: &str| std::env::var(name).expect(name);
    let database = told(DATABASE);
    let target = if database.starts_with("postgres") {
        Target::Postgres(database)
    } else {
        Target::Sqlite(database.into())
    };
    let ahead = Duration::microseconds(told(AHEAD).parse().unwrap());
    let folder = told(FOLDER);
    let mut ctx = context(&target, Arc::new(Ahead(ahead)), Path::new(&folder));
    ctx.process = format!("outside-{}", std::process::id()).into();
    let doors = Doors {
        voice: told(VOICE),
        mail: told(MAIL),
    };
    let workers = Workers::start(&ctx, &doors, told(THREADS).parse().unwrap());
    // Until whoever started us says so, or is gone.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    workers.stop();
}
