//! The list of placements: which are on a page, and what their rows show.
//!
//! Two ways lead to a page. A list that many placements are in is read off the index of its order,
//! page by page. One that few are in (a search, a rare hold) is collected whole and sorted here:
//! walking an index of a hundred thousand rows for ten hits would cost far more.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::{exists, sql};
use diesel::helper_types::{IntoBoxed, Select};
use diesel::prelude::*;
use diesel::sql_types::Date;

use super::Scope;
use super::among::load_among;
use crate::db::DbConn;
use crate::db::schema::{creditors, debtors, flags, holds, placements, tasks};
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::money::Cents;
use crate::domain::placement::PlacementStatus;
use crate::domain::stop::FlagKind;
use crate::domain::time::Instant;

/// The columns a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    Placed,
    /// The due date, so that descending past-due days are ascending here. None: after all others.
    Due,
    Amount,
}

/// In which order rows come; equal ones by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub by: SortBy,
    pub descending: bool,
}

/// Which placements are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    All,
    Status(PlacementStatus),
    /// Any of these statuses.
    Statuses(&'static [PlacementStatus]),
    /// Open, and the debtor is not to be contacted in some way: stops, counsel, bankruptcy, death.
    Held,
    Paused,
    /// The compliance desk has an open task about it.
    HasTask,
}

/// Flags that forbid contact in some way.
pub const STOPPING: [FlagKind; 9] = [
    FlagKind::Cease,
    FlagKind::CallOptOut,
    FlagKind::EmailOptOut,
    FlagKind::DoNotCall,
    FlagKind::MailOptOut,
    FlagKind::Attorney,
    FlagKind::Bankruptcy,
    FlagKind::Discharge,
    FlagKind::Deceased,
];

/// Statuses in which nothing is done any more. Held placements are told by not having one of
/// these: a list of open statuses would lead the planner to the index of statuses, which holds
/// nearly every placement.
pub const CLOSED: [PlacementStatus; 5] = [
    PlacementStatus::Paid,
    PlacementStatus::Recalled,
    PlacementStatus::ClosedUncollected,
    PlacementStatus::Resolved,
    PlacementStatus::WithdrawnByCreditor,
];

/// A placement with what it is sorted and filtered by.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Key {
    pub creditor_id: CreditorId,
    pub id: PlacementId,
    pub status: PlacementStatus,
    pub placed_at: Instant,
    pub due_on: Option<NaiveDate>,
    pub amount_cents: Cents,
}

type Columns = (
    placements::creditor_id,
    placements::id,
    placements::status,
    placements::placed_at,
    placements::due_on,
    placements::amount_cents,
);

const COLUMNS: Columns = (
    placements::creditor_id,
    placements::id,
    placements::status,
    placements::placed_at,
    placements::due_on,
    placements::amount_cents,
);

type Backend = <DbConn as diesel::Connection>::Backend;
type Keys = IntoBoxed<'static, Select<placements::table, Columns>, Backend>;

/// The keys that a filter lets through, in no order.
fn filtered(scope: Scope, filter: Filter, now: Instant) -> Keys {
    let query = placements::table.select(COLUMNS).into_boxed();
    let query = match scope {
        Scope::Creditor(creditor) => query.filter(placements::creditor_id.eq(creditor)),
        Scope::Agency => query,
    };
    match filter {
        Filter::All => query,
        Filter::Status(status) => query.filter(placements::status.eq(status)),
        Filter::Statuses(statuses) => query.filter(placements::status.eq_any(statuses)),
        Filter::Held => query
            .filter(placements::status.ne_all(CLOSED))
            .filter(exists(
                flags::table
                    .filter(flags::creditor_id.eq(placements::creditor_id))
                    .filter(flags::debtor_id.eq(placements::debtor_id))
                    .filter(flags::lifted_at.is_null())
                    .filter(flags::kind.eq_any(STOPPING)),
            )),
        Filter::Paused => query.filter(exists(
            holds::table
                .filter(holds::creditor_id.eq(placements::creditor_id))
                .filter(holds::placement_id.eq(placements::id))
                .filter(holds::lifted_at.is_null())
                .filter(holds::until_at.is_null().or(holds::until_at.gt(now))),
        )),
        Filter::HasTask => query.filter(exists(
            tasks::table
                .filter(tasks::creditor_id.eq(placements::creditor_id))
                .filter(tasks::placement_id.eq(placements::id.nullable()))
                .filter(tasks::status.eq("open")),
        )),
    }
}

