//! Debtors write card numbers into mail. They are covered before anything is kept.

/// The text with every card number covered but for its last four digits.
pub fn without_card_numbers(text: &str) -> String {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some((start, c)) = chars.get(at).copied() {
        let begins_word = at == 0
            || chars
                .get(at - 1)
                .is_none_or(|(_, before)| !before.is_ascii_alphanumeric());
        if c.is_ascii_digit()
            && begins_word
            && let Some((length, digits)) = card_at(&chars[at..])
        {
            let last: String = digits.iter().rev().take(4).rev().collect();
            out.push_str("[card number ending in ");
            out.push_str(&last);
            out.push(']');
            at += length;
            continue;
        }
        out.push_str(text.get(start..start + c.len_utf8()).unwrap_or_default());
        at += 1;
    }
    out
}

/// A run of 13 to 19 digits, single spaces and dashes between them, that checks as a card number
/// does: how long it is, and its digits.
fn card_at(chars: &[(usize, char)]) -> Option<(usize, Vec<char>)> {
    let mut digits = Vec::new();
    let mut length = 0;
    let mut found = None;
    for (at, (_, c)) in chars.iter().enumerate() {
        if c.is_ascii_digit() {
            digits.push(*c);
            length = at + 1;
            let ends = chars
                .get(length)
                .is_none_or(|(_, next)| !next.is_ascii_alphanumeric());
            if (13..=19).contains(&digits.len()) && ends && checks(&digits) {
                found = Some((length, digits.clone()));
            }
            if digits.len() > 19 {
                break;
            }
        } else if !matches!(c, ' ' | '-') || at > length {
            break;
        }
    }
    found
}

/// ISO/IEC 7812-1, annex B.
fn checks(digits: &[char]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::without_card_numbers;

    #[test]
    fn card_numbers_are_covered_and_other_numbers_are_not() {
        for written in [
            "4242424242424242",
            "4242 4242 4242 4242",
            "4242-4242-4242-4242",
        ] {
            assert_eq!(
                without_card_numbers(&format!("Use {written}, please.")),
                "Use [card number ending in 4242], please."
            );
        }
        for text in [
            "Invoice 4711 of 2026-05-13 over 1,250.00",
            "4242424242424241",
            "Call 518-555-0142 or 518-555-0143",
            "INV4242424242424242",
            "",
            "\u{e9}\u{1f600}",
        ] {
            assert_eq!(without_card_numbers(text), text);
        }
    }
}
