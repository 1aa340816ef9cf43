//! Chains written out, and checked by the program and by the script that shares nothing with it.

use std::path::{Path, PathBuf};
use std::process::Command;

use forbear::actions::{audit, checkpoints};
use forbear::domain::actor::Actor;
use forbear::domain::checkpoint::Checkpoint;

use super::{behind_its_back, chain_of_some_length, drop_triggers};
use crate::support::TestApp;
use crate::support::command::{Ran, forbear, run};
use crate::support::skip::{find_program, skip};

/// The verifier that needs nothing but Python.
fn script(words: &[&str]) -> Option<Ran> {
    let Some(python) = find_program("python3") else {
        skip("the verifier of exports", "python3");
        return None;
    };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/verify_audit.py");
    Some(run(Command::new(python).arg(file).args(words), ""))
}

fn export(app: &TestApp, name: &str) -> PathBuf {
    let file = app.folder.path().join(name);
    let chains = audit::chains(&app.ctx.db, &[]).unwrap();
    let mut out = std::fs::File::create(&file).unwrap();
    audit::export(&app.ctx.db, &chains, &mut out).unwrap();
    file
}

/// What the program itself finds: a line for each bad chain.
fn found(file: &Path, checkpoints: &[Checkpoint]) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().map(|line| Ok(line.to_owned()));
    audit::verify_export(lines, checkpoints)
        .unwrap()
        .into_iter()
        .filter_map(|(_, found)| found.err().map(|broken| broken.to_string()))
        .collect()
}

#[actix_web::test]
async fn an_export_of_whole_chains_is_found_whole_by_both() {
    let app = TestApp::start().await;
    chain_of_some_length(&app, 3);
    let signed = checkpoints::sign(&app.ctx, &Actor::System("cli")).unwrap();
    let key = checkpoints::public_key(&app.ctx.keys, &app.ctx.public_url);
    let note = app.folder.path().join("note.txt");
    std::fs::write(&note, &signed.note).unwrap();
    let file = export(&app, "whole.jsonl");
    let checkpoint = Checkpoint::open(&signed.note, &key).unwrap();
    assert_eq!(found(&file, &[checkpoint]), Vec::<String>::new());
    let (file, note) = (file.to_str().unwrap(), note.to_str().unwrap());
    let key = key.to_string();
    let words = [file, "--checkpoint", note, "--public-key", &key];
    let Some(ran) = script(&words) else { return };
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("the checkpoint is signed by this key"));

    std::fs::write(note, signed.note.replace("time 2026", "time 2027")).unwrap();
    assert_eq!(script(&words).unwrap().code, 1);
}

#[actix_web::test]
async fn what_was_changed_is_found_by_both_at_the_same_event() {
    let app = TestApp::start().await;
    let (chain, _) = chain_of_some_length(&app, 4);
    drop_triggers(&app);
    let whole = export(&app, "before.jsonl");
    let text = std::fs::read_to_string(&whole).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let third = lines
        .iter()
        .position(|line| line.contains(&chain) && line.contains("\"seq\":3,"))
        .unwrap();
    let file = app.folder.path().join("after.jsonl");
    let path = file.to_str().unwrap();
    let cut: Vec<&str> = [&lines[..third], &lines[third + 1..]].concat();
    let swapped = {
        let mut lines = lines.clone();
        lines.swap(third, third + 1);
        lines
    };
    let edited = lines[third].replace("\"actor\":\"", "\"actor\":\"x");
    let edited = [&lines[..third], &[edited.as_str()], &lines[third + 1..]].concat();
    for changed in [cut, swapped, edited] {
        std::fs::write(&file, changed.join("\n")).unwrap();
        let broken = found(&file, &[]);
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(
            broken[0].contains("event 3") || broken[0].contains("events 3"),
            "{broken:?}"
        );
        let Some(ran) = script(&[path]) else { continue };
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.contains("event 3"), "{ran:?}");
    }
    std::fs::write(&file, lines[..=third].join("\n")).unwrap();
    let broken_off = std::fs::read_to_string(&file).unwrap();
    let read = broken_off.lines().map(|line| Ok(line.to_owned()));
    assert!(audit::verify_export(read, &[]).is_err());
    if let Some(ran) = script(&[path]) {
        assert_eq!(ran.code, 2, "{ran:?}");
    }
}

#[actix_web::test]
async fn the_command_line_verifies_beside_a_running_server_and_says_so_by_its_exit_code() {
    let app = TestApp::start().await;
    if app.ctx.db.kind() == forbear::db::Kind::Postgres {
        // The command would need the schema of this test, which no setting names.
        return;
    }
    let (chain, _) = chain_of_some_length(&app, 3);
    let folder = app.folder.path();
    let signed = checkpoints::sign(&app.ctx, &Actor::System("cli")).unwrap();
    let note = folder.join("note.txt");
    std::fs::write(&note, &signed.note).unwrap();
    let note = note.to_str().unwrap();
    let whole = forbear(folder, &["audit", "verify", "--checkpoint", note], "");
    assert_eq!(whole.code, 0, "{whole:?}");
    assert!(whole.out.contains("2 chains"), "{whole:?}");
    let one = forbear(
        folder,
        &["audit", "verify", "--creditor", "Alder Clinic"],
        "",
    );
    assert!(one.out.contains("1 chains"), "{one:?}");
    let nobody = forbear(folder, &["audit", "verify", "--creditor", "Nobody"], "");
    assert_eq!(nobody.code, 1);
    let key = forbear(folder, &["audit", "public-key"], "");
    let export = folder.join("export.jsonl");
    let export = export.to_str().unwrap();
    assert_eq!(
        forbear(folder, &["audit", "export", "--out", export], "").code,
        0
    );
    let elsewhere = tempfile::tempdir().unwrap();
    let words = ["audit", "verify", "--export", export, "--checkpoint", note];
    let with_key = [&words[..], &["--public-key", key.out.trim()]].concat();
    assert_eq!(forbear(elsewhere.path(), &with_key, "").code, 0);

    drop_triggers(&app);
    let edit = format!("UPDATE audit_events SET body = '[]' WHERE chain = '{chain}' AND seq = 2");
    behind_its_back(&app, &edit).unwrap();
    let broken = forbear(folder, &["audit", "verify"], "");
    assert_eq!(broken.code, 1, "{broken:?}");
    assert!(
        broken
            .out
            .contains(&format!("chain {chain}: BROKEN: event 2 was edited")),
        "{broken:?}"
    );
}
