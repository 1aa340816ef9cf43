//! Asking the gate, and keeping its answers.

use serde_json::json;

use super::ctx::Ctx;
use super::policies;
use super::standing;
use super::tx::{NewEvent, Tx};
use crate::db::DbConn;
use crate::domain::event::EventKind;
use crate::domain::hash::sha256_hex;
use crate::domain::id::{AlertId, CreditorId, DebtorId, DecisionId, PlacementId};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::gate::attempt::Initiator;
use crate::gate::next_contact::Warnings;
use crate::gate::{Attempt, Decision, Facts, Outcome, Policy, RuleId, Severity, decide_on_stored};
use crate::store::alerts::Alert;
use crate::store::decisions::DecisionRow;
use crate::store::{alerts, decisions, facts};

/// Why the gate was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Something is about to be handed to a provider.
    Authorize,
    /// A person logs a contact.
    Log,
    /// A person opened the form to log one.
    Precheck,
    /// A question only; nothing follows from it.
    Check,
}

impl TextEnum for Occasion {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Authorize, "authorize"),
        (Self::Log, "log"),
        (Self::Precheck, "precheck"),
        (Self::Check, "check"),
    ];
}

/// Whom a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub placement: PlacementId,
}

/// What was on file for one decision.
#[derive(Debug, Clone)]
pub struct OnFile {
    pub facts: Facts,
    /// Their JSON, which is hashed into the decision and stored beside it.
    json: String,
}

/// The gate's answer on the facts as they are in this transaction. A debtor whose stop could not
/// be stored yet is refused as if it had been.
pub fn judge(
    ctx: &Ctx,
    conn: &mut DbConn,
    policy: &Policy,
    subject: Subject,
    attempt: &Attempt,
) -> AppResult<(OnFile, Decision)> {
    judge_amended(ctx, conn, policy, subject, attempt, |_| {})
}

/// As [`judge`], with facts that are known of this attempt and stand on no file. What is put on
/// record are the facts as amended.
pub(super) fn judge_amended(
    ctx: &Ctx,
    conn: &mut DbConn,
    policy: &Policy,
    subject: Subject,
    attempt: &Attempt,
    amend: impl FnOnce(&mut Facts),
) -> AppResult<(OnFile, Decision)> {
    decide_on(policy, facts_of(ctx, conn, subject, amend)?, attempt)
}

/// What is on file, amended by what is not.
fn facts_of(
    ctx: &Ctx,
    conn: &mut DbConn,
    subject: Subject,
    amend: impl FnOnce(&mut Facts),
) -> AppResult<Facts> {
    let mut facts =
        facts::load_one(conn, subject.creditor, subject.debtor)?.ok_or(AppError::NotFound)?;
    amend(&mut facts);
    standing::hold_if_unstored(ctx, subject.debtor, &mut facts);
    Ok(facts)
}

fn decide_on(policy: &Policy, facts: Facts, attempt: &Attempt) -> AppResult<(OnFile, Decision)> {
    let json = serde_json::to_string(&facts)?;
    let decision = decide_on_stored(policy, &facts, &json, attempt);
    Ok((OnFile { facts, json }, decision))
}

/// Keeps an answer with its inputs.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    subject: Subject,
    occasion: Occasion,
    on_file: &OnFile,
    decision: &Decision,
) -> AppResult<DecisionId> {
    let id = DecisionId::generate(tx.now);
    let answer = serde_json::to_string(decision)?;
    let row = DecisionRow {
        creditor_id: subject.creditor,
        id,
        debtor_id: subject.debtor,
        placement_id: subject.placement,
        at: tx.now,
        asked_by: tx.actor.to_string(),
        occasion: occasion.as_str().to_owned(),
        channel: word(&decision.attempt.channel)?,
        initiator: word(&decision.attempt.initiator)?,
        outcome: word(&decision.outcome)?,
        binding_rule: decision.binding_rule.map(|rule| rule.as_str().to_owned()),
        earliest_lawful_at: decision.earliest_lawful_at,
        policy_version: decision.policy_version.to_string(),
        digest: sha256_hex(answer.as_bytes()),
        attempt: serde_json::to_string(&decision.attempt)?,
        facts: on_file.json.clone(),
        decision: answer,
    };
    decisions::insert(tx.conn, &row)?;
    Ok(id)
}

/// Keeps a refusal: the decision, the event and the alert.
pub(super) fn keep_refusal(
    tx: &mut Tx<'_>,
    subject: Subject,
    occasion: Occasion,
    on_file: &OnFile,
    decision: &Decision,
) -> AppResult<DecisionId> {
    let id = keep(tx, subject, occasion, on_file, decision)?;
    let rules: Vec<&str> = decision
        .in_the_way()
        .map(|finding| finding.rule.as_str())
        .collect();
    tx.record(
        NewEvent::of_creditor(subject.creditor, EventKind::ContactRefused)
            .debtor(subject.debtor)
            .placement(subject.placement)
            .body(json!({
                "decision": id,
                "occasion": occasion.as_str(),
                "channel": decision.attempt.channel,
                "initiator": decision.attempt.initiator,
                "rules": rules,
                "earliest_lawful_at": decision.earliest_lawful_at,
            })),
    )?;
    raise_alert(tx, subject, id, decision)?;
    tx.announce(
        subject.creditor,
        EventKind::ContactRefused,
        subject.placement.as_str(),
        json!({
            "placement_id": subject.placement,
            "decision_id": id,
            "channel": decision.attempt.channel,
            "earliest_lawful_at": decision.earliest_lawful_at,
        }),
    )?;
    Ok(id)
}

