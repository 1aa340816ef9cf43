//! Calls of which nobody knows what became: looked up at the provider, never repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Duration as Span;
use diesel::prelude::*;
use forbear::actions::authorize::{Authorised, authorize};
use forbear::actions::due_calls;
use forbear::actions::stops;
use forbear::db::schema::{attempts, audit_events, calls, contacts, tasks};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::id::AttemptId;
use forbear::domain::time::Instant;
use forbear::domain::voice::VoiceAccount;
use forbear::outreach::dialer::{Dialer, TwilioDialer};
use forbear::outreach::http::Outbound;
use forbear::worker::{self, Doors, Stopping};

use crate::support::TestApp;
use crate::support::receiver::{Received, Receiver, Reply};

const SID: &str = "CA0123456789abcdef0123456789abcdef";

/// A placement with a call that is due, and a provider.
struct World {
    app: TestApp,
    provider: Receiver,
    dialer: Arc<dyn Dialer>,
}

fn json(body: String) -> Reply {
    Reply::With(200, Vec::new(), body)
}

/// A call as the provider lists it.
fn listed(sid: &str, made: Instant, rest: &str) -> String {
    let made = made.to_utc().to_rfc2822();
    format!(r#"{{"sid": "{sid}", "date_created": "{made}", {rest}}}"#)
}

impl World {
    async fn start(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let provider = Receiver::start(answer);
        let account = Arc::new(VoiceAccount {
            base_url: format!("http://{}", provider.address()),
            account: "AC0123".to_owned(),
            token: "a-token-of-the-account".to_owned(),
            from: "614-555-0100".parse().unwrap(),
            agent_url: "https://agent.example/answer".to_owned(),
        });
        let app = TestApp::start_with(|ctx| ctx.voice = Some(Arc::clone(&account))).await;
        let dialer: Arc<dyn Dialer> = Arc::new(TwilioDialer::new(
            account,
            Arc::new(Outbound::default()),
            Arc::clone(&app.ctx.public_url),
        ));
        app.place(app.creditor("Alder Clinic"), |_| ());
        app.clock.set(due_at());
        Self {
            app,
            provider,
            dialer,
        }
    }

    async fn dial(&self) {
        worker::calls::run(&self.app.ctx, &self.dialer, &Stopping::never())
            .await
            .unwrap();
    }

    async fn look_up(&self) -> usize {
        let doors = Doors {
            dialer: Some(Arc::clone(&self.dialer)),
            ..Doors::default()
        };
        worker::unknowns::run(&self.app.ctx, &doors, &Stopping::never())
            .await
            .unwrap()
    }

    /// Status and outcome of the call that was dialled, and the outcome of its contact.
    fn call(&self) -> (String, Option<String>, String) {
        self.app.rows(|conn| {
            let (status, outcome) = calls::table
                .filter(calls::attempt_id.is_not_null())
                .select((calls::status, calls::outcome))
                .first(conn)?;
            let contact = contacts::table.select(contacts::outcome).first(conn)?;
            Ok((status, outcome, contact))
        })
    }

    fn attempt(&self) -> (AttemptId, String) {
        self.app.rows(|conn| {
            attempts::table
                .select((attempts::id, attempts::status))
                .first(conn)
        })
    }

    fn dialled(&self) -> usize {
        let mut all = self.provider.received();
        all.retain(|request| request.line.starts_with("POST "));
        all.len()
    }

    fn tasks(&self) -> Vec<Option<String>> {
        self.app.rows(|conn| {
            tasks::table
                .filter(tasks::kind.eq("call_unknown"))
                .select(tasks::note)
                .load(conn)
        })
    }
}

fn due_at() -> Instant {
    Instant::parse_rfc3339("2026-05-14T18:00:00Z").unwrap()
}

fn is(status: &str, outcome: &str) -> (String, Option<String>, String) {
    (
        status.to_owned(),
        Some(outcome.to_owned()),
        outcome.to_owned(),
    )
}

/// Refuses to say whether it took a call, and lists these.
fn with_records(calls: Vec<String>) -> impl Fn(&Received) -> Reply {
    move |request| {
        if request.line.starts_with("GET ") {
            json(format!(r#"{{"calls": [{}]}}"#, calls.join(", ")))
        } else {
            Reply::Status(500)
        }
    }
}

#[actix_web::test]
async fn a_call_that_the_provider_had_taken_is_found_by_its_numbers_and_its_time() {
    let made = due_at().plus(Span::seconds(2));
    let another_day = due_at().minus(Span::days(1));
    let world = World::start(with_records(vec![
        listed(
            SID,
            made,
            r#""status": "completed", "duration": "42", "answered_by": "human""#,
        ),
        listed(
            "CA99",
            another_day,
            r#""status": "completed", "duration": "9""#,
        ),
    ]))
    .await;
    world.dial().await;
    assert_eq!(world.call().0, "unknown");
    assert_eq!(world.look_up().await, 1);
    let asked = world.provider.received().pop().unwrap();
    assert!(
        asked
            .line
            .starts_with("GET /2010-04-01/Accounts/AC0123/Calls.json?To=%2B1"),
        "{}",
        asked.line
    );
    assert!(asked.line.contains("From=%2B16145550100"), "{}", asked.line);
    assert_eq!(world.call(), is("completed", "conversation"));
    assert_eq!(world.attempt().1, "started");
    world.app.clock.advance(Span::days(2));
    assert_eq!(world.look_up().await, 0, "it is settled for good");
    assert_eq!(world.dialled(), 1);
}

#[actix_web::test]
async fn a_call_that_the_records_lack_was_not_placed_and_counts_as_nothing() {
    let world = World::start(with_records(Vec::new())).await;
    world.dial().await;
    assert_eq!(world.look_up().await, 0, "it may not be listed yet");
    assert_eq!(world.call().0, "unknown");
    world.app.clock.advance(Span::minutes(11));
    assert_eq!(world.look_up().await, 1);
    assert_eq!(world.call(), is("failed", "not-placed"));
    assert_eq!(world.attempt().1, "failed");
    assert_eq!(world.dialled(), 1, "the call itself is never repeated");
}

#[actix_web::test]
async fn two_calls_that_may_be_it_are_a_persons_to_tell_apart() {
    let made = due_at().plus(Span::seconds(1));
    let world = World::start(with_records(vec![
        listed(SID, made, r#""status": "completed""#),
        listed("CA99", made, r#""status": "busy""#),
    ]))
    .await;
    world.dial().await;
    assert_eq!(world.look_up().await, 0);
    assert_eq!(world.call().0, "unknown");
    let tasks = world.tasks();
    assert_eq!(tasks.len(), 1);
    assert!(tasks[0].as_ref().unwrap().contains("more than one call"));
    world.app.clock.advance(Span::days(2));
    assert_eq!(world.look_up().await, 0);
    assert_eq!(world.tasks().len(), 1);
}

#[actix_web::test]
async fn a_call_whose_sender_died_is_looked_up_too() {
    let made = due_at().plus(Span::seconds(1));
    let world = World::start(with_records(vec![listed(
        SID,
        made,
        r#""status": "no-answer", "duration": "0""#,
    )]))
    .await;
    // The sender dies between the permit and the report.
    let call = due_calls::claim(&world.app.ctx, 1).unwrap().pop().unwrap();
    let authorised = authorize(
        &world.app.ctx,
        &Actor::System("worker"),
        &due_calls::hand_off(&call),
    )
    .unwrap();
    assert!(matches!(authorised, Authorised::Permitted(_)));
    assert_eq!(world.look_up().await, 0, "it may still be under way");
    world
        .app
        .clock
        .advance(stops::LEASE + due_calls::CLOCKS_DIFFER + Span::seconds(1));
    world.dial().await;
    assert_eq!(world.call().0, "unknown");
    assert_eq!(world.look_up().await, 1);
    assert_eq!(world.call(), is("completed", "no-answer"));
    assert_eq!(world.dialled(), 0);
}

#[actix_web::test]
async fn a_call_of_whose_end_nobody_was_told_is_fetched_by_its_name() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&asked);
    let world = World::start(move |request| {
        if request.line.starts_with("GET ") {
            assert!(request.line.contains(SID), "{}", request.line);
            let status = match counts.fetch_add(1, Ordering::SeqCst) {
                0 => "in-progress",
                _ => "completed",
            };
            json(format!(
                r#"{{"sid": "{SID}", "status": "{status}", "duration": "63"}}"#
            ))
        } else {
            Reply::With(201, Vec::new(), format!(r#"{{"sid": "{SID}"}}"#))
        }
    })
    .await;
    world.dial().await;
    world.app.clock.advance(Span::minutes(119));
    assert_eq!(world.look_up().await, 0);
    assert_eq!(asked.load(Ordering::SeqCst), 0, "it may still be talking");
    world.app.clock.advance(Span::minutes(2));
    assert_eq!(world.look_up().await, 0);
    assert_eq!(world.call().0, "started");
    world.app.clock.advance(Span::hours(2));
    assert_eq!(world.look_up().await, 1);
    assert_eq!(world.call(), is("completed", "conversation"));
}

#[actix_web::test]
async fn operators_see_what_is_unknown_and_settle_it() {
    let world = World::start(|request| {
        if request.line.starts_with("GET ") {
            Reply::Status(503)
        } else {
            Reply::HangUp
        }
    })
    .await;
    world.dial().await;
    world.look_up().await;
    let mut administrator = world.app.sign_in(Role::Administrator, None).await;
    let page = administrator.get("/operations").await;
    page.assert_says("Not known what became of it");
    page.assert_says("The provider is asked");
    let (id, _) = world.attempt();
    let path = format!("/operations/hand-offs/{id}");
    administrator
        .get(&path)
        .await
        .assert_says("What became of this call?");
    // Asked again at once, the provider stays silent.
    let asks = world.provider.received().len();
    let again = administrator.post(&format!("{path}/ask"), &[]).await;
    assert_eq!(again.status, 303);
    world.look_up().await;
    assert_eq!(world.provider.received().len(), asks + 1);
    // A word of it is not enough.
    let typed = [("found", "nobody"), ("note", " ")];
    let answer = administrator.post(&path, &typed).await;
    assert_eq!(answer.status, 422);
    answer.assert_says("Say how you know");
    let answer = administrator
        .post(&path, &[("found", "sent"), ("note", "The console")])
        .await;
    assert_eq!(answer.status, 422);
    answer.assert_contains("The console");
    let typed = [("found", "nobody"), ("note", "The console shows no answer")];
    assert_eq!(administrator.post(&path, &typed).await.status, 303);
    assert_eq!(world.call(), is("completed", "no-answer"));
    assert_eq!(world.attempt().1, "started");
    let by: Vec<String> = world.app.rows(|conn| {
        audit_events::table
            .filter(audit_events::kind.eq("contact.handed_over"))
            .order(audit_events::seq.desc())
            .select(audit_events::actor)
            .limit(1)
            .load(conn)
    });
    assert!(by[0].starts_with("user:"), "{by:?}");
    // Twice is too late.
    assert_eq!(administrator.post(&path, &typed).await.status, 404);
    assert_eq!(administrator.get(&path).await.status, 404);
}
