//! Series of emails: what goes out, when, and what a mail server can do about it.

use std::fs;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::authorize::{HandOffResult, Permit};
use forbear::actions::due_emails::{self, Draft};
use forbear::actions::service_mail::ServiceMail;
use forbear::db::DbError;
use forbear::db::schema::{
    alerts, attempts, audit_events, calls, contacts, decisions, email_sequences, flags, placements,
    tasks,
};
use forbear::domain::access::Role;
use forbear::domain::id::{LetterId, PlacementId};
use forbear::domain::language::Language;
use forbear::domain::mail::MailTemplate;
use forbear::domain::time::Instant;
use forbear::outreach::mailer::{self, FileMailer, MailError, Mailer, Sent, SmtpMailer};
use forbear::store::letters::Letter;
use forbear::store::sequences::Sequence;
use forbear::worker::{self, Doors, Stopping};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::support::TestApp;

/// A mailer that does as it is told and remembers what it was given.
#[derive(Default)]
struct Told {
    result: Mutex<Option<HandOffResult>>,
    seen: Mutex<Vec<(String, i32)>>,
}

impl Mailer for Told {
    fn send<'a>(
        &'a self,
        _: &'a ServiceMail,
    ) -> Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>> {
        unreachable!("no code is sent here")
    }

    fn send_permitted<'a>(
        &'a self,
        permit: Permit,
        draft: &'a Draft,
    ) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>> {
        self.seen
            .lock()
            .unwrap()
            .push((permit.address().to_owned(), draft.step));
        let result = self
            .result
            .lock()
            .unwrap()
            .clone()
            .unwrap_or(HandOffResult::Started {
                provider_ref: "taken".to_owned(),
            });
        Box::pin(async move {
            Sent {
                result,
                bounced: false,
            }
        })
    }
}

async fn run(app: &TestApp, mailer: &Arc<dyn Mailer>) -> usize {
    worker::sequences::run(&app.ctx, mailer, &Stopping::never())
        .await
        .unwrap()
}

fn series(app: &TestApp, placement: PlacementId) -> Sequence {
    app.rows(|conn| {
        email_sequences::table
            .filter(email_sequences::placement_id.eq(placement))
            .select(Sequence::as_select())
            .first(conn)
    })
}

/// A placement whose first email is due now, at two in the afternoon in New York.
fn due(app: &TestApp) -> PlacementId {
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    app.clock.set(series(app, placement).next_send_at.unwrap());
    placement
}

fn count(app: &TestApp, table: &str, placement: PlacementId) -> i64 {
    app.rows(|conn| match table {
        "attempts" => attempts::table
            .filter(attempts::placement_id.eq(placement))
            .count()
            .get_result(conn),
        "contacts" => contacts::table
            .filter(contacts::placement_id.eq(placement))
            .count()
            .get_result(conn),
        "alerts" => alerts::table
            .filter(alerts::placement_id.eq(placement))
            .count()
            .get_result(conn),
        "tasks" => tasks::table
            .filter(tasks::placement_id.eq(placement))
            .count()
            .get_result(conn),
        _ => decisions::table
            .filter(decisions::placement_id.eq(placement))
            .count()
            .get_result(conn),
    })
}

fn refusals(app: &TestApp) -> Vec<String> {
    app.rows(|conn| alerts::table.select(alerts::rule).load(conn))
}

/// The validation notice went out when the account came: without it the gate lets nothing go on
/// for long (15 USC 1692g(a)).
fn notice_sent(app: &TestApp, placement: PlacementId) {
    let (creditor, debtor) = app.rows(|conn| {
        placements::table
            .filter(placements::id.eq(placement))
            .select((placements::creditor_id, placements::debtor_id))
            .first(conn)
    });
    let day = app.now().date_in(chrono_tz::America::New_York);
    app.ctx
        .db
        .write(|conn| {
            forbear::store::letters::insert(
                conn,
                &Letter {
                    creditor_id: creditor,
                    id: LetterId::generate(app.now()),
                    placement_id: placement,
                    debtor_id: debtor,
                    letter_type: "validation_notice".to_owned(),
                    sent_on: day,
                    method: "mail".to_owned(),
                    assumed_receipt_on: None,
                    period_ends_on: None,
                    returned_on: None,
                    created_by: "system:test".to_owned(),
                    created_at: app.now(),
                },
            )
            .map_err(DbError::from)
        })
        .unwrap();
}

