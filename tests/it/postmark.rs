//! Emails by Postmark's API, against a stand-in of it as it is documented.

use std::sync::Arc;
use std::time::Duration;

use chrono::Duration as Span;
use diesel::prelude::*;
use forbear::db::schema::{attempts, contacts, email_sequences, email_suppressions, tasks};
use forbear::domain::id::PlacementId;
use forbear::domain::mail::PostmarkAccount;
use forbear::outreach::http::Outbound;
use forbear::outreach::mailer::{Mailer, PostmarkMailer};
use forbear::store::sequences::Sequence;
use forbear::worker::{self, Doors, Stopping};

use crate::support::TestApp;
use crate::support::receiver::{Received, Receiver, Reply};

const MESSAGE: &str = "0a129aee-e1cd-480d-b08d-4f48548ff48d";

fn json(status: u16, body: &str) -> Reply {
    Reply::With(
        status,
        vec!["content-type: application/json".to_owned()],
        body.to_owned(),
    )
}

fn taken() -> Reply {
    json(
        200,
        &format!(
            r#"{{"To": "dana@mail.example", "SubmittedAt": "2026-05-14T18:00:00.0000000+00:00",
                "MessageID": "{MESSAGE}", "ErrorCode": 0, "Message": "OK"}}"#
        ),
    )
}

/// A placement whose first email is due, and the provider.
struct World {
    app: TestApp,
    provider: Receiver,
    mailer: Arc<dyn Mailer>,
    placement: PlacementId,
}

impl World {
    async fn start(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let provider = Receiver::start(answer);
        let app = TestApp::start().await;
        let account = PostmarkAccount {
            base_url: format!("http://{}", provider.address()),
            token: "server-token".to_owned(),
            series_stream: "broadcast".to_owned(),
            service_stream: "outbound".to_owned(),
        };
        let mailer: Arc<dyn Mailer> = Arc::new(PostmarkMailer::new(
            Arc::new(account),
            Arc::new(Outbound::default()),
            app.ctx.mail.from.clone(),
        ));
        let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
        let world = Self {
            app,
            provider,
            mailer,
            placement,
        };
        world.app.clock.set(world.series().next_send_at.unwrap());
        world
    }

    fn series(&self) -> Sequence {
        self.app.rows(|conn| {
            email_sequences::table
                .filter(email_sequences::placement_id.eq(self.placement))
                .select(Sequence::as_select())
                .first(conn)
        })
    }

    async fn send(&self) -> usize {
        worker::sequences::run(&self.app.ctx, &self.mailer, &Stopping::never())
            .await
            .unwrap()
    }

    async fn look_up(&self) -> usize {
        let doors = Doors {
            mailer: Some(Arc::clone(&self.mailer)),
            ..Doors::default()
        };
        worker::unknowns::run(&self.app.ctx, &doors, &Stopping::never())
            .await
            .unwrap()
    }

    fn sent(&self) -> Vec<Received> {
        let mut all = self.provider.received();
        all.retain(|request| request.line.starts_with("POST /email "));
        all
    }

    fn asked(&self) -> Vec<Received> {
        let mut all = self.provider.received();
        all.retain(|request| request.line.starts_with("GET /messages/outbound?"));
        all
    }

    fn attempts(&self) -> Vec<(String, Option<String>)> {
        self.app.rows(|conn| {
            attempts::table
                .order(attempts::authorised_at)
                .select((attempts::status, attempts::provider_ref))
                .load(conn)
        })
    }

    fn outcomes(&self) -> Vec<String> {
        self.app.rows(|conn| {
            contacts::table
                .order(contacts::at)
                .select(contacts::outcome)
                .load(conn)
        })
    }

    fn suppressed(&self) -> Vec<(String, String)> {
        self.app.rows(|conn| {
            email_suppressions::table
                .select((email_suppressions::address, email_suppressions::cause))
                .load(conn)
        })
    }

