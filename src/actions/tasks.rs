//! Working the desk's tasks: taken, put back, finished with a note, opened again.

use chrono::Duration;
use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, EventId, PlacementId, TaskId};
use crate::domain::time::Instant;
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
pub(super) struct NewTask {
    task: Task,
    cause: Option<EventId>,
    source: Option<(&'static str, String)>,
}

impl NewTask {
    /// `within`: by when a person should have done it.
    pub fn new(
        now: Instant,
        creditor: CreditorId,
        kind: &str,
        title: impl Into<String>,
        within: Duration,
    ) -> Self {
        Self {
            task: Task {
                creditor_id: creditor,
                id: TaskId::generate(now),
                debtor_id: None,
                placement_id: None,
                kind: kind.to_owned(),
                title: title.into(),
                due_at: Some(now.plus(within)),
                status: "open".to_owned(),
                done_by: None,
                done_at: None,
                note: None,
                created_at: now,
                version: 1,
            },
            cause: None,
            source: None,
        }
    }

    pub fn debtor(mut self, debtor: impl Into<Option<DebtorId>>) -> Self {
        self.task.debtor_id = debtor.into();
        self
    }

    pub fn placement(mut self, placement: impl Into<Option<PlacementId>>) -> Self {
        self.task.placement_id = placement.into();
        self
    }

    /// What whoever takes it should know. It may name the debtor, so it stays out of the trail.
    pub fn note(mut self, note: String) -> Self {
        self.task.note = Some(note);
        self
    }

    /// The event it follows from.
    pub fn cause(mut self, cause: EventId) -> Self {
        self.cause = Some(cause);
        self
    }

    /// What it is about beside the debtor, by its kind and id, for the trail.
    pub fn source(mut self, kind: &'static str, id: impl ToString) -> Self {
        self.source = Some((kind, id.to_string()));
        self
    }
}

/// Opens a task, in the trail as well.
pub(super) fn open(tx: &mut Tx<'_>, new: NewTask) -> AppResult<()> {
    tasks::insert(tx.conn, &new.task)?;
    let mut body = json!({"task": new.task.id, "kind": new.task.kind});
    if let Some((kind, id)) = new.source {
        body[kind] = id.into();
    }
    let mut opened = about(&new.task, EventKind::TaskOpened).body(body);
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
    let mut event = about(task, kind).body(json!({"task": task.id, "kind": task.kind}));
    // People write names into notes.
    if let Some(note) = note {
        event = event.detail(json!({"note": note}));
    }
    tx.record(event)?;
    Ok(())
}

fn about(task: &Task, kind: EventKind) -> NewEvent {
    let mut event = if task.creditor_id == tasks::of_the_agency() {
        NewEvent::of_platform(kind)
    } else {
        NewEvent::of_creditor(task.creditor_id, kind)
    };
    event.debtor = task.debtor_id;
    event.placement = task.placement_id;
    event
}
