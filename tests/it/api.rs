//! The JSON API, as a program meets it.

use actix_web::test::TestRequest;
use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use forbear::actions::authorize::{self, Authorised, HandOff, Origin};
use forbear::actions::placing::Cease;
use forbear::db::DbError;
use forbear::db::schema::dnc_entries;
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::api_key::ApiKeyAccess;
use forbear::domain::id::{AlertId, CallId, CreditorId, PlacementId};
use forbear::domain::money::Cents;
use forbear::domain::phone::PhoneNumber;
use forbear::gate::{Attempt, Channel};
use forbear::store::{Scope, alert_list};
use forbear::web::api::not_done;
use serde_json::{Value, json};

use crate::support::builders::phone;
use crate::support::{Answer, Client, TestApp};

#[track_caller]
fn assert_problem(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["code"], code, "{problem}");
    assert_eq!(problem["error"]["code"], code);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    problem
}

fn ids(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

async fn raw(client: &mut Client<'_>, path: &str, kind: &str, body: &str) -> Answer {
    let request = TestRequest::post()
        .uri(path)
        .insert_header(("content-type", kind))
        .set_payload(body.to_owned());
    client.send(request).await
}

#[actix_web::test]
async fn a_program_learns_whose_key_it_holds() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let mut program = app.program(acme);
    let who = program.get("/v1/whoami").await.json();
    assert_eq!(who["creditor"]["name"], "Acme");
    assert_eq!(who["key"]["access"], "full");
    let settings = program.get("/v1/settings").await.json();
    assert_eq!(settings["id"], acme.as_str());
    assert_eq!(settings["status"], "verified");
    assert_eq!(settings["contingency_fee_percent"], "25.00");
    assert_eq!(settings["api_key_prefix"], who["key"]["prefix"]);
}

#[actix_web::test]
async fn without_a_key_that_opens_something_nothing_is_told() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let key = app.key(Some(acme), ApiKeyAccess::Full);
    let (id, _) = key.rsplit_once('_').unwrap();
    let mut answers = Vec::new();
    for authorization in [
        "".to_owned(),
        "Bearer".to_owned(),
        "Bearer nonsense".to_owned(),
        format!("Bearer {id}_{}", "2".repeat(54)),
        format!("Basic {key}"),
        key.clone(),
    ] {
        let mut client = app.anonymous();
        client.set_header("authorization", &authorization);
        let answer = client.get("/v1/whoami").await;
        let problem = assert_problem(&answer, 401, "unauthenticated");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        answers.push(problem["detail"].clone());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);

    let mut right = app.anonymous();
    right.set_header("authorization", &format!("bearer {key}"));
    assert_eq!(right.get("/v1/whoami").await.status, 200);
}

#[actix_web::test]
async fn a_cookie_beside_a_key_is_refused() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let key = app.key(Some(acme), ApiKeyAccess::Full);
    let mut person = app.sign_in(Role::CreditorAdmin, Some("Acme")).await;
    person.set_header("authorization", &format!("Bearer {key}"));
    assert_problem(&person.get("/v1/whoami").await, 401, "unauthenticated");

    let mut program = app.program_with(&key);
    program.set_cookie("balancer", "7");
    assert_eq!(program.get("/v1/whoami").await.status, 200);
}

#[actix_web::test]
async fn a_key_that_may_only_read_changes_nothing() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let mut reader = app.program_with(&app.key(Some(acme), ApiKeyAccess::Read));
    let recall = reader
        .post_json(&format!("/v1/placements/{placement}/recall"), &json!({}))
        .await;
    assert_problem(&recall, 403, "forbidden");
    let shown = reader.get(&format!("/v1/placements/{placement}")).await;
    assert_eq!(shown.status, 200);
    assert_ne!(shown.json()["status"], "recalled");
    let question = json!({"placement_id": placement, "channel": "letter"});
    assert_eq!(
        reader.post_json("/v1/gate/check", &question).await.status,
        200
    );
}