    fn tasks(&self) -> i64 {
        self.app.rows(|conn| {
            tasks::table
                .filter(tasks::kind.eq("email_unknown"))
                .count()
                .get_result(conn)
        })
    }
}

#[actix_web::test]
async fn an_email_goes_out_once_with_all_that_the_law_and_the_reader_need() {
    let world = World::start(|_| taken()).await;
    assert_eq!(world.send().await, 1);
    assert_eq!(world.send().await, 0);
    let sent = world.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].header("x-postmark-server-token"), "server-token");
    let mail = sent[0].json();
    assert_eq!(mail["MessageStream"], "broadcast");
    assert_eq!(
        (&mail["TrackOpens"], &mail["TrackLinks"]),
        (&false.into(), &"None".into())
    );
    for part in ["TextBody", "HtmlBody"] {
        let text = mail[part].as_str().unwrap();
        assert!(text.contains("attempt to collect a debt"), "{part}");
    }
    let header = |name: &str| {
        mail["Headers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|header| header["Name"] == name)
            .unwrap_or_else(|| panic!("no {name}"))["Value"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(header("List-Unsubscribe").contains("/u/"));
    assert_eq!(
        header("List-Unsubscribe-Post"),
        "List-Unsubscribe=One-Click"
    );
    let attempt = mail["Metadata"]["attempt"].as_str().unwrap();
    assert!(header("Message-ID").contains(attempt));
    assert_eq!(header("X-PM-KeepID"), "true");
    assert_eq!(
        world.attempts(),
        [("started".to_owned(), Some(MESSAGE.to_owned()))]
    );
    assert_eq!(world.outcomes(), ["sent"]);
    assert_eq!(world.series().step, 1);
}

#[actix_web::test]
async fn what_the_provider_refuses_waits_half_an_hour_with_its_step() {
    for reply in [
        json(429, "{}"),
        json(500, r#"{"ErrorCode": 0, "Message": "Internal error"}"#),
        json(503, ""),
        json(
            401,
            r#"{"ErrorCode": 10, "Message": "Bad or missing API token."}"#,
        ),
        json(
            422,
            r#"{"ErrorCode": 300, "Message": "Invalid email request"}"#,
        ),
    ] {
        let what = format!("{reply:?}");
        let world = World::start(move |_| reply.clone()).await;
        assert_eq!(world.send().await, 1, "{what}");
        let waits = world.series();
        assert_eq!((waits.step, waits.status.as_str()), (0, "active"), "{what}");
        assert_eq!(
            waits.next_send_at,
            Some(world.app.now().plus(Span::minutes(30))),
            "{what}"
        );
        assert_eq!(world.outcomes(), ["not-placed"], "{what}");
        assert_eq!(world.look_up().await, 0);
        assert!(world.asked().is_empty(), "its fate is known: {what}");
        assert!(world.suppressed().is_empty(), "{what}");
    }
}

#[actix_web::test]
async fn a_line_that_was_never_made_is_a_failure() {
    let world = World::start(|_| taken()).await;
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    let mailer: Arc<dyn Mailer> = Arc::new(PostmarkMailer::new(
        Arc::new(PostmarkAccount {
            base_url: format!("http://{address}"),
            token: "server-token".to_owned(),
            series_stream: "broadcast".to_owned(),
            service_stream: "outbound".to_owned(),
        }),
        Arc::new(Outbound::default()),
        world.app.ctx.mail.from.clone(),
    ));
    worker::sequences::run(&world.app.ctx, &mailer, &Stopping::never())
        .await
        .unwrap();
    assert_eq!(world.attempts(), [("failed".to_owned(), None)]);
    assert_eq!(world.series().step, 0);
}

#[actix_web::test]
async fn an_inactive_address_is_not_written_to_again() {
    let world = World::start(|_| {
        json(
            422,
            r#"{"ErrorCode": 406, "Message": "You tried to send to a recipient that has been marked as inactive. Found inactive addresses: dana@mail.example."}"#,
        )
    })
    .await;
    assert_eq!(world.send().await, 1);
    let suppressed = world.suppressed();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0].1, "hard_bounce");
    let error = world.series().last_error.unwrap();
    assert!(
        error.contains("code 406") && !error.contains('@'),
        "{error}"
    );
    // With no address left the series ends, and nobody asks the provider again.
    world.app.clock.advance(Span::minutes(30));
    assert_eq!(world.send().await, 0);
    assert_eq!(world.series().status, "failed");
    assert_eq!(world.sent().len(), 1);
}

/// Takes no mail in words, and says `records` when asked for it.
fn silent_after_taking(records: &'static str) -> impl Fn(&Received) -> Reply {
    move |request| {
        if request.line.starts_with("GET ") {
            json(200, records)
        } else {
            Reply::HangUp
        }
    }
}

#[actix_web::test]
async fn an_email_that_was_taken_before_the_line_broke_is_found_and_the_series_goes_on() {
    let world = World::start(silent_after_taking(
        r#"{"TotalCount": 1, "Messages": [{"MessageID": "0a129aee-e1cd-480d-b08d-4f48548ff48d", "Status": "Sent"}]}"#,
    ))
    .await;
    let sent_at = world.app.now();
    assert_eq!(world.send().await, 1);
    assert_eq!(world.series().pause_cause.as_deref(), Some("unknown"));
    assert_eq!(world.look_up().await, 1);
    let asked = world.asked();
    let attempt = world.sent()[0].json()["Metadata"]["attempt"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        asked[0]
            .line
            .contains(&format!("metadata_attempt={attempt}")),
        "{}",
        asked[0].line
    );
    assert_eq!(
        world.attempts(),
        [("started".to_owned(), Some(MESSAGE.to_owned()))]
    );
    assert_eq!(world.outcomes(), ["sent"]);
    let series = world.series();
    assert_eq!((series.step, series.status.as_str()), (1, "active"));
    assert_eq!(series.next_send_at, Some(sent_at.plus(Span::days(5))));
    assert_eq!(
        (world.sent().len(), world.tasks()),
        (1, 0),
        "nothing was repeated"
    );
}

#[actix_web::test]
async fn an_email_that_the_records_lack_half_an_hour_later_is_sent_after_all() {
    let world = World::start(silent_after_taking(r#"{"TotalCount": 0, "Messages": []}"#)).await;
    assert_eq!(world.send().await, 1);
    // What was just taken may not be listed yet.
    assert_eq!(world.look_up().await, 0);
    world.app.clock.advance(Span::minutes(29));
    assert_eq!(world.look_up().await, 0);
    assert_eq!(world.send().await, 0);
    world.app.clock.advance(Span::minutes(2));
    assert_eq!(world.look_up().await, 1);
    assert_eq!(world.attempts(), [("failed".to_owned(), None)]);
    assert_eq!(world.outcomes(), ["not-placed"]);
    let series = world.series();
    assert_eq!((series.step, series.status.as_str()), (0, "active"));
    assert_eq!(world.send().await, 1);
    assert_eq!(world.sent().len(), 2);
}

#[actix_web::test]
async fn a_stop_that_came_while_nobody_knew_is_not_undone_by_knowing() {
    let world = World::start(silent_after_taking(r#"{"TotalCount": 0, "Messages": []}"#)).await;
    assert_eq!(world.send().await, 1);
    let token = forbear::actions::mail_tokens::unsubscribe(&world.app.ctx.keys, world.placement);
    let mut reader = world.app.anonymous();
    let answer = reader.post(&format!("/u/{token}"), &[]).await;
    assert!(answer.status < 400, "{}", answer.status);
    world.app.clock.advance(Span::hours(1));
    assert_eq!(world.look_up().await, 1);
    assert_eq!(world.series().status, "paused_opt_out");
    assert_eq!(world.send().await, 0);
    assert_eq!(world.sent().len(), 1);
}

#[actix_web::test]
async fn records_that_stay_silent_for_a_day_are_a_persons_to_look_up() {
    let world = World::start(|request| {
        if request.line.starts_with("GET ") {
            json(500, "{}")
        } else {
            Reply::Garbage
        }
    })
    .await;
    assert_eq!(world.send().await, 1);
    let mut hours = 0;
    while world.tasks() == 0 {
        assert_eq!(world.look_up().await, 0);
        world.app.clock.advance(Span::hours(1));
        hours += 1;
        assert!(hours < 30, "nobody is ever asked");
    }
    assert!(hours >= 24, "{hours}");
    let asked = world.asked().len();
    assert!((20..30).contains(&asked), "{asked}");
    assert_eq!(world.look_up().await, 0);
    assert_eq!(world.asked().len(), asked, "nobody asks any more");
    assert_eq!(world.tasks(), 1);
    assert_eq!(world.series().status, "paused");
}

#[actix_web::test]
async fn silence_after_the_mail_was_handed_over_is_unknown() {
    let world = World::start(|_| Reply::Silence(Duration::from_secs(20))).await;
    assert_eq!(world.send().await, 1);
    assert_eq!(world.attempts()[0].0, "unknown");
    assert_eq!(world.series().status, "paused");
}

/// What the provider tells later about a mail.
#[actix_web::test]
async fn bounces_and_complaints_suppress_once_and_soft_ones_do_not() {
    for (event, cause) in [
        (
            r#"{"RecordType": "Bounce", "Type": "HardBounce", "Email": "ADDRESS"}"#,
            Some("hard_bounce"),
        ),
        (
            r#"{"RecordType": "Bounce", "Type": "SoftBounce", "Email": "ADDRESS"}"#,
            None,
        ),
        (
            r#"{"RecordType": "Bounce", "Type": "Transient", "Email": "ADDRESS"}"#,
            None,
        ),
        (
            r#"{"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": "ADDRESS"}"#,
            Some("complaint"),
        ),
        (
            r#"{"RecordType": "SubscriptionChange", "Recipient": "ADDRESS", "SuppressSending": true, "SuppressionReason": "HardBounce"}"#,
            Some("hard_bounce"),
        ),
        (
            r#"{"RecordType": "SubscriptionChange", "Recipient": "ADDRESS", "SuppressSending": false}"#,
            None,
        ),
        (
            r#"{"RecordType": "Delivery", "Recipient": "ADDRESS"}"#,
            None,
        ),
    ] {
        const SECRET: &str = "a-long-secret-of-the-hook";
        let app = TestApp::start_with(|ctx| ctx.inbound_secret = Some(SECRET.into())).await;
        let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
        let address: String = app.rows(|conn| {
            forbear::db::schema::emails::table
                .select(forbear::db::schema::emails::address)
                .first(conn)
        });
        let body: serde_json::Value =
            serde_json::from_str(&event.replace("ADDRESS", &address)).unwrap();
        let post = |password: &str| {
            use base64::Engine;
            let basic = base64::engine::general_purpose::STANDARD.encode(format!("any:{password}"));
            actix_web::test::TestRequest::post()
                .uri("/hooks/email/events")
                .insert_header(("authorization", format!("Basic {basic}")))
                .set_json(&body)
        };
        let mut provider = app.anonymous();
        provider.set_header("sec-fetch-site", "");
        assert_eq!(provider.send(post("wrong")).await.status, 401, "{event}");
        for _ in 0..2 {
            assert_eq!(provider.send(post(SECRET)).await.status, 200, "{event}");
        }
        let causes: Vec<String> = app.rows(|conn| {
            email_suppressions::table
                .select(email_suppressions::cause)
                .load(conn)
        });
        assert_eq!(causes, cause.into_iter().collect::<Vec<_>>(), "{event}");
        let status: String = app.rows(|conn| {
            email_sequences::table
                .filter(email_sequences::placement_id.eq(placement))
                .select(email_sequences::status)
                .first(conn)
        });
        let stopped = cause == Some("complaint");
        assert_eq!(status == "paused_opt_out", stopped, "{event}");
    }
}
