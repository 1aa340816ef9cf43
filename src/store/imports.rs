//! Files on their way in.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Scope;
use super::batch::insert_all;
use super::contacts::ContactRow;
use crate::db::DbConn;
use crate::db::schema::{
    contacts, creditors, import_files, import_mappings, import_results, imports, letters, users,
};
use crate::domain::id::{CreditorId, DebtorId, ImportId, LetterId, PlacementId, UserId};
use crate::domain::import::{ImportKind, ImportStatus};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = imports, treat_none_as_default_value = false)]
pub struct Import {
    pub creditor_id: CreditorId,
    pub id: ImportId,
    pub kind: ImportKind,
    pub status: ImportStatus,
    pub file_name: String,
    pub sha256: String,
    /// How the file is to be read, as JSON.
    pub mapping: Option<String>,
    /// Rows with content, the wrong ones included.
    pub total_rows: i32,
    /// Of the rows to save, those before this one are saved.
    pub next_row: i32,
    pub created_rows: i32,
    pub duplicate_rows: i32,
    pub claimed_by: Option<String>,
    pub claimed_until: Option<Instant>,
    pub error: Option<String>,
    /// An actor's text.
    pub created_by: String,
    pub created_at: Instant,
    pub finished_at: Option<Instant>,
    pub version: i64,
}

/// What became of one row.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = import_results, treat_none_as_default_value = false)]
pub struct ImportResult {
    pub creditor_id: CreditorId,
    pub import_id: ImportId,
    /// The physical line of the file, from 1.
    pub line: i32,
    /// `created` or `duplicate`.
    pub outcome: String,
    pub invoice_number: String,
    pub placement_id: Option<PlacementId>,
}

pub fn insert(conn: &mut DbConn, import: &Import, content: &[u8]) -> QueryResult<()> {
    diesel::insert_into(imports::table)
        .values(import)
        .execute(conn)?;
    diesel::insert_into(import_files::table)
        .values((
            import_files::creditor_id.eq(import.creditor_id),
            import_files::import_id.eq(import.id),
            import_files::content.eq(content),
        ))
        .execute(conn)
        .map(drop)
}

/// The bytes as they came; none once the import was discarded.
pub fn content(conn: &mut DbConn, import: &Import) -> QueryResult<Option<Vec<u8>>> {
    import_files::table
        .find((import.creditor_id, import.id))
        .select(import_files::content)
        .get_result(conn)
        .optional()
}

pub fn delete_content(conn: &mut DbConn, import: &Import) -> QueryResult<usize> {
    diesel::delete(import_files::table.find((import.creditor_id, import.id))).execute(conn)
}

pub fn find(conn: &mut DbConn, scope: Scope, id: ImportId) -> QueryResult<Option<Import>> {
    let query = imports::table
        .filter(imports::id.eq(id))
        .select(Import::as_select())
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(imports::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .get_result(conn)
    .optional()
}

/// The import, locked until the transaction ends.
pub fn lock(conn: &mut DbConn, scope: Scope, id: ImportId) -> QueryResult<Option<Import>> {
    let query = imports::table.filter(imports::id.eq(id));
    let found = match conn {
        DbConn::Sqlite(conn) => query
            .select(Import::as_select())
            .get_result(conn)
            .optional()?,
        DbConn::Pg(conn) => query
            .for_no_key_update()
            .select(Import::as_select())
            .get_result(conn)
            .optional()?,
    };
    Ok(found.filter(|import| scope.includes(import.creditor_id)))
}

/// The imports in scope with their creditor's name, the latest first.
pub fn list(
    conn: &mut DbConn,
    scope: Scope,
    limit: i64,
    offset: i64,
) -> QueryResult<Vec<(Import, String)>> {
    let query = imports::table
        .inner_join(creditors::table.on(creditors::id.eq(imports::creditor_id)))
        .order((imports::created_at.desc(), imports::id.desc()))
        .select((Import::as_select(), creditors::name))
        .limit(limit)
        .offset(offset)
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(imports::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .load(conn)
}

/// The names of people who uploaded something.
pub fn uploaders(conn: &mut DbConn, ids: &[UserId]) -> QueryResult<Vec<(UserId, String)>> {
    users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::name))
        .load(conn)
}

