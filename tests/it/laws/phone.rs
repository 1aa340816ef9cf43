//! Telephone numbers: every usual spelling of a number is that number, and nothing else is one.

use forbear::domain::phone::PhoneNumber;
use proptest::prelude::*;

use super::config;

fn number() -> impl Strategy<Value = PhoneNumber> {
    (200..=999_i64, 200..=999_i64, 0..=9_999_i64).prop_filter_map(
        "a service code",
        |(area, exchange, line)| {
            PhoneNumber::from_national(area * 10_000_000 + exchange * 10_000 + line).ok()
        },
    )
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn every_spelling_of_a_number_is_that_number(number in number(), extension in 1..9_999_u32) {
        let digits = number.national().to_string();
        let (area, exchange, line) = (&digits[..3], &digits[3..6], &digits[6..]);
        for text in [
            number.to_string(),
            number.display_national(),
            digits.clone(),
            format!("1{digits}"),
            format!("+1 {area} {exchange} {line}"),
            format!("1-{area}-{exchange}-{line}"),
            format!("{area}.{exchange}.{line}"),
            format!(" ({area}) {exchange}-{line} x{extension} "),
            format!("{area}/{exchange}-{line} ext. {extension}"),
        ] {
            prop_assert_eq!(text.parse::<PhoneNumber>(), Ok(number), "{}", text);
        }
    }

    #[test]
    fn what_is_taken_for_a_number_has_its_digits_and_no_others(text in "\\+?1?[0-9() .x#-]{0,16}") {
        if let Ok(number) = text.parse::<PhoneNumber>() {
            let before_extension: String = text
                .chars()
                .take_while(|c| *c != 'x' && *c != '#')
                .filter(char::is_ascii_digit)
                .collect();
            prop_assert!(before_extension.ends_with(&number.national().to_string()), "{}", text);
            prop_assert!((10..=11).contains(&before_extension.len()), "{}", text);
        }
    }

    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,40}") {
        if let Ok(number) = text.parse::<PhoneNumber>() {
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }
    }

    #[test]
    fn a_number_has_ten_digits_and_no_service_code(digits in any::<i64>()) {
        if let Ok(number) = PhoneNumber::from_national(digits) {
            let text = number.national().to_string();
            prop_assert_eq!(text.len(), 10);
            for part in [&text[..3], &text[3..6]] {
                prop_assert!(!part.starts_with(['0', '1']) && !part.ends_with("11"), "{}", text);
            }
        }
    }
}