/// Those of these placements that a filter lets through.
pub fn among(
    conn: &mut DbConn,
    scope: Scope,
    filter: Filter,
    ids: &[PlacementId],
    now: Instant,
) -> QueryResult<Vec<Key>> {
    filtered(scope, filter, now)
        .filter(placements::id.eq_any(ids.to_vec()))
        .load(conn)
}

/// One page, read off the index of its order.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub offset: u64,
    pub limit: u64,
    /// How many rows the list has: a page beyond the middle is read from the other end.
    pub total: u64,
}

/// A page of a list that many placements are in.
pub fn scan(
    conn: &mut DbConn,
    scope: Scope,
    filter: Filter,
    order: Order,
    window: Window,
    now: Instant,
) -> QueryResult<Vec<Key>> {
    let left = window.total.saturating_sub(window.offset);
    let limit = window.limit.min(left);
    let from_end = window.offset > window.total / 2;
    let offset = if from_end {
        left - limit
    } else {
        window.offset
    };
    let descending = order.descending != from_end;

    let query = filtered(scope, filter, now);
    let due = || sql::<Date>(DUE_OR_NEVER);
    let query = match (order.by, descending) {
        (SortBy::Placed, true) => {
            query.order((placements::placed_at.desc(), placements::id.desc()))
        }
        (SortBy::Placed, false) => query.order((placements::placed_at.asc(), placements::id.asc())),
        (SortBy::Due, true) => query.order((due().desc(), placements::id.desc())),
        (SortBy::Due, false) => query.order((due().asc(), placements::id.asc())),
        (SortBy::Amount, true) => {
            query.order((placements::amount_cents.desc(), placements::id.desc()))
        }
        (SortBy::Amount, false) => {
            query.order((placements::amount_cents.asc(), placements::id.asc()))
        }
    };
    let mut keys: Vec<Key> = query
        .offset(i64::try_from(offset).unwrap_or(i64::MAX))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?;
    if from_end {
        keys.reverse();
    }
    Ok(keys)
}

/// The expression of the indexes: NULL sorts first on one database and last on the other.
const DUE_OR_NEVER: &str = "coalesce(placements.due_on, '9999-12-31')";

/// Puts keys in the order that [`scan`] reads them in.
pub fn sort(keys: &mut [Key], order: Order) {
    keys.sort_unstable_by(|one, other| {
        let ascending = match order.by {
            SortBy::Placed => one.placed_at.cmp(&other.placed_at),
            SortBy::Due => {
                let due = |key: &Key| key.due_on.unwrap_or(NaiveDate::MAX);
                due(one).cmp(&due(other))
            }
            SortBy::Amount => one.amount_cents.cmp(&other.amount_cents),
        }
        .then(one.id.cmp(&other.id));
        if order.descending {
            ascending.reverse()
        } else {
            ascending
        }
    });
}

