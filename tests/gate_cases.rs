//! The project's case files, as anybody can run them with `forbear policy test`.

use std::path::Path;

use forbear::gate::{Policy, cases};

#[test]
fn every_case_of_the_project_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gate_cases");
    let report = cases::run_folder(&Policy::builtin(), &folder).unwrap();
    let failures: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    assert!(report.is_success(), "{report}\n{}", failures.join("\n"));
    assert!(report.passed >= 33, "{report}");
}
