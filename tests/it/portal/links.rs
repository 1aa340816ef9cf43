//! Staff make links and revoke them.

use std::sync::Arc;

use diesel::prelude::*;
use forbear::actions::ctx::Ctx;
use forbear::actions::portal::links as actions;
use forbear::db::schema::{audit_events, portal_links};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::agency::Agency;
use forbear::domain::id::PortalLinkId;
use forbear::error::AppError;
use forbear::store::Scope;

use crate::support::TestApp;

#[actix_web::test]
async fn a_link_is_shown_once_works_and_can_be_revoked() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |row| {
        row.invoice_number = "CH-9".to_owned();
    });
    let page = format!("/placements/{placement}/portal-links");
    let mut agent = app.sign_in(Role::Agent, None).await;
    agent.get(&page).await.assert_contains("No link yet");

    let made = agent.post(&page, &[]).await;
    assert_eq!(made.status, 200);
    let (_, rest) = made.body.split_once("http://forbear.test/p/").unwrap();
    let token = &rest[..43];
    for word in ["CH-9", "cedar", "debt", &placement.to_string()] {
        assert!(!token.to_lowercase().contains(&word.to_lowercase()));
    }
    let link = format!("/p/{token}");
    assert_eq!(app.anonymous().get(&link).await.status, 200);
    let again = agent.get(&page).await;
    again.assert_contains("CH-9");
    again.assert_lacks(token);

    let id: PortalLinkId =
        app.rows(|conn| portal_links::table.select(portal_links::id).first(conn));
    let revoke = format!("{page}/{id}/revoke");
    for _ in 0..2 {
        let revoked = agent.post(&revoke, &[]).await;
        assert_eq!((revoked.status, revoked.location()), (303, page.as_str()));
    }
    agent.get(&page).await.assert_contains("Revoked");
    assert_eq!(app.anonymous().get(&link).await.status, 404);
    let kinds: Vec<String> = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.like("portal.%"))
            .order(audit_events::seq)
            .select(audit_events::kind)
            .load(conn)
    });
    assert_eq!(kinds, ["portal.link_created", "portal.link_revoked"]);
}

#[actix_web::test]
async fn a_link_is_revoked_only_under_its_own_placement() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let (own, other) = (app.place(creditor, |_| {}), app.place(creditor, |_| {}));
    let (id, _) = actions::create_link(
        &app.ctx,
        &Actor::System("demo"),
        Scope::Agency,
        own,
        actions::LIFETIME,
    )
    .unwrap();
    let mut agent = app.sign_in(Role::Agent, None).await;
    let wrong = format!("/placements/{other}/portal-links/{id}/revoke");
    assert_eq!(agent.post(&wrong, &[]).await.status, 404);
    let revoked: bool = app.rows(|conn| {
        portal_links::table
            .select(portal_links::revoked_at.is_not_null())
            .first(conn)
    });
    assert!(!revoked);
}

#[actix_web::test]
async fn nobody_is_asked_into_a_portal_that_does_not_say_whose_it_is() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let nameless = Ctx {
        agency: Arc::new(Agency {
            name: "Northbridge Recovery".to_owned(),
            postal_address: String::new(),
            phone: "(614) 555-0100".to_owned(),
        }),
        ..app.ctx.clone()
    };
    let refused = actions::create_link(
        &nameless,
        &Actor::System("demo"),
        Scope::Agency,
        placement,
        actions::LIFETIME,
    );
    assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
}