#[actix_web::test]
async fn a_series_is_sent_step_by_step_and_ends() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    notice_sent(&app, placement);
    let told = Arc::new(Told::default());
    let mailer: Arc<dyn Mailer> = told.clone();
    assert_eq!(run(&app, &mailer).await, 0, "nothing is due yet");
    for (step, next) in [(0, Some(5)), (1, Some(9)), (2, None)] {
        app.clock.set(series(&app, placement).next_send_at.unwrap());
        assert_eq!(run(&app, &mailer).await, 1, "{step}: {:?}", refusals(&app));
        assert_eq!(run(&app, &mailer).await, 0, "once");
        let now = series(&app, placement);
        assert_eq!(now.step, step + 1);
        assert_eq!(
            now.next_send_at,
            next.map(|days| app.now().plus(Duration::days(days)))
        );
        assert_eq!((now.claimed_by, now.claimed_until), (None, None));
    }
    assert_eq!(series(&app, placement).status, "completed");
    let steps: Vec<i32> = told
        .seen
        .lock()
        .unwrap()
        .iter()
        .map(|(_, step)| *step)
        .collect();
    assert_eq!(steps, [0, 1, 2]);
    let outcomes: Vec<String> = app.rows(|conn| {
        contacts::table
            .filter(contacts::placement_id.eq(placement))
            .select(contacts::outcome)
            .load(conn)
    });
    assert_eq!(outcomes, ["sent", "sent", "sent"]);
}

#[actix_web::test]
async fn a_failed_send_waits_exactly_half_an_hour_and_keeps_its_step() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let told = Arc::new(Told::default());
    let mailer: Arc<dyn Mailer> = told.clone();
    *told.result.lock().unwrap() = Some(HandOffResult::Failed {
        error: "451 try later".to_owned(),
    });
    assert_eq!(run(&app, &mailer).await, 1);
    let waits = series(&app, placement);
    assert_eq!(
        waits.next_send_at,
        Some(app.now().plus(Duration::minutes(30)))
    );
    assert_eq!((waits.step, waits.status.as_str()), (0, "active"));
    assert_eq!(waits.last_error.as_deref(), Some("451 try later"));
    // A minute early nothing happens.
    app.clock.advance(Duration::minutes(29));
    assert_eq!(run(&app, &mailer).await, 0);
    app.clock.advance(Duration::minutes(1));
    *told.result.lock().unwrap() = None;
    assert_eq!(run(&app, &mailer).await, 1);
    let after = series(&app, placement);
    assert_eq!((after.step, after.last_error), (1, None));
    assert_eq!(told.seen.lock().unwrap().len(), 2);
}

#[actix_web::test]
async fn an_email_whose_fate_nobody_knows_is_never_sent_again() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let told = Arc::new(Told::default());
    let mailer: Arc<dyn Mailer> = told.clone();
    *told.result.lock().unwrap() = Some(HandOffResult::Unknown {
        error: "the line broke".to_owned(),
    });
    assert_eq!(run(&app, &mailer).await, 1);
    let waits = series(&app, placement);
    assert_eq!(waits.status, "paused");
    assert_eq!(waits.pause_cause.as_deref(), Some("unknown"));
    // This server keeps no records that could be asked: a person looks it up.
    let doors = Doors {
        mailer: Some(Arc::clone(&mailer)),
        ..Doors::default()
    };
    for _ in 0..2 {
        let settled = worker::unknowns::run(&app.ctx, &doors, &Stopping::never()).await;
        assert_eq!(settled.unwrap(), 0);
        assert_eq!(count(&app, "tasks", placement), 1);
    }
    app.clock.advance(Duration::days(1));
    assert_eq!(run(&app, &mailer).await, 0);
    // A person lets it go on: with the next step, not with this one.
    let mut desk = app.sign_in(Role::Compliance, None).await;
    let path = format!("/placements/{placement}/emails/{}/resume", waits.id);
    assert_eq!(desk.post(&path, &[]).await.status, 303);
    *told.result.lock().unwrap() = None;
    assert_eq!(run(&app, &mailer).await, 1);
    let steps: Vec<i32> = told
        .seen
        .lock()
        .unwrap()
        .iter()
        .map(|(_, step)| *step)
        .collect();
    assert_eq!(steps, [0, 1]);
}

