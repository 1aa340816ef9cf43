//! What is known of debtors and binds the gate.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::flags;
use crate::domain::id::{CreditorId, DebtorId, FlagId, PlacementId, StopRequestId};
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = flags, treat_none_as_default_value = false)]
pub struct Flag {
    pub creditor_id: CreditorId,
    pub id: FlagId,
    pub debtor_id: DebtorId,
    /// Where it was learned; it binds every placement of the debtor.
    pub placement_id: Option<PlacementId>,
    pub kind: FlagKind,
    /// The gate's form of the details, as JSON.
    pub detail: String,
    pub source: Medium,
    pub verified: bool,
    pub stop_request_id: Option<StopRequestId>,
    /// An actor's text.
    pub set_by: String,
    pub received_at: Instant,
    pub set_at: Instant,
    pub lifted_at: Option<Instant>,
    pub lifted_by: Option<String>,
    pub lift_reason: Option<String>,
    /// What the debtor may quote for a wish of their own.
    pub reference: Option<String>,
}

pub fn insert(conn: &mut DbConn, flag: &Flag) -> QueryResult<()> {
    diesel::insert_into(flags::table)
        .values(flag)
        .execute(conn)
        .map(drop)
}

/// The kinds in force for a debtor.
pub fn kinds_in_force(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Vec<FlagKind>> {
    flags::table
        .filter(flags::creditor_id.eq(creditor))
        .filter(flags::debtor_id.eq(debtor))
        .filter(flags::lifted_at.is_null())
        .select(flags::kind)
        .load(conn)
}

/// Every flag a debtor ever had, newest first.
pub fn of_debtor(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Vec<Flag>> {
    flags::table
        .filter(flags::creditor_id.eq(creditor))
        .filter(flags::debtor_id.eq(debtor))
        .order((flags::set_at.desc(), flags::id.desc()))
        .select(Flag::as_select())
        .load(conn)
}

/// The flags in force of several debtors of one creditor.
pub fn in_force(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtors: &[DebtorId],
) -> QueryResult<Vec<Flag>> {
    flags::table
        .filter(flags::creditor_id.eq(creditor))
        .filter(flags::debtor_id.eq_any(debtors.to_vec()))
        .filter(flags::lifted_at.is_null())
        .order((flags::received_at.asc(), flags::id.asc()))
        .select(Flag::as_select())
        .load(conn)
}

/// One of a debtor's flags, in force or lifted.
pub fn find(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    id: FlagId,
) -> QueryResult<Option<Flag>> {
    flags::table
        .find((creditor, id))
        .filter(flags::debtor_id.eq(debtor))
        .select(Flag::as_select())
        .get_result(conn)
        .optional()
}

/// Notes that a flag is no longer so, by whom and why; nothing if it was lifted already.
pub fn lift(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: FlagId,
    by: &str,
    reason: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        flags::table
            .find((creditor, id))
            .filter(flags::lifted_at.is_null()),
    )
    .set((
        flags::lifted_at.eq(now),
        flags::lifted_by.eq(by),
        flags::lift_reason.eq(reason),
    ))
    .execute(conn)
}
