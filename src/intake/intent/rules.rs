//! The phrases as data, and how they are laid against a text.

use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::phrase::{Phrase, Sets};
use super::tokens::{Token, tokens};
use super::{Finding, Intent, MOST_BYTES, Reading};
use crate::domain::hash::sha256_hex;

const ENGLISH: &str = include_str!("../../../config/intents/en.json");
const SPANISH: &str = include_str!("../../../config/intents/es.json");

/// Counts up whenever the reader in code reads the same phrases differently.
const READER_REVISION: u32 = 1;

/// All phrases of all languages. Each text is read by all of them: people mix languages.
#[derive(Debug)]
pub struct Rules {
    version: String,
    rules: Vec<Rule>,
    harmless: Vec<Harmless>,
    doubts: Vec<Phrase>,
}

#[derive(Debug)]
struct Rule {
    id: String,
    intent: Intent,
    certain: bool,
    /// Findings of these intents that share a word with one of this rule are not what was meant.
    over: Vec<Intent>,
    phrases: Vec<Phrase>,
}

/// Words that sound like a request and are none.
#[derive(Debug)]
struct Harmless {
    /// Only findings of these intents are void; all of them if empty.
    of: Vec<Intent>,
    phrases: Vec<Phrase>,
}

/// Why the phrases can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    #[error("{file}: {why}")]
    Json { file: String, why: String },
    #[error("{file}: {rule}: {why}")]
    Phrase {
        file: String,
        rule: String,
        why: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    #[serde(rename = "reviewed_on")]
    _reviewed_on: String,
    sets: Sets,
    doubts: Vec<String>,
    harmless: Vec<HarmlessEntry>,
    rules: Vec<RuleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HarmlessEntry {
    #[serde(default)]
    of: Vec<Intent>,
    phrases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: String,
    intent: Intent,
    #[serde(default = "yes")]
    certain: bool,
    #[serde(default)]
    over: Vec<Intent>,
    phrases: Vec<String>,
}

const fn yes() -> bool {
    true
}

impl Rules {
    /// The phrases of the binary. Were they unreadable, every text would be one for a person; a
    /// test reads them.
    pub fn builtin() -> Arc<Self> {
        static BUILTIN: LazyLock<Arc<Rules>> = LazyLock::new(|| {
            Arc::new(
                Rules::parse(&[("en.json", ENGLISH), ("es.json", SPANISH)])
                    .unwrap_or_else(|_| Rules::unreadable()),
            )
        });
        Arc::clone(&BUILTIN)
    }

    /// The files of the binary, by name.
    pub const fn builtin_files() -> [(&'static str, &'static str); 2] {
        [("en.json", ENGLISH), ("es.json", SPANISH)]
    }

    /// # Errors
    /// When a file is no JSON of the known form, or a phrase names a set that there isn't.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, RulesError> {
        let mut all = Self {
            version: version_of(files),
            rules: Vec::new(),
            harmless: Vec::new(),
            doubts: Vec::new(),
        };
        for (name, text) in files {
            let file: File = serde_json::from_str(text).map_err(|error| RulesError::Json {
                file: (*name).to_owned(),
                why: error.to_string(),
            })?;
            all.add(name, file)?;
        }
        Ok(all)
    }

    fn add(&mut self, name: &str, file: File) -> Result<(), RulesError> {
        let sets = &file.sets;
        let phrases = |rule: &str, texts: &[String]| {
            texts
                .iter()
                .map(|text| Phrase::parse(text, sets))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|why| RulesError::Phrase {
                    file: name.to_owned(),
                    rule: rule.to_owned(),
                    why,
                })
        };
        self.doubts.extend(phrases("doubts", &file.doubts)?);
        for entry in &file.harmless {
            self.harmless.push(Harmless {
                of: entry.of.clone(),
                phrases: phrases("harmless", &entry.phrases)?,
            });
        }
        for entry in file.rules {
            self.rules.push(Rule {
                phrases: phrases(&entry.id, &entry.phrases)?,
                id: format!("{}.{}", file.language, entry.id),
                intent: entry.intent,
                certain: entry.certain,
                over: entry.over,
            });
        }
        Ok(())
    }

    /// No phrase at all, and a reading that nobody may act on.
    fn unreadable() -> Self {
        Self {
            version: String::new(),
            rules: Vec::new(),
            harmless: Vec::new(),
            doubts: Vec::new(),
        }
    }

    /// SHA-256 over the files and the reader's revision, 64 hexadecimal digits.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What `text` says. Hand in the person's own words, without quoted history and signature.
    pub fn read(&self, text: &str) -> Reading {
        let mut most = text.len().min(MOST_BYTES);
        while !text.is_char_boundary(most) {
            most -= 1;
        }
        let tokens = tokens(&text[..most]);
        let mut found = self.matches(&tokens);
        let harmless = self.harmless(&tokens);
        found.retain(|found| {
            !harmless.iter().any(|(of, span)| {
                (of.is_empty() || of.contains(&found.rule.intent)) && span.touches(found.span)
            })
        });
        let doubts = self.doubts(&tokens);
        let findings = found
            .iter()
            .filter(|each| !found.iter().any(|other| other.is_over(each)))
            .map(|each| {
                let in_doubt = doubts
                    .iter()
                    .any(|doubt| doubt.stands_before(each.span, &tokens));
                let (start, end) = each.span.bytes(&tokens);
                Finding {
                    intent: each.rule.intent,
                    certain: each.rule.certain && !in_doubt,
                    rule: each.rule.id.clone(),
                    phrase: text.get(start..end).unwrap_or_default().to_owned(),
                    start,
                    end,
                }
            })
            .collect();
        Reading {
            rules: self.version.clone(),
            findings: without_repetitions(findings),
            cut: most < text.len() || self.version.is_empty(),
        }
    }

    fn matches(&self, tokens: &[Token]) -> Vec<Match<'_>> {
        let mut found = Vec::new();
        for rule in &self.rules {
            for span in spans(&rule.phrases, tokens) {
                found.push(Match { rule, span });
            }
        }
        found.sort_by_key(|found| (found.span.from, found.rule.intent));
        found
    }

    fn harmless(&self, tokens: &[Token]) -> Vec<(&[Intent], Span)> {
        let of_each = |harmless: &'_ Harmless| spans(&harmless.phrases, tokens);
        self.harmless
            .iter()
            .flat_map(|harmless| {
                of_each(harmless)
                    .into_iter()
                    .map(|span| (harmless.of.as_slice(), span))
            })
            .collect()
    }

    fn doubts(&self, tokens: &[Token]) -> Vec<Span> {
        spans(&self.doubts, tokens)
    }
}

