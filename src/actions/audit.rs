//! Checking the audit chains.

use crate::db::DbConn;
use crate::domain::audit_chain::GENESIS;
use crate::error::AppResult;
use crate::store::audit::{self, EventRow};

/// Events read at a time.
const STEP: i64 = 1_000;

/// What walking a chain from its first event to its head found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Events in the chain.
    pub length: i64,
    /// The first thing that is not as it was written.
    pub fault: Option<Fault>,
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place of the first bad event.
    pub seq: i64,
    pub what: &'static str,
}

/// Recomputes every hash of a chain and compares its end with the head that is kept apart. A
/// chain that has no event yet is in order.
pub fn verify(conn: &mut DbConn, chain: &str) -> AppResult<Verified> {
    let (mut seq, mut hash) = (0, GENESIS.to_owned());
    loop {
        let events = audit::after(conn, chain, seq, STEP)?;
        if events.is_empty() {
            break;
        }
        for event in events {
            if let Some(what) = fault(&event, seq, &hash) {
                let fault = Fault { seq: seq + 1, what };
                return Ok(Verified {
                    length: seq,
                    fault: Some(fault),
                });
            }
            seq = event.seq;
            hash = event.hash;
        }
    }
    let (length, head) =
        audit::head(conn, chain)?.map_or((0, GENESIS.to_owned()), |kept| (kept.length, kept.head));
    let fault = (length != seq || head != hash).then_some(Fault {
        seq: seq.min(length) + 1,
        what: "The chain does not end where its head says.",
    });
    Ok(Verified { length: seq, fault })
}

/// What is wrong with the event that follows the one at `seq` with `hash`.
fn fault(event: &EventRow, seq: i64, hash: &str) -> Option<&'static str> {
    if event.seq != seq + 1 {
        Some("An event is missing.")
    } else if event.prev_hash != hash {
        Some("The event does not follow from the one before.")
    } else if event.link().hash() != event.hash {
        Some("The event is not as it was written.")
    } else {
        None
    }
}

/// The names of all chains: one for each creditor, and the platform's own.
pub fn chains(conn: &mut DbConn) -> AppResult<Vec<String>> {
    Ok(audit::chains(conn)?)
}
