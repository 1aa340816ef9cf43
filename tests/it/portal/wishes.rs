//! "Say when and how to reach me", and what the debtor allows no longer.

use diesel::prelude::*;
use forbear::actions::consents::{self as actions, GrantInput, Permission};
use forbear::actions::decisions::{self, Subject};
use forbear::db::schema::{calls, consents, debtors, flags};
use forbear::domain::actor::Actor;
use forbear::domain::consent::GivenTo;
use forbear::domain::id::{ConsentId, PlacementId};
use forbear::domain::stop::{FlagKind, Medium};
use forbear::domain::time::Instant;
use forbear::gate::{Attempt, Channel, RuleId};

use super::visitor;
use crate::support::TestApp;

fn rules(app: &TestApp, placement: PlacementId, at: Instant, phone: &str) -> Vec<RuleId> {
    let (creditor, debtor) = app.rows(|conn| {
        debtors::table
            .filter(debtors::id.eq(app.debtor_of(placement)))
            .select((debtors::creditor_id, debtors::id))
            .first(conn)
    });
    let subject = Subject {
        creditor,
        debtor,
        placement,
    };
    let mut attempt = Attempt::new(at, Channel::Call, placement.as_str());
    attempt.phone = Some(phone.to_owned());
    let (_, decision) =
        decisions::check(&app.ctx, &Actor::System("cli"), subject, &attempt).unwrap();
    decision.in_the_way().map(|finding| finding.rule).collect()
}

fn at(text: &str) -> Instant {
    Instant::parse_rfc3339(text).unwrap()
}

