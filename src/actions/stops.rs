//! A debtor's request that contact stop: the one way in for the portal, the voice agent, email,
//! the desk and the API.
//!
//! Checking before dialling can't keep this promise: between the check
//! and the call a stop may come. What holds is *fence and drain*. A sender marks its attempt as
//! starting under the debtor's lock ([`authorize`](super::authorize)); a stop takes the same lock,
//! forbids everything that has not started, and is acknowledged only when nothing of that debtor
//! is starting any more.

use std::time::Duration;

use chrono::Duration as Span;
use serde_json::{Value, json};

use super::ctx::Ctx;
use super::journal::JournalEntry;
pub use super::journal::Reconciled;
pub use super::journal_check::{may_reach_anybody, reconcile};
use super::same_person;
use super::tasks::{self, NewTask};
use super::tx::{NewEvent, Tx};
use super::{blocking, journal_check};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, EventId, FlagId, PlacementId, StopRequestId};
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::keys::random_code;
use crate::store::flags::Flag;
use crate::store::stop_requests::StopRequest;
use crate::store::{attempts, calls, debtor_lock, flags, sequences, stop_requests};

/// What was asked for, by whom and how.
#[derive(Debug, Clone)]
pub struct StopInput {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    /// Where it was said, if it was about one account. The stop covers all of the debtor's.
    pub placement: Option<PlacementId>,
    pub scope: StopScope,
    pub via: Medium,
    pub requester: Requester,
    pub words: Option<String>,
    pub in_writing: bool,
    /// Whether we know who asked. An unknown asker is obeyed all the same; a person confirms.
    pub verified: bool,
    /// When it reached us; not after now.
    pub received_at: Instant,
}

/// A stop that is in the database and the journal, and will survive whatever happens. It may be
/// acknowledged only after [`drain`].
#[derive(Debug, Clone)]
pub struct Recorded {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub request: StopRequestId,
    /// What the debtor is given to quote.
    pub reference: String,
    pub scope: StopScope,
    pub honoured_at: Instant,
    pub sequences_stopped: usize,
    pub calls_cancelled: usize,
    /// The request's event; none for a request that stood before.
    event: Option<EventId>,
    /// Of others who are reached at the same number or address.
    others: Vec<Recorded>,
}

/// What a request follows from.
#[derive(Debug, Default)]
pub(super) struct Origin {
    pub cause: Option<EventId>,
    /// What its event tells besides, by name: ids and words of the trade.
    pub told: serde_json::Map<String, Value>,
}

impl Recorded {
    /// The event of the request, where it was recorded just now.
    pub(super) fn event(&self) -> Option<EventId> {
        self.event
    }

    /// A request that was recorded earlier and still stands.
    pub(super) fn before(request: StopRequest) -> Self {
        Self {
            creditor: request.creditor_id,
            debtor: request.debtor_id,
            request: request.id,
            reference: request.reference,
            scope: request.scope,
            honoured_at: request.honoured_at,
            sequences_stopped: 0,
            calls_cancelled: 0,
            event: None,
            others: Vec::new(),
        }
    }

    fn with_others(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.others)
    }
}

/// A sender gives up well before this; its lease is what a stop waits for at most.
pub const LEASE: Span = Span::seconds(15);

/// How long a stop waits for senders: as long as a lease, by a clock that nobody can set. Whoever
/// was permitted before the stop was written has by then handed over or given up, or is dead. The
/// lease in the database is not asked: it was written by the clock of another process.
const LONGEST_DRAIN: Duration = Duration::from_secs(15);
const DRAIN_STEP: Duration = Duration::from_millis(20);

/// How soon a person looks at a stop: the creditor's file must match within a day (CD-31).
const REVIEW_WITHIN: Span = Span::hours(24);

/// Records a stop and waits until it is effective. Only when this returns `Ok` may the debtor be
/// told that it is done.
pub async fn stop(ctx: &Ctx, actor: Actor, input: StopInput) -> AppResult<Recorded> {
    let recorder = ctx.clone();
    let recorded = blocking(move || record(&recorder, &actor, &input)).await?;
    drain(ctx, &recorded).await?;
    Ok(recorded)
}

