//! The world outside: a telephone provider and a mail server that note what starts and when, and
//! the workers that try to reach it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant as Monotonic};

use diesel::prelude::*;
use forbear::actions::ctx::Ctx;
use forbear::db::schema::{calls, email_sequences};
use forbear::db::{DbConn, DbError};
use forbear::domain::id::{AttemptId, CreditorId, DebtorId, PlacementId};
use forbear::domain::voice::VoiceAccount;
use forbear::outreach::dialer::{Dialer, TwilioDialer};
use forbear::outreach::http::Outbound;
use forbear::outreach::mailer::{Mailer, SmtpMailer};
use forbear::worker::{self, Stopping};

use super::Chance;
use crate::support::TestApp;
use crate::support::mail_sink::MailSink;
use crate::support::receiver::{Received, Receiver, Reply};

/// A call or an email that reached a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    pub at: Monotonic,
    pub attempt: AttemptId,
}

/// Providers that take everything, each after a moment of its own.
pub struct World {
    voice: Receiver,
    mail: MailSink,
    starts: Arc<Mutex<Vec<Start>>>,
}

impl World {
    /// Providers that need up to so many milliseconds.
    pub fn start(chance: &Arc<Chance>, slowness: u64) -> Self {
        let starts: Arc<Mutex<Vec<Start>>> = Arc::default();
        let note = |starts: &Mutex<Vec<Start>>, attempt: &str| {
            let attempt = attempt.parse().expect("the name of an attempt");
            let at = Monotonic::now();
            starts.lock().unwrap().push(Start { at, attempt });
        };
        let (noted, dice) = (Arc::clone(&starts), Arc::clone(chance));
        let voice = Receiver::start(move |request| {
            let attempt = attempt_of_call(request);
            note(&noted, &attempt);
            thread::sleep(dice.millis(slowness));
            let sid = format!("CA{}", attempt.replace('-', ""));
            Reply::With(201, Vec::new(), format!(r#"{{"sid": "{sid}"}}"#))
        });
        let (noted, dice) = (Arc::clone(&starts), Arc::clone(chance));
        let mail = MailSink::start(move |text| {
            note(&noted, attempt_of_mail(text));
            thread::sleep(dice.millis(slowness));
        });
        Self {
            voice,
            mail,
            starts,
        }
    }

    pub fn doors(&self) -> Doors {
        Doors {
            voice: format!("http://{}", self.voice.address()),
            mail: self.mail.url(),
        }
    }

    /// What reached the providers, in the order in which it came.
    pub fn starts(&self) -> Vec<Start> {
        self.starts.lock().unwrap().clone()
    }
}

/// The attempt that a call is made for stands in the address at which we want to be told of it.
fn attempt_of_call(request: &Received) -> String {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(request.body.as_bytes())
        .into_owned()
        .collect();
    let (_, answer) = form.iter().find(|(name, _)| name == "Url").unwrap();
    let (_, attempt) = answer.split_once("attempt=").unwrap();
    attempt.to_owned()
}

/// An email's name is that of its attempt.
fn attempt_of_mail(text: &str) -> &str {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: <"))
        .expect("a name");
    line.split_once('@').unwrap().0
}

/// Where the providers are.
#[derive(Debug, Clone)]
pub struct Doors {
    pub voice: String,
    pub mail: String,
}

impl Doors {
    pub fn dialer(&self, ctx: &Ctx) -> Arc<dyn Dialer> {
        let account = VoiceAccount {
            base_url: self.voice.clone(),
            account: "AC0123".to_owned(),
            token: "a-token-of-the-account".to_owned(),
            from: "614-555-0100".parse().unwrap(),
            agent_url: "https://agent.example/answer".to_owned(),
        };
        Arc::new(TwilioDialer::new(
            Arc::new(account),
            Arc::new(Outbound::default()),
            Arc::clone(&ctx.public_url),
        ))
    }

    pub fn mailer(&self, ctx: &Ctx) -> Arc<dyn Mailer> {
        Arc::new(SmtpMailer::new(&self.mail, ctx.mail.from.clone()).unwrap())
    }
}

/// Threads that dial and send whatever is due, without a pause.
pub struct Workers {
    done: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Half of them dial and half of them send; each is a process of its own to the claims.
    pub fn start(ctx: &Ctx, doors: &Doors, count: usize) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let threads = (0..count)
            .map(|n| {
                let mut ctx = ctx.clone();
                ctx.process = format!("{}-{n}", ctx.process).into();
                let (doors, done) = (doors.clone(), Arc::clone(&done));
                thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .unwrap();
                    runtime.block_on(work(&ctx, &doors, n % 2 == 0, &done));
                })
            })
            .collect();
        Self { done, threads }
    }

    /// Lets each end what it has begun.
    pub fn stop(self) {
        self.done.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.join().unwrap();
        }
    }
}

async fn work(ctx: &Ctx, doors: &Doors, dials: bool, done: &AtomicBool) {
    let (dialer, mailer) = (doors.dialer(ctx), doors.mailer(ctx));
    while !done.load(Ordering::SeqCst) {
        let turn = if dials {
            worker::calls::run(ctx, &dialer, &Stopping::never()).await
        } else {
            worker::sequences::run(ctx, &mailer, &Stopping::never()).await
        };
        if let Err(error) = turn {
            // Another one had the lock for long; the loops of the program try again as well.
            eprintln!("{}: {error}", ctx.process);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Accounts of one person, each with a call and an email that are due now.
pub fn due(app: &TestApp, creditor: CreditorId, name: &str, accounts: usize) -> DebtorId {
    let placements: Vec<PlacementId> = (0..accounts)
        .map(|_| {
            app.place(creditor, |row| {
                row.debtor.reference = Some(name.to_owned());
            })
        })
        .collect();
    make_due(app, &placements);
    app.debtor_of(placements[0])
}

/// Moves the calls and emails of these accounts to now, together.
pub fn make_due(app: &TestApp, placements: &[PlacementId]) {
    app.ctx
        .db
        .write(|conn: &mut DbConn| -> Result<(), DbError> {
            diesel::update(calls::table.filter(calls::placement_id.eq_any(placements.to_vec())))
                .filter(calls::status.eq("planned"))
                .set(calls::scheduled_at.eq(app.now()))
                .execute(conn)?;
            diesel::update(
                email_sequences::table
                    .filter(email_sequences::placement_id.eq_any(placements.to_vec())),
            )
            .filter(email_sequences::next_send_at.is_not_null())
            .set(email_sequences::next_send_at.eq(app.now()))
            .execute(conn)?;
            Ok(())
        })
        .unwrap();
}
