//! Series of emails whose next one is due: claimed, written, and after the hand-off reported.

use chrono::Duration;
use serde_json::json;

use super::authorize::{HandOff, HandOffResult, Origin};
use super::ctx::Ctx;
use super::portal::links;
use super::stops::{self, StopInput};
use super::tx::{NewEvent, Tx};
use super::{mail_tokens, policies, suppressions};
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::email::EmailAddress;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, PlacementId, PortalLinkId, SequenceId};
use crate::domain::language::Language;
use crate::domain::mail::{MailTemplate, SeriesStep};
use crate::domain::money::Cents;
use crate::domain::placement::PlacementStatus;
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::Attempt;
use crate::gate::attempt::{Content, Initiator};
use crate::gate::facts::Channel;
use crate::gate::next_contact::{self, Earliest, Warnings};
use crate::store::attempts::AttemptRow;
use crate::store::sequences::{self, Sequence, Turn};
use crate::store::{
    Scope, debtor_lock, debtors, email_steps, email_suppressions, facts, flags, placement_refs,
    placements, portal_links,
};

/// A worker that died gives its claims back after this.
const CLAIM: Duration = Duration::seconds(60);

/// After a send that failed the same step is tried again after exactly this.
pub const RETRY: Duration = Duration::minutes(30);

const WORKER: Actor = Actor::System("worker");

/// What stands in the way of a series whose fate is not known.
const UNKNOWN: &str = "unknown";

/// Takes up to `limit` due series for this process. No other process gets them until the claim
/// ends.
pub fn claim(ctx: &Ctx, limit: i64) -> AppResult<Vec<Sequence>> {
    // Most of the time nothing is due: find that out without asking for the writer.
    if !ctx.read(|conn| Ok(sequences::any_due(conn, ctx.now())?))? {
        return Ok(Vec::new());
    }
    ctx.write(&WORKER, |tx| {
        let due = sequences::lock_due(tx.conn, tx.now, limit)?;
        let mut claimed = Vec::with_capacity(due.len());
        for sequence in due {
            if sequences::claim(tx.conn, &sequence, &ctx.process, tx.now.plus(CLAIM))? == 1 {
                claimed.push(sequence);
            }
        }
        Ok(claimed)
    })
}

/// Everything that one email of a series says; the words are put to it where it is sent or shown.
#[derive(Debug, Clone)]
pub struct Draft {
    pub creditor: CreditorId,
    pub sequence: SequenceId,
    pub placement: PlacementId,
    pub step: i32,
    /// When it was written.
    pub at: Instant,
    pub template: MailTemplate,
    pub language: Language,
    pub to: EmailAddress,
    pub from: EmailAddress,
    pub reply_to: EmailAddress,
    pub agency: String,
    pub agency_address: String,
    pub agency_phone: String,
    pub debtor_name: String,
    pub creditor_name: String,
    pub invoice_number: String,
    pub balance: Cents,
    /// Opens the portal; for a preview only its beginning.
    pub portal_link: String,
    /// One click ends the emails.
    pub unsubscribe_link: String,
    /// Stands in the portal as well, so that a debtor can tell our mail from others'.
    pub check_code: String,
    /// Where contact is stopped without any link.
    pub stop_page: String,
}

/// What comes of a due series.
#[derive(Debug)]
pub enum Prepared {
    Ready(Box<Draft>),
    /// There is nothing to send or nowhere to send it; the series has ended or waits.
    Nothing,
}

/// Writes the next email of a claimed series.
///
/// # Errors
/// `Conflict` while the settings don't say who the agency is: no email may go out then.
pub fn prepare(ctx: &Ctx, sequence: &Sequence) -> AppResult<Prepared> {
    if !ctx.agency.is_known() {
        return Err(AppError::Conflict(
            "the settings do not say who the agency is, so no email goes out".to_owned(),
        ));
    }
    ctx.write(&WORKER, |tx| {
        if moved_if_late(ctx, tx, sequence)? {
            return Ok(Prepared::Nothing);
        }
        let steps = email_steps::of_creditor(tx.conn, sequence.creditor_id)?;
        let Some(step) = step_of(&steps, sequence.step) else {
            finish(tx, sequence, "completed", None)?;
            return Ok(Prepared::Nothing);
        };
        let address =
            email_suppressions::usable_address(tx.conn, sequence.creditor_id, sequence.debtor_id)?
                .and_then(|address| address.parse::<EmailAddress>().ok());
        let Some(to) = address else {
            finish(
                tx,
                sequence,
                "failed",
                Some("There is no address left to write to."),
            )?;
            return Ok(Prepared::Nothing);
        };
        let link = live_link(tx, sequence)?;
        let link = links::address(ctx, link);
        let draft = draft(ctx, tx.conn, sequence, step, to, link)?;
        Ok(Prepared::Ready(Box::new(draft)))
    })
}

