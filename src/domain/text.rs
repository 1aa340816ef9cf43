//! Text brought to one form, so that it can be compared.

/// Lower case, one space between words: the form under which names, invoice numbers and a
/// creditor's own numbers are the same.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn case_and_spaces_make_no_difference() {
        assert_eq!(folded("  INV \t 0012 "), folded("inv 0012"));
        assert_ne!(folded("INV-12"), folded("INV 12"));
    }
}
