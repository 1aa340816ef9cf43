//! Whom else a stop binds: whoever says "stop calling" at a number is one person, whatever account it
//! was said of and whichever creditor placed it (12 CFR 1006.14(h), comment 14(h)(1)-1).
//!
//! Debtors who are on file now are stopped in the same transaction, each with a request of their own.
//! Whoever is placed later is told by the gate's facts (`store::facts`).

use super::stops::StopInput;
use crate::db::DbConn;
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::stop::StopScope;
use crate::error::{AppError, AppResult};
use crate::store::{debtor_lock, reachable};

/// A number or an address that more debtors have is nobody's own; the gate refuses it for each of
/// them anyway.
const MOST: usize = 20;

/// What the others' requests say in place of words.
const WORDS: &str = "Asked of another account that is reached at the same number or address.";

/// The stops of the others that follow from this one, and everybody's locks, taken in one order so
/// that two stops at once can't wait for each other.
pub(super) fn others(conn: &mut DbConn, input: &StopInput) -> AppResult<Vec<StopInput>> {
    let (creditor, debtor) = (input.creditor, input.debtor);
    let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let by_number = few(reachable::at_same_numbers(conn, creditor, debtor, limit)?);
    let by_address = few(reachable::at_same_addresses(conn, creditor, debtor, limit)?);
    let mut all: Vec<(CreditorId, DebtorId)> =
        by_number.iter().chain(&by_address).copied().collect();
    all.push((creditor, debtor));
    all.sort_unstable();
    all.dedup();
    for (creditor, debtor) in &all {
        debtor_lock::lock(conn, *creditor, *debtor)?.ok_or(AppError::NotFound)?;
    }
    let shared = |other: &(CreditorId, DebtorId)| {
        scope_of(
            input.scope,
            by_number.contains(other),
            by_address.contains(other),
        )
    };
    Ok(all
        .iter()
        .filter_map(|other| {
            Some(StopInput {
                creditor: other.0,
                debtor: other.1,
                placement: None,
                scope: shared(other)?,
                words: Some(WORDS.to_owned()),
                ..input.clone()
            })
        })
        .collect())
}

fn few(found: Vec<(CreditorId, DebtorId)>) -> Vec<(CreditorId, DebtorId)> {
    if found.len() > MOST {
        Vec::new()
    } else {
        found
    }
}

/// Whoever is reached at the number and at the address is the same person, and asked for the same;
/// for anybody else the stop is one of what is shared.
const fn scope_of(asked: StopScope, number: bool, address: bool) -> Option<StopScope> {
    match (asked, number, address) {
        (_, true, true) => Some(asked),
        (StopScope::All | StopScope::Call, true, false) => Some(StopScope::Call),
        (StopScope::All | StopScope::Email, false, true) => Some(StopScope::Email),
        (StopScope::Email, true, false) | (StopScope::Call, false, true) | (_, false, false) => {
            None
        }
    }
}
