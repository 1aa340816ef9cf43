//! What a number is and whose, corrected at the desk.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::prelude::*;
use forbear::actions::authorize::{Authorised, authorize};
use forbear::actions::numbers::{self, Correction};
use forbear::db::schema::{audit_events, calls, phones};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::PlacementId;
use forbear::domain::phone::PhoneNumber;
use forbear::domain::stop::Medium;
use forbear::gate::{Channel, RuleId};
use forbear::worker::planner::Place;
use forbear::worker::{self, Stopping};

use crate::flags::{ask, epoch, in_the_way, live};
use crate::stops::{email, report_started};
use crate::support::TestApp;
use crate::support::builders::phone;

const NUMBER: &str = "518-555-0142";
const DIALLED: Option<&str> = Some("+15185550142");

fn place(app: &TestApp, name: &str) -> PlacementId {
    app.place(app.creditor(name), |row| {
        row.debtor.name = "Dana Doe".to_owned();
        row.debtor.reference = Some("C-1".to_owned());
        row.debtor.phones = vec![phone(NUMBER)];
    })
}

fn call(app: &TestApp, placement: PlacementId) -> (String, Option<String>) {
    app.rows(|conn| {
        calls::table
            .filter(calls::placement_id.eq(placement))
            .order(calls::created_at.desc())
            .select((calls::status, calls::status_cause))
            .first(conn)
    })
}

const MOTHERS: [(&str, &str); 5] = [
    ("number_kind", "landline"),
    ("owner", "other"),
    ("belongs_to", "the debtor\u{2019}s mother"),
    ("via", "phone"),
    ("note", "She answered and said so."),
];

const OWN: [(&str, &str); 4] = [
    ("number_kind", "mobile"),
    ("owner", "debtor"),
    ("via", "letter"),
    ("note", "It is hers after all."),
];

#[actix_web::test]
async fn a_number_of_somebody_elses_is_not_dialled_any_more() {
    let app = TestApp::start().await;
    let placement = place(&app, "Cedar Harbor");
    let debtor = app.debtor_of(placement);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let path = format!("/debtors/{debtor}/numbers/5185550142");
    agent
        .get(&format!("/debtors/{debtor}"))
        .await
        .assert_contains(&path);
    agent
        .get(&path)
        .await
        .assert_says("A number of somebody else\u{2019}s is not dialled any more.");
    assert!(in_the_way(&ask(&app, placement, Channel::Call, DIALLED)).is_empty());

    let answer = agent.post(&path, &MOTHERS).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!((live(&app, debtor), epoch(&app, debtor)), ((0, 1), 1));
    assert_eq!(
        call(&app, placement),
        ("cancelled".to_owned(), Some("not_the_debtors".to_owned()))
    );
    assert_eq!(
        in_the_way(&ask(&app, placement, Channel::Call, DIALLED)),
        [RuleId::ThirdParty]
    );
    let page = agent.get(&format!("/debtors/{debtor}")).await;
    page.assert_says("(518) 555-0142, belongs to the debtor\u{2019}s mother");
    let page = agent
        .get(&format!("/placements/{placement}?tab=calls"))
        .await;
    page.assert_says("Cancelled: the number is somebody else\u{2019}s");
    let page = agent.get(&format!("/placements/{placement}")).await;
    page.assert_says("A number was found by telephone to be somebody else\u{2019}s.");
    let mut creditors = app.sign_in(Role::CreditorAdmin, Some("Cedar Harbor")).await;
    let page = creditors.get(&format!("/placements/{placement}")).await;
    page.assert_says("(518) 555-0142, not the debtor\u{2019}s");
    page.assert_lacks("mother");
    let body: String = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("debtor.number_corrected"))
            .select(audit_events::body)
            .first(conn)
    });
    assert!(body.contains(r#""kind_before":"mobile""#), "{body}");
    assert!(body.contains(r#""was_debtors":true"#), "{body}");
    assert!(
        !body.contains("mother") && !body.contains("5550142"),
        "{body}"
    );

    // Nothing is planned to it: neither by the worker nor for an account placed later.
    for _ in 0..2 {
        let run = worker::planner::run(&app.ctx, &Place::default(), &Stopping::never()).await;
        assert_eq!(run.unwrap(), 0);
    }
    let creditor = app.rows(|conn| phones::table.select(phones::creditor_id).first(conn));
    let later = app.place(creditor, |row| {
        row.debtor.name = "Dana Doe".to_owned();
        row.debtor.reference = Some("C-1".to_owned());
        row.debtor.phones.clear();
    });
    assert_eq!(app.debtor_of(later), debtor);
    let planned: i64 = app.rows(|conn| {
        calls::table
            .filter(calls::status.eq("planned"))
            .count()
            .get_result(conn)
    });
    assert_eq!(planned, 0);
}

#[actix_web::test]
async fn said_again_it_changes_nothing_and_corrected_back_it_is_called_again() {
    let app = TestApp::start().await;
    let placement = place(&app, "Cedar Harbor");
    let debtor = app.debtor_of(placement);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let path = format!("/debtors/{debtor}/numbers/5185550142");
    agent.post(&path, &MOTHERS).await;
    agent.post(&path, &MOTHERS).await;
    assert_eq!(epoch(&app, debtor), 1);
    let answer = agent.post(&path, &OWN).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(in_the_way(&ask(&app, placement, Channel::Call, DIALLED)).is_empty());
    let run = worker::planner::run(&app.ctx, &Place::default(), &Stopping::never()).await;
    assert_eq!(run.unwrap(), 1);
    let corrections: i64 = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("debtor.number_corrected"))
            .count()
            .get_result(conn)
    });
    assert_eq!(corrections, 2);
}

