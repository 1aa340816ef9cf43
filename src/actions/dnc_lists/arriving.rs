//! A file that a browser sends: kept on the disk until it is read, under no name, so that it is
//! gone when the process is.

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom, Write};

use super::{NewLoad, begin, run};
use crate::actions::ctx::Ctx;
use crate::domain::actor::Actor;
use crate::domain::id::DncLoadId;
use crate::error::{AppError, AppResult};

/// What has arrived so far.
#[derive(Debug)]
pub struct Arrived {
    file: File,
    length: u64,
}

impl Arrived {
    /// # Errors
    /// When the disk refuses.
    pub fn new(ctx: &Ctx) -> AppResult<Self> {
        let file = tempfile::tempfile_in(&*ctx.data_dir).map_err(AppError::internal)?;
        Ok(Self { file, length: 0 })
    }

    /// In bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The file and what came next.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn with(mut self, bytes: &[u8]) -> AppResult<Self> {
        self.file.write_all(bytes).map_err(AppError::internal)?;
        self.length += bytes.len() as u64;
        Ok(self)
    }
}

/// Begins a load and leaves it to a thread of its own. A process that ends meanwhile does not wait
/// for it: what was written is removed, and the list stays as it was.
///
/// # Errors
/// As [`begin`].
pub fn begin_in_background(
    ctx: &Ctx,
    actor: &Actor,
    new: &NewLoad,
    mut arrived: Arrived,
) -> AppResult<DncLoadId> {
    arrived
        .file
        .seek(SeekFrom::Start(0))
        .map_err(AppError::internal)?;
    let id = begin(ctx, actor, new)?;
    let (ctx, actor) = (ctx.clone(), actor.clone());
    let work = move || {
        let file = BufReader::with_capacity(256 * 1024, arrived.file);
        match run(&ctx, &actor, id, file, &mut |_| {}) {
            Ok(_) => {}
            // The load itself says so on the page.
            Err(AppError::Invalid(_) | AppError::Conflict(_)) => {}
            Err(error) => tracing::error!(load = %id, %error, "a do-not-call list was not loaded"),
        }
    };
    std::thread::Builder::new()
        .name("dnc-list".to_owned())
        .spawn(work)
        .map_err(AppError::internal)?;
    Ok(id)
}
