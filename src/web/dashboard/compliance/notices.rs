//! Accounts on which the validation notice is late.

use std::collections::HashMap;

use chrono::Duration;

use crate::db::DbConn;
use crate::domain::id::{CreditorId, DebtorId};
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::{Attempt, Channel, Facts, Policy, decide};
use crate::store::overdue_notices::Overdue;
use crate::store::{desk_home, facts, overdue_notices};
use crate::web::access::SignedIn;
use crate::web::dashboard::words;
use crate::web::view::compliance::OverdueNotice;
use crate::web::view::part::{Pager, When};

/// Accounts on a page.
const PAGE: u64 = 25;

/// The law's days for the notice, where the policy has a gap: none is ever late by a gap.
const DUE_DAYS: u32 = 5;

/// One page of them, most days since the first contact first.
pub fn page(
    conn: &mut DbConn,
    policy: &Policy,
    user: &SignedIn,
    asked: u64,
    now: Instant,
) -> AppResult<(Vec<OverdueNotice>, Pager)> {
    let days = policy
        .federal
        .validation
        .on(now.naive_utc().date())
        .map_or(DUE_DAYS, |times| times.notice_due_days);
    let before = now.minus(Duration::days(i64::from(days)));
    let all = overdue_notices::all(conn, before)?;
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let page = asked.min(total.div_ceil(PAGE).max(1));
    let skipped = usize::try_from((page - 1) * PAGE).unwrap_or(usize::MAX);
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let found: Vec<Overdue> = all.into_iter().skip(skipped).take(shown).collect();
    let names = desk_home::names(conn, found.iter().map(|it| it.placement_id).collect())?;
    let files = files(conn, &found)?;
    let rows = found
        .iter()
        .filter_map(|it| {
            let named = names.get(&it.placement_id)?;
            let first = it.first_contact?;
            let due = it
                .debtor_id
                .and_then(|debtor| files.get(&debtor))
                .and_then(|facts| due_on(policy, facts, it, now))
                .map_or_else(String::new, words::date);
            let missing: Vec<&str> = [
                ("Itemization date", named.itemization_on.is_none()),
                ("Address", named.address.is_none()),
            ]
            .into_iter()
            .filter_map(|(what, is_missing)| is_missing.then_some(what))
            .collect();
            Some(OverdueNotice {
                placement_id: it.placement_id.to_string(),
                debtor: named.debtor.clone(),
                invoice: named.invoice.clone(),
                creditor: named.creditor.clone(),
                first_contact: When::new(first, user.time_zone, now),
                due,
                days_since_first_contact: now.since(first).num_days(),
                missing: missing.join(", "),
            })
        })
        .collect();
    let pager = words::pager(page, PAGE, total, |page| {
        format!("/compliance?notices={page}#s4")
    });
    Ok((rows, pager))
}

fn files(conn: &mut DbConn, found: &[Overdue]) -> AppResult<HashMap<DebtorId, Facts>> {
    let mut of: HashMap<CreditorId, Vec<DebtorId>> = HashMap::new();
    for it in found {
        of.entry(it.creditor_id).or_default().extend(it.debtor_id);
    }
    let mut all = HashMap::new();
    for (creditor, debtors) in of {
        all.extend(facts::load(conn, creditor, &debtors)?);
    }
    Ok(all)
}

/// The last day for the notice by the debtor's own calendar, as the gate works it out.
fn due_on(policy: &Policy, facts: &Facts, it: &Overdue, now: Instant) -> Option<chrono::NaiveDate> {
    let letter = Attempt::new(now, Channel::Letter, it.placement_id.as_str());
    decide(policy, facts, &letter).computed.validation_due_on
}
