//! `/compliance`: the state of the system, and what needs a person.

mod notices;
mod recent;
mod system;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::people::People;
use super::tasks::told;
use super::{alert_words, desk_tabs, flag_words, frame};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::policies;
use crate::db::DbConn;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::alert_list::{self, Filter, Order};
use crate::store::{desk_home, tasks};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::alert::AlertRow;
use crate::web::view::compliance::{ComplianceHomePage, FlagCount};
use crate::web::view::part::Chip;
use crate::web::view::task::TaskRow;

/// The last violations that are shown (RM-40).
const VIOLATIONS: i64 = 25;

/// Tasks that are shown.
const TASKS: i64 = 6;

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    /// The page of the overdue notices.
    notices: Option<String>,
}

/// `GET /compliance`.
pub async fn home(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let section = Some(Section::Compliance);
    let shell = frame::shell(&req, &session, &user, "Compliance", section);
    let asked: u64 = params
        .notices
        .as_deref()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1);
    page::ok(&blocking(move || draw(&ctx, &user, shell, asked.max(1))).await?)
}

fn draw(ctx: &Ctx, user: &SignedIn, shell: Shell, asked: u64) -> AppResult<ComplianceHomePage> {
    let now = ctx.now();
    ctx.read(|conn| {
        let policy = policies::in_force(ctx, conn)?;
        let open = desk_tabs::open(conn, user.scope())?;
        let (overdue_notices, overdue_pager) = notices::page(conn, &policy, user, asked, now)?;
        Ok(ComplianceHomePage {
            shell,
            tabs: open.tabs("/compliance"),
            waiting: waiting(conn, user, now)?,
            system: system::lines(ctx, conn, &policy, user, now)?,
            flags: flag_counts(conn)?,
            tasks: due_first(conn, user, now)?,
            stops: recent::stops(conn, user, now)?,
            violations: violations(conn, user, now)?,
            overdue_notices,
            overdue_pager,
            contacts: recent::contacts(conn, user, now)?,
        })
    })
}

/// Open alerts by severity and open tasks, each with the list of them.
fn waiting(conn: &mut DbConn, user: &SignedIn, now: Instant) -> AppResult<Vec<Chip>> {
    let mut chips = Vec::new();
    for (label, severity) in [("Critical alerts", "critical"), ("Warnings", "warning")] {
        let filter = Filter {
            status: Some("active".to_owned()),
            severity: Some(severity.to_owned()),
            ..Filter::default()
        };
        chips.push(Chip {
            label: label.to_owned(),
            count: alert_list::total(conn, user.scope(), &filter)?,
            href: format!("/alerts?status=active&severity={severity}"),
            current: false,
        });
    }
    let open = tasks::Filter {
        status: Some("open".to_owned()),
        ..tasks::Filter::default()
    };
    let overdue = tasks::Filter {
        due_before: Some(now),
        ..open.clone()
    };
    for (label, href, filter) in [
        ("Open tasks", "/tasks", open),
        ("Overdue tasks", "/tasks?due=overdue", overdue),
    ] {
        chips.push(Chip {
            label: label.to_owned(),
            count: tasks::total(conn, user.scope(), &filter)?,
            href: href.to_owned(),
            current: false,
        });
    }
    Ok(chips)
}

fn flag_counts(conn: &mut DbConn) -> AppResult<Vec<FlagCount>> {
    let mut counts: Vec<FlagCount> = desk_home::flag_counts(conn)?
        .into_iter()
        .map(|(kind, count)| FlagCount {
            label: flag_words::what(kind),
            count: count.unsigned_abs(),
            href: format!("/debtors?flag={}", kind.as_str()),
        })
        .collect();
    counts.sort_unstable_by_key(|flag| (std::cmp::Reverse(flag.count), flag.label));
    Ok(counts)
}

fn due_first(conn: &mut DbConn, user: &SignedIn, now: Instant) -> AppResult<Vec<TaskRow>> {
    let open = tasks::Filter {
        status: Some("open".to_owned()),
        ..tasks::Filter::default()
    };
    let listed = tasks::page(conn, user.scope(), &open, 0, TASKS)?;
    let people = People::load(conn, told::actors(&listed), false)?;
    Ok(listed
        .iter()
        .map(|it| told::row(it, &people, user, now))
        .collect())
}

fn violations(conn: &mut DbConn, user: &SignedIn, now: Instant) -> AppResult<Vec<AlertRow>> {
    let critical = Filter {
        severity: Some("critical".to_owned()),
        ..Filter::default()
    };
    let newest = Order::NewestFirst;
    let listed = alert_list::page(conn, user.scope(), &critical, newest, 0, VIOLATIONS)?;
    let people = alert_words::people(conn, &listed)?;
    Ok(listed
        .iter()
        .map(|it| alert_words::row(it, &people, user, now))
        .collect())
}
