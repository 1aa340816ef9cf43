//! The list: what it finds, in which order, and that every state of it is an address.

use chrono::{Duration, NaiveDate};
use forbear::actions::placements::{self, RecallInput};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, PlacementId};
use forbear::domain::money::Cents;
use forbear::store::Scope;

use crate::support::builders::{email, phone};
use crate::support::{Answer, TestApp};

const CREDITOR: &str = "Harbor Supply";

fn place(
    app: &TestApp,
    creditor: CreditorId,
    name: &str,
    invoice: &str,
    cents: i64,
) -> PlacementId {
    app.clock.advance(Duration::seconds(1));
    app.place(creditor, |row| {
        row.debtor.name = name.to_owned();
        row.invoice_number = invoice.to_owned();
        row.amount = Cents::new(cents);
    })
}

/// The invoices on the page, in its order.
fn invoices(answer: &Answer) -> Vec<String> {
    answer
        .body
        .split("data-label=\"Invoice\" class=\"nowrap\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn an_empty_list_asks_for_an_upload() {
    let app = TestApp::start().await;
    app.creditor(CREDITOR);
    let mut partner = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    let page = partner.get("/placements").await;
    assert_eq!(page.status, 200);
    page.assert_says("No placements yet");
    page.assert_contains("/imports/new");
}

#[actix_web::test]
async fn a_number_in_any_form_and_an_address_find_whom_they_reach_and_only_ones_own() {
    let app = TestApp::start().await;
    let (own, other) = (app.creditor(CREDITOR), app.creditor("Lakeside Clinic"));
    let reached = |creditor, name: &str, invoice: &str| {
        app.place(creditor, |row| {
            row.debtor.name = name.to_owned();
            row.invoice_number = invoice.to_owned();
            row.debtor.phones = vec![phone("518-555-7301")];
            row.debtor.emails = vec![email("dana@debtors.example")];
        })
    };
    reached(own, "Dana Whitfield", "HS-1");
    reached(other, "Dana Elsewhere", "LC-1");
    // An invoice that looks like the number, and somebody whom nothing of it finds.
    place(&app, own, "Ira Invoice", "5185557301", 10_000);
    place(&app, own, "Nora Nobody", "HS-3", 10_000);

    let mut agent = app.sign_in(Role::Agent, None).await;
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    for query in [
        "5185557301",
        "(518)%20555-7301",
        "%2B1%20518.555.7301",
        "Dana@Debtors.example",
    ] {
        let all = agent.get(&format!("/placements?q={query}")).await;
        all.assert_contains("Dana Whitfield");
        all.assert_contains("Dana Elsewhere");
        all.assert_lacks("Nora Nobody");
        let ones_own = partner.get(&format!("/placements?q={query}")).await;
        ones_own.assert_contains("Dana Whitfield");
        ones_own.assert_lacks("Dana Elsewhere");
        assert_eq!(
            ones_own.body.contains("Ira Invoice"),
            query == "5185557301",
            "{query}"
        );
        let debtors = agent.get(&format!("/debtors?q={query}")).await;
        debtors.assert_contains("Dana Whitfield");
        debtors.assert_contains("Dana Elsewhere");
        debtors.assert_lacks("Nora Nobody");
        let ones_own = partner.get(&format!("/debtors?q={query}")).await;
        ones_own.assert_contains("Dana Whitfield");
        ones_own.assert_lacks("Dana Elsewhere");
    }
    for query in ["5185557302", "dana@elsewhere.example"] {
        for list in ["placements", "debtors"] {
            let page = agent.get(&format!("/{list}?q={query}")).await;
            page.assert_lacks("Dana Whitfield");
        }
    }
}

#[actix_web::test]
async fn rows_sort_by_placed_amount_and_past_due_both_ways_and_no_due_date_comes_last() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let add = |invoice: &str, cents: i64, due: Option<u32>| {
        app.clock.advance(Duration::seconds(1));
        app.place(creditor, |row| {
            row.invoice_number = invoice.to_owned();
            row.amount = Cents::new(cents);
            row.due_on = due.map(|day| NaiveDate::from_ymd_opt(2026, 4, day).unwrap());
        });
    };
    add("A-1", 30_000, Some(20));
    add("A-2", 10_000, None);
    add("A-3", 20_000, Some(1));
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    for (query, order) in [
        ("", ["A-3", "A-2", "A-1"]),
        ("?sort=placed&dir=asc", ["A-1", "A-2", "A-3"]),
        ("?sort=amount", ["A-1", "A-3", "A-2"]),
        ("?sort=amount&dir=asc", ["A-2", "A-3", "A-1"]),
        ("?sort=past-due", ["A-3", "A-1", "A-2"]),
        ("?sort=past-due&dir=asc", ["A-2", "A-1", "A-3"]),
    ] {
        let page = partner.get(&format!("/placements{query}")).await;
        assert_eq!(invoices(&page), order, "{query}");
    }
    let page = partner.get("/placements").await;
    page.assert_says("42 days overdue");
    page.assert_says("23 days");
    page.assert_says("Not due");
}

