//! Log contact: what is asked when the form is opened, and what decides when it is sent.

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::placements::{self, RecallInput};
use forbear::actions::placing::{Attorney, Cease};
use forbear::db::DbError;
use forbear::db::schema::placements as placement_rows;
use forbear::db::schema::{
    acknowledgements, alerts, contacts, decisions, dnc_entries, email_sequences, letters,
};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::PlacementId;
use forbear::domain::phone::PhoneNumber;
use forbear::domain::placement::PlacementStatus;
use forbear::domain::stop::{Medium, StopScope};
use forbear::domain::time::Instant;
use forbear::store::Scope;

use crate::placement_page::stop;
use crate::support::{Answer, Client, TestApp};

/// A contact form as an agent fills it in, with `more` on top.
pub async fn log(client: &mut Client<'_>, placement: PlacementId, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("kind", "phone_outbound"), ("outcome", "conversation")];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    client
        .post(&format!("/placements/{placement}/contacts"), &fields)
        .await
}

/// Opens the form the way the button does, and follows to it.
pub async fn open(
    client: &mut Client<'_>,
    placement: PlacementId,
    fields: &[(&str, &str)],
) -> Answer {
    let answer = client
        .post(&format!("/placements/{placement}/contact-checks"), fields)
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = client.get(answer.location()).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

pub fn contacts_of(app: &TestApp, placement: PlacementId) -> i64 {
    app.rows(|conn| {
        contacts::table
            .filter(contacts::placement_id.eq(placement))
            .count()
            .get_result(conn)
    })
}

/// Occasion and outcome of each decision, the oldest first.
pub fn decisions_of(app: &TestApp, placement: PlacementId) -> Vec<(String, String)> {
    app.rows(|conn| {
        decisions::table
            .filter(decisions::placement_id.eq(placement))
            .order((decisions::at.asc(), decisions::id.asc()))
            .select((decisions::occasion, decisions::outcome))
            .load(conn)
    })
}

/// Type, rule and severity of each alert.
pub fn alerts_of(app: &TestApp, placement: PlacementId) -> Vec<(String, String, String)> {
    app.rows(|conn| {
        alerts::table
            .filter(alerts::placement_id.eq(placement))
            .order((alerts::created_at.asc(), alerts::id.asc()))
            .select((alerts::alert_type, alerts::rule, alerts::severity))
            .load(conn)
    })
}

fn status_of(app: &TestApp, placement: PlacementId) -> PlacementStatus {
    app.rows(|conn| {
        placement_rows::table
            .filter(placement_rows::id.eq(placement))
            .select(placement_rows::status)
            .first(conn)
    })
}

pub fn pair(occasion: &str, outcome: &str) -> (String, String) {
    (occasion.to_owned(), outcome.to_owned())
}

/// A moment as the browser's picker writes it, for a reader in New York.
pub fn picked(at: Instant) -> String {
    at.in_zone(chrono_tz::America::New_York)
        .format("%Y-%m-%dT%H:%M")
        .to_string()
}

#[actix_web::test]
async fn opening_the_form_asks_the_gate_and_shows_green_when_nothing_stands_against_it() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;

    let page = open(&mut agent, placement, &[]).await;
    page.assert_contains("Contact allowed");
    page.assert_contains(r#"name="mini_miranda" value="yes""#);
    page.assert_lacks(" checked");
    assert_eq!(decisions_of(&app, placement), [pair("precheck", "allow")]);
    assert_eq!(alerts_of(&app, placement), []);

    let answer = log(&mut agent, placement, &[("mini_miranda", "yes")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(
        answer.location(),
        format!("/placements/{placement}?tab=timeline")
    );
    let (given, identified, outcome): (Option<bool>, Option<bool>, String) = app.rows(|conn| {
        contacts::table
            .filter(contacts::placement_id.eq(placement))
            .select((
                contacts::mini_miranda,
                contacts::identified_as_collector,
                contacts::outcome,
            ))
            .first(conn)
    });
    assert_eq!(
        (given, identified, outcome.as_str()),
        (Some(true), Some(false), "conversation")
    );
}

#[actix_web::test]
async fn looking_at_the_form_alone_leaves_no_trace() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |row| {
        row.debtor.facts.cease = Some(Cease::default());
    });
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = agent
        .get(&format!("/placements/{placement}/contacts/new"))
        .await;
    page.assert_contains("Contact BLOCKED");
    assert_eq!(decisions_of(&app, placement), []);
    assert_eq!(alerts_of(&app, placement), []);
}

#[actix_web::test]
async fn a_blocked_contact_shows_every_reason_raises_an_alert_and_cannot_be_logged() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |row| {
        row.debtor.facts.cease = Some(Cease::default());
        row.debtor.facts.attorney = Some(Attorney {
            name: Some("Helen Osei".to_owned()),
            phone: Some("614-555-0177".parse().unwrap()),
            email: None,
        });
    });
    let mut agent = app.sign_in(Role::Agent, None).await;

    let page = open(&mut agent, placement, &[]).await;
    page.assert_contains("Contact BLOCKED");
    page.assert_contains(r#"type="submit" disabled>Log contact"#);
    page.assert_contains("Helen Osei");
    page.assert_contains("(614) 555-0177");
    page.assert_contains("15 U.S.C. 1692c(c)");
    page.assert_contains(r#"href="/rules/cease""#);
    assert_eq!(decisions_of(&app, placement), [pair("precheck", "refuse")]);
    assert_eq!(alerts_of(&app, placement).len(), 1);

    app.clock.advance(Duration::seconds(5));
    let answer = log(&mut agent, placement, &[]).await;
    assert_eq!(answer.status, 409);
    answer.assert_contains("Contact BLOCKED");
    answer.assert_contains("disabled>Log contact");
    assert_eq!(contacts_of(&app, placement), 0);
    assert_eq!(
        decisions_of(&app, placement),
        [pair("precheck", "refuse"), pair("log", "refuse")]
    );
    let alerts = alerts_of(&app, placement);
    assert_eq!(alerts.len(), 2);
    assert!(alerts.iter().all(|(_, _, severity)| severity == "critical"));
}

#[actix_web::test]
async fn a_stop_that_comes_between_opening_and_sending_wins() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Acme");
    let placement = app.place(creditor, |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    open(&mut agent, placement, &[])
        .await
        .assert_contains("Contact allowed");
    placements::recall(
        &app.ctx,
        &Actor::System("cli"),
        Scope::Agency,
        placement,
        &RecallInput::default(),
    )
    .unwrap();
    let answer = log(&mut agent, placement, &[]).await;
    assert_eq!(answer.status, 409);
    answer.assert_contains("was recalled by the creditor");
    assert_eq!(contacts_of(&app, placement), 0);
}

#[actix_web::test]
async fn a_warning_passes_with_its_own_acknowledgement_and_reason_and_never_without() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    log(&mut agent, placement, &[("mini_miranda", "yes")]).await;
    app.clock.advance(Duration::minutes(20));

    // The conversation before presumes against another call for a week.
    let page = open(&mut agent, placement, &[]).await;
    page.assert_contains("Allowed once you acknowledge");
    page.assert_contains(r#"name="ack_call-conversation""#);
    assert_eq!(alerts_of(&app, placement), []);

    let without = log(&mut agent, placement, &[]).await;
    assert_eq!(without.status, 422);
    without.assert_contains("Acknowledge this warning to go on.");
    let unreasoned = log(
        &mut agent,
        placement,
        &[
            ("ack_call-conversation", "yes"),
            ("evidence_call-conversation", "  "),
        ],
    )
    .await;
    assert_eq!(unreasoned.status, 422);
    unreasoned.assert_contains("Say why, in a few words.");
    assert_eq!(contacts_of(&app, placement), 1);

    let mut answers = vec![("identified", "yes")];
    let warned: Vec<String> = page
        .body
        .split(r#"name="ack_"#)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let names: Vec<(String, String)> = warned
        .iter()
        .map(|rule| (format!("ack_{rule}"), format!("evidence_{rule}")))
        .collect();
    for (ack, evidence) in &names {
        answers.push((ack, "yes"));
        answers.push((evidence, "He asked us to call back today."));
    }
    let passed = log(&mut agent, placement, &answers).await;
    assert_eq!(passed.status, 303, "{}", passed.body);
    assert_eq!(contacts_of(&app, placement), 2);

    let kept: Vec<(String, String, String)> = app.rows(|conn| {
        acknowledgements::table
            .select((
                acknowledgements::rule,
                acknowledgements::shown,
                acknowledgements::evidence,
            ))
            .load(conn)
    });
    assert_eq!(kept.len(), warned.len());
    let (_, shown, evidence) = kept
        .iter()
        .find(|(rule, _, _)| rule == "call-conversation")
        .unwrap();
    page.assert_contains(&shown.replace('\'', "&#39;"));
    assert_eq!(evidence, "He asked us to call back today.");
    let alerts = alerts_of(&app, placement);
    assert_eq!(alerts.len(), warned.len());
    assert!(alerts.iter().all(|(_, _, severity)| severity == "warning"));
}

#[actix_web::test]
async fn an_unticked_disclosure_is_logged_and_reminded_of() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    // A follow-up box does not stand in for the full warning of the first conversation.
    let answer = log(&mut agent, placement, &[("identified", "yes")]).await;
    assert_eq!(answer.status, 303);
    assert_eq!(contacts_of(&app, placement), 1);
    agent
        .get(&format!("/placements/{placement}/contacts/new"))
        .await
        .assert_contains("Reminder: the mini-Miranda disclosure was not ticked.");

    // Nobody was reached, so nothing was to be said.
    let other = app.place(app.creditor("Other"), |_| {});
    log(&mut agent, other, &[("outcome", "no_answer")]).await;
    agent
        .get(&format!("/placements/{other}/contacts/new"))
        .await
        .assert_lacks("Reminder:");
}

#[actix_web::test]
async fn the_same_form_sent_twice_logs_one_contact() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let sent = [("once_key", "QWERTY"), ("outcome", "no_answer")];
    assert_eq!(log(&mut agent, placement, &sent).await.status, 303);
    assert_eq!(log(&mut agent, placement, &sent).await.status, 303);
    assert_eq!(contacts_of(&app, placement), 1);
    let other = [("once_key", "QWERTY"), ("outcome", "busy")];
    assert_eq!(log(&mut agent, placement, &other).await.status, 409);
    assert_eq!(contacts_of(&app, placement), 1);
}

