//! Which do-not-call lists are in force and how old they are: one account for every page that
//! says so.

use chrono::{Duration, NaiveDate};
use serde_json::Value;

use super::people::People;
use crate::db::DbConn;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::when::When as FileDate;
use crate::store::creditors::{self, Creditor};
use crate::store::dnc_lists::{self, LoadRow};
use crate::store::dnc_search::{self, FileLoad};
use crate::store::facts::AGENCY_WIDE;
use crate::web::access::SignedIn;
use crate::web::view::dnc::DncLoad;
use crate::web::view::part::When;

/// A registry may be used this long after it was loaded (16 CFR 310.4(b)(3)(iv)).
const FRESH: Duration = Duration::days(31);

/// Files of single numbers that are listed.
const FILES: i64 = 10;

/// What a creditor's name was that isn't on file any more.
const FORMER: &str = "A former creditor";

/// What was loaded and still counts.
pub struct InForce {
    creditors: Vec<Creditor>,
    people: People,
    /// Lists that are kept whole.
    lists: Vec<LoadRow>,
    /// Files of single numbers, the latest first. What they put on the lists adds up.
    files: Vec<FileLoad>,
}

impl InForce {
    pub fn load(conn: &mut DbConn) -> AppResult<Self> {
        let creditors = creditors::list(conn)?;
        let lists = dnc_lists::in_force(conn)?;
        let files = dnc_search::file_loads(conn, FILES)?;
        let actors = lists
            .iter()
            .map(|list| list.created_by.as_str())
            .chain(files.iter().map(|file| file.actor.as_str()));
        let people = People::load(conn, actors, false)?;
        Ok(Self {
            creditors,
            people,
            lists,
            files,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.files.is_empty()
    }

    /// Lists and files, as a table shows them.
    pub fn all(&self, reader: &SignedIn, now: Instant) -> Vec<DncLoad> {
        let lists = self.lists.iter().map(|list| DncLoad {
            name: list.list.clone(),
            as_of: Some(day(list.as_of)),
            when: When::new(list.created_at, reader.time_zone, now),
            binds: self.binds(&list.scope),
            numbers: list.numbers.unsigned_abs(),
            invalid: list.invalid.unsigned_abs(),
            by: self.people.name(&list.created_by),
            stale: is_stale(list.as_of, now),
        });
        lists.chain(self.files(reader, now)).collect()
    }

    /// Files of single numbers alone.
    pub fn files(&self, reader: &SignedIn, now: Instant) -> Vec<DncLoad> {
        self.files
            .iter()
            .map(|file| {
                let body: Value = serde_json::from_str(&file.body).unwrap_or_default();
                let count = |name: &str| body.get(name).and_then(Value::as_u64).unwrap_or(0);
                let scope = body.get("scope").and_then(Value::as_str);
                DncLoad {
                    name: "A file of single numbers".to_owned(),
                    as_of: None,
                    when: When::new(file.at, reader.time_zone, now),
                    binds: self.binds(scope.unwrap_or_default()),
                    numbers: count("numbers"),
                    invalid: count("invalid"),
                    by: self.people.name(&file.actor),
                    stale: now.since(file.at) > FRESH,
                }
            })
            .collect()
    }

    /// Whether the lists are older than they may be: any that is kept whole, or, where none is,
    /// the latest file.
    pub fn is_stale(&self, now: Instant) -> bool {
        if self.lists.is_empty() {
            let latest = self.files.first();
            latest.is_some_and(|file| now.since(file.at) > FRESH)
        } else {
            self.lists.iter().any(|list| is_stale(list.as_of, now))
        }
    }

    /// The state of the lists in one sentence.
    pub fn sentence(&self, reader: &SignedIn, now: Instant) -> String {
        let oldest = self.lists.iter().min_by_key(|list| list.as_of);
        match (oldest, self.files(reader, now).first()) {
            (Some(list), _) if self.lists.len() == 1 => {
                format!("{}, as of {}", list.list, day(list.as_of))
            }
            (Some(list), _) => format!(
                "{} lists, the oldest as of {}: {}",
                self.lists.len(),
                day(list.as_of),
                list.list
            ),
            (None, Some(file)) => format!(
                "Single numbers from a file, loaded {}; no whole list is loaded",
                file.when.relative
            ),
            (None, None) => "No list was loaded yet".to_owned(),
        }
    }

    fn binds(&self, scope: &str) -> String {
        binds(scope, &self.creditors)
    }
}

/// Whom a list of this scope binds.
pub fn binds(scope: &str, creditors: &[Creditor]) -> String {
    if scope == AGENCY_WIDE {
        return "Every creditor".to_owned();
    }
    creditors
        .iter()
        .find(|creditor| creditor.id.as_str() == scope)
        .map_or_else(|| FORMER.to_owned(), |creditor| creditor.name.clone())
}

/// Whether a list that shows this day is older than it may be.
pub fn is_stale(as_of: NaiveDate, now: Instant) -> bool {
    now.since(FileDate::On(as_of).latest()) > FRESH
}

fn day(day: NaiveDate) -> String {
    super::words::date(day)
}
