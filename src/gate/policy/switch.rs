//! One cap beyond the seeds switched on or off: the files with that entry changed and nothing else.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Policy, PolicyEntry, PolicySource};

impl Policy {
    /// The caps that were found beyond the product's seed documents, each of which an administrator
    /// may switch.
    pub fn switchable(&self) -> impl Iterator<Item = &PolicyEntry> {
        self.entries().iter().filter(|entry| {
            entry.beyond_seed
                && entry.file == "states.json"
                && self.states().any(|state| {
                    state.code.as_str() == entry.place
                        && state.caps.iter().any(|cap| cap.id == entry.field)
                })
        })
    }

    /// The files with one of these caps on or off; nothing where there is none such.
    pub fn switched(
        &self,
        place: &str,
        field: &str,
        from: Option<NaiveDate>,
        on: bool,
    ) -> Option<PolicySource> {
        self.switchable().find(|entry| {
            entry.place == place && entry.field == field && entry.effective_from == from
        })?;
        let mut source = self.source();
        let mut states: Value = serde_json::from_str(&source.states).ok()?;
        let entries = states
            .get_mut("states")?
            .get_mut(place)?
            .get_mut("caps")?
            .get_mut(field)?
            .as_array_mut()?;
        let from = json!(from);
        let begins_then =
            |entry: &&mut Value| entry.get("effective_from").unwrap_or(&Value::Null) == &from;
        let entry = entries.iter_mut().find(begins_then)?;
        entry
            .as_object_mut()?
            .insert("enabled".to_owned(), json!(on));
        source.states = states.to_string();
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::policy::diff;

    #[test]
    fn the_caps_of_four_states_are_on_marked_as_beyond_and_switched_one_by_one() {
        let policy = Policy::builtin();
        for (place, field) in [
            ("MA", "residence_or_cell"),
            ("MA", "work"),
            ("DC", "calls"),
            ("WA", "communications"),
            ("OR", "work"),
        ] {
            let entry = policy
                .switchable()
                .find(|entry| entry.place == place && entry.field == field)
                .unwrap_or_else(|| panic!("{place} {field}"));
            assert!(entry.enabled && entry.beyond_seed, "{place} {field}");
            let off = policy
                .switched(place, field, entry.effective_from, false)
                .unwrap()
                .read()
                .unwrap();
            assert_eq!(diff(&policy, &off).len(), 1, "{place} {field}");
            let on = off
                .switched(place, field, entry.effective_from, true)
                .unwrap()
                .read()
                .unwrap();
            assert_eq!(on.version(), policy.version(), "{place} {field}");
        }
    }

    #[test]
    fn a_seeds_entry_or_one_that_is_not_there_is_not_switched() {
        let policy = Policy::builtin();
        assert!(policy.switched("NY", "work", None, false).is_none());
        assert!(policy.switched("CA", "gate_zones", None, false).is_none());
        assert!(policy.switchable().all(|entry| entry.confidence
            != crate::gate::policy::Confidence::Unsure
            || entry.note.is_some()));
    }
}
