//! Contacts that people make and log: the gate is asked when the form is opened and again, as the
//! authority, when the contact is logged.

mod judge;
mod log;
mod reminder;
mod since;

use chrono::Duration;

use super::ctx::Ctx;
use super::decisions::{self, Occasion, OnFile, Subject};
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::email::EmailAddress;
use crate::domain::id::{DecisionId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::attempt::{Content, Purpose, Script};
use crate::gate::facts::Direction;
use crate::gate::{Attempt, Channel, Decision, Finding, Outcome};
use crate::store::Scope;
use crate::store::placement_refs::{self, PlacementRef};

pub use self::log::{Logged, NewContact, Passed, log};
pub use self::reminder::{Reminder, is_first_communication};

/// How long after it took place a contact may be logged, and how long after a recall a call that
/// was in progress then.
pub const LATEST: Duration = Duration::hours(24);

/// The contact somebody means to make, or made.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    pub direction: Direction,
    pub channel: Channel,
    pub to: ContactPoint,
    pub purpose: Purpose,
    /// When it took place; `None`: it takes place now.
    pub at: Option<Instant>,
}

/// The number or address of a contact.
#[derive(Debug, Clone, PartialEq)]
pub enum ContactPoint {
    /// A number of the debtor's file or one that was typed; the lists are asked about either.
    Phone(PhoneNumber),
    Email(EmailAddress),
    /// A letter goes to the address on file; a caller's number may be withheld.
    Unstated,
}

impl ContactPoint {
    /// As stored: E.164, or the address.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Phone(number) => Some(number.to_string()),
            Self::Email(address) => Some(address.to_string()),
            Self::Unstated => None,
        }
    }
}

impl Intent {
    /// What the gate is asked.
    fn attempt(&self, placement: PlacementId, now: Instant) -> Attempt {
        let mut attempt = Attempt::new(self.at.unwrap_or(now), self.channel, placement.to_string());
        match &self.to {
            ContactPoint::Phone(number) => attempt.phone = Some(number.to_string()),
            ContactPoint::Email(address) => attempt.email = Some(address.to_string()),
            ContactPoint::Unstated => {}
        }
        attempt.purpose = self.purpose;
        if self.channel == Channel::Voicemail {
            // People leave the product's own limited-content message and no other.
            attempt.content = Some(Box::new(Content {
                script: Some(Script::LimitedContent),
                ..Content::default()
            }));
        }
        attempt
    }

    /// Refuses a moment that is to come, or too long ago to be remembered well.
    fn check_time(&self, now: Instant) -> AppResult<()> {
        let Some(at) = self.at else { return Ok(()) };
        if at > now {
            return Err(AppError::invalid(
                "at",
                "This moment is still to come. Log a contact when it has taken place.",
            ));
        }
        if at < now.minus(LATEST) {
            return Err(AppError::invalid(
                "at",
                "A contact can be logged for 24 hours. Ask compliance to record an older one.",
            ));
        }
        Ok(())
    }
}

/// The gate's answer and what it rests on.
#[derive(Debug)]
pub struct Look {
    pub on_file: OnFile,
    pub decision: Decision,
    /// The call was in progress when the placement was recalled, so it may be logged.
    pub in_flight_at_recall: bool,
    /// What has come to stop contact after this one took place.
    pub since: Option<Finding>,
    /// What forbids to send the validation notice, where one is due.
    pub no_notice: Option<Finding>,
    /// When a person who acknowledges every warning may make this contact.
    pub by_a_person: Option<Instant>,
}

impl Look {
    /// What has come to stop contact since, in a sentence.
    pub fn told_since(since: &Finding) -> String {
        format!("{} This contact took place before that.", since.message)
    }
}

/// Asks the gate without leaving a trace.
pub fn look(
    ctx: &Ctx,
    conn: &mut DbConn,
    placement: &PlacementRef,
    intent: &Intent,
) -> AppResult<Look> {
    let now = ctx.now();
    let attempt = intent.attempt(placement.id, now);
    judge::judge(ctx, conn, placement, intent, &attempt, now)
}

/// Somebody is about to make a contact: the answer is kept, and a refusal raises an alert.
pub fn precheck(
    ctx: &Ctx,
    actor: &Actor,
    scope: Scope,
    placement: PlacementId,
    intent: &Intent,
) -> AppResult<DecisionId> {
    intent.check_time(ctx.now())?;
    ctx.write(actor, |tx| {
        let of = placement_refs::find(tx.conn, scope, placement)?.ok_or(AppError::NotFound)?;
        let attempt = intent.attempt(placement, tx.now);
        let look = judge::judge(ctx, tx.conn, &of, intent, &attempt, tx.now)?;
        let subject = subject_of(&of);
        match look.decision.outcome {
            Outcome::Refuse => decisions::keep_refusal(
                tx,
                subject,
                Occasion::Precheck,
                &look.on_file,
                &look.decision,
            ),
            Outcome::Allow | Outcome::Acknowledge => decisions::keep(
                tx,
                subject,
                Occasion::Precheck,
                &look.on_file,
                &look.decision,
            ),
        }
    })
}

fn subject_of(placement: &PlacementRef) -> Subject {
    Subject {
        creditor: placement.creditor_id,
        debtor: placement.debtor_id,
        placement: placement.id,
    }
}
