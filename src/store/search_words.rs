//! The words that the search box looks through.

use std::collections::HashSet;

use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::{creditors, search_words};
use crate::domain::id::{CreditorId, PlacementId};
use crate::domain::search;

/// Placements that one word may find before it is called too common to narrow anything.
const COMMON: usize = 500;

/// Rows in one statement on PostgreSQL.
const ROWS_A_STATEMENT: usize = 1_000;

/// A placement and the texts under which it is found.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub placement: PlacementId,
    pub debtor_name: &'a str,
    pub invoice_number: &'a str,
}

/// Makes new placements findable.
pub fn insert(conn: &mut DbConn, creditor: CreditorId, entries: &[Entry<'_>]) -> QueryResult<()> {
    let mut rows = Vec::with_capacity(entries.len() * 4);
    for entry in entries {
        let text = format!("{} {}", entry.debtor_name, entry.invoice_number);
        rows.extend(search::words(&text).into_iter().map(|word| {
            (
                search_words::creditor_id.eq(creditor),
                search_words::word.eq(word),
                search_words::placement_id.eq(entry.placement),
            )
        }));
    }
    match conn {
        DbConn::Sqlite(conn) => {
            for row in rows {
                diesel::insert_into(search_words::table)
                    .values(row)
                    .execute(conn)?;
            }
        }
        DbConn::Pg(conn) => {
            let mut rows = rows;
            while !rows.is_empty() {
                let rest = rows.split_off(rows.len().min(ROWS_A_STATEMENT));
                diesel::insert_into(search_words::table)
                    .values(rows)
                    .execute(conn)?;
                rows = rest;
            }
        }
    }
    Ok(())
}

/// What a query found by its words alone.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    pub ids: Vec<PlacementId>,
    /// Words too common to narrow anything here: they have to be looked for in the rows
    /// themselves.
    pub unchecked: Vec<String>,
    /// There are more: even the rarest word is common.
    pub more: bool,
}

/// Placements that have words beginning with each of the query's, as far as rare words tell.
pub fn candidates(conn: &mut DbConn, scope: Scope, query: &[String]) -> QueryResult<Candidates> {
    let mut rare: Option<HashSet<PlacementId>> = None;
    let mut common: Option<Vec<PlacementId>> = None;
    let mut unchecked = Vec::new();
    // The longest first: it is the rarest as a rule.
    let mut words: Vec<&String> = query.iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    for word in words {
        let found = beginning_with(conn, scope, word)?;
        if found.len() > COMMON {
            common.get_or_insert(found);
            unchecked.push(word.clone());
            continue;
        }
        let found: HashSet<PlacementId> = found.into_iter().collect();
        rare = Some(match rare {
            None => found,
            Some(before) => before.intersection(&found).copied().collect(),
        });
    }
    Ok(match (rare, common) {
        (Some(ids), _) => Candidates {
            ids: ids.into_iter().collect(),
            unchecked,
            more: false,
        },
        (None, Some(mut ids)) => {
            ids.truncate(COMMON);
            Candidates {
                ids,
                unchecked,
                more: true,
            }
        }
        (None, None) => Candidates::default(),
    })
}

fn beginning_with(conn: &mut DbConn, scope: Scope, prefix: &str) -> QueryResult<Vec<PlacementId>> {
    let limit = i64::try_from(COMMON).unwrap_or(i64::MAX) + 1;
    // No word goes on with this one: it is not a letter.
    let end = format!("{prefix}\u{10ffff}");
    let query = search_words::table
        .filter(search_words::word.ge(prefix))
        .filter(search_words::word.lt(end))
        .select(search_words::placement_id)
        .limit(limit)
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(search_words::creditor_id.eq(creditor)),
        Scope::Agency => {
            let all: Vec<CreditorId> = creditors::table.select(creditors::id).load(conn)?;
            query.filter(search_words::creditor_id.eq_any(all))
        }
    }
    .load(conn)
}
