//! `/alerts`: what the gate refused and what people passed, worked by supervisors and compliance.

mod filters;
mod show;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

pub use self::show::{acknowledge, resolve, show};

use self::filters::{Params, State};
use super::desk_tabs;
use super::frame;
use super::{alert_words, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::error::AppResult;
use crate::store::alert_list;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::alert::AlertListPage;

/// Alerts on a page.
const PAGE: u64 = 25;

/// `GET /alerts`: every filter and the page stand in the address.
pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let state = State::read(&params);
    let shell = frame::shell(&req, &session, &user, "Alerts", Some(Section::Compliance));
    let page = blocking(move || {
        let now = ctx.now();
        ctx.read(|conn| {
            let scope = user.scope();
            let filter = state.filter(now);
            let total = alert_list::total(conn, scope, &filter)?;
            let groups = alert_list::groups(conn, scope, &filter)?;
            let ages = filters::count_ages(conn, scope, &state, now)?;
            let offset = i64::try_from((state.page - 1).saturating_mul(PAGE)).unwrap_or(i64::MAX);
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let listed = alert_list::page(conn, scope, &filter, offset, limit)?;
            let people = alert_words::people(conn, &listed)?;
            let open = desk_tabs::open(conn, scope)?;
            Ok(AlertListPage {
                shell,
                tabs: open.tabs("/alerts"),
                filters: filters::chips(&state, &groups, &ages),
                rows: listed
                    .iter()
                    .map(|listed| alert_words::row(listed, &people, &user, now))
                    .collect(),
                pager: words::pager(state.page, PAGE, total, |page| state.at_page(page)),
                any_alert: groups.iter().any(|group| group.count > 0) || total > 0,
            })
        })
    })
    .await?;
    page::ok(&page)
}
