//! What debtors write back: read, obeyed or held, and decided.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use forbear::db::schema::{
    audit_events, calls, contacts, disputes, email_sequences, emails, flags, holds,
    inbound_attachments, inbound_messages, placements, stop_requests, tasks,
};
use forbear::domain::access::Role;
use forbear::domain::id::{DebtorId, EventId, PlacementId};
use forbear::domain::placement::PlacementStatus;
use forbear::domain::stop::FlagKind;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const PASSES: &str = "DKIM_SIGNED,DKIM_VALID,DKIM_VALID_AU,SPF_PASS";

/// A debtor's account and the way to write about it.
struct Account {
    placement: PlacementId,
    debtor: DebtorId,
    address: String,
    reply_to: String,
}

fn account(app: &TestApp) -> Account {
    let creditor = app.creditor("Cedar Harbor");
    let placement = app.place(creditor, |_| {});
    let debtor = app.debtor_of(placement);
    let address = app.rows(|conn| {
        emails::table
            .filter(emails::debtor_id.eq(debtor))
            .select(emails::address)
            .first(conn)
    });
    Account {
        placement,
        debtor,
        address,
        reply_to: forbear::actions::mail_tokens::reply_address(&app.ctx, placement).to_string(),
    }
}

/// A message as the provider hands it over.
fn message(id: &str, from: &str, to: &str, text: &str, dkim: &str) -> Value {
    json!({
        "MessageID": id,
        "From": format!("Dana <{from}>"),
        "FromFull": {"Email": from, "Name": "Dana", "MailboxHash": ""},
        "ToFull": [{"Email": to, "Name": "", "MailboxHash": ""}],
        "OriginalRecipient": to,
        "Subject": "Re: A message for you",
        "TextBody": text,
        "HtmlBody": "",
        "Headers": [{"Name": "X-Spam-Tests", "Value": dkim}],
        "Attachments": [],
        "SomethingNew": {"x": 1},
    })
}

async fn hand_over(app: &TestApp, message: &Value) -> Answer {
    let mut provider = app.anonymous();
    provider.set_header("sec-fetch-site", "");
    let secret = STANDARD.encode("postmark:a secret for the tests");
    provider.set_header("authorization", &format!("Basic {secret}"));
    provider.post_json("/hooks/email/inbound", message).await
}

