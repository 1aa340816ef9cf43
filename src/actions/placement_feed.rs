//! Placements with what stands against contact, as programs read them.

use std::collections::HashMap;

use super::ctx::Ctx;
use crate::db::DbConn;
use crate::domain::id::{CreditorId, DebtorId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::FlagKind;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::flags::Flag;
use crate::store::holds::Hold;
use crate::store::placement_feed::{self, Entry, Filter, Order};
use crate::store::placements::Placement;
use crate::store::{Scope, flags, holds, placing};

/// Whether anything may go out at all. What may go out now is for the gate to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutreachState {
    /// Nothing stands in the way for good.
    Active,
    /// A pause is in force.
    Paused,
    /// The debtor, or the law on their behalf, has stopped calls and emails.
    Blocked,
    /// The placement has ended.
    Closed,
}

/// A placement with what is in force against contact, the oldest first.
#[derive(Debug, Clone)]
pub struct Listed {
    pub entry: Entry,
    pub flags: Vec<Flag>,
    pub holds: Vec<Hold>,
}

/// A placement with how its debtor can be reached, as far as it is on file.
#[derive(Debug, Clone)]
pub struct Whole {
    pub listed: Listed,
    pub phones: Vec<PhoneNumber>,
    pub emails: Vec<String>,
}

/// One page of a list, and how many rows there are in all.
pub fn list(
    ctx: &Ctx,
    scope: Scope,
    filter: &Filter,
    order: Order,
    offset: i64,
    limit: i64,
) -> AppResult<(Vec<Listed>, i64)> {
    let now = ctx.now();
    ctx.read(|conn| {
        let total = placement_feed::count(conn, scope, filter)?;
        let entries = placement_feed::list(conn, scope, filter, order, offset, limit)?;
        Ok((with_stops(conn, now, entries)?, total))
    })
}

/// One placement, if `scope` may see it.
pub fn whole(conn: &mut DbConn, scope: Scope, now: Instant, id: PlacementId) -> AppResult<Whole> {
    let entry = placement_feed::find(conn, scope, id)?.ok_or(AppError::NotFound)?;
    let (creditor, debtor) = (entry.placement.creditor_id, entry.placement.debtor_id);
    let listed = with_stops(conn, now, vec![entry])?
        .pop()
        .ok_or(AppError::NotFound)?;
    Ok(Whole {
        listed,
        phones: placing::phones_of(conn, creditor, &[debtor])?
            .into_iter()
            .filter(placing::OnFile::is_own)
            .map(|phone| phone.number)
            .collect(),
        emails: placing::emails_of(conn, creditor, &[debtor])?
            .into_iter()
            .map(|(_, address, _, _)| address)
            .collect(),
    })
}

/// Adds what is in force to the rows of a page: two queries for each creditor on it.
fn with_stops(conn: &mut DbConn, now: Instant, entries: Vec<Entry>) -> AppResult<Vec<Listed>> {
    let mut of: HashMap<CreditorId, (Vec<DebtorId>, Vec<PlacementId>)> = HashMap::new();
    for Entry { placement, .. } in &entries {
        let (debtors, placements) = of.entry(placement.creditor_id).or_default();
        debtors.push(placement.debtor_id);
        placements.push(placement.id);
    }
    let mut of_debtor: HashMap<DebtorId, Vec<Flag>> = HashMap::new();
    let mut of_placement: HashMap<PlacementId, Vec<Hold>> = HashMap::new();
    for (creditor, (debtors, placements)) in of {
        for flag in flags::in_force(conn, creditor, &debtors)? {
            of_debtor.entry(flag.debtor_id).or_default().push(flag);
        }
        for hold in holds::in_force(conn, creditor, &placements, now)? {
            of_placement
                .entry(hold.placement_id)
                .or_default()
                .push(hold);
        }
    }
    Ok(entries
        .into_iter()
        .map(|entry| Listed {
            // Two placements of one debtor may stand on one page.
            flags: of_debtor
                .get(&entry.placement.debtor_id)
                .map(|flags| binding(&entry.placement, flags))
                .unwrap_or_default(),
            holds: of_placement.remove(&entry.placement.id).unwrap_or_default(),
            entry,
        })
        .collect())
}

/// Without a discharge that does not cover the account.
fn binding(placement: &Placement, flags: &[Flag]) -> Vec<Flag> {
    let is_excluded = placement.included_in_discharge == Some(false);
    flags
        .iter()
        .filter(|flag| !(is_excluded && flag.kind == FlagKind::Discharge))
        .cloned()
        .collect()
}

impl Listed {
    pub fn outreach_state(&self) -> OutreachState {
        if self.entry.placement.status.is_closed() {
            return OutreachState::Closed;
        }
        let has = |kinds: &[FlagKind]| self.flags.iter().any(|flag| kinds.contains(&flag.kind));
        let everything = has(&[
            FlagKind::Cease,
            FlagKind::Attorney,
            FlagKind::Bankruptcy,
            FlagKind::Discharge,
            FlagKind::Deceased,
        ]);
        let calls = has(&[FlagKind::CallOptOut, FlagKind::DoNotCall]);
        if everything || (calls && has(&[FlagKind::EmailOptOut])) {
            OutreachState::Blocked
        } else if self.holds.is_empty() {
            OutreachState::Active
        } else {
            OutreachState::Paused
        }
    }
}
