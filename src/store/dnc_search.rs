//! Looking up one number on every do-not-call list, and the desk's own changes to them.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dnc_listings::{self, Listing};
use crate::db::DbConn;
use crate::db::schema::{audit_events, creditors, dnc_entries};
use crate::domain::audit_chain::Chain;
use crate::domain::event::EventKind;
use crate::domain::id::CreditorId;
use crate::domain::phone::PhoneNumber;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;

/// One entry for a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `agency`, or the id of the creditor whose list it is.
    pub scope: String,
    /// The creditor's name, where it is a creditor's list.
    pub creditor: Option<String>,
    /// `federal`, `state`, `debtor` or `internal`.
    pub source: String,
    /// The load or the list that brought it; none for one that was written by hand or asked for.
    pub list_id: Option<String>,
    /// For a list that is kept whole, the day whose state it shows.
    pub added_on: NaiveDate,
    /// The last day on which it holds; none: for good.
    pub expires_on: Option<NaiveDate>,
    /// Stands as a row of its own and not only in a loaded list.
    pub is_row: bool,
}

type Row = (String, String, Option<String>, NaiveDate, Option<NaiveDate>);

/// Every entry for a number, over all creditors: the agency's first.
pub fn entries(conn: &mut DbConn, number: PhoneNumber) -> QueryResult<Vec<Entry>> {
    let rows: Vec<Row> = dnc_entries::table
        .filter(dnc_entries::number.eq(number))
        .order((dnc_entries::scope.asc(), dnc_entries::source.asc()))
        .select((
            dnc_entries::scope,
            dnc_entries::source,
            dnc_entries::list_id,
            dnc_entries::added_on,
            dnc_entries::expires_on,
        ))
        .load(conn)?;
    let names: Vec<(CreditorId, String)> = creditors::table
        .select((creditors::id, creditors::name))
        .load(conn)?;
    let mut entries: Vec<Entry> = rows
        .into_iter()
        .map(|(scope, source, list_id, added_on, expires_on)| Entry {
            creditor: name_of(&scope, &names),
            scope,
            source,
            list_id,
            added_on,
            expires_on,
            is_row: true,
        })
        .collect();
    let whole = dnc_listings::whole_lists(conn, number)?;
    entries.extend(
        whole
            .into_iter()
            .map(|listing| of_whole_list(listing, &names)),
    );
    entries.sort_by_key(|entry| (entry.creditor.is_some(), entry.scope.clone()));
    Ok(entries)
}

/// What stands on a list that is kept whole, as the gate reads it.
fn of_whole_list(listing: Listing, names: &[(CreditorId, String)]) -> Entry {
    Entry {
        creditor: name_of(&listing.scope, names),
        scope: listing.scope,
        source: listing.source,
        list_id: listing.list,
        added_on: listing.as_of.unwrap_or_default(),
        expires_on: listing.expires_on,
        is_row: false,
    }
}

fn name_of(scope: &str, names: &[(CreditorId, String)]) -> Option<String> {
    names
        .iter()
        .find(|(id, _)| id.as_str() == scope)
        .map(|(_, name)| name.clone())
}

/// Writes an entry unless the same source has one for the number already; how many were written.
pub fn add(
    conn: &mut DbConn,
    number: PhoneNumber,
    scope: &str,
    source: &str,
    added_on: NaiveDate,
) -> QueryResult<usize> {
    let insert = diesel::insert_into(dnc_entries::table)
        .values((
            dnc_entries::number.eq(number),
            dnc_entries::scope.eq(scope),
            dnc_entries::source.eq(source),
            dnc_entries::added_on.eq(added_on),
        ))
        .on_conflict_do_nothing();
    match conn {
        DbConn::Sqlite(conn) => insert.execute(conn),
        DbConn::Pg(conn) => insert.execute(conn),
    }
}

/// Takes an entry off; how many there were.
pub fn remove(
    conn: &mut DbConn,
    number: PhoneNumber,
    scope: &str,
    source: &str,
) -> QueryResult<usize> {
    diesel::delete(dnc_entries::table.find((number, scope, source))).execute(conn)
}

/// A file of single numbers that was loaded: when, and what the record of it says.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct FileLoad {
    pub at: Instant,
    pub actor: String,
    /// JSON: `scope`, `numbers`, `invalid`.
    pub body: String,
}

/// The latest loads of files of single numbers. Of a list that is kept whole,
/// [`dnc_lists`](super::dnc_lists) knows whether it still is in force; its record names its load.
pub fn file_loads(conn: &mut DbConn, limit: i64) -> QueryResult<Vec<FileLoad>> {
    audit_events::table
        .filter(audit_events::chain.eq(Chain::Platform.to_string()))
        .filter(audit_events::kind.eq(EventKind::DncListLoaded.as_str()))
        .filter(audit_events::body.not_like("%\"load\":%"))
        .order(audit_events::seq.desc())
        .limit(limit)
        .select((audit_events::at, audit_events::actor, audit_events::body))
        .load(conn)
}