/// As [`stop`], for a button that may be pressed twice: if the same request stands already and
/// nobody has lifted it, that one is the answer and nothing is added.
pub async fn stop_once(ctx: &Ctx, actor: Actor, input: StopInput) -> AppResult<Recorded> {
    let recorder = ctx.clone();
    let recorded = blocking(move || record_once(&recorder, &actor, &input)).await?;
    drain(ctx, &recorded).await?;
    Ok(recorded)
}

/// As [`stop_once`], for a stop that follows from an event on record: a message that was read.
pub async fn stop_because(
    ctx: &Ctx,
    actor: Actor,
    input: StopInput,
    cause: EventId,
) -> AppResult<Recorded> {
    let recorder = ctx.clone();
    let recorded = blocking(move || {
        keep(&recorder, &actor, &input, |tx, id| {
            unless_standing(tx, id, &input, Some(cause))
        })
    })
    .await?;
    drain(ctx, &recorded).await?;
    Ok(recorded)
}

/// Writes the stop with all its effects in one transaction, and then into the journal.
pub fn record(ctx: &Ctx, actor: &Actor, input: &StopInput) -> AppResult<Recorded> {
    keep(ctx, actor, input, |tx, id| apply(tx, id, input))
}

/// As [`record`], unless the same request stands already. The debtor's lock makes two presses at
/// once take turns, so the second finds the first.
pub fn record_once(ctx: &Ctx, actor: &Actor, input: &StopInput) -> AppResult<Recorded> {
    keep(ctx, actor, input, |tx, id| {
        unless_standing(tx, id, input, None)
    })
}

/// As [`record_once`], for this debtor alone: whoever else is meant gets a stop of their own.
pub(super) fn record_once_alone(
    ctx: &Ctx,
    actor: &Actor,
    input: &StopInput,
) -> AppResult<Recorded> {
    keep_all(ctx, actor, input, |tx, id| {
        Ok((unless_standing(tx, id, input, None)?, Vec::new()))
    })
}

/// The request that stands already, or else the effects of a new one that follows from `cause`.
fn unless_standing(
    tx: &mut Tx<'_>,
    id: StopRequestId,
    input: &StopInput,
    cause: Option<EventId>,
) -> AppResult<Recorded> {
    if let Some(request) = standing(tx, input)? {
        return Ok(Recorded::before(request));
    }
    let origin = Origin {
        cause,
        ..Origin::default()
    };
    apply_from(tx, id, input, origin)
}

