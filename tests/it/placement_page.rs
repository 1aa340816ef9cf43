//! One placement's page: banners, verdicts, tabs, and what each reader may know.

use chrono::Duration;
use forbear::actions::placing::{Attorney, Bankruptcy, Cease};
use forbear::actions::stops::{self, StopInput};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::PlacementId;
use forbear::domain::stop::{Medium, Requester, StopScope};

use crate::support::TestApp;

const CREDITOR: &str = "Harbor Supply";

pub async fn stop(app: &TestApp, placement: PlacementId, scope: StopScope, via: Medium) {
    let debtor = app.debtor_of(placement);
    let creditor = app.rows(|conn| {
        use diesel::prelude::*;
        use forbear::db::schema::placements;
        placements::table
            .filter(placements::id.eq(placement))
            .select(placements::creditor_id)
            .first(conn)
    });
    stops::stop(
        &app.ctx,
        Actor::Debtor(debtor),
        StopInput {
            creditor,
            debtor,
            placement: Some(placement),
            scope,
            via,
            requester: Requester::Debtor,
            words: Some("Leave me alone".to_owned()),
            in_writing: true,
            verified: true,
            received_at: app.now(),
        },
    )
    .await
    .unwrap();
}

#[actix_web::test]
async fn a_placement_nothing_stops_shows_that_contact_is_lawful_and_money_to_the_cent() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| {
        row.debtor.name = "Marisol Ortega".to_owned()
    });
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let page = partner.get(&format!("/placements/{placement}")).await;
    assert_eq!(page.status, 200);
    for words in [
        "Marisol Ortega",
        "Invoice $1,250.00",
        "Recovered $0.00",
        "Remaining $1,250.00",
        "25 % of what is recovered",
        "Can call",
        "Can write",
        "Calls placed, 7 days 0 of 7",
        "12:00 pm EDT",
        "Placed with us.",
    ] {
        page.assert_says(words);
    }
    page.assert_contains("data-dialog");
    page.assert_lacks("contact-checks");
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent.get(&format!("/placements/{placement}")).await;
    page.assert_contains(&format!("/placements/{placement}/contact-checks"));
    page.assert_lacks("/mark-as-paid\"");
}

#[actix_web::test]
async fn the_cease_banner_says_since_when_how_and_what_can_still_be_done() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |_| {});
    stop(&app, placement, StopScope::All, Medium::Letter).await;
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let page = partner.get(&format!("/placements/{placement}")).await;
    page.assert_says("Contact stopped: cease-and-desist, received 13 May 2026 by letter");
    page.assert_contains(&format!("/placements/{placement}/options#legal"));
    page.assert_contains(&format!("/placements/{placement}/options#negotiate"));
    page.assert_contains(&format!("/placements/{placement}/recall"));
    page.assert_says("Cannot call");
    page.assert_says("Cannot email");
    page.assert_says("No contact: cease-and-desist");
    let options = partner
        .get(&format!("/placements/{placement}/options"))
        .await;
    options.assert_says("asked us on 13 May 2026, by letter, to stop contact");
    options.assert_says("Remaining $1,250.00");
    // An agent may not recall: the same way on is a page to read.
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent.get(&format!("/placements/{placement}")).await;
    page.assert_contains(&format!("/placements/{placement}/options#recall"));
}

#[actix_web::test]
async fn a_stop_of_calls_has_its_banner_and_leaves_emails_to_be_judged() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |_| {});
    stop(&app, placement, StopScope::Call, Medium::Portal).await;
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let page = partner.get(&format!("/placements/{placement}")).await;
    page.assert_says(
        "Calls stopped: cease-and-desist for calls, received 13 May 2026 in the portal",
    );
    page.assert_says("Cannot call");
    page.assert_says("Can email");
}

