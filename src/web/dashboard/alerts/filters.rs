//! The filters of the list of alerts, as they stand in the address.

use actix_web::web;
use chrono::Duration;
use serde::Deserialize;

use crate::db::DbConn;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::RuleId;
use crate::store::Scope;
use crate::store::alert_list::{self, Cause, Filter, Group};
use crate::web::dashboard::alert_words::TYPES;
use crate::web::view::part::{Chip, ChipGroup};

/// The address's parameters. What can't be read is as if it weren't there.
#[derive(Debug, Default, Deserialize)]
pub struct Params {
    status: Option<String>,
    severity: Option<String>,
    #[serde(rename = "type")]
    alert_type: Option<String>,
    rule: Option<String>,
    age: Option<String>,
    cause: Option<String>,
    chosen: Option<String>,
    page: Option<String>,
}

/// The list that an address names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    status: Option<&'static str>,
    severity: Option<&'static str>,
    alert_type: Option<&'static str>,
    pub rule: Option<RuleId>,
    age: Option<&'static str>,
    cause: Option<&'static str>,
    /// Every alert of the page that can be chosen is chosen.
    pub all_chosen: bool,
    pub page: u64,
}

const STATUSES: [(&str, &str); 3] = [
    ("active", "Open"),
    ("acknowledged", "Acknowledged"),
    ("resolved", "Resolved"),
];
const SEVERITIES: [(&str, &str); 2] = [("critical", "Critical"), ("warning", "Warning")];
const CAUSES: [(&str, &str); 2] = [
    ("person", "A person or an API key"),
    ("scheduler", "The scheduler"),
];
const AGES: [(&str, &str); 3] = [
    ("day", "Last 24 hours"),
    ("week", "Last 7 days"),
    ("older", "Older than 7 days"),
];

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
            status: known(&STATUSES, params.status.as_ref()),
            severity: known(&SEVERITIES, params.severity.as_ref()),
            alert_type: known(&TYPES, params.alert_type.as_ref()),
            rule: params.rule.as_deref().and_then(|text| text.parse().ok()),
            age: known(&AGES, params.age.as_ref()),
            cause: known(&CAUSES, params.cause.as_ref()),
            all_chosen: params.chosen.as_deref() == Some("all"),
            page: params
                .page
                .as_deref()
                .and_then(|text| text.parse().ok())
                .filter(|page| *page >= 1)
                .unwrap_or(1),
        }
    }

    /// The list that a form says it was sent from; the list of all where it names none.
    pub fn of_address(address: &str) -> Self {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let params = web::Query::<Params>::from_query(query);
        params.map_or_else(
            |_| Self::read(&Params::default()),
            |params| Self::read(&params),
        )
    }

    pub fn filter(&self, now: Instant) -> Filter {
        let week = now.minus(Duration::days(7));
        let (since, until) = match self.age {
            Some("day") => (Some(now.minus(Duration::days(1))), None),
            Some("week") => (Some(week), None),
            Some("older") => (None, Some(week)),
            _ => (None, None),
        };
        let owned = |word: Option<&str>| word.map(str::to_owned);
        Filter {
            severity: owned(self.severity),
            alert_type: owned(self.alert_type),
            rule: owned(self.rule.map(RuleId::as_str)),
            status: owned(self.status),
            cause: match self.cause {
                Some("person") => Some(Cause::Person),
                Some(_) => Some(Cause::Scheduler),
                None => None,
            },
            since,
            until,
        }
    }

    pub fn href(&self) -> String {
        let page = (self.page > 1).then(|| self.page.to_string());
        let pairs = [
            ("status", self.status),
            ("severity", self.severity),
            ("type", self.alert_type),
            ("rule", self.rule.map(RuleId::as_str)),
            ("age", self.age),
            ("cause", self.cause),
            ("chosen", self.all_chosen.then_some("all")),
            ("page", page.as_deref()),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        match query.finish().as_str() {
            "" => "/alerts".to_owned(),
            query => format!("/alerts?{query}"),
        }
    }

    pub fn at_page(&self, page: u64) -> String {
        Self {
            page,
            all_chosen: false,
            ..self.clone()
        }
        .href()
    }

    /// The same page with every alert chosen that can be.
    pub fn with_all_chosen(&self) -> String {
        Self {
            all_chosen: true,
            ..self.clone()
        }
        .href()
    }

    /// The first page of the same list, changed.
    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = Self {
            page: 1,
            all_chosen: false,
            ..self.clone()
        };
        change(&mut other);
        other
    }

    /// Whether an alert of this group is in the list, but for one of the filters.
    fn admits(&self, group: &Group) -> bool {
        self.status.is_none_or(|word| word == group.status)
            && self.severity.is_none_or(|word| word == group.severity)
            && self.alert_type.is_none_or(|word| word == group.alert_type)
            && self.rule.is_none_or(|rule| rule.as_str() == group.rule)
            && self
                .cause
                .is_none_or(|word| word == cause(&group.caused_by))
    }

    fn count(&self, groups: &[Group]) -> u64 {
        groups
            .iter()
            .filter(|group| self.admits(group))
            .map(|group| group.count.unsigned_abs())
            .sum()
    }
}

/// The word in the address for who caused an alert.
fn cause(actor: &str) -> &'static str {
    match Cause::of(actor) {
        Cause::Person => "person",
        Cause::Scheduler => "scheduler",
    }
}