/// The stop of one debtor, and of everybody who is the same person.
fn keep(
    ctx: &Ctx,
    actor: &Actor,
    input: &StopInput,
    work: impl FnOnce(&mut Tx<'_>, StopRequestId) -> AppResult<Recorded>,
) -> AppResult<Recorded> {
    keep_all(ctx, actor, input, |tx, id| {
        let others = same_person::others(tx.conn, input)?;
        let mut recorded = work(tx, id)?;
        let Some(cause) = recorded.event else {
            return Ok((recorded, Vec::new()));
        };
        for other in &others {
            // A creditor's trail names nothing of another's.
            let cause = (other.creditor == input.creditor).then_some(cause);
            let id = StopRequestId::generate(tx.now);
            recorded.others.push(unless_standing(tx, id, other, cause)?);
        }
        Ok((recorded, others))
    })
}

/// Writes stops in one transaction, and then into the journal; `work` returns with them what was
/// asked for the others.
fn keep_all(
    ctx: &Ctx,
    actor: &Actor,
    input: &StopInput,
    work: impl FnOnce(&mut Tx<'_>, StopRequestId) -> AppResult<(Recorded, Vec<StopInput>)>,
) -> AppResult<Recorded> {
    let id = StopRequestId::generate(ctx.now());
    let (recorded, others) = match ctx.write(actor, |tx| work(tx, id)) {
        // Whatever the fault is: the debtor has asked, and is obeyed.
        Err(AppError::Busy(why) | AppError::Internal(why)) => {
            hold_outside(ctx, id, input);
            return Err(AppError::Busy(why));
        }
        other => other?,
    };
    remember(ctx, recorded.request, input)?;
    for (other, input) in recorded.others.iter().zip(&others) {
        remember(ctx, other.request, input)?;
    }
    if input.scope == StopScope::All {
        // Whatever could not be stored before asked for no more than this.
        ctx.journal.release(input.debtor);
    }
    Ok(recorded)
}

/// For a stop that can't be stored now: this process obeys it from here on, the journal keeps it,
/// and the caller has to be told to try again.
pub(super) fn hold_outside(ctx: &Ctx, id: StopRequestId, input: &StopInput) {
    ctx.journal.hold(input.debtor);
    tracing::error!(
        page = true,
        request = %id,
        "a stop could not be stored: this process holds the debtor until the database has it"
    );
    if let Err(error) = ctx.journal.append(&journal_entry(id, input)) {
        tracing::error!(%error, "a stop could be written nowhere; it is held in memory");
    }
    // After it was written, so that whoever compares at this moment can't miss it.
    ctx.journal.set_compared(false, false);
}

/// Writes a stop that is in the database into the journal as well.
pub(super) fn remember(ctx: &Ctx, id: StopRequestId, input: &StopInput) -> AppResult<()> {
    ctx.journal
        .append(&journal_entry(id, input))
        .map_err(|error| AppError::Busy(format!("the stop journal: {error}")))
}

/// As [`remember`], from the request in the database.
pub(super) fn remember_request(ctx: &Ctx, request: &StopRequest) -> AppResult<()> {
    let entry = JournalEntry {
        request: request.id,
        creditor: request.creditor_id,
        debtor: request.debtor_id,
        placement: request.placement_id,
        scope: request.scope.as_str().to_owned(),
        via: request.via.as_str().to_owned(),
        received_at: request.received_at,
    };
    ctx.journal
        .append(&entry)
        .map_err(|error| AppError::Busy(format!("the stop journal: {error}")))
}

/// Waits until nothing of the debtor is starting: whoever was told to go ahead before the facts
/// changed has by then gone ahead or given up. A sender that died is waited for as long as a lease.
pub async fn wait_until_nothing_starts(
    ctx: &Ctx,
    creditor: CreditorId,
    debtor: DebtorId,
) -> AppResult<()> {
    let give_up = std::time::Instant::now() + LONGEST_DRAIN;
    loop {
        let reader = ctx.clone();
        let starting = blocking(move || {
            reader.read(|conn| Ok(attempts::count_starting(conn, creditor, debtor)?))
        })
        .await?;
        if starting == 0 {
            return Ok(());
        }
        if std::time::Instant::now() >= give_up {
            tracing::warn!(starting, "a sender has not reported within its lease");
            return Ok(());
        }
        tokio::time::sleep(DRAIN_STEP).await;
    }
}

/// Waits until nothing of the debtor is starting, and notes that the stop is effective.
pub async fn drain(ctx: &Ctx, recorded: &Recorded) -> AppResult<()> {
    for one in recorded.with_others() {
        wait_until_nothing_starts(ctx, one.creditor, one.debtor).await?;
    }
    let writer = ctx.clone();
    let recorded = recorded.clone();
    blocking(move || {
        writer.write(&Actor::System("worker"), |tx| {
            // It is in the journal by now: from here on the database misses it there.
            journal_check::confirm(&writer, tx.conn, tx.now)?;
            recorded
                .with_others()
                .try_for_each(|one| note_effective(tx, one))
        })
    })
    .await
}

/// Notes that nothing of the debtor starts any more; the first time stands.
pub(super) fn note_effective(tx: &mut Tx<'_>, recorded: &Recorded) -> AppResult<()> {
    if stop_requests::set_effective(tx.conn, recorded.creditor, recorded.request, tx.now)? == 0 {
        return Ok(());
    }
    let event = NewEvent::of_creditor(recorded.creditor, EventKind::StopEffective)
        .debtor(recorded.debtor)
        .body(json!({"request": recorded.request}));
    tx.record(match recorded.event {
        Some(cause) => event.caused_by(cause),
        None => event,
    })
    .map(drop)
}

/// The effects of a stop, inside a transaction.
pub(super) fn apply(tx: &mut Tx<'_>, id: StopRequestId, input: &StopInput) -> AppResult<Recorded> {
    apply_from(tx, id, input, Origin::default())
}

/// As [`apply`], for a request that follows from something else or has more to tell.
pub(super) fn apply_from(
    tx: &mut Tx<'_>,
    id: StopRequestId,
    input: &StopInput,
    origin: Origin,
) -> AppResult<Recorded> {
    let (creditor, debtor) = (input.creditor, input.debtor);
    let epoch = debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)? + 1;
    debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch)?;

    let sequences_stopped = match input.scope {
        StopScope::Email | StopScope::All => {
            sequences::opt_out_of_debtor(tx.conn, creditor, debtor, tx.now)?
        }
        // Emails stay allowed after "stop calling me", but none goes out unless a person says
        // so: who is called off the telephone seldom means to be written to instead (CD-15).
        StopScope::Call => {
            sequences::pause_of_debtor(tx.conn, creditor, debtor, "call_stop", tx.now)?
        }
    };
    let calls_cancelled = match input.scope {
        StopScope::Call | StopScope::All => {
            calls::cancel_of_debtor(tx.conn, creditor, debtor, "debtor_stop", tx.now)?
        }
        StopScope::Email => 0,
    };
    let reference = random_code(8)?;
    let request = StopRequest {
        creditor_id: creditor,
        id,
        debtor_id: debtor,
        placement_id: input.placement,
        reference: reference.clone(),
        scope: input.scope,
        via: input.via,
        requester: input.requester,
        words: input.words.clone(),
        in_writing: input.in_writing,
        verified: input.verified,
        recorded_by: tx.actor.to_string(),
        contact_epoch: epoch,
        received_at: input.received_at,
        honoured_at: tx.now,
        effective_at: None,
    };
    stop_requests::insert(tx.conn, &request)?;

    let mut body = json!({
        "request": id,
        "scope": input.scope.as_str(),
        "via": input.via.as_str(),
        "requester": input.requester.as_str(),
        "in_writing": input.in_writing,
        "verified": input.verified,
        "contact_epoch": epoch,
        "sequences_stopped": sequences_stopped,
        "calls_cancelled": calls_cancelled,
        "received_at": input.received_at,
    });
    for (name, value) in origin.told {
        body[name] = value;
    }
    let mut requested = about(input, requested_as(input.via))
        .body(body)
        .detail(json!({"words": input.words}));
    requested.cause = origin.cause;
    let event = tx.record(requested)?;
    set_flags(tx, input, id, event)?;
    open_review(tx, input, &reference)?;
    Ok(Recorded {
        creditor,
        debtor,
        request: id,
        reference,
        scope: input.scope,
        honoured_at: tx.now,
        sequences_stopped,
        calls_cancelled,
        event: Some(event),
        others: Vec::new(),
    })
}

