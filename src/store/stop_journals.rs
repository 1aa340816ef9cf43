//! What the database knows of the stop journals, the files that remember stops beside it.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::each::on_each;
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
    let theirs = excluded(stop_journals::entries);
    let more = case_when(stop_journals::entries.lt(theirs), theirs);
    on_each!(conn, conn => diesel::insert_into(stop_journals::table)
        .values(&row)
        .on_conflict(stop_journals::id)
        .do_update()
        .set((
            stop_journals::confirmed_at.eq(now),
            stop_journals::entries.eq(more.otherwise(stop_journals::entries)),
        ))
        .execute(conn))
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