/// How many alerts there are of any age and of each of [`AGES`], under the other filters.
pub fn count_ages(
    conn: &mut DbConn,
    scope: Scope,
    state: &State,
    now: Instant,
) -> AppResult<Vec<u64>> {
    let mut counts = Vec::new();
    for age in [None].into_iter().chain(AGES.map(|(word, _)| Some(word))) {
        let filter = state.with(|other| other.age = age).filter(now);
        counts.push(alert_list::total(conn, scope, &filter)?);
    }
    Ok(counts)
}

/// A row of chips for each filter. Each chip counts what it would show.
pub fn chips(state: &State, groups: &[Group], ages: &[u64]) -> Vec<ChipGroup> {
    let chip = |label: &str, other: State| Chip {
        label: label.to_owned(),
        count: other.count(groups),
        current: other.with(|_| {}) == state.with(|_| {}),
        href: other.href(),
    };
    let status = ChipGroup {
        label: "Status",
        chips: [None]
            .into_iter()
            .chain(STATUSES.map(Some))
            .map(|option| {
                let label = option.map_or("All", |(_, label)| label);
                chip(
                    label,
                    state.with(|other| other.status = option.map(|(word, _)| word)),
                )
            })
            .collect(),
    };
    let cause = ChipGroup {
        label: "Caused by",
        chips: [None]
            .into_iter()
            .chain(CAUSES.map(Some))
            .map(|option| {
                let label = option.map_or("Everybody", |(_, label)| label);
                chip(
                    label,
                    state.with(|other| other.cause = option.map(|(word, _)| word)),
                )
            })
            .collect(),
    };
    let severity = ChipGroup {
        label: "Severity",
        chips: [None]
            .into_iter()
            .chain(SEVERITIES.map(Some))
            .map(|option| {
                let label = option.map_or("All severities", |(_, label)| label);
                chip(
                    label,
                    state.with(|other| other.severity = option.map(|(word, _)| word)),
                )
            })
            .collect(),
    };
    let kinds = ChipGroup {
        label: "Type",
        chips: [None]
            .into_iter()
            .chain(TYPES.map(Some))
            .map(|option| {
                let label = option.map_or("All types", |(_, label)| label);
                chip(
                    label,
                    state.with(|other| other.alert_type = option.map(|(word, _)| word)),
                )
            })
            .collect(),
    };
    let age = ChipGroup {
        label: "Age",
        chips: [None]
            .into_iter()
            .chain(AGES.map(Some))
            .zip(ages)
            .map(|(option, count)| {
                let other = state.with(|other| other.age = option.map(|(word, _)| word));
                Chip {
                    label: option.map_or("Any age", |(_, label)| label).to_owned(),
                    count: *count,
                    current: other.age == state.age,
                    href: other.href(),
                }
            })
            .collect(),
    };
    vec![status, cause, severity, kinds, age, rules(state, chip)]
}

/// Only rules that have an alert, and the one that is chosen.
fn rules(state: &State, chip: impl Fn(&str, State) -> Chip) -> ChipGroup {
    let all = chip("All rules", state.with(|other| other.rule = None));
    let of_rule = RuleId::ALL.into_iter().filter_map(|rule| {
        let chip = chip(
            rule.info().name,
            state.with(|other| other.rule = Some(rule)),
        );
        (chip.count > 0 || state.rule == Some(rule)).then_some(chip)
    });
    ChipGroup {
        label: "Rule",
        chips: [all].into_iter().chain(of_rule).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(status: &str, rule: &str, count: i64) -> Group {
        Group {
            status: status.to_owned(),
            severity: "critical".to_owned(),
            alert_type: "cease_desist".to_owned(),
            rule: rule.to_owned(),
            caused_by: "system:worker".to_owned(),
            count,
        }
    }

    #[test]
    fn an_address_reads_back_as_itself_and_nonsense_is_not_there() {
        let state = State::read(&Params {
            status: Some("active".to_owned()),
            severity: Some("loud".to_owned()),
            alert_type: Some("cease_desist".to_owned()),
            rule: Some("no-such-rule".to_owned()),
            age: Some("week".to_owned()),
            cause: Some("scheduler".to_owned()),
            chosen: None,
            page: Some("3".to_owned()),
        });
        assert_eq!(
            state.href(),
            "/alerts?status=active&type=cease_desist&age=week&cause=scheduler&page=3"
        );
        assert_eq!(State::of_address(&state.href()), state);
        assert_eq!(State::read(&Params::default()).href(), "/alerts");
        assert_eq!(
            State::of_address("https://elsewhere.example").href(),
            "/alerts"
        );
    }

    #[test]
    fn a_chip_counts_what_it_would_show() {
        let state = State::read(&Params {
            status: Some("active".to_owned()),
            ..Params::default()
        });
        let groups = [
            group("active", "cease", 3),
            group("active", "call-hours", 1),
            group("resolved", "cease", 40),
        ];
        let chips = chips(&state, &groups, &[4, 4, 4, 0]);
        let find = |group: &str, label: &str| {
            chips
                .iter()
                .find(|chips| chips.label == group)
                .and_then(|chips| chips.chips.iter().find(|chip| chip.label == label))
                .cloned()
                .unwrap()
        };
        assert_eq!(find("Status", "All").count, 44);
        assert_eq!(find("Status", "Open").count, 4);
        assert!(find("Status", "Open").current);
        assert_eq!(find("Rule", "All rules").count, 4);
        assert!(find("Rule", "All rules").current);
        assert_eq!(find("Type", "Bankruptcy").count, 0);
        assert_eq!(find("Caused by", "The scheduler").count, 4);
        assert_eq!(find("Caused by", "A person or an API key").count, 0);
    }
}