#[actix_web::test]
async fn a_refused_email_moves_to_its_lawful_moment_and_makes_no_contact() {
    let app = TestApp::start().await;
    let placement = due(&app);
    // Two in the morning in New York, and due now.
    app.clock.advance(Duration::hours(12));
    back_to(&app, placement, app.now());
    let told = Arc::new(Told::default());
    let mailer: Arc<dyn Mailer> = told.clone();
    assert_eq!(run(&app, &mailer).await, 0);
    assert!(told.seen.lock().unwrap().is_empty());
    let moved = series(&app, placement);
    assert_eq!(
        moved.next_send_at.unwrap().to_rfc3339(),
        "2026-05-15T12:00:00Z"
    );
    assert_eq!((moved.step, moved.status.as_str()), (0, "active"));
    assert_eq!(count(&app, "attempts", placement), 0);
    assert_eq!(count(&app, "contacts", placement), 0);
    assert_eq!(count(&app, "alerts", placement), 1);
    assert_eq!(count(&app, "decisions", placement), 1);
    let kinds: Vec<String> = app.rows(|conn| {
        audit_events::table
            .filter(audit_events::placement_id.eq(placement))
            .filter(audit_events::kind.eq_any(["contact.refused", "sequence.delayed"]))
            .order(audit_events::seq)
            .select(audit_events::kind)
            .load(conn)
    });
    assert_eq!(kinds, ["contact.refused", "sequence.delayed"]);
}

#[actix_web::test]
async fn an_email_that_came_due_while_nobody_worked_moves_without_an_alert() {
    let app = TestApp::start().await;
    let placement = due(&app);
    app.clock.advance(Duration::hours(12));
    let told = Arc::new(Told::default());
    let mailer: Arc<dyn Mailer> = told.clone();
    assert_eq!(run(&app, &mailer).await, 0);
    assert!(told.seen.lock().unwrap().is_empty());
    let moved = series(&app, placement);
    assert_eq!(
        moved.next_send_at.unwrap().to_rfc3339(),
        "2026-05-15T12:00:00Z"
    );
    assert_eq!((moved.step, moved.last_error), (0, None));
    assert_eq!((moved.claimed_by, moved.claimed_until), (None, None));
    assert_eq!(count(&app, "alerts", placement), 0);
    assert_eq!(count(&app, "decisions", placement), 0);
    app.clock.set(series(&app, placement).next_send_at.unwrap());
    assert_eq!(run(&app, &mailer).await, 1);
}

#[actix_web::test]
async fn an_email_that_no_wait_makes_lawful_pauses_its_series() {
    let app = TestApp::start().await;
    let placement = due(&app);
    write(&app, |conn| {
        diesel::update(placements::table.filter(placements::id.eq(placement)))
            .set(placements::status.eq("disputed"))
            .execute(conn)
    });
    let mailer: Arc<dyn Mailer> = Arc::new(Told::default());
    assert_eq!(run(&app, &mailer).await, 0);
    let paused = series(&app, placement);
    assert_eq!(paused.status, "paused");
    assert_eq!(
        paused.pause_cause.as_deref(),
        Some("refused:placement-disputed")
    );
}

