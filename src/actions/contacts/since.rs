//! A contact that is put on record after something has come to stop contact, and before which it
//! took place: judged by what was known then, but never without a word.

use super::{Look, subject_of};
use crate::actions::decisions;
use crate::actions::tx::Tx;
use crate::domain::id::{AcknowledgementId, ContactId, DecisionId};
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::gate::attempt::Acknowledgement;
use crate::gate::rules::Category;
use crate::gate::{Attempt, Decision, Facts, Finding, Policy, Severity, decide};
use crate::store::acknowledgements;
use crate::store::placement_refs::PlacementRef;

/// What stops this contact now and did not when it took place: the debtor's request, or what has
/// become known of the person. The worst, since one request may raise several rules.
pub(super) fn stopped_since(
    policy: &Policy,
    facts: &Facts,
    then: &Decision,
    now: Instant,
) -> Option<Finding> {
    if then.attempt.at >= now {
        return None;
    }
    let attempt = Attempt {
        at: now,
        ..then.attempt.clone()
    };
    decide(policy, facts, &attempt)
        .findings
        .into_iter()
        .find(|finding| {
            finding.severity == Severity::Block
                && matches!(finding.category, Category::Person | Category::StopRequest)
                && then.finding(finding.rule).is_none()
        })
}

/// The reason that a person gave for logging it nevertheless.
pub(super) fn passed_by(look: &Look) -> Option<&Acknowledgement> {
    let finding = look.since.as_ref()?;
    let mut given = look.decision.attempt.acknowledged.iter();
    given.find(|acknowledged| acknowledged.rule == finding.rule)
}

/// Keeps the reason, and tells supervisors and compliance.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    of: &PlacementRef,
    contact: ContactId,
    decision_id: DecisionId,
    look: &Look,
) -> AppResult<()> {
    let Some(finding) = &look.since else {
        return Ok(());
    };
    let shown = Look::told_since(finding);
    if let Some(passed) = passed_by(look) {
        let acknowledgement = acknowledgements::Acknowledgement {
            creditor_id: of.creditor_id,
            id: AcknowledgementId::generate(tx.now),
            decision_id,
            contact_id: Some(contact),
            rule: finding.rule.as_str().to_owned(),
            shown: shown.clone(),
            evidence: passed.evidence.clone().unwrap_or_default(),
            acknowledged_by: tx.actor.to_string(),
            at: tx.now,
        };
        acknowledgements::insert(tx.conn, &acknowledgement)?;
    }
    decisions::alert_of_passed_warning(
        tx,
        subject_of(of),
        decision_id,
        finding.rule,
        &format!("Put on record after a stop. {shown}"),
    )
}
