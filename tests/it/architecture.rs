//! The house rules that the compiler doesn't know: which part may use which, who may write, where
//! queries stand, and who may read a clock. Read from the sources themselves, tests left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each part of `src/` may use of the others, lowest first. A part may always use itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("intake", &["domain", "gate"]),
    ("gate", &["domain"]),
    ("config", &["domain"]),
    ("keys", &["domain"]),
    ("policies", &["domain", "gate"]),
    ("db", &["domain", "gate"]),
    ("store", &["db", "domain", "gate"]),
    // The two faces of an error are drawn by `web`; here stands what can go wrong.
    ("error", &["db", "domain", "gate"]),
    ("passwords", &["error"]),
    (
        "actions",
        &[
            "db",
            "domain",
            "error",
            "gate",
            "intake",
            "keys",
            "passwords",
            "policies",
            "store",
        ],
    ),
    (
        "outreach",
        &["actions", "config", "domain", "error", "gate", "keys"],
    ),
    (
        "letters",
        &["actions", "domain", "error", "gate", "policies", "store"],
    ),
    (
        "worker",
        &[
            "actions", "domain", "error", "gate", "keys", "letters", "outreach", "policies",
            "store",
        ],
    ),
    (
        "web",
        &[
            "actions", "domain", "error", "gate", "intake", "keys", "letters", "outreach",
            "policies", "routes", "store",
        ],
    ),
    ("routes", &["domain", "web"]),
    ("app", EVERYTHING),
    ("demo", EVERYTHING),
    ("start", EVERYTHING),
    ("cli", EVERYTHING),
    ("main", EVERYTHING),
];

/// Names that a part may use of another one that is closed to it. A page reads several things in
/// one view of the database, so what it calls takes the connection; only actions make one.
const NAMES: &[(&str, &str)] = &[("web", "crate::db::DbConn")];

/// For the parts that put the others together.
const EVERYTHING: &[&str] = &["*"];

/// Crates that only these parts may name.
const CRATES: &[(&str, &[&str])] = &[
    // `error` tells a lost race from a fault; `actions` may look at what kind of error it was.
    ("diesel", &["db", "store", "actions", "error"]),
    ("diesel_migrations", &["db"]),
    (
        "actix_web",
        &["web", "routes", "app", "start", "cli", "actions"],
    ),
    ("actix_session", &["web", "app"]),
    ("actix_multipart", &["web"]),
    ("askama", &["web", "letters"]),
    ("lettre", &["outreach"]),
    ("hyper", &["outreach"]),
    ("tokio_rustls", &["outreach"]),
];

/// Parts that compute and nothing else.
const PURE: &[&str] = &["domain", "gate", "intake"];

/// What a pure part may not name: input, output, threads, chance and time.
const IMPURE: &[&str] = &[
    "diesel",
    "actix_",
    "tokio",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "tracing",
];

/// One source file without its comments and tests.
struct Source {
    /// `src/store/audit.rs`
    name: String,
    /// `store`
    part: String,
    /// How many modules it stands below the crate: 1 for `src/store/mod.rs`.
    depth: usize,
    code: String,
}

impl Source {
    fn read(path: &Path) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let inside = path.strip_prefix(root.join("src")).unwrap();
        let steps: Vec<&str> = inside.iter().map(|step| step.to_str().unwrap()).collect();
        let is_module_file = steps.last() == Some(&"mod.rs");
        Self {
            name: path.strip_prefix(root).unwrap().display().to_string(),
            part: steps[0].trim_end_matches(".rs").to_owned(),
            depth: steps.len() - usize::from(is_module_file),
            code: without_comments_and_tests(&fs::read_to_string(path).unwrap()),
        }
    }

    /// Every line that holds `text` as a word of its own, with its number.
    fn lines_with<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        self.code
            .lines()
            .enumerate()
            .filter(move |(_, line)| has_word(line, text))
            .map(|(index, line)| (index + 1, line.trim()))
    }

    /// The parts of the crate that this file names.
    fn uses(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (start, _) in self.code.match_indices("crate::") {
            if self.code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let line = self.code[..start].lines().count().max(1);
            let is_named = NAMES
                .iter()
                .any(|(part, name)| *part == self.part && self.code[start..].starts_with(name));
            if is_named {
                continue;
            }
            let rest = &self.code[start + "crate::".len()..];
            for part in first_segments(rest) {
                found.push((line, part));
            }
        }
        found
    }
}