#[actix_web::test]
async fn another_kind_leaves_calls_to_be_decided_anew() {
    let app = TestApp::start().await;
    let placement = place(&app, "Cedar Harbor");
    let debtor = app.debtor_of(placement);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let path = format!("/debtors/{debtor}/numbers/5185550142");
    let mut fields = OWN;
    fields[0] = ("number_kind", "work");
    let answer = agent.post(&path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!((live(&app, debtor), epoch(&app, debtor)), ((1, 1), 1));
    agent
        .get(&format!("/debtors/{debtor}"))
        .await
        .assert_says("Phone at work");
}

#[actix_web::test]
async fn what_does_not_fit_comes_back_as_it_was_typed() {
    let app = TestApp::start().await;
    let placement = place(&app, "Cedar Harbor");
    let debtor = app.debtor_of(placement);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let path = format!("/debtors/{debtor}/numbers/5185550142");
    for (change, why) in [
        (("belongs_to", " "), "Say whose number it is"),
        // The gate knows the debtor by this name: such a number would be called.
        (("belongs_to", "Debtor"), "That is the debtor."),
        (("owner", ""), "Choose whose number it is."),
        (("number_kind", "fax"), "Choose what kind of number it is."),
        (("via", "pigeon"), "Choose how it came."),
        (("note", ""), "Say how you know."),
    ] {
        let fields = MOTHERS.map(|field| if field.0 == change.0 { change } else { field });
        let answer = agent.post(&path, &fields).await;
        assert_eq!(answer.status, 422, "{change:?}");
        answer.assert_says(why);
        if change.0 != "note" {
            answer.assert_contains("She answered and said so.");
        }
    }
    assert_eq!((live(&app, debtor), epoch(&app, debtor)), ((1, 1), 0));
    let other = format!("/debtors/{debtor}/numbers/5185550999");
    assert_eq!(agent.get(&other).await.status, 404);
    let mut member = app.sign_in(Role::CreditorAdmin, Some("Cedar Harbor")).await;
    assert_eq!(member.post(&path, &MOTHERS).await.status, 403);
}

#[actix_web::test]
async fn a_correction_waits_for_what_is_starting_and_lets_no_later_one_start() {
    let app = TestApp::start().await;
    let placement = place(&app, "Cedar Harbor");
    let debtor = app.debtor_of(placement);
    let creditor = app.rows(|conn| phones::table.select(phones::creditor_id).first(conn));
    let hand_off = email(creditor, debtor, placement, &app);
    let worker = Actor::System("worker");
    let Authorised::Permitted(permit) = authorize(&app.ctx, &worker, &hand_off).unwrap() else {
        panic!("the email is lawful");
    };
    let reported = AtomicBool::new(false);
    let corrected = async {
        let said = Correction {
            creditor,
            debtor,
            number: NUMBER.parse::<PhoneNumber>().unwrap(),
            kind: "mobile".to_owned(),
            belongs_to: Some("a stranger".to_owned()),
            via: Medium::Phone,
            note: "Wrong number.".to_owned(),
        };
        let cancelled = numbers::correct(&app.ctx, Actor::System("cli"), said).await;
        assert_eq!(cancelled.unwrap(), 1);
        assert!(
            reported.load(Ordering::SeqCst),
            "answered while a contact was starting"
        );
    };
    let sender = async {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(epoch(&app, debtor), 1, "on record already");
        reported.store(true, Ordering::SeqCst);
        report_started(&app.ctx, creditor, permit.attempt());
    };
    futures_util::future::join(corrected, sender).await;
}
