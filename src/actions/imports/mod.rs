//! Files that become placements and contacts: uploaded, mapped, looked through, and then saved in
//! the background. Nothing of a file is saved before somebody has seen what is in it.

mod commit;
mod contacts;
mod convert;
mod mapping;
mod reading;
mod result;
mod review;
mod upload;

pub use self::commit::{Job, Step, claim, commit, discard, run_all, start};
pub use self::mapping::{Column, FieldChoice, MappingForm, MappingView, fields, map, mapping};
pub use self::reading::Settings;
pub use self::result::{problems_csv, result_csv};
pub use self::review::{Duplicate, Review, review};
pub use self::upload::{Upload, upload};

use crate::db::DbConn;
use crate::domain::id::ImportId;
use crate::domain::import::ImportStatus;
use crate::error::{AppError, AppResult};
use crate::store::Scope;
use crate::store::imports::{self, Import};

/// The import, or `NotFound` where it is not this caller's.
pub fn find(conn: &mut DbConn, scope: Scope, id: ImportId) -> AppResult<Import> {
    imports::find(conn, scope, id)?.ok_or(AppError::NotFound)
}

/// What is true of an import that can't be changed any more, as a sentence.
fn settled(status: ImportStatus) -> AppError {
    AppError::Conflict(
        match status {
            ImportStatus::Uploaded => "The columns of this file are not settled yet.",
            ImportStatus::Mapped => "This file is waiting to be imported.",
            ImportStatus::Committing => "This file is being imported already.",
            ImportStatus::Completed => "This file has been imported already.",
            ImportStatus::Failed => "This import failed. Upload the file again.",
            ImportStatus::Discarded => "This file was discarded. Upload it again.",
        }
        .to_owned(),
    )
}
