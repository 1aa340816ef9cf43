//! The stop journal: a file beside the database that remembers every stop, and everything else
//! that was learned of a debtor and stops contact.
//!
//! A database that is restored from a backup has forgotten the stops made since. The journal has
//! not: it is appended to and synced before a stop is acknowledged, and on start every stop in it
//! that the database lacks is applied again before anything is dialled.
//!
//! One record a line, as JSON. A line without the member `record` is a stop; a line that this
//! program can't read is damage, and nothing is dialled until a person has looked at it.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::domain::id::{CreditorId, DebtorId, FlagId, PlacementId, StopRequestId};
use crate::domain::time::Instant;

/// One stop, with all that is needed to apply it again. No names, no numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    pub request: StopRequestId,
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub placement: Option<PlacementId>,
    /// A word of `StopScope`.
    pub scope: String,
    /// A word of `Medium`.
    pub via: String,
    pub received_at: Instant,
}

/// Something learned of a debtor that stops contact: a lawyer, a bankruptcy, a death, a wish not to
/// be called. No names, no numbers: what the database has forgotten of those, people find again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagEntry {
    pub flag: FlagId,
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    /// A word of `FlagKind`.
    pub kind: String,
    /// A word of `Medium`.
    pub via: String,
    pub received_at: Instant,
}

/// The line of a [`FlagEntry`].
#[derive(Serialize, Deserialize)]
#[serde(tag = "record")]
enum Tagged {
    /// The first form of it.
    #[serde(rename = "flag/1")]
    Flag(FlagEntry),
}

/// A whole line. A tag is looked for first: a record of a kind that is not known here must not
/// pass for a stop.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Tagged(Tagged),
    Stop(JournalEntry),
}

/// Its name in the data folder.
const FILE: &str = "stops.journal";

/// The journal of this data folder.
#[derive(Debug)]
pub struct StopJournal {
    path: PathBuf,
    file: Mutex<File>,
    /// Debtors whose stop could not be stored yet: this process contacts none of them.
    held: Mutex<HashSet<DebtorId>>,
    /// Every entry is known to be in the database. Nothing reaches a debtor before that.
    compared: AtomicBool,
}

/// What reading the journal found.
#[derive(Debug, Default)]
pub struct JournalContents {
    pub entries: Vec<JournalEntry>,
    pub flags: Vec<FlagEntry>,
    /// Lines that a crash cut short. Such a stop was never acknowledged, and it is in the database
    /// if it was committed: the journal is written after the commit.
    pub torn_lines: usize,
    /// Whole lines that can't be read: damage that a person must look at.
    pub damaged_lines: Vec<usize>,
}

impl StopJournal {
    /// Opens the journal in `folder`, or makes an empty one.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(&path)?;
        // A line torn by a crash must not swallow the next entry.
        let length = file.metadata()?.len();
        let journal = Self {
            path,
            file: Mutex::new(file),
            held: Mutex::default(),
            // There is nothing to compare in a journal without an entry.
            compared: AtomicBool::new(length == 0),
        };
        if length > 0 && !journal.ends_with_newline()? {
            journal.append_bytes(b"\n")?;
        }
        Ok(journal)
    }

    /// Appends and syncs: when this returns `Ok`, the entry survives a power cut.
    pub fn append(&self, entry: &JournalEntry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        self.append_bytes(&line)
    }

    /// As [`append`](Self::append), for what else stops contact.
    pub fn append_flag(&self, entry: &FlagEntry) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Tagged::Flag(entry.clone()))?;
        line.push(b'\n');
        self.append_bytes(&line)
    }

    /// Everything in the journal, oldest first.
    pub fn read(&self) -> io::Result<JournalContents> {
        Self::read_file(&self.path)
    }

    /// The journal of a folder, for looking only; `None` where there is none.
    pub fn look(folder: &Path) -> io::Result<Option<JournalContents>> {
        let path = folder.join(FILE);
        if path.is_file() {
            Self::read_file(&path).map(Some)
        } else {
            Ok(None)
        }
    }

    fn read_file(path: &Path) -> io::Result<JournalContents> {
        let mut contents = JournalContents::default();
        for (number, line) in BufReader::new(File::open(path)?).lines().enumerate() {
            let line = line?;
            if line.is_empty() {
                continue;
            }
            match serde_json::from_str(&line) {
                Ok(Line::Tagged(Tagged::Flag(entry))) => contents.flags.push(entry),
                Ok(Line::Stop(entry)) => contents.entries.push(entry),
                Err(_) if !line.ends_with('}') => contents.torn_lines += 1,
                Err(_) => contents.damaged_lines.push(number + 1),
            }
        }
        Ok(contents)
    }

    /// Forbids contact with a debtor whose stop is not in the database yet.
    pub fn hold(&self, debtor: DebtorId) {
        self.held().insert(debtor);
    }

    /// Whether every entry is known to be in the database.
    pub fn is_compared(&self) -> bool {
        self.compared.load(Ordering::SeqCst)
    }

    /// Notes what comparing the journal with the database came to.
    pub fn set_compared(&self, compared: bool) {
        self.compared.store(compared, Ordering::SeqCst);
    }

    pub fn is_held(&self, debtor: DebtorId) -> bool {
        self.held().contains(&debtor)
    }

    /// Lifts what [`StopJournal::hold`] did, once the database has the stop.
    pub fn release(&self, debtor: DebtorId) {
        self.held().remove(&debtor);
    }

    fn held(&self) -> MutexGuard<'_, HashSet<DebtorId>> {
        // A set of ids is whole whatever its last user died of.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = self
            .file
            .lock()
            .map_err(|_| io::Error::other("a thread died while it wrote the stop journal"))?;
        file.write_all(bytes)?;
        file.sync_data()
    }

    fn ends_with_newline(&self) -> io::Result<bool> {
        let bytes = std::fs::read(&self.path)?;
        Ok(bytes.ends_with(b"\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_lines_are_read_and_unknown_kinds_of_records_are_damage() {
        let folder = tempfile::tempdir().unwrap();
        let at = Instant::parse_rfc3339("2026-05-13T16:00:00Z").unwrap();
        let stop = JournalEntry {
            request: StopRequestId::generate(at),
            creditor: CreditorId::generate(at),
            debtor: DebtorId::generate(at),
            placement: None,
            scope: "all".to_owned(),
            via: "portal".to_owned(),
            received_at: at,
        };
        let flag = FlagEntry {
            flag: FlagId::generate(at),
            creditor: stop.creditor,
            debtor: stop.debtor,
            kind: "attorney".to_owned(),
            via: "phone".to_owned(),
            received_at: at,
        };
        let journal = StopJournal::open(folder.path()).unwrap();
        journal.append(&stop).unwrap();
        journal.append_flag(&flag).unwrap();
        let line = serde_json::to_string(&Tagged::Flag(flag.clone())).unwrap();
        journal
            .append_bytes(format!("{}\n", line.replace("flag/1", "flag/2")).as_bytes())
            .unwrap();
        let contents = journal.read().unwrap();
        assert_eq!((contents.entries, contents.flags), (vec![stop], vec![flag]));
        assert_eq!(contents.damaged_lines, [3]);
    }
}
