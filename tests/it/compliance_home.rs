//! The compliance home: what the last 25 violations, the overdue notices and the last 15 contacts
//! are, and that each leads to the placement's timeline.

use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use forbear::actions::placing::Cease;
use forbear::db::DbError;
use forbear::db::schema::{letters, placements};
use forbear::domain::access::Role;
use forbear::domain::id::{ContactId, CreditorId, LetterId, PlacementId};
use forbear::domain::time::Instant;
use forbear::store::contacts::{self, ContactRow};
use forbear::store::letters::{self as letter_rows, Letter};

use crate::support::{Answer, TestApp};

/// A conversation on the telephone at this moment.
fn conversation(
    app: &TestApp,
    creditor: CreditorId,
    placement: PlacementId,
    at: Instant,
) -> ContactRow {
    ContactRow {
        creditor_id: creditor,
        id: ContactId::generate(at),
        debtor_id: app.debtor_of(placement),
        placement_id: placement,
        at,
        channel: "call".to_owned(),
        direction: "out".to_owned(),
        outcome: "conversation".to_owned(),
        party: "consumer".to_owned(),
        purpose: None,
        address: None,
        initiator: "agent".to_owned(),
        logged_by: "system:import".to_owned(),
        decision_id: None,
        contact_epoch: None,
        mini_miranda: None,
        identified_as_collector: None,
        excluded: None,
        in_flight_at_recall: false,
        source: "import".to_owned(),
        duration_seconds: None,
        notes: None,
        created_at: at,
    }
}

fn write(app: &TestApp, contact: &ContactRow) {
    app.ctx
        .db
        .write(|conn| contacts::insert(conn, contact).map_err(DbError::from))
        .unwrap();
}

fn talked(app: &TestApp, creditor: CreditorId, name: &str, days_ago: i64) -> PlacementId {
    let placement = app.place(creditor, |row| row.debtor.name = name.to_owned());
    let at = app.now().minus(Duration::days(days_ago));
    write(app, &conversation(app, creditor, placement, at));
    placement
}

/// The part of the page from this heading to the next section.
fn section(page: &Answer, id: &str) -> String {
    let from = page
        .body
        .split(&format!("aria-labelledby=\"{id}\""))
        .nth(1)
        .unwrap();
    from.split("</section>").next().unwrap().to_owned()
}

#[actix_web::test]
async fn a_quiet_home_says_so_in_five_sections() {
    let app = TestApp::start().await;
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get("/compliance").await;
    assert_eq!(page.status, 200, "{}", page.body);
    for text in [
        "1 System",
        "2 Debtor flags",
        "3 Last 25 refused contacts",
        "4 Overdue validation notices",
        "5 Last 15 contacts",
        "No attempt was refused.",
        "No notice is overdue.",
        "No contact is on record yet.",
        "Nobody asked us to stop.",
        "Encryption at rest",
        "The operator has not declared that the disk is encrypted",
    ] {
        page.assert_says(text);
    }
    for role in [Role::Supervisor, Role::Administrator] {
        let mut other = app.sign_in(role, None).await;
        assert_eq!(other.get("/compliance").await.status, 200, "{role:?}");
    }
    let mut agent = app.sign_in(Role::Agent, None).await;
    assert_eq!(agent.get("/compliance").await.status, 403);
}

#[actix_web::test]
async fn the_last_25_violations_are_exactly_that_and_lead_to_the_timeline() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let ceased = app.place(creditor, |row| {
        row.debtor.facts.cease = Some(Cease::default())
    });
    let mut agent = app.sign_in(Role::Agent, None).await;
    for _ in 0..27 {
        agent
            .post(&format!("/placements/{ceased}/contact-checks"), &[])
            .await;
        app.clock.advance(Duration::seconds(1));
    }
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get("/compliance").await;
    let violations = section(&page, "s3");
    let timeline = format!("/placements/{ceased}?tab=timeline");
    assert_eq!(violations.matches(&timeline).count(), 25);
    page.assert_says("Critical alerts 27");
    let flags = section(&page, "s2");
    assert!(flags.contains("/debtors?flag=cease"), "{flags}");
}

