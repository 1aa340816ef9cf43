//! The only door out: who wants to reach a debtor asks here, at the moment of the hand-off, and
//! gets a [`Permit`] or a refusal.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant as Monotonic};

use chrono::Duration as Span;
use serde_json::json;

use super::ctx::Ctx;
use super::decisions::{self, Occasion, Subject};
use super::due_emails;
use super::policies;
use super::stops::{self, LEASE};
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{
    AttemptId, CallId, ContactId, CreditorId, DebtorId, DecisionId, PlacementId, SequenceId,
};
use crate::domain::time::{Instant, SharedClock};
use crate::error::{AppError, AppResult, Refusal};
use crate::gate::facts::Channel;
use crate::gate::{Attempt, Decision};
use crate::store::attempts::AttemptRow;
use crate::store::contacts::ContactRow;
use crate::store::{attempts, calls, contacts, debtor_lock, sequences};

/// How long a sender may take from being authorised to having handed over. Well inside the
/// [`LEASE`], so that a stop that waited for the lease has waited for the sender.
pub const DEADLINE: Duration = Duration::from_secs(8);

/// What a worker or a person wants to hand to a provider.
#[derive(Debug, Clone)]
pub struct HandOff {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub placement: PlacementId,
    /// Channel, number or address, initiator and the rest; its instant is set here.
    pub attempt: Attempt,
    pub origin: Origin,
}

/// What the hand-off is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A planned call that this process has claimed.
    Call(CallId),
    /// A step of a series of emails that this process has claimed.
    Sequence(SequenceId, i32),
}

/// Leave to reach one debtor once, now. It can be made only here, can't be copied, and is used up
/// by the dialer or mailer that takes it.
///
/// ```compile_fail
/// fn twice(permit: forbear::actions::authorize::Permit) {
///     let first = permit;
///     let second = permit;
/// }
/// ```
pub struct Permit {
    creditor: CreditorId,
    attempt: AttemptId,
    placement: PlacementId,
    channel: Channel,
    address: String,
    give_up: Monotonic,
    /// The same moment on the wall's clock, by which others count the lease.
    give_up_at: Instant,
    clock: SharedClock,
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("attempt", &self.attempt)
            .field("channel", &self.channel)
            .field("give_up_at", &self.give_up_at)
            .finish_non_exhaustive()
    }
}

impl Permit {
    pub fn attempt(&self) -> AttemptId {
        self.attempt
    }

    pub fn creditor(&self) -> CreditorId {
        self.creditor
    }

    pub fn placement(&self) -> PlacementId {
        self.placement
    }

    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The number in E.164, or the email address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What is left to begin and finish the hand-off; nothing when it is too late.
    ///
    /// A worker that was paused and wakes up late must not send. So it is measured on the monotonic
    /// clock, which nobody can set back, and on the wall's as well: while a machine is suspended
    /// the monotonic clock stands still, and the lease runs out for everybody else.
    pub fn time_left(&self) -> Option<Duration> {
        let by_monotonic = self.give_up.checked_duration_since(Monotonic::now())?;
        let by_wall = self.give_up_at.since(self.clock.now()).to_std().ok()?;
        Some(by_monotonic.min(by_wall)).filter(|left| !left.is_zero())
    }
}

/// The answer to a hand-off.
#[derive(Debug)]
pub enum Authorised {
    Permitted(Permit),
    /// On record with its reasons.
    Refused(Box<Refusal>),
    /// What it was for is gone: cancelled, or claimed by somebody else.
    Gone,
}

/// Decides on fresh facts under the debtor's lock; if allowed, marks the attempt as starting and
/// counts the contact, all in one transaction.
pub fn authorize(ctx: &Ctx, actor: &Actor, hand_off: &HandOff) -> AppResult<Authorised> {
    if !stops::may_reach_anybody(ctx)? {
        return Err(AppError::Busy(
            "nothing may be handed over: a stop may be missing, or the clock was set".to_owned(),
        ));
    }
    let give_up = Monotonic::now() + DEADLINE;
    let subject = Subject {
        creditor: hand_off.creditor,
        debtor: hand_off.debtor,
        placement: hand_off.placement,
    };
    ctx.write(actor, |tx| {
        let epoch = debtor_lock::lock(tx.conn, subject.creditor, subject.debtor)?
            .ok_or(AppError::NotFound)?;
        let attempt = Attempt {
            at: tx.now,
            debt: Some(subject.placement.to_string()),
            ..hand_off.attempt.clone()
        };
        let policy = policies::in_force(ctx, tx.conn)?;
        let (on_file, decision) = decisions::judge(ctx, tx.conn, &policy, subject, &attempt)?;
        if !decisions::permits(&decision) {
            let decision_id =
                decisions::keep_refusal(tx, subject, Occasion::Authorize, &on_file, &decision)?;
            put_back(tx, hand_off, &decision)?;
            // Ok, so that what was refused is on record.
            return Ok(Authorised::Refused(Box::new(Refusal {
                decision_id,
                decision,
            })));
        }
        let decision_id = decisions::keep(tx, subject, Occasion::Authorize, &on_file, &decision)?;
        begin(ctx, tx, hand_off, &decision, decision_id, epoch, give_up)
    })
}

