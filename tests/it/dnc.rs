//! Do not call: a number on every list, put on and taken off.

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::decisions::{self, Subject};
use forbear::actions::dnc::{self, DncScope};
use forbear::actions::dnc_lists::{self, ListSource, NewLoad};
use forbear::db::schema::{audit_details, audit_events, dnc_entries};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, PlacementId};
use forbear::domain::time::Instant;
use forbear::gate::{Attempt, Channel, RuleId};

use crate::support::builders::phone;
use crate::support::{Client, TestApp};

const NUMBER: &str = "518-555-7301";

fn refuses(app: &TestApp, creditor: CreditorId, placement: PlacementId) -> bool {
    let subject = Subject {
        creditor,
        debtor: app.debtor_of(placement),
        placement,
    };
    let attempt = Attempt {
        phone: Some("+15185557301".to_owned()),
        ..Attempt::new(app.now(), Channel::Call, placement.as_str())
    };
    let (_, decision) =
        decisions::check(&app.ctx, &Actor::System("cli"), subject, &attempt).unwrap();
    decision.finding(RuleId::DncRegistry).is_some()
}

async fn put_on(client: &mut Client<'_>, scope: &str, source: &str) {
    let fields = [
        ("add_number", NUMBER),
        ("scope", scope),
        ("source", source),
        ("note", "Said so on the telephone today."),
    ];
    let answer = client.post("/dnc/numbers", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(answer.location(), "/dnc?number=5185557301");
}

#[actix_web::test]
async fn a_number_is_looked_up_in_any_form_and_a_wrong_one_is_told_and_kept() {
    let app = TestApp::start().await;
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let free = officer.get("/dnc?number=(518)%20555-7301").await;
    free.assert_says("(518) 555-7301 is on no list today");
    let wrong = officer.get("/dnc?number=12").await;
    wrong.assert_says("Enter a number of ten digits");
    wrong.assert_contains(r#"value="12""#);
    let empty = officer.get("/dnc").await;
    empty.assert_says("No list was loaded yet.");
}

#[actix_web::test]
async fn what_the_page_says_of_a_number_is_what_the_gate_does() {
    let app = TestApp::start().await;
    let (one, two) = (
        app.creditor("Cedar Harbor"),
        app.creditor("Lakeside Clinic"),
    );
    let with_number = |creditor| app.place(creditor, |row| row.debtor.phones = vec![phone(NUMBER)]);
    let (first, second) = (with_number(one), with_number(two));
    let mut officer = app.sign_in(Role::Compliance, None).await;
    assert!(!refuses(&app, one, first) && !refuses(&app, two, second));

    put_on(&mut officer, one.as_str(), "internal").await;
    let page = officer.get("/dnc?number=5185557301").await;
    page.assert_says("(518) 555-7301 must not be called for Cedar Harbor");
    page.assert_contains(&format!("/debtors/{}", app.debtor_of(first)));
    assert!(refuses(&app, one, first) && !refuses(&app, two, second));

    put_on(&mut officer, "agency", "debtor").await;
    let page = officer.get("/dnc?number=5185557301").await;
    page.assert_says("(518) 555-7301 must not be called");
    page.assert_says("A call to it is refused for every creditor.");
    page.assert_says("The person\u{2019}s own request Every creditor");
    assert!(refuses(&app, one, first) && refuses(&app, two, second));
}

#[actix_web::test]
async fn a_loaded_list_is_found_and_shows_its_age() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |row| row.debtor.phones = vec![phone(NUMBER)]);
    dnc::load(
        &app.ctx,
        &Actor::System("cli"),
        DncScope::Agency,
        "518,5557301\n518,5557302\n".as_bytes(),
    )
    .unwrap();
    assert!(refuses(&app, creditor, placement));
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let page = officer.get("/dnc?number=518-555-7301").await;
    page.assert_says("(518) 555-7301 must not be called");
    page.assert_says("National registry");
    // It goes with a newer list and not by hand.
    page.assert_lacks("Take off");
    page.assert_lacks("Older than 31 days");
    let answer = officer
        .get("/dnc/numbers/5185557301/remove?scope=agency&source=federal")
        .await;
    assert_eq!(answer.status, 404);

    app.clock.advance(Duration::days(32));
    let mut officer = app.sign_in(Role::Compliance, None).await;
    officer.get("/dnc").await.assert_says("Older than 31 days");
}

#[actix_web::test]
async fn a_number_is_listed_since_the_day_it_is_where_it_was_put_there_and_at_once_everywhere() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let in_hawaii = app.place(creditor, |row| {
        row.debtor.phones = vec![phone(NUMBER)];
        row.debtor.state = Some("HI".to_owned());
        row.debtor.zip = Some("96813".to_owned());
    });
    // 4:30 in the morning of the 14th in New York, where the officer is; still the 13th in Hawaii
    // and in American Samoa.
    app.clock
        .set(Instant::parse_rfc3339("2026-05-14T08:30:00Z").unwrap());
    let mut officer = app.sign_in(Role::Compliance, None).await;
    put_on(&mut officer, "agency", "debtor").await;
    let page = officer.get("/dnc?number=5185557301").await;
    page.assert_says("Every creditor 14 May 2026 Never");
    page.assert_lacks("13 May 2026");
    assert!(refuses(&app, creditor, in_hawaii));
    let take_off = "/dnc/numbers/5185557301/remove?scope=agency&source=debtor";
    let form = officer.get(take_off).await;
    form.assert_says("Since 14 May 2026");
}