/// The next email of a series as it would go out now, for a person who wants to see it. Nothing
/// is written, so it holds no working link into the portal.
pub fn preview(
    ctx: &Ctx,
    scope: Scope,
    id: SequenceId,
    placement: PlacementId,
) -> AppResult<Draft> {
    ctx.read(|conn| {
        let (of, _) = placements::find(conn, scope, placement)?.ok_or(AppError::NotFound)?;
        let sequence = sequences::find(conn, of.creditor_id, id)?
            .filter(|sequence| sequence.placement_id == placement)
            .ok_or(AppError::NotFound)?;
        let steps = email_steps::of_creditor(conn, of.creditor_id)?;
        let step = step_of(&steps, sequence.step).ok_or(AppError::NotFound)?;
        let to = email_suppressions::usable_address(conn, of.creditor_id, of.debtor_id)?
            .and_then(|address| address.parse().ok())
            .ok_or(AppError::NotFound)?;
        let link = format!("{}/p/…", ctx.public_url);
        draft(ctx, conn, &sequence, step, to, link)
    })
}

fn step_of(steps: &[SeriesStep], step: i32) -> Option<SeriesStep> {
    usize::try_from(step)
        .ok()
        .and_then(|step| steps.get(step).copied())
}

fn draft(
    ctx: &Ctx,
    conn: &mut DbConn,
    sequence: &Sequence,
    step: SeriesStep,
    to: EmailAddress,
    portal_link: String,
) -> AppResult<Draft> {
    let scope = Scope::Creditor(sequence.creditor_id);
    let (placement, parties) =
        placements::find(conn, scope, sequence.placement_id)?.ok_or(AppError::NotFound)?;
    let (debtor, _) = debtors::find(conn, scope, sequence.debtor_id)?.ok_or(AppError::NotFound)?;
    let balance = placement.account().remaining();
    Ok(Draft {
        creditor: sequence.creditor_id,
        sequence: sequence.id,
        placement: sequence.placement_id,
        step: sequence.step,
        at: ctx.now(),
        template: step.template,
        language: Language::from_word(&debtor.language).unwrap_or_default(),
        to,
        from: ctx.mail.from.clone(),
        reply_to: mail_tokens::reply_address(ctx, sequence.placement_id),
        agency: ctx.agency.name.clone(),
        agency_address: ctx.agency.postal_address.clone(),
        agency_phone: ctx.agency.phone.clone(),
        debtor_name: debtor.name,
        creditor_name: parties.creditor,
        invoice_number: placement.invoice_number,
        balance,
        portal_link,
        unsubscribe_link: format!(
            "{}/u/{}",
            ctx.public_url,
            mail_tokens::unsubscribe(&ctx.keys, sequence.placement_id)
        ),
        check_code: mail_tokens::check_code(&ctx.keys, sequence.placement_id),
        stop_page: format!("{}/stop", ctx.public_url),
    })
}

/// A link of the series that is good for two weeks more, or a new one.
fn live_link(tx: &mut Tx<'_>, sequence: &Sequence) -> AppResult<PortalLinkId> {
    let good_until = tx.now.plus(Duration::days(14));
    let known = portal_links::of_placement(tx.conn, sequence.creditor_id, sequence.placement_id)?
        .into_iter()
        .find(|link| {
            link.created_by == tx.actor.to_string()
                && link.is_live(tx.now)
                && link.expires_at > good_until
        });
    match known {
        Some(link) => Ok(link.id),
        None => links::insert(
            tx,
            sequence.creditor_id,
            sequence.placement_id,
            sequence.debtor_id,
            links::LIFETIME,
        ),
    }
}

/// What an email of a series asks leave for.
pub fn hand_off(ctx: &Ctx, sequence: &Sequence, draft: &Draft) -> HandOff {
    HandOff {
        creditor: sequence.creditor_id,
        debtor: sequence.debtor_id,
        placement: sequence.placement_id,
        attempt: attempt(ctx, sequence, draft.to.as_str(), sequence.updated_at),
        origin: Origin::Sequence(sequence.id, sequence.step),
    }
}

