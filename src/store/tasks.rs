//! Work for the compliance desk.

use std::collections::HashMap;

use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::{debtors, placements, tasks};
use crate::domain::id::{CreditorId, DebtorId, PlacementId, TaskId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tasks, treat_none_as_default_value = false)]
pub struct Task {
    pub creditor_id: CreditorId,
    pub id: TaskId,
    pub debtor_id: Option<DebtorId>,
    pub placement_id: Option<PlacementId>,
    pub kind: String,
    pub title: String,
    pub due_at: Option<Instant>,
    pub status: String,
    pub done_by: Option<String>,
    pub done_at: Option<Instant>,
    pub note: Option<String>,
    pub created_at: Instant,
    pub version: i64,
}

pub fn insert(conn: &mut DbConn, task: &Task) -> QueryResult<()> {
    diesel::insert_into(tasks::table)
        .values(task)
        .execute(conn)
        .map(drop)
}

/// In place of a creditor, for tasks that belong to no creditor's debtor. Only staff, who see all
/// creditors' tasks, see them.
pub fn of_the_agency() -> CreditorId {
    CreditorId::from_uuid(uuid::Uuid::nil())
}

/// A task with the debtor's name and the invoice it is about, where it is about one.
#[derive(Debug, Clone)]
pub struct Listed {
    pub task: Task,
    pub debtor: Option<String>,
    pub invoice: Option<String>,
}

/// A task that `scope` may see, or nothing.
pub fn find(conn: &mut DbConn, scope: Scope, id: TaskId) -> QueryResult<Option<Listed>> {
    let query = tasks::table
        .filter(tasks::id.eq(id))
        .select(Task::as_select())
        .into_boxed();
    let task = match scope {
        Scope::Creditor(creditor) => query.filter(tasks::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .first(conn)
    .optional()?;
    Ok(with_names(conn, task.into_iter().collect())?.pop())
}

/// Open ones by the day they are due; done ones the latest first.
pub fn page(
    conn: &mut DbConn,
    scope: Scope,
    status: &str,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<Listed>> {
    let query = tasks::table
        .filter(tasks::status.eq(status))
        .offset(offset)
        .limit(limit)
        .select(Task::as_select())
        .into_boxed();
    let query = match scope {
        Scope::Creditor(creditor) => query.filter(tasks::creditor_id.eq(creditor)),
        Scope::Agency => query,
    };
    let query = if status == "done" {
        query.order((tasks::done_at.desc(), tasks::id.desc()))
    } else {
        query.order((
            // Those without a day come last on both databases.
            tasks::due_at.is_null().asc(),
            tasks::due_at.asc(),
            tasks::id.asc(),
        ))
    };
    let rows = query.load(conn)?;
    with_names(conn, rows)
}

fn with_names(conn: &mut DbConn, rows: Vec<Task>) -> QueryResult<Vec<Listed>> {
    let debtor_ids: Vec<DebtorId> = rows.iter().filter_map(|task| task.debtor_id).collect();
    let placement_ids: Vec<PlacementId> =
        rows.iter().filter_map(|task| task.placement_id).collect();
    let names: HashMap<DebtorId, String> = debtors::table
        .filter(debtors::id.eq_any(debtor_ids))
        .select((debtors::id, debtors::name))
        .load::<(DebtorId, String)>(conn)?
        .into_iter()
        .collect();
    let invoices: HashMap<PlacementId, String> = placements::table
        .filter(placements::id.eq_any(placement_ids))
        .select((placements::id, placements::invoice_number))
        .load::<(PlacementId, String)>(conn)?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|task| Listed {
            debtor: task.debtor_id.and_then(|id| names.get(&id).cloned()),
            invoice: task.placement_id.and_then(|id| invoices.get(&id).cloned()),
            task,
        })
        .collect())
}

pub fn count(conn: &mut DbConn, scope: Scope, status: &str) -> QueryResult<u64> {
    let query = tasks::table.filter(tasks::status.eq(status)).into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(tasks::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .count()
    .get_result(conn)
    .map(super::count)
}

/// Writes that a task is done; nothing if it was changed since `version`.
pub fn complete(
    conn: &mut DbConn,
    task: &Task,
    by: &str,
    note: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        tasks::table
            .find((task.creditor_id, task.id))
            .filter(tasks::version.eq(task.version))
            .filter(tasks::status.eq("open")),
    )
    .set((
        tasks::status.eq("done"),
        tasks::done_by.eq(by),
        tasks::done_at.eq(now),
        tasks::note.eq(note),
        tasks::version.eq(tasks::version + 1),
    ))
    .execute(conn)
}
