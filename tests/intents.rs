//! The reader of messages on the project's own corpus: `tests/intents/*.jsonl`, one labelled
//! message a line. `held_out_*` was written before the phrases and put aside while they were.
//!
//! `cargo test --test intents -- --nocapture` prints the figures of docs/BENCHMARKS.md.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and its figures are to be read"
)]

use std::fs;
use std::path::Path;

use forbear::domain::text_enum::TextEnum;
use forbear::intake::intent::{Disposition, Intent, Reading, Rules};
use forbear::intake::message::{own_words, text_of_html};
use serde::Deserialize;

/// The most that may be held of what asks for nothing, in percent of a file.
const MOST_FALSE_HOLDS: f64 = 5.0;

#[derive(Deserialize)]
struct Line {
    /// Intents; or `other` where nothing is asked for, or `hold` where a person must decide.
    want: Vec<String>,
    text: String,
}

#[derive(Default)]
struct Figures {
    lines: usize,
    /// Lines that ask for something.
    asking: usize,
    missed: Vec<String>,
    /// Every intent named was found, surely or not.
    named: usize,
    /// Lines that ask for something that is done at once, and how many were.
    doable: usize,
    done: usize,
    harmless: usize,
    false_holds: Vec<String>,
    /// Something was done that nobody asked for.
    wrong_acts: Vec<String>,
}

fn read(rules: &Rules, text: &str) -> Reading {
    let text = if text.starts_with('<') {
        text_of_html(text)
    } else {
        text.to_owned()
    };
    rules.read(&own_words(&text).text)
}

/// The phrases as they stand in the folder, so that a change of them needs no new build.
fn rules() -> Rules {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/intents");
    let text = |name| fs::read_to_string(folder.join(name)).unwrap();
    Rules::parse(&[("en.json", &text("en.json")), ("es.json", &text("es.json"))]).unwrap()
}

fn measure(rules: &Rules, file: &Path) -> Figures {
    let mut figures = Figures::default();
    for line in fs::read_to_string(file).unwrap().lines() {
        let line: Line = serde_json::from_str(line).unwrap();
        let reading = read(rules, &line.text);
        let shown = format!(
            "{:?} {:?} -> {:?}",
            line.want,
            line.text,
            reading
                .findings
                .iter()
                .map(|f| (f.intent.as_str(), f.certain, f.phrase.as_str()))
                .collect::<Vec<_>>()
        );
        figures.lines += 1;
        let wanted: Vec<Intent> = line
            .want
            .iter()
            .filter_map(|word| Intent::from_word(word))
            .collect();
        let goes_on = reading.disposition() == Disposition::Continue;
        if line.want == ["other"] {
            figures.harmless += 1;
            if !goes_on {
                figures.false_holds.push(shown.clone());
            }
        } else {
            figures.asking += 1;
            if goes_on {
                figures.missed.push(shown.clone());
            }
            let found = reading.intents();
            figures.named += usize::from(wanted.iter().all(|intent| found.contains(intent)));
        }
        let doable: Vec<Intent> = wanted
            .iter()
            .copied()
            .filter(|intent| intent.acts_by_itself())
            .collect();
        let done = reading.to_do();
        if !doable.is_empty() {
            figures.doable += 1;
            figures.done += usize::from(doable.iter().all(|intent| done.contains(intent)));
        }
        if done
            .iter()
            .any(|intent| !wanted.contains(intent) && !covered(*intent, &wanted))
        {
            figures.wrong_acts.push(shown);
        }
    }
    figures
}

/// A narrower stop within a wider one that was asked for is no mistake.
fn covered(done: Intent, wanted: &[Intent]) -> bool {
    matches!(
        done,
        Intent::CeaseCalls | Intent::CeaseEmail | Intent::Unsubscribe
    ) && wanted.contains(&Intent::CeaseAll)
        || matches!(
            (done, wanted),
            (Intent::Unsubscribe, [Intent::CeaseEmail])
                | (Intent::CeaseEmail, [Intent::Unsubscribe])
        )
}

fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

#[test]
fn the_corpus_is_read_rightly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/intents");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let rules = rules();
    let mut lines = 0;
    println!(
        "| file | lines | asking | missed | named | done at once | false holds | wrong acts |"
    );
    for file in files {
        let figures = measure(&rules, &file);
        lines += figures.lines;
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        println!(
            "| {name} | {} | {} | {} | {:.1} % | {:.1} % of {} | {} of {} ({:.1} %) | {} |",
            figures.lines,
            figures.asking,
            figures.missed.len(),
            share(figures.named, figures.asking),
            share(figures.done, figures.doable),
            figures.doable,
            figures.false_holds.len(),
            figures.harmless,
            share(figures.false_holds.len(), figures.harmless),
            figures.wrong_acts.len(),
        );
        assert_eq!(
            figures.missed, [""; 0],
            "{name}: nobody who asks is passed over"
        );
        assert_eq!(
            figures.wrong_acts, [""; 0],
            "{name}: nothing is done unasked"
        );
        assert!(
            share(figures.false_holds.len(), figures.harmless) <= MOST_FALSE_HOLDS,
            "{name}: {:#?}",
            figures.false_holds
        );
    }
    assert!(lines >= 400);
}
