//! `GET /overview`.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{Datelike, Duration, NaiveDate};

use super::{chart, frame, holds, words};
use crate::actions::ctx::Ctx;
use crate::actions::placement_list::{self, ListRequest};
use crate::db::DbConn;
use crate::domain::access::Capability;
use crate::domain::money::Cents;
use crate::domain::placement::PlacementStatus;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::overview::{self as store, Sum};
use crate::store::payments;
use crate::store::placement_list::{Filter, Order, SortBy};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::overview::{
    Figure, OverviewPage, QueueLine, RecentPlacement, RecoveredChart, StatusLine,
};
use crate::web::view::part::When;

/// Most recent placements shown.
const RECENT: usize = 6;

/// Days of the chart, and of the average.
const CHART_DAYS: i64 = 30;
const AVERAGE_DAYS: i64 = 90;

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let reader = user.clone();
    let looked = ctx.look(move |ctx, conn| {
        let newest = placement_list::page(
            ctx,
            conn,
            &ListRequest {
                scope: reader.scope(),
                search: String::new(),
                filter: Filter::All,
                order: Order {
                    by: SortBy::Placed,
                    descending: true,
                },
                page: 1,
            },
        )?;
        let now = newest.now;
        let recent = newest
            .rows
            .iter()
            .take(RECENT)
            .map(|row| RecentPlacement {
                id: row.id.to_string(),
                debtor: row.debtor.clone(),
                state: row.state.clone().unwrap_or_default(),
                invoice: row.invoice_number.clone(),
                amount: row.amount_cents.to_string(),
                status: words::status(row.status),
                holds: newest
                    .facts
                    .get(&row.debtor_id)
                    .map(|facts| holds::badges(facts, row.id, reader.time_zone, now))
                    .unwrap_or_default(),
                placed: When::new(row.placed_at, reader.time_zone, now),
            })
            .collect();
        let sums = store::sums(conn, reader.scope())?;
        Ok(Loaded {
            figures: figures(conn, &reader, &sums, now)?,
            queue: queue(conn, &reader, &sums, newest.counts.with_task)?,
            statuses: statuses(&sums),
            outstanding: outstanding(&sums).to_string(),
            recovered: recovered(conn, &reader, now)?,
            recent,
        })
    });
    let loaded = looked.await?;
    page::ok(&OverviewPage {
        shell: frame::shell(&req, &session, &user, "Overview", Some(Section::Overview)),
        context: match &user.creditor_name {
            Some(name) => format!("Accounts that {name} has placed"),
            None => "Accounts of every creditor".to_owned(),
        },
        figures: loaded.figures,
        queue: loaded.queue,
        statuses: loaded.statuses,
        outstanding: loaded.outstanding,
        recovered: loaded.recovered,
        recent: loaded.recent,
        can_import: user.can(Capability::Import),
    })
}

struct Loaded {
    figures: Vec<Figure>,
    queue: Vec<QueueLine>,
    statuses: Vec<StatusLine>,
    outstanding: String,
    recovered: RecoveredChart,
    recent: Vec<RecentPlacement>,
}

fn figures(
    conn: &mut DbConn,
    reader: &SignedIn,
    sums: &[Sum],
    now: Instant,
) -> AppResult<Vec<Figure>> {
    let today = now.date_in(reader.time_zone);
    let first = today.with_day(1).unwrap_or(today);
    let month = payments::totals(conn, reader.scope(), Some((first, today)))?;
    let add = |sum: Cents, one: Cents| sum.checked_add(one).unwrap_or(sum);
    let outstanding = outstanding(sums);
    let (mut placed, mut recovered) = (Cents::ZERO, Cents::ZERO);
    let (mut open, mut in_outreach) = (0, 0);
    for sum in sums {
        placed = add(placed, sum.amount);
        recovered = add(recovered, sum.recovered);
        if !sum.status.is_closed() {
            open += sum.placements;
        }
        if sum.status == PlacementStatus::InOutreach {
            in_outreach = sum.placements;
        }
    }
    let since = now.minus(Duration::days(AVERAGE_DAYS));
    let days: Vec<i64> = store::paid_since(conn, reader.scope(), since)?
        .into_iter()
        .filter_map(|(placed, paid)| Some(paid?.since(placed).num_days()))
        .collect();
    let paid = i64::try_from(days.len()).unwrap_or(i64::MAX);
    let figure = |label: &str, value: String, note: String, href: Option<&str>| Figure {
        label: label.to_owned(),
        value,
        note,
        href: href.map(str::to_owned),
    };
    Ok(vec![
        figure(
            "Outstanding",
            outstanding.to_string(),
            format!("on {}", counted(open, "open placement", "open placements")),
            Some("/placements"),
        ),
        figure(
            "Recovered this month",
            month.amount.to_string(),
            format!(
                "All time: {recovered}, {} of what was placed",
                percent(recovered, placed)
            ),
            Some("/payments"),
        ),
        figure(
            "In outreach",
            in_outreach.to_string(),
            "being contacted, as far as the law allows".to_owned(),
            Some("/placements?status=in_outreach"),
        ),
        figure(
            "Average days to pay",
            match days.iter().sum::<i64>().checked_div(paid) {
                Some(average) => average.to_string(),
                None => "\u{2013}".to_owned(),
            },
            format!(
                "{} paid in the last {AVERAGE_DAYS} days",
                counted(paid, "placement", "placements")
            ),
            Some("/placements?status=paid"),
        ),
    ])
}

