//! `/alerts`: what the gate refused and what people passed, worked by supervisors and compliance.

mod filters;
mod several;
mod show;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};

pub use self::several::answer_several;
pub use self::show::{acknowledge, resolve, show};

use self::filters::{Params, State};
use super::desk_tabs;
use super::frame;
use super::{alert_words, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::access::Capability;
use crate::domain::id::AlertId;
use crate::error::{AppResult, FieldErrors};
use crate::store::alert_list::{self, Order};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::alert::{AlertAnswers, AlertListPage, AlertRow};
use crate::web::view::form::Field;

/// Alerts on a page.
const PAGE: u64 = 25;

/// What was chosen and typed to answer several alerts.
#[derive(Debug, Clone, Default)]
struct Typed {
    chosen: Vec<(AlertId, i64)>,
    note: String,
    errors: FieldErrors,
}

/// `GET /alerts`: every filter and the page stand in the address.
pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let state = State::read(&params);
    let shell = list_shell(&req, &session, &user);
    let typed = Typed::default();
    page::ok(&blocking(move || draw(&ctx, &user, shell, &state, &typed)).await?)
}

fn list_shell(req: &HttpRequest, session: &Session, user: &SignedIn) -> Shell {
    frame::shell(req, session, user, "Alerts", Some(Section::Compliance))
}

fn draw(
    ctx: &Ctx,
    user: &SignedIn,
    shell: Shell,
    state: &State,
    typed: &Typed,
) -> AppResult<AlertListPage> {
    let now = ctx.now();
    ctx.read(|conn| {
        let scope = user.scope();
        let filter = state.filter(now);
        let total = alert_list::total(conn, scope, &filter)?;
        let groups = alert_list::groups(conn, scope, &filter)?;
        let ages = filters::count_ages(conn, scope, state, now)?;
        let offset = i64::try_from((state.page - 1).saturating_mul(PAGE)).unwrap_or(i64::MAX);
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let order = Order::PeopleFirst;
        let listed = alert_list::page(conn, scope, &filter, order, offset, limit)?;
        let people = alert_words::people(conn, &listed)?;
        let open = desk_tabs::open(conn, scope)?;
        let may_answer = user.can(Capability::WorkAlerts);
        let rows: Vec<AlertRow> = listed
            .iter()
            .map(|listed| {
                let alert = &listed.alert;
                let mut row = alert_words::row(listed, &people, user, now);
                if may_answer {
                    let chosen = state.all_chosen || typed.chosen.iter().any(|it| it.0 == alert.id);
                    row.pick = several::pick(alert, user, chosen);
                }
                row
            })
            .collect();
        let answers = rows.iter().any(|row| row.pick.is_some());
        Ok(AlertListPage {
            shell,
            tabs: open.tabs("/alerts"),
            filters: filters::chips(state, &groups, &ages),
            answers: answers.then(|| answers_form(state, typed)),
            rows,
            pager: words::pager(state.page, PAGE, total, |page| state.at_page(page)),
            any_alert: groups.iter().any(|group| group.count > 0) || total > 0,
        })
    })
}

fn answers_form(state: &State, typed: &Typed) -> AlertAnswers {
    let field = |name: &str, value: &str| {
        let field = Field::new(name, value);
        match typed.errors.of(name) {
            Some(error) => field.with_error(error),
            None => field,
        }
    };
    AlertAnswers {
        chosen: field("alert", ""),
        note: field("note", &typed.note),
        list_href: state.href(),
        all_href: state.rule.is_some().then(|| state.with_all_chosen()),
    }
}