#[actix_web::test]
async fn a_contact_is_judged_at_its_own_instant_for_a_day() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;

    let early = picked(app.now().minus(Duration::hours(5)));
    let refused = log(&mut agent, placement, &[("at", &early)]).await;
    assert_eq!(refused.status, 409, "7 in the morning is outside the hours");
    refused.assert_contains(r#"href="/rules/call-hours""#);

    let future = picked(app.now().plus(Duration::minutes(5)));
    let answer = log(&mut agent, placement, &[("at", &future)]).await;
    assert_eq!(answer.status, 422);
    answer.assert_contains("still to come");
    let old = picked(app.now().minus(Duration::hours(25)));
    let answer = log(&mut agent, placement, &[("at", &old)]).await;
    assert_eq!(answer.status, 422);
    answer.assert_contains("24 hours");
    assert_eq!(contacts_of(&app, placement), 0);

    let morning = app.now().minus(Duration::hours(2));
    let answer = log(&mut agent, placement, &[("at", &picked(morning))]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let at: Instant = app.rows(|conn| contacts::table.select(contacts::at).first(conn));
    assert_eq!(at, morning);
}

#[actix_web::test]
async fn what_the_debtor_began_is_logged_at_any_hour_and_after_any_stop() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |row| {
        row.debtor.facts.cease = Some(Cease::default());
    });
    app.clock.advance(Duration::hours(12));
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = open(
        &mut agent,
        placement,
        &[("kind", "phone_inbound"), ("to", "")],
    )
    .await;
    page.assert_contains("The debtor made contact");
    page.assert_contains(r#"href="/rules/cease""#);
    assert_eq!(alerts_of(&app, placement), []);

    for (kind, outcome) in [
        ("phone_inbound", "conversation"),
        ("email_inbound", "received"),
        ("letter_inbound", "received"),
    ] {
        let answer = log(
            &mut agent,
            placement,
            &[("kind", kind), ("outcome", outcome), ("to", "")],
        )
        .await;
        assert_eq!(answer.status, 303, "{kind}: {}", answer.body);
    }
    let directions: Vec<(String, String)> = app.rows(|conn| {
        contacts::table
            .select((contacts::direction, contacts::initiator))
            .load(conn)
    });
    assert_eq!(directions, vec![pair("in", "debtor"); 3]);
    assert_eq!(alerts_of(&app, placement), []);
}