fn write(
    app: &TestApp,
    query: impl FnOnce(&mut forbear::db::DbConn) -> QueryResult<usize>,
) -> usize {
    app.ctx
        .db
        .write(|conn| query(conn).map_err(DbError::from))
        .unwrap()
}

#[actix_web::test]
async fn the_link_in_the_email_ends_emails_and_nothing_else() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let folder = app.folder.path().join("mail");
    let mailer: Arc<dyn Mailer> = Arc::new(FileMailer::new(&folder, "http://forbear.test"));
    assert_eq!(run(&app, &mailer).await, 1);
    let mail = fs::read_to_string(
        fs::read_dir(&folder)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path(),
    )
    .unwrap();
    assert!(
        mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
        "{mail}"
    );
    assert!(mail.contains("Auto-Submitted: auto-generated"));
    assert!(mail.contains("Reply-To: replies+"), "{mail}");
    let header = mail.replace("\r\n ", "");
    let link = header
        .split("List-Unsubscribe: <http://forbear.test")
        .nth(1)
        .and_then(|rest| rest.split('>').next())
        .unwrap()
        .replace(' ', "");

    let mut reader = app.anonymous();
    let page = reader.get(&link).await;
    assert_eq!(page.status, 200);
    page.assert_lacks("debt");
    assert_eq!(
        series(&app, placement).status,
        "active",
        "looking changes nothing"
    );
    // A mail program sends neither cookies nor where it comes from.
    let mut program = app.anonymous();
    program.set_header("sec-fetch-site", "");
    let done = program
        .post(&link, &[("List-Unsubscribe", "One-Click")])
        .await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(series(&app, placement).status, "paused_opt_out");
    let (kinds, planned): (Vec<String>, i64) = app.rows(|conn| {
        Ok((
            flags::table
                .filter(flags::debtor_id.eq(app.debtor_of(placement)))
                .select(diesel::dsl::sql::<diesel::sql_types::Text>("kind"))
                .load(conn)?,
            calls::table
                .filter(calls::placement_id.eq(placement))
                .filter(calls::status.eq("planned"))
                .count()
                .get_result(conn)?,
        ))
    });
    assert_eq!(kinds, ["email_opt_out"]);
    assert_eq!(planned, 1, "calls stay allowed");
    // Twice is done already; a forged link does nothing.
    assert_eq!(program.post(&link, &[]).await.status, 200);
    let forged = format!("/u/{}", link[3..].chars().rev().collect::<String>());
    assert_eq!(program.post(&forged, &[]).await.status, 404);
    assert_eq!(run(&app, &mailer).await, 0);
}

#[actix_web::test]
async fn what_the_debtor_stopped_nobody_pauses_or_lets_go_on() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let id = series(&app, placement).id;
    let token = forbear::actions::mail_tokens::unsubscribe(&app.ctx.keys, placement);
    due_emails::unsubscribe(&app.ctx, &token).await.unwrap();
    let mut desk = app.sign_in(Role::Compliance, None).await;
    let tab = desk
        .get(&format!("/placements/{placement}?tab=emails"))
        .await;
    tab.assert_contains("Stopped by the debtor");
    tab.assert_contains("Not sent");
    tab.assert_lacks("Later");
    tab.assert_lacks("Preview the next");
    for change in ["pause", "resume"] {
        let path = format!("/placements/{placement}/emails/{id}/{change}");
        assert_eq!(desk.post(&path, &[]).await.status, 409, "{change}");
    }
    let recall = format!("/placements/{placement}/recall");
    let page = desk.get(&recall).await;
    assert_eq!(page.status, 200);
    desk.post(&recall, &[("version", "1"), ("reason", "other")])
        .await;
    let stays = series(&app, placement);
    assert_eq!(stays.status, "paused_opt_out");
    assert_eq!(stays.pause_cause.as_deref(), Some("debtor_stop"));
}

