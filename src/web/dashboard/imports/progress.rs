//! While the rows are saved, and when they are.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::list::{count, left_out, to_save};
use super::uploader;
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, imports};
use crate::domain::id::ImportId;
use crate::domain::import::ImportStatus;
use crate::domain::text_enum::TextEnum;
use crate::error::AppResult;
use crate::store::imports::Import;
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::import::{ImportProgressPage, ImportResultPage};
use crate::web::view::part::When;

/// `GET /imports/{id}/progress`, for programs: how far it is.
#[derive(Debug, Serialize)]
struct Progress {
    status: &'static str,
    done: u64,
    total: u64,
    created: u64,
    duplicates: u64,
}

pub async fn progress(
    ctx: web::Data<Ctx>,
    user: SignedIn,
    id: web::Path<ImportId>,
) -> AppResult<HttpResponse> {
    let (id, scope) = (id.into_inner(), user.scope());
    let import = blocking(move || ctx.read(|conn| imports::find(conn, scope, id))).await?;
    Ok(HttpResponse::Ok().json(Progress {
        status: import.status.as_str(),
        done: count(import.next_row),
        total: to_save(&import),
        created: count(import.created_rows),
        duplicates: count(import.duplicate_rows),
    }))
}

pub(super) fn page(
    req: &HttpRequest,
    session: &Session,
    user: &SignedIn,
    import: &Import,
) -> AppResult<HttpResponse> {
    page::ok(&ImportProgressPage {
        shell: frame::shell(req, session, user, "Importing", Some(Section::Imports))
            .titled(format!("Importing \u{b7} {}", import.file_name)),
        id: import.id.to_string(),
        file: import.file_name.clone(),
        done: count(import.next_row),
        total: to_save(import),
    })
}

pub(super) async fn result_page(
    req: &HttpRequest,
    ctx: &web::Data<Ctx>,
    session: &Session,
    user: &SignedIn,
    import: Import,
) -> AppResult<HttpResponse> {
    let by = uploader(ctx, &import).await?;
    let finished = import.finished_at.unwrap_or(import.created_at);
    let failure = match import.status {
        ImportStatus::Failed => Some(import.error.clone().unwrap_or_default()),
        ImportStatus::Uploaded
        | ImportStatus::Mapped
        | ImportStatus::Committing
        | ImportStatus::Completed
        | ImportStatus::Discarded => None,
    };
    page::ok(&ImportResultPage {
        shell: frame::shell(req, session, user, "Import", Some(Section::Imports))
            .titled(format!("Import \u{b7} {}", import.file_name)),
        id: import.id.to_string(),
        by,
        finished: When::new(finished, user.time_zone, ctx.now()),
        taken: count(import.created_rows),
        skipped: left_out(&import),
        duplicates: count(import.duplicate_rows),
        result_href: format!("{}/result.csv", super::address(import.id)),
        failure,
        file: import.file_name,
    })
}
