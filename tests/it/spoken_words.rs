//! What is said while a tool of the voice agent is used: read by the same phrases as messages.

use diesel::prelude::*;
use forbear::db::schema::{
    audit_events, calls, email_sequences, flags, holds, inbound_messages, placements,
    stop_requests, tasks,
};
use forbear::domain::access::Role;
use forbear::domain::id::{CallId, InboundMessageId, PlacementId};
use forbear::domain::time::Instant;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

const WORD: &str = "CA0123456789abcdef0123456789abcdef";

async fn send(client: &mut Client<'_>, tool: &str, body: &Value) -> Answer {
    client
        .post_json(&format!("/v1/voice/tools/{tool}"), body)
        .await
}

/// A use in a call that we placed.
fn ours(tool_call: &str, arguments: Value) -> Value {
    json!({"call_id": WORD, "tool_call_id": tool_call, "arguments": arguments})
}

/// A placement whose call is under way.
fn talking(app: &TestApp) -> PlacementId {
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    app.ctx
        .db
        .write(|conn| {
            diesel::update(calls::table.filter(calls::placement_id.eq(placement)))
                .set((
                    calls::status.eq("started"),
                    calls::provider_ref.eq(WORD),
                    calls::started_at.eq(app.now()),
                ))
                .execute(conn)
                .map_err(forbear::db::DbError::from)
        })
        .unwrap();
    placement
}

fn flags_of(app: &TestApp) -> Vec<String> {
    app.rows(|conn| {
        flags::table
            .filter(flags::lifted_at.is_null())
            .order(flags::kind)
            .select(flags::kind)
            .load(conn)
    })
}

fn status(app: &TestApp) -> (String, String) {
    app.rows(|conn| {
        Ok((
            placements::table.select(placements::status).first(conn)?,
            email_sequences::table
                .select(email_sequences::status)
                .first(conn)?,
        ))
    })
}

fn held(app: &TestApp) -> Vec<(Option<Instant>, Option<String>)> {
    app.rows(|conn| {
        holds::table
            .filter(holds::lifted_at.is_null())
            .select((holds::until_at, holds::reason))
            .load(conn)
    })
}

#[actix_web::test]
async fn a_destructive_phrase_in_the_text_of_any_tool_is_obeyed() {
    let paid = json!({"amount": "10.00", "due_on": "2026-05-20", "words": "WORDS"});
    let cases: [(&str, Value, &str, &[&str]); 6] = [
        (
            "flag_dispute",
            json!({"disputed": true, "text": "WORDS"}),
            "Stop calling me.",
            &["call_opt_out"],
        ),
        (
            "capture_ptp",
            paid.clone(),
            "Do not contact me again.",
            &["call_opt_out", "cease", "email_opt_out"],
        ),
        (
            "capture_consent",
            json!({"kind": "recording", "words": "WORDS"}),
            "Deje de llamarme.",
            &["call_opt_out"],
        ),
        (
            "capture_dispute",
            json!({"reason": "not_mine", "words": "WORDS"}),
            "I have filed for bankruptcy.",
            &["bankruptcy"],
        ),
        (
            "capture_ptp",
            paid,
            "I have a lawyer, talk to my attorney.",
            &["attorney"],
        ),
        (
            "capture_cease",
            json!({"scope": "call", "words": "WORDS"}),
            "Don't contact me again.",
            &["call_opt_out", "cease", "email_opt_out"],
        ),
    ];
    for (number, (tool, arguments, words, expected)) in cases.into_iter().enumerate() {
        let app = TestApp::start().await;
        talking(&app);
        let arguments: Value =
            serde_json::from_str(&arguments.to_string().replace("WORDS", words)).unwrap();
        let body = ours(&format!("t-{number}"), arguments);
        let mut agent = app.staff_program();
        let answer = send(&mut agent, tool, &body).await;
        assert_eq!(answer.status, 200, "{tool}: {}", answer.body);
        assert_eq!(flags_of(&app), expected, "{tool}: {words}");
        // Sent again it is the same use.
        let again = send(&mut agent, tool, &body).await;
        assert_eq!(again.body, answer.body, "{tool}");
        let requests: i64 = app.rows(|conn| stop_requests::table.count().get_result(conn));
        assert!(requests <= 1, "{tool}: {requests}");
        let (_, series) = status(&app);
        assert_ne!(series, "active", "{tool}: {words}");
    }
}

#[actix_web::test]
async fn the_event_of_a_cease_tells_the_scope_that_is_obeyed() {
    let app = TestApp::start().await;
    talking(&app);
    let body = ours(
        "t-1",
        json!({"scope": "call", "words": "Don't contact me again."}),
    );
    let answer = send(&mut app.staff_program(), "capture_cease", &body).await;
    assert_eq!(answer.json()["stopped"], "all");
    let told: String = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("voice.capture_cease_recorded"))
            .select(audit_events::body)
            .first(conn)
    });
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (&told["scope"], &told["scope_of_the_tool"]),
        (&json!("all"), &json!("call"))
    );
}

