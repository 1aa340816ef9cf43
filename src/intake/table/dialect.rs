//! Which character separates the cells.

use csv::{ReaderBuilder, StringRecord};

/// How many records are looked at, and how many bytes at most.
const SAMPLE_RECORDS: usize = 20;
const SAMPLE_BYTES: usize = 64 * 1024;

/// In order of preference where two fit equally well.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub delimiter: u8,
    /// Bytes in front of the table: the `sep=;` line that spreadsheets write and hide.
    pub skip: usize,
    /// The physical line on which the table begins.
    pub first_line: u32,
}

impl Dialect {
    pub fn guess(text: &str) -> Self {
        if let Some(stated) = stated_separator(text) {
            return stated;
        }
        let mut end = text.len().min(SAMPLE_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let is_cut = end < text.len();
        let best = DELIMITERS
            .into_iter()
            .map(|delimiter| (fit(&text[..end], is_cut, delimiter), delimiter))
            .rev()
            .max_by_key(|(fit, _)| *fit);
        Self {
            delimiter: best.map_or(b',', |(_, delimiter)| delimiter),
            skip: 0,
            first_line: 1,
        }
    }
}

/// `sep=;` on a line of its own, in front of everything.
fn stated_separator(text: &str) -> Option<Dialect> {
    let first = text.lines().next()?;
    let mut separator = first.strip_prefix("sep=")?.bytes();
    let delimiter = separator.next()?;
    let known = DELIMITERS.contains(&delimiter) && separator.next().is_none();
    let rest = text[first.len()..]
        .strip_prefix("\r\n")
        .or_else(|| text[first.len()..].strip_prefix('\n'))?;
    known.then_some(Dialect {
        delimiter,
        skip: text.len() - rest.len(),
        first_line: 2,
    })
}

/// How well a delimiter explains the sample: the share of records that have as many cells as the
/// first one, in thousandths, then the number of cells. A single column explains nothing.
fn fit(sample: &str, is_cut: bool, delimiter: u8) -> (usize, usize) {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(sample.as_bytes());
    let mut widths = Vec::with_capacity(SAMPLE_RECORDS);
    let mut record = StringRecord::new();
    while widths.len() < SAMPLE_RECORDS && super::read(&mut reader, &mut record) {
        widths.push(record.len());
    }
    if is_cut && widths.len() < SAMPLE_RECORDS && widths.len() > 1 {
        widths.pop();
    }
    match widths.first() {
        None | Some(1) => (0, 0),
        Some(&columns) => {
            let agreeing = widths.iter().filter(|&&width| width == columns).count();
            (agreeing * 1_000 / widths.len(), columns)
        }
    }
}

/// Whether the record that begins at `start` and reaches to the end of the text ends inside
/// quotation marks.
pub(super) fn is_never_closed(text: &str, start: u64, delimiter: u8) -> bool {
    enum At {
        CellStart,
        Plain,
        Quoted,
        QuoteInQuoted,
    }
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let record = text.as_bytes().get(start..).unwrap_or_default();
    let mut at = At::CellStart;
    for &byte in record {
        let is_quote = byte == b'"';
        let ends_cell = byte == delimiter || byte == b'\n' || byte == b'\r';
        at = match at {
            At::CellStart if is_quote => At::Quoted,
            At::Quoted if is_quote => At::QuoteInQuoted,
            At::Quoted => At::Quoted,
            At::QuoteInQuoted if is_quote => At::Quoted,
            At::CellStart | At::Plain | At::QuoteInQuoted if ends_cell => At::CellStart,
            At::CellStart | At::Plain | At::QuoteInQuoted => At::Plain,
        };
    }
    matches!(at, At::Quoted)
}
