//! `/placements/{id}/portal-links`: staff make links into the portal and revoke them.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

use super::frame;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::portal::links;
use crate::domain::id::{PlacementId, PortalLinkId};
use crate::error::AppResult;
use crate::store::portal_links::PortalLink;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::part::{Link, When};
use crate::web::view::portal_links::{PortalLinkRow, PortalLinksPage};

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    placement: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    draw(&req, &ctx, &session, &user, placement.into_inner(), None).await
}

/// Makes a link and shows its address, this once: it is kept nowhere.
pub async fn create(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    placement: web::Path<PlacementId>,
) -> AppResult<HttpResponse> {
    let placement = placement.into_inner();
    let (maker, actor, scope) = (ctx.clone(), user.actor(), user.scope());
    let (_, address) =
        blocking(move || links::create_link(&maker, &actor, scope, placement, links::LIFETIME))
            .await?;
    draw(&req, &ctx, &session, &user, placement, Some(address)).await
}

pub async fn revoke(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    path: web::Path<(PlacementId, PortalLinkId)>,
) -> AppResult<HttpResponse> {
    let (placement, link) = path.into_inner();
    blocking(move || links::revoke_link(&ctx, &user.actor(), user.scope(), placement, link))
        .await?;
    frame::flash(&session, "The link is revoked. It opens nothing any more.")?;
    Ok(page::see_other(&format!(
        "/placements/{placement}/portal-links"
    )))
}

async fn draw(
    req: &HttpRequest,
    ctx: &web::Data<Ctx>,
    session: &Session,
    user: &SignedIn,
    placement: PlacementId,
    fresh: Option<String>,
) -> AppResult<HttpResponse> {
    let (reader, scope, now) = (ctx.clone(), user.scope(), ctx.now());
    let (invoice, links) = blocking(move || links::links_of(&reader, scope, placement)).await?;
    let when = |at| When::new(at, user.time_zone, now);
    let row = |link: &PortalLink| PortalLinkRow {
        created: when(link.created_at),
        expires: when(link.expires_at),
        last_used: link.last_used_at.map(when),
        revoked: link.revoked_at.map(when),
        expired: link.expires_at <= now,
        revoke_href: link
            .is_live(now)
            .then(|| format!("/placements/{placement}/portal-links/{}/revoke", link.id)),
    };
    page::ok(&PortalLinksPage {
        shell: frame::shell(
            req,
            session,
            user,
            "Portal links",
            Some(Section::Placements),
        ),
        trail: vec![
            Link::new("Placements", "/placements"),
            Link::new(invoice.clone(), format!("/placements/{placement}")),
        ],
        invoice,
        action: format!("/placements/{placement}/portal-links"),
        fresh,
        rows: links.iter().map(row).collect(),
    })
}
