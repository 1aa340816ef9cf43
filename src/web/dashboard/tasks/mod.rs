//! `/tasks`: what the desk has to do by hand, by the day it is due.

mod filters;
mod show;
pub(super) mod told;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

pub use self::show::{finish, put_back, reopen, show, take};

use self::filters::{Params, State};
use super::people::People;
use super::{desk_tabs, frame, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::error::AppResult;
use crate::store::tasks;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::task::TaskListPage;

/// Tasks on a page.
const PAGE: u64 = 25;

/// `GET /tasks`: every filter and the page stand in the address.
pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let state = State::read(&params);
    let shell = frame::shell(&req, &session, &user, "Tasks", Some(Section::Compliance));
    let page = blocking(move || {
        let now = ctx.now();
        let me = user.actor().to_string();
        ctx.read(|conn| {
            let scope = user.scope();
            let filter = state.filter(&me, now);
            let total = tasks::total(conn, scope, &filter)?;
            let overdue = tasks::total(conn, scope, &state.overdue().filter(&me, now))?;
            let groups = tasks::groups(conn, scope)?;
            let offset = i64::try_from((state.page - 1).saturating_mul(PAGE)).unwrap_or(i64::MAX);
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let listed = tasks::page(conn, scope, &filter, offset, limit)?;
            let people = People::load(conn, told::actors(&listed), false)?;
            let open = desk_tabs::open(conn, scope)?;
            Ok(TaskListPage {
                shell,
                tabs: open.tabs("/tasks"),
                filters: filters::chips(&state, &groups, overdue, &me),
                rows: listed
                    .iter()
                    .map(|listed| told::row(listed, &people, &user, now))
                    .collect(),
                pager: words::pager(state.page, PAGE, total, |page| state.at_page(page)),
                any_task: !groups.is_empty(),
            })
        })
    })
    .await?;
    page::ok(&page)
}
