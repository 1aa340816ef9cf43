//! Everything the gate reads about debtors, loaded in one go.
//!
//! Nothing is judged here. A stored detail that can't be read becomes the form that protects the
//! debtor: an attorney without a name is still an attorney.
//!
//! Asked for every contact, so the queries for one debtor have a fixed shape and are prepared once.

mod debts;
mod history;
mod listings;
mod permissions;
mod person;
mod shared;

use std::collections::HashMap;

use diesel::prelude::*;
use serde::de::value::{Error as NotAWord, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::db::DbConn;
use crate::db::schema::{creditors, debtors};
use crate::domain::id::{CreditorId, DebtorId};
use crate::gate::facts::{self, Facts};

/// Entries under this scope bind every creditor.
pub const AGENCY_WIDE: &str = "agency";

/// The facts of several debtors of one creditor. A debtor that isn't there is left out.
pub fn load(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[DebtorId],
) -> QueryResult<HashMap<DebtorId, Facts>> {
    let mut files = load_debtors(conn, creditor, ids)?;
    person::add_flags(conn, creditor, ids, &mut files)?;
    person::add_phones(conn, creditor, ids, &mut files)?;
    person::add_emails(conn, creditor, ids, &mut files)?;
    shared::add_stops_of_others(conn, creditor, ids, &mut files)?;
    debts::add_debts(conn, creditor, ids, &mut files)?;
    debts::add_letters(conn, creditor, ids, &mut files)?;
    debts::add_disputes(conn, creditor, ids, &mut files)?;
    permissions::add_consents(conn, creditor, ids, &mut files)?;
    history::add_history(conn, creditor, ids, &mut files)?;
    Ok(files
        .into_iter()
        .map(|(id, file)| (id, file.facts))
        .collect())
}

/// The facts of one debtor, or nothing if the creditor has no such debtor.
pub fn load_one(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Option<Facts>> {
    Ok(load(conn, creditor, &[debtor])?.remove(&debtor))
}

/// One debtor's facts while they are put together.
struct File {
    facts: Facts,
    /// The creditor's cap for placements that have none of their own.
    default_weekly_cap: i32,
}

type Files = HashMap<DebtorId, File>;

/// The rows of a table that belong to the debtors: by equality for one, by a list for several. Both
/// have a fixed shape, so that the statement is prepared once and found again by its type.
///
/// What is ordered is ordered by debtor first, as the indexes have it: several debtors' rows are
/// then never sorted all together.
macro_rules! rows_of {
    ($conn:expr, $table:ident, $creditor:expr, $ids:expr, |$rows:ident| $query:expr) => {
        rows_of!($conn, $table, debtor_id, $creditor, $ids, |$rows| $query)
    };
    ($conn:expr, $table:ident, $id:ident, $creditor:expr, $ids:expr, |$rows:ident| $query:expr) => {{
        let all = $table::table.filter($table::creditor_id.eq($creditor));
        match $ids {
            [one] => {
                let $rows = all.filter($table::$id.eq(*one));
                $crate::store::each::on_each!($conn, conn => $query.load(conn))
            }
            several => $crate::store::among::load_among!($conn, all, $table::$id, several, |$rows| $query),
        }
    }};
}
use rows_of;

/// Id, kind, state, ZIP; whether the creditor is cleared, why not, and its weekly cap.
type DebtorRow = (
    DebtorId,
    String,
    Option<String>,
    Option<String>,
    bool,
    Option<String>,
    i32,
);

fn load_debtors(conn: &mut DbConn, creditor: CreditorId, ids: &[DebtorId]) -> QueryResult<Files> {
    let rows: Vec<DebtorRow> = rows_of!(conn, debtors, id, creditor, ids, |rows| rows
        .inner_join(creditors::table.on(creditors::id.eq(debtors::creditor_id)))
        .select((
            debtors::id,
            debtors::kind,
            debtors::state,
            debtors::zip,
            creditors::cleared,
            creditors::not_cleared_reason,
            creditors::max_calls_per_week,
        )))?;
    Ok(rows.into_iter().map(begin_file).collect())
}

fn begin_file(
    (id, kind, state, zip, cleared, reason, default_weekly_cap): DebtorRow,
) -> (DebtorId, File) {
    let facts = Facts {
        debtor: facts::Debtor {
            kind: match kind.as_str() {
                "business" => facts::DebtorKind::Business,
                _ => facts::DebtorKind::Person,
            },
            state,
            zip,
            ..Default::default()
        },
        creditor: facts::Creditor {
            cleared,
            reason,
            ..Default::default()
        },
        ..Default::default()
    };
    let file = File {
        facts,
        default_weekly_cap,
    };
    (id, file)
}

/// Reads a flag's details; what can't be read is the type's default, which is in force.
fn detail<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// Reads one of the gate's words; one it doesn't know is its default.
fn word<T: DeserializeOwned + Default>(text: &str) -> T {
    known_word(text).unwrap_or_default()
}

/// Reads one of the gate's words; nothing if it doesn't know it.
fn known_word<T: DeserializeOwned>(text: &str) -> Option<T> {
    let text: StrDeserializer<'_, NotAWord> = text.into_deserializer();
    T::deserialize(text).ok()
}
