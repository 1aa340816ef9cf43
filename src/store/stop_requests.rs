//! Debtors' requests that contact stop.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::stop_requests;
use crate::domain::id::{CreditorId, DebtorId, PlacementId, StopRequestId};
use crate::domain::stop::{Medium, Requester, StopScope};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = stop_requests, treat_none_as_default_value = false)]
pub struct StopRequest {
    pub creditor_id: CreditorId,
    pub id: StopRequestId,
    pub debtor_id: DebtorId,
    pub placement_id: Option<PlacementId>,
    pub reference: String,
    pub scope: StopScope,
    pub via: Medium,
    pub requester: Requester,
    /// What was said or written.
    pub words: Option<String>,
    pub in_writing: bool,
    /// Whether we know that the debtor, or someone who may speak for the debtor, asked.
    pub verified: bool,
    pub recorded_by: String,
    /// The debtor's epoch that began with this request.
    pub contact_epoch: i64,
    pub received_at: Instant,
    pub honoured_at: Instant,
    pub effective_at: Option<Instant>,
}

pub fn insert(conn: &mut DbConn, request: &StopRequest) -> QueryResult<()> {
    diesel::insert_into(stop_requests::table)
        .values(request)
        .execute(conn)
        .map(drop)
}

pub fn find(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: StopRequestId,
) -> QueryResult<Option<StopRequest>> {
    stop_requests::table
        .find((creditor, id))
        .select(StopRequest::as_select())
        .get_result(conn)
        .optional()
}

/// A debtor's requests, newest first.
pub fn of_debtor(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Vec<StopRequest>> {
    stop_requests::table
        .filter(stop_requests::creditor_id.eq(creditor))
        .filter(stop_requests::debtor_id.eq(debtor))
        .order((stop_requests::received_at.desc(), stop_requests::id.desc()))
        .select(StopRequest::as_select())
        .load(conn)
}

/// Notes when the request took effect; the first time stands.
pub fn set_effective(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: StopRequestId,
    at: Instant,
) -> QueryResult<usize> {
    diesel::update(
        stop_requests::table
            .filter(stop_requests::creditor_id.eq(creditor))
            .filter(stop_requests::id.eq(id))
            .filter(stop_requests::effective_at.is_null()),
    )
    .set(stop_requests::effective_at.eq(at))
    .execute(conn)
}

/// A debtor's request by the number that was given out for it.
pub fn by_reference(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    reference: &str,
) -> QueryResult<Option<StopRequest>> {
    stop_requests::table
        .filter(stop_requests::creditor_id.eq(creditor))
        .filter(stop_requests::debtor_id.eq(debtor))
        .filter(stop_requests::reference.eq(reference))
        .select(StopRequest::as_select())
        .get_result(conn)
        .optional()
}
