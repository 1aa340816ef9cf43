//! The effects of a tool's use, inside its transaction.

use chrono::{Duration, NaiveDate};
use serde_json::{Map, Value, json};

use super::{Consent, Done, Said, Subject, Tool, ToolUse};
use crate::actions::disputes;
use crate::actions::flags::{self, Learned};
use crate::actions::replies::{self, Spoken};
use crate::actions::stops::{self, Origin, StopInput};
use crate::actions::tasks::{self, NewTask};
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::consent::GivenTo;
use crate::domain::event::EventKind;
use crate::domain::id::{ConsentId, EventId, StopRequestId};
use crate::domain::money::Cents;
use crate::domain::stop::Medium;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::keys::random_code;
use crate::store::{Scope, consents, debtor_lock, flags as flag_rows, placement_refs};

/// How soon a person looks at what could not be done.
const REVIEW_WITHIN: Duration = Duration::hours(24);

/// Everything that was said, in one transaction: the tool's own event first, and what follows
/// from it linked to it.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    used: &ToolUse,
    subject: &Subject,
    planned: &[(StopRequestId, StopInput)],
) -> AppResult<Done> {
    let of = &subject.of;
    debtor_lock::lock(tx.conn, of.creditor_id, of.debtor_id)?.ok_or(AppError::NotFound)?;
    let mut done = Done {
        creditor: of.creditor_id.to_string(),
        debtor: of.debtor_id.to_string(),
        placement: of.id.to_string(),
        ..Done::default()
    };
    let mut told = used.told.clone();
    told.insert("tool".to_owned(), json!(used.tool.as_str()));
    told.insert("call".to_owned(), json!(used.call));
    told.insert("tool_call".to_owned(), json!(used.tool_call));
    let mut stops = planned.iter();
    // A stop's own event is the tool's; everything else gets an event that it follows from.
    let mut cause = match used.tool {
        Tool::CaptureCease => None,
        _ => Some(
            tx.record(
                about(subject, used.tool.event())
                    .body(Value::Object(told.clone()))
                    .detail(used.raw.clone()),
            )?,
        ),
    };
    for said in &used.said {
        match said {
            Said::Stop(_) => {
                let (id, input) = stops
                    .next()
                    .ok_or_else(|| AppError::internal("a stop was not prepared"))?;
                let told = match cause {
                    None => std::mem::take(&mut told),
                    Some(_) => Map::new(),
                };
                let event = stop(tx, &mut done, *id, input, Origin { cause, told })?;
                cause = cause.or(event);
            }
            Said::Dispute(reason) => dispute(tx, used, subject, &mut done, cause, reason)?,
            Said::Learned(learned) => learn(tx, subject, &mut done, cause, learned)?,
            Said::Promise { amount, due_on } => promise(tx, subject, cause, *amount, *due_on)?,
            Said::Consent(consent) => permit(tx, used, subject, consent)?,
        }
    }
    if let (Some(reading), Some(words), Some(cause)) = (&subject.unsettled, &used.words, cause) {
        let spoken = Spoken {
            of,
            call: &used.call,
            tool_call: &used.tool_call,
            is_our_call: subject.is_our_call,
            words,
            reading,
            raw: &used.raw,
        };
        replies::hold_for_person(tx, &spoken, cause)?;
        done.is_held = true;
    }
    Ok(done)
}

fn stop(
    tx: &mut Tx<'_>,
    done: &mut Done,
    id: StopRequestId,
    input: &StopInput,
    origin: Origin,
) -> AppResult<Option<EventId>> {
    let recorded = stops::apply_from(tx, id, input, origin)?;
    done.stops.push(id);
    done.sequences_stopped += recorded.sequences_stopped;
    done.calls_cancelled += recorded.calls_cancelled;
    if done.reference.is_none() {
        done.reference = Some(recorded.reference.clone());
        done.stopped = Some(recorded.scope.as_str().to_owned());
    }
    Ok(recorded.event())
}

/// Opens a dispute; of a placement that has ended a person reads it.
fn dispute(
    tx: &mut Tx<'_>,
    used: &ToolUse,
    subject: &Subject,
    done: &mut Done,
    cause: Option<EventId>,
    reason: &Option<String>,
) -> AppResult<()> {
    let of = &subject.of;
    // As it is under the debtor's lock.
    let of = placement_refs::find(tx.conn, Scope::Creditor(of.creditor_id), of.id)?
        .ok_or(AppError::NotFound)?;
    let cause = cause.ok_or_else(|| AppError::internal("a dispute without its event"))?;
    if of.resolved_at.is_some() {
        let title = "Dispute of a placement that has ended: read what was said and answer it";
        return open_task(tx, subject, cause, "dispute_review", title, REVIEW_WITHIN);
    }
    let said = disputes::Said {
        in_writing: false,
        reason: reason.clone(),
        details: used.words.clone(),
    };
    done.dispute = Some(disputes::open_as_said(
        tx,
        &of,
        Medium::Voice,
        cause,
        &said,
    )?);
    Ok(())
}

