//! What staff record of a debtor: it halts at once, and nothing of the debtor's own is lifted.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::prelude::*;
use forbear::actions::authorize::{Authorised, authorize};
use forbear::actions::decisions::{self, Subject};
use forbear::actions::flags::{self, FlagInput, Learned};
use forbear::db::schema::{
    audit_events, calls, debtors, email_sequences, flags as rows, stop_requests, tasks,
};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CreditorId, DebtorId, FlagId, PlacementId};
use forbear::domain::stop::{FlagKind, Medium};
use forbear::gate::attempt::{Party, Purpose};
use forbear::gate::{Attempt, Channel, Decision, RuleId};

use crate::stops::{email, report_started};
use crate::support::{Answer, Client, TestApp};

pub fn live(app: &TestApp, debtor: DebtorId) -> (i64, i64) {
    app.rows(|conn| {
        Ok((
            calls::table
                .filter(calls::debtor_id.eq(debtor))
                .filter(calls::status.eq_any(["planned", "claimed"]))
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

pub fn epoch(app: &TestApp, debtor: DebtorId) -> i64 {
    app.rows(|conn| {
        debtors::table
            .filter(debtors::id.eq(debtor))
            .select(debtors::contact_epoch)
            .first(conn)
    })
}

pub fn in_force(app: &TestApp, debtor: DebtorId) -> Vec<(FlagId, FlagKind)> {
    app.rows(|conn| {
        rows::table
            .filter(rows::debtor_id.eq(debtor))
            .filter(rows::lifted_at.is_null())
            .order(rows::kind)
            .select((rows::id, rows::kind))
            .load(conn)
    })
}

pub async fn record(client: &mut Client<'_>, debtor: DebtorId, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("via", "phone"), ("received_on", "2026-05-13")];
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    all.extend(fields);
    client.post(&format!("/debtors/{debtor}/flags"), &all).await
}

async fn page_of(client: &mut Client<'_>, placement: PlacementId) -> Answer {
    client.get(&format!("/placements/{placement}")).await
}

#[actix_web::test]
async fn a_lawyer_named_on_the_telephone_halts_everything_and_opens_a_task() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    assert_eq!((live(&app, debtor), epoch(&app, debtor)), ((1, 1), 0));
    let mut agent = app.sign_in(Role::Agent, None).await;
    let form = agent
        .get(&format!("/debtors/{debtor}/flags/new?kind=attorney"))
        .await;
    form.assert_says("All contact with the debtor stops at once, on every account.");

    let fields = [
        ("kind", "attorney"),
        ("name", "Rosa Ortiz"),
        ("firm", "Ortiz & Lane"),
        ("phone", "(212) 555-0177"),
    ];
    let answer = record(&mut agent, debtor, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!((live(&app, debtor), epoch(&app, debtor)), ((0, 0), 1));
    let page = page_of(&mut agent, placement).await;
    page.assert_says("Contact stopped: the debtor has a lawyer");
    page.assert_says("Rosa Ortiz, (212) 555-0177");
    // Whoever opens Log contact reads name and number in the reason (CD-21).
    let log = agent
        .get(&format!("/placements/{placement}/contacts/new"))
        .await;
    log.assert_says("Rosa Ortiz, (212) 555-0177, represents this person");
    let (opened, told): (Vec<String>, i64) = app.rows(|conn| {
        Ok((
            tasks::table.select(tasks::kind).load(conn)?,
            audit_events::table
                .filter(audit_events::kind.eq("debtor.flag_set"))
                .filter(audit_events::body.like("%Ortiz%"))
                .count()
                .get_result(conn)?,
        ))
    });
    assert_eq!(opened, ["route_through_counsel"]);
    assert_eq!(told, 0, "the name stands beside the chain and not in it");
}

#[actix_web::test]
async fn each_kind_stops_as_far_as_it_reaches() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let mut agent = app.sign_in(Role::Agent, None).await;
    for (kind, left, epochs) in [
        ("bankruptcy", (0, 0), 1),
        ("deceased", (0, 0), 1),
        ("do_not_call", (0, 1), 1),
        ("military", (1, 1), 0),
    ] {
        let debtor = app.debtor_of(app.place(creditor, |_| {}));
        let answer = record(&mut agent, debtor, &[("kind", kind)]).await;
        assert_eq!(answer.status, 303, "{kind}: {}", answer.body);
        assert_eq!(
            (live(&app, debtor), epoch(&app, debtor)),
            (left, epochs),
            "{kind}"
        );
        assert_eq!(in_force(&app, debtor).len(), 1, "{kind}");
        // Said again: still one.
        record(&mut agent, debtor, &[("kind", kind)]).await;
        assert_eq!(in_force(&app, debtor).len(), 1, "{kind}");
    }
}

#[actix_web::test]
async fn a_case_is_told_with_chapter_number_and_court() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let fields = [
        ("kind", "bankruptcy"),
        ("chapter", "13"),
        ("case_number", "26-10412"),
        ("court", "N.D. Ohio"),
        ("filed_on", "2026-05-01"),
    ];
    assert_eq!(record(&mut officer, debtor, &fields).await.status, 303);
    let page = officer.get(&format!("/debtors/{debtor}")).await;
    page.assert_says("Bankruptcy, chapter 13");
    page.assert_says("Case number: 26-10412");
    page.assert_says("Court: N.D. Ohio");
}

#[actix_web::test]
async fn a_letter_that_asks_to_stop_is_a_stop_like_any_other() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let fields = [
        ("kind", "stop"),
        ("scope", "all"),
        ("requester", "attorney"),
        ("via", "letter"),
        ("received_on", "2026-05-11"),
        ("words", "Cease all communication."),
    ];
    let answer = record(&mut officer, debtor, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(live(&app, debtor), (0, 0));
    let (in_writing, requester, effective): (bool, String, bool) = app.rows(|conn| {
        stop_requests::table
            .filter(stop_requests::debtor_id.eq(debtor))
            .select((
                stop_requests::in_writing,
                diesel::dsl::sql::<diesel::sql_types::Text>("requester"),
                stop_requests::effective_at.is_not_null(),
            ))
            .first(conn)
    });
    assert_eq!(
        (in_writing, requester.as_str(), effective),
        (true, "attorney", true)
    );
    page_of(&mut officer, placement)
        .await
        .assert_says("Contact stopped: cease-and-desist, received 11 May 2026 by letter");
    // Sent twice: one stop.
    record(&mut officer, debtor, &fields).await;
    let requests: i64 = app.rows(|conn| stop_requests::table.count().get_result(conn));
    assert_eq!(requests, 1);
}

#[actix_web::test]
async fn what_does_not_fit_comes_back_as_it_was_typed_and_nothing_is_recorded() {
    let app = TestApp::start().await;
    let debtor = app.debtor_of(app.place(app.creditor("Cedar Harbor"), |_| {}));
    let mut agent = app.sign_in(Role::Agent, None).await;
    for (fields, why) in [
        (
            vec![("kind", "attorney"), ("name", "Rosa"), ("phone", "12")],
            "Enter a number of ten digits",
        ),
        (
            vec![("kind", "stop"), ("requester", "debtor")],
            "Choose what shall stop.",
        ),
        (
            vec![("kind", "bankruptcy"), ("chapter", "8")],
            "Choose one of the chapters.",
        ),
        (
            vec![("kind", "deceased"), ("received_on", "2026-06-01")],
            "This day is still to come.",
        ),
        (
            vec![("kind", "deceased"), ("via", "pigeon")],
            "Choose how it came.",
        ),
    ] {
        let answer = record(&mut agent, debtor, &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        answer.assert_says(why);
    }
    let kept = record(
        &mut agent,
        debtor,
        &[("kind", "attorney"), ("name", "Rosa"), ("phone", "12")],
    )
    .await;
    kept.assert_contains(r#"value="Rosa""#);
    assert!(in_force(&app, debtor).is_empty());
    assert_eq!(live(&app, debtor), (1, 1));
    let unknown = record(&mut agent, debtor, &[("kind", "nonsense")]).await;
    assert_eq!(unknown.status, 404);
}

#[actix_web::test]
async fn what_staff_found_is_lifted_with_a_reason_and_starts_nothing() {
    let app = TestApp::start().await;
    let debtor = app.debtor_of(app.place(app.creditor("Cedar Harbor"), |_| {}));
    let mut agent = app.sign_in(Role::Agent, None).await;
    record(&mut agent, debtor, &[("kind", "deceased")]).await;
    let (flag, _) = in_force(&app, debtor)[0];
    let path = format!("/debtors/{debtor}/flags/{flag}/lift");
    assert_eq!(agent.post(&path, &[("reason", "Alive.")]).await.status, 403);

    let mut officer = app.sign_in(Role::Compliance, None).await;
    officer
        .get(&format!("/debtors/{debtor}"))
        .await
        .assert_contains(&path);
    let without = officer.post(&path, &[("reason", " ")]).await;
    assert_eq!(without.status, 422);
    let answer = officer
        .post(&path, &[("reason", "He called us himself.")])
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(in_force(&app, debtor).is_empty());
    assert_eq!(live(&app, debtor), (0, 0));
    assert_eq!(
        officer.post(&path, &[("reason", "Again.")]).await.status,
        409
    );
    officer
        .get(&format!("/debtors/{debtor}"))
        .await
        .assert_says("Lifted");
}

#[actix_web::test]
async fn nobody_at_the_desk_lifts_what_the_debtor_asked_for() {
    let app = TestApp::start().await;
    let debtor = app.debtor_of(app.place(app.creditor("Cedar Harbor"), |_| {}));
    let mut officer = app.sign_in(Role::Compliance, None).await;
    record(
        &mut officer,
        debtor,
        &[("kind", "stop"), ("scope", "all"), ("requester", "debtor")],
    )
    .await;
    record(&mut officer, debtor, &[("kind", "do_not_call")]).await;
    let standing = in_force(&app, debtor);
    assert_eq!(standing.len(), 4, "{standing:?}");
    for (flag, kind) in standing {
        let path = format!("/debtors/{debtor}/flags/{flag}/lift");
        assert_eq!(officer.get(&path).await.status, 404, "{kind:?}");
        let answer = officer
            .post(&path, &[("reason", "He changed his mind.")])
            .await;
        assert_eq!(answer.status, 404, "{kind:?}");
    }
    assert_eq!(in_force(&app, debtor).len(), 4);
}

#[actix_web::test]
async fn of_two_lawyers_the_later_one_counts_and_the_first_stays_on_record() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let debtor = app.debtor_of(app.place(creditor, |_| {}));
    for name in ["First", "Second"] {
        let input = FlagInput {
            creditor,
            debtor,
            learned: Learned::Attorney {
                name: Some(name.to_owned()),
                firm: None,
                phone: None,
            },
            via: Medium::Letter,
            received_at: app.now(),
        };
        flags::record(&app.ctx, Actor::System("cli"), input)
            .await
            .unwrap();
    }
    let details: Vec<(String, bool)> = app.rows(|conn| {
        rows::table
            .filter(rows::debtor_id.eq(debtor))
            .order(rows::id)
            .select((rows::detail, rows::lifted_at.is_null()))
            .load(conn)
    });
    assert_eq!(details.len(), 2);
    let standing: Vec<&str> = details
        .iter()
        .filter(|(_, stands)| *stands)
        .map(|(detail, _)| detail.as_str())
        .collect();
    assert!(
        standing.len() == 1 && standing[0].contains("Second"),
        "{details:?}"
    );
}

#[actix_web::test]
async fn a_flag_that_stops_contact_waits_for_one_that_is_starting_and_lets_no_later_one_start() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let hand_off = email(creditor, debtor, placement, &app);
    let worker = Actor::System("worker");
    let Authorised::Permitted(permit) = authorize(&app.ctx, &worker, &hand_off).unwrap() else {
        panic!("the email is lawful");
    };
    let reported = AtomicBool::new(false);
    let recorded = async {
        let input = FlagInput {
            creditor,
            debtor,
            learned: Learned::Deceased,
            via: Medium::Phone,
            received_at: app.now(),
        };
        flags::record(&app.ctx, Actor::System("cli"), input)
            .await
            .unwrap();
        assert!(
            reported.load(Ordering::SeqCst),
            "answered while a contact was starting"
        );
    };
    let sender = async {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(300)).await;
        // On record already, before the first sender has reported.
        assert_eq!(epoch(&app, debtor), 1);
        reported.store(true, Ordering::SeqCst);
        report_started(&app.ctx, creditor, permit.attempt());
    };
    futures_util::future::join(recorded, sender).await;
    let again = authorize(&app.ctx, &worker, &hand_off).unwrap();
    assert!(!matches!(again, Authorised::Permitted(_)), "{again:?}");
}

/// What the gate says to a call or a letter from a person, now.
pub fn ask(
    app: &TestApp,
    placement: PlacementId,
    channel: Channel,
    phone: Option<&str>,
) -> Decision {
    let debtor = app.debtor_of(placement);
    let creditor = app.rows(|conn| {
        debtors::table
            .filter(debtors::id.eq(debtor))
            .select(debtors::creditor_id)
            .first(conn)
    });
    let subject = Subject {
        creditor,
        debtor,
        placement,
    };
    let mut attempt = Attempt::new(app.now(), channel, placement.as_str());
    attempt.phone = phone.map(str::to_owned);
    let (_, decision) =
        decisions::check(&app.ctx, &Actor::System("cli"), subject, &attempt).unwrap();
    decision
}

pub fn in_the_way(decision: &Decision) -> Vec<RuleId> {
    decision.in_the_way().map(|finding| finding.rule).collect()
}

/// An account whose debtor has a mobile, a home line and a number at work.
fn with_three_numbers(app: &TestApp, creditor: CreditorId) -> PlacementId {
    app.place(creditor, |row| {
        row.debtor.phones = [
            ("518-555-0142", "mobile"),
            ("518-555-0143", "landline"),
            ("518-555-0144", "work"),
        ]
        .map(|(number, kind)| forbear::actions::placing::NewPhone {
            number: number.parse().unwrap(),
            kind,
            ..crate::support::builders::phone(number)
        })
        .to_vec();
    })
}

const MOBILE: Option<&str> = Some("+15185550142");
const HOME: Option<&str> = Some("+15185550143");
const WORK: Option<&str> = Some("+15185550144");

#[actix_web::test]
async fn each_wish_narrows_contact_at_once_and_stops_nothing_else() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let mut agent = app.sign_in(Role::Agent, None).await;
    // Noon on a Wednesday in Albany.
    for (fields, said, barred, free, rule) in [
        (
            vec![
                ("kind", "inconvenient_time"),
                ("days_wed", "yes"),
                ("from", "11:00"),
                ("to", "13:00"),
            ],
            "Days: Wed, From: 11:00",
            (Channel::Call, MOBILE),
            (Channel::Letter, None),
            RuleId::InconvenientTime,
        ),
        (
            vec![("kind", "inconvenient_place"), ("place", "home")],
            "Place: home",
            (Channel::Call, HOME),
            (Channel::Call, MOBILE),
            RuleId::InconvenientPlace,
        ),
        (
            vec![("kind", "workplace_prohibited")],
            "Not at work",
            (Channel::Call, WORK),
            (Channel::Call, MOBILE),
            RuleId::Workplace,
        ),
        (
            vec![("kind", "address_opt_out"), ("address", "+15185550142")],
            "Address: (518) 555-0142",
            (Channel::Call, MOBILE),
            (Channel::Call, HOME),
            RuleId::AddressOptout,
        ),
        (
            vec![("kind", "mail_opt_out")],
            "Asked us to stop writing",
            (Channel::Letter, None),
            (Channel::Call, MOBILE),
            RuleId::MediumOptout,
        ),
    ] {
        let placement = with_three_numbers(&app, creditor);
        let debtor = app.debtor_of(placement);
        let before = in_the_way(&ask(&app, placement, barred.0, barred.1));
        assert!(before.is_empty(), "{fields:?}: {before:?}");
        let answer = record(&mut agent, debtor, &fields).await;
        assert_eq!(answer.status, 303, "{fields:?}: {}", answer.body);
        assert_eq!(
            in_the_way(&ask(&app, placement, barred.0, barred.1)),
            [rule],
            "{fields:?}"
        );
        let after = in_the_way(&ask(&app, placement, free.0, free.1));
        assert!(after.is_empty(), "{fields:?}: {after:?}");
        assert_eq!(epoch(&app, debtor), 1, "{fields:?}");
        let page = agent.get(&format!("/debtors/{debtor}")).await;
        page.assert_says(said);
        page.assert_says("By telephone");
        // Said again: still one.
        record(&mut agent, debtor, &fields).await;
        assert_eq!(in_force(&app, debtor).len(), 1, "{fields:?}");
    }
}

#[actix_web::test]
async fn several_times_and_numbers_stand_beside_each_other() {
    let app = TestApp::start().await;
    let placement = with_three_numbers(&app, app.creditor("Cedar Harbor"));
    let debtor = app.debtor_of(placement);
    let mut agent = app.sign_in(Role::Agent, None).await;
    for fields in [
        vec![("kind", "inconvenient_time"), ("days_mon", "yes")],
        vec![("kind", "inconvenient_time"), ("from", "20:00")],
        vec![("kind", "address_opt_out"), ("address", "+15185550142")],
        vec![("kind", "address_opt_out"), ("address", "+15185550143")],
    ] {
        let answer = record(&mut agent, debtor, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    assert_eq!(in_force(&app, debtor).len(), 4);
    for (fields, why) in [
        (
            vec![("kind", "address_opt_out"), ("address", "+15185559999")],
            "Choose one of the numbers and addresses on file.",
        ),
        (
            vec![("kind", "inconvenient_time")],
            "That is every hour of every day.",
        ),
        (
            vec![("kind", "inconvenient_place"), ("place", "other")],
            "Say which place.",
        ),
        (vec![("kind", "estate")], "Enter the name of the person."),
    ] {
        let answer = record(&mut agent, debtor, &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        answer.assert_says(why);
    }
}

#[actix_web::test]
async fn a_wish_ends_by_the_debtors_own_word_with_how_it_came() {
    let app = TestApp::start().await;
    let placement = with_three_numbers(&app, app.creditor("Cedar Harbor"));
    let debtor = app.debtor_of(placement);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    record(&mut officer, debtor, &[("kind", "workplace_prohibited")]).await;
    let (flag, _) = in_force(&app, debtor)[0];
    let path = format!("/debtors/{debtor}/flags/{flag}/lift");
    officer
        .get(&path)
        .await
        .assert_says("Only the debtor\u{2019}s own word ends this.");
    let words = ("reason", "My boss allows it now.");
    let without = officer.post(&path, &[words]).await;
    assert_eq!(without.status, 422);
    without.assert_contains("My boss allows it now.");
    assert_eq!(officer.post(&path, &[("via", "phone")]).await.status, 422);
    let answer = officer.post(&path, &[words, ("via", "phone")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let reason: String = app.rows(|conn| {
        rows::table
            .select(rows::lift_reason.assume_not_null())
            .first(conn)
    });
    assert_eq!(
        reason,
        "The debtor\u{2019}s own word, by telephone: My boss allows it now."
    );
    assert!(in_the_way(&ask(&app, placement, Channel::Call, WORK)).is_empty());
}

#[actix_web::test]
async fn where_a_debtor_is_known_to_be_is_compliances_to_say_and_decides_alone() {
    let app = TestApp::start().await;
    let placement = with_three_numbers(&app, app.creditor("Cedar Harbor"));
    let debtor = app.debtor_of(placement);
    let path = format!("/debtors/{debtor}/location");
    let fields = [
        ("zone", "Pacific/Honolulu"),
        ("source", "Says she has moved; lease on file"),
        ("via", "letter"),
        ("received_on", "2026-05-13"),
    ];
    let mut agent = app.sign_in(Role::Agent, None).await;
    assert_eq!(agent.post(&path, &fields).await.status, 403);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    officer
        .get(&format!("/debtors/{debtor}"))
        .await
        .assert_contains(&path);
    let without = officer
        .post(&path, &[("zone", "Pacific/Honolulu"), ("via", "letter")])
        .await;
    assert_eq!(without.status, 422);
    without.assert_says("Say how you know.");
    assert_eq!(
        officer.post(&path, &[("zone", "Moon/Crater")]).await.status,
        422
    );
    let answer = officer.post(&path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    // Noon in Albany is six in the morning in Honolulu.
    let decision = ask(&app, placement, Channel::Call, MOBILE);
    assert_eq!(in_the_way(&decision), [RuleId::CallHours]);
    let page = officer.get(&format!("/debtors/{debtor}")).await;
    page.assert_says("Zone: Hawaii time");
    page.assert_says("lease on file");
    // A later finding replaces it.
    let back = [
        ("zone", "America/New_York"),
        ("source", "Came back"),
        ("via", "phone"),
        ("received_on", "2026-05-13"),
    ];
    officer.post(&path, &back).await;
    assert_eq!(in_force(&app, debtor).len(), 1);
    assert!(in_the_way(&ask(&app, placement, Channel::Call, MOBILE)).is_empty());
}

#[actix_web::test]
async fn compliance_narrows_a_lawyer_to_the_debts_represented_with_a_note() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let one = app.place(creditor, |row| {
        row.debtor.name = "Two Accounts".to_owned();
        row.debtor.reference = Some("C-1".to_owned());
    });
    let two = app.place(creditor, |row| {
        row.debtor.name = "Two Accounts".to_owned();
        row.debtor.reference = Some("C-1".to_owned());
    });
    let debtor = app.debtor_of(one);
    assert_eq!(debtor, app.debtor_of(two), "two accounts of one debtor");
    let mut officer = app.sign_in(Role::Compliance, None).await;
    let lawyer = [("kind", "attorney"), ("name", "Rosa Ortiz")];
    record(&mut officer, debtor, &lawyer).await;
    let letter = |placement| in_the_way(&ask(&app, placement, Channel::Letter, None));
    assert_eq!(letter(one), [RuleId::Attorney]);
    assert_eq!(letter(two), [RuleId::Attorney]);
    let (flag, _) = in_force(&app, debtor)[0];
    let path = format!("/debtors/{debtor}/flags/{flag}/counsel");
    let mut supervisor = app.sign_in(Role::Supervisor, None).await;
    assert_eq!(supervisor.get(&path).await.status, 403);
    officer
        .get(&format!("/debtors/{debtor}"))
        .await
        .assert_contains(&path);
    let (tick, other) = (format!("debts_{one}"), format!("debts_{two}"));
    let named = [("answer", "active"), (tick.as_str(), "yes")];
    let without = officer.post(&path, &named).await;
    assert_eq!(without.status, 422);
    without.assert_says("Say how you found out.");
    let silent = [
        ("answer", "unresponsive"),
        (tick.as_str(), "yes"),
        (other.as_str(), "yes"),
        ("note", "Nothing came back."),
    ];
    let without = officer.post(&path, &silent).await;
    assert_eq!(without.status, 422);
    without.assert_says("Enter at least one day on which you wrote to the lawyer.");
    let noted = [
        ("answer", "active"),
        (tick.as_str(), "yes"),
        (
            "note",
            "Ms. Ortiz declined the second account by letter of 12 May.",
        ),
    ];
    let answer = officer.post(&path, &noted).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(letter(one), [RuleId::Attorney]);
    assert!(letter(two).is_empty(), "{:?}", letter(two));
    // The record before stays, and can't be answered for again.
    assert_eq!(officer.post(&path, &noted).await.status, 409);
    assert_eq!(in_force(&app, debtor).len(), 1);
    let all: i64 = app.rows(|conn| rows::table.count().get_result(conn));
    assert_eq!(all, 2);
}

#[actix_web::test]
async fn military_duty_reminds_from_its_first_day_to_its_last() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut agent = app.sign_in(Role::Agent, None).await;
    for (fields, why) in [
        (
            vec![("since", "2026-05-01"), ("until", "2026-04-30")],
            "The last day lies before the first.",
        ),
        (vec![("since", "2026-06-01")], "This day is still to come."),
        (
            vec![("until", "2026-11-30"), ("debt_before_service", "perhaps")],
            "Choose one of the answers.",
        ),
    ] {
        let fields = [vec![("kind", "military")], fields].concat();
        let answer = record(&mut agent, debtor, &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        answer.assert_says(why);
        answer.assert_contains(fields[1].1);
    }
    let fields = [
        ("kind", "military"),
        ("since", "2026-02-01"),
        ("until", "2026-05-20"),
        ("debt_before_service", "yes"),
    ];
    let answer = record(&mut agent, debtor, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    for page in [
        format!("/debtors/{debtor}"),
        format!("/placements/{placement}?tab=compliance"),
    ] {
        let page = agent.get(&page).await;
        page.assert_says("Since: 2026-02-01");
        page.assert_says("Until: 2026-05-20");
        page.assert_says("Debt before service: yes");
    }
    let reminds = |app: &TestApp| {
        ask(app, placement, Channel::Letter, None)
            .findings
            .iter()
            .any(|finding| finding.rule == RuleId::Scra)
    };
    assert!(reminds(&app));
    app.clock.advance(chrono::Duration::days(30));
    assert!(!reminds(&app), "the service has ended");
    // A later record replaces it: there is no last day any more.
    let mut agent = app.sign_in(Role::Agent, None).await;
    record(&mut agent, debtor, &[("kind", "military")]).await;
    assert!(reminds(&app));
    assert_eq!(in_force(&app, debtor).len(), 1);
}

/// What the gate says to a question to somebody else where the debtor is.
fn ask_others(app: &TestApp, placement: PlacementId) -> Vec<RuleId> {
    let debtor = app.debtor_of(placement);
    let creditor = app.rows(|conn| {
        debtors::table
            .filter(debtors::id.eq(debtor))
            .select(debtors::creditor_id)
            .first(conn)
    });
    let subject = Subject {
        creditor,
        debtor,
        placement,
    };
    let mut attempt = Attempt::new(app.now(), Channel::Call, placement.as_str());
    attempt.phone = Some("+15185550199".to_owned());
    attempt.party = Party::ThirdParty;
    attempt.purpose = Purpose::LocationInfo;
    let (_, decision) =
        decisions::check(&app.ctx, &Actor::System("cli"), subject, &attempt).unwrap();
    in_the_way(&decision)
}

#[actix_web::test]
async fn others_may_be_asked_only_while_nobody_knows_where_the_debtor_is() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    assert_eq!(ask_others(&app, placement), [RuleId::LocationInfo]);
    let path = format!("/debtors/{debtor}/location-needed");
    let fields = [
        ("source", "Mail came back, no number is in service"),
        ("via", "letter"),
        ("received_on", "2026-05-12"),
    ];
    let mut agent = app.sign_in(Role::Agent, None).await;
    assert_eq!(agent.post(&path, &fields).await.status, 403);
    let mut officer = app.sign_in(Role::Compliance, None).await;
    officer
        .get(&format!("/debtors/{debtor}"))
        .await
        .assert_contains(&path);
    officer
        .get(&path)
        .await
        .assert_says("without a word of the debt");
    let without = officer
        .post(&path, &[("via", "letter"), ("received_on", "2026-05-12")])
        .await;
    assert_eq!(without.status, 422);
    without.assert_says("Say why nobody knows.");
    without.assert_contains("2026-05-12");
    let answer = officer.post(&path, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(ask_others(&app, placement).is_empty());
    assert_eq!(live(&app, debtor), (1, 1), "it stops nothing");
    for page in [
        format!("/debtors/{debtor}"),
        format!("/placements/{placement}?tab=compliance"),
    ] {
        let page = officer.get(&page).await;
        page.assert_says("Must be located");
        page.assert_says("Mail came back");
    }

    let (flag, _) = in_force(&app, debtor)[0];
    let lift = format!("/debtors/{debtor}/flags/{flag}/lift");
    officer
        .get(&lift)
        .await
        .assert_says("Nobody else may be asked any more where the debtor can be reached.");
    let answer = officer.post(&lift, &[("reason", "She called us.")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(ask_others(&app, placement), [RuleId::LocationInfo]);
    assert_eq!(epoch(&app, debtor), 1);
}
