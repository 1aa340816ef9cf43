//! The fourth step: the rows are saved in the background, some hundreds in each transaction, so
//! that a crash leaves whole chunks, a restart goes on behind them, and nobody waits long for the
//! database in between.

use chrono::Duration;
use serde_json::json;

use super::reading::{self, READERS, Rows, Settings};
use super::review::assess;
use super::{contacts, convert, find, settled};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::placing::{self, NewPlacement, Placed, Placing};
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::ImportId;
use crate::domain::import::{ImportKind, ImportStatus};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::store::Scope;
use crate::store::imports::{self, Import, ImportResult};

/// Rows in one transaction.
const CHUNK: usize = 500;

/// How long a worker that says nothing is believed to live.
const LEASE: Duration = Duration::seconds(60);

const WORKER: Actor = Actor::System("worker");

/// Starts saving. With errors in the file nothing starts unless `good_only` says that the rows
/// without errors shall be saved alone. Asking again for what is under way or done changes
/// nothing.
pub async fn commit(
    ctx: &Ctx,
    actor: Actor,
    scope: Scope,
    id: ImportId,
    good_only: bool,
) -> AppResult<()> {
    let _turn = READERS.acquire().await.map_err(AppError::internal)?;
    let ctx = ctx.clone();
    blocking(move || start(&ctx, &actor, scope, id, good_only)).await
}

/// [`commit`] on this thread.
pub fn start(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    id: ImportId,
    good_only: bool,
) -> AppResult<()> {
    let import = ctx.read(|conn| find(conn, scope, id))?;
    if is_started(import.status) {
        return Ok(());
    }
    if import.status != ImportStatus::Mapped {
        return Err(settled(import.status));
    }
    let (good, errors) = ctx.read(|conn| {
        let settings = Settings::of(&import);
        let table = reading::table(conn, &import, &settings)?;
        let rows = reading::rows(&import, &settings, &table)?
            .map_err(|_| settled(ImportStatus::Uploaded))?;
        let good = rows.good();
        let review = assess(conn, import.clone(), rows, ctx.now())?;
        Ok((good, review.with_errors))
    })?;
    if errors > 0 && !good_only {
        return Err(AppError::Conflict(format!(
            "{errors} of the rows have errors. Mend the file and upload it again, or import only \
             the rows without errors."
        )));
    }
    if good == 0 {
        return Err(AppError::Conflict(
            "No row of this file can be imported.".to_owned(),
        ));
    }
    ctx.write(actor, |tx| {
        let mut import = imports::lock(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
        if is_started(import.status) {
            return Ok(());
        }
        if import.status != ImportStatus::Mapped {
            return Err(settled(import.status));
        }
        let settings = Settings {
            good_only,
            good_rows: u32::try_from(good).unwrap_or(u32::MAX),
            started_by: Some(tx.actor.to_string()),
            started_at: Some(tx.now),
            ..Settings::of(&import)
        };
        import.status = ImportStatus::Committing;
        import.mapping = Some(settings.to_json()?);
        imports::update(tx.conn, &import)?;
        tx.record(
            NewEvent::of_creditor(import.creditor_id, EventKind::ImportStarted).body(json!({
                "import": import.id,
                "rows": good,
                "rows_left_out": errors,
            })),
        )?;
        Ok(())
    })
}

fn is_started(status: ImportStatus) -> bool {
    match status {
        ImportStatus::Committing | ImportStatus::Completed => true,
        ImportStatus::Uploaded
        | ImportStatus::Mapped
        | ImportStatus::Failed
        | ImportStatus::Discarded => false,
    }
}

/// Throws a file away that nothing was saved of. Its bytes are deleted.
pub fn discard(ctx: &Ctx, actor: &Actor, scope: Scope, id: ImportId) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let mut import = imports::lock(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
        match import.status {
            ImportStatus::Uploaded | ImportStatus::Mapped => {}
            ImportStatus::Discarded => return Ok(()),
            ImportStatus::Committing | ImportStatus::Completed | ImportStatus::Failed => {
                return Err(settled(import.status));
            }
        }
        import.status = ImportStatus::Discarded;
        import.finished_at = Some(tx.now);
        imports::update(tx.conn, &import)?;
        imports::delete_content(tx.conn, &import)?;
        tx.record(
            NewEvent::of_creditor(import.creditor_id, EventKind::ImportDiscarded)
                .body(json!({"import": import.id})),
        )?;
        Ok(())
    })
}

