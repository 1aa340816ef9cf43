//! Which creditor and debtor a placement belongs to, for whoever may see it.

use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::placements;
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = placements)]
pub struct PlacementRef {
    pub creditor_id: CreditorId,
    pub id: PlacementId,
    pub debtor_id: DebtorId,
    pub invoice_number: String,
    pub status: PlacementStatus,
    pub resolved_at: Option<Instant>,
    pub version: i64,
}

/// Nothing if there is no such placement, or it isn't the caller's to see.
pub fn find(conn: &mut DbConn, scope: Scope, id: PlacementId) -> QueryResult<Option<PlacementRef>> {
    let query = placements::table
        .filter(placements::id.eq(id))
        .select(PlacementRef::as_select())
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(placements::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .get_result(conn)
    .optional()
}

/// The invoice numbers of these placements of one creditor.
pub fn invoices(
    conn: &mut DbConn,
    creditor: CreditorId,
    ids: &[PlacementId],
) -> QueryResult<Vec<(PlacementId, String)>> {
    placements::table
        .filter(placements::creditor_id.eq(creditor))
        .filter(placements::id.eq_any(ids.to_vec()))
        .select((placements::id, placements::invoice_number))
        .load(conn)
}
