//! Which column of a file means which field: guessed from the headers, corrected by the user,
//! remembered per creditor.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::cell::DateOrder;
use super::header;

/// The fields of one kind of file: a closed set that columns are mapped to.
pub trait Field:
    Copy + Eq + Ord + std::fmt::Debug + Serialize + DeserializeOwned + 'static
{
    /// One entry for each field, in the order in which they are offered.
    const GROUPS: &'static [FieldGroup<Self>];

    /// The position of the field's entry, counted through all groups.
    fn index(self) -> usize;

    /// Rules over several fields: what is still missing, each as a sentence.
    fn missing(is_mapped: &dyn Fn(Self) -> bool) -> Vec<String>;

    /// The entries of all groups.
    fn specs() -> impl Iterator<Item = &'static FieldSpec<Self>> {
        Self::GROUPS.iter().flat_map(|group| group.specs)
    }

    fn label(self) -> &'static str {
        Self::specs()
            .nth(self.index())
            .map_or("", |spec| spec.label)
    }

    fn is_repeatable(self) -> bool {
        Self::specs()
            .nth(self.index())
            .is_some_and(|spec| spec.repeatable)
    }
}

/// Fields that belong together on the page where columns are mapped.
#[derive(Debug)]
pub struct FieldGroup<F: 'static> {
    pub label: &'static str,
    pub specs: &'static [FieldSpec<F>],
}

/// What is known about one field.
#[derive(Debug)]
pub struct FieldSpec<F: 'static> {
    pub field: F,
    /// The name in templates, in the API and in stored mappings.
    pub key: &'static str,
    /// The name on a page.
    pub label: &'static str,
    /// What belongs in it, in one line.
    pub help: &'static str,
    /// Headers that mean this field for certain.
    pub names: &'static [&'static str],
    /// Headers that probably mean it.
    pub loose_names: &'static [&'static str],
    pub required: bool,
    /// Whether several columns can hold it, such as phone numbers.
    pub repeatable: bool,
}

impl<F> FieldSpec<F> {
    /// A field that takes one column and may be left out.
    pub const fn new(field: F, key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self {
            field,
            key,
            label,
            help,
            names: &[],
            loose_names: &[],
            required: false,
            repeatable: false,
        }
    }

    pub const fn named(mut self, names: &'static [&'static str]) -> Self {
        self.names = names;
        self
    }

    pub const fn loosely(mut self, names: &'static [&'static str]) -> Self {
        self.loose_names = names;
        self
    }

    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }
}

/// Why a field is proposed for a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The header is like one that means this field in many files.
    Likely,
    /// The header is one of the field's own names.
    Certain,
    /// The creditor mapped this header so before.
    Remembered,
}

/// The proposal for one column. `field` is `None` where the column will be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnGuess<F> {
    pub header: String,
    pub field: Option<F>,
    pub confidence: Option<Confidence>,
}

/// A mapping by header, fit to be stored and used again on the creditor's next file:
/// `{"columns": {"Acct #": "invoice_number", "Clerk": null}, "date_order": "month_first"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "", deny_unknown_fields)]
pub struct Mapping<F: Field> {
    /// `None`: this column is left out on purpose.
    pub columns: BTreeMap<String, Option<F>>,
    #[serde(default)]
    pub date_order: DateOrder,
}

/// Why a mapping doesn't fit a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    #[error("{0}")]
    Missing(String),
    #[error(
        "Two columns, \"{first}\" and \"{second}\", are mapped to {label}. Choose one of them."
    )]
    Twice {
        label: &'static str,
        first: String,
        second: String,
    },
    #[error("The file has no column \"{0}\".")]
    NoSuchColumn(String),
}

/// Proposes a field for every column. What the creditor chose before wins; then the more certain
/// guess; then the column further left. A field that takes one column is proposed once.
pub fn guess<F: Field>(headers: &[String], remembered: Option<&Mapping<F>>) -> Vec<ColumnGuess<F>> {
    let known = known_headers::<F>();
    let mut guesses: Vec<ColumnGuess<F>> = headers
        .iter()
        .map(|header| {
            let before = remembered.and_then(|mapping| mapping.columns.get(header));
            let (field, confidence) = match before {
                Some(field) => (*field, Some(Confidence::Remembered)),
                None => recognise(header, &known).unzip(),
            };
            ColumnGuess {
                header: header.clone(),
                field,
                confidence,
            }
        })
        .collect();
    let mut by_certainty: Vec<usize> = (0..guesses.len()).collect();
    by_certainty.sort_by_key(|&column| std::cmp::Reverse(guesses[column].confidence));
    let mut taken = vec![false; F::specs().count()];
    for column in by_certainty {
        let Some(field) = guesses[column].field else {
            continue;
        };
        if field.is_repeatable() {
            continue;
        }
        if std::mem::replace(&mut taken[field.index()], true) {
            guesses[column].field = None;
            guesses[column].confidence = None;
        }
    }
    guesses
}

