//! CSV out: result files, exports, templates. No cell of ours runs in anybody's spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

/// Whether a spreadsheet would take a cell that begins with `c` for a formula (OWASP, CSV
/// injection).
pub fn runs_as_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\0')
}

/// The cell with an apostrophe in front where a spreadsheet would run it. Reading the file back
/// here takes the apostrophe off again.
pub fn neutralised(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(runs_as_formula) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Writes rows as RFC 4180: comma, CRLF, quotes where they are needed, UTF-8 with the mark
/// without which Excel reads it as Windows-1252.
pub struct CsvWriter<W: Write> {
    inner: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"\xEF\xBB\xBF")?;
        Ok(Self {
            inner: csv::WriterBuilder::new()
                .flexible(true)
                .terminator(csv::Terminator::CRLF)
                .from_writer(out),
        })
    }

    pub fn row<I, C>(&mut self, cells: I) -> io::Result<()>
    where
        I: IntoIterator<Item = C>,
        C: AsRef<str>,
    {
        for cell in cells {
            self.inner
                .write_field(neutralised(cell.as_ref()).as_bytes())
                .map_err(io::Error::from)?;
        }
        self.inner
            .write_record(None::<&[u8]>)
            .map_err(io::Error::from)
    }

    /// Flushes and gives back what was written to.
    pub fn finish(self) -> io::Result<W> {
        self.inner.into_inner().map_err(|error| error.into_error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::cell::line_of_text;
    use crate::intake::encoding::Charset;

    fn written(rows: &[&[&str]]) -> Vec<u8> {
        let mut writer = CsvWriter::new(Vec::new()).unwrap();
        for row in rows {
            writer.row(*row).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn cells_that_would_run_are_neutralised() {
        for cell in [
            "=cmd|' /C calc'!A0",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\0=1",
        ] {
            assert_eq!(neutralised(cell), format!("'{cell}"));
        }
        for cell in ["", "Ada", "1-2", "a=b", " =1", "'quoted'"] {
            assert_eq!(neutralised(cell), cell);
        }
    }

    #[test]
    fn quotes_commas_and_line_ends_are_written_so_that_they_read_back() {
        let rows: [&[&str]; 3] = [
            &["name", "note"],
            &["O\"Neil, Jo", "two\r\nlines"],
            &["=1+1", "+12125550142"],
        ];
        let bytes = written(&rows);
        assert!(bytes.starts_with(b"\xEF\xBB\xBFname,note\r\n\"O\"\"Neil, Jo\""));
        let table = crate::intake::open(&bytes, Charset::Detect).unwrap();
        let read: Vec<Vec<&str>> = table.rows().map(|row| row.cells().collect()).collect();
        assert_eq!(read[0], ["O\"Neil, Jo", "two\r\nlines"]);
        assert_eq!(read[1], ["'=1+1", "'+12125550142"]);
        assert_eq!(line_of_text(read[1][0]), "=1+1");
    }
}