#[actix_web::test]
async fn a_staff_key_reaches_every_creditor_and_names_one_where_it_must() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let other = app.creditor("Other");
    let (mine, theirs) = (app.place(acme, |_| ()), app.place(other, |_| ()));
    let mut staff = app.staff_program();
    assert_eq!(staff.get("/v1/placements").await.json()["total"], 2);
    let problem = assert_problem(&staff.get("/v1/settings").await, 400, "bad-request");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("X-MC-Creditor")
    );

    for name in ["Other", other.as_str()] {
        staff.set_header("x-mc-creditor", name);
        assert_eq!(
            ids(&staff.get("/v1/placements").await.json()),
            [theirs.as_str()]
        );
    }
    let foreign = staff.get(&format!("/v1/placements/{mine}")).await;
    assert_problem(&foreign, 404, "not-found");
    staff.set_header("x-mc-creditor", "Nobody");
    assert_problem(&staff.get("/v1/placements").await, 400, "bad-request");

    let mut own = app.program(acme);
    own.set_header("x-mc-creditor", "Other");
    assert_eq!(
        ids(&own.get("/v1/placements").await.json()),
        [mine.as_str()]
    );
}

#[actix_web::test]
async fn another_creditors_placement_looks_like_one_that_does_not_exist() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let other = app.creditor("Other");
    let theirs = app.place(other, |_| ());
    let missing = PlacementId::generate(app.now());
    let mut program = app.program(acme);
    for part in [
        "",
        "/calls",
        "/emails",
        "/contacts",
        "/payments",
        "/audit",
        "/decisions",
    ] {
        let mut bodies = Vec::new();
        for id in [theirs.as_str(), missing.as_str(), "7"] {
            let answer = program.get(&format!("/v1/placements/{id}{part}")).await;
            let problem = assert_problem(&answer, 404, "not-found");
            bodies.push(problem["detail"].clone());
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1, "{part}");
    }
    for (part, body) in [
        ("recall", json!({})),
        ("payment-received", json!({"amount": 1})),
    ] {
        let path = format!("/v1/placements/{theirs}/{part}");
        assert_problem(&program.post_json(&path, &body).await, 404, "not-found");
    }
    let question = json!({"placement_id": theirs, "channel": "call"});
    assert_problem(
        &program.post_json("/v1/gate/check", &question).await,
        404,
        "not-found",
    );
}

#[actix_web::test]
async fn each_key_has_a_quota_that_its_answers_tell() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let mut busy = app.program(acme);
    let first = busy.get("/v1/whoami").await;
    assert_eq!(first.header("ratelimit-limit"), "300");
    assert_eq!(first.header("ratelimit-remaining"), "299");
    for _ in 0..299 {
        busy.get("/v1/nothing-here").await;
        busy.get("/v1/placements?limit=0").await;
    }
    let refused = busy.get("/v1/whoami").await;
    assert_problem(&refused, 429, "too-many-requests");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit-remaining"), "0");

    assert_eq!(app.program(acme).get("/v1/whoami").await.status, 200);
    app.clock.advance(Duration::seconds(1));
    assert_eq!(busy.get("/v1/whoami").await.status, 200);
}

#[actix_web::test]
async fn what_does_not_fit_is_named_where_it_stands() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let mut program = app.program(acme);
    let path = format!("/v1/placements/{placement}/payment-received");
    for (body, pointer) in [
        (json!({}), "/amount"),
        (json!({"amount": 0}), "/amount"),
        (json!({"amount": -5}), "/amount"),
        (json!({"amount": 0.001}), "/amount"),
        (json!({"amount": "NaN"}), "/amount"),
        (json!({"amount": 1251}), "/amount"),
        (json!({"amount": 1, "paid_at": "2026-05-14"}), "/paid_at"),
        (json!({"amount": 1, "paid_at": "2026-05-12"}), "/paid_at"),
        (json!({"amount": 1, "paid_at": "yesterday"}), "/paid_at"),
        (json!({"amount": 1, "method": "barter"}), "/method"),
        (
            json!({"amount": 1, "reference": "x".repeat(101)}),
            "/reference",
        ),
        (json!({"amount": 1, "amuont": 2}), "/amuont"),
    ] {
        let answer = program.post_json(&path, &body).await;
        let problem = assert_problem(&answer, 422, "invalid");
        assert_eq!(
            problem["errors"][0]["pointer"], pointer,
            "{body}: {problem}"
        );
        assert_eq!(problem["instance"], path.as_str());
    }
    for (kind, body, status, code) in [
        ("application/json", "{\"amount\": 1e9}", 422, "invalid"),
        ("application/json", "{\"amount\":", 400, "bad-request"),
        ("application/json", "", 400, "bad-request"),
        (
            "text/plain",
            "{\"amount\": 1}",
            415,
            "unsupported-media-type",
        ),
        (
            "application/x-www-form-urlencoded",
            "amount=1",
            415,
            "unsupported-media-type",
        ),
    ] {
        let answer = raw(&mut program, &path, kind, body).await;
        assert_problem(&answer, status, code);
    }
    let long = format!("{{\"note\": \"{}\"}}", "x".repeat(70_000));
    let answer = raw(&mut program, &path, "application/json", &long).await;
    assert_problem(&answer, 413, "too-large");
    let payments = program
        .get(&format!("/v1/placements/{placement}/payments"))
        .await;
    assert_eq!(payments.json()["total"], 0);
}

