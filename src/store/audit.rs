//! The audit chain's rows.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Text};

use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::{audit_chains, audit_details, audit_events};
use crate::domain::audit_chain::{GENESIS, Link};
use crate::domain::audit_verify::Row;
use crate::domain::id::{DebtorId, EventId, PlacementId};
use crate::domain::time::Instant;

/// How long a chain is and the hash it ends in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Head {
    pub length: i64,
    pub head: String,
}

/// One event as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
pub struct EventRow {
    pub chain: String,
    pub seq: i64,
    pub id: EventId,
    pub at: Instant,
    pub kind: String,
    pub actor: String,
    pub debtor_id: Option<DebtorId>,
    pub placement_id: Option<PlacementId>,
    pub cause: Option<EventId>,
    pub body: String,
    pub prev_hash: String,
    pub hash: String,
}

impl EventRow {
    /// The row as it is hashed.
    pub fn link(&self) -> Link {
        Link {
            chain: self.chain.clone(),
            seq: self.seq,
            id: self.id,
            at: self.at,
            kind: self.kind.clone(),
            actor: self.actor.clone(),
            debtor_id: self.debtor_id,
            placement_id: self.placement_id,
            cause: self.cause,
            body: self.body.clone(),
            prev_hash: self.prev_hash.clone(),
        }
    }
}

/// The head of a chain, locked until the transaction ends. A chain that has no event yet is made.
pub fn lock_head(conn: &mut DbConn, chain: &str) -> QueryResult<Head> {
    let find = || {
        audit_chains::table
            .find(chain)
            .select((audit_chains::length, audit_chains::head))
    };
    // SQLite has no row locks and needs none: a write transaction is alone.
    let found = match conn {
        DbConn::Sqlite(conn) => find().get_result(conn).optional()?,
        DbConn::Pg(conn) => find().for_update().get_result(conn).optional()?,
    };
    if let Some(head) = found {
        return Ok(head);
    }
    let first = (
        audit_chains::chain.eq(chain),
        audit_chains::length.eq(0_i64),
        audit_chains::head.eq(GENESIS),
    );
    match conn {
        DbConn::Sqlite(conn) => {
            diesel::insert_into(audit_chains::table)
                .values(first)
                .execute(conn)?;
            find().get_result(conn)
        }
        DbConn::Pg(conn) => {
            // Two transactions may both find no row; the second waits here for the first.
            diesel::insert_into(audit_chains::table)
                .values(first)
                .on_conflict_do_nothing()
                .execute(conn)?;
            find().for_update().get_result(conn)
        }
    }
}

/// Writes the head that the transaction leaves.
pub fn update_head(conn: &mut DbConn, chain: &str, head: &Head) -> QueryResult<()> {
    let set = SetHead { chain, head };
    on_each!(conn, conn => set.execute(conn)).map(drop)
}

/// The update of a head, which every change makes. Diesel prepares each `update` anew; this one
/// has a fixed shape and is prepared once.
struct SetHead<'a> {
    chain: &'a str,
    head: &'a Head,
}

impl<DB> QueryFragment<DB> for SetHead<'_>
where
    DB: Backend,
    i64: ToSql<BigInt, DB>,
    str: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE audit_chains SET length = ");
        out.push_bind_param::<BigInt, _>(&self.head.length)?;
        out.push_sql(", head = ");
        out.push_bind_param::<Text, _>(self.head.head.as_str())?;
        out.push_sql(" WHERE chain = ");
        out.push_bind_param::<Text, _>(self.chain)
    }
}

impl QueryId for SetHead<'_> {
    type QueryId = SetHead<'static>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> RunQueryDsl<C> for SetHead<'_> {}

pub fn insert(conn: &mut DbConn, event: &EventRow) -> QueryResult<()> {
    let insert = diesel::insert_into(audit_events::table).values(event);
    on_each!(conn, conn => insert.execute(conn)).map(drop)
}

/// Keeps the personal details of an event beside the chain.
pub fn insert_detail(
    conn: &mut DbConn,
    chain: &str,
    seq: i64,
    salt: &str,
    value: &str,
) -> QueryResult<()> {
    diesel::insert_into(audit_details::table)
        .values((
            audit_details::chain.eq(chain),
            audit_details::seq.eq(seq),
            audit_details::salt.eq(salt),
            audit_details::value.eq(value),
        ))
        .execute(conn)
        .map(drop)
}

/// Which events of a placement's trail are read.
#[derive(Debug, Clone)]
pub struct TrailFilter<'a> {
    pub chain: &'a str,
    pub placement: PlacementId,
    pub debtor: DebtorId,
    /// Kinds that bind every placement of the debtor, wherever they were noted.
    pub of_debtor: &'a [&'static str],
    /// Any of these kinds; every kind where there is none.
    pub kinds: &'a [&'static str],
    /// The beginning of an actor's text: `user:`, or a whole one.
    pub actor: Option<&'a str>,
    pub since: Option<Instant>,
    pub until: Option<Instant>,
    /// Before this place in the chain.
    pub before: Option<i64>,
}

