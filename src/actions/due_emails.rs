//! Series of emails whose next one is due: claimed, written, and after the hand-off reported.

use chrono::Duration;
use serde_json::json;

use super::authorize::{HandOff, HandOffResult, Origin};
use super::ctx::Ctx;
use super::portal::links;
use super::stops::{self, StopInput};
use super::tx::{NewEvent, Tx};
use super::{mail_tokens, suppressions};
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::email::EmailAddress;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, PlacementId, PortalLinkId, SequenceId, TaskId};
use crate::domain::language::Language;
use crate::domain::mail::{MailTemplate, SeriesStep};
use crate::domain::money::Cents;
use crate::domain::stop::{Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::Attempt;
use crate::gate::attempt::{Content, Initiator};
use crate::gate::facts::Channel;
use crate::store::attempts::AttemptRow;
use crate::store::sequences::{self, Sequence, Turn};
use crate::store::tasks::{self, Task};
use crate::store::{
    Scope, debtors, email_steps, email_suppressions, placement_refs, placements, portal_links,
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
pub fn hand_off(sequence: &Sequence, draft: &Draft) -> HandOff {
    let mut attempt = Attempt::new(
        sequence.updated_at,
        Channel::Email,
        sequence.placement_id.to_string(),
    );
    attempt.email = Some(draft.to.as_str().to_lowercase());
    attempt.initiator = Initiator::Automated;
    // What every template says; a test reads each of them for it.
    attempt.content = Some(Box::new(Content {
        optout_notice: Some(true),
        debt_collector_disclosure: Some(true),
        business_name: Some(draft.agency.clone()),
        callback_number: Some(draft.agency_phone.clone()),
        ..Content::default()
    }));
    HandOff {
        creditor: sequence.creditor_id,
        debtor: sequence.debtor_id,
        placement: sequence.placement_id,
        attempt,
        origin: Origin::Sequence(sequence.id, sequence.step),
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
    if matches!(result, HandOffResult::Unknown { .. }) {
        open_task(tx, row)?;
    }
    Ok(())
}

fn open_task(tx: &mut Tx<'_>, row: &AttemptRow) -> AppResult<()> {
    let task = Task {
        creditor_id: row.creditor_id,
        id: TaskId::generate(tx.now),
        debtor_id: Some(row.debtor_id),
        placement_id: Some(row.placement_id),
        kind: "email_unknown".to_owned(),
        title: "Nobody knows whether an email went out: look it up, then let the series go on"
            .to_owned(),
        due_at: Some(tx.now.plus(Duration::hours(24))),
        status: "open".to_owned(),
        done_by: None,
        done_at: None,
        note: None,
        created_at: tx.now,
        version: 1,
    };
    tasks::insert(tx.conn, &task)?;
    tx.record(
        NewEvent::of_creditor(row.creditor_id, EventKind::TaskOpened)
            .debtor(row.debtor_id)
            .placement(row.placement_id)
            .body(json!({"task": task.id, "kind": task.kind})),
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
