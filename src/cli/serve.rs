//! `forbear serve`: the production entry.

use super::{CliError, block_on, clock, say};
use crate::config::Config;
use crate::start;

pub fn run(config: &Config) -> Result<(), CliError> {
    let listener = start::bind(config.listen)?;
    let services = start::services(config, clock())?;
    say(&format!("Forbear serves {}", config.public_url()));
    block_on(async {
        start::serve(services.ctx.clone(), listener).await?;
        Ok(())
    })
}