/// The trail of a placement, the latest first.
pub fn trail(
    conn: &mut DbConn,
    filter: &TrailFilter<'_>,
    limit: i64,
) -> QueryResult<Vec<EventRow>> {
    let mut query = audit_events::table
        .filter(audit_events::chain.eq(filter.chain))
        .filter(
            audit_events::placement_id
                .eq(filter.placement)
                .or(audit_events::debtor_id
                    .eq(filter.debtor)
                    .and(audit_events::kind.eq_any(filter.of_debtor))),
        )
        .order(audit_events::seq.desc())
        .limit(limit)
        .select(EventRow::as_select())
        .into_boxed();
    if !filter.kinds.is_empty() {
        query = query.filter(audit_events::kind.eq_any(filter.kinds));
    }
    if let Some(actor) = filter.actor {
        // Letters in lower case, digits, colons and hyphens: nothing that LIKE reads otherwise.
        query = query.filter(audit_events::actor.like(format!("{actor}%")));
    }
    if let Some(since) = filter.since {
        query = query.filter(audit_events::at.ge(since));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_events::at.le(until));
    }
    if let Some(before) = filter.before {
        query = query.filter(audit_events::seq.lt(before));
    }
    query.load(conn)
}

/// A row of the chain whatever it holds: whoever changed it may have left no id of ours.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_events)]
struct StoredRow {
    chain: String,
    seq: i64,
    id: String,
    at: Instant,
    kind: String,
    actor: String,
    debtor_id: Option<String>,
    placement_id: Option<String>,
    cause: Option<String>,
    body: String,
    prev_hash: String,
    hash: String,
}

impl From<StoredRow> for Row {
    fn from(row: StoredRow) -> Self {
        Self {
            chain: row.chain,
            seq: row.seq,
            id: row.id,
            at: row.at.to_rfc3339(),
            kind: row.kind,
            actor: row.actor,
            debtor_id: row.debtor_id,
            placement_id: row.placement_id,
            cause: row.cause,
            body: row.body,
            prev_hash: row.prev_hash,
            hash: row.hash,
        }
    }
}

/// Some rows of a chain, in order.
#[derive(Debug, Default)]
pub struct Page {
    pub rows: Vec<Row>,
    /// The row after these can't be read at all.
    pub unreadable: bool,
}

/// The rows of a chain after a place in it, at most `limit`.
pub fn rows_after(conn: &mut DbConn, chain: &str, seq: i64, limit: i64) -> QueryResult<Page> {
    match stored_after(conn, chain, seq, limit) {
        Ok(rows) => Ok(Page {
            rows,
            unreadable: false,
        }),
        Err(diesel::result::Error::DeserializationError(_)) => up_to_unreadable(conn, chain, seq),
        Err(error) => Err(error),
    }
}

fn stored_after(conn: &mut DbConn, chain: &str, seq: i64, limit: i64) -> QueryResult<Vec<Row>> {
    let rows: Vec<StoredRow> = audit_events::table
        .filter(audit_events::chain.eq(chain))
        .filter(audit_events::seq.gt(seq))
        .order(audit_events::seq.asc())
        .limit(limit)
        .select(StoredRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// One row at a time, to find the one that can't be read.
fn up_to_unreadable(conn: &mut DbConn, chain: &str, mut seq: i64) -> QueryResult<Page> {
    let mut page = Page::default();
    loop {
        match stored_after(conn, chain, seq, 1) {
            Ok(rows) => match rows.into_iter().next() {
                Some(row) => {
                    seq = row.seq;
                    page.rows.push(row);
                }
                None => return Ok(page),
            },
            Err(diesel::result::Error::DeserializationError(_)) => {
                page.unreadable = true;
                return Ok(page);
            }
            Err(error) => return Err(error),
        }
    }
}

/// The hash of one event.
pub fn hash_at(conn: &mut DbConn, chain: &str, seq: i64) -> QueryResult<Option<String>> {
    audit_events::table
        .find((chain, seq))
        .select(audit_events::hash)
        .get_result(conn)
        .optional()
}

/// When the latest event of a chain was recorded.
pub fn latest_at(conn: &mut DbConn, chain: &str) -> QueryResult<Option<Instant>> {
    audit_events::table
        .filter(audit_events::chain.eq(chain))
        .order(audit_events::seq.desc())
        .select(audit_events::at)
        .first(conn)
        .optional()
}

/// The head of a chain; nothing where it has no event yet.
pub fn head(conn: &mut DbConn, chain: &str) -> QueryResult<Option<Head>> {
    audit_chains::table
        .find(chain)
        .select((audit_chains::length, audit_chains::head))
        .get_result(conn)
        .optional()
}

/// The name of every chain there is, sorted: also of one whose head, or whose events, somebody
/// has taken away.
pub fn chains(conn: &mut DbConn) -> QueryResult<Vec<String>> {
    let mut chains: Vec<String> = audit_chains::table.select(audit_chains::chain).load(conn)?;
    let with_events: Vec<String> = audit_events::table
        .select(audit_events::chain)
        .distinct()
        .load(conn)?;
    chains.extend(with_events);
    chains.sort_unstable();
    chains.dedup();
    Ok(chains)
}

/// The head of every chain that has an event, by name.
pub fn heads(conn: &mut DbConn) -> QueryResult<Vec<(String, Head)>> {
    audit_chains::table
        .filter(audit_chains::length.gt(0))
        .order(audit_chains::chain.asc())
        .select((
            audit_chains::chain,
            (audit_chains::length, audit_chains::head),
        ))
        .load(conn)
}
