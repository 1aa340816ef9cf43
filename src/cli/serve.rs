//! `forbear serve`: the production entry.

use std::sync::Arc;

use super::{CliError, block_on, clock, say};
use crate::config::{Config, Switch};
use crate::outreach::mailer::{FileMailer, Mailer};
use crate::start;
use crate::worker;

pub fn run(config: &Config) -> Result<(), CliError> {
    let listener = start::bind(config.listen)?;
    let services = start::services(config, clock())?;
    say(&format!("Forbear serves {}", config.public_url()));
    block_on(async {
        let ctx = &services.ctx;
        let mail = (config.workers == Switch::On).then(|| {
            let folder = ctx.data_dir.join("mail");
            let mailer: Arc<dyn Mailer> = Arc::new(FileMailer::new(folder, &ctx.public_url));
            tokio::spawn(worker::mail::keep_running(ctx.clone(), mailer))
        });
        let served = start::serve(ctx.clone(), listener).await;
        if let Some(mail) = mail {
            mail.abort();
        }
        Ok(served?)
    })
}
