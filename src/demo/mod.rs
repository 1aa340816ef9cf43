//! The demonstration: the whole product on invented files, in a folder of its own.

mod folder;
mod past;
mod seed;
mod sheet;

pub use folder::FolderError;
pub use sheet::{KeyLine, LinkLine, PersonLine, Sheet};

use std::path::PathBuf;

use crate::config::Config;
use crate::domain::time::SharedClock;
use crate::error::AppError;
use crate::start::{self, Services, StartError};
use folder::State;

/// Why the demonstration can't start, in words for whoever starts it.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("the sample files could not be brought in: {0}")]
    Seed(#[from] AppError),
}

/// The demonstration, ready to be served.
#[derive(Debug)]
pub struct Demo {
    pub services: Services,
    /// Everything somebody needs to look around; also in `demo.json`.
    pub sheet: Sheet,
    /// Where mail is written to.
    pub mail: PathBuf,
}

/// Opens the demonstration in the data folder of `config`, and fills it the first time. `fresh`
/// starts over: only files that the demonstration itself makes are deleted.
///
/// It always uses SQLite, and an agency that is named where the settings name none.
pub fn open(mut config: Config, fresh: bool, clock: SharedClock) -> Result<Demo, DemoError> {
    config.database_url = None;
    if !start::agency(&config).is_known() {
        "Northgate Recovery (demonstration)".clone_into(&mut config.agency_name);
        "100 Sample Street, Albany, NY 12207".clone_into(&mut config.agency_address);
        "(518) 555-0100".clone_into(&mut config.agency_phone);
    }
    if config.listen.ip().is_loopback() && config.webhook_local_hosts.is_empty() {
        // Whoever reaches the demonstration sits at this machine, and tries out a receiver on it.
        config.webhook_local_hosts = ["127.0.0.1", "localhost", "[::1]"]
            .map(str::to_owned)
            .into();
    }
    let state = folder::prepare(&config.data, fresh)?;
    let services = start::services(&config, clock)?;
    let url = config.public_url();
    let sheet = match state {
        State::Kept(sheet) => {
            let moved = sheet.at(&url);
            folder::write(&config.data, &moved)?;
            moved
        }
        State::New => {
            let sheet = seed::fill(&services.ctx, url)?;
            folder::write(&config.data, &sheet)?;
            folder::finished(&config.data)?;
            sheet
        }
    };
    Ok(Demo {
        mail: config.data.join("mail"),
        services,
        sheet,
    })
}