/// Marks the attempt as starting, writes the contact the counters count, and makes the permit.
fn begin(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    hand_off: &HandOff,
    decision: &Decision,
    decision_id: DecisionId,
    epoch: i64,
    give_up: Monotonic,
) -> AppResult<Authorised> {
    let attempt_id = AttemptId::generate(tx.now);
    let contact_id = ContactId::generate(tx.now);
    let attempt = &decision.attempt;
    let address = attempt
        .phone
        .clone()
        .or_else(|| attempt.email.clone())
        .ok_or_else(|| AppError::internal("an attempt without number and address was allowed"))?;
    let (call_id, sequence_id, step) = match hand_off.origin {
        Origin::Call(call) => (Some(call), None, None),
        Origin::Sequence(sequence, step) => (None, Some(sequence), Some(step)),
    };
    let give_up_at = tx
        .now
        .plus(Span::from_std(DEADLINE).unwrap_or(Span::zero()));
    if !take(ctx, tx, hand_off, attempt_id, contact_id)? {
        return Ok(Authorised::Gone);
    }
    let channel = decisions::word(&attempt.channel)?;
    let initiator = decisions::initiator_word(attempt.initiator);
    attempts::insert(
        tx.conn,
        &AttemptRow {
            creditor_id: hand_off.creditor,
            id: attempt_id,
            debtor_id: hand_off.debtor,
            placement_id: hand_off.placement,
            channel: channel.clone(),
            address: address.clone(),
            call_id,
            sequence_id,
            step,
            initiator: initiator.to_owned(),
            status: "starting".to_owned(),
            contact_epoch: epoch,
            decision_id,
            contact_id,
            worker: ctx.process.to_string(),
            provider_ref: None,
            error: None,
            authorised_at: tx.now,
            deadline_at: give_up_at,
            lease_until: tx.now.plus(LEASE),
            finished_at: None,
        },
    )?;
    contacts::insert(
        tx.conn,
        &ContactRow {
            creditor_id: hand_off.creditor,
            id: contact_id,
            debtor_id: hand_off.debtor,
            placement_id: hand_off.placement,
            at: tx.now,
            channel,
            direction: "out".to_owned(),
            outcome: "pending".to_owned(),
            party: "consumer".to_owned(),
            purpose: Some(decisions::word(&attempt.purpose)?),
            address: Some(address.clone()),
            initiator: initiator.to_owned(),
            logged_by: tx.actor.to_string(),
            decision_id: Some(decision_id),
            contact_epoch: Some(epoch),
            mini_miranda: None,
            identified_as_collector: None,
            excluded: None,
            in_flight_at_recall: false,
            source: "worker".to_owned(),
            duration_seconds: None,
            notes: None,
            created_at: tx.now,
        },
    )?;
    tx.record(
        NewEvent::of_creditor(hand_off.creditor, EventKind::ContactAuthorised)
            .debtor(hand_off.debtor)
            .placement(hand_off.placement)
            .body(json!({
                "attempt": attempt_id,
                "contact": contact_id,
                "decision": decision_id,
                "channel": attempt.channel,
                "initiator": initiator,
                "contact_epoch": epoch,
            })),
    )?;
    Ok(Authorised::Permitted(Permit {
        creditor: hand_off.creditor,
        attempt: attempt_id,
        placement: hand_off.placement,
        channel: attempt.channel,
        address,
        give_up,
        give_up_at,
        clock: Arc::clone(&ctx.clock),
    }))
}

/// Takes what the hand-off is for out of everybody's reach. False if it is gone: cancelled, claimed
/// by somebody else, or handed over already.
fn take(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    hand_off: &HandOff,
    attempt: AttemptId,
    contact: ContactId,
) -> AppResult<bool> {
    let creditor = hand_off.creditor;
    Ok(match hand_off.origin {
        Origin::Call(call) => {
            calls::start(
                tx.conn,
                creditor,
                call,
                &ctx.process,
                attempt,
                contact,
                tx.now,
            )? == 1
        }
        Origin::Sequence(sequence, step) => {
            sequences::is_due_step(tx.conn, creditor, sequence, step)?
                && !attempts::is_step_taken(tx.conn, creditor, hand_off.debtor, sequence, step)?
        }
    })
}

/// A call that was refused moves to its next lawful moment, or is cancelled if there is none; an
/// email likewise, or its series pauses.
fn put_back(tx: &mut Tx<'_>, hand_off: &HandOff, decision: &Decision) -> AppResult<()> {
    let cause = decision
        .in_the_way()
        .next()
        .map_or("refused", |finding| finding.rule.as_str());
    let again_at = decision.earliest_lawful_at;
    let call = match hand_off.origin {
        Origin::Call(call) => call,
        Origin::Sequence(sequence, step) => {
            return due_emails::refused(tx, hand_off, sequence, step, cause, again_at);
        }
    };
    if calls::refuse(tx.conn, hand_off.creditor, call, again_at, cause, tx.now)? == 0 {
        return Ok(());
    }
    let kind = match again_at {
        Some(_) => EventKind::CallRescheduled,
        None => EventKind::CallCancelled,
    };
    tx.record(
        NewEvent::of_creditor(hand_off.creditor, kind)
            .debtor(hand_off.debtor)
            .placement(hand_off.placement)
            .body(json!({"call": call, "rule": cause, "again_at": again_at})),
    )?;
    Ok(())
}

/// How a hand-off ended, as far as we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandOffResult {
    /// The provider took it, under this name.
    Started { provider_ref: String },
    /// The provider did not take it, for certain.
    Failed { error: String },
    /// Nobody knows. It is never repeated; a person or the provider's records must tell.
    Unknown { error: String },
}
