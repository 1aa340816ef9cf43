//! The policy in force: kept, compared, changed for every process, and replayed after it changed.

use diesel::prelude::*;
use forbear::actions::ctx::Ctx;
use forbear::actions::decisions::{self, Subject};
use forbear::actions::{policies, replay};
use forbear::db::schema::{audit_events, policies as kept, policy_activations};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::DecisionId;
use forbear::error::AppError;
use forbear::gate::policy::PolicySource;
use forbear::gate::{Attempt, Channel, Decision, Policy, RuleId};
use forbear::policies::Policies;
use serde_json::json;

use crate::support::TestApp;

/// The program's policy, except that New York allows no voicemail.
fn stricter() -> PolicySource {
    let mut source = Policy::builtin().source();
    let mut states: serde_json::Value = serde_json::from_str(&source.states).unwrap();
    let value = "/states/NY/voicemail_disclosure_allowed/0/value";
    *states.pointer_mut(value).unwrap() = json!(false);
    source.states = states.to_string();
    source
}

/// A second process on the same database.
fn another_process(app: &TestApp) -> Ctx {
    Ctx {
        policies: Policies::new(Policy::builtin()),
        process: "another".into(),
        ..app.ctx.clone()
    }
}

/// Asks for a voicemail to a debtor in Albany.
fn ask(app: &TestApp, ctx: &Ctx) -> (DecisionId, Decision) {
    let creditor = app.creditor(&forbear::keys::random_code(8).unwrap());
    let placement = app.place(creditor, |_| ());
    let subject = Subject {
        creditor,
        debtor: app.debtor_of(placement),
        placement,
    };
    let mut attempt = Attempt::new(app.now(), Channel::Voicemail, placement.as_str());
    attempt.content = Some(Box::default());
    decisions::check(ctx, &Actor::System("worker"), subject, &attempt).unwrap()
}

fn is_barred(decision: &Decision) -> bool {
    decision.finding(RuleId::VoicemailNotAllowed).is_some()
}

fn activations(app: &TestApp) -> i64 {
    app.rows(|conn| policy_activations::table.count().get_result(conn))
}

#[actix_web::test]
async fn a_newer_policy_takes_effect_for_the_next_decision_of_every_process() {
    let app = TestApp::start().await;
    let other = another_process(&app);
    policies::open(&app.ctx).unwrap();
    policies::open(&other).unwrap();
    assert_eq!(activations(&app), 1, "the program's own, once");
    assert!(!is_barred(&ask(&app, &other).1));

    let actor = Actor::System("cli");
    let policy = policies::propose(&app.ctx, &actor, &stricter()).unwrap();
    assert!(!is_barred(&ask(&app, &other).1), "kept is not in force");
    let version = policy.version().to_string();
    policies::activate(&app.ctx, &actor, &version, 1).unwrap();
    for ctx in [&app.ctx, &other] {
        let (_, decision) = ask(&app, ctx);
        assert!(is_barred(&decision));
        assert_eq!(decision.policy_version, policy.version());
    }
    // A start of the program doesn't put its own policy back.
    policies::open(&another_process(&app)).unwrap();
    assert!(is_barred(&ask(&app, &another_process(&app)).1));
    assert_eq!(activations(&app), 2);

    let stale = policies::activate(
        &app.ctx,
        &actor,
        &Policy::builtin().version().to_string(),
        1,
    );
    assert!(matches!(stale, Err(AppError::Conflict(_))), "{stale:?}");
    let events: i64 = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("policy.activated"))
            .count()
            .get_result(conn)
    });
    assert_eq!(events, 2);
}

#[actix_web::test]
async fn two_processes_that_start_at_once_agree_on_one_policy() {
    let app = TestApp::start().await;
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let ctx = another_process(&app);
            std::thread::spawn(move || policies::open(&ctx).unwrap())
        })
        .collect();
    for start in starts {
        start.join().unwrap();
    }
    assert_eq!(activations(&app), 1);
}

#[actix_web::test]
async fn a_policy_in_force_that_cannot_be_read_stops_the_start_and_every_decision() {
    let app = TestApp::start().await;
    policies::open(&app.ctx).unwrap();
    let version = "f".repeat(64);
    let mut source = stricter();
    source.states = "{}".to_owned();
    let content = serde_json::to_string(&source).unwrap();
    app.ctx
        .db
        .write(|conn| -> Result<(), forbear::db::DbError> {
            diesel::insert_into(kept::table)
                .values((
                    kept::version.eq(&version),
                    kept::content.eq(content),
                    kept::activated_by.eq("system:cli"),
                    kept::activated_at.eq(app.now()),
                ))
                .execute(conn)?;
            diesel::insert_into(policy_activations::table)
                .values((
                    policy_activations::seq.eq(2_i64),
                    policy_activations::version.eq(&version),
                    policy_activations::origin.eq("chosen"),
                    policy_activations::activated_by.eq("system:cli"),
                    policy_activations::activated_at.eq(app.now()),
                ))
                .execute(conn)?;
            Ok(())
        })
        .unwrap();
    assert!(policies::open(&another_process(&app)).is_err());
    let read = app.ctx.read(|conn| policies::in_force(&app.ctx, conn));
    assert!(read.is_err());
}