/// One alert for a refusal, about the finding that decides: the first, since the gate puts the
/// worst first.
fn raise_alert(
    tx: &mut Tx<'_>,
    subject: Subject,
    decision_id: DecisionId,
    decision: &Decision,
) -> AppResult<()> {
    let Some(finding) = decision.in_the_way().next() else {
        return Ok(());
    };
    let severity = match finding.severity {
        Severity::Block => "critical",
        Severity::Warning | Severity::Reminder => "warning",
    };
    open_alert(
        tx,
        subject,
        decision_id,
        finding.rule,
        severity,
        finding.message.as_ref(),
    )
}

/// A contact that took place although a rule stood against it, which somebody put on record.
pub(super) fn alert_of_breach(
    tx: &mut Tx<'_>,
    subject: Subject,
    decision_id: DecisionId,
    decision: &Decision,
) -> AppResult<()> {
    let Some(finding) = decision.in_the_way().next() else {
        return Ok(());
    };
    let message = format!("Took place although blocked. {}", finding.message);
    open_alert(tx, subject, decision_id, finding.rule, "critical", &message)
}

/// Notes that a person passed a warning, for supervisors to see patterns.
pub(super) fn alert_of_passed_warning(
    tx: &mut Tx<'_>,
    subject: Subject,
    decision_id: DecisionId,
    rule: RuleId,
    message: &str,
) -> AppResult<()> {
    open_alert(tx, subject, decision_id, rule, "warning", message)
}

fn open_alert(
    tx: &mut Tx<'_>,
    subject: Subject,
    decision_id: DecisionId,
    rule: RuleId,
    severity: &str,
    message: &str,
) -> AppResult<()> {
    let alert = Alert {
        creditor_id: subject.creditor,
        id: AlertId::generate(tx.now),
        debtor_id: subject.debtor,
        placement_id: subject.placement,
        decision_id: Some(decision_id),
        alert_type: word(&rule.info().alert)?,
        rule: rule.as_str().to_owned(),
        severity: severity.to_owned(),
        status: "active".to_owned(),
        message: message.to_owned(),
        caused_by: tx.actor.to_string(),
        created_at: tx.now,
        acknowledged_by: None,
        acknowledged_at: None,
        acknowledge_note: None,
        resolved_by: None,
        resolved_at: None,
        resolve_note: None,
        version: 1,
    };
    alerts::insert(tx.conn, &alert)?;
    let event = tx.record(
        NewEvent::of_creditor(subject.creditor, EventKind::AlertRaised)
            .debtor(subject.debtor)
            .placement(subject.placement)
            .body(json!({
                "alert": alert.id,
                "alert_type": alert.alert_type,
                "rule": alert.rule,
                "severity": severity,
                "decision": decision_id,
            })),
    )?;
    tx.announce(
        subject.creditor,
        EventKind::AlertRaised,
        subject.placement.as_str(),
        json!({
            "alert_id": alert.id,
            "placement_id": subject.placement,
            "alert_type": alert.alert_type,
            "rule": alert.rule,
            "severity": severity,
            "event_id": event,
        }),
    )
}

/// A question to the gate that is kept but leads to nothing: no contact, no alert. One that names no
/// number or address is answered for the debtor's own that is free first.
pub fn check(
    ctx: &Ctx,
    actor: &crate::domain::actor::Actor,
    subject: Subject,
    attempt: &Attempt,
) -> AppResult<(DecisionId, Decision)> {
    ctx.write(actor, |tx| {
        let policy = policies::in_force(ctx, tx.conn)?;
        let facts = facts_of(ctx, tx.conn, subject, |_| {})?;
        let (attempt, _) =
            standing::free_first(&policy, &facts, attempt, Warnings::WillBeAcknowledged);
        let (on_file, decision) = decide_on(&policy, facts, &attempt)?;
        let id = keep(tx, subject, Occasion::Check, &on_file, &decision)?;
        Ok((id, decision))
    })
}

/// Whether this attempt may go ahead as the answer stands.
pub(super) fn permits(decision: &Decision) -> bool {
    match decision.outcome {
        Outcome::Allow => true,
        // The warnings in the way have not been acknowledged.
        Outcome::Acknowledge | Outcome::Refuse => false,
    }
}

/// One of the gate's words, as JSON writes it.
pub(super) fn word(value: &impl serde::Serialize) -> AppResult<String> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(AppError::internal(format!("{other} is not a word"))),
    }
}

/// Who decides to make the contact, for a column.
pub(super) const fn initiator_word(initiator: Initiator) -> &'static str {
    match initiator {
        Initiator::Agent => "agent",
        Initiator::Automated => "automated",
    }
}
