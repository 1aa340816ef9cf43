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

/// Who works on a task, and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = tasks)]
pub struct Work {
    /// An actor's text.
    pub taken_by: Option<String>,
    pub taken_at: Option<Instant>,
    /// What was done, in the words of who finished it.
    pub outcome: Option<String>,
}

/// A task with the debtor's name and the invoice it is about, where it is about one.
#[derive(Debug, Clone)]
pub struct Listed {
    pub task: Task,
    pub work: Work,
    pub debtor: Option<String>,
    pub invoice: Option<String>,
}

/// Which tasks. What is not set does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// `open` or `done`.
    pub status: Option<String>,
    pub kind: Option<String>,
    pub taken: Option<Taken>,
    /// Due before.
    pub due_before: Option<Instant>,
}

/// In whose hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    By(String),
    ByNobody,
}

/// How many tasks there are of one status and kind, and in whose hands.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Group {
    pub status: String,
    pub kind: String,
    pub taken_by: Option<String>,
    pub count: i64,
}

type Boxed<'a> = tasks::BoxedQuery<'a, <DbConn as diesel::Connection>::Backend>;

fn narrowed<'a>(scope: Scope, filter: &'a Filter) -> Boxed<'a> {
    let mut query = tasks::table.into_boxed();
    if let Scope::Creditor(creditor) = scope {
        query = query.filter(tasks::creditor_id.eq(creditor));
    }
    if let Some(status) = &filter.status {
        query = query.filter(tasks::status.eq(status));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(tasks::kind.eq(kind));
    }
    match &filter.taken {
        Some(Taken::By(actor)) => query = query.filter(tasks::taken_by.eq(actor)),
        Some(Taken::ByNobody) => query = query.filter(tasks::taken_by.is_null()),
        None => {}
    }
    if let Some(before) = filter.due_before {
        query = query.filter(tasks::due_at.lt(before));
    }
    query
}

/// A task that `scope` may see, or nothing.
pub fn find(conn: &mut DbConn, scope: Scope, id: TaskId) -> QueryResult<Option<Listed>> {
    let query = tasks::table
        .filter(tasks::id.eq(id))
        .select((Task::as_select(), Work::as_select()))
        .into_boxed();
    let task = match scope {
        Scope::Creditor(creditor) => query.filter(tasks::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .get_result(conn)
    .optional()?;
    Ok(with_names(conn, task.into_iter().collect())?.pop())
}

/// Open ones by the day they are due; done ones the latest first.
pub fn page(
    conn: &mut DbConn,
    scope: Scope,
    filter: &Filter,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<Listed>> {
    let query = narrowed(scope, filter)
        .offset(offset)
        .limit(limit)
        .select((Task::as_select(), Work::as_select()));
    let query = if filter.status.as_deref() == Some("done") {
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

pub fn total(conn: &mut DbConn, scope: Scope, filter: &Filter) -> QueryResult<u64> {
    narrowed(scope, filter)
        .count()
        .get_result(conn)
        .map(super::count)
}

/// Counts for the filters, of all tasks.
pub fn groups(conn: &mut DbConn, scope: Scope) -> QueryResult<Vec<Group>> {
    let query = tasks::table
        .group_by((tasks::status, tasks::kind, tasks::taken_by))
        .select((
            tasks::status,
            tasks::kind,
            tasks::taken_by,
            diesel::dsl::count_star(),
        ));
    match scope {
        Scope::Creditor(creditor) => query.filter(tasks::creditor_id.eq(creditor)).load(conn),
        Scope::Agency => query.load(conn),
    }
}

fn with_names(conn: &mut DbConn, rows: Vec<(Task, Work)>) -> QueryResult<Vec<Listed>> {
    let debtor_ids: Vec<DebtorId> = rows.iter().filter_map(|(task, _)| task.debtor_id).collect();
    let placement_ids: Vec<PlacementId> = rows
        .iter()
        .filter_map(|(task, _)| task.placement_id)
        .collect();
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
        .map(|(task, work)| Listed {
            debtor: task.debtor_id.and_then(|id| names.get(&id).cloned()),
            invoice: task.placement_id.and_then(|id| invoices.get(&id).cloned()),
            task,
            work,
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

/// The row as it was read, while it is in this status: whoever comes second changes nothing.
macro_rules! unchanged {
    ($task:expr, $status:literal) => {
        tasks::table
            .find(($task.creditor_id, $task.id))
            .filter(tasks::version.eq($task.version))
            .filter(tasks::status.eq($status))
    };
}

/// Writes in whose hands an open task is; nothing if it was changed since it was read.
pub fn set_taken(
    conn: &mut DbConn,
    task: &Task,
    by: Option<(&str, Instant)>,
) -> QueryResult<usize> {
    diesel::update(unchanged!(task, "open"))
        .set((
            tasks::taken_by.eq(by.map(|(actor, _)| actor)),
            tasks::taken_at.eq(by.map(|(_, at)| at)),
            tasks::version.eq(tasks::version + 1),
        ))
        .execute(conn)
}

/// Writes that an open task is done; nothing if it was changed since it was read.
pub fn complete(
    conn: &mut DbConn,
    task: &Task,
    by: &str,
    outcome: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(unchanged!(task, "open"))
        .set((
            tasks::status.eq("done"),
            tasks::done_by.eq(by),
            tasks::done_at.eq(now),
            tasks::outcome.eq(outcome),
            tasks::version.eq(tasks::version + 1),
        ))
        .execute(conn)
}

/// Opens a finished task again, in the hands of whoever does so. What was written when it was
/// finished stays in the audit trail.
pub fn reopen(conn: &mut DbConn, task: &Task, by: &str, now: Instant) -> QueryResult<usize> {
    diesel::update(unchanged!(task, "done"))
        .set((
            tasks::status.eq("open"),
            tasks::done_by.eq(None::<String>),
            tasks::done_at.eq(None::<Instant>),
            tasks::outcome.eq(None::<String>),
            tasks::taken_by.eq(by),
            tasks::taken_at.eq(now),
            tasks::version.eq(tasks::version + 1),
        ))
        .execute(conn)
}
