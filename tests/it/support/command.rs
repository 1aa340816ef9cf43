//! The program's commands, run to their end.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs `forbear` with these words on the SQLite database in a folder, with the secret and the
/// address of [`TestApp`](super::TestApp).
pub fn forbear(folder: &Path, words: &[&str], input: &str) -> Ran {
    run(
        Command::new(env!("CARGO_BIN_EXE_forbear"))
            .args(words)
            .env_clear()
            .env("FORBEAR_DATA", folder)
            .env("FORBEAR_SECRET", "5a".repeat(32))
            .env("FORBEAR_PUBLIC_URL", "http://forbear.test"),
        input,
    )
}

pub fn run(command: &mut Command, input: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
