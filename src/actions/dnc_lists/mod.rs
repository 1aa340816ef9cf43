//! Do-not-call lists that are kept whole: the national registry, a state's.
//!
//! A load reads the file, puts its numbers in order, and writes a new version of the list beside
//! the one in force, in short transactions, so that stops and hand-offs never wait for it. The
//! last transaction puts the new version in force. Until then nothing of it counts; a load that
//! fails, or whose process dies, leaves the list as it was. What debtors asked for themselves is
//! kept elsewhere and no list touches it.

mod arriving;
mod cleaning;
mod merge;
mod sorter;

use std::io::BufRead;
use std::time::{Duration, Instant as Monotonic};

use chrono::{Duration as Span, NaiveDate};
use serde_json::json;

pub use arriving::{Arrived, begin_in_background};
pub use cleaning::sweep;
use merge::Merge;
use sorter::{Sorted, Sorter};

use super::ctx::Ctx;
use super::dnc::DncScope;
use super::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::DncLoadId;
use crate::error::{AppError, AppResult};
use crate::intake::dnc::{DncLine, DncReader};
use crate::store::dnc_lists::{self, BlockRow, Counts, LoadRow};

/// Blocks in one transaction: some ten milliseconds.
const BLOCKS: usize = 2_000;

/// A load that hasn't said anything for so long has died.
const LEASE: Span = Span::seconds(60);

/// How often a load says how far it is.
const REPORT: Duration = Duration::from_secs(1);

/// How many lines are read between two looks at the clock.
const LINES: u64 = 20_000;

/// Who keeps a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListSource {
    /// The national registry.
    Federal,
    State,
    /// Anybody else.
    Internal,
}

impl ListSource {
    const fn word(self) -> &'static str {
        match self {
            Self::Federal => "federal",
            Self::State => "state",
            Self::Internal => "internal",
        }
    }
}

/// A file that is to become a list's next version.
#[derive(Debug, Clone)]
pub struct NewLoad {
    pub scope: DncScope,
    /// The list's name, which is how it is found again: "National registry".
    pub list: String,
    pub source: ListSource,
    pub file_name: String,
    /// The day whose state the file shows.
    pub as_of: NaiveDate,
    /// The last day on which the list holds, if it ends by itself.
    pub expires_on: Option<NaiveDate>,
    /// The file's length in bytes, where it is known.
    pub bytes: Option<u64>,
}

/// How far a load is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Bytes of the file.
    Reading { bytes: u64 },
    /// Numbers of the new version.
    Writing { numbers: u64 },
}

/// Begins a load: from now on it can be seen, and no other one of the same list can begin.
///
/// # Errors
/// [`AppError::Invalid`] for a name or a day that doesn't fit, [`AppError::Conflict`] while
/// another load of the list is under way.
pub fn begin(ctx: &Ctx, actor: &Actor, new: &NewLoad) -> AppResult<DncLoadId> {
    sweep(ctx)?;
    let list = new.list.trim();
    if list.is_empty() || list.chars().count() > 100 {
        return Err(AppError::invalid(
            "list",
            "Name the list in at most 100 characters.",
        ));
    }
    // A day's grace: it may be tomorrow already where the file was made.
    if new.as_of > ctx.now().plus(Span::days(1)).as_naive_utc().date() {
        return Err(AppError::invalid("as_of", "This day is still to come."));
    }
    ctx.write(actor, |tx| {
        let scope = new.scope.word();
        if dnc_lists::loading(tx.conn, &scope, list)?.is_some() {
            return Err(AppError::Conflict(format!(
                "A load of \u{201c}{list}\u{201d} is under way."
            )));
        }
        let id = DncLoadId::generate(tx.now);
        let load = LoadRow {
            id,
            version: dnc_lists::next_version(tx.conn)?,
            scope,
            list: list.to_owned(),
            source: new.source.word().to_owned(),
            mode: "full".to_owned(),
            file_name: new.file_name.clone(),
            status: "loading".to_owned(),
            has_blocks: true,
            as_of: new.as_of,
            expires_on: new.expires_on,
            numbers: 0,
            added: 0,
            removed: 0,
            invalid: 0,
            bytes_read: 0,
            bytes_total: new.bytes.and_then(|bytes| i64::try_from(bytes).ok()),
            error: None,
            claimed_by: ctx.process.to_string(),
            claimed_until: tx.now.plus(LEASE),
            created_by: tx.actor.to_string(),
            created_at: tx.now,
            finished_at: None,
        };
        dnc_lists::insert(tx.conn, &load)?;
        Ok(id)
    })
}

