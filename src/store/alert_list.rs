//! The list of alerts with its filters and counts.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::alerts::Alert;
use super::{Scope, count};
use crate::db::DbConn;
use crate::db::schema::{alerts, debtors, placements};
use crate::domain::time::Instant;

/// Which alerts. What is not set does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub severity: Option<String>,
    pub alert_type: Option<String>,
    pub rule: Option<String>,
    pub status: Option<String>,
    pub cause: Option<Cause>,
    /// Not before.
    pub since: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
}

/// Who was refused, or passed a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A person, in the dashboard or by an API key.
    Person,
    /// What runs by itself.
    Scheduler,
}

impl Cause {
    /// Of an actor's text.
    pub fn of(actor: &str) -> Self {
        if actor.starts_with("system:") {
            Self::Scheduler
        } else {
            Self::Person
        }
    }
}

/// [`Cause::of`] what the database holds.
const SCHEDULER: &str = "system:%";

/// In which order a list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    NewestFirst,
    /// What people caused before what the scheduler was refused, each newest first.
    PeopleFirst,
}

/// An alert with the debtor's name and the invoice it is about.
#[derive(Debug, Clone)]
pub struct Listed {
    pub alert: Alert,
    pub debtor: String,
    pub invoice: String,
}

/// How many alerts there are of one status, severity, type, rule and cause.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Group {
    pub status: String,
    pub severity: String,
    pub alert_type: String,
    pub rule: String,
    /// An actor's text.
    pub caused_by: String,
    pub count: i64,
}

type Boxed<'a> = alerts::BoxedQuery<'a, <DbConn as diesel::Connection>::Backend>;

fn narrowed<'a>(scope: Scope, filter: &'a Filter) -> Boxed<'a> {
    let mut query = alerts::table.into_boxed();
    if let Scope::Creditor(creditor) = scope {
        query = query.filter(alerts::creditor_id.eq(creditor));
    }
    if let Some(severity) = &filter.severity {
        query = query.filter(alerts::severity.eq(severity));
    }
    if let Some(alert_type) = &filter.alert_type {
        query = query.filter(alerts::alert_type.eq(alert_type));
    }
    if let Some(rule) = &filter.rule {
        query = query.filter(alerts::rule.eq(rule));
    }
    if let Some(status) = &filter.status {
        query = query.filter(alerts::status.eq(status));
    }
    match filter.cause {
        Some(Cause::Person) => query = query.filter(alerts::caused_by.not_like(SCHEDULER)),
        Some(Cause::Scheduler) => query = query.filter(alerts::caused_by.like(SCHEDULER)),
        None => {}
    }
    if let Some(since) = filter.since {
        query = query.filter(alerts::created_at.ge(since));
    }
    if let Some(until) = filter.until {
        query = query.filter(alerts::created_at.lt(until));
    }
    query
}

pub fn page(
    conn: &mut DbConn,
    scope: Scope,
    filter: &Filter,
    order: Order,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<Listed>> {
    let newest = (alerts::created_at.desc(), alerts::id.desc());
    let query = narrowed(scope, filter);
    let query = match order {
        Order::NewestFirst => query.order(newest),
        Order::PeopleFirst => query.order((alerts::caused_by.like(SCHEDULER).asc(), newest)),
    };
    let rows: Vec<Alert> = query
        .offset(offset)
        .limit(limit)
        .select(Alert::as_select())
        .load(conn)?;
    with_names(conn, rows)
}

pub fn total(conn: &mut DbConn, scope: Scope, filter: &Filter) -> QueryResult<u64> {
    narrowed(scope, filter).count().get_result(conn).map(count)
}

/// Counts for the filters. Of `filter` only the age narrows.
pub fn groups(conn: &mut DbConn, scope: Scope, filter: &Filter) -> QueryResult<Vec<Group>> {
    let query = alerts::table
        .group_by((
            alerts::status,
            alerts::severity,
            alerts::alert_type,
            alerts::rule,
            alerts::caused_by,
        ))
        .select((
            alerts::status,
            alerts::severity,
            alerts::alert_type,
            alerts::rule,
            alerts::caused_by,
            count_star(),
        ))
        .into_boxed();
    let mut query = match scope {
        Scope::Creditor(creditor) => query.filter(alerts::creditor_id.eq(creditor)),
        Scope::Agency => query,
    };
    if let Some(since) = filter.since {
        query = query.filter(alerts::created_at.ge(since));
    }
    if let Some(until) = filter.until {
        query = query.filter(alerts::created_at.lt(until));
    }
    query.load(conn)
}

/// Alerts with the names that belong to them, in the same order.
pub fn with_names(conn: &mut DbConn, rows: Vec<Alert>) -> QueryResult<Vec<Listed>> {
    let ids: Vec<_> = rows.iter().map(|alert| alert.placement_id).collect();
    let names: std::collections::HashMap<_, (String, String)> = placements::table
        .inner_join(
            debtors::table.on(debtors::creditor_id
                .eq(placements::creditor_id)
                .and(debtors::id.eq(placements::debtor_id))),
        )
        .filter(placements::id.eq_any(ids))
        .select((placements::id, (debtors::name, placements::invoice_number)))
        .load::<(crate::domain::id::PlacementId, (String, String))>(conn)?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|alert| {
            let (debtor, invoice) = names.get(&alert.placement_id).cloned().unwrap_or_default();
            Listed {
                alert,
                debtor,
                invoice,
            }
        })
        .collect())
}
