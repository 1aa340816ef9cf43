//! The second step: which column means what. Guessed from the headers and from the creditor's
//! last file, settled by a person, remembered for the next file.

use serde_json::Value;

use super::reading::{self, Settings};
use super::{find, settled};
use crate::actions::ctx::Ctx;
use crate::domain::actor::Actor;
use crate::domain::id::ImportId;
use crate::domain::import::{ImportKind, ImportStatus};
use crate::error::{AppError, AppResult};
use crate::intake::cell::DateOrder;
use crate::intake::contacts::ContactField;
use crate::intake::issue::excerpt;
use crate::intake::mapping::{self as intake, Confidence, Field, Mapping, MappingError};
use crate::intake::placements::PlacementField;
use crate::intake::table::Table;
use crate::store::Scope;
use crate::store::imports::{self, Import};

/// How many values of a column are shown.
const SAMPLES: usize = 3;

/// A field that a column can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldChoice {
    /// Its name in stored mappings and in the form.
    pub key: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub required: bool,
}

/// One column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub header: String,
    /// The first values that are not empty, short and safe to show.
    pub samples: Vec<String>,
    /// The key of the field it means.
    pub field: Option<&'static str>,
    /// Guessed from the header, as opposed to settled before.
    pub guessed: bool,
}

/// Everything the page of the columns shows.
#[derive(Debug, Clone)]
pub struct MappingView {
    pub import: Import,
    pub columns: Vec<Column>,
    pub fields: Vec<FieldChoice>,
    pub date_order: DateOrder,
    pub zone: Option<String>,
    /// At least one column is as in the creditor's last file.
    pub remembered: bool,
}

/// What was chosen: for each column, in the order of the file, the key of a field or nothing.
#[derive(Debug, Clone, Default)]
pub struct MappingForm {
    pub columns: Vec<Option<String>>,
    pub date_order: DateOrder,
    /// An IANA name.
    pub zone: Option<String>,
    /// The demonstration only: see [`Settings::move_to_now`].
    pub move_to_now: bool,
}

/// The fields that the columns of a file of this kind can mean.
pub fn fields(kind: ImportKind) -> Vec<FieldChoice> {
    match kind {
        ImportKind::Placements => choices::<PlacementField>(),
        ImportKind::Contacts => choices::<ContactField>(),
        ImportKind::Dnc => Vec::new(),
    }
}

fn choices<F: Field>() -> Vec<FieldChoice> {
    F::specs()
        .map(|spec| FieldChoice {
            key: spec.key,
            label: spec.label,
            help: spec.help,
            required: spec.required,
        })
        .collect()
}

/// The columns with what they are taken for.
pub fn mapping(ctx: &Ctx, scope: Scope, id: ImportId) -> AppResult<MappingView> {
    ctx.read(|conn| {
        let import = find(conn, scope, id)?;
        if !is_open(import.status) {
            return Err(settled(import.status));
        }
        let settings = Settings::of(&import);
        let table = reading::table(conn, &import, &settings)?;
        let remembered = imports::remembered(conn, import.creditor_id, import.kind)?;
        Ok(match import.kind {
            ImportKind::Placements => {
                view::<PlacementField>(import, &settings, &table, remembered.as_deref())
            }
            ImportKind::Contacts => {
                view::<ContactField>(import, &settings, &table, remembered.as_deref())
            }
            ImportKind::Dnc => return Err(AppError::NotFound),
        })
    })
}

/// Whether the columns may still be changed.
fn is_open(status: ImportStatus) -> bool {
    match status {
        ImportStatus::Uploaded | ImportStatus::Mapped => true,
        ImportStatus::Committing
        | ImportStatus::Completed
        | ImportStatus::Failed
        | ImportStatus::Discarded => false,
    }
}

fn view<F: Field>(
    import: Import,
    settings: &Settings,
    table: &Table,
    remembered: Option<&str>,
) -> MappingView {
    let before = settings.mapping::<F>();
    let of_last_file: Option<Mapping<F>> =
        remembered.and_then(|text| serde_json::from_str(text).ok());
    let known = before.as_ref().or(of_last_file.as_ref());
    let guesses = intake::guess(table.headers(), known);
    let is_remembered = before.is_none()
        && guesses
            .iter()
            .any(|guess| guess.confidence == Some(Confidence::Remembered));
    let columns = guesses
        .into_iter()
        .enumerate()
        .map(|(column, guess)| Column {
            samples: samples(table, column),
            field: guess.field.and_then(key_of),
            guessed: matches!(
                guess.confidence,
                Some(Confidence::Likely | Confidence::Certain)
            ),
            header: guess.header,
        })
        .collect();
    MappingView {
        fields: choices::<F>(),
        columns,
        date_order: known.map(|mapping| mapping.date_order).unwrap_or_default(),
        zone: settings.zone.clone(),
        remembered: is_remembered,
        import,
    }
}

fn key_of<F: Field>(field: F) -> Option<&'static str> {
    F::specs().nth(field.index()).map(|spec| spec.key)
}

fn samples(table: &Table, column: usize) -> Vec<String> {
    table
        .rows()
        .map(|row| row.cell(column).trim())
        .filter(|cell| !cell.is_empty())
        .take(SAMPLES)
        .map(excerpt)
        .collect()
}

/// Settles the columns. The inner error says what doesn't fit, each a sentence; nothing is
/// changed then.
pub fn map(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: ImportId,
    form: &MappingForm,
) -> AppResult<Result<(), Vec<MappingError>>> {
    let (import, table) = ctx.read(|conn| {
        let import = find(conn, scope, id)?;
        if !is_open(import.status) {
            return Err(settled(import.status));
        }
        let table = reading::table(conn, &import, &Settings::of(&import))?;
        Ok((import, table))
    })?;
    let mapping = match import.kind {
        ImportKind::Placements => chosen::<PlacementField>(&table, form)?,
        ImportKind::Contacts => chosen::<ContactField>(&table, form)?,
        ImportKind::Dnc => return Err(AppError::NotFound),
    };
    let settings = Settings {
        mapping: Some(mapping.clone()),
        zone: form.zone.clone(),
        move_to_now: form.move_to_now,
        ..Settings::of(&import)
    };
    if let Err(errors) = reading::rows(&import, &settings, &table)? {
        return Ok(Err(errors));
    }
    let text = settings.to_json()?;
    ctx.write(actor, |tx| {
        let mut import = imports::lock(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
        if !is_open(import.status) {
            return Err(settled(import.status));
        }
        import.status = ImportStatus::Mapped;
        import.mapping = Some(text);
        imports::update(tx.conn, &import)?;
        imports::remember(
            tx.conn,
            import.creditor_id,
            import.kind,
            &mapping.to_string(),
            tx.now,
        )?;
        Ok(())
    })?;
    Ok(Ok(()))
}

/// The mapping as JSON. Keys that name no field are `Invalid`: the page offers none such.
fn chosen<F: Field>(table: &Table, form: &MappingForm) -> AppResult<Value> {
    let mut columns = std::collections::BTreeMap::new();
    for (column, header) in table.headers().iter().enumerate() {
        let key = form.columns.get(column).and_then(Option::as_ref);
        let field: Option<F> = key
            .map(|key| serde_json::from_value(Value::String(key.clone())))
            .transpose()
            .map_err(|_| AppError::invalid("column", "There is no such field."))?;
        columns.insert(header.clone(), field);
    }
    Ok(serde_json::to_value(Mapping {
        columns,
        date_order: form.date_order,
    })?)
}