fn attempt(ctx: &Ctx, sequence: &Sequence, to: &str, at: Instant) -> Attempt {
    let mut attempt = Attempt::new(at, Channel::Email, sequence.placement_id.to_string());
    attempt.email = Some(to.to_lowercase());
    attempt.initiator = Initiator::Automated;
    // What every template says; a test reads each of them for it.
    attempt.content = Some(Box::new(Content {
        optout_notice: Some(true),
        debt_collector_disclosure: Some(true),
        business_name: Some(ctx.agency.name.clone()),
        callback_number: Some(ctx.agency.phone.clone()),
        ..Content::default()
    }));
    attempt
}

/// The first lawful moment for the next email of a series, and the rule that stands until then.
fn earliest(
    ctx: &Ctx,
    conn: &mut DbConn,
    sequence: &Sequence,
    now: Instant,
) -> AppResult<Option<Earliest>> {
    let (creditor, debtor) = (sequence.creditor_id, sequence.debtor_id);
    let Some(to) = email_suppressions::usable_address(conn, creditor, debtor)? else {
        return Ok(None);
    };
    let Some(file) = facts::load_one(conn, creditor, debtor)? else {
        return Ok(None);
    };
    let policy = policies::in_force(ctx, conn)?;
    let attempt = attempt(ctx, sequence, &to, now);
    Ok(Some(next_contact::earliest(
        &policy,
        &file,
        &attempt,
        Warnings::Stand,
    )))
}

/// An email that is later than this was not sent at its time.
const LATE: Duration = Duration::minutes(1);

/// Plans an email anew whose time has passed, where it is not lawful now and will be. Nobody has
/// tried to reach anybody, so nothing is refused. True if it moved; any other is to be asked leave
/// for.
fn moved_if_late(ctx: &Ctx, tx: &mut Tx<'_>, sequence: &Sequence) -> AppResult<bool> {
    let is_late = sequence
        .next_send_at
        .is_some_and(|at| tx.now.since(at) > LATE);
    if !is_late {
        return Ok(false);
    }
    let Some(next) = earliest(ctx, tx.conn, sequence, tx.now)? else {
        return Ok(false);
    };
    let (Some(at), Some(rule)) = (next.at.filter(|at| *at > tx.now), next.binding) else {
        return Ok(false);
    };
    let turn = Turn {
        status: "active",
        pause_cause: None,
        step: sequence.step,
        next_send_at: Some(at),
        last_error: None,
        now: tx.now,
    };
    let (creditor, id) = (sequence.creditor_id, sequence.id);
    if sequences::turn(tx.conn, creditor, id, sequence.step, &turn)? == 0 {
        return Ok(false);
    }
    tx.record(
        NewEvent::of_creditor(creditor, EventKind::SequenceDelayed)
            .debtor(sequence.debtor_id)
            .placement(sequence.placement_id)
            .body(json!({
                "sequence": id,
                "step": sequence.step,
                "rule": rule.as_str(),
                "again_at": at,
                "cause": "late",
            })),
    )?;
    Ok(true)
}

/// Lets a series go on that waits for something that has ended, and for nothing else, at the first
/// lawful moment. False where it still waits, or no such moment is in sight.
pub(super) fn go_on_if_cleared(ctx: &Ctx, creditor: CreditorId, id: SequenceId) -> AppResult<bool> {
    let waiting = ctx.read(|conn| {
        let Some(sequence) = sequences::find(conn, creditor, id)? else {
            return Ok(None);
        };
        let is_possible = has_cleared(conn, &sequence)?
            && earliest(ctx, conn, &sequence, ctx.now())?.is_some_and(|next| next.at.is_some());
        Ok::<_, AppError>(is_possible.then_some(sequence))
    })?;
    let Some(sequence) = waiting else {
        return Ok(false);
    };
    ctx.write(&WORKER, |tx| {
        debtor_lock::lock(tx.conn, creditor, sequence.debtor_id)?.ok_or(AppError::NotFound)?;
        // As things stand under the lock.
        let Some(sequence) = sequences::find(tx.conn, creditor, id)? else {
            return Ok(false);
        };
        let cause = sequence.pause_cause.clone().unwrap_or_default();
        if sequence.status != "paused" || !has_cleared(tx.conn, &sequence)? {
            return Ok(false);
        }
        let next = earliest(ctx, tx.conn, &sequence, tx.now)?;
        let Some(at) = next.and_then(|next| next.at) else {
            return Ok(false);
        };
        if sequences::resume(tx.conn, creditor, id, &cause, at, tx.now)? == 0 {
            return Ok(false);
        }
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::SequenceResumed)
                .debtor(sequence.debtor_id)
                .placement(sequence.placement_id)
                .body(json!({
                    "sequence": id,
                    "step": sequence.step,
                    "cause": cause,
                    "again_at": at,
                })),
        )?;
        Ok(true)
    })
}