#[actix_web::test]
async fn a_wish_is_echoed_in_one_sentence_and_binds_the_next_decision() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |row| {
        row.debtor.phones = vec![
            crate::support::builders::phone("518-555-0142"),
            crate::support::builders::phone("518-555-0177"),
        ];
    });
    let debtor = app.debtor_of(placement);
    let mut client = visitor(&app, placement).await;
    client
        .get("/p/account")
        .await
        .assert_contains(r#"href="/p/reach""#);
    let form = client.get("/p/reach").await;
    form.assert_says("The number that ends in 0177");
    form.assert_lacks("(518)");
    let fields = [
        ("days_sat", "yes"),
        ("days_sun", "yes"),
        ("from", "18:00"),
        ("ways_work", "yes"),
        ("ways_p0142", "yes"),
    ];
    let answer = client.post("/p/reach", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let reference = answer
        .location()
        .strip_prefix("/p/reach/")
        .unwrap()
        .to_owned();
    let receipt = client.get(answer.location()).await;
    receipt.assert_says(
        "We will not contact you on Saturdays and Sundays between 6:00 PM and midnight, at work, \
         and at the number that ends in 0142.",
    );
    receipt.assert_says(&reference);
    let kinds: Vec<FlagKind> = app.rows(|conn| {
        flags::table
            .filter(flags::debtor_id.eq(debtor))
            .order(flags::kind)
            .select(flags::kind)
            .load(conn)
    });
    assert_eq!(
        kinds,
        [
            FlagKind::AddressOptOut,
            FlagKind::Inconvenient,
            FlagKind::WorkplaceProhibited
        ]
    );
    // Saturday, seven in the evening in Albany; and Friday at the same time.
    let (saturday, friday) = (at("2026-05-16T23:00:00Z"), at("2026-05-15T23:00:00Z"));
    assert_eq!(
        rules(&app, placement, saturday, "+15185550177"),
        [RuleId::InconvenientTime]
    );
    assert!(rules(&app, placement, friday, "+15185550177").is_empty());
    assert_eq!(
        rules(&app, placement, friday, "+15185550142"),
        [RuleId::AddressOptout]
    );
    let (planned, epoch): (i64, i64) = app.rows(|conn| {
        Ok((
            calls::table
                .filter(calls::status.eq("planned"))
                .filter(calls::number.eq(5_185_550_142_i64))
                .count()
                .get_result(conn)?,
            debtors::table.select(debtors::contact_epoch).first(conn)?,
        ))
    });
    assert_eq!(planned, 0, "what was planned for the number is cancelled");
    assert!(epoch > 0);

    // Said again: nothing is added, and the form says what stands.
    let again = client.post("/p/reach", &fields).await;
    assert_eq!((again.status, again.location()), (303, "/p/reach"));
    client
        .get("/p/reach")
        .await
        .assert_says("You have told us before: we will not contact you");
    let count: i64 = app.rows(|conn| flags::table.count().get_result(conn));
    assert_eq!(count, 3);
    assert_eq!(client.get("/p/reach/7K2M94QD").await.status, 404);
}

#[actix_web::test]
async fn a_wish_that_says_nothing_or_everything_is_asked_again() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut client = visitor(&app, placement).await;
    for (fields, why) in [
        (vec![], "Say at least one thing"),
        (
            vec![("from", "25:00")],
            "Enter a time of day, such as 18:30",
        ),
        (
            vec![("from", "18:00"), ("to", "18:00")],
            "Enter a time that is not the same as the first",
        ),
        (vec![("from", "00:00")], "That is every hour of every day."),
    ] {
        let answer = client.post("/p/reach", &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        answer.assert_says(why);
    }
    let kept = client
        .post(
            "/p/reach",
            &[("from", "18:00"), ("to", "18:00"), ("days_mon", "yes")],
        )
        .await;
    kept.assert_contains(r#"value="18:00""#);
    kept.assert_contains("checked");
    let none: i64 = app.rows(|conn| flags::table.count().get_result(conn));
    assert_eq!(none, 0);
}

fn allow(app: &TestApp, placement: PlacementId, number: &str) {
    let debtor = app.debtor_of(placement);
    let creditor = app.rows(|conn| {
        debtors::table
            .filter(debtors::id.eq(debtor))
            .select(debtors::creditor_id)
            .first(conn)
    });
    let input = GrantInput {
        creditor,
        debtor,
        placement: None,
        permission: Permission::Autodial(number.parse().unwrap()),
        given_to: GivenTo::Collector,
        via: Medium::Phone,
        words: "Use the dialer for my cell.".to_owned(),
        in_lawful_contact: None,
        received_at: app.now(),
        through_on: None,
    };
    actions::grant(&app.ctx, &Actor::System("cli"), &input).unwrap();
}

#[actix_web::test]
async fn a_permission_is_seen_and_taken_back_in_two_clicks_with_a_reference() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let phone = |number: &'static str| {
        move |row: &mut forbear::actions::placing::NewPlacement| {
            row.debtor.phones = vec![crate::support::builders::hand_dialled(number)];
        }
    };
    let placement = app.place(creditor, phone("518-555-0142"));
    let other = app.place(creditor, phone("518-555-0177"));
    let mut client = visitor(&app, placement).await;
    client
        .get("/p/allowed")
        .await
        .assert_says("We have nothing on file that you have allowed.");
    allow(&app, placement, "518-555-0142");
    allow(&app, other, "518-555-0177");
    let id = |placement: PlacementId| -> ConsentId {
        let debtor = app.debtor_of(placement);
        app.rows(|conn| {
            consents::table
                .filter(consents::debtor_id.eq(debtor))
                .select(consents::id)
                .first(conn)
        })
    };
    let account = client.get("/p/account").await;
    account.assert_contains(r#"href="/p/allowed""#);
    let page = client.get("/p/allowed").await;
    page.assert_says("A machine may call you: (518) 555-0142");
    page.assert_lacks("0177");
    let button = format!("/p/allowed/{}", id(placement));
    page.assert_contains(&button);
    let answer = client.post(&button, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let receipt = client.get(answer.location()).await;
    receipt.assert_says("You have taken it back");
    let (by, via, reference): (String, String, String) = app.rows(|conn| {
        consents::table
            .filter(consents::id.eq(id(placement)))
            .select((
                consents::revoked_by.assume_not_null(),
                diesel::dsl::sql::<diesel::sql_types::Text>("revoked_via"),
                consents::revocation_reference.assume_not_null(),
            ))
            .first(conn)
    });
    assert_eq!(by, format!("debtor:{}", app.debtor_of(placement)));
    assert_eq!(via, "portal");
    receipt.assert_says(&reference);
    // Pressed again: the same receipt.
    let again = client.post(&button, &[]).await;
    assert_eq!(again.location(), answer.location());
    client
        .get("/p/allowed")
        .await
        .assert_says("What you took back");
    // Somebody else's is not there.
    let foreign = client.post(&format!("/p/allowed/{}", id(other)), &[]).await;
    assert_eq!(foreign.status, 404);
}

#[actix_web::test]
async fn both_pages_are_there_in_spanish() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |row| {
        row.debtor.language = "es";
    });
    let mut client = visitor(&app, placement).await;
    client
        .get("/p/reach?lang=es")
        .await
        .assert_says("Diga cu\u{e1}ndo y c\u{f3}mo contactarlo");
    client
        .get("/p/allowed?lang=es")
        .await
        .assert_says("Lo que usted ha permitido");
}
