//! Logging a contact: decided on fresh facts under the debtor's lock.

use chrono_tz::Tz;
use serde_json::json;

use super::reminder::{Reminder, is_first_communication};
use super::{Intent, Look, judge, since, subject_of};
use crate::actions::ctx::Ctx;
use crate::actions::decisions::{self, Occasion};
use crate::actions::disputes;
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::hash::sha256_hex;
use crate::domain::id::{AcknowledgementId, ContactId, DecisionId, EventId, LetterId, PlacementId};
use crate::domain::stop::Medium;
use crate::error::{AppError, AppResult, FieldErrors, Refusal};
use crate::gate::attempt::{Acknowledgement, Purpose};
use crate::gate::facts::{Direction, Outcome};
use crate::gate::{Channel, Decision, RuleId, Severity};
use crate::store::acknowledgements;
use crate::store::contacts::{self, ContactRow};
use crate::store::letters::{self, Letter};
use crate::store::once::{self, Done};
use crate::store::placement_refs::{self, PlacementRef};
use crate::store::{Scope, debtor_lock};

/// Characters of notes that are kept.
pub const LONGEST_NOTES: usize = 4_000;

/// Characters of the reason for passing a warning.
const LONGEST_EVIDENCE: usize = 1_000;

/// A contact to log.
#[derive(Debug, Clone)]
pub struct NewContact {
    pub intent: Intent,
    pub outcome: Outcome,
    /// What came of a conversation, in a word of the trade: `payment_agreed`.
    pub result: Option<&'static str>,
    pub duration_seconds: Option<i32>,
    pub notes: Option<String>,
    pub mini_miranda: bool,
    pub identified_as_collector: bool,
    pub passed: Vec<Passed>,
    /// It has taken place, and goes on record even where a rule stood against it.
    pub took_place: bool,
    /// The debtor disputed the debt in this conversation.
    pub dispute_raised: bool,
    /// Where it was logged: `desk` or `api`.
    pub source: &'static str,
    /// The form's own key: the same form sent twice logs one contact.
    pub once_key: Option<String>,
}

/// A warning that a person passes, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    pub rule: RuleId,
    pub evidence: String,
}

/// What logging came to.
#[derive(Debug)]
pub enum Logged {
    Done {
        contact: ContactId,
        /// None for what the debtor began: nobody has to be asked for leave to be called.
        decision: Option<DecisionId>,
        reminder: Option<Reminder>,
    },
    /// The same form has logged this contact before.
    AlreadyDone(ContactId),
    /// A block, on record with its alert. No contact was written.
    Refused(Box<Refusal>),
    /// Warnings that nobody has passed. Nothing was written.
    ToAcknowledge(Box<Look>),
}

/// Logs a contact of a placement that `scope` may see.
pub fn log(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    placement: PlacementId,
    new: &NewContact,
) -> AppResult<Logged> {
    check(new)?;
    new.intent.check_time(ctx.now())?;
    ctx.write(actor, |tx| {
        let of = placement_refs::find(tx.conn, scope, placement)?.ok_or(AppError::NotFound)?;
        let epoch =
            debtor_lock::lock(tx.conn, of.creditor_id, of.debtor_id)?.ok_or(AppError::NotFound)?;
        // Read again: it may have been closed while this waited for the lock.
        let of = placement_refs::find(tx.conn, scope, placement)?.ok_or(AppError::NotFound)?;
        let form = new.once_key.as_deref().map(|key| Form::new(tx, key, new));
        if let Some(form) = &form
            && let Some(contact) = form.logged_before(tx)?
        {
            return Ok(Logged::AlreadyDone(contact));
        }
        let logged = match new.intent.direction {
            Direction::In => log_inbound(ctx, tx, &of, new, epoch)?,
            Direction::Out => log_outbound(ctx, tx, &of, new, epoch)?,
        };
        if let (Some(form), Logged::Done { contact, .. }) = (form, &logged) {
            form.keep(tx, *contact)?;
        }
        // Ok even when refused, so that the refusal stays on record.
        Ok(logged)
    })
}

