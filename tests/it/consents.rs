//! The ledger of permissions: given with evidence, taken back at once, never deleted; and what the
//! gate makes of each.

use chrono::Duration;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use forbear::actions::decisions::{self, Subject};
use forbear::db::DbError;
use forbear::db::schema::{audit_events, calls, consents, contacts, debtors};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{ConsentId, CreditorId, DebtorId, PlacementId};
use forbear::domain::time::Instant;
use forbear::gate::attempt::{Dialing, Initiator};
use forbear::gate::{Attempt, Channel, Decision, Outcome, RuleId};
use forbear::worker::planner::Place;
use forbear::worker::{self, Stopping};
use serde_json::json;

use crate::support::builders::hand_dialled;
use crate::support::{Answer, Client, TestApp};

/// One debtor and how to ask the gate about them.
struct Case<'a> {
    app: &'a TestApp,
    creditor: CreditorId,
    placement: PlacementId,
    debtor: DebtorId,
    number: String,
}

impl<'a> Case<'a> {
    /// In Albany, where one party's consent to a recording is enough, or in Los Angeles, where all
    /// must agree.
    fn new(app: &'a TestApp, in_california: bool) -> Self {
        let creditor = app.creditor("Cedar Harbor");
        let placement = app.place(creditor, |row| {
            row.debtor.phones = vec![hand_dialled("518-555-0142")];
            if in_california {
                row.debtor.state = Some("CA".to_owned());
                row.debtor.zip = Some("90012".to_owned());
                row.debtor.phones = vec![hand_dialled("213-555-0142")];
            }
        });
        let debtor = app.debtor_of(placement);
        let number: forbear::domain::phone::PhoneNumber = app.rows(|conn| {
            forbear::db::schema::phones::table
                .filter(forbear::db::schema::phones::debtor_id.eq(debtor))
                .select(forbear::db::schema::phones::number)
                .first(conn)
        });
        Self {
            app,
            creditor,
            placement,
            debtor,
            number: number.to_string(),
        }
    }

    fn call(&self) -> Attempt {
        let mut attempt = Attempt::new(self.app.now(), Channel::Call, self.placement.as_str());
        attempt.phone = Some(self.number.clone());
        attempt
    }

    fn ask(&self, attempt: &Attempt) -> Decision {
        let subject = Subject {
            creditor: self.creditor,
            debtor: self.debtor,
            placement: self.placement,
        };
        let (_, decision) =
            decisions::check(&self.app.ctx, &Actor::System("cli"), subject, attempt).unwrap();
        decision
    }

    fn rules(&self, attempt: &Attempt) -> Vec<RuleId> {
        let decision = self.ask(attempt);
        decision.in_the_way().map(|finding| finding.rule).collect()
    }

    fn recorded(&self) -> Attempt {
        let mut attempt = self.call();
        attempt.recorded = true;
        attempt
    }

    fn dialled_by_machine(&self) -> Attempt {
        let mut attempt = self.call();
        attempt.dialing = Dialing::Autodialed;
        attempt
    }

    async fn grant(&self, client: &mut Client<'_>, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![
            ("via", "phone"),
            ("received_at", "2026-05-13"),
            ("given_to", "collector"),
            ("words", "Yes, that is all right with me."),
        ];
        all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        all.extend(fields);
        client
            .post(&format!("/debtors/{}/consents", self.debtor), &all)
            .await
    }

    async fn revoke(&self, client: &mut Client<'_>, consent: ConsentId) -> Answer {
        let path = format!("/debtors/{}/consents/{consent}/revoke", self.debtor);
        let fields = [
            ("via", "letter"),
            ("received_at", "2026-05-13"),
            ("words", "No more of that."),
        ];
        client.post(&path, &fields).await
    }

    /// Id and kind of each entry, and whether it was taken back; oldest first.
    fn ledger(&self) -> Vec<(ConsentId, String, bool)> {
        self.app.rows(|conn| {
            consents::table
                .filter(consents::debtor_id.eq(self.debtor))
                .order((consents::created_at, consents::id))
                .select((
                    consents::id,
                    diesel::dsl::sql::<diesel::sql_types::Text>("kind"),
                    consents::revoked_at.is_not_null(),
                ))
                .load(conn)
        })
    }

    fn epoch(&self) -> i64 {
        self.app.rows(|conn| {
            debtors::table
                .filter(debtors::id.eq(self.debtor))
                .select(debtors::contact_epoch)
                .first(conn)
        })
    }

    async fn page(&self, client: &mut Client<'_>) -> Answer {
        client
            .get(&format!("/debtors/{}/consents", self.debtor))
            .await
    }
}

