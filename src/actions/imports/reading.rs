//! From the stored bytes of a file to its rows, the same rows every time.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::db::DbConn;
use crate::domain::import::ImportKind;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::intake::contacts::{self, ContactField, ContactIntake, Reading};
use crate::intake::encoding::Charset;
use crate::intake::mapping::{Field, Mapping, MappingError};
use crate::intake::placements::{self, Intake, PlacementField};
use crate::intake::table::Table;
use crate::intake::{self, FileError};
use crate::store::imports::{self, Import};

/// How many files are read at the same time: each costs some times its size in memory.
pub(super) static READERS: Semaphore = Semaphore::const_new(2);

/// How a file is to be read; kept as JSON with the import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The file is Windows-1252 where it doesn't say otherwise by itself.
    pub windows_1252: bool,
    /// The zone of local times in a contact history, an IANA name.
    pub zone: Option<String>,
    /// The demonstration only: contacts are moved so that the last one is of the day before.
    pub move_to_now: bool,
    /// The mapping of the columns, once it is settled.
    pub mapping: Option<Value>,
    /// Rows with errors are left out, by the decision of who imports.
    pub good_only: bool,
    /// Rows without an error, once they were counted.
    pub good_rows: u32,
    /// Who had the rows saved, as an actor's text.
    pub started_by: Option<String>,
    /// When that was: what is on file since then came from this very file.
    pub started_at: Option<Instant>,
}

impl Settings {
    pub fn of(import: &Import) -> Self {
        import
            .mapping
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    pub fn to_json(&self) -> AppResult<String> {
        Ok(serde_json::to_string(self)?)
    }

    pub fn charset(&self) -> Charset {
        if self.windows_1252 {
            Charset::Windows1252
        } else {
            Charset::Detect
        }
    }

    pub fn zone(&self) -> Option<Tz> {
        self.zone.as_deref().and_then(|name| name.parse().ok())
    }

    /// The settled mapping; none where there is none, or none of these fields.
    pub fn mapping<F: Field>(&self) -> Option<Mapping<F>> {
        let mapping = self.mapping.clone()?;
        serde_json::from_value(mapping).ok()
    }
}

/// The rows of a file.
#[derive(Debug)]
pub enum Rows {
    Placements(Intake),
    Contacts(ContactIntake),
}

impl Rows {
    pub fn good(&self) -> usize {
        match self {
            Self::Placements(intake) => intake.rows.len(),
            Self::Contacts(intake) => intake.rows.len(),
        }
    }

    pub fn in_file(&self) -> usize {
        match self {
            Self::Placements(intake) => intake.rows_in_file,
            Self::Contacts(intake) => intake.rows_in_file,
        }
    }
}

/// The stored file as a table.
pub(super) fn table(conn: &mut DbConn, import: &Import, settings: &Settings) -> AppResult<Table> {
    let bytes = imports::content(conn, import)?.ok_or(AppError::NotFound)?;
    open(&bytes, settings.charset())
        .map_err(|error| AppError::internal(format!("a stored file can't be read: {error}")))
}

pub(super) fn open(bytes: &[u8], charset: Charset) -> Result<Table, FileError> {
    intake::open(bytes, charset)
}

/// The rows of the file under its settled mapping. What lies in the past is judged by the moment
/// of the upload, so that the same file always gives the same rows: a worker that takes over from
/// another goes on by counting them.
pub(super) fn rows(
    import: &Import,
    settings: &Settings,
    table: &Table,
) -> AppResult<Result<Rows, Vec<MappingError>>> {
    let unmapped =
        || AppError::Conflict("The columns of this file are not settled yet.".to_owned());
    Ok(match import.kind {
        ImportKind::Placements => {
            let mapping: Mapping<PlacementField> = settings.mapping().ok_or_else(unmapped)?;
            placements::read(table, &mapping, today(import)).map(Rows::Placements)
        }
        ImportKind::Contacts => {
            let mapping: Mapping<ContactField> = settings.mapping().ok_or_else(unmapped)?;
            let reading = Reading {
                now: import.created_at,
                zone: settings.zone(),
                move_to_now: settings.move_to_now,
            };
            contacts::read(table, &mapping, reading).map(Rows::Contacts)
        }
        ImportKind::Dnc => return Err(AppError::NotFound),
    })
}

/// The date in UTC, which is never behind the date anywhere in the United States but Guam.
fn today(import: &Import) -> NaiveDate {
    import.created_at.as_naive_utc().date()
}