#[actix_web::test]
async fn the_emails_tab_shows_the_series_and_lets_it_be_paused() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let id = series(&app, placement).id;
    let mailer: Arc<dyn Mailer> = Arc::new(Told::default());
    run(&app, &mailer).await;
    let mut desk = app.sign_in(Role::Compliance, None).await;
    let page = desk
        .get(&format!("/placements/{placement}?tab=emails"))
        .await;
    for text in [
        "Introduction",
        "Sent",
        "Reminder",
        "5 days after the one before",
        "Preview the next",
        "Pause",
    ] {
        page.assert_contains(text);
    }
    let preview = desk
        .get(&format!("/placements/{placement}/emails/{id}/preview"))
        .await;
    preview.assert_contains("This is an attempt to collect a debt");
    // The portal takes no payment and no dispute: the email sends nobody there for one.
    preview.assert_lacks("pay, ask for proof or dispute it");
    preview.assert_says("See what the account is made up of, or say how we may reach you");
    preview.assert_lacks("/p/A");
    let base = format!("/placements/{placement}/emails/{id}");
    assert_eq!(desk.post(&format!("{base}/pause"), &[]).await.status, 303);
    assert_eq!(
        series(&app, placement).pause_cause.as_deref(),
        Some("person")
    );
    desk.get(&format!("/placements/{placement}?tab=emails"))
        .await
        .assert_contains("Let them go on");
    assert_eq!(desk.post(&format!("{base}/resume"), &[]).await.status, 303);
    assert_eq!(series(&app, placement).status, "active");
    // An agent looks and changes nothing.
    let mut agent = app.sign_in(Role::Agent, None).await;
    assert_eq!(agent.post(&format!("{base}/pause"), &[]).await.status, 403);
    agent
        .get(&format!("/placements/{placement}?tab=emails"))
        .await
        .assert_lacks("/pause\"");
}

#[actix_web::test]
async fn every_email_says_what_the_law_asks_for() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let sequence = series(&app, placement);
    let draft = match due_emails::prepare(&app.ctx, &sequence).unwrap() {
        due_emails::Prepared::Ready(draft) => *draft,
        due_emails::Prepared::Nothing => panic!("there is something to send"),
    };
    for (language, disclosure, stop) in [
        (
            Language::English,
            "This is an attempt to collect a debt, and any information obtained will be used for that purpose. This message is from a debt collector.",
            "STOP",
        ),
        (
            Language::Spanish,
            "Este es un intento de cobrar una deuda",
            "ALTO",
        ),
    ] {
        for template in [
            MailTemplate::Introduction,
            MailTemplate::Reminder,
            MailTemplate::Options,
        ] {
            let draft = Draft {
                language,
                template,
                ..draft.clone()
            };
            let written = mailer::write(&draft).unwrap();
            for body in [&written.text, &written.html] {
                for said in [
                    disclosure,
                    stop,
                    "Northbridge Recovery",
                    "410 Canal Street, Columbus, OH 43215",
                    "(614) 555-0100",
                    "Cedar Harbor",
                    "1,250.00",
                    &draft.invoice_number,
                    &draft.portal_link,
                    &draft.unsubscribe_link,
                    &draft.check_code,
                    "http://forbear.test/stop",
                ] {
                    assert!(body.contains(said), "{said} in {body}");
                }
            }
            // Nothing of a debt for whoever looks over the reader's shoulder.
            for word in ["debt", "deuda", "owe", "collect", "$"] {
                assert!(
                    !written.subject.to_lowercase().contains(word),
                    "{}",
                    written.subject
                );
            }
        }
    }
}

/// How the mail server of a test behaves.
#[derive(Debug, Clone, Copy)]
enum Server {
    Good,
    /// Answers this instead of the usual at this command.
    Says(&'static str, &'static str),
    /// Breaks the line when this command has come; `.` is the end of the text.
    BreaksAt(&'static str),
    /// Says nothing more when this command has come, and keeps the line open.
    SilentAt(&'static str),
    /// Takes so many milliseconds for each answer.
    Slow(u64),
}

/// A mail server on this machine; what it took is in the list.
async fn server(how: Server) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let keeps = taken.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = talk(stream, how, &keeps).await;
        }
    });
    (format!("smtp://127.0.0.1:{port}?tls=none"), taken)
}

