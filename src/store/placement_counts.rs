//! How many placements of a creditor there are of each kind.

use std::collections::HashSet;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::placement_list::{CLOSED, STOPPING};
use crate::db::DbConn;
use crate::db::schema::{audit_chains, audit_events, flags, holds, placements, tasks};
use crate::domain::id::{CreditorId, PlacementId};
use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;

/// The counts on the list's chips, for one creditor or added up for several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    by_status: Vec<(PlacementStatus, u64)>,
    pub held: u64,
    pub paused: u64,
    pub with_task: u64,
}

impl Counts {
    pub fn of(&self, status: PlacementStatus) -> u64 {
        self.by_status
            .iter()
            .find(|(known, _)| *known == status)
            .map_or(0, |(_, count)| *count)
    }

    pub fn all(&self) -> u64 {
        self.by_status.iter().map(|(_, count)| count).sum()
    }

    pub fn add_status(&mut self, status: PlacementStatus, count: u64) {
        match self
            .by_status
            .iter_mut()
            .find(|(known, _)| *known == status)
        {
            Some((_, sum)) => *sum += count,
            None => self.by_status.push((status, count)),
        }
    }

    pub fn add(&mut self, other: &Self) {
        for (status, count) in &other.by_status {
            self.add_status(*status, *count);
        }
        self.held += other.held;
        self.paused += other.paused;
        self.with_task += other.with_task;
    }
}

/// Counts the placements of a creditor. Reads every one of its status entries: remember the
/// answer.
pub fn count(conn: &mut DbConn, creditor: CreditorId, now: Instant) -> QueryResult<Counts> {
    let by_status: Vec<(PlacementStatus, i64)> = placements::table
        .filter(placements::creditor_id.eq(creditor))
        .group_by(placements::status)
        .select((placements::status, count_star()))
        .load(conn)?;
    let mut counts = Counts::default();
    for (status, count) in by_status {
        counts.add_status(status, super::count(count));
    }
    let held: Vec<PlacementId> = flags::table
        .inner_join(
            placements::table.on(placements::creditor_id
                .eq(flags::creditor_id)
                .and(placements::debtor_id.eq(flags::debtor_id))),
        )
        .filter(flags::creditor_id.eq(creditor))
        .filter(flags::kind.eq_any(STOPPING))
        .filter(flags::lifted_at.is_null())
        .filter(placements::status.ne_all(CLOSED))
        .select(placements::id)
        .load(conn)?;
    let paused: Vec<PlacementId> = holds::table
        .filter(holds::creditor_id.eq(creditor))
        .filter(holds::lifted_at.is_null())
        .filter(holds::until_at.is_null().or(holds::until_at.gt(now)))
        .select(holds::placement_id)
        .load(conn)?;
    let with_task: Vec<Option<PlacementId>> = tasks::table
        .filter(tasks::creditor_id.eq(creditor))
        .filter(tasks::status.eq("open"))
        .filter(tasks::placement_id.is_not_null())
        .select(tasks::placement_id)
        .load(conn)?;
    counts.held = distinct(held);
    counts.paused = distinct(paused);
    counts.with_task = distinct(with_task);
    Ok(counts)
}

fn distinct<T: std::hash::Hash + Eq>(ids: Vec<T>) -> u64 {
    let ids: HashSet<T> = ids.into_iter().collect();
    u64::try_from(ids.len()).unwrap_or(u64::MAX)
}

/// How long the creditors' audit chains are.
pub fn chain_lengths(conn: &mut DbConn, chains: &[String]) -> QueryResult<Vec<(String, i64)>> {
    audit_chains::table
        .filter(audit_chains::chain.eq_any(chains.to_vec()))
        .select((audit_chains::chain, audit_chains::length))
        .load(conn)
}

/// The kinds of the events after `seq`, at most `limit` of them.
pub fn kinds_after(
    conn: &mut DbConn,
    chain: &str,
    seq: i64,
    limit: i64,
) -> QueryResult<Vec<String>> {
    audit_events::table
        .filter(audit_events::chain.eq(chain))
        .filter(audit_events::seq.gt(seq))
        .order(audit_events::seq.asc())
        .limit(limit)
        .select(audit_events::kind)
        .load(conn)
}