/// Records what was learned, unless it is known and nothing was added to it: a bare mention must
/// not replace a name and a number on file.
fn learn(
    tx: &mut Tx<'_>,
    subject: &Subject,
    done: &mut Done,
    cause: Option<EventId>,
    learned: &Learned,
) -> AppResult<()> {
    let of = &subject.of;
    let kind = learned.kind();
    done.flags.push(kind.as_str().to_owned());
    let is_known =
        flag_rows::kinds_in_force(tx.conn, of.creditor_id, of.debtor_id)?.contains(&kind);
    if is_known && is_bare(learned) {
        return Ok(());
    }
    let input = super::flag_input(tx.now, subject, learned);
    let recorded = flags::apply_from(tx, &input, cause)?;
    done.recorded.extend(recorded.flag);
    done.sequences_stopped += recorded.sequences_paused;
    done.calls_cancelled += recorded.calls_cancelled;
    Ok(())
}

/// Whether nothing is told but the fact.
fn is_bare(learned: &Learned) -> bool {
    match learned {
        Learned::Attorney { name, firm, phone } => {
            name.is_none() && firm.is_none() && phone.is_none()
        }
        Learned::Bankruptcy {
            chapter,
            case_number,
            court,
            filed_on,
        } => chapter.is_none() && case_number.is_none() && court.is_none() && filed_on.is_none(),
        Learned::Deceased
        | Learned::Military { .. }
        | Learned::DoNotCall
        | Learned::AddressOptOut(_)
        | Learned::MailOptOut
        | Learned::InconvenientTime { .. }
        | Learned::InconvenientPlace(_)
        | Learned::WorkplaceProhibited
        | Learned::Codebtor { .. }
        | Learned::Estate { .. }
        | Learned::KnownLocation { .. }
        | Learned::LocationNeeded { .. } => true,
    }
}

/// A promise changes nothing of what is owed: a person sees on its day whether the money came.
fn promise(
    tx: &mut Tx<'_>,
    subject: &Subject,
    cause: Option<EventId>,
    amount: Cents,
    due_on: NaiveDate,
) -> AppResult<()> {
    let cause = cause.ok_or_else(|| AppError::internal("a promise without its event"))?;
    let days = due_on.signed_duration_since(tx.now.date_in(chrono_tz::America::New_York));
    let title = format!(
        "Promise of {} for {due_on}: see whether it was paid",
        amount.to_decimal()
    );
    open_task(
        tx,
        subject,
        cause,
        "promise_due",
        &title,
        days.max(Duration::zero()) + REVIEW_WITHIN,
    )
}

fn permit(tx: &mut Tx<'_>, used: &ToolUse, subject: &Subject, consent: &Consent) -> AppResult<()> {
    let of = &subject.of;
    let detail = json!({
        "from": consent.from,
        "to": consent.to,
        // Only of a call that the gate allowed do we know that it kept the rules.
        "during_compliant_contact": subject.is_our_call.then_some(true),
    })
    .to_string();
    let kept = format!("call {}, tool call {}", used.call, used.tool_call);
    let consent = consents::Consent {
        creditor_id: of.creditor_id,
        id: ConsentId::generate(tx.now),
        debtor_id: of.debtor_id,
        placement_id: (!consent.kind.is_one()).then_some(of.id),
        kind: consent.kind,
        number: consent.number,
        detail,
        evidence: match &used.words {
            Some(words) => format!("{words} ({kept})"),
            None => kept,
        },
        given_to: GivenTo::Collector,
        received_at: tx.now,
        through_on: consent.through_on,
        revoked_at: None,
        recorded_by: tx.actor.to_string(),
        created_at: tx.now,
        via: Medium::Voice,
        address: None,
        reference: Some(random_code(8)?),
        revoked_by: None,
        revoked_via: None,
        revoked_words: None,
        revocation_reference: None,
        revocation_recorded_at: None,
    };
    consents::insert(tx.conn, &consent)?;
    Ok(())
}

fn open_task(
    tx: &mut Tx<'_>,
    subject: &Subject,
    cause: EventId,
    kind: &str,
    title: &str,
    due_in: Duration,
) -> AppResult<()> {
    let of = &subject.of;
    let task = NewTask::new(tx.now, of.creditor_id, kind, title, due_in)
        .debtor(of.debtor_id)
        .placement(of.id)
        .cause(cause);
    tasks::open(tx, task)
}

fn about(subject: &Subject, kind: EventKind) -> NewEvent {
    NewEvent::of_creditor(subject.of.creditor_id, kind)
        .debtor(subject.of.debtor_id)
        .placement(subject.of.id)
}
