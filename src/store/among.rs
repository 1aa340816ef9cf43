//! Rows whose id is one of several, by a statement of fixed shape.
//!
//! Diesel writes `IN (?, ?, …)` on SQLite, a statement of its own for every number of ids, which it
//! therefore never keeps: SQLite parses and plans it anew each time. Given the ids as one text in
//! JSON, the statement is always the same. PostgreSQL takes a list as one value anyway.

use diesel::expression::{AppearsOnTable, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};
use diesel::sqlite::Sqlite;

use crate::domain::id::Id;

/// `column IN (these ids)`, on SQLite.
#[derive(Debug, Clone, QueryId)]
pub struct Among<C> {
    column: C,
    /// A JSON array of texts.
    ids: String,
}

/// Whether `column` is one of `ids`.
pub fn among<C, K>(column: C, ids: &[Id<K>]) -> Among<C> {
    let mut json = String::with_capacity(ids.len() * 40 + 2);
    json.push('[');
    for (place, id) in ids.iter().enumerate() {
        if place > 0 {
            json.push(',');
        }
        // An id has only hexadecimal digits and dashes: nothing to escape.
        json.push('"');
        json.push_str(id.as_str());
        json.push('"');
    }
    json.push(']');
    Among { column, ids: json }
}

impl<C> Expression for Among<C> {
    type SqlType = Bool;
}

impl<C, From: ?Sized> AppearsOnTable<From> for Among<C> where C: AppearsOnTable<From> {}
impl<C, From: ?Sized> SelectableExpression<From> for Among<C> where C: SelectableExpression<From> {}

impl<C> ValidGrouping<()> for Among<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Among<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT value FROM json_each(");
        out.push_bind_param::<Text, _>(&self.ids)?;
        out.push_sql("))");
        Ok(())
    }
}

/// Loads `$query`, in which `$rows` stands for the rows of `$all` whose `$column` is among `$ids`.
macro_rules! load_among {
    ($conn:expr, $all:expr, $column:expr, $ids:expr, |$rows:ident| $query:expr) => {
        match $conn {
            $crate::db::DbConn::Sqlite(conn) => {
                let $rows = $all.filter($crate::store::among::among($column, $ids));
                $query.load(conn)
            }
            $crate::db::DbConn::Pg(conn) => {
                let $rows = $all.filter($column.eq_any($ids));
                $query.load(conn)
            }
        }
    };
}
pub(super) use load_among;
