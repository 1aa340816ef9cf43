//! One task, and what may be done with it.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::told;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::tasks::{self, Seen};
use crate::domain::access::Capability;
use crate::domain::actor::Actor;
use crate::domain::id::TaskId;
use crate::error::{AppError, AppResult};
use crate::store::tasks::{self as store, Listed};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::dashboard::people::People;
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::form::Field;
use crate::web::view::part::{Fact, When};
use crate::web::view::task::{TaskMay, TaskOutcome, TaskPage, TaskRow};

/// What an answer is sent with.
#[derive(Debug, Clone, Deserialize)]
pub struct Answer {
    #[serde(default)]
    note: String,
    /// The task's version when it was shown.
    version: Option<i64>,
}

/// `GET /tasks/{id}`.
pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<TaskId>,
) -> AppResult<HttpResponse> {
    let shell = shell(&req, &session, &user);
    let id = id.into_inner();
    page::ok(&blocking(move || draw(&ctx, &user, shell, id)).await?)
}

/// `POST /tasks/{id}/take`.
pub async fn take(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<TaskId>,
    form: web::Form<Answer>,
) -> AppResult<HttpResponse> {
    let act = |ctx: &Ctx, actor: &Actor, seen, _: &str| tasks::take(ctx, actor, seen);
    answer(
        &req,
        ctx,
        &session,
        user,
        (*id, form.into_inner()),
        act,
        "The task is yours.",
    )
    .await
}

/// `POST /tasks/{id}/put-back`.
pub async fn put_back(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<TaskId>,
    form: web::Form<Answer>,
) -> AppResult<HttpResponse> {
    let act = |ctx: &Ctx, actor: &Actor, seen, _: &str| tasks::put_back(ctx, actor, seen);
    answer(
        &req,
        ctx,
        &session,
        user,
        (*id, form.into_inner()),
        act,
        "The task is free for others.",
    )
    .await
}

/// `POST /tasks/{id}/finish`.
pub async fn finish(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<TaskId>,
    form: web::Form<Answer>,
) -> AppResult<HttpResponse> {
    let done = "Task finished. It can be opened again below.";
    answer(
        &req,
        ctx,
        &session,
        user,
        (*id, form.into_inner()),
        tasks::finish,
        done,
    )
    .await
}

/// `POST /tasks/{id}/reopen`.
pub async fn reopen(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<TaskId>,
    form: web::Form<Answer>,
) -> AppResult<HttpResponse> {
    let done = "The task is open again, and yours.";
    answer(
        &req,
        ctx,
        &session,
        user,
        (*id, form.into_inner()),
        tasks::reopen,
        done,
    )
    .await
}

/// Does it and goes back to the task; a note that does not fit comes back as it was typed.
async fn answer(
    req: &HttpRequest,
    ctx: web::Data<Ctx>,
    session: &Session,
    user: SignedIn,
    (id, answer): (TaskId, Answer),
    act: impl FnOnce(&Ctx, &Actor, Seen, &str) -> AppResult<()> + Send + 'static,
    done: &str,
) -> AppResult<HttpResponse> {
    let worker = (ctx.clone(), user.clone(), answer.clone());
    let outcome = blocking(move || {
        let (ctx, user, answer) = worker;
        let seen = Seen {
            scope: user.scope(),
            id,
            version: answer.version,
        };
        Ok(act(&ctx, &user.actor(), seen, &answer.note))
    })
    .await?;
    match outcome {
        Ok(()) => {
            frame::flash(session, done)?;
            Ok(page::see_other(&format!("/tasks/{id}")))
        }
        Err(AppError::Invalid(errors)) => {
            let shell = shell(req, session, &user);
            let mut page = blocking(move || draw(&ctx, &user, shell, id)).await?;
            page.note.value = answer.note;
            page.note.error = errors.of("note").map(str::to_owned);
            page::unprocessable(&page)
        }
        Err(error) => Err(error),
    }
}

fn shell(req: &HttpRequest, session: &Session, user: &SignedIn) -> Shell {
    frame::shell(req, session, user, "Task", Some(Section::Compliance))
}

fn draw(ctx: &Ctx, user: &SignedIn, shell: Shell, id: TaskId) -> AppResult<TaskPage> {
    let now = ctx.now();
    ctx.read(|conn| {
        let listed = store::find(conn, user.scope(), id)?.ok_or(AppError::NotFound)?;
        let found = std::slice::from_ref(&listed);
        let people = People::load(conn, told::actors(found), false)?;
        let row = told::row(&listed, &people, user, now);
        let task = &listed.task;
        let outcome = match (&task.done_by, task.done_at) {
            (Some(by), Some(at)) => Some(TaskOutcome {
                by: people.name(by),
                when: When::new(at, user.time_zone, now),
                note: listed.work.outcome.clone().unwrap_or_default(),
            }),
            (_, _) => None,
        };
        Ok(TaskPage {
            shell: shell.titled(format!("Task \u{b7} {}", row.what)),
            told: task.note.clone(),
            facts: facts(&listed, &row),
            outcome,
            may: may(&listed, user),
            version: task.version,
            note: Field::new("note", ""),
            task: row,
        })
    })
}

fn facts(listed: &Listed, row: &TaskRow) -> Vec<Fact> {
    let mut facts = vec![Fact::new("Kind", told::label(&listed.task.kind))];
    if let Some(link) = &row.debtor {
        facts.push(Fact::new("Debtor", link.label.clone()).linked(link.href.clone()));
    }
    if let Some(link) = &row.placement {
        facts.push(Fact::new("Timeline of", link.label.clone()).linked(link.href.clone()));
    }
    facts.push(Fact::new(
        "Due",
        row.due
            .as_ref()
            .map_or_else(|| "No date".to_owned(), |due| due.absolute.clone()),
    ));
    facts.push(Fact::new("Opened", row.created.absolute.clone()));
    facts.push(Fact::new(
        "In hand",
        row.taken_by.clone().unwrap_or_else(|| "Nobody".to_owned()),
    ));
    facts
}

/// What the reader may do with it, and if nothing, why.
fn may(listed: &Listed, user: &SignedIn) -> TaskMay {
    if !user.can(Capability::WorkAlerts) {
        return TaskMay {
            why_not: Some("Tasks are worked by supervisors and compliance."),
            ..TaskMay::default()
        };
    }
    let is_open = listed.task.status == "open";
    TaskMay {
        take: is_open && listed.work.taken_by.is_none(),
        put_back: is_open && listed.work.taken_by.is_some(),
        finish: is_open,
        reopen: !is_open,
        why_not: None,
    }
}
