//! The Timeline tab: audit events, contacts and refused attempts in one stream, newest first.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::list_state::address;
use super::people::People;
use super::placement::File;
use super::placement_tabs::{rules_in_the_way, subject};
use super::timeline_kinds::{self as kinds, Kind};
use super::timeline_marks::{Marks, is_recorded_later};
use super::{compliance_card, timeline_words as sentences, words};
use crate::db::DbConn;
use crate::domain::id::EventId;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::audit::EventRow;
use crate::store::contacts::ContactRow;
use crate::store::timeline::{self as store, Part, Refusal, Subject};
use crate::web::access::SignedIn;
use crate::web::view::part::{Chip, Fact, When};
use crate::web::view::timeline::{
    EventKind as Icon, Timeline, TimelineDay, TimelineEntry, TimelineEvent,
};

/// Lines on a page.
const PAGE: u64 = 50;

/// The timeline's part of the address.
#[derive(Debug, Default, Deserialize)]
pub struct TimelineParams {
    kind: Option<String>,
    /// Nothing later than this: a permalink stays on its page whatever happens afterwards.
    until: Option<String>,
    page: Option<String>,
}

/// Which part of the stream an address names.
#[derive(Debug, Clone)]
struct Selection {
    placement: String,
    kind: Kind,
    until: Option<Instant>,
    page: u64,
}

impl Selection {
    fn read(params: &TimelineParams, placement: String) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            placement,
            kind: Kind::from_word(&text(&params.kind)).unwrap_or(Kind::Everything),
            until: Instant::parse_rfc3339(&text(&params.until)).ok(),
            page: text(&params.page).parse().unwrap_or(1).max(1),
        }
    }

    fn href(&self) -> String {
        let mut pairs = Vec::new();
        if self.kind != Kind::Everything {
            pairs.push(("kind", self.kind.as_str().to_owned()));
        }
        if let Some(until) = self.until {
            pairs.push(("until", until.to_rfc3339()));
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        address(&format!("/placements/{}", self.placement), &pairs)
    }
}

/// One line before it is put into words.
pub(super) enum Item {
    Event(EventRow),
    Contact(ContactRow),
    Refusal(Refusal),
}

impl Item {
    /// Later first; of one transaction's events, the last appended first.
    fn place(&self) -> (Instant, i64) {
        match self {
            Self::Event(event) => (event.at, event.seq),
            Self::Contact(contact) => (contact.at, 0),
            Self::Refusal(refusal) => (refusal.at, 0),
        }
    }

    fn actor(&self) -> &str {
        match self {
            Self::Event(event) => &event.actor,
            Self::Contact(contact) => &contact.logged_by,
            Self::Refusal(refusal) => &refusal.asked_by,
        }
    }
}

pub fn tab(
    conn: &mut DbConn,
    file: &File,
    reader: &SignedIn,
    params: &TimelineParams,
    now: Instant,
) -> AppResult<Timeline> {
    let mut selection = Selection::read(params, file.placement.id.to_string());
    let of = subject(file);
    let until = selection.until.unwrap_or(now);
    let counts = counts(conn, of, reader, until)?;
    let total = counts.get(&selection.kind).copied().unwrap_or(0);
    selection.page = selection.page.min(total.div_ceil(PAGE).max(1));

    let items = page(conn, of, reader, &selection, until)?;
    let causes = causes_elsewhere(conn, of, &items)?;
    let teller = Teller {
        people: people(conn, &items, &causes, reader)?,
        details: details(conn, of, &items, &causes, reader)?,
        marks: Marks::load(conn, of, &items, &causes)?,
        of,
        selection: &selection,
        reader,
        now,
    };
    Ok(Timeline {
        kinds: chips(&selection, &counts),
        days: teller.days(items, causes),
        pager: words::pager(selection.page, PAGE, total, |page| {
            let other = Selection {
                page,
                ..selection.clone()
            };
            format!("{}#record", other.href())
        }),
    })
}

