//! `forbear demo`: everything at once, on invented files.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::{CliError, block_on, clock, say};
use crate::config::{Config, Switch};
use crate::demo::{self, Demo};
use crate::outreach::dialer::SimulatedDialer;
use crate::outreach::http::Outbound;
use crate::outreach::mailer::FileMailer;
use crate::start;
use crate::worker::{self, Doors};

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The demonstration's folder.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Start over: delete what an earlier demonstration made in the folder.
    #[arg(long)]
    fresh: bool,
}

pub fn run(mut config: Config, args: DemoArgs) -> Result<(), CliError> {
    if let Some(data) = args.data {
        config.data = data;
    }
    let listener = start::bind(args.listen.unwrap_or(config.listen))?;
    // With port 0 the system has chosen one.
    config.listen = listener
        .local_addr()
        .map_err(|error| CliError::Other(error.to_string()))?;
    let workers = config.workers;
    let demo = demo::open(config, args.fresh, clock())?;
    for line in lines(&demo) {
        say(&line);
    }
    block_on(async {
        let ctx = &demo.services.ctx;
        let doors = Doors {
            dialer: Some(Arc::new(SimulatedDialer::default())),
            mailer: Some(Arc::new(FileMailer::new(&demo.mail, &ctx.public_url))),
            http: Some(Arc::new(Outbound::default())),
        };
        let loops = match workers {
            Switch::On => worker::loops(&doors),
            Switch::Off => Vec::new(),
        };
        let workers = worker::start_as("demo", ctx, loops);
        Ok(start::serve(ctx.clone(), listener, workers).await?)
    })
}

/// What is printed: the address, and a way in for everyone.
fn lines(demo: &Demo) -> Vec<String> {
    let sheet = &demo.sheet;
    let mut lines = vec![
        format!("Forbear\u{2019}s demonstration is at {}", sheet.url),
        "Every person and company in it is invented, and calls are simulated.".to_owned(),
        String::new(),
        "Sign in as".to_owned(),
    ];
    lines.extend(sheet.users.iter().map(|user| {
        format!(
            "  {:<16} {:<34} {}  {}",
            user.role,
            user.email,
            user.password,
            user.creditor.as_deref().unwrap_or("staff")
        )
    }));
    lines.push(String::new());
    lines.push("API keys".to_owned());
    lines.extend(
        sheet
            .api_keys
            .iter()
            .map(|key| format!("  {:<16} {}  {}", key.access, key.key, key.creditor)),
    );
    lines.push(format!("  {:<16} {}  staff", "staff", sheet.staff_key));
    lines.push(String::new());
    lines.push("Debtors\u{2019} links into the portal".to_owned());
    lines.extend(
        sheet
            .portal
            .iter()
            .map(|line| format!("  {}  {}", line.link, line.debtor)),
    );
    lines.push(String::new());
    lines.push(format!(
        "Mail, with the portal\u{2019}s codes in it, is written to {}. Stop with Ctrl-C.",
        demo.mail.display()
    ));
    lines
}