#[actix_web::test]
async fn every_page_says_the_same_of_the_lists_in_force() {
    let app = TestApp::start().await;
    let cli = Actor::System("cli");
    dnc::load(&app.ctx, &cli, DncScope::Agency, "518,5557301\n".as_bytes()).unwrap();
    app.clock.advance(Duration::days(9));
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let home = officer.get("/compliance").await;
    home.assert_says("Single numbers from a file, loaded 9 days ago");
    home.assert_says("Fresh");
    for path in ["/dnc", "/dnc/lists"] {
        let page = officer.get(path).await;
        page.assert_says("A file of single numbers Every creditor 1 0 9 days ago");
        page.assert_lacks("No list is loaded");
    }

    // A list that is kept whole, and is older than it may be.
    let new = NewLoad {
        scope: DncScope::Agency,
        list: "Indiana".to_owned(),
        source: ListSource::State,
        file_name: "indiana.txt".to_owned(),
        as_of: "2026-04-01".parse().unwrap(),
        expires_on: None,
        bytes: None,
    };
    let id = dnc_lists::begin(&app.ctx, &cli, &new).unwrap();
    let file = "317,5550142\n".as_bytes();
    dnc_lists::run(&app.ctx, &cli, id, file, &mut |_| ()).unwrap();
    for path in ["/compliance", "/dnc", "/dnc/lists"] {
        let page = officer.get(path).await;
        page.assert_says("as of 1 Apr 2026");
        page.assert_says("Older than 31 days");
    }
    // Taken back, it is in force nowhere.
    dnc_lists::undo(&app.ctx, &cli, id).unwrap();
    officer.get("/dnc").await.assert_lacks("Indiana");
    officer.get("/compliance").await.assert_says("Fresh");
}

#[actix_web::test]
async fn our_own_entry_goes_with_a_reason_that_stays_on_record() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |row| row.debtor.phones = vec![phone(NUMBER)]);
    let mut officer = app.sign_in(Role::Supervisor, None).await;
    put_on(&mut officer, "agency", "internal").await;
    let path = "/dnc/numbers/5185557301/remove";
    let form = officer
        .get(&format!("{path}?scope=agency&source=internal"))
        .await;
    form.assert_says("The entry was ours, so we can end it with a reason.");
    let which = [("scope", "agency"), ("source", "internal")];
    let without = officer.post(path, &[which[0], which[1]]).await;
    assert_eq!(without.status, 422);
    assert!(refuses(&app, creditor, placement));
    let answer = officer
        .post(path, &[which[0], which[1], ("reason", "Typed wrongly.")])
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(!refuses(&app, creditor, placement));
    let (events, details): (Vec<String>, Vec<String>) = app.rows(|conn| {
        Ok((
            audit_events::table
                .filter(audit_events::kind.like("dnc.number%"))
                .order(audit_events::seq)
                .select(audit_events::body)
                .load(conn)?,
            audit_details::table
                .select(audit_details::value)
                .load(conn)?,
        ))
    });
    assert_eq!(events.len(), 2);
    // The number and the words are personal: beside the chain and not in it.
    assert!(
        events
            .iter()
            .all(|body| !body.contains("5557301") && !body.contains("Typed"))
    );
    assert!(
        details
            .iter()
            .any(|detail| detail.contains("Typed wrongly."))
    );
}

#[actix_web::test]
async fn a_persons_own_request_ends_only_with_consent_from_after_it_and_never_by_a_list() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |row| row.debtor.phones = vec![phone(NUMBER)]);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    put_on(&mut officer, "agency", "debtor").await;

    // A list that gives the request an end.
    dnc::load(
        &app.ctx,
        &Actor::System("cli"),
        DncScope::Agency,
        "number,source,added_on,expires_on\n518-555-7301,debtor,2026-05-01,2026-05-02\n".as_bytes(),
    )
    .unwrap();
    assert!(refuses(&app, creditor, placement));

    let path = "/dnc/numbers/5185557301/remove";
    for (consent_on, reason, why) in [
        (
            "",
            "She said yes.",
            "Enter the day on which the person agreed",
        ),
        ("2026-05-13", "", "Write down the person\u{2019}s words"),
        (
            "2026-05-01",
            "She said yes.",
            "The person asked not to be called after that day.",
        ),
        ("2027-01-01", "She said yes.", "This day is still to come."),
        ("soon", "She said yes.", "Enter a day as 2026-05-13."),
    ] {
        let fields = [
            ("scope", "agency"),
            ("source", "debtor"),
            ("consent_on", consent_on),
            ("reason", reason),
        ];
        let answer = officer.post(path, &fields).await;
        assert_eq!(answer.status, 422, "{consent_on} {reason}");
        answer.assert_says(why);
        assert!(refuses(&app, creditor, placement));
    }
    let fields = [
        ("scope", "agency"),
        ("source", "debtor"),
        ("consent_on", "2026-05-13"),
        ("reason", "Letter of 13 May: you may call me again."),
    ];
    let answer = officer.post(path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(!refuses(&app, creditor, placement));
    let left: i64 = app.rows(|conn| dnc_entries::table.count().get_result(conn));
    assert_eq!(left, 0);
}

#[actix_web::test]
async fn what_does_not_fit_comes_back_as_it_was_typed() {
    let app = TestApp::start().await;
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let answer = officer
        .post(
            "/dnc/numbers",
            &[
                ("add_number", "555"),
                ("note", "She asked."),
                ("scope", "agency"),
            ],
        )
        .await;
    assert_eq!(answer.status, 422);
    answer.assert_says("Enter a number of ten digits");
    answer.assert_says("Choose whose wish it is.");
    answer.assert_contains("She asked.");
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    administrator
        .get("/dnc")
        .await
        .assert_lacks("Put a number on a list");
}
