//! What runs by itself: a few named loops, each woken when there may be something to do.
//!
//! A loop does its work in turns. A turn that fails or panics is logged and tried again after a
//! pause that grows; the other loops never notice. When the process is told to stop, every loop
//! ends after the piece of work it is at.

pub mod call_offs;
pub mod calls;
pub mod checkpoints;
pub mod dnc_lists;
pub mod imports;
pub mod mail;
pub mod planner;
mod pulse;
pub mod sequences;
pub mod unknowns;
pub mod verifications;
pub mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::pulse::Reports;
use crate::actions::ctx::Ctx;
use crate::actions::heartbeat::Identity;
use crate::error::{AppError, AppResult};
use crate::outreach::dialer::Dialer;
use crate::outreach::http::Http;
use crate::outreach::mailer::Mailer;

/// The doors that loops go through; a loop whose door is shut does not run.
#[derive(Clone, Default)]
pub struct Doors {
    pub dialer: Option<Arc<dyn Dialer>>,
    pub mailer: Option<Arc<dyn Mailer>>,
    pub http: Option<Arc<dyn Http>>,
}

/// One loop.
pub struct Loop {
    name: &'static str,
    /// How long it waits when nobody rings: another process may have made the work, or its time
    /// may have come.
    look_again: Duration,
    /// Whether a ring of the bell wakes it: most work is made by somebody who rings.
    is_woken: bool,
    /// Works until nothing is left, and returns how much it did.
    turn: Box<dyn Fn(Ctx, Stopping) -> BoxFuture<'static, AppResult<usize>> + Send + Sync>,
}