#[actix_web::test]
async fn the_request_and_the_flags_it_set_stand_together_in_the_timeline() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let first = app.place(creditor, |row| {
        row.debtor.name = "Two Accounts".to_owned();
        row.debtor.reference = Some("C-7".to_owned());
    });
    let second = app.place(creditor, |row| {
        row.debtor.name = "Two Accounts".to_owned();
        row.debtor.reference = Some("C-7".to_owned());
    });
    assert_eq!(app.debtor_of(first), app.debtor_of(second));
    app.clock.advance(Duration::minutes(5));
    stop(&app, first, StopScope::All, Medium::Portal).await;
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    // A stop binds every placement of the debtor: it is on the other one's timeline too.
    for placement in [first, second] {
        let page = partner
            .get(&format!("/placements/{placement}?kind=stops"))
            .await;
        let (_, linked) = page.body.split_once("<ol class=\"linked\"").unwrap();
        let (linked, _) = linked.split_once("</ol>").unwrap();
        for name in [
            "debtor.stop_requested",
            "debtor.call_opt_out_set",
            "debtor.email_opt_out_set",
            "debtor.cease_set",
        ] {
            assert!(linked.contains(name), "{name} isn't in {linked}");
        }
        page.assert_says("Asked in the portal to stop all contact.");
        page.assert_says("Wednesday, 13 May 2026");
        page.assert_lacks("placement.created");
        page.assert_lacks("Leave me alone");
    }
    let mut officer = app.sign_in(Role::Compliance, None).await;
    officer
        .get(&format!("/placements/{first}?kind=stops"))
        .await
        .assert_says("Leave me alone");
}

#[actix_web::test]
async fn a_permalink_shows_the_stream_from_its_event_down() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |_| {});
    app.clock.advance(Duration::minutes(5));
    stop(&app, placement, StopScope::Call, Medium::Portal).await;
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let page = partner.get(&format!("/placements/{placement}")).await;
    page.assert_says("Calls are stopped.");
    let link = page
        .body
        .split("<a href=\"")
        .map(|rest| rest.split('"').next().unwrap())
        .filter(|href| href.contains("until=2026-05-13T16%3A00%3A00Z"))
        .last()
        .unwrap();
    let then = partner.get(link.split('#').next().unwrap()).await;
    then.assert_says("Placed with us.");
    then.assert_lacks("Calls are stopped.");
}

#[actix_web::test]
async fn a_creditors_people_never_see_counsels_number_or_staffs_names() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| {
        row.debtor.facts.attorney = Some(Attorney {
            name: Some("Rosa Ortiz".to_owned()),
            phone: Some("212-555-0177".parse().unwrap()),
            email: None,
        });
        row.debtor.facts.bankruptcy = Some(Bankruptcy {
            chapter: Some(7),
            filed_on: chrono::NaiveDate::from_ymd_opt(2026, 3, 9),
        });
    });
    let mut partner = app.sign_in(Role::CreditorAdmin, Some(CREDITOR)).await;
    let mut agent = app.sign_in(Role::Agent, None).await;
    let debtor = app.debtor_of(placement);
    for path in [
        format!("/placements/{placement}"),
        format!("/placements/{placement}?tab=calls"),
        format!("/placements/{placement}?tab=compliance"),
        format!("/placements/{placement}/options"),
        format!("/debtors/{debtor}"),
        "/placements".to_owned(),
    ] {
        let page = partner.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        for private in ["Ortiz", "555-0177", "5550177", "2026-03-09", "9 March 2026"] {
            page.assert_lacks(private);
        }
    }
    let page = partner.get(&format!("/placements/{placement}")).await;
    page.assert_says("Contact stopped: bankruptcy, chapter 7");
    page.assert_says("Contact stopped: the debtor has a lawyer");
    let bankruptcy = page.body.find("Contact stopped: bankruptcy").unwrap();
    let lawyer = page.body.find("the debtor has a lawyer").unwrap();
    assert!(bankruptcy < lawyer, "the worst comes first");

    let page = agent.get(&format!("/placements/{placement}")).await;
    page.assert_says("Counsel: Rosa Ortiz, (212) 555-0177.");
    page.assert_says("Filed on 9 Mar 2026.");
}

#[actix_web::test]
async fn the_tabs_are_addresses_and_say_what_they_hold() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| row.debtor.facts.email_opt_out = true);
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let calls = partner
        .get(&format!("/placements/{placement}?tab=calls"))
        .await;
    calls.assert_says("Scheduled");
    calls.assert_says("Only scheduled and placed calls are listed. No attempt was refused.");
    let payments = partner
        .get(&format!("/placements/{placement}?tab=payments"))
        .await;
    payments.assert_says("No payments yet");
    let compliance = partner
        .get(&format!("/placements/{placement}?tab=compliance"))
        .await;
    compliance.assert_says("Asked us to stop emailing");
    compliance.assert_says("The gate has not been asked about this placement yet.");
    partner
        .get(&format!("/placements/{placement}?tab=nonsense"))
        .await
        .assert_says("Placed with us.");
}

