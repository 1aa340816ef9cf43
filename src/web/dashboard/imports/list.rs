//! `GET /imports`: every file that was uploaded.

use std::collections::HashMap;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

use super::PageQuery;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::imports::Settings;
use crate::domain::access::Capability;
use crate::domain::actor::Actor;
use crate::domain::import::ImportStatus;
use crate::error::AppResult;
use crate::store::imports::{self, Import};
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::import::{ImportListPage, ImportRow, ImportState};
use crate::web::view::part::{Pager, When};

/// Rows on a page.
const PAGE: u64 = 25;

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    query: web::Query<PageQuery>,
) -> AppResult<HttpResponse> {
    let number = query.number();
    let scope = user.scope();
    let (reader, offset) = (ctx.clone(), (number - 1) * PAGE);
    let (rows, total, names) = blocking(move || {
        reader.read(|conn| {
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let offset = i64::try_from(offset).unwrap_or(i64::MAX);
            let rows = imports::list(conn, scope, limit, offset)?;
            let total = imports::count(conn, scope)?;
            let uploaders = rows
                .iter()
                .filter_map(|(import, _)| match import.created_by.parse() {
                    Ok(Actor::User(id)) => Some(id),
                    Ok(_) | Err(_) => None,
                });
            let names: HashMap<_, _> = imports::uploaders(conn, &uploaders.collect::<Vec<_>>())?
                .into_iter()
                .map(|(id, name)| (Actor::User(id).to_string(), name))
                .collect();
            Ok((rows, total, names))
        })
    })
    .await?;
    let total = u64::try_from(total).unwrap_or(0);
    let rows = rows
        .into_iter()
        .map(|(import, creditor)| {
            let by = names.get(&import.created_by).cloned();
            row(&user, ctx.now(), import, creditor, by)
        })
        .collect();
    page::ok(&ImportListPage {
        shell: frame::shell(&req, &session, &user, "Imports", Some(Section::Imports)),
        rows,
        pager: pager("/imports", number, PAGE, total),
        can_upload: user.can(Capability::Import),
    })
}

fn row(
    user: &SignedIn,
    now: crate::domain::time::Instant,
    import: Import,
    creditor: String,
    by: Option<String>,
) -> ImportRow {
    let (taken, duplicates) = (count(import.created_rows), count(import.duplicate_rows));
    ImportRow {
        id: import.id.to_string(),
        kind: import.kind.label().to_owned(),
        creditor,
        by: by.unwrap_or_else(|| "Forbear".to_owned()),
        when: When::new(import.created_at, user.time_zone, now),
        state: state(import.status),
        rows: count(import.total_rows),
        taken,
        skipped: match import.status {
            ImportStatus::Completed => left_out(&import) + duplicates,
            ImportStatus::Uploaded
            | ImportStatus::Mapped
            | ImportStatus::Committing
            | ImportStatus::Failed
            | ImportStatus::Discarded => duplicates,
        },
        file: import.file_name,
    }
}

/// Rows that were left out because they had errors.
pub(super) fn left_out(import: &Import) -> u64 {
    count(import.total_rows)
        .saturating_sub(count(import.created_rows) + count(import.duplicate_rows))
}

/// Rows that are to be saved.
pub(super) fn to_save(import: &Import) -> u64 {
    u64::from(Settings::of(import).good_rows)
}

pub(super) fn count(rows: i32) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}

const fn state(status: ImportStatus) -> ImportState {
    match status {
        ImportStatus::Uploaded => ImportState::Mapping,
        ImportStatus::Mapped => ImportState::Reviewing,
        ImportStatus::Committing => ImportState::Committing,
        ImportStatus::Completed => ImportState::Done,
        ImportStatus::Failed => ImportState::Failed,
        ImportStatus::Discarded => ImportState::Discarded,
    }
}

/// The pager of a list at `path` that shows `size` rows on page `number`, from 1.
pub(super) fn pager(path: &str, number: u64, size: u64, total: u64) -> Pager {
    let first = (number - 1) * size;
    let last = (first + size).min(total);
    let href = |number: u64| format!("{path}?page={number}");
    Pager {
        first: if first < total { first + 1 } else { 0 },
        last: if first < total { last } else { 0 },
        total,
        previous_href: (number > 1).then(|| href(number - 1)),
        next_href: (last < total).then(|| href(number + 1)),
    }
}