/// Every placement of a list that few are in, unsorted: found from the flags, holds or tasks that
/// make it so. `None` for a list that has no such few to start from.
pub fn collect(
    conn: &mut DbConn,
    scope: Scope,
    filter: Filter,
    now: Instant,
) -> QueryResult<Option<Vec<Key>>> {
    let of = match scope {
        Scope::Creditor(creditor) => vec![creditor],
        Scope::Agency => creditors::table.select(creditors::id).load(conn)?,
    };
    let mut keys: Vec<Key> = match filter {
        Filter::All | Filter::Status(_) | Filter::Statuses(_) => return Ok(None),
        Filter::Held => flags::table
            .inner_join(
                placements::table.on(placements::creditor_id
                    .eq(flags::creditor_id)
                    .and(placements::debtor_id.eq(flags::debtor_id))),
            )
            .filter(flags::creditor_id.eq_any(of))
            .filter(flags::kind.eq_any(STOPPING))
            .filter(flags::lifted_at.is_null())
            .filter(placements::status.ne_all(CLOSED))
            .select(COLUMNS)
            .load(conn)?,
        Filter::Paused => holds::table
            .inner_join(
                placements::table.on(placements::creditor_id
                    .eq(holds::creditor_id)
                    .and(placements::id.eq(holds::placement_id))),
            )
            .filter(holds::creditor_id.eq_any(of))
            .filter(holds::lifted_at.is_null())
            .filter(holds::until_at.is_null().or(holds::until_at.gt(now)))
            .select(COLUMNS)
            .load(conn)?,
        Filter::HasTask => tasks::table
            .inner_join(
                placements::table.on(placements::creditor_id
                    .eq(tasks::creditor_id)
                    .and(placements::id.nullable().eq(tasks::placement_id))),
            )
            .filter(tasks::creditor_id.eq_any(of))
            .filter(tasks::status.eq("open"))
            .select(COLUMNS)
            .load(conn)?,
    };
    // Two flags of one debtor find the same placement twice.
    keys.sort_unstable_by_key(|key| key.id);
    keys.dedup_by_key(|key| key.id);
    Ok(Some(keys))
}

/// What is searched in: a placement's key with the debtor's name and the invoice number.
pub type Found = (Key, String, String);

/// The placements with these ids that `scope` may see, with the texts a search looks in.
pub fn with_texts(conn: &mut DbConn, scope: Scope, ids: &[PlacementId]) -> QueryResult<Vec<Found>> {
    let query = placements::table
        .inner_join(
            debtors::table.on(debtors::creditor_id
                .eq(placements::creditor_id)
                .and(debtors::id.eq(placements::debtor_id))),
        )
        .filter(placements::id.eq_any(ids.to_vec()))
        .select((COLUMNS, debtors::name, placements::invoice_number))
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(placements::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .load(conn)
}

/// What one row of the list shows.
#[derive(Debug, Clone, Queryable)]
pub struct Row {
    pub creditor_id: CreditorId,
    pub id: PlacementId,
    pub debtor_id: DebtorId,
    pub debtor: String,
    pub state: Option<String>,
    pub creditor: String,
    pub invoice_number: String,
    pub status: PlacementStatus,
    pub amount_cents: Cents,
    pub due_on: Option<NaiveDate>,
    pub placed_at: Instant,
}

/// The rows of these keys, in their order.
pub fn rows(conn: &mut DbConn, keys: &[Key]) -> QueryResult<Vec<Row>> {
    let ids: Vec<PlacementId> = keys.iter().map(|key| key.id).collect();
    let all = placements::table
        .inner_join(
            debtors::table.on(debtors::creditor_id
                .eq(placements::creditor_id)
                .and(debtors::id.eq(placements::debtor_id))),
        )
        .inner_join(creditors::table.on(creditors::id.eq(placements::creditor_id)));
    let mut rows: Vec<Row> = load_among!(conn, all, placements::id, &ids, |rows| rows.select((
        placements::creditor_id,
        placements::id,
        placements::debtor_id,
        debtors::name,
        debtors::state,
        creditors::name,
        placements::invoice_number,
        placements::status,
        placements::amount_cents,
        placements::due_on,
        placements::placed_at,
    )))?;
    let place = |row: &Row| keys.iter().position(|key| key.id == row.id);
    rows.sort_by_key(place);
    Ok(rows)
}

/// What was recovered on each of these placements.
pub fn recovered(
    conn: &mut DbConn,
    ids: &[PlacementId],
) -> QueryResult<HashMap<PlacementId, Cents>> {
    let found: Vec<(PlacementId, Cents)> = placements::table
        .filter(placements::id.eq_any(ids.to_vec()))
        .select((placements::id, placements::recovered_cents))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text_enum::TextEnum;

    #[test]
    fn the_closed_statuses_are_those_the_domain_calls_closed() {
        for (status, word) in PlacementStatus::WORDS {
            assert_eq!(CLOSED.contains(status), status.is_closed(), "{word}");
        }
    }
}
