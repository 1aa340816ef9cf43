//! The processes that run and what their loops did, as they say themselves.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{processes, worker_loops};
use crate::domain::time::Instant;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = processes, treat_none_as_null = true)]
pub struct Process {
    pub id: String,
    /// `serve`, `worker` or `demo`.
    pub kind: String,
    pub version: String,
    pub started_at: Instant,
    /// When it last said that it runs.
    pub seen_at: Instant,
    /// Set by a process that ended as it was told to.
    pub stopped_at: Option<Instant>,
}

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = worker_loops, treat_none_as_null = true)]
pub struct LoopRow {
    pub process: String,
    pub name: String,
    pub turns: i64,
    /// Pieces of work done since the process started.
    pub done: i64,
    pub last_turn_at: Instant,
    pub last_success_at: Option<Instant>,
    /// Failures since the last success.
    pub failures: i32,
    pub last_error: Option<String>,
    pub last_error_at: Option<Instant>,
}

pub fn save(conn: &mut DbConn, process: &Process) -> QueryResult<()> {
    let changed = diesel::update(processes::table.find(&process.id))
        .set(process)
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(processes::table)
            .values(process)
            .execute(conn)?;
    }
    Ok(())
}

pub fn save_loop(conn: &mut DbConn, row: &LoopRow) -> QueryResult<()> {
    let changed = diesel::update(worker_loops::table.find((&row.process, &row.name)))
        .set(row)
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(worker_loops::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets processes that have not been heard of since `since`, with their loops.
pub fn forget(conn: &mut DbConn, since: Instant) -> QueryResult<usize> {
    diesel::delete(processes::table.filter(processes::seen_at.lt(since))).execute(conn)
}

/// Every process known, the one heard of last first.
pub fn all(conn: &mut DbConn) -> QueryResult<Vec<Process>> {
    processes::table
        .order((processes::seen_at.desc(), processes::id.asc()))
        .select(Process::as_select())
        .load(conn)
}

/// The loops of every process, by name.
pub fn loops(conn: &mut DbConn) -> QueryResult<Vec<LoopRow>> {
    worker_loops::table
        .order((worker_loops::name.asc(), worker_loops::process.asc()))
        .select(LoopRow::as_select())
        .load(conn)
}