pub fn count(conn: &mut DbConn, scope: Scope) -> QueryResult<i64> {
    let query = imports::table.into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(imports::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .count()
    .get_result(conn)
}

/// Writes the import back: every column that changes after the upload.
pub fn update(conn: &mut DbConn, import: &Import) -> QueryResult<usize> {
    diesel::update(imports::table.find((import.creditor_id, import.id)))
        .set((
            imports::status.eq(import.status),
            imports::mapping.eq(&import.mapping),
            imports::total_rows.eq(import.total_rows),
            imports::next_row.eq(import.next_row),
            imports::created_rows.eq(import.created_rows),
            imports::duplicate_rows.eq(import.duplicate_rows),
            imports::claimed_by.eq(&import.claimed_by),
            imports::claimed_until.eq(import.claimed_until),
            imports::error.eq(&import.error),
            imports::finished_at.eq(import.finished_at),
            imports::version.eq(imports::version + 1),
        ))
        .execute(conn)
}

/// An import that waits to be saved, or whose worker's lease has ended, or is `worker`'s own;
/// the oldest first. Locked on PostgreSQL, passing over those another worker is about to take.
pub fn lock_claimable(
    conn: &mut DbConn,
    worker: &str,
    now: Instant,
) -> QueryResult<Option<Import>> {
    let waiting = imports::table
        .filter(imports::status.eq(ImportStatus::Committing))
        .filter(
            imports::claimed_by
                .is_null()
                .or(imports::claimed_until.le(now))
                .or(imports::claimed_by.eq(worker)),
        )
        .order((imports::created_at.asc(), imports::id.asc()));
    match conn {
        DbConn::Sqlite(conn) => waiting.select(Import::as_select()).first(conn).optional(),
        DbConn::Pg(conn) => waiting
            .for_no_key_update()
            .skip_locked()
            .select(Import::as_select())
            .first(conn)
            .optional(),
    }
}

pub fn insert_results(conn: &mut DbConn, rows: &[ImportResult]) -> QueryResult<()> {
    insert_all!(conn, import_results::table, rows)
}

/// What became of the rows, in the order of the file.
pub fn results(conn: &mut DbConn, import: &Import) -> QueryResult<Vec<ImportResult>> {
    import_results::table
        .filter(import_results::creditor_id.eq(import.creditor_id))
        .filter(import_results::import_id.eq(import.id))
        .order(import_results::line.asc())
        .select(ImportResult::as_select())
        .load(conn)
}

/// How the creditor's last file of this kind was read, as JSON.
pub fn remembered(
    conn: &mut DbConn,
    creditor: CreditorId,
    kind: ImportKind,
) -> QueryResult<Option<String>> {
    import_mappings::table
        .find((creditor, kind))
        .select(import_mappings::mapping)
        .get_result(conn)
        .optional()
}

pub fn remember(
    conn: &mut DbConn,
    creditor: CreditorId,
    kind: ImportKind,
    mapping: &str,
    now: Instant,
) -> QueryResult<()> {
    let row = (
        import_mappings::creditor_id.eq(creditor),
        import_mappings::kind.eq(kind),
        import_mappings::mapping.eq(mapping),
        import_mappings::updated_at.eq(now),
    );
    let change = (
        import_mappings::mapping.eq(mapping),
        import_mappings::updated_at.eq(now),
    );
    let insert = diesel::insert_into(import_mappings::table)
        .values(row)
        .on_conflict((import_mappings::creditor_id, import_mappings::kind))
        .do_update()
        .set(change);
    match conn {
        DbConn::Sqlite(conn) => insert.execute(conn),
        DbConn::Pg(conn) => insert.execute(conn),
    }
    .map(drop)
}

/// A letter that others sent before.
#[derive(Debug, Insertable)]
#[diesel(table_name = letters, treat_none_as_default_value = false)]
pub struct ImportedLetter {
    pub creditor_id: CreditorId,
    pub id: LetterId,
    pub placement_id: PlacementId,
    pub debtor_id: DebtorId,
    pub letter_type: &'static str,
    pub sent_on: NaiveDate,
    pub method: &'static str,
    pub created_by: String,
    pub created_at: Instant,
}

pub fn insert_contacts(conn: &mut DbConn, rows: &[ContactRow]) -> QueryResult<()> {
    insert_all!(conn, contacts::table, rows)
}

pub fn insert_letters(conn: &mut DbConn, rows: &[ImportedLetter]) -> QueryResult<()> {
    insert_all!(conn, letters::table, rows)
}

/// Account, moment, channel and direction of the contacts that were written before `before`.
pub fn contacts_on_file(
    conn: &mut DbConn,
    creditor: CreditorId,
    of: &[PlacementId],
    before: Instant,
) -> QueryResult<Vec<(PlacementId, Instant, String, String)>> {
    contacts::table
        .filter(contacts::creditor_id.eq(creditor))
        .filter(contacts::placement_id.eq_any(of))
        .filter(contacts::created_at.lt(before))
        .select((
            contacts::placement_id,
            contacts::at,
            contacts::channel,
            contacts::direction,
        ))
        .load(conn)
}

/// Whether an import waits that `worker` could take.
pub fn is_any_claimable(conn: &mut DbConn, worker: &str, now: Instant) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        imports::table
            .filter(imports::status.eq(ImportStatus::Committing))
            .filter(
                imports::claimed_by
                    .is_null()
                    .or(imports::claimed_until.le(now))
                    .or(imports::claimed_by.eq(worker)),
            ),
    ))
    .get_result(conn)
}
