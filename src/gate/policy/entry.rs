//! A value with its source and the days on which it applies.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How sure the research behind an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Given by the product's seed documents.
    Seed,
    /// Read in a stored copy or page, named in `source`.
    TextFound,
    /// The statute is named from general knowledge; its text was not opened.
    WellKnown,
    /// Not verified.
    Unsure,
}

/// One value, from its first to its last day.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry<T> {
    pub value: T,
    pub citation: String,
    /// Absent: since ever.
    #[serde(default)]
    pub effective_from: Option<NaiveDate>,
    /// The last day. Absent: no end known.
    #[serde(default)]
    pub effective_until: Option<NaiveDate>,
    pub confidence: Confidence,
    #[serde(default)]
    pub source: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
    #[serde(default)]
    pub reviewed_by: Option<String>,
    #[serde(default)]
    pub reviewed_at: Option<NaiveDate>,
    #[serde(default)]
    pub counsel_reviewed_at: Option<NaiveDate>,
    #[serde(default = "on")]
    pub enabled: bool,
    /// Not among the product's seed documents.
    #[serde(default)]
    pub beyond_seed: bool,
}

const fn on() -> bool {
    true
}

impl<T> Entry<T> {
    pub fn applies_on(&self, date: NaiveDate) -> bool {
        self.enabled
            && self.effective_from.is_none_or(|from| from <= date)
            && self.effective_until.is_none_or(|until| date <= until)
    }
}

/// The values of one field over time. No two apply on the same day.
#[derive(Debug, Clone, PartialEq)]
pub struct Dated<T>(Vec<Entry<T>>);

impl<T> Default for Dated<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Dated<T> {
    pub(super) const fn new(entries: Vec<Entry<T>>) -> Self {
        Self(entries)
    }

    /// The value on this day. `None` is a gap: no entry answers.
    pub fn on(&self, date: NaiveDate) -> Option<&T> {
        self.entry_on(date).map(|entry| &entry.value)
    }

    pub fn entry_on(&self, date: NaiveDate) -> Option<&Entry<T>> {
        self.0.iter().find(|entry| entry.applies_on(date))
    }

    /// Over all time, earliest first.
    pub fn entries(&self) -> &[Entry<T>] {
        &self.0
    }
}

/// An entry with its place in the files, for pages and reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolicyEntry {
    pub file: &'static str,
    /// `US`, a state's code, or an overlay's id.
    pub place: String,
    pub field: String,
    pub value: Value,
    pub citation: String,
    pub effective_from: Option<NaiveDate>,
    pub effective_until: Option<NaiveDate>,
    pub confidence: Confidence,
    pub source: Option<String>,
    pub note: Option<String>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<NaiveDate>,
    pub counsel_reviewed_at: Option<NaiveDate>,
    pub enabled: bool,
    pub beyond_seed: bool,
}
