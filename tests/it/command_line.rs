//! Commands that need no server: their words, their output, their exit codes.

use std::fs;
use std::path::Path;

use forbear::actions::decisions::{self, Subject};
use forbear::actions::policies;
use forbear::db::Kind;
use forbear::domain::actor::Actor;
use forbear::gate::{Attempt, Channel, Policy};
use serde_json::Value;

use crate::support::TestApp;
use crate::support::command::forbear;
use crate::support::process::add_person;

const CASE: &str = r#"{"id": "late", "facts": {
    "debtor": {"state": "NY", "zip": "10001", "phones": [{"number": "+12125550142"}]},
    "debts": [{"id": "D1", "validation": {"provided_on": "2025-11-03"}}],
    "attempt": {"at": "2026-05-12T22:00:00-04:00", "channel": "call", "debt": "D1", "phone": "+12125550142"}}}"#;

fn write_policy(folder: &Path, change: impl FnOnce(&mut [String; 3])) {
    let mut texts = Policy::builtin_sources().map(str::to_owned);
    change(&mut texts);
    let names = ["federal.json", "states.json", "overlays.json"];
    for (name, text) in names.iter().zip(texts) {
        fs::write(folder.join(name), text).unwrap();
    }
}

#[test]
fn the_gate_answers_a_case_from_a_file_and_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let by_input = forbear(folder.path(), &["gate", "check"], CASE);
    assert_eq!(by_input.code, 0, "{by_input:?}");
    let decision: Value = serde_json::from_str(&by_input.out).unwrap();
    assert_eq!(decision["outcome"], "refuse");
    assert_eq!(decision["findings"][0]["rule"], "call-hours");
    let file = folder.path().join("case.json");
    fs::write(&file, CASE).unwrap();
    let by_file = forbear(
        folder.path(),
        &["gate", "check", file.to_str().unwrap()],
        "",
    );
    assert_eq!(by_file.out, by_input.out);
    for (text, words) in [
        ("{", "is not JSON"),
        ("{}", "no object `facts`"),
        (&CASE.replace("\"zip\"", "\"zipp\""), "zipp"),
    ] {
        let refused = forbear(folder.path(), &["gate", "check"], text);
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains(words), "{refused:?}");
    }
}

#[test]
fn a_folder_of_cases_is_run_with_a_line_for_each_failure() {
    let folder = tempfile::tempdir().unwrap();
    let right = CASE.replacen(
        "{\"id\"",
        "{\"expect\": {\"decision\": \"block\", \"rules\": [\"call-hours\"], \
         \"clears_at\": \"2026-05-13T08:00:00-04:00\"}, \"id\"",
        1,
    );
    fs::write(folder.path().join("a.json"), &right).unwrap();
    let run = || {
        forbear(
            folder.path(),
            &["policy", "test", folder.path().to_str().unwrap()],
            "",
        )
    };
    let ran = run();
    assert_eq!((ran.code, ran.out.as_str()), (0, "1 passed, 0 failed\n"));
    let wrong = right.replace("\"block\"", "\"allow\"");
    fs::write(folder.path().join("b.json"), format!("[{right}, {wrong}]")).unwrap();
    let ran = run();
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out.lines().count(), 2, "{ran:?}");
    assert!(
        ran.out
            .contains("b.json: late: decision: expected Allow, was Block"),
        "{ran:?}"
    );
    assert!(ran.out.ends_with("2 passed, 1 failed\n"));
    assert_eq!(
        forbear(folder.path(), &["policy", "test", "/nowhere"], "").code,
        1
    );
}

#[test]
fn a_policy_is_checked_shown_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    write_policy(folder.path(), |_| ());
    let same = forbear(folder.path(), &["policy", "check", path], "");
    assert_eq!(same.code, 0, "{same:?}");
    assert_eq!(
        same.out,
        forbear(folder.path(), &["policy", "check"], "").out
    );
    assert!(same.out.contains("56 jurisdictions"));
    let shown = forbear(folder.path(), &["policy", "show", "ca"], "");
    assert!(
        shown.out.contains("CA.call_frequency_limit = 7"),
        "{shown:?}"
    );
    assert_eq!(
        forbear(folder.path(), &["policy", "show", "Mars"], "").code,
        1
    );

    write_policy(folder.path(), |texts| {
        let mut states: Value = serde_json::from_str(&texts[1]).unwrap();
        states["states"]["CA"]["call_frequency_limit"][0]["value"] = 6.into();
        texts[1] = states.to_string();
    });
    let diff = forbear(folder.path(), &["policy", "diff", path], "");
    assert_eq!(diff.code, 0);
    assert!(
        diff.out.contains("- CA.call_frequency_limit = 7"),
        "{diff:?}"
    );
    assert!(
        diff.out.contains("+ CA.call_frequency_limit = 6"),
        "{diff:?}"
    );
    assert!(diff.out.ends_with("1 changes\n"), "{diff:?}");

    write_policy(folder.path(), |texts| {
        let mut states: Value = serde_json::from_str(&texts[1]).unwrap();
        let ca = &mut states["states"]["CA"];
        ca["call_frequency_limit"][0]["citation"] = "".into();
        ca["gate_zones"][0]["value"] = serde_json::json!(["America/Nowhere"]);
        ca["surprise"] = 1.into();
        texts[1] = states.to_string();
    });
    let bad = forbear(folder.path(), &["policy", "check", path], "");
    assert_eq!(bad.code, 1);
    for words in [
        "states.json: CA.call_frequency_limit[0]: has no citation",
        "states.json: CA.surprise: unknown key",
        "America/Nowhere",
    ] {
        assert!(bad.err.contains(words), "{words}: {bad:?}");
    }
}

