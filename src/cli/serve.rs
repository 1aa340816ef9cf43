//! `forbear serve` and `forbear worker`: the production entries.

use std::sync::Arc;

use clap::Args;

use super::{CliError, block_on, clock, say};
use crate::actions::ctx::Ctx;
use crate::config::{Config, Switch};
use crate::outreach::dialer::{Dialer, TwilioDialer};
use crate::outreach::http::{Http, Outbound};
use crate::outreach::mailer::FileMailer;
use crate::start;
use crate::worker::{self, Doors};

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Serve only, and leave the work to `forbear worker` (as the setting workers = "off").
    #[arg(long)]
    no_worker: bool,
}

pub fn run(config: &Config, args: &ServeArgs) -> Result<(), CliError> {
    let listener = start::bind(config.listen)?;
    let services = start::services(config, clock())?;
    say(&format!("Forbear serves {}", config.public_url()));
    block_on(async {
        let ctx = &services.ctx;
        let loops = if config.workers == Switch::On && !args.no_worker {
            worker::loops(&doors(ctx))
        } else {
            Vec::new()
        };
        let workers = worker::start_as("serve", ctx, loops);
        Ok(start::serve(ctx.clone(), listener, workers).await?)
    })
}

/// The workers alone, for a machine beside the one that serves.
pub fn run_worker(config: &Config) -> Result<(), CliError> {
    let services = start::services(config, clock())?;
    say("Forbear works. Stop it with Ctrl-C.");
    block_on(async {
        let ctx = &services.ctx;
        let workers = worker::start(ctx, worker::loops(&doors(ctx)));
        start::told_to_stop().await?;
        workers.stop().await;
        Ok(())
    })
}

/// What the workers reach the world by.
fn doors(ctx: &Ctx) -> Doors {
    let mailer = FileMailer::new(ctx.data_dir.join("mail"), &ctx.public_url);
    let http: Arc<dyn Http> = Arc::new(Outbound::default());
    let dialer = ctx.voice.clone().map(|account| -> Arc<dyn Dialer> {
        let http = Arc::clone(&http);
        Arc::new(TwilioDialer::new(
            account,
            http,
            Arc::clone(&ctx.public_url),
        ))
    });
    Doors {
        dialer,
        mailer: Some(Arc::new(mailer)),
        http: Some(http),
    }
}
