//! "Stop contacting this number", from somebody who proves nothing.

use chrono::Duration;
use diesel::prelude::*;
use forbear::db::schema::{
    audit_events, calls, dnc_entries, email_sequences, flags, stop_requests, tasks,
};
use forbear::domain::id::DebtorId;
use forbear::domain::stop::FlagKind;
use forbear::store::tasks as task_rows;

use crate::support::builders::{account, email, phone};
use crate::support::{Answer, TestApp};

async fn ask(app: &TestApp, fields: &[(&str, &str)]) -> Answer {
    app.anonymous().post("/stop", fields).await
}

fn flags_of(app: &TestApp, debtor: DebtorId) -> Vec<(FlagKind, bool)> {
    app.rows(|conn| {
        flags::table
            .filter(flags::debtor_id.eq(debtor))
            .order(flags::kind)
            .select((flags::kind, flags::verified))
            .load(conn)
    })
}

fn live(app: &TestApp, debtor: DebtorId) -> (i64, i64) {
    app.rows(|conn| {
        Ok((
            calls::table
                .filter(calls::debtor_id.eq(debtor))
                .filter(calls::status.eq("planned"))
                .count()
                .get_result(conn)?,
            email_sequences::table
                .filter(email_sequences::debtor_id.eq(debtor))
                .filter(email_sequences::next_send_at.is_not_null())
                .count()
                .get_result(conn)?,
        ))
    })
}

#[actix_web::test]
async fn everybody_whom_the_number_reaches_is_stopped_unverified() {
    let app = TestApp::start().await;
    let (one, two) = (
        app.creditor("Cedar Harbor"),
        app.creditor("Lakeside Clinic"),
    );
    let shared = "518-555-7001";
    let first = app.debtor_of(app.place(one, |row| row.debtor.phones = vec![phone(shared)]));
    let second = app.debtor_of(app.place(two, |row| row.debtor.phones = vec![phone(shared)]));
    let bystander = app.debtor_of(app.place(one, |_| {}));

    let answer = ask(&app, &[("phone", "(518) 555-7001"), ("scope", "all")]).await;
    assert_eq!(answer.status, 303);
    for debtor in [first, second] {
        assert_eq!(
            flags_of(&app, debtor),
            [
                (FlagKind::CallOptOut, false),
                (FlagKind::Cease, false),
                (FlagKind::EmailOptOut, false)
            ]
        );
        assert_eq!(live(&app, debtor), (0, 0));
    }
    assert_eq!(flags_of(&app, bystander), []);
    assert_eq!(live(&app, bystander), (1, 1));
    let titles: Vec<String> = app.rows(|conn| tasks::table.select(tasks::title).load(conn));
    assert_eq!(titles.len(), 2);
    assert!(
        titles
            .iter()
            .all(|title| title.ends_with("confirm who asked"))
    );
}

#[actix_web::test]
async fn an_address_is_found_however_it_is_written_and_only_that_one() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let with = |address: &'static str| {
        let placement = app.place(creditor, |row| row.debtor.emails = vec![email(address)]);
        app.debtor_of(placement)
    };
    let (asked, other) = (with("lee@debtors.example"), with("lee2@debtors.example"));
    let fields = [("email", " Lee@Debtors.Example "), ("scope", "email")];
    assert_eq!(ask(&app, &fields).await.status, 303);
    assert_eq!(flags_of(&app, asked), [(FlagKind::EmailOptOut, false)]);
    assert_eq!(flags_of(&app, other), []);
    // Emails only: the call stays.
    assert_eq!(live(&app, asked), (1, 0));
}

#[actix_web::test]
async fn the_answer_does_not_tell_whether_the_number_is_known() {
    let app = TestApp::start().await;
    app.place(app.creditor("Cedar Harbor"), |row| {
        row.debtor.phones = vec![phone("518-555-7002")];
    });
    let mut bodies = Vec::new();
    for number in ["518-555-7002", "518-555-7003"] {
        let mut client = app.anonymous();
        let answer = client
            .post("/stop", &[("phone", number), ("scope", "all")])
            .await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.body, "");
        let reference = answer.location().strip_prefix("/stop/").unwrap().to_owned();
        assert_eq!(reference.len(), 8);
        let names: Vec<&String> = answer.headers.keys().collect();
        bodies.push(format!("{names:?}"));
        let page = client.get(answer.location()).await;
        assert_eq!(page.status, 200);
        page.assert_contains(&reference);
        page.assert_contains("We have your request");
        let text = page.body.replace(&reference, "");
        let (head, main) = text.split_once("<main").unwrap();
        assert!(!head.contains("518"), "the number is not repeated");
        bodies.push(main.to_owned());
    }
    assert_eq!(bodies[0], bodies[2]);
    assert_eq!(bodies[1], bodies[3]);
}

