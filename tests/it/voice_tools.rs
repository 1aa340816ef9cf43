//! What the voice agent captures: checked, done once, with the effects of every other way in.

use diesel::prelude::*;
use forbear::actions::flags::{self, FlagInput, Learned};
use forbear::db::schema::{
    audit_events, calls, consents, disputes, email_sequences, flags as flag_rows, placements,
    stop_requests, tasks,
};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::{CallId, DebtorId, EventId, PlacementId};
use forbear::domain::stop::Medium;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

async fn send(client: &mut Client<'_>, tool: &str, body: &Value) -> Answer {
    client
        .post_json(&format!("/v1/voice/tools/{tool}"), body)
        .await
}

fn about(placement: PlacementId, tool_call: &str, arguments: Value) -> Value {
    json!({
        "call_id": "CA0123",
        "tool_call_id": tool_call,
        "placement_id": placement,
        "arguments": arguments,
    })
}

fn live(app: &TestApp, debtor: DebtorId) -> (i64, i64) {
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

fn in_force(app: &TestApp, debtor: DebtorId) -> Vec<String> {
    app.rows(|conn| {
        flag_rows::table
            .filter(flag_rows::debtor_id.eq(debtor))
            .filter(flag_rows::lifted_at.is_null())
            .order(flag_rows::kind)
            .select(flag_rows::kind)
            .load(conn)
    })
}

/// Id, cause and body of the events of a kind about a debtor.
fn events(app: &TestApp, debtor: DebtorId, kind: &str) -> Vec<(EventId, Option<EventId>, Value)> {
    let rows: Vec<(EventId, Option<EventId>, String)> = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::debtor_id.eq(debtor))
            .filter(audit_events::kind.eq(kind))
            .order(audit_events::seq)
            .select((audit_events::id, audit_events::cause, audit_events::body))
            .load(conn)
    });
    rows.into_iter()
        .map(|(id, cause, body)| (id, cause, serde_json::from_str(&body).unwrap()))
        .collect()
}

fn status(app: &TestApp, placement: PlacementId) -> String {
    app.rows(|conn| {
        placements::table
            .filter(placements::id.eq(placement))
            .select(placements::status)
            .first(conn)
    })
}

fn open_tasks(app: &TestApp, debtor: DebtorId) -> Vec<String> {
    app.rows(|conn| {
        tasks::table
            .filter(tasks::debtor_id.eq(debtor))
            .order(tasks::kind)
            .select(tasks::kind)
            .load(conn)
    })
}

#[actix_web::test]
async fn stop_calling_me_stops_calls_and_pauses_emails_in_linked_events() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut agent = app.staff_program();
    let body = about(
        placement,
        "t-1",
        json!({"scope": "call", "words": "Stop calling me!"}),
    );
    let answer = send(&mut agent, "capture_cease", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = answer.json();
    assert_eq!(told["stopped"], "call");
    assert_eq!(told["calls_cancelled"], 1);
    let said = told["say"].as_str().unwrap();
    assert!(said.contains("we will not call you again"), "{said}");
    assert!(said.contains(told["reference"].as_str().unwrap()), "{said}");
    assert_eq!(
        (live(&app, debtor), in_force(&app, debtor)),
        ((0, 0), vec!["call_opt_out".to_owned()])
    );
    assert_eq!(
        status(&app, placement),
        "in_outreach",
        "a stop is no status"
    );

    let cease = events(&app, debtor, "voice.capture_cease_recorded");
    let set = events(&app, debtor, "debtor.call_opt_out_set");
    assert_eq!((cease.len(), set.len()), (1, 1));
    assert_eq!(set[0].1, Some(cease[0].0));
    for (name, value) in [
        ("scope", "call"),
        ("tool", "capture_cease"),
        ("call", "CA0123"),
        ("tool_call", "t-1"),
    ] {
        assert_eq!(cease[0].2[name], value);
    }
    assert!(
        !cease[0].2.to_string().contains("Stop calling"),
        "words stand beside the chain"
    );
    // Effective before it was answered.
    assert_eq!(events(&app, debtor, "debtor.stop_effective").len(), 1);
}

