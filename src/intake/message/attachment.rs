//! What a file that came with a message is, by its own first bytes and never by what it is called.

/// The largest file that is kept, in bytes: 10 MB.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;

/// The most files of one message that are kept.
pub const MOST_FILES: usize = 10;

/// The kind by the bytes at the very start. Anything else is kept as `unknown` and never shown.
pub fn kind(bytes: &[u8]) -> &'static str {
    const SIGNS: &[(&[u8], &str)] = &[
        (b"%PDF-", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
    ];
    if let Some((_, kind)) = SIGNS.iter().find(|(sign, _)| bytes.starts_with(sign)) {
        return kind;
    }
    let looks_like_text = !bytes.contains(&0)
        && std::str::from_utf8(bytes).is_ok_and(|text| !text.trim_start().starts_with('<'));
    if looks_like_text { "text" } else { "unknown" }
}

/// A name to show: no folders, no signs that a screen or a header would obey.
pub fn shown_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base
        .chars()
        .filter(|c| !c.is_control() && !('\u{202a}'..='\u{202e}').contains(c))
        .take(120)
        .collect();
    if clean.trim().is_empty() {
        "unnamed".to_owned()
    } else {
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(kind(b"%PDF-1.7 x"), "pdf");
        // A page that hides a PDF behind its first bytes is no PDF.
        assert_eq!(kind(b"<html>%PDF-1.7"), "unknown");
        assert_eq!(kind(b"MZ\x90\0"), "unknown");
        assert_eq!(kind("Ya pagué".as_bytes()), "text");
        assert_eq!(shown_name("../../etc/\u{202e}gnp.exe"), "gnp.exe");
        assert_eq!(shown_name("a/\n"), "unnamed");
    }
}
