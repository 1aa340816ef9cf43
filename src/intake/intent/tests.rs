//! Laws of the reader. What it makes of whole messages is measured on the corpus, in
//! `tests/intents.rs`.

use proptest::prelude::*;

use super::{Disposition, Intent, Rules};

fn read(text: &str) -> super::Reading {
    Rules::builtin().read(text)
}

#[test]
fn the_phrases_of_the_binary_can_be_read() {
    Rules::parse(&Rules::builtin_files()).unwrap();
    assert_eq!(Rules::builtin().version().len(), 64);
}

#[test]
fn a_phrase_that_names_an_unknown_set_is_refused() {
    let file = r#"{"language": "en", "reviewed_on": "2026-11-21", "sets": {}, "doubts": [],
        "harmless": [], "rules": [{"id": "x", "intent": "dispute", "phrases": ["@nothing"]}]}"#;
    let error = Rules::parse(&[("en.json", file)]).unwrap_err();
    assert_eq!(error.to_string(), "en.json: x: there is no set \"nothing\"");
}

#[test]
fn a_finding_names_the_words_and_their_place() {
    let text = "Hello. Please, STOP\u{200b} Calling me!";
    let reading = read(text);
    assert_eq!(reading.intents(), [Intent::CeaseCalls]);
    let finding = &reading.findings[0];
    assert_eq!(&text[finding.start..finding.end], finding.phrase);
    assert!(finding.phrase.starts_with("STOP"), "{finding:?}");
    assert!(finding.rule.starts_with("en.cease-calls"));
}

#[test]
fn a_phrase_does_not_reach_into_the_next_sentence() {
    assert_eq!(
        read("I had to stop. Calling a taxi now.").disposition(),
        Disposition::Continue
    );
}

#[test]
fn what_can_be_done_is_done_and_the_rest_is_for_a_person() {
    let reading = read("I dispute this debt. Send me proof.");
    assert_eq!(reading.to_do(), [Intent::Dispute]);
    assert!(reading.needs_a_person());
}

#[test]
fn a_text_too_long_is_for_a_person() {
    let reading = read(&"fine ".repeat(20_000));
    assert!(reading.cut);
    assert_eq!(reading.disposition(), Disposition::Hold);
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        for finding in read(&text).findings {
            prop_assert_eq!(text.get(finding.start..finding.end), Some(finding.phrase.as_str()));
        }
    }

    /// Case, spaces, invisible signs and kind words around it don't hide a stop.
    #[test]
    fn a_stop_is_found_however_it_is_dressed(
        upper in proptest::collection::vec(any::<bool>(), 15),
        hidden in 0_usize..15,
        before in "[a-z ]{0,20}\\. ",
        spaces in " {1,4}",
    ) {
        let plain = "stop calling me";
        let mut dressed = String::new();
        for (at, c) in plain.chars().enumerate() {
            if at == hidden {
                dressed.push('\u{200d}');
            }
            match c {
                ' ' => dressed.push_str(&spaces),
                c if upper[at] => dressed.extend(c.to_uppercase()),
                c => dressed.push(c),
            }
        }
        let text = format!("{before}{dressed}");
        prop_assert!(read(&text).to_do().contains(&Intent::CeaseCalls), "{}", text);
    }
}