/// An import that this process is saving.
#[derive(Debug)]
pub struct Job {
    id: ImportId,
    settings: Settings,
    rows: Rows,
    actor: Actor,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    More,
    Done,
    /// Another process has taken over.
    Lost,
}

/// Takes an import that waits, if there is one, and reads its rows.
pub fn claim(ctx: &Ctx) -> AppResult<Option<Job>> {
    let process = &*ctx.process;
    let now = ctx.now();
    if !ctx.read(|conn| Ok(imports::is_any_claimable(conn, process, now)?))? {
        return Ok(None);
    }
    let claimed = ctx.write(&WORKER, |tx| {
        let Some(mut import) = imports::lock_claimable(tx.conn, process, tx.now)? else {
            return Ok(None);
        };
        import.claimed_by = Some(process.to_owned());
        import.claimed_until = Some(tx.now.plus(LEASE));
        imports::update(tx.conn, &import)?;
        Ok(Some(import))
    })?;
    let Some(import) = claimed else {
        return Ok(None);
    };
    match job(ctx, &import) {
        Ok(job) => Ok(Some(job)),
        Err(AppError::Busy(why)) => Err(AppError::Busy(why)),
        Err(error) => {
            fail(ctx, import.id, &error)?;
            Err(error)
        }
    }
}

fn job(ctx: &Ctx, import: &Import) -> AppResult<Job> {
    let settings = Settings::of(import);
    let table = ctx.read(|conn| reading::table(conn, import, &settings))?;
    let rows = reading::rows(import, &settings, &table)?
        .map_err(|_| AppError::internal("a file that is being imported has no mapping"))?;
    let actor = settings
        .started_by
        .as_deref()
        .and_then(|text| text.parse().ok())
        .unwrap_or(Actor::System("import"));
    Ok(Job {
        id: import.id,
        settings,
        rows,
        actor,
    })
}

impl Job {
    /// Saves the next rows. `Busy` may be tried again; after any other error the import has
    /// failed, and says so.
    pub fn step(&self, ctx: &Ctx) -> AppResult<Step> {
        let done = ctx.write(&self.actor, |tx| self.save_next(ctx, tx));
        match done {
            Ok((step, placing)) => {
                if let Some(placing) = placing {
                    placing.keep_stops(ctx)?;
                }
                Ok(step)
            }
            Err(AppError::Busy(why)) => Err(AppError::Busy(why)),
            Err(error) => {
                fail(ctx, self.id, &error)?;
                Err(error)
            }
        }
    }

    fn save_next(&self, ctx: &Ctx, tx: &mut Tx<'_>) -> AppResult<(Step, Option<Placing>)> {
        let mut import =
            imports::lock(tx.conn, Scope::Agency, self.id)?.ok_or(AppError::NotFound)?;
        let is_ours = import.claimed_by.as_deref() == Some(&*ctx.process);
        if import.status != ImportStatus::Committing || !is_ours {
            return Ok((Step::Lost, None));
        }
        let from = usize::try_from(import.next_row)
            .unwrap_or(0)
            .min(self.rows.good());
        let to = (from + CHUNK).min(self.rows.good());
        let (results, placing) = match &self.rows {
            Rows::Placements(intake) => {
                let rows = intake.rows.get(from..to).unwrap_or_default();
                let new: Vec<NewPlacement> = rows
                    .iter()
                    .map(|row| convert::placement(row, import.id))
                    .collect();
                let policy = ctx.policies.last_known().policy;
                let placing = placing::place(tx, &policy, import.creditor_id, &new)?;
                let results = rows
                    .iter()
                    .zip(&placing.outcomes)
                    .map(|(row, placed)| {
                        let is_new = matches!(placed, Placed::Created { .. });
                        (
                            row.line,
                            row.invoice_number.clone(),
                            placed.placement(),
                            is_new,
                        )
                    })
                    .collect();
                (results, Some(placing))
            }
            Rows::Contacts(intake) => {
                let rows = intake.rows.get(from..to).unwrap_or_default();
                let before = self.settings.started_at.unwrap_or(import.created_at);
                (contacts::save(tx, import.creditor_id, before, rows)?, None)
            }
        };
        keep_results(tx, &mut import, results)?;
        import.next_row = i32::try_from(to).unwrap_or(i32::MAX);
        import.claimed_until = Some(tx.now.plus(LEASE));
        let is_last = to == self.rows.good();
        if is_last {
            complete(tx, &mut import)?;
        }
        imports::update(tx.conn, &import)?;
        Ok((if is_last { Step::Done } else { Step::More }, placing))
    }
}

