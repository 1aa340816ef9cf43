//! The national registry's XML: `<list type='full'><ac val='212'><ph val='5550142'/>…`.
//!
//! Such a file is one long line and gigabytes in size, so tags are read one by one and nothing
//! else is kept. It is no XML parser: of the whole language it knows tags and their attributes.

use std::io::{self, BufRead};

use super::{Change, DncEntry, DncLine};
use crate::domain::phone::PhoneNumber;
use crate::intake::issue::RowIssue;

/// No tag of such a file is longer, in bytes.
const MOST_BYTES: usize = 1024;

pub(super) struct XmlTags<R> {
    source: R,
    line: u32,
    area: Option<i64>,
    is_change_list: bool,
    tag: Vec<u8>,
    bytes_read: u64,
}

impl<R: BufRead> XmlTags<R> {
    /// Reads as far as the `list` tag. `None` where the file has none.
    pub fn new(source: R) -> io::Result<Option<Self>> {
        let mut tags = Self {
            source,
            line: 1,
            area: None,
            is_change_list: false,
            tag: Vec::with_capacity(MOST_BYTES),
            bytes_read: 0,
        };
        while tags.read_tag()? {
            if name(&tags.tag) == b"list" {
                tags.is_change_list = attribute(&tags.tag, b"type")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case(b"change"));
                return Ok(Some(tags));
            }
        }
        Ok(None)
    }

    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    pub fn is_change_list(&self) -> bool {
        self.is_change_list
    }

    /// The next number.
    pub fn next(&mut self) -> io::Result<Option<DncLine>> {
        while self.read_tag()? {
            match name(&self.tag) {
                b"ac" => self.area = attribute(&self.tag, b"val").and_then(digits::<3>),
                b"ph" => return Ok(Some(self.number())),
                _ => {}
            }
        }
        Ok(None)
    }

    fn number(&self) -> DncLine {
        let local = attribute(&self.tag, b"val").and_then(digits::<7>);
        let number = match (self.area, local) {
            (Some(area), Some(local)) => PhoneNumber::from_national(area * 10_000_000 + local).ok(),
            (None, _) | (_, None) => None,
        };
        let change = [b"type".as_slice(), b"change", b"action", b"status"]
            .into_iter()
            .find_map(|key| attribute(&self.tag, key))
            .and_then(super::change_word);
        let issue = |message: &str| {
            let tag = String::from_utf8_lossy(&self.tag);
            DncLine::Invalid(RowIssue::new(self.line, "ph", &tag, message))
        };
        match (number, change) {
            (None, _) => issue("is not a US phone number"),
            (Some(_), None) if self.is_change_list => {
                issue("doesn't say whether the number is added or deleted")
            }
            (Some(number), change) => DncLine::Entry(DncEntry {
                line: self.line,
                number,
                change: change.unwrap_or(Change::Add),
                source: None,
                added_on: None,
                expires_on: None,
            }),
        }
    }

    /// Reads what stands between the next `<` and its `>`. False at the end of the file; a file
    /// that ends inside a tag is cut short, which is an error.
    fn read_tag(&mut self) -> io::Result<bool> {
        if !self.skip_to(b'<')? {
            return Ok(false);
        }
        self.tag.clear();
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the file ends in the middle of a tag",
                ));
            }
            let end = chunk.iter().position(|&b| b == b'>');
            let content = &chunk[..end.unwrap_or(chunk.len())];
            let room = MOST_BYTES.saturating_sub(self.tag.len());
            self.tag
                .extend_from_slice(&content[..content.len().min(room)]);
            let consumed = content.len() + usize::from(end.is_some());
            self.source.consume(consumed);
            self.bytes_read += consumed as u64;
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    fn skip_to(&mut self, wanted: u8) -> io::Result<bool> {
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let found = chunk.iter().position(|&b| b == wanted);
            let passed = &chunk[..found.unwrap_or(chunk.len())];
            let lines = passed.iter().filter(|&&b| b == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(0));
            let consumed = passed.len() + usize::from(found.is_some());
            self.source.consume(consumed);
            self.bytes_read += consumed as u64;
            if found.is_some() {
                return Ok(true);
            }
        }
    }
}

/// The name of a tag; a closing tag has none of ours.
fn name(tag: &[u8]) -> &[u8] {
    let end = tag
        .iter()
        .position(|b| b.is_ascii_whitespace() || *b == b'/')
        .unwrap_or(tag.len());
    &tag[..end]
}

/// The value of an attribute, in either quotes.
fn attribute<'a>(tag: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut rest = &tag[name(tag).len()..];
    loop {
        let equals = rest.iter().position(|&b| b == b'=')?;
        let found = rest[..equals].trim_ascii();
        let value = rest[equals + 1..].trim_ascii_start();
        let (&quote, value) = value
            .split_first()
            .filter(|(q, _)| matches!(q, b'\'' | b'"'))?;
        let end = value.iter().position(|&b| b == quote)?;
        if found.eq_ignore_ascii_case(key) {
            return Some(&value[..end]);
        }
        rest = &value[end + 1..];
    }
}

fn digits<const COUNT: usize>(text: &[u8]) -> Option<i64> {
    if text.len() != COUNT || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}