fn check(new: &NewContact) -> AppResult<()> {
    let mut errors = FieldErrors::default();
    let too_long = |text: &str, limit: usize| text.chars().count() > limit;
    if new
        .notes
        .as_deref()
        .is_some_and(|notes| too_long(notes, LONGEST_NOTES))
    {
        errors.add("notes", format!("Use at most {LONGEST_NOTES} characters."));
    }
    if new
        .passed
        .iter()
        .any(|passed| too_long(&passed.evidence, LONGEST_EVIDENCE))
    {
        errors.add(
            "evidence",
            format!("Use at most {LONGEST_EVIDENCE} characters for a reason."),
        );
    }
    if new
        .duration_seconds
        .is_some_and(|seconds| !(0..=86_400).contains(&seconds))
    {
        errors.add("minutes", "Enter a length of at most 24 hours.");
    }
    if new.took_place {
        // What is only intended has neither.
        if new.intent.at.is_none() {
            errors.add("at", "Enter when it took place.");
        }
        if new.notes.is_none() {
            errors.add("notes", "Say how it came about.");
        }
    }
    errors.into_result()
}

/// The debtor made contact: that is a fact, and no rule about calling applies to it.
fn log_inbound(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    of: &PlacementRef,
    new: &NewContact,
    epoch: i64,
) -> AppResult<Logged> {
    let attempt = new.intent.attempt(of.id, tx.now);
    let look = judge::judge(ctx, tx.conn, of, &new.intent, &attempt, tx.now)?;
    write(tx, of, new, epoch, None, &look)
}

fn log_outbound(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    of: &PlacementRef,
    new: &NewContact,
    epoch: i64,
) -> AppResult<Logged> {
    let subject = subject_of(of);
    let mut attempt = new.intent.attempt(of.id, tx.now);
    let by = tx.actor.to_string();
    attempt.acknowledged = new
        .passed
        .iter()
        // A warning without a reason is not passed.
        .filter(|passed| !passed.evidence.trim().is_empty())
        .map(|passed| Acknowledgement {
            rule: passed.rule,
            evidence: Some(passed.evidence.trim().to_owned()),
            by: Some(by.clone()),
        })
        .collect();
    let look = judge::judge(ctx, tx.conn, of, &new.intent, &attempt, tx.now)?;
    // What the law still lets us say after a cease goes by post, so that nobody is rung up or
    // written to at once after they asked for quiet (15 U.S.C. 1692c(c)(1)-(3)).
    if exception_to(&look, &new.intent).is_some() && new.intent.channel != Channel::Letter {
        return Err(AppError::invalid(
            "purpose",
            "The debtor has asked for contact to stop. This may be said by letter only, and once.",
        ));
    }
    match look.decision.outcome {
        crate::gate::Outcome::Refuse if new.took_place => {
            let decision_id =
                decisions::keep(tx, subject, Occasion::Log, &look.on_file, &look.decision)?;
            decisions::alert_of_breach(tx, subject, decision_id, &look.decision)?;
            write(tx, of, new, epoch, Some(decision_id), &look)
        }
        crate::gate::Outcome::Refuse => {
            let decision_id =
                decisions::keep_refusal(tx, subject, Occasion::Log, &look.on_file, &look.decision)?;
            Ok(Logged::Refused(Box::new(Refusal {
                decision_id,
                decision: look.decision,
            })))
        }
        crate::gate::Outcome::Acknowledge => Ok(Logged::ToAcknowledge(Box::new(look))),
        crate::gate::Outcome::Allow
            if look.since.is_some() && since::passed_by(&look).is_none() =>
        {
            Ok(Logged::ToAcknowledge(Box::new(look)))
        }
        crate::gate::Outcome::Allow => {
            let decision_id =
                decisions::keep(tx, subject, Occasion::Log, &look.on_file, &look.decision)?;
            write(tx, of, new, epoch, Some(decision_id), &look)
        }
    }
}

/// The request that this contact is an exception to: what may be said once after a cease.
fn exception_to(look: &Look, intent: &Intent) -> Option<&'static str> {
    let said_after = match intent.purpose {
        Purpose::Terminate | Purpose::RemedyNotice => intent.direction == Direction::Out,
        Purpose::Collect
        | Purpose::LocationInfo
        | Purpose::RespondOnce
        | Purpose::ConfirmOptout
        | Purpose::ValidationNotice
        | Purpose::DisputeResponse
        | Purpose::LegalThreat => false,
    };
    let cease = &look.on_file.facts.debtor.flags.cease;
    (said_after && !cease.is_empty()).then_some("cease")
}

