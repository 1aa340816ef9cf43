//! Working the desk's tasks: taken, put back, finished with a note, opened again.

use chrono::Duration;
use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, EventId, PlacementId, TaskId};
use crate::error::{AppError, AppResult};
use crate::store::Scope;
use crate::store::tasks::{self, Listed, Task};

/// Characters of a note that are kept.
const LONGEST_NOTE: usize = 2_000;

/// A task as somebody saw it, and what they may see.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    pub scope: Scope,
    pub id: TaskId,
    /// The task's version when it was shown; without one it is taken as it is.
    pub version: Option<i64>,
}

/// A task that the program opens for the desk.
#[derive(Debug)]
pub(super) struct NewTask<'a> {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub placement: Option<PlacementId>,
    pub kind: &'a str,
    pub title: String,
    /// When a person should have done it.
    pub within: Duration,
    /// The event it follows from.
    pub cause: Option<EventId>,
}

/// Opens a task, in the trail as well.
pub(super) fn open(tx: &mut Tx<'_>, new: NewTask<'_>) -> AppResult<()> {
    let task = Task {
        creditor_id: new.creditor,
        id: TaskId::generate(tx.now),
        debtor_id: Some(new.debtor),
        placement_id: new.placement,
        kind: new.kind.to_owned(),
        title: new.title,
        due_at: Some(tx.now.plus(new.within)),
        status: "open".to_owned(),
        done_by: None,
        done_at: None,
        note: None,
        created_at: tx.now,
        version: 1,
    };
    tasks::insert(tx.conn, &task)?;
    let mut opened = NewEvent::of_creditor(new.creditor, EventKind::TaskOpened)
        .debtor(new.debtor)
        .body(json!({"task": task.id, "kind": task.kind}));
    opened.placement = new.placement;
    opened.cause = new.cause;
    tx.record(opened).map(drop)
}

/// Takes an open task into one's own hands. Taking it again changes nothing.
///
/// # Errors
/// `Conflict` when somebody else has it, or it is done.
pub fn take(ctx: &Ctx, actor: &Actor, seen: Seen) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let Listed { task, work, .. } = open_task(tx, seen)?;
        let by = tx.actor.to_string();
        match work.taken_by {
            Some(holder) if holder == by => return Ok(()),
            Some(_) => {
                return Err(AppError::Conflict(
                    "Somebody else has taken this task. Nothing was changed.".to_owned(),
                ));
            }
            None => {}
        }
        let now = tx.now;
        changed_one(tasks::set_taken(tx.conn, &task, Some((&by, now)))?)?;
        record(tx, &task, EventKind::TaskTaken, None)
    })
}

/// Puts a task back for others to take. One that nobody holds stays as it is.
///
/// # Errors
/// `Conflict` when it is done.
pub fn put_back(ctx: &Ctx, actor: &Actor, seen: Seen) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let Listed { task, work, .. } = open_task(tx, seen)?;
        if work.taken_by.is_none() {
            return Ok(());
        }
        changed_one(tasks::set_taken(tx.conn, &task, None)?)?;
        record(tx, &task, EventKind::TaskPutBack, None)
    })
}

/// Finishes a task. The note says what was done, and is required.
///
/// # Errors
/// `Invalid` without a note; `Conflict` when it is done already or has changed.
pub fn finish(ctx: &Ctx, actor: &Actor, seen: Seen, note: &str) -> AppResult<()> {
    let note = checked(note, "Say what was done, for whoever looks at it later.")?;
    ctx.write(actor, |tx| {
        let Listed { task, .. } = open_task(tx, seen)?;
        let by = tx.actor.to_string();
        changed_one(tasks::complete(tx.conn, &task, &by, note, tx.now)?)?;
        record(tx, &task, EventKind::TaskDone, Some(note))
    })
}

/// Opens a finished task again. The note says why, and is required.
///
/// # Errors
/// `Invalid` without a note; `Conflict` when it is open already or has changed.
pub fn reopen(ctx: &Ctx, actor: &Actor, seen: Seen, note: &str) -> AppResult<()> {
    let note = checked(note, "Say why it has to be done again.")?;
    ctx.write(actor, |tx| {
        let Listed { task, .. } = find(tx, seen)?;
        if task.status != "done" {
            return Err(AppError::Conflict(
                "This task is open already. Nothing was changed.".to_owned(),
            ));
        }
        check_version(&task, seen)?;
        let by = tx.actor.to_string();
        changed_one(tasks::reopen(tx.conn, &task, &by, tx.now)?)?;
        record(tx, &task, EventKind::TaskReopened, Some(note))
    })
}

fn find(tx: &mut Tx<'_>, seen: Seen) -> AppResult<Listed> {
    tasks::find(tx.conn, seen.scope, seen.id)?.ok_or(AppError::NotFound)
}

fn open_task(tx: &mut Tx<'_>, seen: Seen) -> AppResult<Listed> {
    let found = find(tx, seen)?;
    if found.task.status != "open" {
        return Err(AppError::Conflict(
            "This task is done already. Nothing was changed.".to_owned(),
        ));
    }
    check_version(&found.task, seen)?;
    Ok(found)
}

fn check_version(task: &Task, seen: Seen) -> AppResult<()> {
    if seen.version.is_some_and(|version| version != task.version) {
        return Err(changed());
    }
    Ok(())
}

fn changed_one(rows: usize) -> AppResult<()> {
    if rows == 0 { Err(changed()) } else { Ok(()) }
}

fn changed() -> AppError {
    AppError::Conflict(
        "Somebody else has worked this task since you opened it. Open it again to see what was \
         done."
            .to_owned(),
    )
}

fn checked<'a>(note: &'a str, missing: &str) -> AppResult<&'a str> {
    let note = note.trim();
    if note.is_empty() {
        return Err(AppError::invalid("note", missing));
    }
    if note.chars().count() > LONGEST_NOTE {
        return Err(AppError::invalid(
            "note",
            format!("Use at most {LONGEST_NOTE} characters."),
        ));
    }
    Ok(note)
}

fn record(tx: &mut Tx<'_>, task: &Task, kind: EventKind, note: Option<&str>) -> AppResult<()> {
    let mut event = if task.creditor_id == tasks::of_the_agency() {
        NewEvent::of_platform(kind)
    } else {
        NewEvent::of_creditor(task.creditor_id, kind)
    }
    .body(json!({"task": task.id, "kind": task.kind}));
    if let Some(debtor) = task.debtor_id {
        event = event.debtor(debtor);
    }
    if let Some(placement) = task.placement_id {
        event = event.placement(placement);
    }
    // People write names into notes.
    if let Some(note) = note {
        event = event.detail(json!({"note": note}));
    }
    tx.record(event)?;
    Ok(())
}