/// The newest request that asked for at least this, in the same way and no less surely, while all
/// of its flags are in force. Locks the debtor.
fn standing(tx: &mut Tx<'_>, input: &StopInput) -> AppResult<Option<StopRequest>> {
    let (creditor, debtor) = (input.creditor, input.debtor);
    debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
    let asked = FlagKind::of_scope(input.scope);
    let in_force = flags::kinds_in_force(tx.conn, creditor, debtor)?;
    if !asked.iter().all(|kind| in_force.contains(kind)) {
        return Ok(None);
    }
    let requests = stop_requests::of_debtor(tx.conn, creditor, debtor)?;
    Ok(requests.into_iter().find(|request| {
        let covered = FlagKind::of_scope(request.scope);
        request.via == input.via
            && request.in_writing >= input.in_writing
            && request.verified >= input.verified
            && asked.iter().all(|kind| covered.contains(kind))
    }))
}

/// Sets the flags of the scope that are not in force yet, each with its event, which follows from
/// the request's, and its message to the creditor.
fn set_flags(
    tx: &mut Tx<'_>,
    input: &StopInput,
    request: StopRequestId,
    cause: EventId,
) -> AppResult<()> {
    let in_force = flags::kinds_in_force(tx.conn, input.creditor, input.debtor)?;
    for &kind in FlagKind::of_scope(input.scope) {
        if in_force.contains(&kind) {
            continue;
        }
        let flag = Flag {
            creditor_id: input.creditor,
            id: FlagId::generate(tx.now),
            debtor_id: input.debtor,
            placement_id: input.placement,
            kind,
            detail: "{}".to_owned(),
            source: input.via,
            verified: input.verified,
            stop_request_id: Some(request),
            set_by: tx.actor.to_string(),
            received_at: input.received_at,
            set_at: tx.now,
            lifted_at: None,
            lifted_by: None,
            lift_reason: None,
            reference: None,
        };
        flags::insert(tx.conn, &flag)?;
        let Some(event) = set_as(kind) else { continue };
        tx.record(
            about(input, event)
                .caused_by(cause)
                .body(json!({"flag": flag.id, "request": request})),
        )?;
        tx.announce(
            input.creditor,
            event,
            input.debtor.as_str(),
            json!({
                "debtor_id": input.debtor,
                "placement_id": input.placement,
                "source": input.via.as_str(),
                "received_at": input.received_at,
            }),
        )?;
    }
    Ok(())
}

