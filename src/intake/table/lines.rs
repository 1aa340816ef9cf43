//! Physical lines: what an editor shows beside the text, quoted line breaks and blank lines included.

/// Counts line ends (LF, CRLF, CR) up to ever later offsets.
pub(super) struct LineCounter<'t> {
    bytes: &'t [u8],
    offset: usize,
    line: u32,
}

impl<'t> LineCounter<'t> {
    pub fn new(bytes: &'t [u8], first_line: u32) -> Self {
        Self {
            bytes,
            offset: 0,
            line: first_line,
        }
    }

    /// The line of the first byte of a record, given an offset at it or at blank lines before it.
    pub fn line_of_record_at(&mut self, offset: u64) -> u32 {
        let wanted = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(self.bytes.len());
        while self.offset < wanted || self.is_at_line_end() {
            let byte = self.bytes[self.offset];
            let is_first_of_crlf = byte == b'\r' && self.bytes.get(self.offset + 1) == Some(&b'\n');
            if byte == b'\n' || (byte == b'\r' && !is_first_of_crlf) {
                self.line = self.line.saturating_add(1);
            }
            self.offset += 1;
        }
        self.line
    }

    fn is_at_line_end(&self) -> bool {
        matches!(self.bytes.get(self.offset), Some(b'\n' | b'\r'))
    }
}