fn events(app: &TestApp, kind: &str) -> Vec<String> {
    app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq(kind))
            .select(audit_events::body)
            .load(conn)
    })
}

#[actix_web::test]
async fn a_permission_counts_from_its_record_until_it_is_taken_back_and_stays_in_the_ledger() {
    let app = TestApp::start().await;
    let case = Case::new(&app, true);
    assert_eq!(case.rules(&case.recorded()), [RuleId::RecordingConsent]);
    let mut agent = app.sign_in(Role::Agent, None).await;
    case.page(&mut agent)
        .await
        .assert_says("No permission is on record");
    let form = agent
        .get(&format!(
            "/debtors/{}/consents/new?kind=recording",
            case.debtor
        ))
        .await;
    form.assert_says("It lifts no stop");
    let answer = case.grant(&mut agent, &[("kind", "recording")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    app.clock.advance(Duration::seconds(1));

    let decision = case.ask(&case.recorded());
    assert_eq!(decision.outcome, Outcome::Allow, "{decision:?}");
    let ledger = case.page(&mut agent).await;
    ledger.assert_says("Calls may be recorded");
    ledger.assert_says("In force");
    ledger.assert_says("Yes, that is all right with me.");
    let granted = events(&app, "debtor.consent_granted");
    assert!(
        granted.len() == 1 && !granted[0].contains("all right"),
        "{granted:?}"
    );

    let (id, _, _) = case.ledger()[0].clone();
    let mut other = app.sign_in(Role::Administrator, None).await;
    let confirm = other
        .get(&format!("/debtors/{}/consents/{id}/revoke", case.debtor))
        .await;
    confirm.assert_says("Yes, that is all right with me.");
    let answer = case.revoke(&mut other, id).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    app.clock.advance(Duration::seconds(1));
    assert_eq!(case.rules(&case.recorded()), [RuleId::RecordingConsent]);
    assert_eq!(case.ledger(), [(id, "recording".to_owned(), true)]);
    assert_eq!(case.epoch(), 1, "nothing authorised before may start");
    let ledger = case.page(&mut agent).await;
    ledger.assert_says("Taken back");
    ledger.assert_says("No more of that.");
    assert_eq!(events(&app, "debtor.consent_revoked").len(), 1);
    // A second time: nothing to do.
    assert_eq!(case.revoke(&mut agent, id).await.status, 409);
    let path = format!("/debtors/{}/consents/{id}/revoke", case.debtor);
    assert_eq!(agent.get(&path).await.status, 409);
}

#[actix_web::test]
async fn neither_an_entry_nor_its_revocation_can_be_changed_or_removed() {
    let app = TestApp::start().await;
    let case = Case::new(&app, false);
    let mut agent = app.sign_in(Role::Agent, None).await;
    case.grant(&mut agent, &[("kind", "recording")]).await;
    let (id, _, _) = case.ledger()[0].clone();
    let refused = |statement: &str| {
        let statement = statement.to_owned();
        let done = app
            .ctx
            .db
            .write(|conn| conn.batch_execute(&statement).map_err(DbError::from));
        assert!(done.is_err(), "{statement}");
    };
    refused(&format!("DELETE FROM consents WHERE id = '{id}'"));
    refused(&format!(
        "UPDATE consents SET evidence = 'x' WHERE id = '{id}'"
    ));
    refused(&format!(
        "UPDATE consents SET revoked_at = '2026-05-13 12:00:00', given_to = 'creditor' WHERE id = '{id}'"
    ));
    case.revoke(&mut agent, id).await;
    refused(&format!(
        "UPDATE consents SET revoked_at = NULL WHERE id = '{id}'"
    ));
    refused(&format!(
        "UPDATE consents SET revoked_at = '2027-05-13 12:00:00' WHERE id = '{id}'"
    ));
    assert_eq!(case.ledger().len(), 1);
}

#[actix_web::test]
async fn after_a_revocation_only_a_new_permission_counts() {
    let app = TestApp::start().await;
    let case = Case::new(&app, true);
    let mut agent = app.sign_in(Role::Agent, None).await;
    case.grant(&mut agent, &[("kind", "recording"), ("words", "First.")])
        .await;
    case.grant(&mut agent, &[("kind", "recording"), ("words", "Second.")])
        .await;
    let (first, _, _) = case.ledger()[0].clone();
    app.clock.advance(Duration::seconds(1));
    // Whoever no longer agrees to be recorded takes back everything of the kind.
    case.revoke(&mut agent, first).await;
    assert!(case.ledger().iter().all(|(_, _, ended)| *ended));
    app.clock.advance(Duration::seconds(1));
    let before = case
        .grant(
            &mut agent,
            &[
                ("kind", "recording"),
                ("received_at", "2026-05-12"),
                ("words", "Yesterday."),
            ],
        )
        .await;
    assert_eq!(before.status, 422);
    before.assert_says("The debtor took this permission back after that.");
    assert_eq!(case.rules(&case.recorded()), [RuleId::RecordingConsent]);
    let anew = case
        .grant(
            &mut agent,
            &[("kind", "recording"), ("words", "Fine again.")],
        )
        .await;
    assert_eq!(anew.status, 303, "{}", anew.body);
    app.clock.advance(Duration::seconds(1));
    assert!(case.rules(&case.recorded()).is_empty());
}

#[actix_web::test]
async fn a_permission_to_be_recorded_ends_after_its_last_day() {
    let app = TestApp::start().await;
    let case = Case::new(&app, true);
    let mut agent = app.sign_in(Role::Agent, None).await;
    case.grant(
        &mut agent,
        &[("kind", "recording"), ("through_on", "2026-05-14")],
    )
    .await;
    app.clock.advance(Duration::days(1));
    assert!(case.rules(&case.recorded()).is_empty());
    app.clock.advance(Duration::days(1));
    assert_eq!(case.rules(&case.recorded()), [RuleId::RecordingConsent]);
    let mut agent = app.sign_in(Role::Agent, None).await;
    case.page(&mut agent).await.assert_says("Over");
}

#[actix_web::test]
async fn consent_to_automated_calls_is_for_one_number_and_its_end_cancels_the_planned_calls() {
    let app = TestApp::start().await;
    let case = Case::new(&app, false);
    let mut agent = app.sign_in(Role::Agent, None).await;
    assert_eq!(
        case.rules(&case.dialled_by_machine()),
        [RuleId::TcpaConsent]
    );
    let elsewhere = case
        .grant(
            &mut agent,
            &[("kind", "autodial"), ("number", "+15185559999")],
        )
        .await;
    assert_eq!(elsewhere.status, 422);
    elsewhere.assert_says("Choose one of the numbers on file.");
    let answer = case
        .grant(
            &mut agent,
            &[("kind", "autodial"), ("number", &case.number)],
        )
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    app.clock.advance(Duration::seconds(1));
    assert!(case.rules(&case.dialled_by_machine()).is_empty());
    worker::planner::run(&app.ctx, &Place::default(), &Stopping::never())
        .await
        .unwrap();
    let planned = || -> i64 {
        app.rows(|conn| {
            calls::table
                .filter(calls::debtor_id.eq(case.debtor))
                .filter(calls::status.eq("planned"))
                .count()
                .get_result(conn)
        })
    };
    assert_eq!(planned(), 1);
    let (id, _, _) = case.ledger()[0].clone();
    case.revoke(&mut agent, id).await;
    assert_eq!(planned(), 0);
    app.clock.advance(Duration::seconds(1));
    let decision = case.ask(&case.dialled_by_machine());
    let revoked = decision
        .findings
        .iter()
        .find(|finding| finding.rule == RuleId::TcpaRevoked)
        .unwrap();
    let reference: String = app.rows(|conn| {
        consents::table
            .select(consents::reference.assume_not_null())
            .first(conn)
    });
    assert!(
        revoked
            .evidence
            .iter()
            .any(|it| it.value.contains(&reference)),
        "{revoked:?}"
    );
}

#[actix_web::test]
async fn given_to_the_creditor_it_counts_only_for_automated_calls() {
    let app = TestApp::start().await;
    let case = Case::new(&app, true);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let to_creditor = ("given_to", "creditor");
    case.grant(&mut agent, &[("kind", "recording"), to_creditor])
        .await;
    case.grant(
        &mut agent,
        &[("kind", "autodial"), ("number", &case.number), to_creditor],
    )
    .await;
    app.clock.advance(Duration::seconds(1));
    assert_eq!(case.rules(&case.recorded()), [RuleId::RecordingConsent]);
    assert!(case.rules(&case.dialled_by_machine()).is_empty());
    let page = case.page(&mut agent).await;
    page.assert_says("Does not count");
    page.assert_says("It was given to the creditor and not to us.");
}

async fn log_a_call(case: &Case<'_>, client: &mut Client<'_>) -> Answer {
    let fields = [
        ("kind", "phone_outbound"),
        ("to", case.number.as_str()),
        ("purpose", "collect"),
        ("outcome", "no_answer"),
    ];
    client
        .post(&format!("/placements/{}/contacts", case.placement), &fields)
        .await
}

#[actix_web::test]
async fn a_call_back_lets_a_person_through_in_that_hour_and_nobody_else() {
    let app = TestApp::start().await;
    let case = Case::new(&app, false);
    let asked = [
        ("kind", "call_back"),
        ("on", "2026-05-13"),
        ("from", "21:00"),
        ("to", "22:00"),
        ("lawful", "yes"),
        ("words", "Call me back tonight between nine and ten."),
    ];
    let half_past_nine = Instant::parse_rfc3339("2026-05-14T01:30:00Z").unwrap();
    let mut agent = app.sign_in(Role::Agent, None).await;
    let granted = case.grant(&mut agent, &asked).await;
    assert_eq!(granted.status, 303, "{}", granted.body);
    assert_eq!(
        case.ledger().len(),
        2,
        "the hour, and the call beyond the count"
    );
    app.clock.set(half_past_nine);

    let mut agent = app.sign_in(Role::Agent, None).await;
    let logged = log_a_call(&case, &mut agent).await;
    assert_eq!(logged.status, 303, "{}", logged.body);
    let reference: String = app.rows(|conn| {
        consents::table
            .select(consents::reference.assume_not_null())
            .first(conn)
    });
    let kept: String = app.rows(|conn| {
        forbear::db::schema::decisions::table
            .filter(forbear::db::schema::decisions::occasion.eq("log"))
            .select(forbear::db::schema::decisions::decision)
            .first(conn)
    });
    assert!(kept.contains(&reference), "the decision cites it: {kept}");

    let mut machine = case.call();
    machine.initiator = Initiator::Automated;
    assert!(case.rules(&machine).contains(&RuleId::CallHours));
    // Tomorrow at the same time it is none.
    app.clock.advance(Duration::days(1));
    assert!(case.rules(&case.call()).contains(&RuleId::CallHours));
}

#[actix_web::test]
async fn outside_the_hours_the_panel_leads_to_the_evidence_that_would_count() {
    let app = TestApp::start().await;
    let case = Case::new(&app, false);
    app.clock.advance(Duration::hours(12));
    let mut agent = app.sign_in(Role::Agent, None).await;
    let refused = log_a_call(&case, &mut agent).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    refused.assert_says("Only the time stands in the way.");
    refused.assert_contains(&format!(
        "/debtors/{}/consents/new?kind=call_back",
        case.debtor
    ));
    // A permission in a contact that nobody can vouch for does not open the hour.
    let unproven = [
        ("kind", "time"),
        ("from", "00:00"),
        ("to", "06:00"),
        ("lawful", "unknown"),
    ];
    let day = app.now().date_in(chrono_tz::America::New_York).to_string();
    let mut fields = unproven.to_vec();
    fields.push(("received_at", &day));
    assert_eq!(case.grant(&mut agent, &fields).await.status, 303);
    assert_eq!(log_a_call(&case, &mut agent).await.status, 409);
    case.page(&mut agent).await.assert_says(
        "Nobody has shown that the contact in which it was given kept the rules itself.",
    );
}

#[actix_web::test]
async fn no_permission_lifts_a_stop() {
    let app = TestApp::start().await;
    let case = Case::new(&app, false);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let stop = [
        ("kind", "stop"),
        ("scope", "all"),
        ("requester", "debtor"),
        ("via", "phone"),
        ("received_on", "2026-05-13"),
    ];
    agent
        .post(&format!("/debtors/{}/flags", case.debtor), &stop)
        .await;
    for fields in [
        vec![("kind", "calls"), ("lawful", "yes")],
        vec![
            ("kind", "time"),
            ("from", "08:00"),
            ("to", "20:00"),
            ("lawful", "yes"),
        ],
        vec![("kind", "autodial"), ("number", case.number.as_str())],
        vec![("kind", "recording")],
    ] {
        let answer = case.grant(&mut agent, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    app.clock.advance(Duration::seconds(1));
    let rules = case.rules(&case.call());
    assert!(rules.contains(&RuleId::Cease), "{rules:?}");
    assert_eq!(log_a_call(&case, &mut agent).await.status, 409);
}

#[actix_web::test]
async fn what_does_not_fit_comes_back_as_it_was_typed_and_nothing_is_recorded() {
    let app = TestApp::start().await;
    let case = Case::new(&app, false);
    let mut agent = app.sign_in(Role::Agent, None).await;
    for (fields, why) in [
        (
            vec![("kind", "recording"), ("words", " ")],
            "Without evidence a permission is none.",
        ),
        (vec![("kind", "calls")], "Choose one. If in doubt"),
        (
            vec![("kind", "time"), ("from", "21:00"), ("lawful", "yes")],
            "Enter a time of day as 18:30.",
        ),
        (
            vec![
                ("kind", "call_back"),
                ("on", "2026-05-13"),
                ("from", "22:00"),
                ("to", "21:00"),
                ("lawful", "yes"),
            ],
            "Enter a time later than the first.",
        ),
        (
            vec![("kind", "recording"), ("through_on", "2026-05-01")],
            "The last day lies before it was given.",
        ),
        (
            vec![("kind", "recording"), ("received_at", "2026-06-01")],
            "This day is still to come.",
        ),
        (
            vec![("kind", "recording"), ("given_to", "bank")],
            "Choose to whom it was given.",
        ),
        (
            vec![("kind", "esign"), ("address", "other@mail.example")],
            "Choose one of the addresses on file.",
        ),
    ] {
        let answer = case.grant(&mut agent, &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        answer.assert_says(why);
    }
    let kept = case
        .grant(
            &mut agent,
            &[
                ("kind", "time"),
                ("from", "21:15"),
                ("words", "After nine is best."),
                ("lawful", "yes"),
            ],
        )
        .await;
    kept.assert_contains(r#"value="21:15""#);
    kept.assert_contains("After nine is best.");
    assert!(case.ledger().is_empty());
    assert_eq!(
        case.grant(&mut agent, &[("kind", "nonsense")]).await.status,
        404
    );
}

#[actix_web::test]
async fn the_same_form_sent_twice_is_one_entry() {
    let app = TestApp::start().await;
    let case = Case::new(&app, false);
    let mut agent = app.sign_in(Role::Agent, None).await;
    for _ in 0..2 {
        let answer = case.grant(&mut agent, &[("kind", "recording")]).await;
        assert_eq!(answer.status, 303);
    }
    assert_eq!(case.ledger().len(), 1);
    case.page(&mut agent)
        .await
        .assert_says("This was on record already");
}

#[actix_web::test]
async fn a_creditors_people_see_what_stands_and_not_what_was_said() {
    let app = TestApp::start().await;
    let case = Case::new(&app, false);
    let mut agent = app.sign_in(Role::Agent, None).await;
    case.grant(&mut agent, &[("kind", "recording")]).await;
    let mut member = app
        .sign_in(Role::CreditorMember, Some("Cedar Harbor"))
        .await;
    let page = case.page(&mut member).await;
    assert_eq!(page.status, 200);
    page.assert_says("Calls may be recorded");
    page.assert_says("Agency staff");
    page.assert_lacks("all right with me");
    page.assert_lacks("/revoke");
    let refused = case.grant(&mut member, &[("kind", "calls")]).await;
    assert_eq!(refused.status, 403);
}

#[actix_web::test]
async fn a_program_lists_grants_and_revokes_once_for_each_key() {
    let app = TestApp::start().await;
    let case = Case::new(&app, true);
    let path = format!("/v1/placements/{}/consents", case.placement);
    let body = json!({
        "kind": "recording",
        "given_to": "collector",
        "via": "phone",
        "words": "Recorded line 4711: \u{201c}yes, go ahead\u{201d}",
    });
    let mut creditors = app.program(case.creditor);
    let refused = creditors.post_json(&path, &body).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    refused.assert_contains("/given_to");
    let mut staff = app.staff_program();
    staff.set_header("x-mc-creditor", case.creditor.as_str());
    staff.set_header("idempotency-key", "grant-1");
    let granted = staff.post_json(&path, &body).await;
    assert_eq!(granted.status, 201, "{}", granted.body);
    let granted = granted.json();
    let again = staff.post_json(&path, &body).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.json()["reference"], granted["reference"]);
    assert_eq!(case.ledger().len(), 1);
    app.clock.advance(Duration::seconds(1));
    assert!(case.rules(&case.recorded()).is_empty());

    let listed = creditors.get(&path).await.json();
    assert_eq!(listed["total"], 1);
    assert_eq!(listed["items"][0]["kind"], "recording");
    assert_eq!(listed["items"][0]["words"], json!(null), "for staff alone");
    let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
    // A creditor hears it too, and it counts at once.
    let revoke = format!("{path}/{id}/revoke");
    let revoked = creditors
        .post_json(
            &revoke,
            &json!({"via": "letter", "words": "No more recording."}),
        )
        .await;
    assert_eq!(revoked.status, 200, "{}", revoked.body);
    assert_eq!(revoked.json()["already_revoked"], false);
    let again = creditors.post_json(&revoke, &json!({})).await.json();
    assert_eq!(again["already_revoked"], true);
    assert_eq!(again["reference"], revoked.json()["reference"]);
    app.clock.advance(Duration::seconds(1));
    assert_eq!(case.rules(&case.recorded()), [RuleId::RecordingConsent]);

    let foreign = app.creditor("Foreign Freight");
    let mut others = app.program(foreign);
    assert_eq!(others.get(&path).await.status, 404);
    assert_eq!(others.post_json(&revoke, &json!({})).await.status, 404);
}

#[actix_web::test]
async fn after_a_cease_what_may_still_be_said_goes_by_letter_and_is_told_as_an_exception() {
    let app = TestApp::start().await;
    let case = Case::new(&app, false);
    let mut agent = app.sign_in(Role::Agent, None).await;
    let stop = [
        ("kind", "stop"),
        ("scope", "all"),
        ("requester", "debtor"),
        ("via", "letter"),
        ("received_on", "2026-05-13"),
    ];
    agent
        .post(&format!("/debtors/{}/flags", case.debtor), &stop)
        .await;
    app.clock.advance(Duration::seconds(1));
    let path = format!("/placements/{}/contacts", case.placement);
    let by_phone = [
        ("kind", "phone_outbound"),
        ("to", case.number.as_str()),
        ("purpose", "terminate"),
        ("outcome", "no_answer"),
    ];
    assert!(matches!(
        agent.post(&path, &by_phone).await.status,
        409 | 422
    ));
    let letter = [
        ("kind", "letter"),
        ("purpose", "terminate"),
        ("outcome", "sent"),
    ];
    let sent = agent.post(&path, &letter).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let told = events(&app, "contact.logged");
    assert!(
        told.len() == 1 && told[0].contains(r#""exception_to":"cease""#),
        "{told:?}"
    );
    // Once, and for nothing else.
    let again = agent.post(&path, &letter).await;
    assert_eq!(again.status, 409, "{}", again.body);
    let collect = [
        ("kind", "letter"),
        ("purpose", "collect"),
        ("outcome", "sent"),
    ];
    assert_eq!(agent.post(&path, &collect).await.status, 409);
    let logged: i64 = app.rows(|conn| contacts::table.count().get_result(conn));
    assert_eq!(logged, 1);
}
