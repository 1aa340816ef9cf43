//! Placements as programs list them: filtered, sorted, page by page, or caught up with from the
//! last change that was seen.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Date;

use super::Scope;
use super::placements::Placement;
use crate::db::DbConn;
use crate::db::schema::{creditors, debtors, placements};
use crate::domain::id::PlacementId;
use crate::domain::placement::PlacementStatus;
use crate::domain::text::folded;
use crate::domain::time::Instant;

/// Which placements are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Any of these; every status where there is none.
    pub statuses: Vec<PlacementStatus>,
    /// A part of the debtor's name or of the invoice number, in any case.
    pub text: Option<String>,
    pub changed: Option<ChangedSince>,
}

/// What was changed after a row that the caller holds already.
#[derive(Debug, Clone, Copy)]
pub struct ChangedSince {
    pub at: Instant,
    /// The row itself, so that others changed at that very instant are not passed over.
    pub after: Option<PlacementId>,
}

/// The columns a list can be sorted by; equal rows by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    Placed,
    Amount,
    /// The due date; none: after all others.
    Due,
    Status,
    Updated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub by: SortBy,
    pub descending: bool,
}

/// A placement with whose it is.
#[derive(Debug, Clone, Queryable)]
pub struct Entry {
    pub placement: Placement,
    pub debtor: DebtorPart,
    pub creditor_name: String,
}

#[derive(Debug, Clone, Queryable)]
pub struct DebtorPart {
    /// `person` or `business`.
    pub kind: String,
    pub name: String,
    pub reference: Option<String>,
    pub address_line1: Option<String>,
    pub address_line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
}

/// The query of the rows that a list has. A macro, because the type of a boxed query can't be
/// written down across the tables it joins.
macro_rules! narrowed {
    ($query:expr, $scope:expr, $filter:expr) => {{
        let mut query = $query.into_boxed();
        if let Scope::Creditor(creditor) = $scope {
            query = query.filter(placements::creditor_id.eq(creditor));
        }
        if !$filter.statuses.is_empty() {
            query = query.filter(placements::status.eq_any($filter.statuses.clone()));
        }
        if let Some(text) = &$filter.text {
            let pattern = containing(text);
            query = query.filter(
                debtors::search_name
                    .like(pattern.clone())
                    .escape('\\')
                    .or(placements::invoice_key.like(pattern).escape('\\')),
            );
        }
        if let Some(changed) = $filter.changed {
            query = match changed.after {
                None => query.filter(placements::updated_at.gt(changed.at)),
                Some(after) => query.filter(
                    placements::updated_at
                        .gt(changed.at)
                        .or(placements::updated_at
                            .eq(changed.at)
                            .and(placements::id.gt(after))),
                ),
            };
        }
        query
    }};
}

/// Placements with their debtors and creditors.
macro_rules! joined {
    () => {
        placements::table
            .inner_join(
                debtors::table.on(debtors::creditor_id
                    .eq(placements::creditor_id)
                    .and(debtors::id.eq(placements::debtor_id))),
            )
            .inner_join(creditors::table.on(creditors::id.eq(placements::creditor_id)))
    };
}

/// What a list tells of each.
macro_rules! entries {
    () => {
        joined!().select((
            Placement::as_select(),
            (
                debtors::kind,
                debtors::name,
                debtors::reference,
                debtors::address_line1,
                debtors::address_line2,
                debtors::city,
                debtors::state,
                debtors::zip,
            ),
            creditors::name,
        ))
    };
}

pub fn list(
    conn: &mut DbConn,
    scope: Scope,
    filter: &Filter,
    order: Order,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<Entry>> {
    let query = narrowed!(entries!(), scope, filter);
    // NULL sorts first on one database and last on the other.
    let due = || sql::<Date>("coalesce(placements.due_on, '9999-12-31')");
    let id = placements::id;
    let query = match (order.by, order.descending) {
        (SortBy::Placed, false) => query.order((placements::placed_at.asc(), id.asc())),
        (SortBy::Placed, true) => query.order((placements::placed_at.desc(), id.desc())),
        (SortBy::Amount, false) => query.order((placements::amount_cents.asc(), id.asc())),
        (SortBy::Amount, true) => query.order((placements::amount_cents.desc(), id.desc())),
        (SortBy::Due, false) => query.order((due().asc(), id.asc())),
        (SortBy::Due, true) => query.order((due().desc(), id.desc())),
        (SortBy::Status, false) => query.order((placements::status.asc(), id.asc())),
        (SortBy::Status, true) => query.order((placements::status.desc(), id.desc())),
        (SortBy::Updated, false) => query.order((placements::updated_at.asc(), id.asc())),
        (SortBy::Updated, true) => query.order((placements::updated_at.desc(), id.desc())),
    };
    query.offset(offset).limit(limit).load(conn)
}

/// How many rows [`list`] has in all.
pub fn count(conn: &mut DbConn, scope: Scope, filter: &Filter) -> QueryResult<i64> {
    narrowed!(joined!(), scope, filter).count().get_result(conn)
}

/// One placement that `scope` may see, or nothing.
pub fn find(conn: &mut DbConn, scope: Scope, id: PlacementId) -> QueryResult<Option<Entry>> {
    narrowed!(entries!(), scope, Filter::default())
        .filter(placements::id.eq(id))
        .get_result(conn)
        .optional()
}

/// A pattern for LIKE that finds `text` anywhere. Both columns are folded, so both databases
/// compare alike.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in folded(text).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