#[actix_web::test]
async fn what_does_not_fit_is_told_in_plain_words_with_the_member() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let mut program = app.program(acme);
    let check = "/v1/gate/check".to_owned();
    let pause = format!("/v1/placements/{placement}/pause");
    for (path, body, detail) in [
        (
            &check,
            json!({"placement_id": placement, "channel": "telegram"}),
            "channel: Use one of call, ",
        ),
        (
            &check,
            json!({"placement_id": placement}),
            "channel: This is missing.",
        ),
        (
            &check,
            json!({"placement_id": placement, "channel": "call", "at": "2026-06-01"}),
            "at: Use a date and time with an offset",
        ),
        (
            &pause,
            json!({"until_on": "2026-06"}),
            "until_on: Use a date such as 2026-05-13.",
        ),
        (&pause, json!({"until_on": true}), "until_on: Use text."),
    ] {
        let problem = assert_problem(&program.post_json(path, &body).await, 422, "invalid");
        let told = problem["detail"].as_str().unwrap();
        assert!(told.starts_with(detail), "{body}: {told}");
    }
    let cut_short = raw(&mut program, &check, "application/json", "{\"channel\":").await;
    let problem = assert_problem(&cut_short, 400, "bad-request");
    assert_eq!(
        problem["detail"],
        "The body isn\u{2019}t JSON: it ends before it is complete."
    );
}

#[actix_web::test]
async fn a_recall_needs_no_body_and_a_second_one_changes_nothing() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let mut program = app.program(acme);
    let path = format!("/v1/placements/{placement}/recall");
    let first = program.send(TestRequest::post().uri(&path)).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let first = first.json();
    assert_eq!(first["status"], "recalled");
    assert_eq!(first["outreach_state"], "closed");
    assert_eq!(first["resolved_at"], app.now().to_rfc3339());
    assert_eq!(first["already_recalled"], false);

    app.clock.advance(Duration::minutes(1));
    let again = program
        .post_json(&path, &json!({"reason": "forgiven", "note": "At last"}))
        .await
        .json();
    assert_eq!(again["already_recalled"], true);
    assert_eq!(again["recall_reason"], Value::Null);
    assert_eq!(again["resolved_at"], first["resolved_at"]);

    let audit = program
        .get(&format!(
            "/v1/placements/{placement}/audit?event_type=placement.recalled"
        ))
        .await
        .json();
    let events = audit["events"].as_array().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(
        events[0]["details"]["sequences_paused"],
        first["sequences_paused"]
    );
    assert!(events[0]["actor"].as_str().unwrap().starts_with("key:"));

    let bad = program.post_json(&path, &json!({"reason": "bored"})).await;
    let problem = assert_problem(&bad, 422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/reason");
}

