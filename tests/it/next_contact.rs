//! When the debtor may be called next: told alike for whoever acknowledges warnings and for
//! whoever acknowledges none.

use chrono::{Duration, Timelike};
use chrono_tz::Pacific::Guam;
use diesel::prelude::*;
use forbear::db::schema::calls;
use forbear::domain::access::Role;
use forbear::domain::id::PlacementId;
use forbear::domain::time::Instant;

use crate::log_contact::log;
use crate::support::{TestApp, builders};

/// A conversation at noon, after the notice was sent, so that nothing but the week after it warns.
async fn talked(app: &TestApp) -> PlacementId {
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let notice = [
        ("kind", "letter"),
        ("purpose", "validation-notice"),
        ("outcome", "sent"),
        ("to", ""),
    ];
    assert_eq!(log(&mut agent, placement, &notice).await.status, 303);
    let talk = log(&mut agent, placement, &[("identified", "yes")]).await;
    assert_eq!(talk.status, 303, "{}", talk.body);
    placement
}

const WITHOUT_ANY: &str = "Without any from Wed 20 May 2026, 8:00 am EDT.";

#[actix_web::test]
async fn before_hours_the_card_says_with_which_warnings_and_from_when_without() {
    let app = TestApp::start().await;
    let placement = talked(&app).await;
    app.clock.advance(Duration::hours(19));
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent.get(&format!("/placements/{placement}")).await;
    page.assert_says("Cannot call");
    page.assert_says(
        "Earliest: Thu 14 May 2026, 8:00 am EDT, with 1 warning to acknowledge: A week after \
         talking",
    );
    page.assert_says(WITHOUT_ANY);
    page.assert_says("Last conversation Yesterday");

    let check = agent
        .get(&format!("/placements/{placement}/contacts/new"))
        .await;
    check.assert_says(
        "Earliest lawful: Thu 14 May 2026, 8:00 am EDT , with warnings to acknowledge; without \
         any from Wed 20 May 2026, 8:00 am EDT.",
    );
}

#[actix_web::test]
async fn what_needs_an_acknowledgement_is_not_called_lawful_now() {
    let app = TestApp::start().await;
    let placement = talked(&app).await;
    app.clock.advance(Duration::hours(24));
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent.get(&format!("/placements/{placement}")).await;
    page.assert_says("Can call, 1 warning");
    page.assert_says("Now, with 1 warning to acknowledge: A week after talking");
    page.assert_says(WITHOUT_ANY);
}

#[actix_web::test]
async fn the_first_call_is_planned_for_the_debtors_day_and_shown_by_both_clocks() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |row| {
        row.debtor.city = Some("Tamuning".to_owned());
        row.debtor.state = Some("GU".to_owned());
        row.debtor.zip = Some("96913".to_owned());
        row.debtor.phones = vec![builders::phone("671-555-0166")];
    });
    let at: Instant = app.rows(|conn| {
        calls::table
            .filter(calls::placement_id.eq(placement))
            .select(calls::scheduled_at)
            .first(conn)
    });
    let hour = at.in_zone(Guam).hour();
    assert!(
        (8..21).contains(&hour),
        "planned for {hour} o'clock in Guam"
    );

    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent
        .get(&format!("/placements/{placement}?tab=calls"))
        .await;
    page.assert_says("14 May 2026, 6:00 pm EDT");
    page.assert_says("8:00 am ChST on 15 May, for the debtor");
}
