//! The stop journal: a file beside the database that remembers every stop, and everything else
//! that was learned of a debtor and stops contact.
//!
//! A database that is restored from a backup has forgotten the stops made since. The journal has
//! not: it is appended to and synced before a stop is acknowledged, and on start every stop in it
//! that the database lacks is applied again before anything is dialled.
//!
//! Each journal has a name, and the database knows how many entries it had at least: a journal that
//! was lost or cut short is missed.
//!
//! One record a line, as JSON. A line without the member `record` is a stop; a line that this
//! program can't read is damage, and nothing is dialled until a person has looked at it.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::domain::id::{CreditorId, DebtorId, FlagId, PlacementId, StopJournalId, StopRequestId};
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

/// What the journal remembers: a stop, or something else that stops contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remembered {
    Stop(JournalEntry),
    Flag(FlagEntry),
}

impl Remembered {
    pub fn debtor(&self) -> DebtorId {
        match self {
            Self::Stop(entry) => entry.debtor,
            Self::Flag(entry) => entry.debtor,
        }
    }

    fn to_line(&self) -> Line {
        match self {
            Self::Stop(entry) => Line::Stop(entry.clone()),
            Self::Flag(entry) => Line::Tagged(Tagged::Flag(entry.clone())),
        }
    }
}

/// A whole line. A tag is looked for first: a record of a kind that is not known here must not
/// pass for a stop.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Tagged(Tagged),
    Stop(JournalEntry),
    Named(Named),
}

/// Its name in the data folder.
const FILE: &str = "stops.journal";

/// The journal of this data folder.
#[derive(Debug)]
pub struct StopJournal {
    folder: PathBuf,
    writing: Mutex<Writing>,
    /// Entries that are in the file.
    entries: AtomicUsize,
    /// Debtors whose stop could not be stored yet: this process contacts none of them.
    held: Mutex<HashSet<DebtorId>>,
    /// Every entry is known to be in the database.
    confirmed: AtomicBool,
    /// So is every entry of every other journal. Nothing reaches a debtor before that.
    compared: AtomicBool,
    /// What comparing came to, the last time.
    outcome: Mutex<Option<Reconciled>>,
    /// Held by whoever compares.
    turn: Mutex<()>,
}

/// What comparing the journal with the database came to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Reconciled {
    pub in_journal: usize,
    /// Stops the database had forgotten, applied again.
    pub reapplied: usize,
    /// Stops of debtors that the database doesn't know at all.
    pub unknown_debtors: usize,
    /// Lines of the journal that can't be read, other than torn ones.
    pub damaged_lines: usize,
    /// Entries that the journal had and has no more.
    pub missing_entries: usize,
    /// Journals that the database knows of and nobody has.
    pub missing_journals: usize,
}

impl Reconciled {
    /// All of this process's journal is in the database.
    pub fn is_confirmed(&self) -> bool {
        self.unknown_debtors == 0 && self.damaged_lines == 0 && self.missing_entries == 0
    }

    /// Contact may be made: everything that any journal remembers is in the database.
    pub fn is_whole(&self) -> bool {
        self.is_confirmed() && self.missing_journals == 0
    }
}

/// The end of the file.
#[derive(Debug)]
struct Writing {
    file: File,
    id: StopJournalId,
    /// A line was begun and not ended: it must not swallow the next one.
    torn: bool,
}

/// What a line holds besides an entry: the journal's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Named {
    journal: StopJournalId,
}

/// What reading the journal found.
#[derive(Debug, Default)]
pub struct JournalContents {
    pub id: Option<StopJournalId>,
    pub entries: Vec<Remembered>,
    /// Lines that a crash cut short. Such a stop was never acknowledged, and it is in the database
    /// if it was committed: the journal is written after the commit.
    pub torn_lines: usize,
    /// Whole lines that can't be read: damage that a person must look at.
    pub damaged_lines: Vec<usize>,
}

impl StopJournal {
    /// Opens the journal in `folder`, or makes an empty one, named at `now`.
    pub fn open(folder: &Path, now: Instant) -> io::Result<Self> {
        let path = folder.join(FILE);
        let file = open_to_append(folder, &path)?;
        let contents = Self::read_file(&path)?;
        let bytes = std::fs::read(&path)?;
        let journal = Self {
            folder: folder.to_owned(),
            entries: AtomicUsize::new(contents.entries.len()),
            writing: Mutex::new(Writing {
                file,
                id: contents.id.unwrap_or_else(|| StopJournalId::generate(now)),
                // A line torn by a crash.
                torn: !bytes.is_empty() && !bytes.ends_with(b"\n"),
            }),
            held: Mutex::default(),
            confirmed: AtomicBool::new(false),
            compared: AtomicBool::new(false),
            outcome: Mutex::default(),
            turn: Mutex::default(),
        };
        if contents.id.is_none() {
            let mut writing = journal.writing()?;
            let named = Named {
                journal: writing.id,
            };
            writing.append(&Line::Named(named))?;
        }
        Ok(journal)
    }

    /// Appends and syncs: when this returns `Ok`, the entry survives a power cut.
    pub fn append(&self, entry: &JournalEntry) -> io::Result<()> {
        self.append_entry(&Line::Stop(entry.clone()))
    }

    /// As [`append`](Self::append), for what else stops contact.
    pub fn append_flag(&self, entry: &FlagEntry) -> io::Result<()> {
        self.append_entry(&Line::Tagged(Tagged::Flag(entry.clone())))
    }

