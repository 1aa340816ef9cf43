//! `/imports`: from a file on somebody's disk to rows on file.

mod columns;
mod download;
mod list;
mod progress;
mod review;
mod upload;

pub use columns::{choose, columns};
pub use download::{contacts_template, placements_template, problems, result};
pub use list::list;
pub use progress::progress;
pub use review::{commit, discard};
pub use upload::{form, receive};

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::ctx::Ctx;
use crate::actions::{blocking, imports};
use crate::domain::actor::Actor;
use crate::domain::id::ImportId;
use crate::domain::import::ImportStatus;
use crate::error::AppResult;
use crate::store::imports::Import;
use crate::store::users;
use crate::web::access::SignedIn;
use crate::web::dashboard::words;
use crate::web::page;

/// `?page=2`.
#[derive(Debug, Deserialize)]
pub struct PageQuery {
    page: Option<String>,
}

impl PageQuery {
    /// From 1.
    fn number(&self) -> u64 {
        words::page_number(self.page.as_deref())
    }
}

/// The page on which an import stands now: every step has the same address, so that a reload or a
/// kept link always shows what is true.
pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<ImportId>,
    query: web::Query<PageQuery>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let (reader, scope) = (ctx.clone(), user.scope());
    let import = blocking(move || reader.read(|conn| imports::find(conn, scope, id))).await?;
    match import.status {
        ImportStatus::Uploaded => columns::page(&req, &ctx, &session, &user, id, Vec::new()).await,
        ImportStatus::Mapped => review::page(&req, &ctx, &session, &user, id, query.number()).await,
        ImportStatus::Committing => progress::page(&req, &session, &user, &import),
        ImportStatus::Completed | ImportStatus::Failed => {
            progress::result_page(&req, &ctx, &session, &user, import).await
        }
        ImportStatus::Discarded => Ok(page::see_other("/imports")),
    }
}

fn address(id: ImportId) -> String {
    format!("/imports/{id}")
}

/// Who uploaded a file, by name.
async fn uploader(ctx: &web::Data<Ctx>, import: &Import) -> AppResult<String> {
    match import.created_by.parse() {
        Ok(Actor::User(id)) => {
            let ctx = ctx.clone();
            let found = blocking(move || ctx.read(|conn| Ok(users::by_id(conn, id)?))).await?;
            Ok(found.map_or_else(|| "Someone".to_owned(), |(user, _)| user.name))
        }
        Ok(Actor::ApiKey(_)) => Ok("A program with a key".to_owned()),
        Ok(Actor::Debtor(_) | Actor::Anonymous | Actor::System(_)) | Err(_) => {
            Ok("Forbear".to_owned())
        }
    }
}