#[actix_web::test]
async fn words_that_only_a_person_can_settle_hold_contact_until_one_has() {
    let app = TestApp::start().await;
    let placement = talking(&app);
    let words = "I already paid this last month. My card is 4111 1111 1111 1111.";
    let body = ours(
        "t-1",
        json!({"amount": "10.00", "due_on": "2026-05-20", "words": words}),
    );
    let mut agent = app.staff_program();
    let answer = send(&mut agent, "capture_ptp", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["held"], true);
    answer.assert_contains("We will not contact you before somebody has looked at it.");
    assert_eq!(held(&app).len(), 1);
    assert_eq!(held(&app)[0].0, None, "it does not run out by itself");
    assert_eq!(status(&app).1, "paused");
    let asked = json!({"placement_id": placement, "channel": "call", "phone": "518-555-0001"});
    let refused = agent.post_json("/v1/gate/check", &asked).await.json();
    assert_ne!(refused["outcome"], "allow");

    let (id, kept, channel): (InboundMessageId, String, String) = app.rows(|conn| {
        inbound_messages::table
            .select((
                inbound_messages::id,
                inbound_messages::own_words,
                inbound_messages::channel,
            ))
            .first(conn)
    });
    assert_eq!(channel, "call");
    assert!(!kept.contains("4111"), "{kept}");
    let mut desk = app.sign_in(Role::Compliance, None).await;
    let page = desk.get(&format!("/replies/{id}")).await;
    page.assert_says("I already paid this last month.");
    page.assert_says("our own record of the call");
    let decision = [
        ("choice", "go_on"),
        ("note", "Paid to the creditor, see the ledger"),
        ("version", "1"),
    ];
    assert_eq!(
        desk.post(&format!("/replies/{id}"), &decision).await.status,
        303
    );
    assert!(held(&app).is_empty());
    assert_eq!(
        status(&app).1,
        "active",
        "what waited for this alone goes on"
    );
}

#[actix_web::test]
async fn in_a_call_that_is_not_ours_a_stop_is_obeyed_and_the_rest_is_a_persons() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    let mut agent = app.staff_program();
    let body = |tool_call: &str, words: &str| {
        json!({
            "call_id": "CA-of-somebody-else",
            "tool_call_id": tool_call,
            "placement_id": placement,
            "arguments": {"kind": "recording", "words": words},
        })
    };
    let answer = send(
        &mut agent,
        "capture_consent",
        &body("t-1", "I have filed for bankruptcy."),
    )
    .await;
    assert_eq!(answer.json()["held"], true, "{}", answer.body);
    assert!(flags_of(&app).is_empty());
    assert_eq!(held(&app).len(), 1);
    let answer = send(
        &mut agent,
        "capture_consent",
        &body("t-2", "Stop calling me."),
    )
    .await;
    assert_eq!(answer.json()["stopped"], "call");
    assert_eq!(flags_of(&app), ["call_opt_out"]);
    let verified: bool = app.rows(|conn| {
        stop_requests::table
            .select(stop_requests::verified)
            .first(conn)
    });
    assert!(!verified);
}

#[actix_web::test]
async fn words_that_ask_for_nothing_hold_nobody() {
    let app = TestApp::start().await;
    talking(&app);
    let body = ours(
        "t-1",
        json!({"amount": "10.00", "due_on": "2026-05-20", "words": "Please call me on Friday."}),
    );
    let answer = send(&mut app.staff_program(), "capture_ptp", &body).await;
    assert_eq!(answer.json()["held"], false, "{}", answer.body);
    assert!(held(&app).is_empty() && flags_of(&app).is_empty());
    assert_eq!(status(&app).1, "active");
}

#[actix_web::test]
async fn a_tool_with_a_bad_key_holds_the_debtor_of_our_call_for_a_day_and_pages_the_desk() {
    let app = TestApp::start().await;
    let placement = talking(&app);
    let body = ours(
        "t-1",
        json!({"scope": "all", "words": "Never call me again"}),
    );
    let mut stranger = app.anonymous();
    stranger.set_header("authorization", "Bearer fb_live_not_a_key");
    for _ in 0..3 {
        let answer = send(&mut stranger, "capture_cease", &body).await;
        assert_eq!(answer.status, 401, "{}", answer.body);
    }
    let until = app.now().plus(chrono::Duration::hours(24));
    let held_now = held(&app);
    assert_eq!(held_now.len(), 1, "once is enough");
    assert_eq!(held_now[0].0, Some(until));
    assert!(flags_of(&app).is_empty(), "who it was is not proved");
    let pages: Vec<(String, Option<String>)> = app.rows(|conn| {
        tasks::table
            .filter(tasks::placement_id.eq(placement))
            .select((tasks::kind, tasks::note))
            .load(conn)
    });
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].0, "voice_unproven");
    assert!(pages[0].1.as_ref().unwrap().contains("Never call me again"));
    // A read key may be good, and is no proof here either; a day later contact may go on.
    let asked = json!({"placement_id": placement, "channel": "call", "phone": "518-555-0001"});
    let mut agent = app.staff_program();
    let refused = agent.post_json("/v1/gate/check", &asked).await.json();
    assert_ne!(refused["outcome"], "allow");
}

#[actix_web::test]
async fn a_bad_key_about_no_call_of_ours_or_an_old_one_holds_nobody() {
    let app = TestApp::start().await;
    talking(&app);
    let mut stranger = app.anonymous();
    stranger.set_header("authorization", "Bearer fb_live_not_a_key");
    let mut strange = ours("t-1", json!({"scope": "all"}));
    strange["call_id"] = json!(CallId::generate(app.now()));
    assert_eq!(
        send(&mut stranger, "capture_cease", &strange).await.status,
        401
    );
    app.clock.advance(chrono::Duration::hours(25));
    let body = ours("t-1", json!({"scope": "all"}));
    assert_eq!(
        send(&mut stranger, "capture_cease", &body).await.status,
        401
    );
    let answer = stranger
        .post_json("/v1/voice/tools/capture_cease", &json!("not an object"))
        .await;
    assert_eq!(answer.status, 401);
    assert!(held(&app).is_empty());
}
