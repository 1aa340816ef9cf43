//! The counts on the chips of the list, remembered.
//!
//! Counting reads every placement of a creditor; showing a list must not. Whatever changes a count
//! is in the creditor's audit chain, so an answer stays good until an event of such a kind is
//! appended, by whichever process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;

use crate::db::DbConn;
use crate::domain::audit_chain::Chain;
use crate::domain::event::EventKind;
use crate::domain::id::CreditorId;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::placement_counts::{self as store, Counts};
use crate::store::{Scope, creditors};

/// Counts that time alone changes (a pause that ran out) are never older than this.
const GOOD_FOR: Duration = Duration::minutes(1);

/// Events looked through before counting anew is cheaper.
const EVENTS_TO_LOOK_THROUGH: i64 = 200;

/// Counts by creditor. Cheap to clone; all clones share them.
#[derive(Debug, Clone, Default)]
pub struct PlacementCounts(Arc<Mutex<HashMap<CreditorId, Remembered>>>);

#[derive(Debug, Clone)]
struct Remembered {
    counts: Arc<Counts>,
    /// The length of the audit chain that the counts agree with.
    chain_length: i64,
    counted_at: Instant,
}

impl PlacementCounts {
    /// The counts of what `scope` may see.
    pub fn of(&self, conn: &mut DbConn, scope: Scope, now: Instant) -> AppResult<Counts> {
        let ids = match scope {
            Scope::Creditor(creditor) => vec![creditor],
            Scope::Agency => creditors::ids(conn)?,
        };
        let chains: Vec<String> = ids
            .iter()
            .map(|id| Chain::Creditor(*id).to_string())
            .collect();
        let lengths: HashMap<String, i64> =
            store::chain_lengths(conn, &chains)?.into_iter().collect();
        let mut sum = Counts::default();
        for (creditor, chain) in ids.into_iter().zip(&chains) {
            let length = lengths.get(chain).copied().unwrap_or(0);
            sum.add(&*self.of_one(conn, creditor, chain, length, now)?);
        }
        Ok(sum)
    }

    fn of_one(
        &self,
        conn: &mut DbConn,
        creditor: CreditorId,
        chain: &str,
        length: i64,
        now: Instant,
    ) -> AppResult<Arc<Counts>> {
        let known = self.known(creditor);
        let still_good = match &known {
            Some(known) => is_still_good(conn, known, chain, length, now)?,
            None => false,
        };
        let fresh = match known {
            Some(known) if still_good && known.chain_length == length => return Ok(known.counts),
            Some(known) if still_good => Remembered {
                chain_length: length,
                ..known
            },
            Some(_) | None => Remembered {
                counts: Arc::new(store::count(conn, creditor, now)?),
                chain_length: length,
                counted_at: now,
            },
        };
        let counts = Arc::clone(&fresh.counts);
        self.remember(creditor, fresh);
        Ok(counts)
    }

    fn known(&self, creditor: CreditorId) -> Option<Remembered> {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.get(&creditor).cloned()
    }

    fn remember(&self, creditor: CreditorId, fresh: Remembered) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_newer = map
            .get(&creditor)
            .is_none_or(|known| known.chain_length <= fresh.chain_length);
        if is_newer {
            map.insert(creditor, fresh);
        }
    }
}

/// Whether nothing has happened since that changes a count.
fn is_still_good(
    conn: &mut DbConn,
    known: &Remembered,
    chain: &str,
    length: i64,
    now: Instant,
) -> AppResult<bool> {
    if now.since(known.counted_at) >= GOOD_FOR {
        return Ok(false);
    }
    let grown = length - known.chain_length;
    if grown == 0 {
        return Ok(true);
    }
    if !(0..=EVENTS_TO_LOOK_THROUGH).contains(&grown) {
        return Ok(false);
    }
    let kinds = store::kinds_after(conn, chain, known.chain_length, EVENTS_TO_LOOK_THROUGH)?;
    Ok(kinds
        .iter()
        .all(|kind| EventKind::from_word(kind).is_some_and(leaves_counts_alone)))
}

/// Events that say only how outreach went. Any other may change a count.
fn leaves_counts_alone(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::ContactAuthorised
            | EventKind::ContactHandedOver
            | EventKind::ContactLogged
            | EventKind::ContactRefused
            | EventKind::CallPlanned
            | EventKind::CallCancelled
            | EventKind::CallRescheduled
            | EventKind::AlertRaised
            | EventKind::AlertAcknowledged
            | EventKind::AlertResolved
            | EventKind::SequencePaused
            | EventKind::LetterRecorded
            | EventKind::PortalLinkCreated
            | EventKind::PortalLinkRevoked
            | EventKind::PortalCodeSent
            | EventKind::PortalSignedIn
    )
}