/// How many lines each filter has.
fn counts(
    conn: &mut DbConn,
    of: Subject,
    reader: &SignedIn,
    until: Instant,
) -> AppResult<HashMap<Kind, u64>> {
    let mut counts = HashMap::new();
    let mut add = |kind: Kind, count: u64| {
        *counts.entry(kind).or_insert(0) += count;
        *counts.entry(Kind::Everything).or_insert(0) += count;
    };
    add(Kind::Contacts, store::count_contacts(conn, of, until)?);
    add(Kind::Refused, store::count_refusals(conn, of, until)?);
    let debtor_kinds = kinds::of_debtor(reader);
    for (word, count) in store::count_events(conn, of, &debtor_kinds, until)? {
        if let Some(kind) = kinds::kind_of(&word, reader) {
            add(kind, count.unsigned_abs());
        }
    }
    Ok(counts)
}

fn chips(selection: &Selection, counts: &HashMap<Kind, u64>) -> Vec<Chip> {
    Kind::WORDS
        .iter()
        .map(|(kind, _)| Chip {
            label: kind.label().to_owned(),
            count: counts.get(kind).copied().unwrap_or(0),
            href: format!(
                "{}#record",
                Selection {
                    kind: *kind,
                    page: 1,
                    ..selection.clone()
                }
                .href()
            ),
            current: *kind == selection.kind,
        })
        .collect()
}

/// The lines of one page: each stream gives as many as could be on it, and the newest win.
fn page(
    conn: &mut DbConn,
    of: Subject,
    reader: &SignedIn,
    selection: &Selection,
    until: Instant,
) -> AppResult<Vec<Item>> {
    let part = Part {
        until,
        limit: i64::try_from(selection.page * PAGE).unwrap_or(i64::MAX),
    };
    let mut items: Vec<Item> = Vec::new();
    let event_kinds = kinds::of_filter(selection.kind, reader);
    if !event_kinds.is_empty() {
        let debtor_kinds: Vec<&str> = kinds::of_debtor(reader)
            .into_iter()
            .filter(|kind| event_kinds.contains(kind))
            .collect();
        let events = store::events(conn, of, &event_kinds, &debtor_kinds, part)?;
        items.extend(events.into_iter().map(Item::Event));
    }
    if matches!(selection.kind, Kind::Everything | Kind::Contacts) {
        items.extend(
            store::contacts_of(conn, of, part)?
                .into_iter()
                .map(Item::Contact),
        );
    }
    if matches!(selection.kind, Kind::Everything | Kind::Refused) {
        items.extend(
            store::refusals(conn, of, part)?
                .into_iter()
                .map(Item::Refusal),
        );
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.place()));
    let skip = usize::try_from((selection.page - 1) * PAGE).unwrap_or(usize::MAX);
    let take = usize::try_from(PAGE).unwrap_or(usize::MAX);
    Ok(items.into_iter().skip(skip).take(take).collect())
}

/// Events that ones on this page follow from and that stand on another page or behind another
/// filter: a pair is always shown whole.
fn causes_elsewhere(conn: &mut DbConn, of: Subject, items: &[Item]) -> AppResult<Vec<EventRow>> {
    let events: Vec<&EventRow> = items
        .iter()
        .filter_map(|item| match item {
            Item::Event(event) => Some(event),
            Item::Contact(_) | Item::Refusal(_) => None,
        })
        .collect();
    let missing: Vec<EventId> = events
        .iter()
        .filter_map(|event| event.cause)
        .filter(|cause| !events.iter().any(|event| event.id == *cause))
        .collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    Ok(store::events_by_id(conn, of, &missing)?)
}

pub(super) fn events<'a>(
    items: &'a [Item],
    causes: &'a [EventRow],
) -> impl Iterator<Item = &'a EventRow> {
    items
        .iter()
        .filter_map(|item| match item {
            Item::Event(event) => Some(event),
            Item::Contact(_) | Item::Refusal(_) => None,
        })
        .chain(causes)
}

