//! Bytes to text: UTF-8, UTF-16 by its mark or its zeros, Windows-1252 when the user says so.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

use super::MAX_FILE_BYTES;

/// How the bytes of a file are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charset {
    /// UTF-8, or UTF-16 where the file begins with its byte order mark or has the zeros of it.
    #[default]
    Detect,
    /// What Excel on Windows calls "CSV (comma delimited)". Every byte means something in it, so
    /// it can't be recognised, only asked for.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// A file format that isn't text, recognised by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryKind {
    Workbook,
    OldWorkbook,
    Zip,
    Pdf,
    Gzip,
    Image,
}

/// Why bytes are not text that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    #[error("The file is empty.")]
    Empty,
    #[error(
        "The file is larger than 20 MB. Split it into parts, each with the header row, and upload them one by one."
    )]
    TooLarge,
    #[error("{}", binary_sentence(*.0))]
    Binary(BinaryKind),
    #[error(
        "The file is UTF-32 text, which is not read here. Save it as \"CSV UTF-8\" and upload that."
    )]
    Utf32,
    #[error(
        "The file is not UTF-8 text: byte {byte:#04x} at offset {offset} (line {line}) does not belong there. If it was saved by Excel on Windows, choose the encoding Windows-1252, or save it as \"CSV UTF-8\"."
    )]
    NotUtf8 {
        byte: u8,
        offset: usize,
        line: usize,
    },
    #[error(
        "The file is UTF-16 text, but that breaks off at offset {offset} (line {line}). Save it as \"CSV UTF-8\" and upload that."
    )]
    NotUtf16 { offset: usize, line: usize },
    #[error(
        "Byte {byte:#04x} at offset {offset} (line {line}) means nothing in Windows-1252. The file has another encoding: save it as \"CSV UTF-8\" and upload that."
    )]
    NotWindows1252 {
        byte: u8,
        offset: usize,
        line: usize,
    },
    #[error(
        "There is a NUL byte at offset {offset} (line {line}), so this is not a text file. Save it as \"CSV UTF-8\" and upload that."
    )]
    Nul { offset: usize, line: usize },
}

fn binary_sentence(kind: BinaryKind) -> &'static str {
    match kind {
        BinaryKind::Workbook | BinaryKind::OldWorkbook => {
            "This looks like an Excel workbook. Save it as CSV and upload that."
        }
        BinaryKind::Zip => {
            "This looks like a ZIP archive. Unpack it and upload the CSV file inside."
        }
        BinaryKind::Pdf => {
            "This looks like a PDF document. Export the list as CSV and upload that."
        }
        BinaryKind::Gzip => {
            "This looks like a compressed file. Unpack it and upload the CSV file inside."
        }
        BinaryKind::Image => "This looks like a picture. Export the list as CSV and upload that.",
    }
}

/// Recognises formats that people upload by mistake.
pub fn binary_kind(bytes: &[u8]) -> Option<BinaryKind> {
    // A workbook is a ZIP archive whose entries have fixed names, the first within some hundred bytes.
    let is_workbook = || {
        let head = &bytes[..bytes.len().min(4096)];
        [
            b"[Content_Types].xml".as_slice(),
            b"xl/",
            b"_rels/.rels",
            b"mimetypeapplication/vnd.oasis",
        ]
        .iter()
        .any(|name| head.windows(name.len()).any(|part| part == *name))
    };
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"PK\x03\x04") {
        Some(if is_workbook() {
            BinaryKind::Workbook
        } else {
            BinaryKind::Zip
        })
    } else if starts(b"PK\x05\x06") {
        Some(BinaryKind::Zip)
    } else if starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        Some(BinaryKind::OldWorkbook)
    } else if starts(b"%PDF-") {
        Some(BinaryKind::Pdf)
    } else if starts(b"\x1F\x8B") {
        Some(BinaryKind::Gzip)
    } else if starts(b"\x89PNG") || starts(b"\xFF\xD8\xFF") {
        Some(BinaryKind::Image)
    } else {
        None
    }
}