#[actix_web::test]
async fn the_overview_adds_up_and_draws_what_was_recovered() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |_| {});
    app.place(creditor, |row| row.disputed = true);
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let form = partner
        .get(&format!("/placements/{placement}/mark-as-paid"))
        .await;
    partner
        .post(
            &format!("/placements/{placement}/mark-as-paid"),
            &[
                ("amount", "250.00"),
                ("quoted", "250.00"),
                ("received_on", "2026-05-13"),
                ("method", "check"),
                ("version", &form.field("version")),
                ("once_key", &form.field("once_key")),
            ],
        )
        .await;
    let page = partner.get("/overview").await;
    assert_eq!(page.status, 200);
    page.assert_says("Outstanding $2,250.00");
    page.assert_says("Recovered this month $250.00");
    page.assert_says("All time: $250.00, 10.0 % of what was placed");
    // What stands beside the statuses adds up to what is outstanding.
    page.assert_says("In outreach $1,000.00 left 1");
    page.assert_says("Disputed $1,250.00 left 1");
    page.assert_says("$2,250.00 left in sum");
    page.assert_says("Disputes to answer 1");
    assert_eq!(page.body.matches("<rect x=").count(), 1);
}

#[actix_web::test]
async fn the_amount_bar_shows_what_was_recovered_of_what_is_owed() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |_| {});
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let path = format!("/placements/{placement}/mark-as-paid");
    let form = partner.get(&path).await;
    let fields = [
        ("amount", "500.00"),
        ("quoted", "500.00"),
        ("received_on", "2026-05-13"),
        ("method", "check"),
        ("version", &form.field("version")),
        ("once_key", &form.field("once_key")),
    ];
    assert_eq!(partner.post(&path, &fields).await.status, 303);
    let page = partner.get(&format!("/placements/{placement}")).await;
    // 500.00 of 1,250.00, though 125.00 of it is the fee.
    page.assert_contains(r#"<rect class="recovered" width="400" height="10"/></svg>"#);
}

#[actix_web::test]
async fn a_day_in_a_file_is_that_day_on_every_page() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| {
        row.debtor.facts.cease = Some(Cease {
            received_on: chrono::NaiveDate::from_ymd_opt(2026, 4, 2),
        });
    });
    // A reader west of where the day begins in UTC.
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let page = partner.get(&format!("/placements/{placement}")).await;
    page.assert_says("cease-and-desist, received 2 Apr 2026");
    let flags = partner
        .get(&format!("/placements/{placement}?tab=compliance"))
        .await;
    flags.assert_says("2 Apr 2026");
    flags.assert_lacks("1 Apr 2026");
    assert!(!flags.words().contains("2 Apr 2026, "));
}

#[actix_web::test]
async fn no_notice_is_due_before_anything_was_said_to_the_debtor() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |_| ());
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let page = partner.get(&format!("/placements/{placement}")).await;
    page.assert_says("Placed");
    page.assert_lacks("Validation notice due");
}

#[actix_web::test]
async fn a_bankruptcy_that_is_older_than_the_debt_warns_and_does_not_claim_that_contact_is_stopped()
{
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let day = |month, day| chrono::NaiveDate::from_ymd_opt(2026, month, day);
    let filed = Some(Bankruptcy {
        chapter: Some(7),
        filed_on: day(3, 9),
    });
    let younger = app.place(creditor, |row| {
        row.incurred_on = day(4, 1);
        row.debtor.facts.bankruptcy = filed.clone();
    });
    app.clock.advance(Duration::seconds(1));
    let older = app.place(creditor, |row| {
        row.incurred_on = day(1, 5);
        row.debtor.facts.bankruptcy = filed.clone();
    });
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    let page = partner.get(&format!("/placements/{younger}")).await;
    page.assert_says("Contact with care: bankruptcy, chapter 7");
    page.assert_says("Can call, 1 warning A person must acknowledge first: Bankruptcy");
    assert!(
        !page.words().contains("Contact stopped"),
        "{}",
        page.words()
    );
    let page = partner.get(&format!("/placements/{older}")).await;
    page.assert_says("Contact stopped: bankruptcy, chapter 7");
    page.assert_says("Cannot call");

    let list = partner.get("/placements?sort=placed&dir=asc").await.words();
    let (first, second) = list.split_once("Not while: Bankruptcy").unwrap();
    assert!(first.contains("Now, with a warning"), "{first}");
    assert!(!second.contains("Now, with a warning"), "{second}");

    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent.get(&format!("/placements/{younger}")).await;
    page.assert_says("Filed on 9 Mar 2026.");
    page.assert_says("this debt is younger than the case");
}