async fn talk(
    stream: tokio::net::TcpStream,
    how: Server,
    taken: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let say = async |command: &str, usual: &'static str| match how {
        Server::Says(at, answer) if command.starts_with(at) => Some(answer),
        Server::BreaksAt(at) if command.starts_with(at) => None,
        Server::SilentAt(at) if command.starts_with(at) => std::future::pending().await,
        Server::Slow(millis) => {
            tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
            Some(usual)
        }
        _ => Some(usual),
    };
    let Some(hello) = say("CONNECT", "220 ready").await else {
        return Ok(());
    };
    write.write_all(format!("{hello}\r\n").as_bytes()).await?;
    let mut text: Option<String> = None;
    while let Some(line) = lines.next_line().await? {
        let (command, usual) = match &mut text {
            Some(so_far) if line != "." => {
                so_far.push_str(&line);
                so_far.push('\n');
                continue;
            }
            Some(_) => (".".to_owned(), "250 taken"),
            None if line.starts_with("DATA") => (line, "354 go on"),
            None => (line, "250 ok"),
        };
        let Some(answer) = say(&command, usual).await else {
            return Ok(());
        };
        if command == "." {
            if answer.starts_with('2') {
                taken.lock().unwrap().push(text.take().unwrap_or_default());
            }
            text = None;
        } else if command.starts_with("DATA") && answer.starts_with('3') {
            text = Some(String::new());
        }
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

fn smtp(app: &TestApp, url: &str) -> Arc<dyn Mailer> {
    Arc::new(SmtpMailer::new(url, app.ctx.mail.from.clone()).unwrap())
}

#[actix_web::test]
async fn a_good_server_takes_the_mail_once() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let (url, taken) = server(Server::Good).await;
    assert_eq!(run(&app, &smtp(&app, &url)).await, 1);
    assert_eq!(series(&app, placement).step, 1);
    let taken = taken.lock().unwrap();
    assert_eq!(taken.len(), 1);
    assert!(
        taken[0].contains("Subject: A message for you"),
        "{}",
        taken[0]
    );
}

#[actix_web::test]
async fn whatever_a_server_refuses_is_tried_again_in_half_an_hour() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let stages = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."];
    let refusals = stages.iter().flat_map(|stage| {
        [
            Server::Says(stage, "451 not now"),
            Server::Says(stage, "554 no"),
        ]
    });
    // A line that breaks before the text is under way has brought nobody anything.
    let breaks = stages[..5].iter().map(|stage| Server::BreaksAt(stage));
    for how in refusals.chain(breaks) {
        let (url, taken) = server(how).await;
        let due_at = series(&app, placement).next_send_at.unwrap();
        app.clock.set(due_at);
        assert_eq!(run(&app, &smtp(&app, &url)).await, 1, "{how:?}");
        let waits = series(&app, placement);
        assert_eq!(waits.step, 0, "{how:?}");
        assert_eq!(
            waits.next_send_at,
            Some(due_at.plus(Duration::minutes(30))),
            "{how:?}"
        );
        assert!(taken.lock().unwrap().is_empty(), "{how:?}");
        // Hours end at nine in the evening: stay at two.
        back_to(&app, placement, due_at);
    }
}

/// Makes the series due at this moment again.
fn back_to(app: &TestApp, placement: PlacementId, at: Instant) {
    write(app, |conn| {
        diesel::update(email_sequences::table.filter(email_sequences::placement_id.eq(placement)))
            .set(email_sequences::next_send_at.eq(at))
            .execute(conn)
    });
}

#[actix_web::test]
async fn a_line_that_breaks_after_the_text_leaves_the_fate_unknown() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let (url, _) = server(Server::BreaksAt(".")).await;
    assert_eq!(run(&app, &smtp(&app, &url)).await, 1);
    let waits = series(&app, placement);
    assert_eq!(waits.status, "paused");
    assert_eq!(waits.pause_cause.as_deref(), Some("unknown"));
    assert_eq!(status_of_attempt(&app, placement), "unknown");
}