/// The names that follow `crate::`: one, or those at the top of a group in braces.
fn first_segments(rest: &str) -> Vec<String> {
    let identifier = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![identifier(rest)];
    };
    let mut depth = 0_usize;
    let mut names = Vec::new();
    let mut at_start = true;
    for (index, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            c if c.is_whitespace() => {}
            _ if at_start => {
                names.push(identifier(&group[index..]));
                at_start = false;
            }
            _ => {}
        }
    }
    names
}

fn has_word(line: &str, text: &str) -> bool {
    line.match_indices(text)
        .any(|(index, _)| !line[..index].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Blanks line comments, and drops everything from a module of tests on: those close the file.
fn without_comments_and_tests(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let opens_tests = line.trim() == "#[cfg(test)]"
            && lines
                .peek()
                .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'));
        if opens_tests {
            break;
        }
        if !line.trim_start().starts_with("//") {
            code.push_str(line);
        }
        code.push('\n');
    }
    code
}

/// Every source of the program; what is compiled for tests alone is left out.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if is_only_for_tests(&path, &name) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(Source::read(&path));
            }
        }
    }
    assert!(found.len() > 50, "only {} sources were found", found.len());
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Whether the module that declares this file or folder does so for tests alone.
fn is_only_for_tests(path: &Path, module: &str) -> bool {
    let folder = path.parent().unwrap();
    let beside = folder.with_extension("rs");
    [folder.join("mod.rs"), beside]
        .iter()
        .filter(|parent| *parent != path)
        .filter_map(|parent| fs::read_to_string(parent).ok())
        .any(|text| {
            text.contains(&format!("#[cfg(test)]\nmod {module};"))
                || text.contains(&format!("#[cfg(test)]\npub mod {module};"))
        })
}

#[track_caller]
fn assert_none(breaches: &[String]) {
    assert!(
        breaches.is_empty(),
        "{} times against the house rules:\n{}",
        breaches.len(),
        breaches.join("\n")
    );
}

#[test]
fn each_part_uses_only_the_parts_below_it() {
    let mut breaches = Vec::new();
    for source in sources() {
        if source.part == "lib" {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(part, _)| *part == source.part) else {
            breaches.push(format!(
                "{}: `{}` is a new part; say in tests/it/architecture.rs what it may use",
                source.name, source.part
            ));
            continue;
        };
        for (line, used) in source.uses() {
            if used != source.part && !allowed.contains(&used.as_str()) && *allowed != ["*"] {
                breaches.push(format!(
                    "{}:{line}: `{}` may not use `{used}`",
                    source.name, source.part
                ));
            }
        }
    }
    assert_none(&breaches);
}

#[test]
fn no_path_climbs_out_of_its_part_unseen() {
    let mut breaches = Vec::new();
    for source in sources() {
        let way_out = "super::".repeat(source.depth);
        for (line, text) in source.lines_with(&way_out) {
            breaches.push(format!(
                "{}:{line}: write crate:: instead: {text}",
                source.name
            ));
        }
    }
    assert_none(&breaches);
}

#[test]
fn the_pure_parts_do_no_input_or_output() {
    let mut breaches = Vec::new();
    for source in sources() {
        if !PURE.contains(&source.part.as_str()) {
            continue;
        }
        for word in IMPURE {
            for (line, text) in source.lines_with(word) {
                breaches.push(format!("{}:{line}: {word} in {text}", source.name));
            }
        }
    }
    assert_none(&breaches);
}

