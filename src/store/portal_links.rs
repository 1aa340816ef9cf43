//! Links into the portal.

use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::portal_links;
use crate::domain::id::{CreditorId, DebtorId, PlacementId, PortalLinkId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = portal_links, treat_none_as_default_value = false)]
pub struct PortalLink {
    pub creditor_id: CreditorId,
    pub id: PortalLinkId,
    pub placement_id: PlacementId,
    pub debtor_id: DebtorId,
    /// An actor's text.
    pub created_by: String,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Instant>,
}

impl PortalLink {
    pub fn is_live(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

pub fn insert(conn: &mut DbConn, link: &PortalLink) -> QueryResult<()> {
    diesel::insert_into(portal_links::table)
        .values(link)
        .execute(conn)
        .map(drop)
}

pub fn find(conn: &mut DbConn, scope: Scope, id: PortalLinkId) -> QueryResult<Option<PortalLink>> {
    let query = portal_links::table
        .filter(portal_links::id.eq(id))
        .select(PortalLink::as_select())
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(portal_links::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .get_result(conn)
    .optional()
}

/// The links of a placement, newest first.
pub fn of_placement(
    conn: &mut DbConn,
    creditor: CreditorId,
    placement: PlacementId,
) -> QueryResult<Vec<PortalLink>> {
    portal_links::table
        .filter(portal_links::creditor_id.eq(creditor))
        .filter(portal_links::placement_id.eq(placement))
        .order((portal_links::created_at.desc(), portal_links::id.desc()))
        .select(PortalLink::as_select())
        .load(conn)
}

/// Ends a link. Nothing happens to one that was revoked before.
pub fn revoke(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: PortalLinkId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        portal_links::table
            .find((creditor, id))
            .filter(portal_links::revoked_at.is_null()),
    )
    .set(portal_links::revoked_at.eq(now))
    .execute(conn)
}

/// Notes that somebody signed in with it.
pub fn used(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: PortalLinkId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(portal_links::table.find((creditor, id)))
        .set(portal_links::last_used_at.eq(now))
        .execute(conn)
}
