//! What is wrong with a row, in the file's own words.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many characters of a value are repeated in a message.
const EXCERPT_CHARS: usize = 60;

/// How many issues of a file are kept word for word; the rest is only counted, so that a file in
/// which every row is wrong costs no more memory than it is worth.
pub const MAX_LISTED: usize = 10_000;

/// One thing that is wrong, or worth knowing, in one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowIssue {
    /// The physical line of the file on which the row begins, from 1.
    pub line: u32,
    /// The column's header as the file spells it.
    pub column: String,
    /// The beginning of the value, safe to show.
    pub value: String,
    /// Continues the sentence that the value begins: "is not a date: …".
    pub message: String,
}

impl RowIssue {
    pub fn new(line: u32, column: &str, value: &str, message: impl Into<String>) -> Self {
        Self {
            line,
            column: column.to_owned(),
            value: excerpt(value),
            message: message.into(),
        }
    }
}

/// `Line 12, "Balance": "12.345" has more than two decimals`
impl fmt::Display for RowIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}, \"{}\": ", self.line, self.column)?;
        if !self.value.is_empty() {
            write!(f, "\"{}\" ", self.value)?;
        }
        f.write_str(&self.message)
    }
}

/// The first characters of a value on one line, without anything that would not print.
pub fn excerpt(value: &str) -> String {
    let mut shown: String = value
        .trim()
        .chars()
        .take(EXCERPT_CHARS)
        .map(|c| if is_invisible(c) { ' ' } else { c })
        .collect();
    if value.trim().chars().nth(EXCERPT_CHARS).is_some() {
        shown.push('\u{2026}');
    }
    shown
}

/// Control characters, and the format characters that reorder or hide text.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// The issues of one file, in the order of its lines: the first [`MAX_LISTED`] in full, all of
/// them counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issues {
    listed: Vec<RowIssue>,
    total: usize,
}

impl Issues {
    pub fn push(&mut self, issue: RowIssue) {
        if self.listed.len() < MAX_LISTED {
            self.listed.push(issue);
        }
        self.total += 1;
    }

    pub fn listed(&self) -> &[RowIssue] {
        &self.listed
    }

    /// All of them, those that are not listed included.
    pub fn total(&self) -> usize {
        self.total
    }

    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Puts the issues in the order of their lines.
    pub fn sort_by_line(&mut self) {
        self.listed.sort_by_key(|issue| issue.line);
    }
}

impl Extend<RowIssue> for Issues {
    fn extend<I: IntoIterator<Item = RowIssue>>(&mut self, issues: I) {
        for issue in issues {
            self.push(issue);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_reads_as_a_sentence() {
        let issue = RowIssue::new(12, "Balance", "12.345", "has more than two decimals");
        assert_eq!(
            issue.to_string(),
            "Line 12, \"Balance\": \"12.345\" has more than two decimals"
        );
        let missing = RowIssue::new(3, "Amt", "", "is empty");
        assert_eq!(missing.to_string(), "Line 3, \"Amt\": is empty");
    }

    #[test]
    fn a_value_is_shown_short_and_harmless() {
        let issue = RowIssue::new(1, "A", &"x\u{202E}\n".repeat(1_000_000), "is long");
        assert_eq!(issue.value.chars().count(), 61);
        assert!(issue.value.ends_with('\u{2026}'));
        assert!(!issue.value.chars().any(is_invisible));
    }

    #[test]
    fn issues_beyond_the_limit_are_counted_only() {
        let mut issues = Issues::default();
        issues.extend((0..MAX_LISTED + 5).map(|_| RowIssue::new(1, "A", "", "is empty")));
        assert_eq!(
            (issues.listed().len(), issues.total()),
            (MAX_LISTED, MAX_LISTED + 5)
        );
    }
}
