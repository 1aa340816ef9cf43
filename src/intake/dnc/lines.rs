//! Lines of a stream, none longer than a limit.

use std::io::{self, BufRead};

/// No line of a do-not-call file is longer than this, in bytes.
pub(super) const MOST_BYTES: usize = 1024;

/// One line without its end.
pub(super) struct Line<'a> {
    /// From 1.
    pub number: u32,
    pub bytes: &'a [u8],
    /// Whether the line was longer than the limit and only its beginning is here.
    pub is_cut: bool,
}

/// Reads lines into one buffer of fixed size; what exceeds it is passed over, not kept.
pub(super) struct BoundedLines<R> {
    source: R,
    buffer: Vec<u8>,
    number: u32,
    bytes_read: u64,
}

impl<R: BufRead> BoundedLines<R> {
    pub fn new(source: R) -> Self {
        Self {
            source,
            buffer: Vec::with_capacity(MOST_BYTES),
            number: 0,
            bytes_read: 0,
        }
    }

    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The next line, ended by LF or CRLF or the end of the stream.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let mut is_cut = false;
        let mut is_anything = false;
        loop {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                break;
            }
            is_anything = true;
            let end = chunk.iter().position(|&b| b == b'\n');
            let content = &chunk[..end.unwrap_or(chunk.len())];
            let room = MOST_BYTES - self.buffer.len();
            is_cut |= content.len() > room;
            self.buffer
                .extend_from_slice(&content[..content.len().min(room)]);
            let consumed = content.len() + usize::from(end.is_some());
            self.source.consume(consumed);
            self.bytes_read += consumed as u64;
            if end.is_some() {
                break;
            }
        }
        if !is_anything {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        let mut bytes = self.buffer.as_slice();
        if self.number == 1 {
            bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        }
        Ok(Some(Line {
            number: self.number,
            bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes),
            is_cut,
        }))
    }
}
