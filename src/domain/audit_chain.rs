//! The audit chain: how one event follows from the one before it.
//!
//! Each event carries the hash of its predecessor, so that a row that is changed, dropped, swapped
//! or slipped in breaks the chain at that row. The layout is fixed: the stand-alone verifier and
//! every stored chain depend on it.

use std::fmt;

use sha2::{Digest, Sha256};

use super::hash::hex;
use super::id::{CreditorId, DebtorId, EventId, PlacementId};
use super::time::Instant;

/// `prev_hash` of the first event of a chain.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Which chain an event belongs to: its creditor's, or the platform's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chain {
    Creditor(CreditorId),
    Platform,
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Creditor(id) => id.fmt(f),
            Self::Platform => f.write_str("platform"),
        }
    }
}

/// One event as it is hashed: the stored columns, word for word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub chain: String,
    /// From 1, without gaps.
    pub seq: i64,
    pub id: EventId,
    pub at: Instant,
    pub kind: String,
    pub actor: String,
    pub debtor_id: Option<DebtorId>,
    pub placement_id: Option<PlacementId>,
    pub cause: Option<EventId>,
    /// JSON text exactly as stored.
    pub body: String,
    pub prev_hash: String,
}

impl Link {
    /// The hash of [`hash_fields`], as 64 hexadecimal digits.
    pub fn hash(&self) -> String {
        hash_fields([
            &self.chain,
            &self.seq.to_string(),
            self.id.as_str(),
            &self.at.to_rfc3339(),
            &self.kind,
            &self.actor,
            self.debtor_id.as_ref().map_or("", |id| id.as_str()),
            self.placement_id.as_ref().map_or("", |id| id.as_str()),
            self.cause.as_ref().map_or("", |id| id.as_str()),
            &self.body,
            &self.prev_hash,
        ])
    }
}

/// SHA-256 over 0x00 and then each field preceded by its length in eight bytes, big-endian:
/// chain, seq, id, at (RFC 3339), kind, actor, debtor, placement, cause (empty where there is
/// none), body, and the previous hash. As 64 hexadecimal digits.
pub fn hash_fields(fields: [&str; 11]) -> String {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    for field in fields {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field.as_bytes());
    }
    hex(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        let now = Instant::from_micros(1_764_000_000_000_001);
        Link {
            chain: "platform".to_owned(),
            seq: 1,
            id: EventId::generate(now),
            at: now,
            kind: "user.added".to_owned(),
            actor: "system:cli".to_owned(),
            debtor_id: None,
            placement_id: None,
            cause: None,
            body: "{}".to_owned(),
            prev_hash: GENESIS.to_owned(),
        }
    }

    #[test]
    fn every_field_is_bound_by_the_hash() {
        let original = link();
        let now = Instant::from_micros(1);
        type Change = fn(&mut Link, Instant);
        let changes: [Change; 11] = [
            |l, _| l.chain.push('x'),
            |l, _| l.seq = 2,
            |l, at| l.id = EventId::generate(at),
            |l, at| l.at = at,
            |l, _| l.kind.push('x'),
            |l, _| l.actor.push('x'),
            |l, at| l.debtor_id = Some(DebtorId::generate(at)),
            |l, at| l.placement_id = Some(PlacementId::generate(at)),
            |l, at| l.cause = Some(EventId::generate(at)),
            |l, _| l.body.push(' '),
            |l, _| l.prev_hash.replace_range(0..1, "1"),
        ];
        for change in changes {
            let mut changed = original.clone();
            change(&mut changed, now);
            assert_ne!(changed.hash(), original.hash(), "{changed:?}");
        }
    }

    #[test]
    fn text_cannot_move_between_neighbouring_fields() {
        let mut one = link();
        let mut other = one.clone();
        one.kind = "ab".to_owned();
        one.actor = "c".to_owned();
        other.kind = "a".to_owned();
        other.actor = "bc".to_owned();
        assert_ne!(one.hash(), other.hash());
    }
}
