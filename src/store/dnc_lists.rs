//! Do-not-call lists that are kept whole: their loads, and the blocks of numbers of each.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::batch::insert_all;
use super::each::on_each;
use crate::db::DbConn;
use crate::db::schema::{dnc_blocks, dnc_loads};
use crate::domain::id::DncLoadId;
use crate::domain::time::Instant;

/// One load of a list, which made a version of it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = dnc_loads, treat_none_as_default_value = false)]
pub struct LoadRow {
    pub id: DncLoadId,
    /// Names its blocks.
    pub version: i64,
    /// `agency`, or the id of the creditor whose list it is.
    pub scope: String,
    pub list: String,
    /// `federal`, `state` or `internal`.
    pub source: String,
    /// `full`: the file is the list. `change`: it says what is added and deleted.
    pub mode: String,
    pub file_name: String,
    /// `loading`, `active`, `replaced`, `undone` or `failed`.
    pub status: String,
    /// Whether blocks of this version may be there.
    pub has_blocks: bool,
    /// The day whose state the file shows.
    pub as_of: NaiveDate,
    /// The last day on which the list holds; none: until it is replaced.
    pub expires_on: Option<NaiveDate>,
    pub numbers: i64,
    pub added: i64,
    pub removed: i64,
    pub invalid: i64,
    pub bytes_read: i64,
    pub bytes_total: Option<i64>,
    pub error: Option<String>,
    pub claimed_by: String,
    pub claimed_until: Instant,
    pub created_by: String,
    pub created_at: Instant,
    pub finished_at: Option<Instant>,
}

/// The numbers of one version with the same first six digits.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = dnc_blocks)]
pub struct BlockRow {
    pub version: i64,
    pub prefix: i64,
    /// A [`PhoneBlock`](crate::domain::phone_block::PhoneBlock) as it is stored.
    pub lines: Vec<u8>,
}

/// What a load came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// On the list now.
    pub numbers: i64,
    pub added: i64,
    pub removed: i64,
    /// Lines that hold no number.
    pub invalid: i64,
}