#[actix_web::test]
async fn a_typed_number_is_asked_about_like_one_on_file() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let listed: PhoneNumber = "518-555-0199".parse().unwrap();
    app.ctx
        .db
        .write(|conn| {
            diesel::insert_into(dnc_entries::table)
                .values((
                    dnc_entries::number.eq(listed),
                    dnc_entries::scope.eq("agency"),
                    dnc_entries::source.eq("federal"),
                    dnc_entries::added_on.eq("2026-01-02".parse::<chrono::NaiveDate>().unwrap()),
                ))
                .execute(conn)
                .map_err(DbError::from)
        })
        .unwrap();
    let mut agent = app.sign_in(Role::Agent, None).await;
    let page = open(&mut agent, placement, &[("other", "(518) 555-0199")]).await;
    page.assert_contains("Contact BLOCKED");
    page.assert_contains(r#"href="/rules/dnc-registry""#);
    page.assert_contains(r#"name="other" type="tel" value="+15185550199""#);
    open(&mut agent, placement, &[("other", "518.555.0198")])
        .await
        .assert_contains("Contact allowed");
    let wrong = agent
        .post(
            &format!("/placements/{placement}/contact-checks"),
            &[("other", "555-0198")],
        )
        .await;
    assert_eq!(wrong.status, 422);
    wrong.assert_contains("is not a US phone number");
    wrong.assert_contains("Contact BLOCKED");
}

#[actix_web::test]
async fn a_call_in_progress_at_a_recall_may_be_logged_for_a_day() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let began = app.now().minus(Duration::minutes(10));
    placements::recall(
        &app.ctx,
        &Actor::System("cli"),
        Scope::Agency,
        placement,
        &RecallInput::default(),
    )
    .unwrap();
    let mut agent = app.sign_in(Role::Agent, None).await;
    assert_eq!(log(&mut agent, placement, &[]).await.status, 409);

    app.clock.advance(Duration::hours(3));
    let mut agent = app.sign_in(Role::Agent, None).await;
    let began = picked(began);
    let answer = log(
        &mut agent,
        placement,
        &[("at", &began), ("mini_miranda", "yes")],
    )
    .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let marked: bool = app.rows(|conn| {
        contacts::table
            .select(contacts::in_flight_at_recall)
            .first(conn)
    });
    assert!(marked);
    assert_eq!(status_of(&app, placement), PlacementStatus::Recalled);

    app.clock.advance(Duration::hours(22));
    let mut agent = app.sign_in(Role::Agent, None).await;
    assert_ne!(
        log(&mut agent, placement, &[("at", &began)]).await.status,
        303
    );
    assert_eq!(contacts_of(&app, placement), 1);
}