#[actix_web::test]
async fn notices_are_overdue_after_five_days_most_days_first_until_one_is_sent() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let old = talked(&app, creditor, "Olga Old", 21);
    let late = talked(&app, creditor, "Lena Late", 6);
    talked(&app, creditor, "Fresh Fran", 4);
    let closed = talked(&app, creditor, "Carl Closed", 30);
    let sent = talked(&app, creditor, "Sam Sent", 30);
    // A call that nobody answered tells nobody of a debt.
    let unanswered = app.place(creditor, |row| {
        row.debtor.name = "Una Unanswered".to_owned()
    });
    write(
        &app,
        &ContactRow {
            outcome: "no-answer".to_owned(),
            ..conversation(
                &app,
                creditor,
                unanswered,
                app.now().minus(Duration::days(20)),
            )
        },
    );
    app.ctx
        .db
        .write(|conn| {
            diesel::update(placements::table.filter(placements::id.eq(closed)))
                .set(placements::status.eq(forbear::domain::placement::PlacementStatus::Recalled))
                .execute(conn)?;
            letter_rows::insert(
                conn,
                &Letter {
                    creditor_id: creditor,
                    id: LetterId::generate(app.now()),
                    placement_id: sent,
                    debtor_id: app.debtor_of(sent),
                    letter_type: "validation_notice".to_owned(),
                    sent_on: NaiveDate::from_ymd_opt(2026, 4, 15).unwrap(),
                    method: "mail".to_owned(),
                    assumed_receipt_on: None,
                    period_ends_on: None,
                    returned_on: None,
                    created_by: "system:import".to_owned(),
                    created_at: app.now(),
                },
            )?;
            Ok::<_, DbError>(())
        })
        .unwrap();

    let mut officer = app.sign_in(Role::Compliance, None).await;
    let overdue = section(&officer.get("/compliance").await, "s4");
    let at = |name: &str| overdue.find(name);
    assert!(at("Olga Old").unwrap() < at("Lena Late").unwrap());
    for name in ["Fresh Fran", "Carl Closed", "Sam Sent", "Una Unanswered"] {
        assert!(at(name).is_none(), "{name}");
    }
    for placement in [old, late] {
        assert!(overdue.contains(&format!("/placements/{placement}?tab=timeline")));
    }
    assert!(
        overdue.contains(">21<") && overdue.contains("27 Apr 2026"),
        "{overdue}"
    );
    assert!(overdue.contains("Itemization date"), "{overdue}");

    // A notice that came back was never received.
    app.ctx
        .db
        .write(|conn| {
            diesel::update(letters::table)
                .set(letters::returned_on.eq(NaiveDate::from_ymd_opt(2026, 5, 2)))
                .execute(conn)
                .map_err(DbError::from)
        })
        .unwrap();
    let overdue = section(&officer.get("/compliance").await, "s4");
    assert!(overdue.contains("Sam Sent"));
}

#[actix_web::test]
async fn overdue_accounts_come_in_pages() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    for n in 0..27 {
        talked(&app, creditor, &format!("Debtor {n:02}"), 10 + n);
    }
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let first = officer.get("/compliance").await;
    first.assert_says("27 accounts, most days first");
    let overdue = section(&first, "s4");
    assert!(overdue.contains("Debtor 26") && !overdue.contains("Debtor 01"));
    let second = section(&officer.get("/compliance?notices=2").await, "s4");
    assert!(
        second.contains("Debtor 01")
            && second.contains("Debtor 00")
            && !second.contains("Debtor 26")
    );
}

#[actix_web::test]
async fn the_last_15_contacts_say_whether_the_debtor_was_told_who_calls() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    for minutes in 0..16 {
        let at = app.now().minus(Duration::minutes(minutes));
        write(
            &app,
            &ContactRow {
                mini_miranda: match minutes {
                    0 => Some(true),
                    1 => Some(false),
                    _ => None,
                },
                ..conversation(&app, creditor, placement, at)
            },
        );
    }
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get("/compliance").await;
    let contacts = section(&page, "s5");
    let timeline = format!("/placements/{placement}?tab=timeline");
    assert_eq!(contacts.matches(&timeline).count(), 15);
    let order: Vec<usize> = ["Mini-Miranda given", "Not given", "Not recorded"]
        .iter()
        .map(|status| contacts.find(status).unwrap())
        .collect();
    assert!(order.is_sorted(), "{order:?}");
}
