//! What the documents promise that can be checked.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use forbear::config::Config;

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The names in the table of settings.
fn documented() -> BTreeSet<String> {
    read("docs/OPERATIONS.md")
        .lines()
        .skip_while(|line| !line.starts_with("| setting "))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.split('`').nth(1).unwrap().to_owned())
        .collect()
}

/// The fields of the settings, as the source has them.
fn known() -> BTreeSet<String> {
    read("src/config.rs")
        .lines()
        .skip_while(|line| !line.starts_with("pub struct Config {"))
        .take_while(|line| *line != "}")
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(':'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[test]
fn every_setting_is_documented_and_nothing_else_is() {
    assert!(known().len() > 5);
    assert_eq!(documented(), known());
}

#[test]
fn every_documented_setting_is_read_from_the_environment() {
    for name in documented() {
        let variable = match name.as_str() {
            "database_url" => "DATABASE_URL".to_owned(),
            name => format!("FORBEAR_{}", name.to_uppercase()),
        };
        let refusal = Config::load(None, [(variable.clone(), "?".to_owned())]).err();
        let unknown = refusal.is_some_and(|error| error.to_string().contains("is not a setting"));
        assert!(!unknown, "{variable}");
    }
}