#[actix_web::test]
async fn words_that_reach_nobody_are_kept_for_a_person() {
    let app = TestApp::start().await;
    app.place(app.creditor("Cedar Harbor"), |_| {});
    let answer = ask(
        &app,
        &[
            ("phone", "212 555 0199"),
            ("words", "I am Jo Bell and I got a letter"),
            ("scope", "all"),
        ],
    )
    .await;
    let reference = answer.location().strip_prefix("/stop/").unwrap();
    let (kind, title, note): (String, String, Option<String>) = app.rows(|conn| {
        tasks::table
            .filter(tasks::creditor_id.eq(task_rows::of_the_agency()))
            .select((tasks::kind, tasks::title, tasks::note))
            .first(conn)
    });
    assert_eq!(kind, "stop_unmatched");
    assert_eq!(
        title,
        format!("Stop request {reference}: find out who asked")
    );
    let note = note.unwrap();
    for part in [
        "(212) 555-0199",
        "I am Jo Bell and I got a letter",
        reference,
    ] {
        assert!(note.contains(part), "{part} in {note}");
    }
    // The number may become known tomorrow: it stands on the list from now on.
    let listed: Vec<(i64, String)> = app.rows(|conn| {
        dnc_entries::table
            .filter(dnc_entries::source.eq("debtor"))
            .select((dnc_entries::number, dnc_entries::scope))
            .load(conn)
    });
    assert_eq!(listed, [(2_125_550_199, "agency".to_owned())]);
    // On record without the words.
    let bodies: Vec<String> = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::chain.eq("platform"))
            .filter(audit_events::kind.eq("debtor.stop_requested"))
            .select(audit_events::body)
            .load(conn)
    });
    assert_eq!(bodies.len(), 1);
    assert!(
        bodies[0].contains(reference) && !bodies[0].contains("Bell"),
        "{}",
        bodies[0]
    );
}

#[actix_web::test]
async fn a_number_is_listed_only_if_calls_shall_stop() {
    let app = TestApp::start().await;
    for scope in ["email", "call", "call"] {
        ask(&app, &[("phone", "212 555 0188"), ("scope", scope)]).await;
        let listed: i64 = app.rows(|conn| {
            dnc_entries::table
                .filter(dnc_entries::number.eq(2_125_550_188))
                .count()
                .get_result(conn)
        });
        assert_eq!(listed, i64::from(scope == "call"), "{scope}");
    }
}

#[actix_web::test]
async fn asking_again_adds_nothing() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |row| {
        row.debtor.phones = vec![phone("518-555-7004")];
    });
    let debtor = app.debtor_of(placement);
    for _ in 0..3 {
        let fields = [("phone", "5185557004"), ("scope", "all")];
        assert_eq!(ask(&app, &fields).await.status, 303);
    }
    let requests: i64 = app.rows(|conn| {
        stop_requests::table
            .filter(stop_requests::debtor_id.eq(debtor))
            .count()
            .get_result(conn)
    });
    assert_eq!(requests, 1);
}

#[actix_web::test]
async fn a_number_of_too_many_debtors_is_stopped_for_twenty_and_shown_to_a_person() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let rows: Vec<_> = (0..21)
        .map(|_| {
            let mut row = account();
            row.debtor.phones = vec![phone("518-555-7005")];
            row
        })
        .collect();
    app.place_rows(creditor, &rows);
    ask(&app, &[("phone", "518-555-7005"), ("scope", "call")]).await;
    let (stopped, overflow): (i64, i64) = app.rows(|conn| {
        Ok((
            stop_requests::table.count().get_result(conn)?,
            tasks::table
                .filter(tasks::kind.eq("stop_overflow"))
                .count()
                .get_result(conn)?,
        ))
    });
    assert_eq!((stopped, overflow), (20, 1));
}

#[actix_web::test]
async fn ten_requests_a_day_come_from_one_source() {
    let app = TestApp::start().await;
    for n in 0..10 {
        let number = format!("212 555 01{n:02}");
        let answer = ask(&app, &[("phone", &number), ("scope", "call")]).await;
        assert_eq!(answer.status, 303, "{n}");
    }
    let fields = [("phone", "212 555 0150"), ("scope", "call")];
    let eleventh = ask(&app, &fields).await;
    assert_eq!(eleventh.status, 429);
    eleventh.assert_contains("call us at (614) 555-0100");
    app.clock.advance(Duration::days(1));
    assert_eq!(ask(&app, &fields).await.status, 303);
}

#[actix_web::test]
async fn what_cannot_be_read_is_asked_for_again_with_what_was_typed() {
    let app = TestApp::start().await;
    for (fields, message) in [
        (
            vec![("scope", "all")],
            "Fill in at least one of the three boxes",
        ),
        (
            vec![("phone", "12345"), ("scope", "all")],
            "Enter a US phone number",
        ),
        (
            vec![("email", "jo at example"), ("scope", "all")],
            "Enter an email address",
        ),
        (
            vec![("phone", "212 555 0150"), ("scope", "")],
            "Choose what should stop",
        ),
    ] {
        let answer = ask(&app, &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        answer.assert_contains(message);
        for (_, value) in &fields {
            answer.assert_contains(value);
        }
    }
    let noted: i64 = app.rows(|conn| tasks::table.count().get_result(conn));
    assert_eq!(noted, 0);
}

#[actix_web::test]
async fn a_number_that_was_never_given_out_has_no_page() {
    let app = TestApp::start().await;
    for path in ["/stop/x", "/stop/%3Cscript%3E", "/stop/00000000"] {
        assert_eq!(app.anonymous().get(path).await.status, 404, "{path}");
    }
}
