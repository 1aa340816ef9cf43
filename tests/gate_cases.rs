//! The project's case files, as anybody can run them with `forbear policy test`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use forbear::cli::files::run_cases;
use forbear::gate::rules::{RuleId, Strength, catalog};
use forbear::gate::{Policy, cases};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gate_cases")
}

#[test]
fn every_case_of_the_project_passes() {
    let report = run_cases(&Policy::builtin(), &folder()).unwrap();
    let failures: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    assert!(report.is_success(), "{report}\n{}", failures.join("\n"));
    assert!(report.passed >= 600, "{report}");
}

#[test]
fn every_rule_has_cases_of_its_own() {
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for file in std::fs::read_dir(folder()).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        for case in cases {
            for rule in case["expect"]["rules"].as_array().unwrap() {
                *named.entry(rule.as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
    }
    for info in catalog() {
        let least = match info.strength {
            Strength::Reminder => 1,
            Strength::Hard | Strength::Presumption | Strength::Content | Strength::Product => 3,
        };
        // No state bars a voicemail today: that rule is tried on a changed policy.
        if info.key != "voicemail-not-allowed" {
            let count = named.get(info.key).copied().unwrap_or(0);
            assert!(count >= least, "{}: {count} cases", info.key);
        }
    }
}

/// Whoever reads a rule finds its source, its reason and its cases in one place.
#[test]
fn every_rule_says_where_its_cases_are_and_they_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for file in std::fs::read_dir(root.join("src/gate/rules")).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for (before, rule) in source
            .split("RuleInfo = RuleInfo {")
            .zip(source.split("RuleInfo = RuleInfo {").skip(1))
        {
            let key = between(rule, "key: \"", "\"").unwrap();
            let comment = before.rsplit("\n\n").next().unwrap();
            let cases = between(comment, "/// Cases: `", "`")
                .unwrap_or_else(|| panic!("{key} does not say where its cases are"));
            let text = std::fs::read_to_string(root.join(cases)).unwrap();
            let rule: RuleId = key.parse().unwrap();
            assert!(
                text.contains(&format!("\"{key}\"")) || text.contains(&format!("RuleId::{rule:?}")),
                "{cases} has no case of {key}"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, catalog().count());
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

#[test]
fn a_folder_without_a_case_and_a_file_that_is_no_case_fail() {
    let folder = std::env::temp_dir().join(format!("forbear-cases-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let empty = run_cases(&Policy::builtin(), &folder).unwrap();
    assert_eq!(empty.to_string(), "0 passed, 1 failed");
    std::fs::write(folder.join("a.json"), "[{\"id\": \"x\", \"facts\": {}}, 3]").unwrap();
    std::fs::write(folder.join("b.json"), "{").unwrap();
    std::fs::write(folder.join("c.txt"), "not read").unwrap();
    let broken = run_cases(&Policy::builtin(), &folder).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(broken.to_string(), "0 passed, 3 failed");
    assert_eq!(broken.failures[0].case, "x");
}

#[test]
fn a_wrong_expectation_is_reported_with_what_was_expected_and_what_was() {
    let case = r#"{"id": "wrong", "facts": {
        "debtor": {"state": "NY", "zip": "10001", "phones": [{"number": "+12125550142"}]},
        "debts": [{"id": "D1", "validation": {"provided_on": "2025-11-03"}}],
        "attempt": {"at": "2026-05-12T22:00:00-04:00", "channel": "call", "debt": "D1", "phone": "+12125550142"}},
        "expect": {"decision": "allow", "rules": ["cease"], "clears_at": null},
        "computed": {"validation_due_on": "2026-05-12"}}"#;
    let case = cases::Case::parse(case).unwrap();
    let differences = case.run(&Policy::builtin());
    let whats: Vec<&str> = differences
        .iter()
        .map(|difference| difference.what)
        .collect();
    assert_eq!(whats, ["decision", "rules", "validation_due_on"]);
    assert_eq!(
        differences[0].to_string(),
        "decision: expected Allow, was Block, by [call-hours]"
    );
}

#[test]
fn a_moment_of_clearing_is_compared_where_the_case_states_one_and_null_is_stated() {
    let case = |clears_at: &str| {
        let text = format!(
            r#"{{"id": "night", "facts": {{
            "debtor": {{"state": "NY", "zip": "10001", "phones": [{{"number": "+12125550142"}}]}},
            "debts": [{{"id": "D1", "validation": {{"provided_on": "2025-11-03"}}}}],
            "attempt": {{"at": "2026-05-12T22:00:00-04:00", "channel": "call", "debt": "D1", "phone": "+12125550142"}}}},
            "expect": {{"decision": "block", "rules": ["call-hours"]{clears_at}}}}}"#
        );
        let case = cases::Case::parse(&text).unwrap();
        case.run(&Policy::builtin()).len()
    };
    assert_eq!(case(""), 0);
    assert_eq!(case(r#", "clears_at": "2026-05-13T08:00:00-04:00""#), 0);
    assert_eq!(case(r#", "clears_at": null"#), 1);
    assert_eq!(case(r#", "clears_at": "2026-05-13T08:01:00-04:00""#), 1);
}
