//! The filters of the list of tasks, as they stand in the address.

use serde::Deserialize;

use super::told::KINDS;
use crate::domain::time::Instant;
use crate::store::tasks::{Filter, Group, Taken};
use crate::web::view::part::{Chip, ChipGroup};

/// The address's parameters. What can't be read is as if it weren't there.
#[derive(Debug, Default, Deserialize)]
pub struct Params {
    status: Option<String>,
    hand: Option<String>,
    kind: Option<String>,
    due: Option<String>,
    page: Option<String>,
}

/// The list that an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    status: &'static str,
    hand: Option<&'static str>,
    kind: Option<&'static str>,
    overdue: bool,
    pub page: u64,
}

const STATUSES: [(&str, &str); 2] = [("open", "Open"), ("done", "Done")];
const HANDS: [(&str, &str); 2] = [("mine", "Mine"), ("nobody", "Nobody\u{2019}s")];

fn known(options: &[(&'static str, &str)], text: Option<&String>) -> Option<&'static str> {
    let text = text?.trim();
    options
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(word, _)| *word)
}

impl State {
    pub fn read(params: &Params) -> Self {
        Self {
            status: known(&STATUSES, params.status.as_ref()).unwrap_or("open"),
            hand: known(&HANDS, params.hand.as_ref()),
            kind: params
                .kind
                .as_deref()
                .and_then(|text| KINDS.iter().find(|kind| kind.word == text))
                .map(|kind| kind.word),
            overdue: params.due.as_deref() == Some("overdue"),
            page: params
                .page
                .as_deref()
                .and_then(|text| text.parse().ok())
                .filter(|page| *page >= 1)
                .unwrap_or(1),
        }
    }

    /// What the list holds for this reader at this moment.
    pub fn filter(&self, me: &str, now: Instant) -> Filter {
        Filter {
            status: Some(self.status.to_owned()),
            kind: self.kind.map(str::to_owned),
            taken: match self.hand {
                Some("mine") => Some(Taken::By(me.to_owned())),
                Some(_) => Some(Taken::ByNobody),
                None => None,
            },
            due_before: self.overdue.then_some(now),
        }
    }

    fn href(&self) -> String {
        let page = (self.page > 1).then(|| self.page.to_string());
        let pairs = [
            ("status", (self.status != "open").then_some(self.status)),
            ("hand", self.hand),
            ("kind", self.kind),
            ("due", self.overdue.then_some("overdue")),
            ("page", page.as_deref()),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        match query.finish().as_str() {
            "" => "/tasks".to_owned(),
            query => format!("/tasks?{query}"),
        }
    }

    pub fn at_page(&self, page: u64) -> String {
        Self {
            page,
            ..self.clone()
        }
        .href()
    }

    /// The first page of the same list, changed.
    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = Self {
            page: 1,
            ..self.clone()
        };
        change(&mut other);
        other
    }

    /// The same list with only those that are late, which only open ones can be.
    pub fn overdue(&self) -> Self {
        self.with(|other| {
            other.overdue = true;
            other.status = "open";
        })
    }

    /// Whether a task of this group is in the list, whenever it is due.
    fn admits(&self, group: &Group, me: &str) -> bool {
        self.status == group.status
            && self.kind.is_none_or(|kind| kind == group.kind)
            && match self.hand {
                Some("mine") => group.taken_by.as_deref() == Some(me),
                Some(_) => group.taken_by.is_none(),
                None => true,
            }
    }
}

/// A row of chips for each filter. Each chip counts what it would show; `overdue` is the count of
/// [`State::overdue`].
pub fn chips(state: &State, groups: &[Group], overdue: u64, me: &str) -> Vec<ChipGroup> {
    // Counts by group know no day, so a chip leaves the narrowing to late ones.
    let chip = |label: &str, other: State| Chip {
        label: label.to_owned(),
        count: groups
            .iter()
            .filter(|group| other.admits(group, me))
            .map(|group| group.count.unsigned_abs())
            .sum(),
        current: other == state.with(|_| {}),
        href: other.href(),
    };
    let plain = state.with(|other| other.overdue = false);
    let mut status: Vec<Chip> = STATUSES
        .iter()
        .map(|(word, label)| chip(label, plain.with(|other| other.status = word)))
        .collect();
    status.push(Chip {
        label: "Overdue".to_owned(),
        count: overdue,
        current: state.overdue,
        href: state.overdue().href(),
    });
    let hand = [None]
        .into_iter()
        .chain(HANDS.map(Some))
        .map(|option| {
            chip(
                option.map_or("Anybody\u{2019}s", |(_, label)| label),
                plain.with(|other| other.hand = option.map(|(word, _)| word)),
            )
        })
        .collect();
    let kinds = std::iter::once(chip("All kinds", plain.with(|other| other.kind = None)))
        .chain(
            KINDS
                .iter()
                .filter(|kind| {
                    state.kind == Some(kind.word)
                        || groups.iter().any(|group| group.kind == kind.word)
                })
                .map(|kind| chip(kind.label, plain.with(|other| other.kind = Some(kind.word)))),
        )
        .collect();
    vec![
        ChipGroup {
            label: "Status",
            chips: status,
        },
        ChipGroup {
            label: "In hand",
            chips: hand,
        },
        ChipGroup {
            label: "Kind",
            chips: kinds,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_makes_no_sense_is_the_list_of_open_tasks() {
        let state = State::read(&Params {
            status: Some("nonsense".to_owned()),
            hand: Some("theirs".to_owned()),
            kind: Some("'; --".to_owned()),
            due: Some("soon".to_owned()),
            page: Some("-3".to_owned()),
        });
        assert_eq!(state.href(), "/tasks");
        assert_eq!(state, State::read(&Params::default()));
    }

    #[test]
    fn a_chip_keeps_the_other_filters_and_goes_to_the_first_page() {
        let state = State::read(&Params {
            hand: Some("mine".to_owned()),
            page: Some("3".to_owned()),
            ..Params::default()
        });
        assert_eq!(state.at_page(2), "/tasks?hand=mine&page=2");
        assert_eq!(state.overdue().href(), "/tasks?hand=mine&due=overdue");
    }
}