fn people(
    conn: &mut DbConn,
    items: &[Item],
    causes: &[EventRow],
    reader: &SignedIn,
) -> AppResult<People> {
    let actors = items
        .iter()
        .map(Item::actor)
        .chain(causes.iter().map(|event| event.actor.as_str()));
    People::load(conn, actors, reader.creditor.is_some())
}

/// Personal details by the event's place in the chain, as far as the reader may see them.
fn details(
    conn: &mut DbConn,
    of: Subject,
    items: &[Item],
    causes: &[EventRow],
    reader: &SignedIn,
) -> AppResult<HashMap<i64, String>> {
    let seqs: Vec<i64> = events(items, causes)
        .filter(|event| reader.creditor.is_none() || kinds::is_creditors_own(&event.kind))
        .map(|event| event.seq)
        .collect();
    if seqs.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(store::details(conn, of.creditor, &seqs)?
        .into_iter()
        .collect())
}

/// Puts lines into words for one reader.
struct Teller<'a> {
    people: People,
    /// Personal details by the event's place in the chain.
    details: HashMap<i64, String>,
    marks: Marks,
    of: Subject,
    selection: &'a Selection,
    reader: &'a SignedIn,
    now: Instant,
}

impl Teller<'_> {
    /// Days, each with its entries; an event stands with those it caused, where the newest is.
    fn days(&self, items: Vec<Item>, causes: Vec<EventRow>) -> Vec<TimelineDay> {
        let mut entries: Vec<(NaiveDate, Option<EventId>, TimelineEntry)> = Vec::new();
        let roots = Roots::of(&items);
        for item in &items {
            let root = roots.of_item(item);
            let event = self.line(item);
            let joined = root.and_then(|root| {
                entries
                    .iter_mut()
                    .find(|(_, known, _)| *known == Some(root))
            });
            match joined {
                Some((_, _, entry)) => entry.events.push(event),
                None => {
                    let day = item.place().0.date_in(self.reader.time_zone);
                    entries.push((
                        day,
                        root,
                        TimelineEntry {
                            events: vec![event],
                        },
                    ));
                }
            }
        }
        for cause in causes {
            let line = self.event(&cause);
            let entry = entries
                .iter_mut()
                .find(|(_, root, _)| *root == Some(cause.id));
            if let Some((_, _, entry)) = entry {
                entry.events.push(line);
            }
        }
        let mut days: Vec<(NaiveDate, TimelineDay)> = Vec::new();
        for (date, _, entry) in entries {
            match days.last_mut() {
                Some((last, day)) if *last == date => day.entries.push(entry),
                Some(_) | None => days.push((
                    date,
                    TimelineDay {
                        heading: date.format("%A, %-d %B %Y").to_string(),
                        entries: vec![entry],
                    },
                )),
            }
        }
        days.into_iter().map(|(_, day)| day).collect()
    }

    fn line(&self, item: &Item) -> TimelineEvent {
        match item {
            Item::Event(event) => self.event(event),
            Item::Contact(contact) => self.contact(contact),
            Item::Refusal(refusal) => self.refusal(refusal),
        }
    }

    fn when(&self, at: Instant) -> When {
        When::new(at, self.reader.time_zone, self.now)
    }

    fn permalink(&self, at: Instant, anchor: &str) -> String {
        let from_here = Selection {
            until: Some(at),
            page: 1,
            ..self.selection.clone()
        };
        format!("{}#{anchor}", from_here.href())
    }

    fn event(&self, event: &EventRow) -> TimelineEvent {
        let anchor = format!("e-{}", event.seq);
        let told = sentences::event(&event.kind, &event.body);
        let mut details = sentences::body_facts(&event.body);
        if let Some(detail) = self.details.get(&event.seq) {
            details.extend(sentences::body_facts(detail));
        }
        TimelineEvent {
            permalink: self.permalink(event.at, &anchor),
            anchor,
            kind: told.icon,
            sentence: told.sentence,
            event_name: Some(event.kind.clone()),
            actor: self.people.name(&event.actor),
            when: self.when(event.at),
            to_the_day: false,
            recorded: None,
            elsewhere: self.marks.elsewhere(self.of, event),
            rule: None,
            decision_href: None,
            details,
        }
    }

    fn contact(&self, contact: &ContactRow) -> TimelineEvent {
        let anchor = format!("c-{}", contact.id);
        let told = sentences::contact(contact);
        let mut details = vec![Fact::new("Outcome", words::spoken(&contact.outcome))];
        let duration = words::duration(contact.duration_seconds);
        if !duration.is_empty() {
            details.push(Fact::new("Length", duration));
        }
        for (term, given) in [
            ("Mini-Miranda", contact.mini_miranda),
            ("Identified as collector", contact.identified_as_collector),
        ] {
            if let Some(given) = given {
                details.push(Fact::new(term, if given { "given" } else { "not given" }));
            }
        }
        // Notes may hold what is private to the debtor; addresses too.
        if self.reader.creditor.is_none() {
            if let Some(address) = &contact.address {
                details.push(Fact::new("Number or address", address.clone()));
            }
            if let Some(notes) = &contact.notes {
                details.push(Fact::new("Notes", notes.clone()));
            }
        }
        TimelineEvent {
            permalink: self.permalink(contact.at, &anchor),
            anchor,
            kind: told.icon,
            sentence: format!("{}{}", told.sentence, self.marks.of_contact(contact)),
            event_name: None,
            actor: self.people.name(&contact.logged_by),
            when: self.when(contact.at),
            to_the_day: is_to_the_day(contact),
            recorded: is_recorded_later(contact).then(|| self.when(contact.created_at)),
            elsewhere: None,
            rule: None,
            decision_href: contact.decision_id.map(|id| format!("/decisions/{id}")),
            details,
        }
    }

    fn refusal(&self, refusal: &Refusal) -> TimelineEvent {
        let anchor = format!("d-{}", refusal.id);
        let rule = rules_in_the_way(&refusal.decision)
            .first()
            .copied()
            .or_else(|| refusal.binding_rule.as_deref()?.parse().ok());
        let mut details = Vec::new();
        if let Some(rule) = rule {
            details.push(Fact::new("Why", rule.info().public));
        }
        if let Some(at) = refusal.earliest_lawful_at {
            details.push(Fact::new("Earliest lawful", self.when(at).absolute));
        }
        TimelineEvent {
            permalink: self.permalink(refusal.at, &anchor),
            anchor,
            kind: Icon::Refused,
            sentence: sentences::refusal(&refusal.channel, &refusal.occasion),
            event_name: None,
            actor: self.people.name(&refusal.asked_by),
            when: self.when(refusal.at),
            to_the_day: false,
            recorded: None,
            elsewhere: None,
            rule: rule.map(compliance_card::rule_link),
            decision_href: Some(format!("/decisions/{}", refusal.id)),
            details,
        }
    }
}

/// The first cause of each event, as far as this page tells.
struct Roots(HashMap<EventId, EventId>);

impl Roots {
    fn of(items: &[Item]) -> Self {
        let causes = items.iter().filter_map(|item| match item {
            Item::Event(event) => Some((event.id, event.cause?)),
            Item::Contact(_) | Item::Refusal(_) => None,
        });
        Self(causes.collect())
    }

    fn of_item(&self, item: &Item) -> Option<EventId> {
        let Item::Event(event) = item else {
            return None;
        };
        let mut root = event.id;
        // A cause is always older, so this ends; the bound is for a damaged chain.
        for _ in 0..self.0.len() {
            match self.0.get(&root) {
                Some(cause) => root = *cause,
                None => break,
            }
        }
        Some(root)
    }
}

/// A file that names only a day is stored as the last second of it, so that no rule counts too
/// early; that second is not shown as if somebody had known it.
fn is_to_the_day(contact: &ContactRow) -> bool {
    contact.source == "import" && (contact.at.as_micros() / 1_000_000).rem_euclid(3_600) == 3_599
}