#[actix_web::test]
async fn a_recall_is_taken_back_within_seven_days_and_not_later() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |_| ());
    let mut program = app.program(acme);
    let path = |what: &str| format!("/v1/placements/{placement}/{what}");
    let early = program
        .send(TestRequest::post().uri(&path("unrecall")))
        .await;
    assert_problem(&early, 409, "conflict");
    program.send(TestRequest::post().uri(&path("recall"))).await;
    app.clock.advance(Duration::days(6));
    let undone = program
        .send(TestRequest::post().uri(&path("unrecall")))
        .await;
    assert_eq!(undone.json()["status"], "ready", "{}", undone.body);

    program.send(TestRequest::post().uri(&path("recall"))).await;
    app.clock.advance(Duration::days(7));
    let late = program
        .send(TestRequest::post().uri(&path("unrecall")))
        .await;
    assert_problem(&late, 409, "conflict");
}

#[actix_web::test]
async fn alerts_are_worked_by_staff_keys_and_by_no_other() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |row| row.debtor.facts.deceased = true);
    let alert = refuse_a_call(&app, acme, placement);
    let mut own = app.program(acme);
    assert_problem(&own.get("/v1/alerts").await, 403, "forbidden");
    let path = format!("/v1/alerts/{alert}/acknowledge");
    assert_problem(&own.post_json(&path, &json!({})).await, 403, "forbidden");

    let mut staff = app.staff_program();
    let list = staff
        .get("/v1/alerts?status=active&severity=critical")
        .await
        .json();
    assert_eq!(ids(&list), [alert.as_str()]);
    let seen = staff.send(TestRequest::post().uri(&path)).await.json();
    assert_eq!(seen["status"], "acknowledged");
    let path = format!("/v1/alerts/{alert}/resolve");
    assert_problem(&staff.post_json(&path, &json!({})).await, 422, "invalid");
    let stale = json!({"note": "Looked into", "version": 1});
    assert_problem(&staff.post_json(&path, &stale).await, 409, "conflict");
    let done = staff
        .post_json(&path, &json!({"note": "Looked into"}))
        .await
        .json();
    assert_eq!(
        (&done["status"], &done["resolve_note"]),
        (&json!("resolved"), &json!("Looked into"))
    );
    assert_problem(&staff.get("/v1/alerts?status=open").await, 422, "invalid");
}

/// Has the scheduler try a call that is refused, and returns the alert that this raised.
fn refuse_a_call(app: &TestApp, creditor: CreditorId, placement: PlacementId) -> AlertId {
    let hand_off = HandOff {
        creditor,
        debtor: app.debtor_of(placement),
        placement,
        attempt: Attempt::new(app.now(), Channel::Call, placement.as_str()),
        origin: Origin::Call(CallId::generate(app.now())),
    };
    let answer = authorize::authorize(&app.ctx, &Actor::System("worker"), &hand_off).unwrap();
    assert!(matches!(answer, Authorised::Refused(_)), "{answer:?}");
    let filter = alert_list::Filter::default();
    let alerts = app.rows(|conn| {
        alert_list::page(
            conn,
            Scope::Agency,
            &filter,
            alert_list::Order::NewestFirst,
            0,
            1,
        )
    });
    alerts.first().unwrap().alert.id
}

#[actix_web::test]
async fn payments_add_up_until_the_placement_is_paid() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |row| row.amount = Cents::new(100_000));
    let mut program = app.program(acme);
    let path = format!("/v1/placements/{placement}/payment-received");
    let first = program
        .post_json(
            &path,
            &json!({"amount": "333.35", "method": "wire", "reference": "W-1"}),
        )
        .await;
    assert_eq!(first.status, 200, "{}", first.body);
    let first = first.json();
    assert_eq!(first["payment"]["amount"], "333.35");
    assert_eq!(first["payment"]["fee_amount"], "83.34");
    assert_eq!(first["remaining_amount"], "666.65");
    assert_eq!(first["paid_in_full"], false);
    app.clock.advance(Duration::minutes(1));

    let last = program
        .post_json(&path, &json!({"amount": 666.65}))
        .await
        .json();
    assert_eq!(last["paid_in_full"], true);
    assert_eq!(last["status"], "paid");
    assert_eq!(last["recovered_amount"], "1000.00");
    let more = program.post_json(&path, &json!({"amount": 1})).await;
    let problem = assert_problem(&more, 409, "conflict");
    assert!(problem["detail"].as_str().unwrap().contains("paid"));

    let payments = program
        .get(&format!(
            "/v1/placements/{placement}/payments?limit=1&offset=1"
        ))
        .await
        .json();
    assert_eq!(payments["total"], 2);
    assert_eq!(payments["items"][0]["reference"], "W-1");
}