/// The text of a file, without its byte order mark. Borrowed where the bytes already are UTF-8.
pub fn decode(bytes: &[u8], charset: Charset) -> Result<Cow<'_, str>, EncodingError> {
    if bytes.is_empty() {
        return Err(EncodingError::Empty);
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(EncodingError::TooLarge);
    }
    if let Some(kind) = binary_kind(bytes) {
        return Err(EncodingError::Binary(kind));
    }
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err(EncodingError::Utf32);
    }
    // A mark is stronger than what the user chose: Windows-1252 text never begins with one.
    let text = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Cow::Borrowed(utf8(rest, 3)?)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        Cow::Owned(utf16(rest, 2, u16::from_le_bytes, UTF_16LE)?)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        Cow::Owned(utf16(rest, 2, u16::from_be_bytes, UTF_16BE)?)
    } else {
        match charset {
            Charset::Detect => match unmarked_utf16(bytes) {
                Some(Endian::Little) => Cow::Owned(utf16(bytes, 0, u16::from_le_bytes, UTF_16LE)?),
                Some(Endian::Big) => Cow::Owned(utf16(bytes, 0, u16::from_be_bytes, UTF_16BE)?),
                None => Cow::Borrowed(utf8(bytes, 0)?),
            },
            Charset::Windows1252 => windows_1252(bytes)?,
        }
    };
    if text.is_empty() {
        return Err(EncodingError::Empty);
    }
    match text.find('\0') {
        Some(offset) => Err(EncodingError::Nul {
            offset,
            line: line_at(text.as_bytes(), offset),
        }),
        None => Ok(text),
    }
}

/// `skipped` bytes stood before `bytes` in the file.
fn utf8(bytes: &[u8], skipped: usize) -> Result<&str, EncodingError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = error.valid_up_to();
        // Text of another kind that is full of NULs: naming those is the better hint.
        match bytes[..valid].iter().position(|&b| b == 0) {
            Some(nul) => EncodingError::Nul {
                offset: nul + skipped,
                line: line_at(bytes, nul),
            },
            None => EncodingError::NotUtf8 {
                byte: bytes.get(valid).copied().unwrap_or_default(),
                offset: valid + skipped,
                line: line_at(bytes, valid),
            },
        }
    })
}

/// Which byte of a pair comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endian {
    Little,
    Big,
}

/// Whether this is UTF-16 without its mark. Nearly every other byte is zero then, always on the
/// same side, for commas, digits and most letters are from the first 256 characters; no other text
/// has a zero at all.
fn unmarked_utf16(bytes: &[u8]) -> Option<Endian> {
    let head = &bytes[..bytes.len().min(4096)];
    let (mut pairs, mut first, mut second) = (0, 0, 0);
    for pair in head.chunks_exact(2) {
        pairs += 1;
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    match (first, second) {
        (0, zeros) if zeros * 4 >= pairs * 3 && zeros > 0 => Some(Endian::Little),
        (zeros, 0) if zeros * 4 >= pairs * 3 && zeros > 0 => Some(Endian::Big),
        (_, _) => None,
    }
}

/// `skipped` bytes stood before `bytes` in the file.
fn utf16(
    bytes: &[u8],
    skipped: usize,
    unit: fn([u8; 2]) -> u16,
    encoding: &'static encoding_rs::Encoding,
) -> Result<String, EncodingError> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    // It failed: walk the units once more to say where.
    let (mut offset, mut line) = (skipped, 1);
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok(c) => {
                offset += c.len_utf16() * 2;
                line += usize::from(c == '\n');
            }
            Err(_) => break,
        }
    }
    Err(EncodingError::NotUtf16 { offset, line })
}

fn windows_1252(bytes: &[u8]) -> Result<Cow<'_, str>, EncodingError> {
    // Undefined in the code page; decoders turn them into control characters.
    let undefined = |b: &u8| matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
    match bytes.iter().position(undefined) {
        Some(offset) => Err(EncodingError::NotWindows1252 {
            byte: bytes[offset],
            offset,
            line: line_at(bytes, offset),
        }),
        None => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0),
    }
}