#[actix_web::test]
async fn all_contact_stops_for_good_in_the_debtors_language() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut body = about(
        placement,
        "t-1",
        json!({"scope": "all", "requester": "attorney"}),
    );
    body["language"] = json!("es");
    let answer = send(&mut app.staff_program(), "capture_cease", &body).await;
    answer.assert_contains("no volveremos a comunicarnos con usted");
    assert_eq!(
        in_force(&app, debtor),
        ["call_opt_out", "cease", "email_opt_out"]
    );
    let (series, requester, verified): (String, String, bool) = app.rows(|conn| {
        Ok((
            email_sequences::table
                .filter(email_sequences::debtor_id.eq(debtor))
                .select(email_sequences::status)
                .first(conn)?,
            stop_requests::table
                .select(stop_requests::requester)
                .first(conn)?,
            stop_requests::table
                .select(stop_requests::verified)
                .first(conn)?,
        ))
    });
    assert_eq!(
        (series.as_str(), requester.as_str()),
        ("paused_opt_out", "attorney")
    );
    assert!(!verified, "the call is none that we placed");
}

#[actix_web::test]
async fn the_same_use_is_done_once_and_other_words_under_its_id_are_refused() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut agent = app.staff_program();
    let body = about(placement, "t-1", json!({"scope": "call"}));
    let first = send(&mut agent, "capture_cease", &body).await;
    let again = send(&mut agent, "capture_cease", &body).await;
    assert_eq!((first.status, again.status), (200, 200));
    assert_eq!(first.body, again.body);
    assert_eq!(again.header("idempotent-replayed"), "true");
    let other = about(placement, "t-1", json!({"scope": "all"}));
    assert_eq!(send(&mut agent, "capture_cease", &other).await.status, 422);
    // Another use of the same call is another request.
    let next = about(placement, "t-2", json!({"scope": "all"}));
    assert_eq!(send(&mut agent, "capture_cease", &next).await.status, 200);
    let requests: i64 = app.rows(|conn| stop_requests::table.count().get_result(conn));
    assert_eq!(requests, 2);
}

#[actix_web::test]
async fn each_explicit_argument_of_a_flag_is_a_stop_and_no_dispute() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let mut agent = app.staff_program();
    for alias in ["cease_call", "stop_calling", "do_not_call"] {
        let placement = app.place(creditor, |_| {});
        let debtor = app.debtor_of(placement);
        let body = about(placement, alias, json!({alias: true, "text": "Enough."}));
        let answer = send(&mut agent, "flag_dispute", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(in_force(&app, debtor), ["call_opt_out"], "{alias}");
        assert_eq!(status(&app, placement), "in_outreach");
        assert_eq!(answer.json()["dispute_id"], Value::Null);
        let flagged = events(&app, debtor, "voice.flag_dispute_recorded");
        let cease = events(&app, debtor, "voice.capture_cease_recorded");
        assert_eq!(flagged[0].2[alias], true, "the raw argument is kept");
        assert_eq!(cease[0].1, Some(flagged[0].0));
    }
    let placement = app.place(creditor, |_| {});
    let body = about(
        placement,
        "both",
        json!({"disputed": true, "do_not_call": true}),
    );
    let answer = send(&mut agent, "flag_dispute", &body).await.json();
    assert_eq!(status(&app, placement), "disputed");
    assert_eq!(answer["stopped"], "call");
    let body = about(placement, "none", json!({"disputed": false}));
    assert_eq!(send(&mut agent, "flag_dispute", &body).await.status, 422);
}

#[actix_web::test]
async fn a_dispute_makes_the_placement_disputed_and_keeps_the_words() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let body = about(
        placement,
        "t-1",
        json!({"reason": "not_mine", "words": "I never bought it."}),
    );
    let answer = send(&mut app.staff_program(), "capture_dispute", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.assert_contains("We stop collecting it until we have answered you.");
    assert_eq!(
        (status(&app, placement).as_str(), live(&app, debtor)),
        ("disputed", (0, 0))
    );
    let (reason, details): (String, Option<String>) = app.rows(|conn| {
        disputes::table
            .select((disputes::reason, disputes::details))
            .first(conn)
    });
    assert_eq!(
        (reason.as_str(), details.as_deref()),
        ("not_mine", Some("I never bought it."))
    );
    let own = events(&app, debtor, "voice.capture_dispute_recorded");
    let opened = events(&app, debtor, "dispute.opened");
    assert_eq!(opened[0].1, Some(own[0].0));
}

