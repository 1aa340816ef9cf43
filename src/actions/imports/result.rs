//! The last step: files that say what is wrong with each row, and what became of it.

use super::find;
use super::reading::{self, READERS, Rows, Settings};
use super::review::assess;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::id::ImportId;
use crate::domain::import::ImportStatus;
use crate::error::{AppError, AppResult};
use crate::intake::export::CsvWriter;
use crate::intake::issue::RowIssue;
use crate::store::Scope;
use crate::store::imports::{self, Import};

/// Errors and warnings, row by row: line, column, value, what is wrong, effect.
pub async fn problems_csv(ctx: &Ctx, scope: Scope, id: ImportId) -> AppResult<Vec<u8>> {
    let _turn = READERS.acquire().await.map_err(AppError::internal)?;
    let ctx = ctx.clone();
    blocking(move || {
        let review = ctx.read(|conn| {
            let import = find(conn, scope, id)?;
            let rows = rows(conn, &import)?;
            assess(conn, import, rows, ctx.now())
        })?;
        let mut csv = CsvWriter::new(Vec::new()).map_err(AppError::internal)?;
        csv.row(["line", "column", "value", "what is wrong", "effect"])
            .map_err(AppError::internal)?;
        let errors = review.errors.listed().iter().map(|issue| (issue, "error"));
        let warnings = review.warnings.listed().iter();
        for (issue, effect) in errors.chain(warnings.map(|issue| (issue, "warning"))) {
            csv.row([
                issue.line.to_string().as_str(),
                &issue.column,
                &issue.value,
                &issue.message,
                effect,
            ])
            .map_err(AppError::internal)?;
        }
        csv.finish().map_err(AppError::internal)
    })
    .await
}

/// What became of each row: line, invoice, outcome, placement, link, and why where it was left
/// out.
pub async fn result_csv(ctx: &Ctx, scope: Scope, id: ImportId) -> AppResult<Vec<u8>> {
    let _turn = READERS.acquire().await.map_err(AppError::internal)?;
    let ctx = ctx.clone();
    blocking(move || {
        let (results, left_out) = ctx.read(|conn| {
            let import = find(conn, scope, id)?;
            match import.status {
                ImportStatus::Completed | ImportStatus::Failed => {}
                ImportStatus::Uploaded
                | ImportStatus::Mapped
                | ImportStatus::Committing
                | ImportStatus::Discarded => return Err(AppError::NotFound),
            }
            let results = imports::results(conn, &import)?;
            let left_out = if Settings::of(&import).good_only {
                let rows = rows(conn, &import)?;
                let review = assess(conn, import, rows, ctx.now())?;
                review.errors.listed().to_vec()
            } else {
                Vec::new()
            };
            Ok((results, left_out))
        })?;
        let mut csv = CsvWriter::new(Vec::new()).map_err(AppError::internal)?;
        let header = [
            "line",
            "invoice_number",
            "outcome",
            "placement_id",
            "link",
            "why",
        ];
        csv.row(header).map_err(AppError::internal)?;
        for row in results {
            let placement = row
                .placement_id
                .map(|id| id.to_string())
                .unwrap_or_default();
            let link = format!("{}/placements/{placement}", ctx.public_url);
            csv.row([
                row.line.to_string().as_str(),
                &row.invoice_number,
                &row.outcome,
                &placement,
                &link,
                "",
            ])
            .map_err(AppError::internal)?;
        }
        for issue in left_out {
            csv.row([
                issue.line.to_string().as_str(),
                "",
                "left out",
                "",
                "",
                &why(&issue),
            ])
            .map_err(AppError::internal)?;
        }
        csv.finish().map_err(AppError::internal)
    })
    .await
}

/// `"Balance": "12.345" has more than two decimals`
fn why(issue: &RowIssue) -> String {
    let text = issue.to_string();
    let prefix = format!("Line {}, ", issue.line);
    text.strip_prefix(&prefix).unwrap_or(&text).to_owned()
}

fn rows(conn: &mut crate::db::DbConn, import: &Import) -> AppResult<Rows> {
    let settings = Settings::of(import);
    let table = reading::table(conn, import, &settings)?;
    reading::rows(import, &settings, &table)?
        .map_err(|_| AppError::Conflict("The columns of this file don\u{2019}t fit.".to_owned()))
}
