//! Calls by the voice provider, against a stand-in of its documented API.

use std::sync::Arc;
use std::time::Duration;

use actix_web::test::TestRequest;
use diesel::prelude::*;
use forbear::actions::stops::{self, StopInput};
use forbear::db::schema::{attempts, calls, contacts};
use forbear::domain::actor::Actor;
use forbear::domain::id::{AttemptId, CreditorId, PlacementId};
use forbear::domain::stop::{Medium, Requester, StopScope};
use forbear::domain::voice::VoiceAccount;
use forbear::outreach::dialer::{Dialer, TwilioDialer};
use forbear::outreach::http::Outbound;
use forbear::worker::{self, Stopping};

use crate::support::receiver::{Received, Receiver, Reply};
use crate::support::{Answer, TestApp};

const SID: &str = "CA0123456789abcdef0123456789abcdef";

fn account(base_url: String) -> VoiceAccount {
    VoiceAccount {
        base_url,
        account: "AC0123".to_owned(),
        token: "a-token-of-the-account".to_owned(),
        from: "614-555-0100".parse().unwrap(),
        agent_url: "https://agent.example/answer?a=1&b=2".to_owned(),
    }
}

fn created(_: &Received) -> Reply {
    Reply::With(
        201,
        Vec::new(),
        format!(r#"{{"sid": "{SID}", "status": "queued"}}"#),
    )
}

/// A placement with a call that is due, and a provider.
struct World {
    app: TestApp,
    provider: Receiver,
    dialer: Arc<dyn Dialer>,
    creditor: CreditorId,
    placement: PlacementId,
}

impl World {
    async fn start(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let provider = Receiver::start(answer);
        let account = Arc::new(account(format!("http://{}", provider.address())));
        let app = TestApp::start_with(|ctx| ctx.voice = Some(Arc::clone(&account))).await;
        let dialer: Arc<dyn Dialer> = Arc::new(TwilioDialer::new(
            account,
            Arc::new(Outbound::default()),
            Arc::clone(&app.ctx.public_url),
        ));
        let creditor = app.creditor("Alder Clinic");
        let placement = app.place(creditor, |_| ());
        let world = Self {
            app,
            provider,
            dialer,
            creditor,
            placement,
        };
        let at = world
            .app
            .rows(|conn| calls::table.select(calls::scheduled_at).first(conn));
        world.app.clock.set(at);
        world
    }

    async fn dial(&self) {
        worker::calls::run(&self.app.ctx, &self.dialer, &Stopping::never())
            .await
            .unwrap();
    }

    /// Status, outcome and cause of the call that was dialled, and the outcome of its contact.
    fn told(&self) -> (String, Option<String>, String) {
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

    fn planned(&self) -> i64 {
        self.app.rows(|conn| {
            calls::table
                .filter(calls::status.eq("planned"))
                .count()
                .get_result(conn)
        })
    }

    fn requests(&self, what: &str) -> Vec<Received> {
        let mut all = self.provider.received();
        all.retain(|request| request.line.contains(what));
        all
    }

    async fn hook(&self, path: &str, fields: &[(&str, &str)], sign: bool) -> Answer {
        let path = format!(
            "/hooks/voice/{path}?creditor={}&attempt={}",
            self.creditor,
            self.attempt().0
        );
        let mut all = vec![("CallSid", SID)];
        all.extend(fields);
        let owned: Vec<(String, String)> = all
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let url = format!("{}{path}", self.app.ctx.public_url);
        let signature = account(String::new()).sign(&url, &owned).unwrap();
        let signature = if sign {
            signature
        } else {
            signature.replace('=', "A")
        };
        let mut provider = self.app.anonymous();
        provider.set_header("sec-fetch-site", "");
        let request = TestRequest::post()
            .uri(&path)
            .insert_header(("x-twilio-signature", signature))
            .set_form(&all);
        provider.send(request).await
    }

    async fn status(&self, fields: &[(&str, &str)]) {
        let answer = self.hook("status", fields, true).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
    }

    async fn stop(&self) {
        let input = StopInput {
            creditor: self.creditor,
            debtor: self.app.debtor_of(self.placement),
            placement: None,
            scope: StopScope::Call,
            via: Medium::Portal,
            requester: Requester::Debtor,
            words: None,
            in_writing: false,
            verified: true,
            received_at: self.app.now(),
        };
        stops::stop(&self.app.ctx, Actor::System("cli"), input)
            .await
            .unwrap();
    }
}

fn ended(status: &str, outcome: &str, contact: &str) -> (String, Option<String>, String) {
    (
        status.to_owned(),
        Some(outcome.to_owned()),
        contact.to_owned(),
    )
}

#[actix_web::test]
async fn a_call_that_was_taken_is_started_and_ends_as_the_provider_tells() {
    let world = World::start(created).await;
    world.dial().await;
    let request = &world.requests("Calls.json")[0];
    assert_eq!(
        request.line,
        "POST /2010-04-01/Accounts/AC0123/Calls.json HTTP/1.1"
    );
    assert!(request.header("authorization").starts_with("Basic "));
    for part in [
        "From=%2B16145550100",
        "Record=false",
        "AsyncAmd=true",
        "StatusCallbackEvent=completed",
    ] {
        assert!(request.body.contains(part), "{part} in {}", request.body);
    }
    assert_eq!(
        world.told(),
        ("started".to_owned(), None, "pending".to_owned())
    );
    assert_eq!(world.planned(), 0, "nobody knows yet how it ends");

    world.status(&[("CallStatus", "ringing")]).await;
    world.status(&[("CallStatus", "no-answer")]).await;
    assert_eq!(world.told(), ended("completed", "no-answer", "no-answer"));
    assert_eq!(world.planned(), 1);
    // Told again, and late: nothing changes.
    world.status(&[("CallStatus", "no-answer")]).await;
    world.status(&[("CallStatus", "ringing")]).await;
    assert_eq!(world.told(), ended("completed", "no-answer", "no-answer"));
    assert_eq!(world.planned(), 1);
}

#[actix_web::test]
async fn every_ending_is_counted_as_the_law_counts_it() {
    for (fields, status, outcome) in [
        (
            vec![("CallStatus", "completed"), ("CallDuration", "93")],
            "completed",
            "conversation",
        ),
        (
            vec![("CallStatus", "completed"), ("AnsweredBy", "machine_start")],
            "completed",
            "voicemail",
        ),
        (vec![("CallStatus", "busy")], "completed", "busy"),
        (vec![("CallStatus", "canceled")], "completed", "no-answer"),
        (
            vec![("CallStatus", "failed"), ("SipResponseCode", "404")],
            "completed",
            "not-in-service",
        ),
        (
            vec![("CallStatus", "failed"), ("SipResponseCode", "503")],
            "failed",
            "not-placed",
        ),
    ] {
        let world = World::start(created).await;
        world.dial().await;
        world.status(&fields).await;
        assert_eq!(world.told(), ended(status, outcome, outcome), "{fields:?}");
    }
}

#[actix_web::test]
async fn who_answered_may_be_told_before_or_after_the_end() {
    for machine_first in [true, false] {
        let world = World::start(created).await;
        world.dial().await;
        let machine = [("AnsweredBy", "machine_end_beep")];
        let done = [("CallStatus", "completed")];
        if machine_first {
            world.status(&machine).await;
            world.status(&done).await;
        } else {
            world.status(&done).await;
            world.status(&machine).await;
        }
        assert_eq!(world.told(), ended("completed", "voicemail", "voicemail"));
    }
}

#[actix_web::test]
async fn a_refusal_is_certain_and_tried_later_and_a_fault_is_neither() {
    for (reply, status) in [
        (Reply::Status(400), "failed"),
        (Reply::Status(429), "failed"),
        (Reply::Status(500), "unknown"),
        (Reply::HangUp, "unknown"),
        (Reply::With(201, Vec::new(), "{}".to_owned()), "unknown"),
    ] {
        let what = format!("{reply:?}");
        let world = World::start(move |_| reply.clone()).await;
        world.dial().await;
        assert_eq!(world.told().0, status, "{what}");
        // Whatever it was, it is not repeated at once.
        world.dial().await;
        assert_eq!(world.requests("Calls.json").len(), 1, "{what}");
        assert_eq!(world.attempt().1, status);
        let contact = world.told().2;
        let counted = if status == "failed" {
            "not-placed"
        } else {
            "pending"
        };
        assert_eq!(contact, counted, "what may have rung counts");
    }
}

#[actix_web::test]
async fn no_answer_within_the_permit_is_unknown_until_the_provider_tells() {
    let world = World::start(|_| Reply::Silence(Duration::from_secs(20))).await;
    world.dial().await;
    assert_eq!(world.told().0, "unknown");
    // It had taken the call.
    world
        .status(&[("CallStatus", "completed"), ("CallDuration", "30")])
        .await;
    assert_eq!(
        world.told(),
        ended("completed", "conversation", "conversation")
    );
    assert_eq!(world.attempt().1, "started");
    assert_eq!(world.requests("Calls.json").len(), 1);
}

#[actix_web::test]
async fn where_nobody_listens_nothing_rang() {
    let mut world = World::start(created).await;
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    world.dialer = Arc::new(TwilioDialer::new(
        Arc::new(account(format!("http://{address}"))),
        Arc::new(Outbound::default()),
        Arc::clone(&world.app.ctx.public_url),
    ));
    world.dial().await;
    assert_eq!(world.told().0, "failed");
    assert_eq!(world.planned(), 1, "tried again later");
}

#[actix_web::test]
async fn what_is_told_before_the_answer_came_is_kept() {
    let world = World::start(|_| Reply::Silence(Duration::from_millis(1_500))).await;
    let dial = world.dial();
    let tell = async {
        while world.provider.received().is_empty() {
            let known: i64 = world
                .app
                .rows(|conn| attempts::table.count().get_result(conn));
            if known > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        world.status(&[("CallStatus", "ringing")]).await;
        world.status(&[("CallStatus", "busy")]).await;
    };
    tokio::join!(dial, tell);
    assert_eq!(world.told(), ended("completed", "busy", "busy"));
    assert_eq!(world.attempt().1, "started");
    assert_eq!(world.planned(), 1);
}

#[actix_web::test]
async fn what_the_provider_did_not_sign_changes_nothing() {
    let world = World::start(created).await;
    world.dial().await;
    for path in ["status", "answer"] {
        let answer = world
            .hook(path, &[("CallStatus", "completed")], false)
            .await;
        assert_eq!(answer.status, 401, "{path}");
    }
    assert_eq!(world.told().0, "started");
    // A call that is known under another name.
    let other = [("CallStatus", "busy")];
    world.status(&[("CallStatus", "ringing")]).await;
    world
        .app
        .ctx
        .db
        .write(|conn| {
            diesel::update(attempts::table)
                .set(attempts::provider_ref.eq("CAother"))
                .execute(conn)
                .map_err(forbear::db::DbError::from)
        })
        .unwrap();
    assert_eq!(world.hook("status", &other, true).await.status, 404);
    assert_eq!(world.told().0, "started");
}

#[actix_web::test]
async fn a_stop_calls_off_what_rings_and_hangs_up_what_is_answered_all_the_same() {
    let world = World::start(created).await;
    world.dial().await;
    let never = Stopping::never();
    let run = || worker::call_offs::run(&world.app.ctx, &world.dialer, &never);
    assert_eq!(run().await.unwrap(), 0, "it is wanted");
    let before = world
        .hook("answer", &[("CallStatus", "in-progress")], true)
        .await;
    before.assert_contains(
        "<Redirect method=\"POST\">https://agent.example/answer?a=1&amp;b=2</Redirect>",
    );

    let world = World::start(created).await;
    world.dial().await;
    world.stop().await;
    let never = Stopping::never();
    let run = || worker::call_offs::run(&world.app.ctx, &world.dialer, &never);
    assert_eq!(run().await.unwrap(), 1);
    assert_eq!(run().await.unwrap(), 0, "it is asked once");
    let asked = world.requests(&format!("Calls/{SID}.json"));
    assert_eq!(
        (asked.len(), asked[0].body.as_str()),
        (1, "Status=canceled")
    );
    let answer = world
        .hook("answer", &[("CallStatus", "in-progress")], true)
        .await;
    answer.assert_contains("<Response><Hangup/></Response>");
}

#[actix_web::test]
async fn a_call_that_was_answered_is_not_called_off() {
    let world = World::start(created).await;
    world.dial().await;
    world.status(&[("CallStatus", "in-progress")]).await;
    world.stop().await;
    let asked = worker::call_offs::run(&world.app.ctx, &world.dialer, &Stopping::never()).await;
    assert_eq!(asked.unwrap(), 0);
}