#[actix_web::test]
async fn a_search_finds_names_and_invoices_by_the_beginnings_of_their_words() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    place(&app, creditor, "Marisol O'Neill", "INV-1042", 100);
    place(&app, creditor, "Dana Whitfield", "INV-2042", 100);
    place(&app, creditor, "Whitfield S\u{f6}hne LLC", "HS/77", 100);
    let other = app.creditor("Other Freight");
    place(&app, other, "Dana Whitfield", "INV-9999", 100);
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    for (query, found) in [
        ("whitfield", vec!["HS/77", "INV-2042"]),
        ("WHIT+da", vec!["INV-2042"]),
        ("1042", vec!["INV-1042"]),
        ("inv-20", vec!["INV-2042"]),
        ("sohne", vec!["HS/77"]),
        ("o%27nei", vec!["INV-1042"]),
        ("field", vec![]),
        ("%25", vec!["HS/77", "INV-2042", "INV-1042"]),
    ] {
        let page = partner.get(&format!("/placements?q={query}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(invoices(&page), found, "{query}");
    }
    partner
        .get("/placements?q=field")
        .await
        .assert_says("Nothing matches");
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent.get("/placements?q=whitfield").await;
    assert_eq!(invoices(&page), ["INV-9999", "HS/77", "INV-2042"]);
    let page = agent
        .get(&format!("/placements?q=whitfield&creditor={other}"))
        .await;
    assert_eq!(invoices(&page), ["INV-9999"]);
}

#[actix_web::test]
async fn chips_count_what_they_lead_to() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    app.place(creditor, |_| {});
    app.place(creditor, |row| row.disputed = true);
    app.place(creditor, |row| {
        row.debtor.facts.cease = Some(Default::default())
    });
    let recalled = app.place(creditor, |_| {});
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    partner.get("/placements").await.assert_says("All 4");
    let version = partner
        .get(&format!("/placements/{recalled}/recall"))
        .await
        .field("version");
    partner
        .post(
            &format!("/placements/{recalled}/recall"),
            &[("version", &version)],
        )
        .await;
    let page = partner.get("/placements").await;
    for chip in ["All 4", "Disputed 1", "Recalled 1", "Held 1", "Paused 0"] {
        page.assert_says(chip);
    }
    for (query, rows) in [
        ("status=recalled", 1),
        ("status=disputed", 1),
        ("show=held", 1),
        ("show=paused", 0),
        ("show=needs-me", 1),
        ("status=paid", 0),
    ] {
        let page = partner.get(&format!("/placements?{query}")).await;
        assert_eq!(invoices(&page).len(), rows, "{query}");
    }
    partner
        .get("/placements?show=held")
        .await
        .assert_says("No contact: cease-and-desist");
}

#[actix_web::test]
async fn twenty_five_are_on_a_page_and_the_last_page_is_read_from_the_end() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let rows: Vec<_> = (0..60)
        .map(|n| {
            let mut row = crate::support::builders::account();
            row.invoice_number = format!("P-{n:03}");
            row.amount = Cents::new(1_000 + n);
            row
        })
        .collect();
    app.place_rows(creditor, &rows);
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let mut seen = Vec::new();
    for (page, range) in [
        (1, "1\u{2013}25 of 60"),
        (2, "26\u{2013}50"),
        (3, "51\u{2013}60"),
    ] {
        let answer = partner
            .get(&format!("/placements?sort=amount&dir=asc&page={page}"))
            .await;
        answer.assert_says(range);
        seen.extend(invoices(&answer));
    }
    let expected: Vec<String> = (0..60).map(|n| format!("P-{n:03}")).collect();
    assert_eq!(seen, expected);
    let beyond = partner.get("/placements?page=99&sort=amount&dir=asc").await;
    assert_eq!(invoices(&beyond).len(), 10);
}