    fn append_entry(&self, line: &Line) -> io::Result<()> {
        self.writing()?.append(line)?;
        self.entries.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// Its name, and how many entries it has.
    pub fn standing(&self) -> io::Result<(StopJournalId, usize)> {
        Ok((self.writing()?.id, self.entries.load(Ordering::SeqCst)))
    }

    /// Begins a new journal with these entries, under a new name. The one there was is kept beside
    /// it, and is not read any more. Returns the name of its file.
    pub fn begin_anew(&self, entries: &[Remembered], now: Instant) -> io::Result<String> {
        let mut writing = self.writing()?;
        let path = self.folder.join(FILE);
        let put_aside = format!("{FILE}.until-{}", now.to_utc().format("%Y%m%dT%H%M%S%6fZ"));
        // The new one is whole before it takes the place of the old one.
        let made = self.folder.join(format!("{FILE}.new"));
        let mut begun = Writing {
            file: File::create(&made)?,
            id: StopJournalId::generate(now),
            torn: false,
        };
        let named = Named { journal: begun.id };
        begun.append(&Line::Named(named))?;
        for entry in entries {
            begun.append(&entry.to_line())?;
        }
        std::fs::hard_link(&path, self.folder.join(&put_aside))?;
        std::fs::rename(&made, &path)?;
        sync_folder(&self.folder)?;
        begun.file = open_to_append(&self.folder, &path)?;
        *writing = begun;
        self.entries.store(entries.len(), Ordering::SeqCst);
        Ok(put_aside)
    }

    /// Everything in the journal, oldest first.
    pub fn read(&self) -> io::Result<JournalContents> {
        Self::read_file(&self.folder.join(FILE))
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
        // Bytes, for a damaged line may be no text at all.
        for (number, line) in std::fs::read(path)?
            .split(|byte| *byte == b'\n')
            .enumerate()
        {
            if line.is_empty() {
                continue;
            }
            match serde_json::from_slice(line) {
                Ok(Line::Tagged(Tagged::Flag(entry))) => {
                    contents.entries.push(Remembered::Flag(entry));
                }
                Ok(Line::Stop(entry)) => contents.entries.push(Remembered::Stop(entry)),
                Ok(Line::Named(named)) => contents.id = Some(named.journal),
                Err(_) if !line.ends_with(b"}") => contents.torn_lines += 1,
                Err(_) => contents.damaged_lines.push(number + 1),
            }
        }
        Ok(contents)
    }

    /// Forbids contact with a debtor whose stop is not in the database yet.
    pub fn hold(&self, debtor: DebtorId) {
        self.held().insert(debtor);
    }

    /// How many debtors are held.
    pub fn count_held(&self) -> usize {
        self.held().len()
    }

    /// Whether every entry of this journal and of every other one is known to be in the database.
    pub fn is_compared(&self) -> bool {
        self.compared.load(Ordering::SeqCst)
    }

    /// Whether every entry of this journal is known to be in the database.
    pub fn is_confirmed(&self) -> bool {
        self.confirmed.load(Ordering::SeqCst)
    }

    /// One at a time compares.
    pub fn take_turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What comparing came to, the last time; nothing before the first.
    pub fn outcome(&self) -> Option<Reconciled> {
        self.outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Notes what comparing came to.
    pub fn note(&self, outcome: &Reconciled) {
        // What was written while it was compared is compared the next time.
        let has_grown = self.entries.load(Ordering::SeqCst) > outcome.in_journal;
        self.set_compared(outcome.is_confirmed() && !has_grown, outcome.is_whole());
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome.clone());
    }

    /// Notes whether this journal, and all of them, are known to be in the database.
    pub fn set_compared(&self, confirmed: bool, compared: bool) {
        self.confirmed.store(confirmed, Ordering::SeqCst);
        self.compared.store(confirmed && compared, Ordering::SeqCst);
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

    fn writing(&self) -> io::Result<MutexGuard<'_, Writing>> {
        self.writing
            .lock()
            .map_err(|_| io::Error::other("a thread died while it wrote the stop journal"))
    }
}

impl Writing {
    fn append(&mut self, line: &Line) -> io::Result<()> {
        let mut bytes = Vec::new();
        if self.torn {
            bytes.push(b'\n');
        }
        serde_json::to_writer(&mut bytes, line)?;
        bytes.push(b'\n');
        // Until all of it is known to be there: a full disk takes a part.
        self.torn = true;
        self.file.write_all(&bytes)?;
        self.torn = false;
        self.file.sync_data()
    }
}

fn open_to_append(folder: &Path, path: &Path) -> io::Result<File> {
    let is_new = !path.exists();
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .read(true)
        .open(path)?;
    if is_new {
        // Or a power cut takes the file with all that is in it.
        sync_folder(folder)?;
    }
    Ok(file)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
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
        let journal = StopJournal::open(folder.path(), at).unwrap();
        journal.append(&stop).unwrap();
        journal.append_flag(&flag).unwrap();
        let line = serde_json::to_string(&Tagged::Flag(flag.clone())).unwrap();
        let mut file = open_to_append(folder.path(), &folder.path().join(FILE)).unwrap();
        writeln!(file, "{}", line.replace("flag/1", "flag/2")).unwrap();
        let contents = journal.read().unwrap();
        assert_eq!(
            contents.entries,
            [Remembered::Stop(stop), Remembered::Flag(flag)]
        );
        // The first line is the journal's name.
        assert_eq!(contents.damaged_lines, [4]);
    }
}