/// The debtor answers our mail: known, signed, by the tagged address.
async fn answer(app: &TestApp, account: &Account, text: &str) -> Value {
    let mail = message(
        &format!("m-{}", forbear::keys::random_code(8).unwrap()),
        &account.address,
        &account.reply_to,
        text,
        PASSES,
    );
    let answer = hand_over(app, &mail).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// Flags in force, the series' status and cause, and the planned calls.
fn state(app: &TestApp, account: &Account) -> (Vec<FlagKind>, String, Option<String>, i64) {
    app.rows(|conn| {
        let mut kinds: Vec<FlagKind> = flags::table
            .filter(flags::debtor_id.eq(account.debtor))
            .filter(flags::lifted_at.is_null())
            .order(flags::kind)
            .select(flags::kind)
            .load(conn)?;
        kinds.dedup();
        let (status, cause) = email_sequences::table
            .filter(email_sequences::placement_id.eq(account.placement))
            .select((email_sequences::status, email_sequences::pause_cause))
            .first(conn)?;
        let planned = calls::table
            .filter(calls::debtor_id.eq(account.debtor))
            .filter(calls::status.eq("planned"))
            .count()
            .get_result(conn)?;
        Ok((kinds, status, cause, planned))
    })
}

fn holds_in_force(app: &TestApp, account: &Account) -> i64 {
    app.rows(|conn| {
        holds::table
            .filter(holds::placement_id.eq(account.placement))
            .filter(holds::lifted_at.is_null())
            .count()
            .get_result(conn)
    })
}

#[actix_web::test]
async fn only_who_says_the_secret_hands_us_mail() {
    let app = TestApp::start().await;
    let account = account(&app);
    let mail = message("m-1", &account.address, &account.reply_to, "stop", PASSES);
    let mut stranger = app.anonymous();
    assert_eq!(
        stranger
            .post_json("/hooks/email/inbound", &mail)
            .await
            .status,
        401
    );
    let wrong = STANDARD.encode("postmark:a secret for the testz");
    stranger.set_header("authorization", &format!("Basic {wrong}"));
    assert_eq!(
        stranger
            .post_json("/hooks/email/inbound", &mail)
            .await
            .status,
        401
    );
    let kept: i64 = app.rows(|conn| inbound_messages::table.count().get_result(conn));
    assert_eq!(kept, 0);
    // Without an id it can't be taken once.
    let mut nameless = mail.clone();
    nameless["MessageID"] = json!("");
    assert_eq!(hand_over(&app, &nameless).await.status, 422);
    assert_eq!(hand_over(&app, &json!([1])).await.status, 422);
}

#[actix_web::test]
async fn a_cease_of_everything_stops_everything_at_once() {
    let app = TestApp::start().await;
    let account = account(&app);
    let done = answer(&app, &account, "Do not contact me again.\n\n> Please pay").await;
    assert_eq!(done["status"], "acted");
    let (kinds, status, cause, planned) = state(&app, &account);
    assert!(kinds.contains(&FlagKind::CallOptOut) && kinds.contains(&FlagKind::EmailOptOut));
    assert_eq!(
        (status.as_str(), cause.as_deref()),
        ("paused_opt_out", Some("debtor_stop"))
    );
    assert_eq!(planned, 0);
    assert_eq!(holds_in_force(&app, &account), 0);
    // One chain of events: the message, the request, the opt-outs.
    let (received, requested): (EventId, (EventId, Option<EventId>)) = app.rows(|conn| {
        Ok((
            audit_events::table
                .filter(audit_events::kind.eq("reply.received"))
                .select(audit_events::id)
                .first(conn)?,
            audit_events::table
                .filter(audit_events::kind.eq("debtor.stop_requested"))
                .select((audit_events::id, audit_events::cause))
                .first(conn)?,
        ))
    });
    assert_eq!(requested.1, Some(received));
    let opt_outs: Vec<Option<EventId>> = app.rows(|conn| {
        audit_events::table
            .filter(
                audit_events::kind.eq_any(["debtor.call_opt_out_set", "debtor.email_opt_out_set"]),
            )
            .select(audit_events::cause)
            .load(conn)
    });
    assert_eq!(opt_outs, [Some(requested.0), Some(requested.0)]);
    let verified: bool = app.rows(|conn| {
        stop_requests::table
            .select(stop_requests::verified)
            .first(conn)
    });
    assert!(verified);
}

#[actix_web::test]
async fn unsubscribing_by_answer_leaves_calls_open() {
    let app = TestApp::start().await;
    let account = account(&app);
    assert_eq!(answer(&app, &account, "STOP").await["status"], "acted");
    let (kinds, status, _, planned) = state(&app, &account);
    assert_eq!(kinds, [FlagKind::EmailOptOut]);
    assert_eq!(status, "paused_opt_out");
    assert_eq!(planned, 1);
}

#[actix_web::test]
async fn a_stop_of_calls_pauses_emails_and_cancels_calls() {
    let app = TestApp::start().await;
    let account = account(&app);
    assert_eq!(
        answer(&app, &account, "Stop calling me.").await["status"],
        "acted"
    );
    let (kinds, status, cause, planned) = state(&app, &account);
    assert_eq!(kinds, [FlagKind::CallOptOut]);
    assert_eq!(
        (status.as_str(), cause.as_deref()),
        ("paused", Some("call_stop"))
    );
    assert_eq!(planned, 0);
}

#[actix_web::test]
async fn a_dispute_is_opened_in_writing_and_pauses_the_account() {
    let app = TestApp::start().await;
    let account = account(&app);
    assert_eq!(
        answer(&app, &account, "I dispute this debt.").await["status"],
        "acted"
    );
    let (status, (in_writing, details)): (PlacementStatus, (bool, Option<String>)) =
        app.rows(|conn| {
            Ok((
                placements::table
                    .filter(placements::id.eq(account.placement))
                    .select(placements::status)
                    .first(conn)?,
                disputes::table
                    .filter(disputes::placement_id.eq(account.placement))
                    .select((disputes::in_writing, disputes::details))
                    .first(conn)?,
            ))
        });
    assert_eq!(status, PlacementStatus::Disputed);
    assert!(in_writing);
    assert_eq!(details.as_deref(), Some("I dispute this debt."));
    let (_, status, cause, planned) = state(&app, &account);
    assert_eq!(
        (status.as_str(), cause.as_deref()),
        ("paused", Some("dispute"))
    );
    assert_eq!(planned, 0);
}

#[actix_web::test]
async fn a_lawyer_a_bankruptcy_and_a_death_halt_at_once() {
    for (text, kind, cause) in [
        ("I have a lawyer.", FlagKind::Attorney, "attorney"),
        (
            "I filed for bankruptcy in May.",
            FlagKind::Bankruptcy,
            "bankruptcy",
        ),
        ("My husband passed away.", FlagKind::Deceased, "deceased"),
    ] {
        let app = TestApp::start().await;
        let account = account(&app);
        assert_eq!(
            answer(&app, &account, text).await["status"],
            "acted",
            "{text}"
        );
        let (kinds, status, paused, planned) = state(&app, &account);
        assert_eq!(kinds, [kind], "{text}");
        assert_eq!(
            (status.as_str(), paused.as_deref()),
            ("paused", Some(cause))
        );
        assert_eq!(planned, 0, "{text}");
    }
}

#[actix_web::test]
async fn what_asks_for_nothing_changes_nothing() {
    let app = TestApp::start().await;
    let account = account(&app);
    let before = state(&app, &account);
    let done = answer(
        &app,
        &account,
        "Thanks, I'll pay on Friday.\n\n> reply STOP to end",
    )
    .await;
    assert_eq!(done["status"], "continued");
    assert_eq!(state(&app, &account), before);
    assert_eq!(holds_in_force(&app, &account), 0);
    // It is a contact all the same, and the address is now the debtor's own word.
    let (incoming, used): (i64, i64) = app.rows(|conn| {
        Ok((
            contacts::table
                .filter(contacts::placement_id.eq(account.placement))
                .filter(contacts::direction.eq("in"))
                .count()
                .get_result(conn)?,
            emails::table
                .filter(emails::debtor_id.eq(account.debtor))
                .filter(emails::used_for_debt_at.is_not_null())
                .count()
                .get_result(conn)?,
        ))
    });
    assert_eq!((incoming, used), (1, 1));
}

#[actix_web::test]
async fn a_message_is_taken_once() {
    let app = TestApp::start().await;
    let account = account(&app);
    let mail = message(
        "m-7",
        &account.address,
        &account.reply_to,
        "Stop calling me.",
        PASSES,
    );
    let first = hand_over(&app, &mail).await.json();
    let second = hand_over(&app, &mail).await.json();
    assert_eq!(
        (&first["status"], &second["status"]),
        (&json!("acted"), &json!("acted"))
    );
    assert_eq!(
        (&first["repeated"], &second["repeated"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(first["id"], second["id"]);
    let requests: i64 = app.rows(|conn| stop_requests::table.count().get_result(conn));
    assert_eq!(requests, 1);
}

#[actix_web::test]
async fn who_cannot_prove_to_be_the_debtor_is_held_and_decided_by_a_person() {
    for (name, from_other, dkim) in [
        ("no signature", false, ""),
        ("a bad signature", false, "DKIM_SIGNED,DKIM_INVALID"),
        ("another address", true, PASSES),
    ] {
        let app = TestApp::start().await;
        let account = account(&app);
        let from = if from_other {
            "stranger@else.example"
        } else {
            account.address.as_str()
        };
        let mail = message(
            "m-1",
            from,
            &account.reply_to,
            "Do not contact me again.",
            dkim,
        );
        assert_eq!(
            hand_over(&app, &mail).await.json()["status"],
            "held",
            "{name}"
        );
        let (kinds, status, cause, _) = state(&app, &account);
        assert_eq!(kinds, [], "{name}");
        assert_eq!(
            (status.as_str(), cause.as_deref()),
            ("paused", Some("review")),
            "{name}"
        );
        assert_eq!(holds_in_force(&app, &account), 1, "{name}");

        let mut desk = app.sign_in(Role::Compliance, None).await;
        let list = desk.get("/replies").await;
        list.assert_contains("Do not contact me again.");
        let path = list
            .body
            .split("href=\"/replies/")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .map(|id| format!("/replies/{id}"))
            .unwrap();
        let page = desk.get(&path).await;
        page.assert_contains("Sender on file");
        page.assert_contains("Every account of the debtor, for good.");
        // Nothing chosen, and no reason: said in words, and what was typed stays.
        let wrong = desk.post(&path, &[("note", "Hm."), ("version", "1")]).await;
        assert_eq!(wrong.status, 422);
        wrong.assert_contains("Choose what the message says.");
        let wrong = desk
            .post(
                &path,
                &[("choice", "go_on"), ("note", "Hm."), ("version", "1")],
            )
            .await;
        assert_eq!(wrong.status, 422);
        wrong.assert_contains("Hm.");
        let done = desk
            .post(
                &path,
                &[("choice", "stop_all"), ("note", ""), ("version", "1")],
            )
            .await;
        assert_eq!(done.status, 303, "{}", done.body);
        let (kinds, status, _, planned) = state(&app, &account);
        assert!(kinds.contains(&FlagKind::Cease), "{name} {kinds:?}");
        assert_eq!((status.as_str(), planned), ("paused_opt_out", 0), "{name}");
        assert_eq!(holds_in_force(&app, &account), 0, "{name}");
        let late = desk
            .post(
                &path,
                &[("choice", "go_on"), ("note", "Too late"), ("version", "1")],
            )
            .await;
        assert_eq!(late.status, 409, "{name}");
    }
}

#[actix_web::test]
async fn when_nothing_was_asked_the_series_goes_on() {
    let app = TestApp::start().await;
    let account = account(&app);
    let held = answer(&app, &account, "Maybe I should get a lawyer.").await;
    assert_eq!(held["status"], "held");
    let path = format!("/replies/{}", held["id"].as_str().unwrap());
    let mut desk = app.sign_in(Role::Supervisor, None).await;
    let fields = [
        ("choice", "go_on"),
        ("note", "Only thinking about it"),
        ("version", "1"),
    ];
    assert_eq!(desk.post(&path, &fields).await.status, 303);
    let (kinds, status, cause, _) = state(&app, &account);
    assert_eq!((kinds, status.as_str(), cause), (vec![], "active", None));
    assert_eq!(holds_in_force(&app, &account), 0);
    // Creditors and agents have no such page.
    for (role, creditor) in [
        (Role::CreditorAdmin, Some("Cedar Harbor")),
        (Role::Agent, None),
    ] {
        let mut other = app.sign_in(role, creditor).await;
        assert_eq!(other.get("/replies").await.status, 403);
        assert_eq!(other.get(&path).await.status, 403);
    }
}

#[actix_web::test]
async fn what_only_a_person_can_settle_is_held_even_from_the_debtor() {
    for text in [
        "I already paid this.",
        "Send me proof.",
        "Please don't call me at work.",
        "You have the wrong person.",
        "> quoted and nothing else",
    ] {
        let app = TestApp::start().await;
        let account = account(&app);
        assert_eq!(
            answer(&app, &account, text).await["status"],
            "held",
            "{text}"
        );
        assert_eq!(holds_in_force(&app, &account), 1, "{text}");
    }
}

#[actix_web::test]
async fn a_dispute_without_the_answer_address_is_held() {
    let app = TestApp::start().await;
    let account = account(&app);
    let to = "replies@forbear.example";
    let mail = message("m-1", &account.address, to, "I dispute this debt.", PASSES);
    assert_eq!(hand_over(&app, &mail).await.json()["status"], "held");
    // A stop from the same address stands at once.
    let mail = message("m-2", &account.address, to, "Stop emailing me.", PASSES);
    assert_eq!(hand_over(&app, &mail).await.json()["status"], "acted");
    assert_eq!(state(&app, &account).0, [FlagKind::EmailOptOut]);
    assert_eq!(holds_in_force(&app, &account), 1, "the dispute still waits");
}

#[actix_web::test]
async fn programs_are_not_answered_and_change_nothing() {
    let app = TestApp::start().await;
    let account = account(&app);
    let before = state(&app, &account);
    for (number, (name, value)) in [
        ("Auto-Submitted", "auto-replied"),
        ("Precedence", "bulk"),
        ("Return-Path", "<>"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut mail = message(
            &format!("m-{number}"),
            &account.address,
            &account.reply_to,
            "I am out of office. To stop, unsubscribe.",
            PASSES,
        );
        mail["Headers"]
            .as_array_mut()
            .unwrap()
            .push(json!({"Name": name, "Value": value}));
        assert_eq!(
            hand_over(&app, &mail).await.json()["status"],
            "ignored",
            "{name}"
        );
    }
    let mail = message(
        "m-9",
        "contact@forbear.example",
        &account.reply_to,
        "stop",
        PASSES,
    );
    assert_eq!(hand_over(&app, &mail).await.json()["status"], "ignored");
    assert_eq!(state(&app, &account), before);
}

#[actix_web::test]
async fn a_message_from_nobody_we_know_waits_for_a_person_and_stops_nobody() {
    let app = TestApp::start().await;
    let account = account(&app);
    let before = state(&app, &account);
    let mail = message(
        "m-1",
        "who@else.example",
        "replies@forbear.example",
        "Stop calling me",
        PASSES,
    );
    assert_eq!(hand_over(&app, &mail).await.json()["status"], "held");
    assert_eq!(state(&app, &account), before);
    let task: String = app.rows(|conn| {
        tasks::table
            .filter(tasks::kind.eq("reply_unmatched"))
            .select(tasks::kind)
            .first(conn)
    });
    assert_eq!(task, "reply_unmatched");
    // A forged answer address names nobody.
    let forged = format!("replies+{}@forbear.example", "0".repeat(48));
    let mail = message(
        "m-2",
        "who@else.example",
        &forged,
        "Stop calling me",
        PASSES,
    );
    assert_eq!(hand_over(&app, &mail).await.json()["status"], "held");
    assert_eq!(state(&app, &account), before);
}

#[actix_web::test]
async fn files_are_kept_by_what_they_are_and_card_numbers_are_not() {
    let app = TestApp::start().await;
    let account = account(&app);
    let mut mail = message(
        "m-1",
        &account.address,
        &account.reply_to,
        "Use my card 4242 4242 4242 4242 on Friday <b>please</b>.",
        PASSES,
    );
    mail["Attachments"] = json!([
        {"Name": "../letter.pdf", "Content": STANDARD.encode(b"%PDF-1.7 x"), "ContentType": "application/pdf", "ContentLength": 10},
        {"Name": "letter.pdf", "Content": STANDARD.encode(b"<html>stop"), "ContentType": "application/pdf", "ContentLength": 10},
    ]);
    let done = hand_over(&app, &mail).await.json();
    let files: Vec<(String, String, i32)> = app.rows(|conn| {
        inbound_attachments::table
            .order(inbound_attachments::kind)
            .select((
                inbound_attachments::name,
                inbound_attachments::kind,
                inbound_attachments::size,
            ))
            .load(conn)
    });
    assert_eq!(
        files,
        [
            ("letter.pdf".to_owned(), "pdf".to_owned(), 10),
            ("letter.pdf".to_owned(), "unknown".to_owned(), 10),
        ]
    );
    let (body, raw): (String, String) = app.rows(|conn| {
        inbound_messages::table
            .select((inbound_messages::body, inbound_messages::raw))
            .first(conn)
    });
    for text in [&body, &raw] {
        assert!(!text.contains("4242 4242"), "{text}");
        assert!(!text.contains("JVBERi"), "{text}");
    }
    let mut desk = app.sign_in(Role::Compliance, None).await;
    let page = desk
        .get(&format!("/replies/{}", done["id"].as_str().unwrap()))
        .await;
    page.assert_contains("ending in 4242");
    page.assert_contains("&#60;b&#62;please");
}

#[actix_web::test]
async fn a_bounce_ends_an_address_and_a_complaint_ends_emails() {
    let app = TestApp::start().await;
    let account = account(&app);
    let mut provider = app.anonymous();
    let secret = STANDARD.encode("postmark:a secret for the tests");
    provider.set_header("authorization", &format!("Basic {secret}"));
    let soft = json!({"RecordType": "Bounce", "Type": "SoftBounce", "Email": account.address});
    assert_eq!(
        provider
            .post_json("/hooks/email/events", &soft)
            .await
            .json()["debtors"],
        0
    );
    let hard = json!({"RecordType": "Bounce", "Type": "HardBounce", "Email": account.address.to_uppercase()});
    assert_eq!(
        provider
            .post_json("/hooks/email/events", &hard)
            .await
            .json()["debtors"],
        1
    );
    assert_eq!(state(&app, &account).0, []);
    let spam = json!({"RecordType": "SpamComplaint", "Email": account.address});
    for _ in 0..2 {
        assert_eq!(
            provider
                .post_json("/hooks/email/events", &spam)
                .await
                .json()["debtors"],
            1
        );
    }
    let (kinds, status, _, planned) = state(&app, &account);
    assert_eq!(kinds, [FlagKind::EmailOptOut]);
    assert_eq!((status.as_str(), planned), ("paused_opt_out", 1));
}