/// Whether a series that is paused for this cause may go on by itself once the cause has ended.
pub(super) fn may_go_on(cause: Option<&str>) -> bool {
    cause.is_some_and(|cause| {
        matches!(
            cause,
            "dispute" | "attorney" | "bankruptcy" | "codebtor" | "discharge" | "deceased"
        ) || cause.starts_with("refused:")
    })
}

/// Whether what a series waits for has ended. What a person, a debtor, a recall or a payment
/// paused ends in its own way.
fn has_cleared(conn: &mut DbConn, sequence: &Sequence) -> AppResult<bool> {
    let (creditor, placement) = (sequence.creditor_id, sequence.placement_id);
    let Some(of) = placement_refs::find(conn, Scope::Creditor(creditor), placement)? else {
        return Ok(false);
    };
    if of.status != PlacementStatus::InOutreach {
        return Ok(false);
    }
    let cause = sequence.pause_cause.as_deref().unwrap_or_default();
    if matches!(cause, "dispute" | "discharge") || cause.starts_with("refused:") {
        // The account is in outreach again, or the gate itself says when: a discharge may not
        // cover the account.
        return Ok(true);
    }
    match FlagKind::from_word(cause) {
        Some(
            kind @ (FlagKind::Attorney
            | FlagKind::Bankruptcy
            | FlagKind::Codebtor
            | FlagKind::Deceased),
        ) => {
            let in_force = flags::kinds_in_force(conn, creditor, sequence.debtor_id)?;
            Ok(!in_force.contains(&kind))
        }
        _ => Ok(false),
    }
}

/// A series that the gate refused waits for its next lawful moment, or is paused if there is none.
pub(super) fn refused(
    tx: &mut Tx<'_>,
    hand_off: &HandOff,
    sequence: SequenceId,
    step: i32,
    rule: &str,
    again_at: Option<Instant>,
) -> AppResult<()> {
    let cause = format!("refused:{rule}");
    let turn = Turn {
        status: if again_at.is_some() {
            "active"
        } else {
            "paused"
        },
        pause_cause: again_at.is_none().then_some(cause.as_str()),
        step,
        next_send_at: again_at,
        last_error: Some(cause.as_str()),
        now: tx.now,
    };
    if sequences::turn(tx.conn, hand_off.creditor, sequence, step, &turn)? == 0 {
        return Ok(());
    }
    let kind = match again_at {
        Some(_) => EventKind::SequenceDelayed,
        None => EventKind::SequencePaused,
    };
    tx.record(
        NewEvent::of_creditor(hand_off.creditor, kind)
            .debtor(hand_off.debtor)
            .placement(hand_off.placement)
            .body(json!({"sequence": sequence, "step": step, "rule": rule, "again_at": again_at})),
    )?;
    Ok(())
}

/// Moves a series on after its hand-off ended. One that was stopped or paused meanwhile stays so.
pub(super) fn settle(tx: &mut Tx<'_>, row: &AttemptRow, result: &HandOffResult) -> AppResult<()> {
    let (Some(sequence), Some(step)) = (row.sequence_id, row.step) else {
        return Ok(());
    };
    let steps = email_steps::of_creditor(tx.conn, row.creditor_id)?;
    let following = step_of(&steps, step + 1);
    let now = tx.now;
    let (turn, kind) = match result {
        HandOffResult::Started { .. } => match following {
            Some(next) => (
                Turn {
                    status: "active",
                    pause_cause: None,
                    step: step + 1,
                    next_send_at: Some(now.plus(Duration::hours(i64::from(next.wait_hours)))),
                    last_error: None,
                    now,
                },
                None,
            ),
            None => (
                Turn {
                    status: "completed",
                    pause_cause: None,
                    step: step + 1,
                    next_send_at: None,
                    last_error: None,
                    now,
                },
                Some(EventKind::SequenceCompleted),
            ),
        },
        HandOffResult::Failed { error } => (
            Turn {
                status: "active",
                pause_cause: None,
                step,
                next_send_at: Some(now.plus(RETRY)),
                last_error: Some(error),
                now,
            },
            Some(EventKind::SequenceDelayed),
        ),
        // It may have arrived, so this step is over; a person says whether the next one follows.
        HandOffResult::Unknown { error } => (
            Turn {
                status: "paused",
                pause_cause: Some(UNKNOWN),
                step: step + 1,
                next_send_at: None,
                last_error: Some(error),
                now,
            },
            Some(EventKind::SequencePaused),
        ),
    };
    if sequences::turn(tx.conn, row.creditor_id, sequence, step, &turn)? == 0 {
        return Ok(());
    }
    if let Some(kind) = kind {
        tx.record(
            NewEvent::of_creditor(row.creditor_id, kind)
                .debtor(row.debtor_id)
                .placement(row.placement_id)
                .body(json!({
                    "sequence": sequence,
                    "step": step,
                    "cause": turn.pause_cause,
                    "again_at": turn.next_send_at,
                })),
        )?;
    }
    Ok(())
}

