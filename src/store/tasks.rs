//! Work for the compliance desk.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::tasks;
use crate::domain::id::{CreditorId, DebtorId, PlacementId, TaskId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tasks)]
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
