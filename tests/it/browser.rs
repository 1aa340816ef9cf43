//! People's ways through the pages in a real browser, with script and without. The flows are in
//! `tests/browser/flows`; here stands what starts the demo and Node for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::process::{DEMO, Process};
use crate::support::skip::{find_program, skip};

const WHAT: &str = "the pages in a browser";

/// What the flows need besides the demo; `None` after one line saying what is missing.
struct Tools {
    node: PathBuf,
    chromium: PathBuf,
    folder: PathBuf,
}

impl Tools {
    fn find() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
        let Some(node) = find_program("node") else {
            skip(WHAT, "Node");
            return None;
        };
        let Some(chromium) = ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .find_map(|name| find_program(name))
        else {
            skip(WHAT, "Chromium");
            return None;
        };
        if !folder.join("node_modules/playwright-core").is_dir() {
            skip(WHAT, "its tools (npm ci --prefix tests/browser)");
            return None;
        }
        Some(Self {
            node,
            chromium,
            folder,
        })
    }

    fn flows(&self) -> Vec<PathBuf> {
        let mut flows: Vec<PathBuf> = fs::read_dir(self.folder.join("flows"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
            .collect();
        flows.sort();
        flows
    }
}

#[test]
fn browser() {
    let Some(tools) = Tools::find() else {
        return;
    };
    let flows = tools.flows();
    assert!(flows.len() >= 4, "{flows:?}");
    let folder = tempfile::tempdir().unwrap();
    let demo = Process::demo(folder.path());
    let output = Command::new(&tools.node)
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(&flows)
        .current_dir(&tools.folder)
        .env("FORBEAR_DEMO", folder.path().join(DEMO).join("demo.json"))
        .env("FORBEAR_CHROMIUM", &tools.chromium)
        .output()
        .unwrap();
    drop(demo);
    let told = String::from_utf8_lossy(&output.stdout);
    println!("{told}");
    assert!(
        output.status.success(),
        "{told}\n{}",
        fs::read_to_string(folder.path().join("process.log")).unwrap()
    );
}
