//! When each loop of the workers last had its turn.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::worker_turns;
use crate::domain::time::Instant;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = worker_turns)]
pub struct WorkerTurn {
    pub name: String,
    pub process: String,
    pub turned_at: Instant,
    /// Since when its turns have failed; absent where the last one did not.
    pub failing_since: Option<Instant>,
}

pub fn all(conn: &mut DbConn) -> QueryResult<Vec<WorkerTurn>> {
    worker_turns::table
        .order(worker_turns::name.asc())
        .select(WorkerTurn::as_select())
        .load(conn)
}

pub fn keep(conn: &mut DbConn, turn: &WorkerTurn) -> QueryResult<()> {
    let columns = (
        worker_turns::process.eq(&turn.process),
        worker_turns::turned_at.eq(turn.turned_at),
        worker_turns::failing_since.eq(turn.failing_since),
    );
    let insert = diesel::insert_into(worker_turns::table)
        .values(turn)
        .on_conflict(worker_turns::name)
        .do_update()
        .set(columns);
    match conn {
        DbConn::Sqlite(conn) => insert.execute(conn),
        DbConn::Pg(conn) => insert.execute(conn),
    }
    .map(drop)
}