fn known_headers<F: Field>() -> HashMap<String, (F, Confidence)> {
    let mut known = HashMap::new();
    for spec in F::specs() {
        for name in spec.names.iter().chain([&spec.key, &spec.label]) {
            known.insert(header::words(name), (spec.field, Confidence::Certain));
        }
    }
    for spec in F::specs() {
        for name in spec.loose_names {
            known
                .entry(header::words(name))
                .or_insert((spec.field, Confidence::Likely));
        }
    }
    known
}

fn recognise<F: Field>(
    header: &str,
    known: &HashMap<String, (F, Confidence)>,
) -> Option<(F, Confidence)> {
    let words = header::words(header);
    if let Some(found) = known.get(&words) {
        return Some(*found);
    }
    let unnumbered = header::without_number(&words);
    let repeated = known
        .get(unnumbered)
        .filter(|(field, _)| field.is_repeatable());
    if let Some(found) = repeated {
        return Some(*found);
    }
    let rest = header::without_party(unnumbered)?;
    let &(field, _) = known.get(rest)?;
    (unnumbered == words || field.is_repeatable()).then_some((field, Confidence::Likely))
}

impl<F: Field> Mapping<F> {
    /// The proposal as it stands, dates month first.
    pub fn from_guesses(guesses: &[ColumnGuess<F>]) -> Self {
        Self {
            columns: guesses
                .iter()
                .map(|guess| (guess.header.clone(), guess.field))
                .collect(),
            date_order: DateOrder::default(),
        }
    }

    /// The best proposal for these headers.
    pub fn guess(headers: &[String]) -> Self {
        Self::from_guesses(&guess(headers, None))
    }

    /// Changes one column: the user knows better.
    pub fn set(&mut self, header: &str, field: Option<F>) {
        self.columns.insert(header.to_owned(), field);
    }

    /// The header that is mapped to `field`, or the field's own name.
    pub fn header_of(&self, field: F) -> &str {
        self.columns
            .iter()
            .find(|(_, mapped)| **mapped == Some(field))
            .map_or(field.label(), |(header, _)| header)
    }

    /// Checks the mapping against the columns of a file. All errors are reported.
    pub fn bind(&self, headers: &[String]) -> Result<Bound<F>, Vec<MappingError>> {
        let mut errors = Vec::new();
        let mut columns = vec![Vec::new(); F::specs().count()];
        for (column, header) in headers.iter().enumerate() {
            let Some(field) = self.columns.get(header).copied().flatten() else {
                continue;
            };
            let of_field: &mut Vec<usize> = &mut columns[field.index()];
            match of_field.first() {
                Some(&first) if !field.is_repeatable() => errors.push(MappingError::Twice {
                    label: field.label(),
                    first: headers[first].clone(),
                    second: header.clone(),
                }),
                Some(_) | None => of_field.push(column),
            }
        }
        let strangers = self
            .columns
            .iter()
            .filter(|(header, field)| field.is_some() && !headers.contains(header));
        errors.extend(strangers.map(|(header, _)| MappingError::NoSuchColumn(header.clone())));
        let is_mapped = |field: F| !columns[field.index()].is_empty();
        for spec in F::specs() {
            if spec.required && !is_mapped(spec.field) {
                errors.push(MappingError::Missing(format!(
                    "No column is mapped to {}, which every row needs.",
                    spec.label
                )));
            }
        }
        errors.extend(
            F::missing(&is_mapped)
                .into_iter()
                .map(MappingError::Missing),
        );
        if errors.is_empty() {
            Ok(Bound {
                columns,
                headers: headers.to_vec(),
                date_order: self.date_order,
                field: std::marker::PhantomData,
            })
        } else {
            Err(errors)
        }
    }
}

/// A mapping that fits one file: the columns of each field.
#[derive(Debug, Clone)]
pub struct Bound<F> {
    columns: Vec<Vec<usize>>,
    headers: Vec<String>,
    date_order: DateOrder,
    field: std::marker::PhantomData<F>,
}

impl<F: Field> Bound<F> {
    pub fn columns(&self, field: F) -> &[usize] {
        &self.columns[field.index()]
    }

    /// The header of the field's first column, or the field's own name where no column has it.
    pub fn header_of(&self, field: F) -> &str {
        self.columns(field)
            .first()
            .map_or(field.label(), |&column| self.header(column))
    }

    pub fn header(&self, column: usize) -> &str {
        self.headers.get(column).map_or("", String::as_str)
    }

    pub fn date_order(&self) -> DateOrder {
        self.date_order
    }
}

#[cfg(test)]
mod tests;