/// Reads the file of a load that was begun, and puts the list in force. If anything goes wrong
/// the list stays as it was, and the load says why.
pub fn run(
    ctx: &Ctx,
    actor: &Actor,
    id: DncLoadId,
    file: impl BufRead,
    report: &mut dyn FnMut(Progress),
) -> AppResult<LoadRow> {
    let done = Running {
        ctx,
        actor,
        id,
        report,
        reported: Monotonic::now(),
        bytes: 0,
    }
    .run(file);
    if let Err(error) = &done {
        let why = match error {
            AppError::Invalid(fields) => fields
                .iter()
                .next()
                .map_or_else(String::new, |field| field.message.clone()),
            AppError::Conflict(why) => why.clone(),
            // A fault of ours; its text is for the log.
            _ => "The load failed. Nothing of it counts; try again.".to_owned(),
        };
        ctx.write(actor, |tx| Ok(dnc_lists::fail(tx.conn, id, &why, tx.now)?))?;
        sweep(ctx)?;
    }
    done
}

/// Takes back the load of a list that is in force: what was in force before it is again. If there
/// is nothing, the list ends.
///
/// # Errors
/// [`AppError::NotFound`] if there is no such load, [`AppError::Conflict`] if it is not in force.
pub fn undo(ctx: &Ctx, actor: &Actor, id: DncLoadId) -> AppResult<Option<LoadRow>> {
    let back = ctx.write(actor, |tx| {
        let load = dnc_lists::find(tx.conn, id)?.ok_or(AppError::NotFound)?;
        if !dnc_lists::turn(tx.conn, id, "active", "undone")? {
            return Err(AppError::Conflict(
                "This load is not in force any more.".to_owned(),
            ));
        }
        let back = dnc_lists::previous(tx.conn, &load.scope, &load.list)?;
        if let Some(back) = &back {
            dnc_lists::turn(tx.conn, back.id, "replaced", "active")?;
        }
        tx.record(NewEvent::of_platform(EventKind::DncLoadUndone).body(json!({
            "load": id,
            "list": load.list,
            "scope": load.scope,
            "numbers": load.numbers,
            "back_to": back.as_ref().map(|back| back.id),
        })))?;
        Ok(back)
    })?;
    sweep(ctx)?;
    Ok(back)
}

/// A load at work.
struct Running<'a> {
    ctx: &'a Ctx,
    actor: &'a Actor,
    id: DncLoadId,
    report: &'a mut dyn FnMut(Progress),
    reported: Monotonic,
    /// Read so far.
    bytes: u64,
}

