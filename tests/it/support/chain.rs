//! The audit chain as an outsider would check it: from the rows alone.

use std::collections::BTreeMap;

use diesel::prelude::*;
use forbear::db::schema::{audit_chains, audit_events};
use forbear::db::{Db, DbError};
use forbear::domain::audit_chain::GENESIS;
use forbear::store::audit::EventRow;

/// Fails unless every chain runs from 1 without a gap, each event follows from the one before,
/// and the head that is kept beside it is its last. Returns how many events there are.
#[track_caller]
pub fn assert_unbroken(db: &Db) -> usize {
    let (events, heads) = db
        .read(|conn| -> Result<_, DbError> {
            let events: Vec<EventRow> = audit_events::table
                .select(EventRow::as_select())
                .order((audit_events::chain, audit_events::seq))
                .load(conn)?;
            let heads: Vec<(String, i64, String)> = audit_chains::table
                .select((
                    audit_chains::chain,
                    audit_chains::length,
                    audit_chains::head,
                ))
                .load(conn)?;
            Ok((events, heads))
        })
        .unwrap();
    let mut found: BTreeMap<&str, (i64, &str)> = BTreeMap::new();
    for event in &events {
        let (length, head) = found.entry(&event.chain).or_insert((0, GENESIS));
        assert_eq!(event.seq, *length + 1, "a gap in chain {}", event.chain);
        assert_eq!(event.prev_hash, *head, "{} {}", event.chain, event.seq);
        assert_eq!(
            event.hash,
            event.link().hash(),
            "{} {}",
            event.chain,
            event.seq
        );
        (*length, *head) = (event.seq, &event.hash);
    }
    let kept: BTreeMap<&str, (i64, &str)> = heads
        .iter()
        .map(|(chain, length, head)| (chain.as_str(), (*length, head.as_str())))
        .collect();
    assert_eq!(kept, found, "the heads are not those of the chains");
    events.len()
}
