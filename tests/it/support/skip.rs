//! Tests that need more than the toolchain.

use std::io::Write;
use std::path::PathBuf;

/// Says in one line that something was not tested for want of a program; where CI runs, that is
/// a failure.
pub fn skip(what: &str, wanted: &str) {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{what}: {wanted} is missing"
    );
    // Past the test harness, which would keep the line to itself.
    let line = format!("skipped for want of {wanted}: {what}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// Where a program of this name is.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}