#[actix_web::test]
async fn a_decision_replays_to_the_byte_after_the_policy_changed_and_elsewhere() {
    let app = TestApp::start().await;
    policies::open(&app.ctx).unwrap();
    let (before, _) = ask(&app, &app.ctx);
    let actor = Actor::System("cli");
    let policy = policies::propose(&app.ctx, &actor, &stricter()).unwrap();
    policies::activate(&app.ctx, &actor, &policy.version().to_string(), 1).unwrap();
    let (after, _) = ask(&app, &app.ctx);
    for id in [before, after] {
        let record = replay::load(&app.ctx.db, id).unwrap();
        assert!(replay::replay(&record).unwrap().differences.is_empty());
        // All that another machine needs is in the file.
        let file = serde_json::to_string(&record).unwrap();
        let elsewhere: replay::RecordFile = serde_json::from_str(&file).unwrap();
        let replayed = replay::replay(&elsewhere).unwrap();
        assert_eq!(replayed.decision, record.decision);
    }

    let record = replay::load(&app.ctx.db, before).unwrap();
    let mut other_facts = record.clone();
    other_facts.facts = record.facts.replace("\"NY\"", "\"NJ\"");
    assert_ne!(other_facts.facts, record.facts);
    let found = replay::replay(&other_facts).unwrap().differences;
    assert!(
        found.iter().any(|it| it.path == "/facts_digest"),
        "{found:?}"
    );
    let mut other_answer = record.clone();
    other_answer.decision = record
        .decision
        .replacen("\"outcome\":\"", "\"outcome\":\"x", 1);
    assert!(replay::replay(&other_answer).is_err(), "the digest tells");
    let mut other_policy = record.clone();
    other_policy.policy = stricter();
    assert!(replay::replay(&other_policy).is_err());
    let mut other_program = record;
    other_program.policy.rules_revision += 1;
    other_program.policy_version = policy.version();
    let refusal = replay::replay(&other_program).unwrap_err().to_string();
    assert!(refusal.contains("revision"), "{refusal}");
}

#[actix_web::test]
async fn an_administrator_uploads_compares_and_puts_in_force() {
    let app = TestApp::start().await;
    policies::open(&app.ctx).unwrap();
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    let page = administrator.get("/settings/policy").await;
    page.assert_contains("Policy in force");
    page.assert_contains(&Policy::builtin().version().to_string());

    let bad = br#"{"states": {"CA": {}}}"#;
    let file = ("states", "states.json", &bad[..]);
    let answer = administrator.upload("/settings/policy", &[], file).await;
    assert_eq!(answer.status, 422);
    answer.assert_contains("states.json: CA.mini_tcpa: is missing");
    assert_eq!(activations(&app), 1);

    let good = stricter().states;
    let file = ("states", "states.json", good.as_bytes());
    let answer = administrator.upload("/settings/policy", &[], file).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let compare = answer.location().to_owned();
    let page = administrator.get(&compare).await;
    page.assert_says("Voicemail disclosure allowed");
    page.assert_contains("1 change<");

    let mut officer = app.sign_in(Role::Compliance, None).await;
    officer.get(&compare).await.assert_lacks("Put in force");
    let activate = format!("{compare}/activate");
    assert_eq!(officer.post(&activate, &[("seen", "1")]).await.status, 403);
    assert_eq!(
        administrator.post(&activate, &[("seen", "0")]).await.status,
        409
    );
    assert_eq!(
        administrator.post(&activate, &[("seen", "1")]).await.status,
        303
    );
    // Again changes nothing.
    assert_eq!(
        administrator.post(&activate, &[("seen", "1")]).await.status,
        303
    );
    assert_eq!(activations(&app), 2);
    let page = officer.get("/settings/policy").await;
    page.assert_contains("Administrator");
    officer
        .get(&compare)
        .await
        .assert_lacks("What would change");
    assert_eq!(
        administrator.get("/settings/policy/nonsense").await.status,
        404
    );
    let (_, decision) = ask(&app, &app.ctx);
    assert!(is_barred(&decision));
}

#[actix_web::test]
async fn a_cap_beyond_the_seeds_is_switched_off_and_on_by_an_administrator_with_a_diff() {
    let app = TestApp::start().await;
    policies::open(&app.ctx).unwrap();
    let mut administrator = app.sign_in(Role::Administrator, None).await;
    let page = administrator.get("/settings/policy").await;
    page.assert_says("Caps that can be switched off");
    page.assert_says("Massachusetts Residence or cell");
    let builtin = Policy::builtin();
    let from = builtin
        .switchable()
        .find(|cap| (cap.place.as_str(), cap.field.as_str()) == ("MA", "residence_or_cell"))
        .unwrap()
        .effective_from
        .map_or_else(String::new, |from| from.to_string());
    let cap = [
        ("place", "MA"),
        ("field", "residence_or_cell"),
        ("from", from.as_str()),
    ];
    let off = [&cap[..], &[("on", "no")]].concat();
    let answer = administrator.post("/settings/policy/caps", &off).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let compare = answer.location().to_owned();
    let page = administrator.get(&compare).await;
    page.assert_says("Massachusetts: Residence or cell");
    page.assert_says("Switched off");
    page.assert_contains("1 change<");
    assert_eq!(
        activations(&app),
        1,
        "nothing is in force by the click alone"
    );
    let activate = format!("{compare}/activate");
    assert_eq!(
        administrator.post(&activate, &[("seen", "1")]).await.status,
        303
    );
    administrator
        .get("/settings/policy")
        .await
        .assert_says("Switch on");
    // Back on: the very policy that came with the program.
    let on = [&cap[..], &[("on", "yes")]].concat();
    let answer = administrator.post("/settings/policy/caps", &on).await;
    assert!(answer.location().ends_with(&builtin.version().to_string()));

    let mut officer = app.sign_in(Role::Compliance, None).await;
    officer
        .get("/settings/policy")
        .await
        .assert_lacks("/settings/policy/caps");
    assert_eq!(
        officer.post("/settings/policy/caps", &off).await.status,
        403
    );
    let seeds = [("place", "CA"), ("field", "gate_zones"), ("on", "no")];
    assert_eq!(
        administrator
            .post("/settings/policy/caps", &seeds)
            .await
            .status,
        404
    );
}
