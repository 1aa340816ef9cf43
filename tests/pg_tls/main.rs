//! TLS to PostgreSQL through the tunnel, against real servers on this machine and against servers
//! that misbehave.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by a panic, in its helpers too"
)]

mod certificates;
mod misbehaving;
mod server;
mod with_postgres;

use std::fmt::Write;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use diesel::{Connection, PgConnection};
use forbear::db::pg_tls::prepare;

use server::{PASSWORD, USER};

/// A URL for the tests' user; `db.example` is the name the tests' certificates hold.
pub fn url(port: u16, parameters: &str) -> String {
    let password = PASSWORD.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02x}").unwrap();
        encoded
    });
    format!(
        "postgres://{USER}:{password}@db.example:{port}/postgres?hostaddr=127.0.0.1&{parameters}"
    )
}

/// What an operator reads when the connection fails.
pub fn refusal(url: &str) -> String {
    let prepared = prepare(url).unwrap();
    let conninfo = prepared.conninfo().to_owned();
    let outcome = bounded(move || PgConnection::establish(&conninfo).map(drop));
    outcome.unwrap_err().to_string()
}

/// Fails instead of hanging: no step of these tests takes anywhere near a minute.
pub fn bounded<T: Send + 'static>(step: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || sender.send(step()));
    match receiver.recv_timeout(Duration::from_secs(60)) {
        Ok(outcome) => outcome,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("the step hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) => match thread.join() {
            Ok(_) => panic!("the step ended without an outcome"),
            Err(panic) => std::panic::resume_unwind(panic),
        },
    }
}