/// A rule's phrase at a place.
#[derive(Clone, Copy)]
struct Match<'a> {
    rule: &'a Rule,
    span: Span,
}

impl Match<'_> {
    fn is_over(&self, other: &Match<'_>) -> bool {
        self.rule.over.contains(&other.rule.intent) && self.span.touches(other.span)
    }
}

/// Words from one place to before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: usize,
    to: usize,
}

impl Span {
    const fn touches(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// In the same sentence, and not behind it.
    fn stands_before(self, other: Self, tokens: &[Token]) -> bool {
        let sentence = |at: usize| tokens.get(at).map(|token| token.sentence);
        self.from <= other.from && sentence(self.from) == sentence(other.from)
    }

    fn bytes(self, tokens: &[Token]) -> (usize, usize) {
        let first = tokens.get(self.from).map_or(0, |token| token.start);
        let last = self
            .to
            .checked_sub(1)
            .and_then(|at| tokens.get(at))
            .map_or(first, |token| token.end);
        (first, last)
    }
}

/// Every place where one of the phrases begins, with its end.
fn spans(phrases: &[Phrase], tokens: &[Token]) -> Vec<Span> {
    let mut spans = Vec::new();
    for from in 0..tokens.len() {
        let to = phrases
            .iter()
            .filter_map(|phrase| phrase.end_at(tokens, from))
            .max();
        if let Some(to) = to {
            spans.push(Span { from, to });
        }
    }
    spans
}

/// Of the findings that say the same about the same words only the longest, certain ones first.
fn without_repetitions(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let twin = kept.iter_mut().find(|other| {
            other.intent == finding.intent && other.start < finding.end && finding.start < other.end
        });
        let Some(twin) = twin else {
            kept.push(finding);
            continue;
        };
        let rank = |each: &Finding| (each.certain, each.end - each.start);
        if rank(&finding) > rank(twin) {
            *twin = finding;
        }
    }
    kept
}

fn version_of(files: &[(&str, &str)]) -> String {
    let mut all = format!("reader {READER_REVISION}\n");
    for (name, text) in files {
        all.push_str(&format!("{name} {}\n", sha256_hex(text.as_bytes())));
    }
    sha256_hex(all.as_bytes())
}