#[test]
fn crates_stay_behind_the_doors_built_for_them() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (name, parts) in CRATES {
            if parts.contains(&source.part.as_str()) {
                continue;
            }
            for (line, text) in source.lines_with(&format!("{name}::")) {
                breaches.push(format!("{}:{line}: {text}", source.name));
            }
        }
    }
    assert_none(&breaches);
}

#[test]
fn only_actions_open_a_write_transaction() {
    let mut breaches = Vec::new();
    for source in sources() {
        if source.part == "actions" {
            continue;
        }
        let code: String = source.code.split_whitespace().collect();
        for call in ["db.write(", "ctx.write(", "ctx().write("] {
            if has_word(&code, call) || code.contains(&format!(".{call}")) {
                breaches.push(format!("{}: {call}", source.name));
            }
        }
    }
    assert_none(&breaches);
}

#[test]
fn stores_open_no_transaction_and_actions_write_no_query() {
    let mut breaches = Vec::new();
    for source in sources() {
        let forbidden: &[&str] = match source.part.as_str() {
            "store" => &[".transaction(", "immediate_transaction", "BEGIN"],
            "actions" => &[
                "diesel::prelude",
                "schema::",
                "diesel::insert_into",
                "sql_query",
            ],
            _ => continue,
        };
        for word in forbidden {
            for (index, line) in source.code.lines().enumerate() {
                if line.contains(word) {
                    breaches.push(format!("{}:{}: {}", source.name, index + 1, line.trim()));
                }
            }
        }
    }
    assert_none(&breaches);
}

#[test]
fn only_the_clock_reads_the_wall_clock() {
    let mut breaches = Vec::new();
    for source in sources() {
        if source.name == "src/domain/time.rs" {
            continue;
        }
        for word in ["Utc::now", "Local::now", "SystemTime::now"] {
            for (line, text) in source.lines_with(word) {
                breaches.push(format!("{}:{line}: {text}", source.name));
            }
        }
    }
    assert_none(&breaches);
}

#[test]
fn no_query_is_put_together_from_text() {
    let mut breaches = Vec::new();
    for source in sources() {
        let code: String = source.code.split_whitespace().collect();
        for word in [
            "sql_query(format!",
            "sql_query(&format!",
            "batch_execute(&format!",
        ] {
            if code.contains(word) {
                breaches.push(format!("{}: {word}", source.name));
            }
        }
    }
    assert_none(&breaches);
}

#[test]
fn no_template_switches_escaping_off() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut folders = vec![root];
    let mut breaches = Vec::new();
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            seen += 1;
            let text: String = fs::read_to_string(&path)
                .unwrap()
                .split_whitespace()
                .collect();
            for word in [
                "|safe",
                "{%autoescape",
                "escape=\"none\"",
                "<scriptnonce",
                "onclick=",
            ] {
                if text.contains(word) {
                    breaches.push(format!("{}: {word}", path.display()));
                }
            }
        }
    }
    assert!(seen > 3, "only {seen} templates were found");
    assert_none(&breaches);
}

#[test]
fn every_part_named_here_is_known() {
    let known: BTreeSet<&str> = MAY_USE.iter().map(|(part, _)| *part).collect();
    for (part, uses) in MAY_USE {
        for used in *uses {
            assert!(
                *used == "*" || known.contains(used),
                "{part} may use {used}, which isn't a part"
            );
        }
    }
}

#[test]
fn the_reader_of_imports_sees_groups_and_single_names() {
    assert_eq!(first_segments("store::{audit, users};"), ["store"]);
    assert_eq!(
        first_segments("{db::{self, DbConn}, error::AppError,\n    web};"),
        ["db", "error", "web"]
    );
    let text = "use crate::a;\n// crate::b\n#[cfg(test)]\nmod tests {\nuse crate::c;\n}\n";
    assert_eq!(without_comments_and_tests(text), "use crate::a;\n\n");
}