impl Loop {
    pub fn new<F>(
        name: &'static str,
        look_again: Duration,
        turn: impl Fn(Ctx, Stopping) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = AppResult<usize>> + Send + 'static,
    {
        Self {
            name,
            look_again,
            is_woken: true,
            turn: Box::new(move |ctx, stopping| Box::pin(turn(ctx, stopping))),
        }
    }

    /// By the clock alone: what it looks for is made by nobody.
    #[must_use]
    pub fn by_the_clock(self) -> Self {
        Self {
            is_woken: false,
            ..self
        }
    }
}

/// Every loop there is, as far as its door is open.
pub fn loops(doors: &Doors) -> Vec<Loop> {
    let seconds = Duration::from_secs;
    let mut loops = vec![
        Loop::new("imports", seconds(5), |ctx, stopping| async move {
            imports::run(&ctx, &stopping).await
        }),
        Loop::new("checkpoints", seconds(60), |ctx, _| async move {
            checkpoints::run(&ctx).await
        }),
        Loop::new("verifications", seconds(5), |ctx, stopping| async move {
            verifications::run(&ctx, &stopping).await
        }),
        Loop::new("do-not-call lists", seconds(60), |ctx, _| async move {
            dnc_lists::run(&ctx).await
        }),
    ];
    if let Some(dialer) = &doors.dialer {
        let ends = Arc::clone(dialer);
        loops.push(Loop::new(
            "call_offs",
            Duration::from_secs(1),
            move |ctx, stopping| {
                let dialer = Arc::clone(&ends);
                async move { call_offs::run(&ctx, &dialer, &stopping).await }
            },
        ));
        let dialer = Arc::clone(dialer);
        loops.push(Loop::new(
            "calls",
            Duration::from_secs(1),
            move |ctx, stopping| {
                let dialer = Arc::clone(&dialer);
                async move { calls::run(&ctx, &dialer, &stopping).await }
            },
        ));
    }
    if let Some(mailer) = &doors.mailer {
        let mailer = Arc::clone(mailer);
        loops.push(Loop::new(
            "mail",
            Duration::from_secs(5),
            move |ctx, stopping| {
                let mailer = Arc::clone(&mailer);
                async move { mail::run(&ctx, &mailer, &stopping).await }
            },
        ));
    }
    if let Some(http) = &doors.http {
        let http = Arc::clone(http);
        loops.push(Loop::new(
            "webhooks",
            Duration::from_secs(5),
            move |ctx, stopping| {
                let http = Arc::clone(&http);
                async move { webhooks::run(&ctx, &http, &stopping).await }
            },
        ));
    }
    if let Some(mailer) = &doors.mailer {
        let mailer = Arc::clone(mailer);
        let every = Duration::from_secs(5);
        loops.push(Loop::new("sequences", every, move |ctx, stopping| {
            let mailer = Arc::clone(&mailer);
            async move { sequences::run(&ctx, &mailer, &stopping).await }
        }));
    }
    let place = planner::Place::default();
    let planner = Loop::new("planner", Duration::from_secs(5), move |ctx, stopping| {
        let place = place.clone();
        async move { planner::run(&ctx, &place, &stopping).await }
    });
    loops.push(planner.by_the_clock());
    let asked = doors.clone();
    let every = Duration::from_secs(5);
    loops.push(Loop::new("unknowns", every, move |ctx, stopping| {
        let doors = asked.clone();
        async move { unknowns::run(&ctx, &doors, &stopping).await }
    }));
    loops
}

/// Whether the process has been told to stop.
#[derive(Debug, Clone)]
pub struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// For work that nobody will tell to stop.
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    async fn wait(&mut self) {
        // A sender that is gone has nobody left who could stop us later.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

/// The loops that run in this process.
#[derive(Debug)]
pub struct Workers {
    stop: watch::Sender<bool>,
    loops: Vec<JoinHandle<()>>,
    pulse: JoinHandle<()>,
    end_pulse: watch::Sender<bool>,
}

/// The first pause after a failure, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Starts the loops on the runtime of the caller.
pub fn start(ctx: &Ctx, loops: Vec<Loop>) -> Workers {
    start_as("worker", ctx, loops)
}

/// The same, in a process that says of itself that it is `kind`: `serve`, `worker` or `demo`.
pub fn start_as(kind: &'static str, ctx: &Ctx, loops: Vec<Loop>) -> Workers {
    let (stop, stopping) = watch::channel(false);
    // The last word of the process follows that of its loops.
    let (end_pulse, pulse_ends) = watch::channel(false);
    let reports = Reports::default();
    let loops = loops
        .into_iter()
        .map(|each| {
            tokio::spawn(keep_running(
                ctx.clone(),
                each,
                Stopping(stopping.clone()),
                reports.clone(),
            ))
        })
        .collect();
    let who = Identity {
        kind,
        started_at: ctx.now(),
    };
    let pulse = tokio::spawn(pulse::run(ctx.clone(), who, reports, Stopping(pulse_ends)));
    Workers {
        stop,
        loops,
        pulse,
        end_pulse,
    }
}

impl Workers {
    /// Tells the loops to stop and waits until each has put down what it holds.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for each in self.loops {
            let _ = each.await;
        }
        let _ = self.end_pulse.send(true);
        let _ = self.pulse.await;
    }
}

async fn keep_running(ctx: Ctx, this: Loop, mut stopping: Stopping, reports: Reports) {
    let mut bell = ctx.wake.listen();
    let mut pause = FIRST_PAUSE;
    while !stopping.is_set() {
        // A task of its own, so that a panic ends the turn and not the loop.
        let turn = tokio::spawn((this.turn)(ctx.clone(), stopping.clone())).await;
        let turn = turn.unwrap_or_else(|died| Err(AppError::internal(died)));
        reports.note(this.name, ctx.now(), &turn);
        let wait = match turn {
            Ok(_) => {
                pause = FIRST_PAUSE;
                this.look_again
            }
            Err(error) => {
                tracing::error!(worker = this.name, %error, "a turn failed");
                grown(&mut pause)
            }
        };
        let has_failed = pause > FIRST_PAUSE;
        tokio::select! {
            () = stopping.wait() => {}
            () = tokio::time::sleep(wait) => {}
            // After a failure the bell must not cut the pause short.
            () = bell.rung(), if this.is_woken && !has_failed => {}
        }
    }
}

/// The pause to make now; the next one is twice as long.
fn grown(pause: &mut Duration) -> Duration {
    let now = *pause;
    *pause = (now * 2).min(LONGEST_PAUSE);
    now
}
