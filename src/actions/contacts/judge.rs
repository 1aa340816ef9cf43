//! What the gate is told of a person's contact beside the file: a number that was typed, and a
//! call that was in progress at a recall.

use super::since::stopped_since;
use super::{ContactPoint, Intent, LATEST, Look, subject_of};
use crate::actions::ctx::Ctx;
use crate::actions::{decisions, policies};
use crate::db::DbConn;
use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::attempt::Purpose;
use crate::gate::facts::{self, Direction};
use crate::gate::next_contact::{self, Warnings};
use crate::gate::{Attempt, Channel, Decision, Facts, Finding, Policy, RuleId, Severity, decide};
use crate::store::dnc_listings::is_listed;
use crate::store::placement_refs::PlacementRef;

pub(super) fn judge(
    ctx: &Ctx,
    conn: &mut DbConn,
    placement: &PlacementRef,
    intent: &Intent,
    attempt: &Attempt,
    now: Instant,
) -> AppResult<Look> {
    let typed = typed_phone(conn, placement, intent)?;
    let in_flight_at_recall = was_in_flight(placement, intent, now);
    let policy = policies::in_force(ctx, conn)?;
    let amend = |file: &mut Facts| {
        if let Some(typed) = typed {
            add_phone(file, typed);
        }
        if in_flight_at_recall {
            reopen(file, placement);
        }
    };
    let (on_file, decision) =
        decisions::judge_amended(ctx, conn, &policy, subject_of(placement), attempt, amend)?;
    let since = match intent.direction {
        // What the debtor begins, no stop forbids.
        Direction::In => None,
        Direction::Out => stopped_since(&policy, &on_file.facts, &decision, now),
    };
    let by_a_person = next_contact::earliest(
        &policy,
        &on_file.facts,
        attempt,
        Warnings::WillBeAcknowledged,
    );
    Ok(Look {
        no_notice: no_notice(&policy, &on_file.facts, &decision),
        by_a_person: by_a_person.at,
        on_file,
        decision,
        in_flight_at_recall,
        since,
    })
}

/// What stands against the letter that the validation notice would be: after a request to stop it
/// may not go (15 U.S.C. 1692c(c) names what may, and it is not among that).
fn no_notice(policy: &Policy, facts: &Facts, decision: &Decision) -> Option<Finding> {
    decision.finding(RuleId::ValidationDue)?;
    let asked = &decision.attempt;
    let notice = Attempt {
        debt: asked.debt.clone(),
        purpose: Purpose::ValidationNotice,
        ..Attempt::new(asked.at, Channel::Letter, "")
    };
    decide(policy, facts, &notice)
        .findings
        .into_iter()
        .find(|finding| finding.severity == Severity::Block)
}

/// The number as the gate reads one, with what the do-not-call lists say of it. Of its kind
/// nothing is known, which protects like a mobile.
fn typed_phone(
    conn: &mut DbConn,
    placement: &PlacementRef,
    intent: &Intent,
) -> AppResult<Option<facts::Phone>> {
    let ContactPoint::Phone(number) = intent.to else {
        return Ok(None);
    };
    let listings = is_listed(conn, placement.creditor_id, number)?;
    Ok(Some(facts::Phone {
        number: number.to_string(),
        dnc: listings.into_iter().map(Into::into).collect(),
        ..Default::default()
    }))
}

/// A number that is on file already stays as the file has it.
fn add_phone(file: &mut Facts, typed: facts::Phone) {
    let phones = &mut file.debtor.phones;
    if !phones.iter().any(|phone| phone.number == typed.number) {
        phones.push(typed);
    }
}

/// A call that began before the recall ends naturally and may be logged for a day; nothing else
/// on a closed placement may.
fn was_in_flight(placement: &PlacementRef, intent: &Intent, now: Instant) -> bool {
    let (Some(resolved_at), Some(at)) = (placement.resolved_at, intent.at) else {
        return false;
    };
    placement.status.is_closed()
        && intent.direction == Direction::Out
        && intent.channel == Channel::Call
        && at < resolved_at
        && now <= resolved_at.plus(LATEST)
}

/// The account as it stood while the call was made.
fn reopen(file: &mut Facts, placement: &PlacementRef) {
    for debt in &mut file.debts {
        if debt.id == placement.id.as_str() {
            debt.status = PlacementStatus::InOutreach;
        }
    }
}