fn keep_results(
    tx: &mut Tx<'_>,
    import: &mut Import,
    results: Vec<contacts::RowOutcome>,
) -> AppResult<()> {
    let mut rows = Vec::with_capacity(results.len());
    for (line, invoice_number, placement, is_new) in results {
        if is_new {
            import.created_rows += 1;
        } else {
            import.duplicate_rows += 1;
        }
        rows.push(ImportResult {
            creditor_id: import.creditor_id,
            import_id: import.id,
            line: i32::try_from(line).unwrap_or(i32::MAX),
            outcome: if is_new { "created" } else { "duplicate" }.to_owned(),
            invoice_number,
            placement_id: Some(placement),
        });
    }
    imports::insert_results(tx.conn, &rows)?;
    Ok(())
}

fn complete(tx: &mut Tx<'_>, import: &mut Import) -> AppResult<()> {
    import.status = ImportStatus::Completed;
    import.finished_at = Some(tx.now);
    import.claimed_by = None;
    import.claimed_until = None;
    let outcome = json!({
        "import": import.id,
        "kind": import.kind.as_str(),
        "created": import.created_rows,
        "duplicates": import.duplicate_rows,
    });
    tx.record(NewEvent::of_creditor(import.creditor_id, EventKind::ImportCompleted).body(outcome))?;
    tx.announce(
        import.creditor_id,
        EventKind::ImportCompleted,
        import.id.as_str(),
        json!({
            "import_id": import.id,
            "kind": import.kind.as_str(),
            "created": import.created_rows,
            "duplicates": import.duplicate_rows,
        }),
    )
}

/// Notes that an import can't go on. What was saved stays, and the page says how much.
fn fail(ctx: &Ctx, id: ImportId, error: &AppError) -> AppResult<()> {
    tracing::error!(import = %id, %error, "an import failed");
    ctx.write(&WORKER, |tx| {
        let Some(mut import) = imports::lock(tx.conn, Scope::Agency, id)? else {
            return Ok(());
        };
        if import.status != ImportStatus::Committing {
            return Ok(());
        }
        import.status = ImportStatus::Failed;
        import.finished_at = Some(tx.now);
        import.claimed_by = None;
        import.claimed_until = None;
        import.error = Some(failure(&import));
        imports::update(tx.conn, &import)?;
        tx.record(
            NewEvent::of_creditor(import.creditor_id, EventKind::ImportFailed).body(json!({
                "import": import.id,
                "created": import.created_rows,
            })),
        )?;
        Ok(())
    })
}

/// What a person reads about a failed import; the fault itself is in the log.
fn failure(import: &Import) -> String {
    let what = match import.kind {
        ImportKind::Placements => "placements",
        ImportKind::Contacts => "contacts",
        ImportKind::Dnc => "numbers",
    };
    match import.created_rows {
        0 => "A fault of ours stopped the import before the first row. Upload the file again."
            .to_owned(),
        saved => format!(
            "A fault of ours stopped the import after {saved} {what} were saved. Upload the file \
             again: what is saved is recognised and left out."
        ),
    }
}

/// Saves everything that waits, on this thread: for the command line and tests. Returns how many
/// imports were finished.
pub fn run_all(ctx: &Ctx) -> AppResult<usize> {
    let mut finished = 0;
    while let Some(job) = claim(ctx)? {
        while job.step(ctx)? == Step::More {}
        finished += 1;
    }
    Ok(finished)
}