/// What is left to recover on the placements of one status: nothing once they are closed.
fn left(sum: &Sum) -> Cents {
    if sum.status.is_closed() {
        return Cents::ZERO;
    }
    sum.amount.checked_sub(sum.recovered).unwrap_or(Cents::ZERO)
}

fn outstanding(sums: &[Sum]) -> Cents {
    sums.iter()
        .map(left)
        .fold(Cents::ZERO, |sum, one| sum.checked_add(one).unwrap_or(sum))
}

/// `12.4 %`, rounded half up.
fn percent(part: Cents, whole: Cents) -> String {
    let permille = (i128::from(part.get()) * 2_000 + i128::from(whole.get().max(1)))
        / (2 * i128::from(whole.get().max(1)));
    format!("{}.{} %", permille / 10, permille % 10)
}

fn counted(count: i64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// What waits for the reader; what doesn't wait is left out.
fn queue(
    conn: &mut DbConn,
    reader: &SignedIn,
    sums: &[Sum],
    with_task: u64,
) -> AppResult<Vec<QueueLine>> {
    let of = |status: PlacementStatus| {
        sums.iter()
            .find(|sum| sum.status == status)
            .map_or(0, |sum| sum.placements.unsigned_abs())
    };
    let mut lines: Vec<(&str, u64, String)> = Vec::new();
    if reader.can(Capability::ViewCompliance) {
        lines.push((
            "Alerts to acknowledge",
            store::active_alerts(conn)?,
            "/alerts".to_owned(),
        ));
        lines.push(("Open tasks", store::open_tasks(conn)?, "/tasks".to_owned()));
        lines.push((
            "Placements with a task",
            with_task,
            "/placements?show=needs-me".to_owned(),
        ));
    }
    for (label, status) in [
        ("Disputes to answer", PlacementStatus::Disputed),
        ("Data to complete", PlacementStatus::PendingEnrichment),
        (
            "Debtors we can\u{2019}t reach",
            PlacementStatus::Unreachable,
        ),
    ] {
        let href = format!("/placements?status={}", status.as_str());
        lines.push((label, of(status), href));
    }
    Ok(lines
        .into_iter()
        .filter(|(_, count, _)| *count > 0)
        .map(|(label, count, href)| QueueLine {
            label: label.to_owned(),
            count,
            href,
        })
        .collect())
}

/// Every status that has placements, in the order of a placement's life.
fn statuses(sums: &[Sum]) -> Vec<StatusLine> {
    PlacementStatus::WORDS
        .iter()
        .filter_map(|(status, word)| {
            let sum = sums.iter().find(|sum| sum.status == *status)?;
            Some(StatusLine {
                status: words::status(*status),
                placements: sum.placements.unsigned_abs(),
                left: (!sum.status.is_closed()).then(|| left(sum).to_string()),
                href: format!("/placements?status={word}"),
            })
        })
        .collect()
}

fn recovered(conn: &mut DbConn, reader: &SignedIn, now: Instant) -> AppResult<RecoveredChart> {
    let today = now.date_in(reader.time_zone);
    let first = today - Duration::days(CHART_DAYS - 1);
    let paid = payments::per_day(conn, reader.scope(), first)?;
    let days: Vec<(NaiveDate, Cents)> = (0..CHART_DAYS)
        .map(|back| first + Duration::days(back))
        .map(|day| {
            let amount = paid
                .iter()
                .find(|(known, _)| *known == day)
                .map_or(Cents::ZERO, |(_, amount)| *amount);
            (day, amount)
        })
        .collect();
    Ok(chart::bars(&days))
}
