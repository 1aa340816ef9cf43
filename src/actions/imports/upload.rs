//! The first step: a file arrives.

use serde_json::json;

use super::reading::{self, Settings};
use crate::actions::ctx::Ctx;
use crate::actions::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::hash::sha256_hex;
use crate::domain::id::{CreditorId, ImportId};
use crate::domain::import::{ImportKind, ImportStatus};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::intake::issue::is_invisible;
use crate::store::creditors;
use crate::store::imports::{self, Import};

/// The longest file name that is kept, in characters.
const NAME_CHARS: usize = 120;

/// A file as somebody sends it.
#[derive(Debug)]
pub struct Upload {
    pub creditor: CreditorId,
    pub kind: ImportKind,
    pub file_name: String,
    pub bytes: Vec<u8>,
    pub windows_1252: bool,
}

/// Takes a file if it can be read as a table at all; `Invalid` on `file` says why not. Nothing of
/// a file that can't be read is kept.
pub fn upload(ctx: &Ctx, actor: &Actor, upload: &Upload) -> AppResult<ImportId> {
    let settings = Settings {
        windows_1252: upload.windows_1252,
        ..Settings::default()
    };
    let table = reading::open(&upload.bytes, settings.charset())
        .map_err(|error| AppError::invalid("file", error.to_string()))?;
    let total = table.len() + table.rejected().len();
    if total == 0 {
        return Err(AppError::invalid(
            "file",
            "The file has a header row and nothing below it.",
        ));
    }
    let settings = settings.to_json()?;
    let sha256 = sha256_hex(&upload.bytes);
    ctx.write(actor, |tx| {
        creditors::by_id(tx.conn, upload.creditor)?.ok_or(AppError::NotFound)?;
        let import = Import {
            creditor_id: upload.creditor,
            id: ImportId::generate(tx.now),
            kind: upload.kind,
            status: ImportStatus::Uploaded,
            file_name: plain_name(&upload.file_name),
            sha256: sha256.clone(),
            mapping: Some(settings.clone()),
            total_rows: i32::try_from(total).unwrap_or(i32::MAX),
            next_row: 0,
            created_rows: 0,
            duplicate_rows: 0,
            claimed_by: None,
            claimed_until: None,
            error: None,
            created_by: tx.actor.to_string(),
            created_at: tx.now,
            finished_at: None,
            version: 1,
        };
        imports::insert(tx.conn, &import, &upload.bytes)?;
        tx.record(
            NewEvent::of_creditor(upload.creditor, EventKind::ImportUploaded)
                .body(json!({
                    "import": import.id,
                    "kind": upload.kind.as_str(),
                    "sha256": sha256,
                    "rows": total,
                }))
                .detail(json!({"file": import.file_name})),
        )?;
        Ok(import.id)
    })
}

/// The last part of whatever path a browser sends, short and fit to be shown.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !is_invisible(*c))
        .take(NAME_CHARS)
        .collect();
    match plain.trim() {
        "" => "file.csv".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn only_the_last_part_of_a_name_is_kept() {
        assert_eq!(plain_name("C:\\files\\June\u{202E}.csv"), "June.csv");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("dir/"), "file.csv");
        assert_eq!(plain_name(&"x".repeat(500)).len(), 120);
    }
}
