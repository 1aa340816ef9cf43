//! The list of placements, page by page.

use std::collections::{HashMap, HashSet};

use super::ctx::Ctx;
use super::standing;
use crate::db::DbConn;
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::money::Cents;
use crate::domain::placement::PlacementStatus;
use crate::domain::search::{self, Reach};
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::Facts;
use crate::store::placement_counts::Counts;
use crate::store::placement_list::{self as store, Filter, Key, Order, Row, Window};
use crate::store::{Scope, reachable, search_words};

/// Rows on a page.
pub const PAGE: u64 = 25;

/// Lists that no more placements are in than this are collected whole and sorted.
const FEW: u64 = 2_000;

/// Debtors, and placements of theirs, that one number or address finds at most: more have no
/// number of their own.
const MOST_REACHED: i64 = 500;

/// Which page of which list.
#[derive(Debug, Clone)]
pub struct ListRequest {
    pub scope: Scope,
    /// What was typed into the search box.
    pub search: String,
    pub filter: Filter,
    pub order: Order,
    /// From 1; one beyond the last is the last.
    pub page: u64,
}

/// One page with what its rows need.
#[derive(Debug, Clone)]
pub struct ListPage {
    pub rows: Vec<Row>,
    /// The facts of the rows' debtors.
    pub facts: HashMap<DebtorId, Facts>,
    /// Counts of the whole list or, with a search, of what it found.
    pub counts: Counts,
    /// How many placements the list has.
    pub total: u64,
    /// The search found more than are listed: its words are too common.
    pub more: bool,
    pub page: u64,
    /// Whether there is any placement at all, whatever the search and the filter.
    pub any: bool,
    pub now: Instant,
}

/// Reads one page.
pub fn page(ctx: &Ctx, conn: &mut DbConn, request: &ListRequest) -> AppResult<ListPage> {
    let now = ctx.now();
    let all = ctx.placement_counts.of(conn, request.scope, now)?;
    let any = all.all() > 0;
    let words = search::words(&request.search);
    let found = if words.is_empty() {
        listed(conn, request, all, now)?
    } else {
        searched(conn, request, &words, now)?
    };
    let rows = store::rows(conn, &found.keys)?;
    let facts = facts_of(ctx, conn, &rows)?;
    Ok(ListPage {
        rows,
        facts,
        counts: found.counts,
        total: found.total,
        more: found.more,
        page: found.page,
        any,
        now,
    })
}

/// Rows whose facts are in memory at once while a list is written to a file.
const AT_ONCE: usize = 500;

/// Shows every row of the list to `each`, in its order and in one view of the data, with the facts
/// of its debtor and what was recovered on it. The page of the request is left out of account.
///
/// # Errors
/// [`AppError::Invalid`] for a list with more than `most` rows.
pub fn every_row(
    ctx: &Ctx,
    request: &ListRequest,
    most: u64,
    mut each: impl FnMut(&Row, Option<&Facts>, Cents, Instant) -> AppResult<()>,
) -> AppResult<()> {
    let now = ctx.now();
    ctx.read(|conn| {
        let words = search::words(&request.search);
        let (keys, total) = if words.is_empty() {
            let counts = ctx.placement_counts.of(conn, request.scope, now)?;
            let total = count_of(&counts, request.filter);
            let window = Window {
                offset: 0,
                limit: most,
                total,
            };
            let (scope, filter) = (request.scope, request.filter);
            let keys = store::scan(conn, scope, filter, request.order, window, now)?;
            (keys, total)
        } else {
            let (mut keys, ..) = searched_keys(conn, request, &words, now)?;
            store::sort(&mut keys, request.order);
            let total = u64::try_from(keys.len()).unwrap_or(u64::MAX);
            (keys, total)
        };
        if total > most {
            return Err(AppError::invalid(
                "export",
                format!(
                    "This list has {total} placements, and at most {most} go into one file. \
                     Narrow it by a status or a search, and export it again."
                ),
            ));
        }
        for keys in keys.chunks(AT_ONCE) {
            let rows = store::rows(conn, keys)?;
            let ids: Vec<PlacementId> = rows.iter().map(|row| row.id).collect();
            let recovered = store::recovered(conn, &ids)?;
            let facts = facts_of(ctx, conn, &rows)?;
            for row in &rows {
                let recovered = recovered.get(&row.id).copied().unwrap_or(Cents::ZERO);
                each(row, facts.get(&row.debtor_id), recovered, now)?;
            }
        }
        Ok(())
    })
}

struct Found {
    keys: Vec<Key>,
    counts: Counts,
    total: u64,
    more: bool,
    page: u64,
}

/// How many placements a filter lets through.
pub fn count_of(counts: &Counts, filter: Filter) -> u64 {
    match filter {
        Filter::All => counts.all(),
        Filter::Status(status) => counts.of(status),
        Filter::Statuses(statuses) => statuses.iter().map(|status| counts.of(*status)).sum(),
        Filter::Held => counts.held,
        Filter::Paused => counts.paused,
        Filter::HasTask => counts.with_task,
    }
}