#[actix_web::test]
async fn placements_are_found_filtered_sorted_and_paged() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let mut placed = Vec::new();
    for (name, amount) in [("Zoe 100% Ltd", 300), ("Amber_Works", 200), ("Brook", 100)] {
        placed.push(app.place(acme, |row| {
            row.debtor.name = name.to_owned();
            row.amount = Cents::new(amount);
        }));
        app.clock.advance(Duration::minutes(1));
    }
    let [zoe, amber, brook] = placed[..] else {
        panic!("{placed:?}")
    };
    let mut program = app.program(acme);
    for (query, expected) in [
        ("", vec![brook, amber, zoe]),
        ("?sort=placed_at", vec![zoe, amber, brook]),
        ("?sort=-invoice_amount&limit=2", vec![zoe, amber]),
        ("?sort=-invoice_amount&limit=2&offset=2", vec![brook]),
        ("?q=amber_w", vec![amber]),
        ("?q=100%25", vec![zoe]),
        ("?q=_", vec![amber]),
        ("?q=nobody", vec![]),
        ("?status=paid,recalled", vec![]),
    ] {
        let page = program.get(&format!("/v1/placements{query}")).await.json();
        let expected: Vec<&str> = expected.iter().map(|id| id.as_str()).collect();
        assert_eq!(ids(&page), expected, "{query}");
    }
    let page = program.get("/v1/placements?limit=1").await.json();
    assert_eq!((&page["total"], &page["limit"]), (&json!(3), &json!(1)));

    let answer = program
        .get("/v1/placements?sort=name&limit=101&colour=red")
        .await;
    let problem = assert_problem(&answer, 422, "invalid");
    let named: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["parameter"].as_str().unwrap())
        .collect();
    assert_eq!(named, ["limit", "sort", "colour"]);
}

#[actix_web::test]
async fn a_program_that_was_away_catches_up_without_passing_anything_over() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let before = app.now();
    app.clock.advance(Duration::minutes(1));
    // Two at the same instant.
    let mut placed = [app.place(acme, |_| ()), app.place(acme, |_| ())];
    placed.sort();
    let mut program = app.program(acme);
    let mut seen = Vec::new();
    let mut query = format!("updated_since={before}");
    loop {
        let page = program
            .get(&format!("/v1/placements?limit=1&{query}"))
            .await
            .json();
        let Some(last) = page["items"].as_array().unwrap().last() else {
            break;
        };
        let id = last["id"].as_str().unwrap().to_owned();
        query = format!(
            "updated_since={}&after_id={id}",
            last["updated_at"].as_str().unwrap()
        );
        seen.push(id);
    }
    let placed: Vec<_> = placed.iter().map(|id| id.to_string()).collect();
    assert_eq!(seen, placed);

    let alone = program
        .get(&format!("/v1/placements?after_id={}", placed[0]))
        .await;
    assert_problem(&alone, 422, "invalid");
}