#[test]
fn the_doctor_fails_without_a_database_and_passes_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let ill = forbear(folder.path(), &["doctor"], "");
    assert_eq!(ill.code, 1, "{ill:?}");
    assert!(
        ill.out.contains("FAIL  database: there is no database"),
        "{ill:?}"
    );
    let migrated = forbear(folder.path(), &["migrate"], "");
    assert_eq!(migrated.code, 0, "{migrated:?}");
    assert!(migrated.out.contains("migrated 2026"), "{migrated:?}");
    let again = forbear(folder.path(), &["migrate"], "");
    assert_eq!(again.out, "the database is up to date\n");
    add_person(folder.path(), "a@people.example", "correct horse battery");
    let well = forbear(folder.path(), &["doctor"], "");
    assert_eq!(well.code, 0, "{well:?}");
    for line in [
        "ok    database",
        "ok    durability",
        "ok    stop journal",
        "warn  workers",
    ] {
        assert!(well.out.contains(line), "{line}: {well:?}");
    }

    // A stop that the database has forgotten.
    let id = "01a1fe60-5538-797b-8d86-66c9a07ece97";
    let entry = format!(
        "{{\"request\":\"{id}\",\"creditor\":\"{id}\",\"debtor\":\"{id}\",\"placement\":null,\
         \"scope\":\"all\",\"via\":\"portal\",\"received_at\":\"2026-05-13T16:00:00Z\"}}\n"
    );
    fs::write(folder.path().join("stops.journal"), entry).unwrap();
    let forgetful = forbear(folder.path(), &["doctor"], "");
    assert_eq!(forgetful.code, 1);
    assert!(
        forgetful
            .out
            .contains("1 of 1 stops are not in the database"),
        "{forgetful:?}"
    );
    fs::write(folder.path().join("stops.journal"), "{\"request\":1}\n").unwrap();
    let damaged = forbear(folder.path(), &["doctor"], "");
    assert!(damaged.out.contains("FAIL  stop journal"), "{damaged:?}");
}

#[actix_web::test]
async fn a_decision_is_replayed_here_and_from_its_file_elsewhere() {
    let app = TestApp::start().await;
    if app.ctx.db.kind() == Kind::Postgres {
        // The command would need the schema of this test, which no setting names.
        return;
    }
    policies::open(&app.ctx).unwrap();
    let creditor = app.creditor("Alder Clinic");
    let placement = app.place(creditor, |_| ());
    let subject = Subject {
        creditor,
        debtor: app.debtor_of(placement),
        placement,
    };
    let attempt = Attempt::new(app.now(), Channel::Call, placement.as_str());
    let (id, _) = decisions::check(&app.ctx, &Actor::System("worker"), subject, &attempt).unwrap();
    let folder = app.folder.path();
    let file = folder.join("record.json");
    let file = file.to_str().unwrap();
    let here = forbear(folder, &["replay", id.as_str(), "--export", file], "");
    assert_eq!(here.code, 0, "{here:?}");
    assert!(here.out.contains("the same to the byte"));
    let elsewhere = tempfile::tempdir().unwrap();
    let there = forbear(elsewhere.path(), &["replay", "--from", file], "");
    assert_eq!(there.code, 0, "{there:?}");
    let mut record: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    record["facts"] = record["facts"]
        .as_str()
        .unwrap()
        .replace("\"NY\"", "\"NJ\"")
        .into();
    let text = record.to_string();
    let changed = forbear(elsewhere.path(), &["replay", "--from", "-"], &text);
    assert_eq!(changed.code, 1);
    assert!(
        changed.out.contains("/facts_digest: recorded"),
        "{changed:?}"
    );
    let nobody = forbear(folder, &["replay", creditor.as_str()], "");
    assert_eq!(nobody.code, 1);
}
