//! Single entries of do-not-call lists, each with a source and days of its own. Lists of millions
//! are kept whole: [`dnc_lists`](super::dnc_lists).

use std::collections::BTreeMap;
use std::io::BufRead;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, ImportId};
use crate::domain::phone::PhoneNumber;
use crate::error::{AppError, AppResult};
use crate::intake::dnc::{DncEntry, DncFormat, DncLine, DncReader};
use crate::intake::issue::RowIssue;
use crate::store::dnc_entries::{self, DncRow};
use crate::store::facts::AGENCY_WIDE;

/// By whose calendar a number is listed where nobody's clock says: the east's, where most people
/// live. It holds at once wherever it is another day.
pub(super) const CALENDAR: Tz = chrono_tz::America::New_York;

/// Entries in one load, which is one transaction: some seconds.
const MOST_ENTRIES: usize = 200_000;

/// Numbers in one statement.
const BATCH: usize = 2_000;

/// Lines that can't be read and are kept word for word.
const LISTED: usize = 20;

/// Whom a list binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DncScope {
    /// Every creditor.
    Agency,
    Creditor(CreditorId),
}

impl DncScope {
    pub(super) fn word(self) -> String {
        match self {
            Self::Agency => AGENCY_WIDE.to_owned(),
            Self::Creditor(id) => id.to_string(),
        }
    }
}

/// What a load came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Numbers that are on the list now.
    pub numbers: usize,
    /// Lines that hold no number.
    pub invalid: usize,
    /// The first of them.
    pub problems: Vec<RowIssue>,
}

/// Loads single entries: an agency's own list, with its sources and days. All of it counts or, if
/// the source ends in an error, nothing. Lines that can't be read are counted and left out.
///
/// # Errors
/// [`AppError::Invalid`] for a file that is no list, and for one that would keep everybody else
/// from writing too long: a list of that size is kept whole, see
/// [`dnc_lists`](super::dnc_lists).
pub fn load(ctx: &Ctx, actor: &Actor, scope: DncScope, source: impl BufRead) -> AppResult<Loaded> {
    let reader =
        DncReader::new(source).map_err(|error| AppError::invalid("file", error.to_string()))?;
    if reader.is_change_list() {
        return Err(AppError::invalid(
            "file",
            "This file says what changed in a list: name the list.",
        ));
    }
    let list = ImportId::generate(ctx.now());
    let loading = Loading {
        scope: scope.word(),
        list: list.to_string(),
        today: ctx.now().date_in(CALENDAR),
        default_source: match reader.format() {
            // The layouts in which the national registry is shipped.
            DncFormat::AreaCommaNumber
            | DncFormat::TenDigits
            | DncFormat::ChangeList
            | DncFormat::Xml => "federal",
            DncFormat::OwnCsv => "internal",
        },
    };
    ctx.write(actor, |tx| {
        let loaded = loading.save_all(tx, reader)?;
        tx.record(NewEvent::of_platform(EventKind::DncListLoaded).body(json!({
            "list": list,
            "scope": loading.scope,
            "numbers": loaded.numbers,
            "invalid": loaded.invalid,
        })))?;
        Ok(loaded)
    })
}

/// What all entries of one load have in common.
struct Loading {
    scope: String,
    list: String,
    today: NaiveDate,
    default_source: &'static str,
}

impl Loading {
    fn row(&self, entry: &DncEntry) -> DncRow {
        let source = entry.source.as_deref().map_or(self.default_source, word);
        DncRow {
            number: entry.number,
            scope: self.scope.clone(),
            source: source.to_owned(),
            list_id: Some(self.list.clone()),
            added_on: entry.added_on.unwrap_or(self.today),
            expires_on: entry.expires_on,
        }
    }

    fn save_all(&self, tx: &mut Tx<'_>, reader: DncReader<impl BufRead>) -> AppResult<Loaded> {
        let mut loaded = Loaded::default();
        let mut batch = BTreeMap::new();
        for line in reader {
            match line.map_err(|error| AppError::invalid("file", error.to_string()))? {
                DncLine::Entry(entry) => {
                    let row = self.row(&entry);
                    batch.insert((row.number, row.source.clone()), row);
                    loaded.numbers += 1;
                }
                DncLine::Invalid(issue) => {
                    loaded.invalid += 1;
                    if loaded.problems.len() < LISTED {
                        loaded.problems.push(issue);
                    }
                }
            }
            if loaded.numbers > MOST_ENTRIES {
                return Err(AppError::invalid(
                    "file",
                    "This list has more than 200,000 numbers: give it a name and load it as a whole.",
                ));
            }
            if batch.len() >= BATCH {
                self.save(tx, std::mem::take(&mut batch).into_values().collect())?;
            }
        }
        self.save(tx, batch.into_values().collect())?;
        Ok(loaded)
    }

    /// Saves a batch. What a debtor asked for without an end never gets one by a list.
    fn save(&self, tx: &mut Tx<'_>, mut rows: Vec<DncRow>) -> AppResult<()> {
        let ending: Vec<PhoneNumber> = rows
            .iter()
            .filter(|row| row.source == "debtor" && row.expires_on.is_some())
            .map(|row| row.number)
            .collect();
        if !ending.is_empty() {
            let kept = dnc_entries::asked_for(tx.conn, &self.scope, &ending)?;
            rows.retain(|row| {
                row.source != "debtor" || row.expires_on.is_none() || !kept.contains(&row.number)
            });
        }
        if !rows.is_empty() {
            dnc_entries::save(tx.conn, &rows)?;
        }
        Ok(())
    }
}

/// Who put a number on the list, as one of the four words that are kept.
fn word(source: &str) -> &'static str {
    let source = source.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| source.contains(word));
    if says(&["federal", "national", "ftc"]) {
        "federal"
    } else if says(&["state"]) {
        "state"
    } else if says(&["debtor", "consumer", "own request", "customer"]) {
        "debtor"
    } else {
        "internal"
    }
}