#[actix_web::test]
async fn one_account_is_placed_and_the_same_invoice_is_not_placed_twice() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let mut program = app.program(acme);
    let body = json!({
        "invoice_amount": "7500.00",
        "invoice_number": "INV-4411",
        "invoice_date": "2026-01-01",
        "due_date": "2026-02-01",
        "debtor": {
            "company_name": "Acme Freight",
            "primary_email": "AP@acme.example",
            "primary_phone": "(614) 555-0143",
            "state": "OH",
            "city": "Columbus",
            "zip": "43004",
            "external_debtor_ref": "C-77",
        },
    });
    let created = program.post_json("/v1/placements", &body).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let created = created.json();
    assert_eq!(created["debtor"]["company_name"], "Acme Freight");
    assert_eq!(created["debtor"]["kind"], "business");
    assert_eq!(created["contact"]["primary_phone"], "+16145550143");
    assert_eq!(created["contact"]["primary_email"], "ap@acme.example");
    assert_eq!(created["days_past_due"], 101);
    let id = created["id"].as_str().unwrap();
    let shown = program.get(&format!("/v1/placements/{id}")).await.json();
    assert_eq!(shown["invoice_amount"], "7500.00");

    let again = program.post_json("/v1/placements", &body).await;
    let problem = assert_problem(&again, 409, "duplicate_invoice");
    assert!(problem["detail"].as_str().unwrap().contains(id));

    let bad = json!({
        "invoice_amount": 0,
        "invoice_number": " ",
        "debtor": {"company_name": "A", "name": "B"},
    });
    let problem = assert_problem(
        &program.post_json("/v1/placements", &bad).await,
        422,
        "invalid",
    );
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        pointers,
        ["/invoice_number", "/invoice_amount", "/debtor/name"]
    );
    for (member, value) in [
        ("state", "XX"),
        ("zip", "1"),
        ("primary_phone", "12"),
        ("primary_email", "x"),
    ] {
        let mut wrong = body.clone();
        wrong["debtor"][member] = json!(value);
        let answer = program.post_json("/v1/placements", &wrong).await;
        let problem = assert_problem(&answer, 422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], format!("/debtor/{member}"));
    }
}

#[actix_web::test]
async fn the_gate_answers_with_reasons_and_contacts_nobody() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |row| {
        row.debtor.facts.cease = Some(Cease::default());
    });
    let mut program = app.program(acme);
    let question = json!({"placement_id": placement, "channel": "call", "initiator": "automated"});
    let answer = program.post_json("/v1/gate/check", &question).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer = answer.json();
    assert_eq!(answer["allowed"], false);
    assert_eq!(answer["outcome"], "refuse");
    assert_eq!(answer["findings"][0]["rule"], "cease");
    assert_eq!(answer["earliest_lawful_at"], Value::Null);

    let kept = program
        .get(&format!(
            "/v1/decisions/{}",
            answer["decision_id"].as_str().unwrap()
        ))
        .await
        .json();
    assert_eq!(kept, answer);
    let list = program
        .get(&format!("/v1/placements/{placement}/decisions"))
        .await
        .json();
    assert_eq!(list["total"], 1);
    assert_eq!(list["items"][0]["occasion"], "check");
    let contacts = program
        .get(&format!("/v1/placements/{placement}/contacts"))
        .await
        .json();
    assert_eq!(contacts["total"], 0);
    let shown = program
        .get(&format!("/v1/placements/{placement}"))
        .await
        .json();
    assert_eq!(shown["outreach_state"], "blocked");
    let stops = shown["stops"].as_array().unwrap();
    assert!(
        stops.iter().any(|stop| stop["kind"] == "cease"),
        "{stops:?}"
    );
}

#[actix_web::test]
async fn a_question_without_a_number_is_answered_for_the_one_that_is_free_first() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let listed = "+15185550199";
    let placement = app.place(acme, |row| {
        row.debtor.phones = vec![phone(listed), phone("518-555-0198")];
    });
    app.ctx
        .db
        .write(|conn| {
            diesel::insert_into(dnc_entries::table)
                .values((
                    dnc_entries::number.eq(listed.parse::<PhoneNumber>().unwrap()),
                    dnc_entries::scope.eq("agency"),
                    dnc_entries::source.eq("federal"),
                    dnc_entries::added_on.eq("2026-01-02".parse::<NaiveDate>().unwrap()),
                ))
                .execute(conn)
                .map_err(DbError::from)
        })
        .unwrap();
    let mut program = app.program(acme);
    let question = json!({"placement_id": placement, "channel": "call"});
    let free = program.post_json("/v1/gate/check", &question).await.json();
    assert_eq!(free["phone"], "+15185550198", "{free}");
    assert_eq!(free["allowed"], true, "{free}");
    // What the question names stands.
    let mut named = question;
    named["phone"] = json!(listed);
    let refused = program.post_json("/v1/gate/check", &named).await.json();
    assert_eq!(refused["phone"], listed);
    assert_eq!(refused["allowed"], false, "{refused}");
    let letter = json!({"placement_id": placement, "channel": "letter"});
    let letter = program.post_json("/v1/gate/check", &letter).await.json();
    assert_eq!(letter["phone"], Value::Null);
}

