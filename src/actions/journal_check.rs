//! Whether everything that any stop journal remembers is in the database: until then nothing is
//! dialled or sent.

use chrono::Duration;
use serde_json::json;

use super::ctx::Ctx;
use super::flags as learned;
use super::journal::{JournalContents, JournalEntry, Reconciled, Remembered};
use super::stops::{self, StopInput};
use super::tx::NewEvent;
use crate::db::{DbConn, Kind};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::StopJournalId;
use crate::domain::stop::{Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::stop_journals::{self, JournalRow};
use crate::store::{attempts, flags, stop_requests};

const JOURNAL: Actor = Actor::System("journal");

/// On PostgreSQL every process that takes stops has a journal of its own, and says every few
/// seconds that it is in the database. One that is silent for longer is missing.
const SILENT_AFTER: Duration = Duration::seconds(90);

/// Applies again every stop of this process's journal, and everything else in it that stops contact,
/// that the database lacks: after a restore
/// from a backup, or after a stop that could not be stored when it came. Then looks whether any
/// journal that the database knows of is missing or has become shorter.
pub fn reconcile(ctx: &Ctx) -> AppResult<Reconciled> {
    let _turn = ctx.journal.take_turn();
    let contents = read(ctx)?;
    let mut outcome = Reconciled {
        in_journal: contents.entries.len(),
        damaged_lines: contents.damaged_lines.len(),
        ..Reconciled::default()
    };
    for entry in lacking(ctx, &contents.entries)? {
        let applied = match &entry {
            Remembered::Stop(entry) => apply(ctx, entry),
            Remembered::Flag(entry) => ctx.write(&JOURNAL, |tx| learned::reapply(tx, entry)),
        };
        match applied {
            Ok(()) => outcome.reapplied += 1,
            Err(AppError::NotFound) => outcome.unknown_debtors += 1,
            Err(error) => return Err(error),
        }
        ctx.journal.release(entry.debtor());
    }
    let (id, _) = ctx.journal.standing().map_err(AppError::internal)?;
    let entries = i64::try_from(contents.entries.len()).unwrap_or(i64::MAX);
    let is_read = outcome.unknown_debtors == 0 && outcome.damaged_lines == 0;
    let kind = ctx.db.kind();
    ctx.write_quietly(&JOURNAL, |tx| {
        let expected = stop_journals::expected(tx.conn)?;
        look(&mut outcome, &expected, id, entries, kind, tx.now);
        // A folder of SQLite's is known from its beginning; on PostgreSQL a process that never
        // took a stop may come and go.
        let is_kept = entries > 0 || kind == Kind::Sqlite;
        if is_read && outcome.missing_entries == 0 && is_kept {
            stop_journals::confirm(tx.conn, id, entries, tx.now)?;
        }
        if outcome.reapplied > 0 {
            tx.record(
                NewEvent::of_platform(EventKind::JournalReapplied).body(json!({
                    "journal": id,
                    "entries": entries,
                    "reapplied": outcome.reapplied,
                    "unknown_debtors": outcome.unknown_debtors,
                    "damaged_lines": outcome.damaged_lines,
                    "missing_entries": outcome.missing_entries,
                    "missing_journals": outcome.missing_journals,
                })),
            )?;
        }
        Ok(())
    })?;
    ctx.journal.note(&outcome);
    Ok(outcome)
}

/// What is missing of the journals that the database knows of.
fn look(
    outcome: &mut Reconciled,
    expected: &[JournalRow],
    own: StopJournalId,
    entries: i64,
    kind: Kind,
    now: Instant,
) {
    for row in expected {
        if row.id == own {
            let missing = row.entries.saturating_sub(entries).max(0);
            outcome.missing_entries = usize::try_from(missing).unwrap_or(usize::MAX);
            continue;
        }
        let is_kept = match kind {
            // One process, one folder, one journal.
            Kind::Sqlite => false,
            Kind::Postgres => row.confirmed_at > now.minus(SILENT_AFTER),
        };
        outcome.missing_journals += usize::from(!is_kept);
    }
}

fn read(ctx: &Ctx) -> AppResult<JournalContents> {
    ctx.journal
        .read()
        .map_err(|error| AppError::internal(format!("the stop journal can't be read: {error}")))
}

/// The entries that the database knows nothing of.
fn lacking(ctx: &Ctx, entries: &[Remembered]) -> AppResult<Vec<Remembered>> {
    ctx.read(|conn| {
        let mut lacking = Vec::new();
        for entry in entries {
            if !is_known(conn, entry)? {
                lacking.push(entry.clone());
            }
        }
        Ok(lacking)
    })
}

/// Whether the database has what the journal remembers.
pub fn is_known(conn: &mut DbConn, entry: &Remembered) -> AppResult<bool> {
    Ok(match entry {
        Remembered::Stop(entry) => {
            stop_requests::find(conn, entry.creditor, entry.request)?.is_some()
        }
        Remembered::Flag(entry) => {
            flags::find(conn, entry.creditor, entry.debtor, entry.flag)?.is_some()
        }
    })
}

fn apply(ctx: &Ctx, entry: &JournalEntry) -> AppResult<()> {
    let input = StopInput {
        creditor: entry.creditor,
        debtor: entry.debtor,
        placement: entry.placement,
        scope: StopScope::from_word(&entry.scope).unwrap_or(StopScope::All),
        via: Medium::Journal,
        requester: Requester::Debtor,
        words: None,
        in_writing: false,
        verified: true,
        received_at: entry.received_at,
    };
    ctx.write(&JOURNAL, |tx| {
        let recorded = stops::apply(tx, entry.request, &input)?;
        // Another process may be at it; then the next stop of this debtor waits for it.
        if attempts::count_starting(tx.conn, entry.creditor, entry.debtor)? == 0 {
            stops::note_effective(tx, &recorded)?;
        }
        Ok(())
    })
}

/// Whether contact may be made at all: the clock can be believed, and everything that any journal
/// remembers is in the database. Compares the journals if that has not been done yet.
pub fn may_reach_anybody(ctx: &Ctx) -> AppResult<bool> {
    if !ctx.clock_watch.is_steady(&*ctx.clock) {
        return Ok(false);
    }
    if ctx.journal.is_compared() {
        return Ok(true);
    }
    let before = ctx.journal.outcome();
    let outcome = reconcile(ctx)?;
    if outcome.reapplied > 0 {
        tracing::warn!(
            reapplied = outcome.reapplied,
            "stops that the database had forgotten were applied again from the journal"
        );
    }
    // Asked for every second: told when it changes.
    if !outcome.is_whole() && before.as_ref() != Some(&outcome) {
        tracing::error!(
            unknown_debtors = outcome.unknown_debtors,
            damaged_lines = outcome.damaged_lines,
            missing_entries = outcome.missing_entries,
            missing_journals = outcome.missing_journals,
            "stops may be missing; nothing is dialled or sent until somebody signs that off"
        );
    }
    Ok(outcome.is_whole())
}

/// Says again that this process's journal is in the database, for processes without one.
pub fn confirm(ctx: &Ctx, conn: &mut DbConn, now: Instant) -> AppResult<()> {
    let (id, entries) = ctx.journal.standing().map_err(AppError::internal)?;
    if ctx.journal.is_confirmed() && entries > 0 {
        stop_journals::confirm(conn, id, i64::try_from(entries).unwrap_or(i64::MAX), now)?;
    }
    Ok(())
}

/// A person takes it on them that stops may be missing: what can be read stays, in a new journal;
/// what can't, and journals that are gone, are not waited for any more. Returns what was missing.
///
/// # Errors
/// `Conflict` where nothing is missing.
pub fn sign_off(ctx: &Ctx, actor: &Actor) -> AppResult<Reconciled> {
    let missing = reconcile(ctx)?;
    if missing.is_whole() {
        return Err(AppError::Conflict(
            "Every stop is in the database: there is nothing to sign off.".to_owned(),
        ));
    }
    let turn = ctx.journal.take_turn();
    let (own, _) = ctx.journal.standing().map_err(AppError::internal)?;
    let entries = read(ctx)?.entries;
    let kept = ctx.read(|conn| {
        let mut kept = Vec::with_capacity(entries.len());
        for entry in entries {
            if is_known(conn, &entry)? {
                kept.push(entry);
            }
        }
        Ok::<_, AppError>(kept)
    })?;
    let kind = ctx.db.kind();
    ctx.write(actor, |tx| {
        let by = tx.actor.to_string();
        let mut gone = Vec::new();
        for row in stop_journals::expected(tx.conn)? {
            let is_kept = kind == Kind::Postgres
                && row.id != own
                && row.confirmed_at > tx.now.minus(SILENT_AFTER);
            if !is_kept {
                stop_journals::sign_off(tx.conn, row.id, &by, tx.now)?;
                gone.push(row.id);
            }
        }
        tx.record(
            NewEvent::of_platform(EventKind::JournalSignedOff).body(json!({
                "journals": gone,
                "unknown_debtors": missing.unknown_debtors,
                "damaged_lines": missing.damaged_lines,
                "missing_entries": missing.missing_entries,
                "missing_journals": missing.missing_journals,
                "kept": kept.len(),
            })),
        )
        .map(drop)
    })?;
    let put_aside = ctx
        .journal
        .begin_anew(&kept, ctx.now())
        .map_err(|error| AppError::Busy(format!("the stop journal: {error}")))?;
    tracing::warn!(actor = %actor, put_aside, "a person signed off that stops may be missing");
    drop(turn);
    reconcile(ctx)?;
    Ok(missing)
}
