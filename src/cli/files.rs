//! Files that commands are given: text, policies, cases.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{CliError, complain};
use crate::gate::Policy;
use crate::gate::cases::Report;
use crate::gate::policy::PolicySource;

/// The text of a file, or of standard input for `-`.
pub(super) fn read(file: &Path) -> Result<String, CliError> {
    let text = if file.as_os_str() == "-" {
        io::read_to_string(io::stdin().lock())
    } else {
        fs::read_to_string(file)
    };
    text.map_err(|error| not_read(file, &error))
}

/// The text of a file, or the argument itself where no file has that name.
pub(super) fn read_or_take(argument: &str) -> Result<String, CliError> {
    let file = Path::new(argument);
    if file.is_file() {
        read(file)
    } else {
        Ok(argument.to_owned())
    }
}

pub(super) fn not_read(file: &Path, error: &io::Error) -> CliError {
    CliError::Other(format!("{}: {error}", file.display()))
}

/// The three files of a policy as they stand in a folder.
pub(super) fn policy_source(folder: &Path) -> Result<PolicySource, CliError> {
    let text = |name: &str| read(&folder.join(name));
    Ok(PolicySource::of_files(
        text("federal.json")?,
        text("states.json")?,
        text("overlays.json")?,
    ))
}

/// The policy in a folder; the program's own where none is named. Everything that is wrong with
/// it is told, a line each.
pub(super) fn policy(folder: Option<&Path>) -> Result<Arc<Policy>, CliError> {
    let read = match folder {
        Some(folder) => policy_source(folder)?.read(),
        None => {
            let [federal, states, overlays] = Policy::builtin_sources();
            Policy::parse(federal, states, overlays)
        }
    };
    read.map(Arc::new).map_err(|errors| {
        for error in &errors {
            complain(&error.to_string());
        }
        CliError::Told
    })
}

/// Runs every `*.json` in a folder, or one file; each file is an array of cases or one case.
///
/// # Errors
/// When the folder itself can't be read. A file that can't be read, and a folder without a case,
/// are failures in the report.
pub fn run_cases(policy: &Policy, folder: &Path) -> io::Result<Report> {
    let files = if folder.is_file() {
        vec![folder.to_owned()]
    } else {
        case_files(folder)?
    };
    let mut report = Report::default();
    for file in files {
        let name = file.display().to_string();
        match read_whole(&file) {
            Ok(text) => report.run_text(policy, &name, &text),
            Err(error) => report.fail(&name, "file", error.to_string()),
        }
    }
    if report.passed == 0 && report.failures.is_empty() {
        let name = folder.display().to_string();
        report.fail(&name, "folder", "holds no case".to_owned());
    }
    Ok(report)
}

/// The `*.json` of a folder, by name.
fn case_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    Ok(files)
}

fn read_whole(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(file)?.read_to_string(&mut text)?;
    Ok(text)
}
