//! Filters for the templates. Built-in filters win on a clash of names, so these are our own words.

use std::fmt::Display;

/// `1 row`, `2 rows`: the count with thousands commas and the word that fits it.
#[askama::filter_fn]
pub fn counted<T: Display>(
    count: T,
    _: &dyn askama::Values,
    one: &str,
    many: &str,
) -> askama::Result<String> {
    let digits = count.to_string();
    let word = if digits == "1" { one } else { many };
    Ok(format!("{} {word}", with_commas(&digits)))
}

/// `12,480`.
#[askama::filter_fn]
pub fn grouped<T: Display>(count: T, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(with_commas(&count.to_string()))
}

/// Digits in groups of three.
pub fn with_commas(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::super::filters;

    #[derive(Template)]
    #[template(
        source = r#"{{ rows|counted("row", "rows") }} of {{ all|grouped }}"#,
        ext = "txt"
    )]
    struct Sentence {
        rows: u32,
        all: u64,
    }

    #[test]
    fn a_count_takes_the_word_that_fits_it() {
        let one = Sentence { rows: 1, all: 999 };
        assert_eq!(one.render().unwrap(), "1 row of 999");
        let many = Sentence {
            rows: 12_480,
            all: 1_000_000,
        };
        assert_eq!(many.render().unwrap(), "12,480 rows of 1,000,000");
    }
}