#[actix_web::test]
async fn a_lawyer_a_bankruptcy_and_a_death_halt_everything_at_once() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let mut agent = app.staff_program();
    for (tool, arguments, flag, task) in [
        (
            "capture_attorney",
            json!({"name": "Rosa Ortiz", "phone": "212-555-0177"}),
            "attorney",
            "route_through_counsel",
        ),
        (
            "capture_bankruptcy",
            json!({"chapter": 13}),
            "bankruptcy",
            "bankruptcy_review",
        ),
        ("capture_deceased", json!({}), "deceased", "estate_desk"),
    ] {
        let placement = app.place(creditor, |_| {});
        let debtor = app.debtor_of(placement);
        let answer = send(&mut agent, tool, &about(placement, tool, arguments)).await;
        assert_eq!(answer.status, 200, "{tool}: {}", answer.body);
        assert_eq!(answer.json()["flags"], json!([flag]));
        assert_eq!(
            (live(&app, debtor), in_force(&app, debtor)),
            ((0, 0), vec![flag.to_owned()])
        );
        assert_eq!(open_tasks(&app, debtor), [task]);
        let own = events(&app, debtor, &format!("voice.{tool}_recorded"));
        let set = events(&app, debtor, "debtor.flag_set");
        assert_eq!(set[0].1, Some(own[0].0), "{tool}");
        assert!(!own[0].2.to_string().contains("Ortiz"));
        // Whoever asks the gate is refused.
        let asked = json!({"placement_id": placement, "channel": "call", "phone": "518-555-0001"});
        agent
            .post_json("/v1/gate/check", &asked)
            .await
            .assert_contains(flag);
    }
}

#[actix_web::test]
async fn a_bare_mention_replaces_no_name_on_file() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let known = FlagInput {
        creditor,
        debtor,
        learned: Learned::Attorney {
            name: Some("Rosa Ortiz".to_owned()),
            firm: None,
            phone: None,
        },
        via: Medium::Letter,
        received_at: app.now(),
    };
    flags::record(&app.ctx, Actor::System("cli"), known)
        .await
        .unwrap();
    let body = about(placement, "t-1", json!({"words": "Talk to my lawyer."}));
    assert_eq!(
        send(&mut app.staff_program(), "capture_attorney", &body)
            .await
            .status,
        200
    );
    let details: Vec<String> = app.rows(|conn| {
        flag_rows::table
            .filter(flag_rows::lifted_at.is_null())
            .select(flag_rows::detail)
            .load(conn)
    });
    assert_eq!(details.len(), 1);
    assert!(details[0].contains("Rosa Ortiz"));
}

