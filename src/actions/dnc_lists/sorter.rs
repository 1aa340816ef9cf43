//! Puts the numbers of a list in order, however long it is, in constant memory.
//!
//! Numbers are gathered in runs of fixed length; a run that is full is sorted and written to a
//! file that has no name and vanishes with the process. Reading merges the runs. A list that fits
//! into one run never touches the disk.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::domain::phone::PhoneNumber;
use crate::intake::dnc::Change;

/// Numbers in memory at once: 16 MB.
const RUN: usize = 2_000_000;

/// Bytes of each run that are read ahead.
const AHEAD: usize = 64 * 1024;

/// A record is the number, then its place in the file, then whether it is taken off the list: so
/// records in order are numbers in order, and of one number the last line comes last.
const PLACE_BITS: u32 = 29;
const MOST_RECORDS: u64 = 1 << PLACE_BITS;

/// Takes numbers in any order.
pub(super) struct Sorter {
    folder: PathBuf,
    run: Vec<u64>,
    run_length: usize,
    full_runs: Vec<File>,
    taken: u64,
}

impl Sorter {
    /// Runs that don't fit in memory go to files in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self::with_run_length(folder, RUN)
    }

    fn with_run_length(folder: &Path, run_length: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            run: Vec::new(),
            run_length,
            full_runs: Vec::new(),
            taken: 0,
        }
    }

    /// # Errors
    /// When the disk refuses, or after half a billion numbers, which is more than there are.
    pub fn push(&mut self, number: PhoneNumber, change: Change) -> io::Result<()> {
        if self.taken == MOST_RECORDS {
            return Err(io::Error::other("the list has more numbers than there are"));
        }
        let number = number.national().unsigned_abs();
        let is_removed = u64::from(change == Change::Remove);
        self.run
            .push(number << (PLACE_BITS + 1) | self.taken << 1 | is_removed);
        self.taken += 1;
        if self.run.len() == self.run_length {
            self.put_away()?;
        }
        Ok(())
    }

    fn put_away(&mut self) -> io::Result<()> {
        self.run.sort_unstable();
        let mut file = BufWriter::with_capacity(AHEAD, tempfile::tempfile_in(&self.folder)?);
        for record in &self.run {
            file.write_all(&record.to_le_bytes())?;
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        self.full_runs.push(file);
        self.run.clear();
        Ok(())
    }

    /// Every number once, in rising order, with what its last line said.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn sorted(mut self) -> io::Result<Sorted> {
        if !self.full_runs.is_empty() && !self.run.is_empty() {
            self.put_away()?;
        }
        self.run.sort_unstable();
        let runs = match self.full_runs.is_empty() {
            true => vec![Run::Memory(std::mem::take(&mut self.run).into_iter())],
            false => self.full_runs.into_iter().map(Run::of_file).collect(),
        };
        let mut sorted = Sorted {
            runs,
            next: BinaryHeap::new(),
        };
        for index in 0..sorted.runs.len() {
            sorted.read_from(index)?;
        }
        Ok(sorted)
    }
}

enum Run {
    Memory(std::vec::IntoIter<u64>),
    File(BufReader<File>),
}

impl Run {
    fn of_file(file: File) -> Self {
        Self::File(BufReader::with_capacity(AHEAD, file))
    }

    fn next(&mut self) -> io::Result<Option<u64>> {
        match self {
            Self::Memory(records) => Ok(records.next()),
            Self::File(file) => {
                let mut bytes = [0; 8];
                match file.read_exact(&mut bytes) {
                    Ok(()) => Ok(Some(u64::from_le_bytes(bytes))),
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
                    Err(error) => Err(error),
                }
            }
        }
    }
}

/// The numbers in order.
pub(super) struct Sorted {
    runs: Vec<Run>,
    /// The next record of each run that has one, the smallest first.
    next: BinaryHeap<Reverse<(u64, usize)>>,
}

impl Sorted {
    fn read_from(&mut self, index: usize) -> io::Result<()> {
        if let Some(run) = self.runs.get_mut(index)
            && let Some(record) = run.next()?
        {
            self.next.push(Reverse((record, index)));
        }
        Ok(())
    }

    fn next_record(&mut self) -> io::Result<Option<u64>> {
        let Some(Reverse((record, index))) = self.next.pop() else {
            return Ok(None);
        };
        self.read_from(index)?;
        Ok(Some(record))
    }

    /// The next number.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn next_number(&mut self) -> io::Result<Option<(i64, Change)>> {
        let Some(mut record) = self.next_record()? else {
            return Ok(None);
        };
        let number = |record: u64| record >> (PLACE_BITS + 1);
        while let Some(Reverse((following, _))) = self.next.peek()
            && number(*following) == number(record)
            && let Some(later) = self.next_record()?
        {
            record = later;
        }
        let change = match record & 1 {
            0 => Change::Add,
            _ => Change::Remove,
        };
        Ok(Some((number(record).cast_signed(), change)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// As a map does it: sorted, each number once, the last line decides.
        #[test]
        fn runs_are_merged_as_if_all_had_been_in_memory(
            lines in proptest::collection::vec((0_i64..40, any::<bool>()), 0..200),
            run_length in 1_usize..50,
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let mut sorter = Sorter::with_run_length(folder.path(), run_length);
            let mut expected = BTreeMap::new();
            for (offset, is_removed) in lines {
                let change = if is_removed { Change::Remove } else { Change::Add };
                let number = PhoneNumber::from_national(2_125_550_000 + offset).expect("a number");
                sorter.push(number, change).expect("takes");
                expected.insert(number.national(), change);
            }
            let mut sorted = sorter.sorted().expect("sorts");
            let mut found = Vec::new();
            while let Some(each) = sorted.next_number().expect("reads") {
                found.push(each);
            }
            prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
            let left = std::fs::read_dir(folder.path()).expect("a folder").count();
            prop_assert_eq!(left, 0, "runs leave no file behind");
        }
    }
}