impl Running<'_> {
    fn run(&mut self, file: impl BufRead) -> AppResult<LoadRow> {
        let load = self
            .ctx
            .read(|conn| Ok(dnc_lists::find(conn, self.id)?))?
            .ok_or(AppError::NotFound)?;
        let (numbers, is_change_list, invalid) = self.sorted(file)?;
        let base = self
            .ctx
            .read(|conn| Ok(dnc_lists::active(conn, &load.scope, &load.list)?))?;
        if is_change_list && base.is_none() {
            return Err(AppError::invalid(
                "file",
                "This file says what changed, and the list itself isn't loaded. Load the full list first.",
            ));
        }
        let base_version = base.as_ref().map(|base| base.version);
        let merge = Merge::new(self.ctx, numbers, base_version, is_change_list);
        let counts = Counts {
            invalid,
            ..self.write(load.version, merge)?
        };
        self.put_in_force(&load, base.as_ref(), is_change_list, &counts)
    }

    /// Reads the whole file and puts its numbers in order.
    fn sorted(&mut self, file: impl BufRead) -> AppResult<(Sorted, bool, i64)> {
        let mut reader =
            DncReader::new(file).map_err(|error| AppError::invalid("file", error.to_string()))?;
        let is_change_list = reader.is_change_list();
        let mut sorter = Sorter::new(&self.ctx.data_dir);
        let (mut lines, mut valid, mut invalid) = (0_u64, 0_i64, 0_i64);
        let mut first_problem = None;
        while let Some(line) = reader.next() {
            match line.map_err(cut_short)? {
                DncLine::Entry(entry) => {
                    sorter
                        .push(entry.number, entry.change)
                        .map_err(AppError::internal)?;
                    valid += 1;
                }
                DncLine::Invalid(issue) => {
                    first_problem.get_or_insert(issue);
                    invalid += 1;
                }
            }
            lines += 1;
            if lines.is_multiple_of(LINES) {
                self.bytes = reader.bytes_read();
                let bytes = self.bytes;
                self.say(Progress::Reading { bytes })?;
            }
        }
        self.bytes = reader.bytes_read();
        // A full list replaces the one in force: a file that is something else must not lift it.
        if valid <= invalid {
            let example = first_problem.map_or_else(String::new, |issue| format!(" {issue}"));
            return Err(AppError::invalid(
                "file",
                format!(
                    "This doesn't look like a list of numbers: {invalid} lines hold none.{example}"
                ),
            ));
        }
        let sorted = sorter.sorted().map_err(AppError::internal)?;
        Ok((sorted, is_change_list, invalid))
    }

    fn write(&mut self, version: i64, mut merge: Merge<'_>) -> AppResult<Counts> {
        let mut batch = Vec::with_capacity(BLOCKS);
        loop {
            let block = merge.next_block()?;
            let is_last = block.is_none();
            if let Some((prefix, block)) = block {
                batch.push(BlockRow {
                    version,
                    prefix,
                    lines: block.into_bytes(),
                });
            }
            if batch.len() == BLOCKS || (is_last && !batch.is_empty()) {
                self.ctx.write(self.actor, |tx| {
                    Ok(dnc_lists::insert_blocks(tx.conn, &batch)?)
                })?;
                batch.clear();
                let numbers = merge.counts().numbers.unsigned_abs();
                self.say(Progress::Writing { numbers })?;
            }
            if is_last {
                return Ok(merge.counts());
            }
        }
    }

    fn put_in_force(
        &self,
        load: &LoadRow,
        base: Option<&LoadRow>,
        is_change_list: bool,
        counts: &Counts,
    ) -> AppResult<LoadRow> {
        let moved_on = || AppError::Conflict("The list was changed meanwhile.".to_owned());
        let mode = if is_change_list { "change" } else { "full" };
        let done = self.ctx.write(self.actor, |tx| {
            let now_active = dnc_lists::active(tx.conn, &load.scope, &load.list)?;
            if now_active.as_ref().map(|now| now.id) != base.map(|base| base.id) {
                return Err(moved_on());
            }
            if let Some(base) = base {
                dnc_lists::turn(tx.conn, base.id, "active", "replaced")?;
            }
            dnc_lists::set_mode(tx.conn, load.id, mode)?;
            if dnc_lists::activate(tx.conn, load.id, counts, tx.now)? == 0 {
                return Err(moved_on());
            }
            tx.record(NewEvent::of_platform(EventKind::DncListLoaded).body(json!({
                "load": load.id,
                "list": load.list,
                "scope": load.scope,
                "mode": mode,
                "as_of": load.as_of,
                "numbers": counts.numbers,
                "added": counts.added,
                "removed": counts.removed,
                "invalid": counts.invalid,
            })))?;
            dnc_lists::find(tx.conn, load.id)?.ok_or(AppError::NotFound)
        })?;
        sweep(self.ctx)?;
        Ok(done)
    }

    /// Tells the caller and, once a second, everybody.
    fn say(&mut self, progress: Progress) -> AppResult<()> {
        if self.reported.elapsed() < REPORT {
            return Ok(());
        }
        self.reported = Monotonic::now();
        (self.report)(progress);
        let bytes = i64::try_from(self.bytes).unwrap_or(i64::MAX);
        let is_ours = self.ctx.write(self.actor, |tx| {
            let until = tx.now.plus(LEASE);
            Ok(dnc_lists::renew(tx.conn, self.id, bytes, until)?)
        })?;
        if is_ours {
            Ok(())
        } else {
            Err(AppError::Conflict("This load was given up.".to_owned()))
        }
    }
}

/// The file could not be read to its end.
fn cut_short(error: std::io::Error) -> AppError {
    AppError::invalid(
        "file",
        format!("The file could not be read to its end: {error}."),
    )
}

/// The load of a list that is in force.
pub fn in_force(ctx: &Ctx, scope: DncScope, list: &str) -> AppResult<Option<LoadRow>> {
    ctx.read(|conn| Ok(dnc_lists::active(conn, &scope.word(), list)?))
}