#[actix_web::test]
async fn the_card_names_every_other_rule_in_the_way_with_the_moment_it_ends() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let placement = app.place(creditor, |row| {
        row.debtor.facts.attorney = Some(Attorney {
            name: Some("R. Ortiz".to_owned()),
            phone: None,
            email: None,
        });
    });
    stop(&app, placement, StopScope::All, Medium::Letter).await;
    // Eleven in the evening in Albany.
    app.clock.advance(Duration::hours(11));
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent.get(&format!("/placements/{placement}")).await.words();
    let (_, call) = page.split_once("Cannot call").unwrap();
    let (call, _) = call.split_once("Cannot email").unwrap();
    assert!(call.contains("Also in the way: "), "{call}");
    assert!(call.contains("Attorney"), "{call}");
    assert!(
        call.contains("Contact hours until Thu 14 May 2026, 8:00 am EDT"),
        "{call}"
    );
}

#[actix_web::test]
async fn what_can_still_be_done_is_worded_by_what_was_asked() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let marked = app.place(creditor, |row| row.debtor.facts.do_not_call = true);
    let no_calls = app.place(creditor, |_| {});
    stop(&app, no_calls, StopScope::Call, Medium::Portal).await;
    let represented = app.place(creditor, |row| {
        row.debtor.facts.attorney = Some(Attorney::default());
    });
    let mut partner = app.sign_in(Role::CreditorMember, Some(CREDITOR)).await;
    for (placement, said, rule) in [
        (marked, "is marked as do not call", "/rules/do-not-call"),
        (
            no_calls,
            "to stop calls. That ends calls from us;",
            "/rules/call-opt-out",
        ),
        (represented, "has a lawyer", "/rules/attorney"),
    ] {
        let page = partner
            .get(&format!("/placements/{placement}/options"))
            .await;
        page.assert_says(said);
        page.assert_contains(&format!("href=\"{rule}\""));
        page.assert_lacks("to stop contact");
        page.assert_lacks("1692c(c);");
    }
    let page = partner.get(&format!("/placements/{marked}/options")).await;
    page.assert_says("until then outreach goes on by the ways that are open");
    page.assert_lacks("the placement rests");
}

#[actix_web::test]
async fn a_line_about_another_placement_of_the_debtor_names_its_invoice() {
    let app = TestApp::start().await;
    let creditor = app.creditor(CREDITOR);
    let mut both = Vec::new();
    for invoice in ["HS-1", "HS-2"] {
        both.push(app.place(creditor, |row| {
            row.invoice_number = invoice.to_owned();
            row.debtor.name = "Two Accounts".to_owned();
            row.debtor.reference = Some("C-7".to_owned());
        }));
    }
    let [first, second] = both[..] else {
        panic!("{both:?}");
    };
    let mut agent = app.sign_in(Role::Agent, None).await;
    let told = [("outcome", "dispute_raised"), ("mini_miranda", "yes")];
    let logged = crate::log_contact::log(&mut agent, second, &told).await;
    assert_eq!(logged.status, 303, "{}", logged.body);
    let other = agent.get(&format!("/placements/{first}")).await;
    other.assert_says("Outreach waits for an answer. About invoice HS-2");
    other.assert_contains(&format!(
        "About invoice <a href=\"/placements/{second}\">HS-2</a>"
    ));
    agent
        .get(&format!("/placements/{second}"))
        .await
        .assert_lacks("About invoice");
}
