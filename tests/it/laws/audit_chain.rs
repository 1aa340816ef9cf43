//! The audit chain: no change to any event keeps its hash, and no text can pass for another.

use forbear::domain::audit_chain::{GENESIS, Link};
use forbear::domain::id::{DebtorId, EventId, PlacementId};
use forbear::domain::time::Instant;
use proptest::prelude::*;
use uuid::Uuid;

use super::config;

fn link() -> impl Strategy<Value = Link> {
    let texts = (
        "[a-z0-9:.]{0,6}",
        "[a-z0-9:.]{0,6}",
        "[a-z0-9:.]{0,6}",
        "\\PC{0,12}",
    );
    let ids = (
        any::<u128>(),
        any::<Option<u128>>(),
        any::<Option<u128>>(),
        any::<Option<u128>>(),
    );
    let numbers = (1..5_i64, 0..2_000_000_000_000_000_i64);
    (texts, ids, numbers).prop_map(
        |((chain, kind, actor, body), (id, debtor, placement, cause), (seq, at))| Link {
            chain,
            seq,
            id: EventId::from_uuid(Uuid::from_u128(id)),
            at: Instant::from_micros(at),
            kind,
            actor,
            debtor_id: debtor.map(|id| DebtorId::from_uuid(Uuid::from_u128(id))),
            placement_id: placement.map(|id| PlacementId::from_uuid(Uuid::from_u128(id))),
            cause: cause.map(|id| EventId::from_uuid(Uuid::from_u128(id))),
            body,
            prev_hash: GENESIS.to_owned(),
        },
    )
}

/// Moves the last character of `from` to the front of `to`, so that both read the same in a row.
fn shift(from: &mut String, to: &mut String) -> bool {
    match from.pop() {
        Some(c) => {
            to.insert(0, c);
            true
        }
        None => false,
    }
}

/// Each event's `prev_hash` made to follow from the event before.
fn chained(mut links: Vec<Link>) -> Vec<Link> {
    let mut head = GENESIS.to_owned();
    for (seq, link) in (1..).zip(&mut links) {
        link.seq = seq;
        link.prev_hash = head;
        head = link.hash();
    }
    links
}

/// The chain's end: what a signed checkpoint holds.
fn head(links: &[Link]) -> String {
    links.last().map_or(GENESIS.to_owned(), Link::hash)
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn events_that_differ_have_hashes_that_differ(one in link(), other in link()) {
        prop_assert_eq!(one == other, one.hash() == other.hash());
        prop_assert_eq!(one.hash(), one.clone().hash());
    }

    #[test]
    fn text_that_moves_between_fields_changes_the_hash(link in link()) {
        let mut moved = link.clone();
        if shift(&mut moved.kind, &mut moved.actor) {
            prop_assert_ne!(moved.hash(), link.hash());
        }
        let mut moved = link.clone();
        if shift(&mut moved.body, &mut moved.prev_hash) {
            prop_assert_ne!(moved.hash(), link.hash());
        }
    }

    #[test]
    fn a_debtors_id_cannot_pass_for_a_placements(link in link(), id in any::<u128>()) {
        let (mut one, mut other) = (link.clone(), link);
        let id = Uuid::from_u128(id);
        (one.debtor_id, one.placement_id) = (Some(DebtorId::from_uuid(id)), None);
        (other.debtor_id, other.placement_id) = (None, Some(PlacementId::from_uuid(id)));
        prop_assert_ne!(one.hash(), other.hash());
    }

    #[test]
    fn history_rewritten_with_right_hashes_ends_in_another_head(
        links in prop::collection::vec(link(), 2..8),
        at in any::<prop::sample::Index>(),
    ) {
        let original = chained(links);
        let index = at.index(original.len());

        let mut edited = original.clone();
        edited[index].body.push('x');
        prop_assert_ne!(head(&chained(edited)), head(&original));

        let mut shortened = original.clone();
        shortened.remove(index);
        prop_assert_ne!(head(&chained(shortened)), head(&original));

        let mut doubled = original.clone();
        doubled.insert(index, original[index].clone());
        prop_assert_ne!(head(&chained(doubled)), head(&original));

        let mut swapped = original.clone();
        swapped.swap(index, (index + 1) % original.len());
        if swapped != original {
            prop_assert_ne!(head(&chained(swapped)), head(&original));
        }
    }
}
