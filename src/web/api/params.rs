//! Parameters of the query: each taken by name, and nothing left over.

use std::collections::BTreeMap;

use super::error::{ApiError, Place, Wrong};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;

/// Rows of a page where nothing else is asked for.
const DEFAULT_LIMIT: i64 = 25;

/// Rows of a page at most.
const LARGEST_LIMIT: i64 = 100;

/// The parameters of one request. What is wrong is collected, so that the answer names all of it.
#[derive(Debug)]
pub struct Params {
    left: BTreeMap<String, String>,
    errors: Vec<Wrong>,
}

/// Which rows of a list are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    pub limit: i64,
    pub offset: i64,
}

impl Params {
    /// From the text after the question mark.
    pub fn new(query: &str) -> Self {
        let mut params = Self {
            left: BTreeMap::new(),
            errors: Vec::new(),
        };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let twice = params
                .left
                .insert(name.clone().into_owned(), value.into_owned())
                .is_some();
            if twice {
                params.refuse(&name, "Stands here more than once.");
            }
        }
        params
    }

    /// Notes that a parameter doesn't fit.
    pub fn refuse(&mut self, name: &str, message: impl Into<String>) {
        self.errors.push(Wrong {
            place: Place::Parameter(name.to_owned()),
            message: message.into(),
        });
    }

    /// The text of a parameter; one that is empty is as good as none.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.left
            .remove(name)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    }

    pub fn parsed<T>(
        &mut self,
        name: &str,
        message: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(&text);
        if value.is_none() {
            self.refuse(name, message);
        }
        value
    }

    /// An instant with its offset.
    pub fn instant(&mut self, name: &str) -> Option<Instant> {
        self.parsed(
            name,
            "Use a date and time with an offset, such as 2026-10-01T12:00:00Z.",
            |text| Instant::parse_rfc3339(text).ok(),
        )
    }

    /// Words of an enum, separated by commas.
    pub fn words<T: TextEnum>(&mut self, name: &str) -> Vec<T> {
        let Some(text) = self.text(name) else {
            return Vec::new();
        };
        let mut values = Vec::new();
        for word in text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            match T::from_word(word) {
                Some(value) => values.push(value),
                None => self.refuse(
                    name,
                    format!("{word:?} isn\u{2019}t one of {}.", list::<T>()),
                ),
            }
        }
        values
    }

    pub fn slice(&mut self) -> Slice {
        let limit = self.limit();
        let offset = self
            .parsed("offset", "Use a whole number from 0.", |text| {
                text.parse().ok().filter(|number: &i64| *number >= 0)
            })
            .unwrap_or(0);
        Slice { limit, offset }
    }

    pub fn limit(&mut self) -> i64 {
        self.parsed("limit", "Use a whole number from 1 to 100.", |text| {
            text.parse()
                .ok()
                .filter(|number| (1..=LARGEST_LIMIT).contains(number))
        })
        .unwrap_or(DEFAULT_LIMIT)
    }

    /// Refuses what nobody took: a filter that is misspelt must not silently be no filter.
    pub fn finish(mut self) -> Result<(), ApiError> {
        let unknown: Vec<String> = self.left.keys().cloned().collect();
        for name in unknown {
            self.refuse(&name, "There is no such parameter here.");
        }
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(ApiError::invalid(self.errors))
        }
    }
}

fn list<T: TextEnum>() -> String {
    T::WORDS
        .iter()
        .map(|(_, word)| *word)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::placement::PlacementStatus;

    #[test]
    fn each_parameter_is_taken_once_and_none_is_left_over() {
        let mut params = Params::new("limit=50&offset=100&status=paid,recalled&q=+");
        assert_eq!(
            params.slice(),
            Slice {
                limit: 50,
                offset: 100
            }
        );
        assert_eq!(
            params.words::<PlacementStatus>("status"),
            [PlacementStatus::Paid, PlacementStatus::Recalled]
        );
        assert_eq!(params.text("q"), None);
        assert_eq!(params.finish(), Ok(()));
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let mut params =
            Params::new("limit=0&offset=-1&status=on_hold&since=2026-10-01&offest=3&a=1&a=2");
        params.slice();
        params.words::<PlacementStatus>("status");
        params.instant("since");
        params.text("a");
        let error = params.finish().unwrap_err();
        let names: Vec<_> = error
            .errors
            .iter()
            .map(|wrong| match &wrong.place {
                Place::Parameter(name) => name.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(names, ["a", "limit", "offset", "status", "since", "offest"]);
    }
}