/// The rules that stood against a contact of ours which took place nevertheless.
fn took_place_against(look: &Look, intent: &Intent) -> Vec<&'static str> {
    match intent.direction {
        Direction::In => Vec::new(),
        Direction::Out => look
            .decision
            .in_the_way()
            .map(|finding| finding.rule.as_str())
            .collect(),
    }
}

/// Writes the contact with everything that follows from it.
fn write(
    tx: &mut Tx<'_>,
    of: &PlacementRef,
    new: &NewContact,
    epoch: i64,
    decision: Option<DecisionId>,
    look: &Look,
) -> AppResult<Logged> {
    let contact = ContactId::generate(tx.now);
    let intent = &new.intent;
    let talked = new.outcome == Outcome::Conversation;
    let row = ContactRow {
        creditor_id: of.creditor_id,
        id: contact,
        debtor_id: of.debtor_id,
        placement_id: of.id,
        at: look.decision.attempt.at,
        channel: decisions::word(&intent.channel)?,
        direction: decisions::word(&intent.direction)?,
        outcome: decisions::word(&new.outcome)?,
        party: "consumer".to_owned(),
        purpose: match intent.direction {
            Direction::Out => Some(decisions::word(&intent.purpose)?),
            Direction::In => None,
        },
        address: intent.to.to_text(),
        initiator: match intent.direction {
            Direction::Out => "agent",
            Direction::In => "debtor",
        }
        .to_owned(),
        logged_by: tx.actor.to_string(),
        decision_id: decision,
        contact_epoch: Some(epoch),
        mini_miranda: talked.then_some(new.mini_miranda),
        identified_as_collector: talked.then_some(new.identified_as_collector),
        excluded: None,
        in_flight_at_recall: look.in_flight_at_recall,
        source: new.source.to_owned(),
        duration_seconds: new.duration_seconds,
        notes: new.notes.clone(),
        created_at: tx.now,
    };
    contacts::insert(tx.conn, &row)?;
    let passed = match decision {
        Some(decision_id) => {
            since::keep(tx, of, contact, decision_id, look)?;
            keep_passed(tx, of, contact, decision_id, &look.decision)?
        }
        None => Vec::new(),
    };
    let reminder = talked
        .then(|| {
            let first = is_first_communication(&look.on_file.facts, of.id);
            Reminder::of(first, new.mini_miranda, new.identified_as_collector)
        })
        .flatten();
    let event = tx.record(
        NewEvent::of_creditor(of.creditor_id, EventKind::ContactLogged)
            .debtor(of.debtor_id)
            .placement(of.id)
            .body(json!({
                "contact": contact,
                "decision": decision,
                "channel": intent.channel,
                "direction": intent.direction,
                "outcome": new.outcome,
                "result": new.result,
                "at": row.at,
                "mini_miranda": row.mini_miranda,
                "identified_as_collector": row.identified_as_collector,
                "in_flight_at_recall": row.in_flight_at_recall,
                "passed_warnings": passed,
                "exception_to": exception_to(look, intent),
                "stopped_since": look.since.as_ref().map(|finding| finding.rule.as_str()),
                "took_place_against": took_place_against(look, intent),
                "source": new.source,
            }))
            .detail(json!({"address": row.address, "notes": row.notes})),
    )?;
    if intent.channel == Channel::Letter
        && intent.direction == Direction::Out
        && intent.purpose == Purpose::ValidationNotice
    {
        record_notice(tx, of, &look.decision, event)?;
    }
    if new.dispute_raised && !of.status.is_closed() {
        disputes::open_by_word_of_mouth(tx, of, via(intent.channel), event)?;
    }
    Ok(Logged::Done {
        contact,
        decision,
        reminder,
    })
}