#[actix_web::test]
async fn a_creditors_people_see_their_own_alone_and_staff_see_whose_each_is() {
    let app = TestApp::start().await;
    let own = app.creditor(CREDITOR);
    let other = app.creditor("Other Freight");
    place(&app, own, "Own Debtor", "OWN-1", 100);
    place(&app, other, "Foreign Debtor", "FOR-1", 100);
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    for path in [
        "/placements".to_owned(),
        format!("/placements?creditor={other}"),
        "/placements?q=debtor".to_owned(),
        "/debtors".to_owned(),
        "/overview".to_owned(),
    ] {
        let page = partner.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        page.assert_says("Own Debtor");
        page.assert_lacks("Foreign Debtor");
        page.assert_lacks("Other Freight");
    }
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent.get("/placements").await;
    page.assert_says("Other Freight");
    assert_eq!(invoices(&page), ["FOR-1", "OWN-1"]);
    let narrowed = agent.get(&format!("/placements?creditor={own}")).await;
    assert_eq!(invoices(&narrowed), ["OWN-1"]);
}

#[actix_web::test]
async fn the_earliest_lawful_contact_is_now_by_day_and_in_the_morning_by_night() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    app.place(creditor, |_| {});
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    partner
        .get("/placements")
        .await
        .assert_contains("<span class=\"text-success\">Now</span>");
    // 23:00 in New York.
    app.clock.advance(Duration::hours(11));
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    partner
        .get("/placements")
        .await
        .assert_says("8:00 am EDT their time");
}

#[actix_web::test]
async fn a_list_is_exported_as_it_is_filtered_and_sorted_and_no_further_than_the_reader_sees() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    place(&app, creditor, "Ada Quill", "A-1", 30_000);
    place(&app, creditor, "=HYPERLINK(1)", "A-2", 10_050);
    place(&app, creditor, "Ben Quill", "A-3", 20_000);
    let other = app.creditor("Somebody Else");
    place(&app, other, "Cleo Quill", "X-1", 99_900);

    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    partner
        .get("/placements?q=quill&sort=amount&dir=asc")
        .await
        .assert_contains("/placements/export.csv?q=quill&#38;sort=amount&#38;dir=asc");
    let file = partner
        .get("/placements/export.csv?q=quill&sort=amount&dir=asc")
        .await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        file.header("content-disposition")
            .contains("placements-2026-05-13.csv")
    );
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines.len(), 3, "{}", file.body);
    assert!(lines[0].contains("placement_id,creditor,invoice_number,debtor,state,amount"));
    assert!(lines[1].contains("Harbor Supply,A-3,Ben Quill,NY,200.00,0.00,200.00"));
    assert!(lines[2].contains("A-1,Ada Quill,NY,300.00"));
    assert!(lines[2].contains(",now,2026-05-13"), "{}", lines[2]);

    // Another creditor's id in the address opens nothing; a formula runs in nobody's spreadsheet.
    let all = partner
        .get(&format!("/placements/export.csv?creditor={other}"))
        .await;
    assert_eq!(all.body.lines().count(), 4);
    assert!(!all.body.contains("Cleo Quill"));
    assert!(all.body.contains("'=HYPERLINK(1)"));
    let mut agent = app.sign_in(Role::Agent, None).await;
    let all = agent.get("/placements/export.csv").await;
    assert!(all.body.contains("Somebody Else,X-1,Cleo Quill"));
    let held = agent.get("/placements/export.csv?show=held").await;
    assert_eq!(held.body.lines().count(), 1);
}

#[actix_web::test]
async fn what_is_over_falls_due_no_more() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| {
        row.due_on = NaiveDate::from_ymd_opt(2026, 4, 1);
    });
    let mut partner = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    partner
        .get("/placements")
        .await
        .assert_says("42 days overdue");
    placements::recall(
        &app.ctx,
        &Actor::System("cli"),
        Scope::Agency,
        placement,
        &RecallInput::default(),
    )
    .unwrap();
    let list = partner.get("/placements").await;
    list.assert_contains("<span class=\"muted\">\u{2013}</span>");
    list.assert_lacks("Not due");
}