fn status_of_attempt(app: &TestApp, placement: PlacementId) -> String {
    app.rows(|conn| {
        attempts::table
            .filter(attempts::placement_id.eq(placement))
            .select(attempts::status)
            .first(conn)
    })
}

#[actix_web::test]
async fn a_slow_server_takes_the_mail_once() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let (url, taken) = server(Server::Slow(700)).await;
    assert_eq!(run(&app, &smtp(&app, &url)).await, 1);
    assert_eq!(run(&app, &smtp(&app, &url)).await, 0);
    let next = series(&app, placement);
    assert_eq!((next.step, next.status.as_str()), (1, "active"));
    assert_eq!(taken.lock().unwrap().len(), 1);
}

/// Takes as long as a sender may.
#[actix_web::test]
async fn a_server_that_falls_silent_before_the_text_is_tried_again_in_half_an_hour() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let (url, taken) = server(Server::SilentAt("RCPT")).await;
    let begun = std::time::Instant::now();
    assert_eq!(run(&app, &smtp(&app, &url)).await, 1);
    let deadline = forbear::actions::authorize::DEADLINE;
    assert!(begun.elapsed() < deadline + deadline / 4);
    let waits = series(&app, placement);
    assert_eq!((waits.step, waits.status.as_str()), (0, "active"));
    let half_an_hour = app.now().plus(Duration::minutes(30));
    assert_eq!(waits.next_send_at, Some(half_an_hour));
    assert_eq!(status_of_attempt(&app, placement), "failed");
    assert!(taken.lock().unwrap().is_empty());
}

/// Takes as long as a sender may.
#[actix_web::test]
async fn a_server_that_falls_silent_after_the_text_leaves_the_fate_unknown() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let (url, _) = server(Server::SilentAt(".")).await;
    assert_eq!(run(&app, &smtp(&app, &url)).await, 1);
    let waits = series(&app, placement);
    assert_eq!(waits.status, "paused");
    assert_eq!(waits.pause_cause.as_deref(), Some("unknown"));
    assert_eq!(status_of_attempt(&app, placement), "unknown");
}

#[actix_web::test]
async fn a_server_that_is_down_or_unknown_loses_nothing() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let mailer = smtp(&app, &format!("smtp://127.0.0.1:{port}?tls=none"));
    assert_eq!(run(&app, &mailer).await, 1);
    let waits = series(&app, placement);
    assert_eq!((waits.step, waits.status.as_str()), (0, "active"));
    assert_eq!(
        waits.next_send_at,
        Some(app.now().plus(Duration::minutes(30)))
    );
}

#[actix_web::test]
async fn an_address_that_nobody_has_is_not_written_to_again() {
    let app = TestApp::start().await;
    let placement = due(&app);
    let (url, _) = server(Server::Says("RCPT", "550 no such person")).await;
    assert_eq!(run(&app, &smtp(&app, &url)).await, 1);
    app.clock.advance(Duration::minutes(30));
    assert_eq!(run(&app, &smtp(&app, &url)).await, 0);
    let ended = series(&app, placement);
    assert_eq!(ended.status, "failed");
    assert_eq!(count(&app, "attempts", placement), 1);
}

#[actix_web::test]
async fn mail_without_tls_goes_to_this_machine_only() {
    let from: forbear::domain::email::EmailAddress = "a@b.example".parse().unwrap();
    for url in [
        "smtp://mail.example:25?tls=none",
        "http://127.0.0.1",
        "smtp://127.0.0.1?tls=some",
        "nothing",
    ] {
        assert!(SmtpMailer::new(url, from.clone()).is_err(), "{url}");
    }
    for url in [
        "smtps://u:p@mail.example",
        "smtp://mail.example",
        "smtp://[::1]:25?tls=none",
    ] {
        assert!(SmtpMailer::new(url, from.clone()).is_ok(), "{url}");
    }
}