#[actix_web::test]
async fn a_dispute_raised_on_a_call_stops_collection_at_once() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let answer = log(
        &mut agent,
        placement,
        &[("outcome", "dispute_raised"), ("mini_miranda", "yes")],
    )
    .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(status_of(&app, placement), PlacementStatus::Disputed);
    let sequences: Vec<String> = app.rows(|conn| {
        email_sequences::table
            .filter(email_sequences::placement_id.eq(placement))
            .select(email_sequences::status)
            .load(conn)
    });
    assert!(sequences.iter().all(|status| status == "paused"));
    open(&mut agent, placement, &[])
        .await
        .assert_contains(r#"href="/rules/placement-disputed""#);
}

#[actix_web::test]
async fn the_validation_notice_is_reminded_of_until_its_letter_is_logged() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    log(&mut agent, placement, &[("mini_miranda", "yes")]).await;
    let form = format!("/placements/{placement}/contacts/new");
    agent
        .get(&form)
        .await
        .assert_contains("The validation notice must be sent by 18 May 2026: 5 days are left.");

    app.clock.advance(Duration::days(6));
    let mut agent = app.sign_in(Role::Agent, None).await;
    // Once it is overdue it is a warning, said once.
    let page = agent.get(&form).await;
    page.assert_contains("The validation notice was due by 18 May 2026 and has not been sent");
    page.assert_lacks("Keep in mind");
    let answer = log(
        &mut agent,
        placement,
        &[
            ("kind", "letter"),
            ("purpose", "validation-notice"),
            ("outcome", "sent"),
            ("to", ""),
        ],
    )
    .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let kinds: Vec<String> =
        app.rows(|conn| letters::table.select(letters::letter_type).load(conn));
    assert_eq!(kinds, ["validation_notice"]);
    agent.get(&form).await.assert_lacks("has not been sent");
}

#[actix_web::test]
async fn what_cannot_be_read_comes_back_with_what_was_typed() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    let answer = log(
        &mut agent,
        placement,
        &[
            ("outcome", ""),
            ("minutes", "four"),
            ("notes", "Said hello <b>"),
        ],
    )
    .await;
    assert_eq!(answer.status, 422);
    answer.assert_contains("Choose what happened.");
    answer.assert_contains("Enter whole minutes");
    answer.assert_contains("Said hello &#60;b&#62;");
    assert_eq!(contacts_of(&app, placement), 0);
}

#[actix_web::test]
async fn a_validation_notice_that_may_not_go_after_a_stop_is_not_asked_for() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Acme"), |_| {});
    let mut agent = app.sign_in(Role::Agent, None).await;
    log(&mut agent, placement, &[("mini_miranda", "yes")]).await;
    app.clock.advance(Duration::minutes(20));
    stop(&app, placement, StopScope::All, Medium::Letter).await;
    let form = format!("/placements/{placement}/contacts/new");
    let call = agent.get(&form).await;
    call.assert_says(
        "It would be due by 18 May 2026, and may not be sent: This person asked on 13 May 2026 \
         that contact stops.",
    );
    call.assert_lacks("must be sent by");
    let letter = agent
        .get(&format!("{form}?kind=letter&purpose=validation-notice&to="))
        .await;
    letter.assert_contains("Contact BLOCKED");
    letter.assert_lacks("must be sent by");
}
