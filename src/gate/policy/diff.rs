//! What one policy says that another doesn't.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Overlay, Policy, PolicyEntry};

/// One entry that differs between two policies, or one thing beside the entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// `US`, a state's code, or an overlay's id.
    pub place: String,
    pub field: String,
    pub what: Changed,
}

/// How it differs.
#[derive(Debug, Clone, PartialEq)]
pub enum Changed {
    Added(Box<PolicyEntry>),
    Removed(Box<PolicyEntry>),
    Entry {
        before: Box<PolicyEntry>,
        after: Box<PolicyEntry>,
    },
    /// What an overlay covers, in words.
    Area {
        before: String,
        after: String,
    },
}

/// Everything that changes when `after` takes the place of `before`, by place and field.
///
/// Entries are the same one when they stand in the same place under the same field and begin on
/// the same day.
pub fn diff(before: &Policy, after: &Policy) -> Vec<Change> {
    let (old, new) = (by_key(before), by_key(after));
    let mut changes = Vec::new();
    for (key, entry) in &old {
        let what = match new.get(key) {
            None => Changed::Removed(Box::new((*entry).clone())),
            Some(now) if now == entry => continue,
            Some(now) => Changed::Entry {
                before: Box::new((*entry).clone()),
                after: Box::new((*now).clone()),
            },
        };
        changes.push(change(entry, what));
    }
    for (key, entry) in &new {
        if !old.contains_key(key) {
            changes.push(change(entry, Changed::Added(Box::new((*entry).clone()))));
        }
    }
    changes.extend(areas(before, after));
    changes.sort_by(|a, b| (&a.place, &a.field).cmp(&(&b.place, &b.field)));
    changes
}

type Key<'a> = (&'a str, &'a str, &'a str, Option<NaiveDate>);

fn by_key(policy: &Policy) -> BTreeMap<Key<'_>, &PolicyEntry> {
    policy
        .entries()
        .iter()
        .map(|entry| {
            let key = (
                entry.file,
                entry.place.as_str(),
                entry.field.as_str(),
                entry.effective_from,
            );
            (key, entry)
        })
        .collect()
}

fn change(entry: &PolicyEntry, what: Changed) -> Change {
    Change {
        place: entry.place.clone(),
        field: entry.field.clone(),
        what,
    }
}

fn areas(before: &Policy, after: &Policy) -> Vec<Change> {
    let of = |policy: &Policy| -> BTreeMap<String, String> {
        let overlays = policy.overlays.iter();
        overlays.map(|it| (it.id.clone(), area(it))).collect()
    };
    let (old, new) = (of(before), of(after));
    old.into_iter()
        .filter_map(|(place, before)| {
            let after = new.get(&place)?;
            (*after != before).then(|| Change {
                field: "area".to_owned(),
                what: Changed::Area {
                    before,
                    after: after.clone(),
                },
                place,
            })
        })
        .collect()
}

fn area(overlay: &Overlay) -> String {
    let partial: Vec<String> = overlay
        .partial_zips
        .iter()
        .map(|zip| format!("{zip:05}"))
        .collect();
    format!(
        "{} in {}: ZIP codes beginning {}; in part {}; {}",
        overlay.name,
        overlay.state,
        overlay.zip_prefixes.join(", "),
        partial.join(", "),
        overlay.boroughs.join(", ")
    )
}
