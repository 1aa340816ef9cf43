//! `/dnc/lists`: lists of millions of numbers, loaded while the page may be left.

mod upload;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

pub use self::upload::receive;

use self::upload::Sent;
use super::dnc_in_force::{self, InForce};
use super::{desk_tabs, frame, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::dnc_lists;
use crate::domain::id::DncLoadId;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::dnc_lists::{self as rows, LoadRow};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::dnc_lists::{DncListsPage, LoadChanges, LoadState, LoadView};
use crate::web::view::form::{Choices, Field};
use crate::web::view::part::When;

/// Loads on the page.
const LATEST: i64 = 25;

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let sent = Sent::default();
    let page = view(&req, &ctx, &session, &user, &sent, &FieldErrors::default()).await?;
    page::ok(&page)
}

/// Takes a load back.
pub async fn undo(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DncLoadId>,
) -> AppResult<HttpResponse> {
    let actor = user.actor();
    let done = blocking(move || dnc_lists::undo(&ctx, &actor, *id)).await;
    match done {
        Ok(Some(back)) => frame::flash(
            &session,
            &format!("{}: the version before is in force again.", back.list),
        )?,
        Ok(None) => frame::flash_warning(&session, "The list is not in force any more.")?,
        Err(AppError::Conflict(why)) => frame::flash_warning(&session, &why)?,
        Err(error) => return Err(error),
    }
    Ok(page::see_other("/dnc/lists"))
}

async fn view(
    req: &HttpRequest,
    ctx: &Ctx,
    session: &Session,
    user: &SignedIn,
    sent: &Sent,
    errors: &FieldErrors,
) -> AppResult<DncListsPage> {
    let shell = frame::shell(
        req,
        session,
        user,
        "Do-not-call lists",
        Some(Section::Compliance),
    );
    let (ctx, reader) = (ctx.clone(), user.clone());
    let (open, loads, files) = blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let open = desk_tabs::open(conn, reader.scope())?;
            let loads = rows::latest(conn, LATEST)?;
            let names = crate::store::creditors::list(conn)?;
            let view = |load: &LoadRow| LoadView {
                id: load.id.to_string(),
                list: load.list.clone(),
                scope: dnc_in_force::binds(&load.scope, &names),
                file_name: load.file_name.clone(),
                begun: When::new(load.created_at, reader.time_zone, now),
                state: state(load, now),
            };
            let files = InForce::load(conn)?.files(&reader, now);
            Ok((open, loads.iter().map(view).collect::<Vec<_>>(), files))
        })
    })
    .await?;
    let field = |name: &str, value: &str| {
        let field = Field::new(name, value);
        match errors.of(name) {
            Some(error) => field.with_error(error),
            None => field,
        }
    };
    let or = |value: &str, default: &str| match value {
        "" => default.to_owned(),
        value => value.to_owned(),
    };
    let source = Choices::new(
        "source",
        [
            ("federal", "The national registry"),
            ("state", "A state"),
            ("internal", "Ourselves or somebody else"),
        ],
        &or(sent.field("source"), "federal"),
    );
    Ok(DncListsPage {
        shell,
        tabs: open.tabs("/dnc"),
        looks_again: errors.is_empty()
            && loads
                .iter()
                .any(|load| matches!(load.state, LoadState::Loading(_))),
        loads,
        files,
        file: field("file", ""),
        list: field("list", &or(sent.field("list"), "National registry")),
        source: match errors.of("source") {
            Some(error) => source.with_error(error),
            None => source,
        },
        as_of: field("as_of", sent.field("as_of")),
        expires_on: field("expires_on", sent.field("expires_on")),
    })
}

fn state(load: &LoadRow, now: Instant) -> LoadState {
    let changes = LoadChanges {
        added: load.added.unsigned_abs(),
        removed: load.removed.unsigned_abs(),
        invalid: load.invalid.unsigned_abs(),
    };
    match load.status.as_str() {
        "loading" => LoadState::Loading(share(load)),
        "active" => LoadState::InForce {
            numbers: load.numbers.unsigned_abs(),
            as_of: words::date(load.as_of),
            stale: dnc_in_force::is_stale(load.as_of, now),
            changes,
        },
        "replaced" => LoadState::Replaced(changes),
        "undone" => LoadState::TakenBack,
        _ => LoadState::Failed(load.error.clone().unwrap_or_default()),
    }
}

fn share(load: &LoadRow) -> Option<u8> {
    let total = load.bytes_total.filter(|total| *total > 0)?;
    u8::try_from((load.bytes_read.saturating_mul(100) / total).min(100)).ok()
}