/// Asks a person to look: to confirm who asked, and to see that nothing was missed.
fn open_review(tx: &mut Tx<'_>, input: &StopInput, reference: &str) -> AppResult<()> {
    let title = if input.verified {
        format!("Stop request {reference}: check the file")
    } else {
        format!("Stop request {reference}: confirm who asked")
    };
    let task = NewTask::new(tx.now, input.creditor, "stop_review", title, REVIEW_WITHIN)
        .debtor(input.debtor)
        .placement(input.placement);
    tasks::open(tx, task)
}

fn about(input: &StopInput, kind: EventKind) -> NewEvent {
    let event = NewEvent::of_creditor(input.creditor, kind).debtor(input.debtor);
    match input.placement {
        Some(placement) => event.placement(placement),
        None => event,
    }
}

/// The event of the request itself, by the way it came.
fn requested_as(via: Medium) -> EventKind {
    match via {
        Medium::Voice => EventKind::VoiceCeaseRecorded,
        Medium::Portal
        | Medium::Email
        | Medium::Letter
        | Medium::Fax
        | Medium::Phone
        | Medium::Desk
        | Medium::Api
        | Medium::Import => EventKind::StopRequested,
        Medium::Journal => EventKind::StopReapplied,
    }
}

/// The event of a flag that a stop sets.
fn set_as(kind: FlagKind) -> Option<EventKind> {
    match kind {
        FlagKind::Cease => Some(EventKind::CeaseSet),
        FlagKind::CallOptOut => Some(EventKind::CallOptOutSet),
        FlagKind::EmailOptOut => Some(EventKind::EmailOptOutSet),
        FlagKind::DoNotCall => Some(EventKind::DoNotCallSet),
        FlagKind::MailOptOut
        | FlagKind::Attorney
        | FlagKind::Bankruptcy
        | FlagKind::Deceased
        | FlagKind::KnownLocation
        | FlagKind::Inconvenient
        | FlagKind::WorkplaceProhibited
        | FlagKind::Military
        | FlagKind::Codebtor
        | FlagKind::AddressOptOut
        | FlagKind::BankruptcyDismissed
        | FlagKind::Discharge
        | FlagKind::CodebtorEnded
        | FlagKind::LocationNeeded => None,
    }
}

/// What the journal keeps of a stop.
pub(super) fn journal_entry(request: StopRequestId, input: &StopInput) -> JournalEntry {
    JournalEntry {
        request,
        creditor: input.creditor,
        debtor: input.debtor,
        placement: input.placement,
        scope: input.scope.as_str().to_owned(),
        via: input.via.as_str().to_owned(),
        received_at: input.received_at,
    }
}
