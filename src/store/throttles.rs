//! Counters of failures for whatever can be guessed.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::throttles;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = throttles, treat_none_as_null = true)]
pub struct Throttle {
    /// What is counted: `sign-in account …`, `sign-in source …`, `portal code …`.
    pub bucket: String,
    pub failures: i32,
    pub window_started_at: Instant,
    pub blocked_until: Option<Instant>,
}

/// The counter, locked until the transaction ends.
pub fn lock(conn: &mut DbConn, bucket: &str) -> QueryResult<Option<Throttle>> {
    let row = throttles::table.find(bucket);
    match conn {
        DbConn::Sqlite(conn) => row.get_result(conn).optional(),
        DbConn::Pg(conn) => row.for_update().get_result(conn).optional(),
    }
}

pub fn find(conn: &mut DbConn, bucket: &str) -> QueryResult<Option<Throttle>> {
    throttles::table
        .find(bucket)
        .select(Throttle::as_select())
        .get_result(conn)
        .optional()
}

/// Writes the counter, over the old one if there is one.
pub fn save(conn: &mut DbConn, throttle: &Throttle) -> QueryResult<()> {
    let insert = diesel::insert_into(throttles::table)
        .values(throttle)
        .on_conflict(throttles::bucket)
        .do_update()
        .set(throttle);
    match conn {
        DbConn::Sqlite(conn) => insert.execute(conn),
        DbConn::Pg(conn) => insert.execute(conn),
    }
    .map(drop)
}

pub fn clear(conn: &mut DbConn, bucket: &str) -> QueryResult<usize> {
    diesel::delete(throttles::table.find(bucket)).execute(conn)
}