/// A validation notice that was mailed: from now on the account is not overdue for one.
fn record_notice(
    tx: &mut Tx<'_>,
    of: &PlacementRef,
    decision: &Decision,
    cause: EventId,
) -> AppResult<()> {
    let zone = decision
        .zones
        .first()
        .map_or(Tz::UTC, |place| place.zone.tz());
    let letter = Letter {
        creditor_id: of.creditor_id,
        id: LetterId::generate(tx.now),
        placement_id: of.id,
        debtor_id: of.debtor_id,
        letter_type: "validation_notice".to_owned(),
        sent_on: decision.attempt.at.date_in(zone),
        method: "mail".to_owned(),
        assumed_receipt_on: None,
        period_ends_on: None,
        returned_on: None,
        created_by: tx.actor.to_string(),
        created_at: tx.now,
    };
    letters::insert(tx.conn, &letter)?;
    tx.record(
        NewEvent::of_creditor(of.creditor_id, EventKind::LetterRecorded)
            .debtor(of.debtor_id)
            .placement(of.id)
            .caused_by(cause)
            .body(json!({
                "letter": letter.id,
                "letter_type": letter.letter_type,
                "sent_on": letter.sent_on,
                "method": letter.method,
            })),
    )?;
    Ok(())
}

const fn via(channel: Channel) -> Medium {
    match channel {
        Channel::Call | Channel::Voicemail | Channel::Sms => Medium::Phone,
        Channel::Email => Medium::Email,
        Channel::Letter => Medium::Letter,
        Channel::Portal => Medium::Portal,
    }
}

/// Each warning that was passed, with the sentence that was shown, and an alert for supervisors
/// to see patterns.
fn keep_passed(
    tx: &mut Tx<'_>,
    of: &PlacementRef,
    contact: ContactId,
    decision_id: DecisionId,
    decision: &Decision,
) -> AppResult<Vec<&'static str>> {
    let mut rules = Vec::new();
    for finding in &decision.findings {
        if finding.severity != Severity::Warning || !finding.acknowledged {
            continue;
        }
        let evidence = decision
            .attempt
            .acknowledged
            .iter()
            .find(|acknowledged| acknowledged.rule == finding.rule)
            .and_then(|acknowledged| acknowledged.evidence.clone())
            .unwrap_or_default();
        acknowledgements::insert(
            tx.conn,
            &acknowledgements::Acknowledgement {
                creditor_id: of.creditor_id,
                id: AcknowledgementId::generate(tx.now),
                decision_id,
                contact_id: Some(contact),
                rule: finding.rule.as_str().to_owned(),
                shown: finding.message.to_string(),
                evidence,
                acknowledged_by: tx.actor.to_string(),
                at: tx.now,
            },
        )?;
        decisions::alert_of_passed_warning(
            tx,
            subject_of(of),
            decision_id,
            finding.rule,
            &format!("Warning passed. {}", finding.message),
        )?;
        rules.push(finding.rule.as_str());
    }
    Ok(rules)
}

/// A form that may be sent twice.
struct Form {
    scope: String,
    key: String,
    hash: String,
}

impl Form {
    fn new(tx: &Tx<'_>, key: &str, new: &NewContact) -> Self {
        let sent = format!("{:?}", (&new.intent, new.outcome, new.result, &new.notes));
        Self {
            scope: format!("log-contact {}", tx.actor),
            key: key.to_owned(),
            hash: sha256_hex(sent.as_bytes()),
        }
    }

    fn logged_before(&self, tx: &mut Tx<'_>) -> AppResult<Option<ContactId>> {
        let Some(done) = once::find(tx.conn, &self.scope, &self.key)? else {
            return Ok(None);
        };
        if done.request_hash != self.hash {
            return Err(AppError::Conflict(
                "This form has logged a contact already. Open Log contact again to log another \
                 one."
                    .to_owned(),
            ));
        }
        done.response
            .as_deref()
            .and_then(|id| id.parse().ok())
            .map(Some)
            .ok_or_else(|| AppError::internal("a form's key without its contact"))
    }

    fn keep(self, tx: &mut Tx<'_>, contact: ContactId) -> AppResult<()> {
        let done = Done {
            request_hash: self.hash,
            response: Some(contact.to_string()),
        };
        once::keep(tx.conn, &self.scope, &self.key, &done, tx.now)?;
        Ok(())
    }
}
