//! What the database knows of the stop journals, the files that remember stops beside it.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::stop_journals;
use crate::domain::id::StopJournalId;
use crate::domain::time::Instant;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = stop_journals, treat_none_as_default_value = false)]
pub struct JournalRow {
    pub id: StopJournalId,
    /// Entries it had at least.
    pub entries: i64,
    /// When its process last found all of it in the database.
    pub confirmed_at: Instant,
    pub signed_off_by: Option<String>,
    pub signed_off_at: Option<Instant>,
}

/// Every journal that nobody has signed off.
pub fn expected(conn: &mut DbConn) -> QueryResult<Vec<JournalRow>> {
    stop_journals::table
        .filter(stop_journals::signed_off_at.is_null())
        .order(stop_journals::id.asc())
        .select(JournalRow::as_select())
        .load(conn)
}

/// Notes that all of a journal is in the database, and how many entries that are. It never shrinks.
///
/// The first two stops of a journal may come here at the same moment, each in a transaction of its
/// own: the second waits for the first and finds the row.
pub fn confirm(
    conn: &mut DbConn,
    id: StopJournalId,
    entries: i64,
    now: Instant,
) -> QueryResult<()> {
    let row = JournalRow {
        id,
        entries,
        confirmed_at: now,
        signed_off_by: None,
        signed_off_at: None,
    };
    let insert = diesel::insert_into(stop_journals::table)
        .values(&row)
        .on_conflict_do_nothing();
    let is_new = match conn {
        DbConn::Sqlite(conn) => insert.execute(conn)?,
        DbConn::Pg(conn) => insert.execute(conn)?,
    } == 1;
    if is_new {
        return Ok(());
    }
    let own = stop_journals::table.find(id);
    diesel::update(own)
        .set(stop_journals::confirmed_at.eq(now))
        .execute(conn)?;
    diesel::update(own.filter(stop_journals::entries.lt(entries)))
        .set(stop_journals::entries.eq(entries))
        .execute(conn)
        .map(drop)
}

/// Nobody misses this journal any more.
pub fn sign_off(conn: &mut DbConn, id: StopJournalId, by: &str, now: Instant) -> QueryResult<()> {
    diesel::update(stop_journals::table.find(id))
        .set((
            stop_journals::signed_off_by.eq(by),
            stop_journals::signed_off_at.eq(now),
        ))
        .execute(conn)
        .map(drop)
}