/// A series that waited for the fate of one email goes on, now that it is known: with the next
/// step if it went out, with the same one if it did not. One that was stopped, or is paused for
/// anything else, stays as it is.
pub(super) fn settled(tx: &mut Tx<'_>, row: &AttemptRow, went_out: bool) -> AppResult<()> {
    let (Some(id), Some(step)) = (row.sequence_id, row.step) else {
        return Ok(());
    };
    let waits = sequences::find(tx.conn, row.creditor_id, id)?.is_some_and(|sequence| {
        sequence.status == "paused"
            && sequence.pause_cause.as_deref() == Some(UNKNOWN)
            && sequence.step == step + 1
    });
    if !waits {
        return Ok(());
    }
    let next_step = if went_out { step + 1 } else { step };
    let steps = email_steps::of_creditor(tx.conn, row.creditor_id)?;
    let next_send_at = match step_of(&steps, next_step) {
        Some(next) if went_out => row
            .authorised_at
            .plus(Duration::hours(i64::from(next.wait_hours)))
            .max(tx.now),
        // The same step, or none is left: then the next turn ends the series.
        _ => tx.now,
    };
    let now = tx.now;
    sequences::resume(tx.conn, row.creditor_id, id, UNKNOWN, next_send_at, now)?;
    let turn = Turn {
        status: "active",
        pause_cause: None,
        step: next_step,
        next_send_at: Some(next_send_at),
        last_error: None,
        now,
    };
    sequences::turn(tx.conn, row.creditor_id, id, step + 1, &turn)?;
    tx.record(
        NewEvent::of_creditor(row.creditor_id, EventKind::SequenceResumed)
            .debtor(row.debtor_id)
            .placement(row.placement_id)
            .body(json!({
                "sequence": id,
                "step": next_step,
                "cause": UNKNOWN,
                "again_at": next_send_at,
            })),
    )?;
    Ok(())
}

/// Ends a series outside of a hand-off.
fn finish(
    tx: &mut Tx<'_>,
    sequence: &Sequence,
    status: &str,
    error: Option<&str>,
) -> AppResult<()> {
    let turn = Turn {
        status,
        pause_cause: None,
        step: sequence.step,
        next_send_at: None,
        last_error: error,
        now: tx.now,
    };
    if sequences::turn(
        tx.conn,
        sequence.creditor_id,
        sequence.id,
        sequence.step,
        &turn,
    )? > 0
    {
        let kind = if status == "completed" {
            EventKind::SequenceCompleted
        } else {
            EventKind::SequencePaused
        };
        tx.record(
            NewEvent::of_creditor(sequence.creditor_id, kind)
                .debtor(sequence.debtor_id)
                .placement(sequence.placement_id)
                .body(json!({"sequence": sequence.id, "status": status})),
        )?;
    }
    Ok(())
}

/// The mail server said for good that nobody is at the address.
pub fn bounced(ctx: &Ctx, creditor: CreditorId, address: &str) -> AppResult<()> {
    suppressions::suppress(ctx, creditor, address, suppressions::Cause::HardBounce)
}

/// Ends the emails to a debtor by the link in one of them.
///
/// # Errors
/// `NotFound` for a link that is not ours; `Busy` if it is not effective yet.
pub async fn unsubscribe(ctx: &Ctx, token: &str) -> AppResult<()> {
    let placement = mail_tokens::open_unsubscribe(&ctx.keys, token).ok_or(AppError::NotFound)?;
    let reader = ctx.clone();
    let of = super::blocking(move || {
        reader.read(|conn| {
            placement_refs::find(conn, Scope::Agency, placement)?.ok_or(AppError::NotFound)
        })
    })
    .await?;
    let input = StopInput {
        creditor: of.creditor_id,
        debtor: of.debtor_id,
        placement: Some(of.id),
        scope: StopScope::Email,
        via: Medium::Email,
        requester: Requester::Debtor,
        words: Some("The unsubscribe link of an email".to_owned()),
        in_writing: true,
        verified: true,
        received_at: ctx.now(),
    };
    stops::stop_once(ctx, Actor::Debtor(of.debtor_id), input).await?;
    Ok(())
}