/// The next version's name. Two loads that take the same one at once are refused by the database.
pub fn next_version(conn: &mut DbConn) -> QueryResult<i64> {
    let last: Option<i64> = dnc_loads::table
        .select(diesel::dsl::max(dnc_loads::version))
        .get_result(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

pub fn insert(conn: &mut DbConn, load: &LoadRow) -> QueryResult<()> {
    diesel::insert_into(dnc_loads::table)
        .values(load)
        .execute(conn)
        .map(drop)
}

pub fn find(conn: &mut DbConn, id: DncLoadId) -> QueryResult<Option<LoadRow>> {
    dnc_loads::table
        .find(id)
        .select(LoadRow::as_select())
        .get_result(conn)
        .optional()
}

/// The load of a list that is in force.
pub fn active(conn: &mut DbConn, scope: &str, list: &str) -> QueryResult<Option<LoadRow>> {
    with_status(conn, scope, list, "active")
}

/// The load of a list that is being read.
pub fn loading(conn: &mut DbConn, scope: &str, list: &str) -> QueryResult<Option<LoadRow>> {
    with_status(conn, scope, list, "loading")
}

/// The load that was in force before the one that is, as far as its numbers are still there.
pub fn previous(conn: &mut DbConn, scope: &str, list: &str) -> QueryResult<Option<LoadRow>> {
    with_status(conn, scope, list, "replaced")
}

fn with_status(
    conn: &mut DbConn,
    scope: &str,
    list: &str,
    status: &str,
) -> QueryResult<Option<LoadRow>> {
    dnc_loads::table
        .filter(dnc_loads::scope.eq(scope))
        .filter(dnc_loads::list.eq(list))
        .filter(dnc_loads::status.eq(status))
        .filter(dnc_loads::has_blocks.eq(true))
        .order(dnc_loads::version.desc())
        .select(LoadRow::as_select())
        .first(conn)
        .optional()
}

/// The latest loads of every list, the latest first.
pub fn latest(conn: &mut DbConn, limit: i64) -> QueryResult<Vec<LoadRow>> {
    dnc_loads::table
        .order(dnc_loads::version.desc())
        .limit(limit)
        .select(LoadRow::as_select())
        .load(conn)
}

/// Every list in force.
pub fn in_force(conn: &mut DbConn) -> QueryResult<Vec<LoadRow>> {
    dnc_loads::table
        .filter(dnc_loads::status.eq("active"))
        .order((dnc_loads::scope.asc(), dnc_loads::list.asc()))
        .select(LoadRow::as_select())
        .load(conn)
}

/// Notes how far a load has come and that its process lives. False if it is no longer loading.
pub fn renew(
    conn: &mut DbConn,
    id: DncLoadId,
    bytes_read: i64,
    until: Instant,
) -> QueryResult<bool> {
    diesel::update(
        dnc_loads::table
            .filter(dnc_loads::id.eq(id))
            .filter(dnc_loads::status.eq("loading")),
    )
    .set((
        dnc_loads::bytes_read.eq(bytes_read),
        dnc_loads::claimed_until.eq(until),
    ))
    .execute(conn)
    .map(|rows| rows == 1)
}

/// Whether the file adds and deletes, as is known once its beginning is read.
pub fn set_mode(conn: &mut DbConn, id: DncLoadId, mode: &str) -> QueryResult<()> {
    diesel::update(dnc_loads::table.find(id))
        .set(dnc_loads::mode.eq(mode))
        .execute(conn)
        .map(drop)
}

pub fn insert_blocks(conn: &mut DbConn, blocks: &[BlockRow]) -> QueryResult<()> {
    insert_all!(conn, dnc_blocks::table, blocks)
}

/// Blocks of a version behind a prefix, in order.
pub fn blocks_after(
    conn: &mut DbConn,
    version: i64,
    prefix: i64,
    limit: i64,
) -> QueryResult<Vec<BlockRow>> {
    let blocks = dnc_blocks::table
        .filter(dnc_blocks::version.eq(version))
        .filter(dnc_blocks::prefix.gt(prefix))
        .order(dnc_blocks::prefix.asc())
        .limit(limit);
    on_each!(conn, conn => blocks.load(conn))
}

/// Puts a load in force. Whatever was in force of its list must have been set aside.
pub fn activate(
    conn: &mut DbConn,
    id: DncLoadId,
    counts: &Counts,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        dnc_loads::table
            .filter(dnc_loads::id.eq(id))
            .filter(dnc_loads::status.eq("loading")),
    )
    .set((
        dnc_loads::status.eq("active"),
        dnc_loads::numbers.eq(counts.numbers),
        dnc_loads::added.eq(counts.added),
        dnc_loads::removed.eq(counts.removed),
        dnc_loads::invalid.eq(counts.invalid),
        dnc_loads::finished_at.eq(now),
    ))
    .execute(conn)
}

/// Moves a load from one status to another. False if it wasn't in the first.
pub fn turn(conn: &mut DbConn, id: DncLoadId, from: &str, to: &str) -> QueryResult<bool> {
    diesel::update(
        dnc_loads::table
            .filter(dnc_loads::id.eq(id))
            .filter(dnc_loads::status.eq(from)),
    )
    .set(dnc_loads::status.eq(to))
    .execute(conn)
    .map(|rows| rows == 1)
}

/// Ends a load that came to nothing. Nothing happens to one that ended before.
pub fn fail(conn: &mut DbConn, id: DncLoadId, error: &str, now: Instant) -> QueryResult<usize> {
    diesel::update(
        dnc_loads::table
            .filter(dnc_loads::id.eq(id))
            .filter(dnc_loads::status.eq("loading")),
    )
    .set((
        dnc_loads::status.eq("failed"),
        dnc_loads::error.eq(error),
        dnc_loads::finished_at.eq(now),
    ))
    .execute(conn)
}

/// Loads whose process has not been heard of within its lease, or that `process` began itself
/// before it was started anew.
pub fn abandoned(conn: &mut DbConn, now: Instant) -> QueryResult<Vec<DncLoadId>> {
    dnc_loads::table
        .filter(dnc_loads::status.eq("loading"))
        .filter(dnc_loads::claimed_until.le(now))
        .select(dnc_loads::id)
        .load(conn)
}

/// Loads whose numbers nobody needs any more: what failed or was undone, and of each list all
/// that was replaced but the latest.
pub fn outdated(conn: &mut DbConn) -> QueryResult<Vec<(DncLoadId, i64)>> {
    let newer = diesel::alias!(dnc_loads as newer);
    let has_newer = diesel::dsl::exists(
        newer
            .filter(newer.field(dnc_loads::scope).eq(dnc_loads::scope))
            .filter(newer.field(dnc_loads::list).eq(dnc_loads::list))
            .filter(newer.field(dnc_loads::status).eq("replaced"))
            .filter(newer.field(dnc_loads::version).gt(dnc_loads::version)),
    );
    dnc_loads::table
        .filter(dnc_loads::has_blocks.eq(true))
        .filter(
            dnc_loads::status
                .eq("failed")
                .or(dnc_loads::status.eq("undone"))
                .or(dnc_loads::status.eq("replaced").and(has_newer)),
        )
        .select((dnc_loads::id, dnc_loads::version))
        .load(conn)
}

/// Removes the first blocks of a version. Returns how many there were.
pub fn remove_blocks(conn: &mut DbConn, version: i64, limit: i64) -> QueryResult<usize> {
    let last: Option<i64> = dnc_blocks::table
        .filter(dnc_blocks::version.eq(version))
        .order(dnc_blocks::prefix.asc())
        .offset(limit - 1)
        .limit(1)
        .select(dnc_blocks::prefix)
        .first(conn)
        .optional()?;
    diesel::delete(
        dnc_blocks::table
            .filter(dnc_blocks::version.eq(version))
            .filter(dnc_blocks::prefix.le(last.unwrap_or(i64::MAX))),
    )
    .execute(conn)
}

/// Notes that a version has no blocks any more.
pub fn set_removed(conn: &mut DbConn, id: DncLoadId) -> QueryResult<()> {
    diesel::update(dnc_loads::table.find(id))
        .set(dnc_loads::has_blocks.eq(false))
        .execute(conn)
        .map(drop)
}