/// The physical line, from 1, in which `offset` lies.
fn line_at(bytes: &[u8], offset: usize) -> usize {
    1 + bytes.iter().take(offset).filter(|&&b| b == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_bytes(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xFEFF)
            .chain(text.encode_utf16())
            .flat_map(bytes)
            .collect()
    }

    #[test]
    fn reads_utf8_with_and_without_a_mark() {
        assert_eq!(
            decode("naïve".as_bytes(), Charset::Detect).unwrap(),
            "naïve"
        );
        assert_eq!(
            decode(b"\xEF\xBB\xBFid,name", Charset::Detect).unwrap(),
            "id,name"
        );
    }

    #[test]
    fn reads_utf16_by_its_mark() {
        for bytes in [
            utf16_bytes("né😀", u16::to_le_bytes),
            utf16_bytes("né😀", u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes, Charset::Detect).unwrap(), "né😀");
        }
    }

    #[test]
    fn reads_windows_1252_only_when_asked() {
        let bytes = b"id,name\n1,Jos\xE9";
        assert_eq!(
            decode(bytes, Charset::Detect),
            Err(EncodingError::NotUtf8 {
                byte: 0xE9,
                offset: 13,
                line: 2
            })
        );
        assert_eq!(
            decode(bytes, Charset::Windows1252).unwrap(),
            "id,name\n1,José"
        );
        assert_eq!(
            decode(b"a\n\n\x81", Charset::Windows1252),
            Err(EncodingError::NotWindows1252 {
                byte: 0x81,
                offset: 3,
                line: 3
            })
        );
    }

    #[test]
    fn a_mark_is_counted_in_the_offset() {
        assert_eq!(
            decode(b"\xEF\xBB\xBFa\n\xFF", Charset::Detect),
            Err(EncodingError::NotUtf8 {
                byte: 0xFF,
                offset: 5,
                line: 2
            })
        );
    }

    #[test]
    fn broken_utf16_says_where() {
        let mut odd = utf16_bytes("ab", u16::to_le_bytes);
        odd.push(b'c');
        assert_eq!(
            decode(&odd, Charset::Detect),
            Err(EncodingError::NotUtf16 { offset: 6, line: 1 })
        );
        let lone_surrogate = b"\xFF\xFEa\0\n\0\x00\xD8b\0";
        assert_eq!(
            decode(lone_surrogate, Charset::Detect),
            Err(EncodingError::NotUtf16 { offset: 6, line: 2 })
        );
    }

    #[test]
    fn binary_files_get_a_plain_sentence() {
        let mut workbook = b"PK\x03\x04\x14\0\0\0".to_vec();
        workbook.extend_from_slice(b"................[Content_Types].xml");
        assert_eq!(
            decode(&workbook, Charset::Detect).unwrap_err().to_string(),
            "This looks like an Excel workbook. Save it as CSV and upload that."
        );
        for (bytes, kind) in [
            (b"PK\x03\x04 letters.txt".as_slice(), BinaryKind::Zip),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", BinaryKind::OldWorkbook),
            (b"%PDF-1.7\n", BinaryKind::Pdf),
            (b"\x1F\x8B\x08", BinaryKind::Gzip),
            (b"\x89PNG\r\n", BinaryKind::Image),
        ] {
            for charset in [Charset::Detect, Charset::Windows1252] {
                assert_eq!(decode(bytes, charset), Err(EncodingError::Binary(kind)));
            }
        }
    }

    #[test]
    fn nul_bytes_are_refused_with_their_place() {
        assert_eq!(
            decode(b"a\nb\0", Charset::Detect),
            Err(EncodingError::Nul { offset: 3, line: 2 })
        );
        assert_eq!(
            decode(b"a\0\0\xE9", Charset::Detect),
            Err(EncodingError::Nul { offset: 1, line: 1 })
        );
    }

    #[test]
    fn utf16_without_its_mark_is_told_by_its_zeros() {
        let text = "Invoice,Name\n1,Jos\u{e9} \u{141}ukasz\n";
        for bytes in [
            utf16_bytes(text, u16::to_le_bytes),
            utf16_bytes(text, u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes[2..], Charset::Detect).unwrap(), text);
        }
        // Broken off in the middle of a character.
        let cut = &utf16_bytes("abcd", u16::to_le_bytes)[2..9];
        assert_eq!(
            decode(cut, Charset::Detect),
            Err(EncodingError::NotUtf16 { offset: 6, line: 1 })
        );
        // Text in which one NUL slipped is not.
        let slipped = decode(b"ab,cd\0", Charset::Detect);
        assert_eq!(slipped, Err(EncodingError::Nul { offset: 5, line: 1 }));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(decode(b"", Charset::Detect), Err(EncodingError::Empty));
        assert_eq!(
            decode(b"\xEF\xBB\xBF", Charset::Detect),
            Err(EncodingError::Empty)
        );
        let large = vec![b'a'; MAX_FILE_BYTES + 1];
        assert_eq!(
            decode(&large, Charset::Detect),
            Err(EncodingError::TooLarge)
        );
    }
}