#[actix_web::test]
async fn a_creditor_is_not_told_of_the_debtors_private_affairs() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |row| row.debtor.facts.deceased = true);
    let question = json!({"placement_id": placement, "channel": "call"});
    let mut program = app.program(acme);
    let told = program.post_json("/v1/gate/check", &question).await;
    assert_eq!(told.json()["allowed"], false);
    told.assert_lacks("deceased");
    program
        .get(&format!("/v1/placements/{placement}"))
        .await
        .assert_lacks("deceased");
    let mut staff = app.staff_program();
    let told = staff.post_json("/v1/gate/check", &question).await;
    told.assert_contains("deceased");
    assert!(
        !told.json()["findings"][0]["evidence"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[actix_web::test]
async fn the_trail_is_read_page_by_page_and_its_chain_verifies() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let placement = app.place(acme, |row| row.amount = Cents::new(1_000));
    let mut program = app.program(acme);
    for _ in 0..3 {
        app.clock.advance(Duration::minutes(1));
        program
            .post_json(
                &format!("/v1/placements/{placement}/payment-received"),
                &json!({"amount": 1}),
            )
            .await;
    }
    let path = format!("/v1/placements/{placement}/audit");
    let whole = program
        .get(&format!("{path}?view=full&limit=100"))
        .await
        .json();
    let whole: Vec<i64> = seqs(&whole);
    assert!(whole.len() >= 4, "{whole:?}");
    assert!(whole.is_sorted_by(|one, other| one > other), "{whole:?}");

    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = program
            .get(&format!("{path}?view=full&limit=2{cursor}"))
            .await
            .json();
        seen.extend(seqs(&page));
        let Some(next) = page["pagination"]["next_cursor"].as_str() else {
            assert_eq!(page["pagination"]["has_more"], false);
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, whole);

    let by_program = program
        .get(&format!("{path}?actor=key&event_type=payment.received"))
        .await
        .json();
    assert_eq!(seqs(&by_program).len(), 3);
    let later = app.now().plus(Duration::hours(1));
    let none = program.get(&format!("{path}?since={later}")).await.json();
    assert_eq!(seqs(&none).len(), 0);

    let verified = program.get("/v1/audit/verify").await.json();
    assert_eq!(verified["ok"], true);
    assert!(verified["length"].as_i64().unwrap() >= 4);
}

fn seqs(page: &Value) -> Vec<i64> {
    let events = page["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["seq"].as_i64().unwrap())
        .collect()
}

#[actix_web::test]
async fn what_the_public_client_knows_and_forbear_does_not_do_is_said_plainly() {
    let app = TestApp::start().await;
    let acme = app.creditor("Acme");
    let mut program = app.program(acme);
    for known in not_done::PATHS {
        let path = known
            .path
            .replace("{*}", "creditors")
            .split('/')
            .map(|step| if step.starts_with('{') { "7" } else { step })
            .collect::<Vec<_>>()
            .join("/");
        let request = || TestRequest::with_uri(&path).method(known.method.clone());
        let answer = program.send(request()).await;
        let problem = assert_problem(&answer, 501, "not-implemented");
        assert!(problem["detail"].as_str().unwrap().ends_with('.'));
        let stranger = app.anonymous().send(request()).await;
        assert_problem(&stranger, 401, "unauthenticated");
        app.clock.advance(Duration::seconds(1));
    }
    assert_problem(&program.get("/v1/nothing").await, 404, "not-found");
}

#[actix_web::test]
async fn the_description_names_every_operation() {
    let app = TestApp::start().await;
    let document = app.anonymous().get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, method) in [
        ("/v1/placements", "get"),
        ("/v1/placements", "post"),
        ("/v1/placements/{id}/recall", "post"),
        ("/v1/gate/check", "post"),
    ] {
        assert!(
            document["paths"][path][method].is_object(),
            "{method} {path}"
        );
    }
    let health = app.anonymous().get("/health/deep").await.json();
    assert_eq!(health, json!({"status": "ok", "database": "ok"}));
}
