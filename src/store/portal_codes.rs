//! Six-digit codes for the portal. Only a keyed hash of each is here.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::portal_codes;
use crate::domain::id::{CreditorId, PortalCodeId, PortalLinkId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = portal_codes, treat_none_as_default_value = false)]
pub struct PortalCode {
    pub creditor_id: CreditorId,
    pub id: PortalCodeId,
    pub link_id: PortalLinkId,
    pub code_hash: String,
    /// How often somebody typed a code while this one was good.
    pub tries: i32,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
}

pub fn insert(conn: &mut DbConn, code: &PortalCode) -> QueryResult<()> {
    diesel::insert_into(portal_codes::table)
        .values(code)
        .execute(conn)
        .map(drop)
}

pub fn find(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: PortalCodeId,
) -> QueryResult<Option<PortalCode>> {
    portal_codes::table
        .find((creditor, id))
        .select(PortalCode::as_select())
        .get_result(conn)
        .optional()
}

/// Ends every code of a link that could still be typed: only the newest is good.
pub fn retire(
    conn: &mut DbConn,
    creditor: CreditorId,
    link: PortalLinkId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        portal_codes::table
            .filter(portal_codes::creditor_id.eq(creditor))
            .filter(portal_codes::link_id.eq(link))
            .filter(portal_codes::expires_at.gt(now)),
    )
    .set(portal_codes::expires_at.eq(now))
    .execute(conn)
}

/// Counts a try of the code of a link that is good now, and returns it. Counting and reading are
/// one statement, so that two guesses at once are two tries.
pub fn take_try(
    conn: &mut DbConn,
    creditor: CreditorId,
    link: PortalLinkId,
    most_tries: i32,
    now: Instant,
) -> QueryResult<Option<PortalCode>> {
    diesel::update(
        portal_codes::table
            .filter(portal_codes::creditor_id.eq(creditor))
            .filter(portal_codes::link_id.eq(link))
            .filter(portal_codes::used_at.is_null())
            .filter(portal_codes::expires_at.gt(now))
            .filter(portal_codes::tries.lt(most_tries)),
    )
    .set(portal_codes::tries.eq(portal_codes::tries + 1))
    .returning(portal_codes::all_columns)
    .get_result(conn)
    .optional()
}

/// Uses a code up. Zero rows: somebody else was quicker.
pub fn use_up(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: PortalCodeId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        portal_codes::table
            .find((creditor, id))
            .filter(portal_codes::used_at.is_null()),
    )
    .set(portal_codes::used_at.eq(now))
    .execute(conn)
}
