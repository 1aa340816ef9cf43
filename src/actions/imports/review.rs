//! The third step: what the file would do, before it does it.

use std::collections::{HashMap, HashSet};

use super::contacts::Matching;
use super::reading::{self, READERS, Rows, Settings};
use super::{find, settled};
use crate::actions::ctx::Ctx;
use crate::actions::placing::invoice_key;
use crate::db::DbConn;
use crate::domain::id::{CreditorId, ImportId, PlacementId};
use crate::domain::import::ImportStatus;
use crate::domain::money::Cents;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::intake::issue::Issues;
use crate::intake::placements::Intake;
use crate::store::Scope;
use crate::store::imports::Import;
use crate::store::placing;

/// How many keys are looked up in one query.
pub(super) const LOOK_UP: usize = 500;

/// What importing the file would come to now.
#[derive(Debug, Clone)]
pub struct Review {
    pub import: Import,
    /// Rows that would be saved.
    pub ready: usize,
    /// Rows that have errors.
    pub with_errors: usize,
    /// Rows that are on file already.
    pub duplicates: Vec<Duplicate>,
    /// The sum of the rows that would be saved; none for contacts.
    pub total: Option<Cents>,
    pub errors: Issues,
    pub warnings: Issues,
}

/// A row that is on file already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    pub line: u32,
    pub invoice_number: String,
    /// Who owes, or what the contact was.
    pub about: String,
    pub placement: PlacementId,
}

/// Reads the whole file and compares it with what is on file.
pub async fn review(ctx: &Ctx, scope: Scope, id: ImportId) -> AppResult<Review> {
    let _turn = READERS.acquire().await.map_err(AppError::internal)?;
    let ctx = ctx.clone();
    crate::actions::blocking(move || ctx.read(|conn| look_through(conn, scope, id, ctx.now())))
        .await
}

fn look_through(conn: &mut DbConn, scope: Scope, id: ImportId, now: Instant) -> AppResult<Review> {
    let import = find(conn, scope, id)?;
    if import.status != ImportStatus::Mapped {
        return Err(settled(import.status));
    }
    let settings = Settings::of(&import);
    let table = reading::table(conn, &import, &settings)?;
    let rows = reading::rows(&import, &settings, &table)?
        .map_err(|_| AppError::Conflict("The columns of this file don\u{2019}t fit.".to_owned()))?;
    assess(conn, import, rows, now)
}

/// What the rows come to beside what is on file.
pub(super) fn assess(
    conn: &mut DbConn,
    import: Import,
    rows: Rows,
    now: Instant,
) -> AppResult<Review> {
    let with_errors = rows.in_file() - rows.good();
    match rows {
        Rows::Placements(intake) => {
            let duplicates = placed_before(conn, import.creditor_id, &intake)?;
            let lines: HashSet<u32> = duplicates.iter().map(|row| row.line).collect();
            let total = intake
                .rows
                .iter()
                .filter(|row| !lines.contains(&row.line))
                .try_fold(Cents::default(), |sum, row| sum.checked_add(row.amount));
            Ok(Review {
                import,
                ready: intake.rows.len() - duplicates.len(),
                with_errors,
                duplicates,
                total,
                errors: intake.errors,
                warnings: intake.warnings,
            })
        }
        Rows::Contacts(intake) => {
            let mut errors = intake.errors;
            let matching = Matching::find(conn, import.creditor_id, &intake.rows)?;
            let unmatched = matching.unmatched(&intake.rows);
            let without_placement = unmatched.len();
            errors.extend(unmatched);
            errors.sort_by_line();
            let duplicates = matching.duplicates(conn, import.creditor_id, now, &intake.rows)?;
            Ok(Review {
                import,
                ready: intake.rows.len() - without_placement - duplicates.len(),
                with_errors: with_errors + without_placement,
                duplicates,
                total: None,
                errors,
                warnings: intake.warnings,
            })
        }
    }
}

fn placed_before(
    conn: &mut DbConn,
    creditor: CreditorId,
    intake: &Intake,
) -> AppResult<Vec<Duplicate>> {
    let mut duplicates = Vec::new();
    for rows in intake.rows.chunks(LOOK_UP) {
        let keys: Vec<String> = rows
            .iter()
            .map(|row| invoice_key(&row.invoice_number))
            .collect();
        let on_file: HashMap<String, PlacementId> = placing::by_invoice(conn, creditor, &keys)?
            .into_iter()
            .map(|(key, placement, _)| (key, placement))
            .collect();
        duplicates.extend(rows.iter().zip(&keys).filter_map(|(row, key)| {
            Some(Duplicate {
                line: row.line,
                invoice_number: row.invoice_number.clone(),
                about: row.debtor.name.clone(),
                placement: *on_file.get(key)?,
            })
        }));
    }
    Ok(duplicates)
}
