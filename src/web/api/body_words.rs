//! What the reader of a body says of a member that doesn't fit, in words that need no knowledge of
//! how it is read.

/// The member that is missing, where the reader's message says that one is.
pub fn missing(message: &str) -> Option<&str> {
    quoted(message.strip_prefix("missing field ")?)
}

/// The message as a sentence.
pub fn plain(message: &str) -> String {
    if missing(message).is_some() {
        return "This is missing.".to_owned();
    }
    if message.starts_with("unknown field") {
        return match expected(message) {
            Some(known) if known.contains('`') => {
                format!(
                    "There is nothing of this name here. Known are {}.",
                    words(known)
                )
            }
            _ => "There is nothing of this name here.".to_owned(),
        };
    }
    if message.starts_with("unknown variant") {
        return match expected(message) {
            Some(known) => format!("Use one of {}.", words(known)),
            None => "This word isn\u{2019}t known here.".to_owned(),
        };
    }
    if message.starts_with("duplicate field") {
        return "This is there twice.".to_owned();
    }
    if message.starts_with("invalid type") || message.starts_with("invalid value") {
        return kind(expected(message).unwrap_or_default());
    }
    if DATES.contains(&message) {
        return "Use a date such as 2026-05-13.".to_owned();
    }
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}

/// What the reader of dates says when a text is none.
const DATES: [&str; 6] = [
    "premature end of input",
    "input contains invalid characters",
    "input is out of range",
    "input is not enough for unique date and time",
    "no possible date and time matching input",
    "trailing input",
];

/// What would have fitted, by the reader's word for it.
fn kind(expected: &str) -> String {
    let is_whole = expected.starts_with(['i', 'u'])
        && expected.len() <= 5
        && expected[1..]
            .chars()
            .all(|it| it.is_ascii_digit() || "size".contains(it));
    let text = match expected {
        _ if is_whole => "Use a whole number that is not too large.",
        "f32" | "f64" => "Use a number.",
        "a boolean" => "Use true or false.",
        "a sequence" => "Use a list.",
        "a map" => "Use an object.",
        _ if expected.starts_with("struct ") => "Use an object.",
        _ if expected.contains("string") => "Use text.",
        _ => "This is of another kind than is expected here.",
    };
    text.to_owned()
}

fn expected(message: &str) -> Option<&str> {
    let (_, after) = message.rsplit_once("expected ")?;
    Some(after.strip_prefix("one of ").unwrap_or(after))
}

/// The first word between back ticks.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('`')?.split('`').next()
}

/// Words between back ticks as a list.
fn words(text: &str) -> String {
    text.split('`')
        .skip(1)
        .step_by(2)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_reader_says_is_told_in_plain_words() {
        for (message, told) in [
            ("missing field `amount`", "This is missing."),
            (
                "unknown field `amuont`, expected one of `amount`, `note`",
                "There is nothing of this name here. Known are amount, note.",
            ),
            (
                "unknown field `x`, there are no fields",
                "There is nothing of this name here.",
            ),
            (
                "unknown variant `telegram`, expected `call` or `email`",
                "Use one of call, email.",
            ),
            (
                "invalid type: string \"x\", expected a boolean",
                "Use true or false.",
            ),
            (
                "invalid type: string \"x\", expected i64",
                "Use a whole number that is not too large.",
            ),
            (
                "invalid value: integer `300`, expected u8",
                "Use a whole number that is not too large.",
            ),
            ("invalid type: integer `5`, expected a string", "Use text."),
            (
                "invalid type: sequence, expected struct Outer",
                "Use an object.",
            ),
            (
                "invalid type: map, expected something else",
                "This is of another kind than is expected here.",
            ),
            ("premature end of input", "Use a date such as 2026-05-13."),
            ("more than two decimals", "More than two decimals."),
            ("", ""),
        ] {
            assert_eq!(plain(message), told, "{message}");
        }
        assert_eq!(missing("missing field `amount`"), Some("amount"));
        assert_eq!(missing("unknown field `amount`"), None);
    }
}
