//! The cells of one line.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::lines::MOST_BYTES;

/// More cells than any list has; a line with more is not split.
const MOST_CELLS: usize = 64;

/// Splits lines into buffers of fixed size. Building one costs as much as thousands of lines, so
/// it is kept for the whole file.
pub(super) struct Splitter {
    reader: Reader,
    text: [u8; MOST_BYTES],
    ends: [usize; MOST_CELLS],
    cells: usize,
}

impl Splitter {
    pub fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            text: [0; MOST_BYTES],
            ends: [0; MOST_CELLS],
            cells: 0,
        }
    }

    /// Splits `line`, of at most [`MOST_BYTES`]. `false` where it has too many cells.
    pub fn split(&mut self, line: &str) -> bool {
        self.reader.reset();
        self.cells = 0;
        let mut input = line.as_bytes();
        let mut written = 0;
        loop {
            let text = &mut self.text[written..];
            let ends = &mut self.ends[self.cells..];
            let (result, _, wrote, ended) = self.reader.read_record(input, text, ends);
            written += wrote;
            self.cells += ended;
            match result {
                // All of the line is read; an empty input says that nothing follows.
                ReadRecordResult::InputEmpty => input = &[],
                ReadRecordResult::Record | ReadRecordResult::End => return true,
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => return false,
            }
        }
    }

    /// The cell of a column; empty beyond the last one.
    pub fn cell(&self, column: usize) -> &str {
        if column >= self.cells {
            return "";
        }
        let start = match column {
            0 => 0,
            _ => self.ends[column - 1],
        };
        self.text
            .get(start..self.ends[column])
            .and_then(|cell| std::str::from_utf8(cell).ok())
            .unwrap_or_default()
    }

    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.cells).map(|column| self.cell(column))
    }
}