fn listed(
    conn: &mut DbConn,
    request: &ListRequest,
    counts: Counts,
    now: Instant,
) -> AppResult<Found> {
    let (scope, filter) = (request.scope, request.filter);
    let total = count_of(&counts, filter);
    if total <= FEW
        && let Some(keys) = store::collect(conn, scope, filter, now)?
    {
        return Ok(cut(keys, request, counts, false));
    }
    let page = page_within(request.page, total);
    let window = Window {
        offset: (page - 1) * PAGE,
        limit: PAGE,
        total,
    };
    Ok(Found {
        keys: store::scan(conn, scope, filter, request.order, window, now)?,
        counts,
        total,
        more: false,
        page,
    })
}

fn searched(
    conn: &mut DbConn,
    request: &ListRequest,
    words: &[String],
    now: Instant,
) -> AppResult<Found> {
    let (keys, counts, more) = searched_keys(conn, request, words, now)?;
    Ok(cut(keys, request, counts, more))
}

/// What a search finds under the filter, unsorted; the counts of all it finds; whether there is
/// more.
fn searched_keys(
    conn: &mut DbConn,
    request: &ListRequest,
    words: &[String],
    now: Instant,
) -> AppResult<(Vec<Key>, Counts, bool)> {
    let scope = request.scope;
    let candidates = search_words::candidates(conn, scope, words)?;
    let reached = reached_by(conn, scope, &request.search)?;
    let mut ids = candidates.ids.clone();
    ids.extend(reached.iter().filter(|id| !candidates.ids.contains(id)));
    let keys: Vec<Key> = store::with_texts(conn, scope, &ids)?
        .into_iter()
        .filter(|(key, name, invoice)| {
            let unchecked = &candidates.unchecked;
            unchecked.is_empty()
                || reached.contains(&key.id)
                || search::matches(unchecked, &format!("{name} {invoice}"))
        })
        .map(|(key, _, _)| key)
        .collect();
    let ids: Vec<PlacementId> = keys.iter().map(|key| key.id).collect();
    let mut among = |filter| store::among(conn, scope, filter, &ids, now);
    let (held, paused, with_task) = (
        among(Filter::Held)?,
        among(Filter::Paused)?,
        among(Filter::HasTask)?,
    );
    let size = |keys: &[Key]| u64::try_from(keys.len()).unwrap_or(u64::MAX);
    let mut counts = Counts::default();
    counts.held = size(&held);
    counts.paused = size(&paused);
    counts.with_task = size(&with_task);
    for key in &keys {
        counts.add_status(key.status, 1);
    }
    let keys = match request.filter {
        Filter::All => keys,
        Filter::Status(status) => with_status(keys, &[status]),
        Filter::Statuses(statuses) => with_status(keys, statuses),
        Filter::Held => held,
        Filter::Paused => paused,
        Filter::HasTask => with_task,
    };
    Ok((keys, counts, candidates.more))
}

/// Placements of whoever a number or an address reaches that was typed whole. A number can be an
/// invoice's as well: what its words find is listed too.
fn reached_by(conn: &mut DbConn, scope: Scope, text: &str) -> AppResult<HashSet<PlacementId>> {
    let Some(reach) = Reach::read(text) else {
        return Ok(HashSet::new());
    };
    let debtors = reachable::debtors(conn, scope, &reach, MOST_REACHED)?;
    let found = reachable::placements(conn, scope, &debtors, MOST_REACHED)?;
    Ok(found.into_iter().collect())
}

fn with_status(keys: Vec<Key>, statuses: &[PlacementStatus]) -> Vec<Key> {
    keys.into_iter()
        .filter(|key| statuses.contains(&key.status))
        .collect()
}

/// Sorts a list that is here whole and cuts the page out.
fn cut(mut keys: Vec<Key>, request: &ListRequest, counts: Counts, more: bool) -> Found {
    store::sort(&mut keys, request.order);
    let total = u64::try_from(keys.len()).unwrap_or(u64::MAX);
    let page = page_within(request.page, total);
    let skip = usize::try_from((page - 1) * PAGE).unwrap_or(usize::MAX);
    let take = usize::try_from(PAGE).unwrap_or(usize::MAX);
    Found {
        keys: keys.into_iter().skip(skip).take(take).collect(),
        counts,
        total,
        more,
        page,
    }
}

fn page_within(page: u64, total: u64) -> u64 {
    page.clamp(1, total.div_ceil(PAGE).max(1))
}

/// The facts of the rows' debtors: a page of one creditor is one load.
fn facts_of(ctx: &Ctx, conn: &mut DbConn, rows: &[Row]) -> AppResult<HashMap<DebtorId, Facts>> {
    let mut of: HashMap<CreditorId, Vec<DebtorId>> = HashMap::new();
    for row in rows {
        let debtors = of.entry(row.creditor_id).or_default();
        if !debtors.contains(&row.debtor_id) {
            debtors.push(row.debtor_id);
        }
    }
    let mut all = HashMap::new();
    for (creditor, debtors) in of {
        all.extend(standing::facts_now(ctx, conn, creditor, &debtors)?);
    }
    Ok(all)
}
