//! Links into the portal: made, revoked, opened.

use chrono::Duration;
use serde_json::json;

use super::token;
use crate::actions::ctx::Ctx;
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, PlacementId, PortalLinkId};
use crate::error::{AppError, AppResult};
use crate::store::portal_links::{self, PortalLink};
use crate::store::{Scope, placement_refs};

/// How long a link is good unless somebody says otherwise: the 30 days of a validation notice
/// must fit in, with the mail's way and a margin.
pub const LIFETIME: Duration = Duration::days(60);

/// Makes a link to one account and returns its address. The address can be shown now and never
/// again.
///
/// # Errors
/// `NotFound` for a placement outside `scope`; `Conflict` while the settings don't say who the
/// agency is.
pub fn create_link(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    placement: PlacementId,
    lifetime: Duration,
) -> AppResult<(PortalLinkId, String)> {
    if !ctx.agency.is_known() {
        return Err(AppError::Conflict(
            "A debtor must be able to see who is asking. Put the agency\u{2019}s name, postal \
             address and phone number into the settings first."
                .to_owned(),
        ));
    }
    let id = ctx.write(actor, |tx| {
        let placement =
            placement_refs::find(tx.conn, scope, placement)?.ok_or(AppError::NotFound)?;
        insert(
            tx,
            placement.creditor_id,
            placement.id,
            placement.debtor_id,
            lifetime,
        )
    })?;
    Ok((id, address(ctx, id)))
}

/// Makes a link within a transaction.
pub(in crate::actions) fn insert(
    tx: &mut Tx<'_>,
    creditor: CreditorId,
    placement: PlacementId,
    debtor: DebtorId,
    lifetime: Duration,
) -> AppResult<PortalLinkId> {
    let link = PortalLink {
        creditor_id: creditor,
        id: PortalLinkId::generate(tx.now),
        placement_id: placement,
        debtor_id: debtor,
        created_by: tx.actor.to_string(),
        created_at: tx.now,
        expires_at: tx.now.plus(lifetime),
        revoked_at: None,
        last_used_at: None,
    };
    portal_links::insert(tx.conn, &link)?;
    tx.record(
        about(&link, EventKind::PortalLinkCreated)
            .body(json!({"link": link.id, "expires_at": link.expires_at})),
    )?;
    Ok(link.id)
}

/// Ends a link, and with it every visit that came by it. `NotFound` for a link of another
/// placement. Revoking twice is done already.
pub fn revoke_link(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    placement: PlacementId,
    link: PortalLinkId,
) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let link = portal_links::find(tx.conn, scope, link)?
            .filter(|link| link.placement_id == placement)
            .ok_or(AppError::NotFound)?;
        if portal_links::revoke(tx.conn, link.creditor_id, link.id, tx.now)? > 0 {
            tx.record(about(&link, EventKind::PortalLinkRevoked).body(json!({"link": link.id})))?;
        }
        Ok(())
    })
}

/// The links of a placement, newest first, with its invoice number.
pub fn links_of(
    ctx: &Ctx,
    scope: Scope,
    placement: PlacementId,
) -> AppResult<(String, Vec<PortalLink>)> {
    ctx.read(|conn| {
        let placement = placement_refs::find(conn, scope, placement)?.ok_or(AppError::NotFound)?;
        let links = portal_links::of_placement(conn, placement.creditor_id, placement.id)?;
        Ok((placement.invoice_number, links))
    })
}

/// The link behind a token. One that is forged, unknown, revoked or expired is `NotFound`: nobody
/// learns which.
pub fn open(ctx: &Ctx, token: &str) -> AppResult<PortalLink> {
    let id = token::open(&ctx.keys, token).ok_or(AppError::NotFound)?;
    let now = ctx.now();
    ctx.read(|conn| {
        portal_links::find(conn, Scope::Agency, id)?
            .filter(|link| link.is_live(now))
            .ok_or(AppError::NotFound)
    })
}

/// What the debtor opens.
pub(in crate::actions) fn address(ctx: &Ctx, id: PortalLinkId) -> String {
    format!("{}/p/{}", ctx.public_url, token::seal(&ctx.keys, id))
}

pub(super) fn about(link: &PortalLink, kind: EventKind) -> NewEvent {
    NewEvent::of_creditor(link.creditor_id, kind)
        .debtor(link.debtor_id)
        .placement(link.placement_id)
}