#[actix_web::test]
async fn a_promise_opens_a_task_and_a_permission_is_kept_and_neither_lifts_a_stop() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let debtor = app.debtor_of(placement);
    let mut agent = app.staff_program();
    send(
        &mut agent,
        "capture_cease",
        &about(placement, "t-0", json!({"scope": "call"})),
    )
    .await;
    let promise = json!({"amount": "250.00", "due_on": "2026-06-01"});
    let answer = send(&mut agent, "capture_ptp", &about(placement, "t-1", promise)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(open_tasks(&app, debtor).contains(&"promise_due".to_owned()));
    let permission =
        json!({"kind": "time", "from": "20:00", "to": "22:00", "words": "Call me after work."});
    let answer = send(
        &mut agent,
        "capture_consent",
        &about(placement, "t-2", permission),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let kinds: Vec<String> = app.rows(|conn| {
        consents::table
            .filter(consents::via.eq("voice"))
            .select(consents::kind)
            .load(conn)
    });
    assert_eq!(kinds, ["time"]);
    assert_eq!(in_force(&app, debtor), ["call_opt_out"]);
    let mut desk = app.sign_in(Role::Compliance, None).await;
    let page = desk
        .get(&format!("/placements/{placement}?tab=timeline"))
        .await;
    page.assert_contains("Promised to pay $250.00 by 2026-06-01.");
    desk.get("/tasks")
        .await
        .assert_contains("Promise of 250.00 for 2026-06-01");
}

#[actix_web::test]
async fn what_does_not_fit_is_refused_by_name_and_changes_nothing() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut agent = app.staff_program();
    for (tool, arguments, named) in [
        ("capture_cease", json!({}), "scope"),
        ("capture_cease", json!({"scope": "sms"}), "/arguments/scope"),
        (
            "capture_cease",
            json!({"scope": "call", "lift": true}),
            "lift",
        ),
        (
            "capture_bankruptcy",
            json!({"chapter": 8}),
            "/arguments/chapter",
        ),
        (
            "capture_attorney",
            json!({"phone": "12"}),
            "/arguments/phone",
        ),
        (
            "capture_ptp",
            json!({"amount": "0", "due_on": "2026-06-01"}),
            "/arguments/amount",
        ),
        (
            "capture_ptp",
            json!({"amount": "5.001", "due_on": "2026-06-01"}),
            "/arguments/amount",
        ),
        (
            "capture_ptp",
            json!({"amount": "5", "due_on": "2026-05-01"}),
            "/arguments/due_on",
        ),
        (
            "capture_consent",
            json!({"kind": "autodial"}),
            "/arguments/number",
        ),
        (
            "capture_dispute",
            json!({"reason": "bored"}),
            "/arguments/reason",
        ),
    ] {
        let answer = send(&mut agent, tool, &about(placement, "t-1", arguments)).await;
        assert_eq!(answer.status, 422, "{tool}: {}", answer.body);
        answer.assert_contains(named);
    }
    let unplaced = json!({"call_id": "CA1", "tool_call_id": "t", "arguments": {"scope": "all"}});
    let answer = send(&mut agent, "capture_cease", &unplaced).await;
    assert_eq!(answer.status, 422);
    answer.assert_contains("placement_id");
    assert_eq!(live(&app, app.debtor_of(placement)), (1, 1));
}

#[actix_web::test]
async fn only_staff_keys_and_only_within_the_creditor_they_name() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    app.creditor("Foreign Freight");
    let body = about(placement, "t-1", json!({"scope": "call"}));
    let answer = send(&mut app.program(creditor), "capture_cease", &body).await;
    assert_eq!(answer.status, 403);
    let mut elsewhere = app.staff_program();
    elsewhere.set_header("x-mc-creditor", "Foreign Freight");
    let answer = send(&mut elsewhere, "capture_cease", &body).await;
    assert_eq!(answer.status, 404);
    assert_eq!(live(&app, app.debtor_of(placement)), (1, 1));
}

#[actix_web::test]
async fn the_placement_of_a_call_that_we_placed_is_our_own_record_of_it() {
    let app = TestApp::start().await;
    let creditor = app.creditor("Cedar Harbor");
    let (called, other) = (app.place(creditor, |_| {}), app.place(creditor, |_| {}));
    let id: CallId = app.rows(|conn| {
        calls::table
            .filter(calls::placement_id.eq(called))
            .select(calls::id)
            .first(conn)
    });
    let mut agent = app.staff_program();
    let mut body = about(other, "t-1", json!({"scope": "call"}));
    body["call_id"] = json!(id);
    assert_eq!(send(&mut agent, "capture_cease", &body).await.status, 422);
    body.as_object_mut().unwrap().remove("placement_id");
    let answer = send(&mut agent, "capture_cease", &body).await;
    assert_eq!(answer.json()["placement_id"], json!(called));
    let verified: bool = app.rows(|conn| {
        stop_requests::table
            .select(stop_requests::verified)
            .first(conn)
    });
    assert!(verified);
    assert_eq!(live(&app, app.debtor_of(other)), (1, 1));
}
