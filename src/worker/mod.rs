//! What runs by itself: a few named loops, each woken when there may be something to do.
//!
//! A loop does its work in turns. A turn that fails or panics is logged and tried again after a
//! pause that grows; the other loops never notice. When the process is told to stop, every loop
//! ends after the piece of work it is at.

pub mod calls;
pub mod dnc_lists;
pub mod imports;
pub mod mail;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::actions::ctx::Ctx;
use crate::error::AppResult;
use crate::outreach::dialer::Dialer;
use crate::outreach::mailer::Mailer;

/// The doors that loops go through; a loop whose door is shut does not run.
#[derive(Clone, Default)]
pub struct Doors {
    pub dialer: Option<Arc<dyn Dialer>>,
    pub mailer: Option<Arc<dyn Mailer>>,
}

/// One loop.
pub struct Loop {
    name: &'static str,
    /// How long it waits when nobody rings: another process may have made the work, or its time
    /// may have come.
    look_again: Duration,
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
            turn: Box::new(move |ctx, stopping| Box::pin(turn(ctx, stopping))),
        }
    }
}

/// Every loop there is, as far as its door is open.
pub fn loops(doors: &Doors) -> Vec<Loop> {
    let mut loops = vec![Loop::new(
        "imports",
        Duration::from_secs(5),
        |ctx, stopping| async move { imports::run(&ctx, &stopping).await },
    )];
    loops.push(Loop::new(
        "do-not-call lists",
        Duration::from_secs(60),
        |ctx, _| async move { dnc_lists::run(&ctx).await },
    ));
    if let Some(dialer) = &doors.dialer {
        let dialer = Arc::clone(dialer);
        loops.push(Loop::new("calls", Duration::from_secs(1), move |ctx, _| {
            let dialer = Arc::clone(&dialer);
            async move { calls::run(&ctx, &dialer).await }
        }));
    }
    if let Some(mailer) = &doors.mailer {
        let mailer = Arc::clone(mailer);
        loops.push(Loop::new("mail", Duration::from_secs(5), move |ctx, _| {
            let mailer = Arc::clone(&mailer);
            async move { mail::run(&ctx, &mailer).await }
        }));
    }
    loops
}

/// Whether the process has been told to stop.
#[derive(Debug, Clone)]
pub struct Stopping(watch::Receiver<bool>);

impl Stopping {
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
}

/// The first pause after a failure, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Starts the loops on the runtime of the caller.
pub fn start(ctx: &Ctx, loops: Vec<Loop>) -> Workers {
    let (stop, stopping) = watch::channel(false);
    let loops = loops
        .into_iter()
        .map(|each| tokio::spawn(keep_running(ctx.clone(), each, Stopping(stopping.clone()))))
        .collect();
    Workers { stop, loops }
}

impl Workers {
    /// Tells the loops to stop and waits until each has put down what it holds.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for each in self.loops {
            let _ = each.await;
        }
    }
}

async fn keep_running(ctx: Ctx, this: Loop, mut stopping: Stopping) {
    let mut bell = ctx.wake.listen();
    let mut pause = FIRST_PAUSE;
    while !stopping.is_set() {
        // A task of its own, so that a panic ends the turn and not the loop.
        let turn = tokio::spawn((this.turn)(ctx.clone(), stopping.clone())).await;
        let wait = match turn {
            Ok(Ok(_)) => {
                pause = FIRST_PAUSE;
                this.look_again
            }
            Ok(Err(error)) => {
                tracing::error!(worker = this.name, %error, "a turn failed");
                grown(&mut pause)
            }
            Err(error) => {
                tracing::error!(worker = this.name, %error, "a turn died");
                grown(&mut pause)
            }
        };
        let has_failed = pause > FIRST_PAUSE;
        tokio::select! {
            () = stopping.wait() => {}
            () = tokio::time::sleep(wait) => {}
            // After a failure the bell must not cut the pause short.
            () = bell.rung(), if !has_failed => {}
        }
    }
}

/// The pause to make now; the next one is twice as long.
fn grown(pause: &mut Duration) -> Duration {
    let now = *pause;
    *pause = (now * 2).min(LONGEST_PAUSE);
    now
}
