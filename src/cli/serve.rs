//! `forbear serve` and `forbear worker`: the production entries.

use std::sync::Arc;

use clap::Args;

use super::{CliError, block_on, clock, say};
use crate::actions::ctx::Ctx;
use crate::config::{Config, Switch};
use crate::outreach::dialer::{Dialer, TwilioDialer};
use crate::outreach::http::{Http, Outbound};
use crate::outreach::mailer::{FileMailer, Mailer, PostmarkMailer, SmtpMailer};
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
            worker::loops(&doors(config, ctx)?)
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
        let doors = doors(config, ctx)?;
        let workers = worker::start(ctx, worker::loops(&doors));
        start::told_to_stop().await?;
        workers.stop().await;
        Ok(())
    })
}

/// What the workers reach the world by.
fn doors(config: &Config, ctx: &Ctx) -> Result<Doors, CliError> {
    let http: Arc<dyn Http> = Arc::new(Outbound::default());
    let from = ctx.mail.from.clone();
    let postmark = config
        .postmark()
        .map_err(|error| CliError::Other(error.to_string()))?;
    let mailer: Arc<dyn Mailer> = match (&config.smtp_url, postmark) {
        (_, Some(account)) => Arc::new(PostmarkMailer::new(
            Arc::new(account),
            Arc::clone(&http),
            from,
        )),
        (Some(url), None) => Arc::new(
            SmtpMailer::new(url.expose(), from)
                .map_err(|error| CliError::Other(error.to_string()))?,
        ),
        (None, None) => Arc::new(FileMailer::new(ctx.data_dir.join("mail"), &ctx.public_url)),
    };
    let dialer = ctx.voice.clone().map(|account| -> Arc<dyn Dialer> {
        let http = Arc::clone(&http);
        Arc::new(TwilioDialer::new(
            account,
            http,
            Arc::clone(&ctx.public_url),
        ))
    });
    Ok(Doors {
        dialer,
        mailer: Some(mailer),
        http: Some(http),
    })
}
