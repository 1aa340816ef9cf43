//! What the voice agent captures while it talks: each tool ends in the same functions as the
//! portal, the desk and email, is done once however often it is sent, and is answered only when
//! nothing that it forbids is starting any more.

mod effects;
mod unproven;
mod words;

pub use unproven::note_unproven;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::blocking;
use super::ctx::Ctx;
use super::flags::{self, FlagInput, Learned};
use super::idempotency::{self, Answer, Claim, Once};
use super::stops::{self, StopInput};
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::consent::ConsentKind;
use crate::domain::event::EventKind;
use crate::domain::id::{
    CallId, CreditorId, DebtorId, DisputeId, FlagId, PlacementId, StopRequestId,
};
use crate::domain::money::Cents;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::facts::LocalTime;
use crate::intake::intent::Reading;
use crate::store::placement_refs::PlacementRef;
use crate::store::{Scope, calls, flags as flag_rows, placement_refs, stop_requests};

/// A tool of the voice agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tool {
    CaptureCease,
    FlagDispute,
    CaptureDispute,
    CaptureAttorney,
    CaptureBankruptcy,
    CaptureDeceased,
    CapturePtp,
    CaptureConsent,
}

impl TextEnum for Tool {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::CaptureCease, "capture_cease"),
        (Self::FlagDispute, "flag_dispute"),
        (Self::CaptureDispute, "capture_dispute"),
        (Self::CaptureAttorney, "capture_attorney"),
        (Self::CaptureBankruptcy, "capture_bankruptcy"),
        (Self::CaptureDeceased, "capture_deceased"),
        (Self::CapturePtp, "capture_ptp"),
        (Self::CaptureConsent, "capture_consent"),
    ];
}

impl Tool {
    /// What the audit chain calls its use.
    const fn event(self) -> EventKind {
        match self {
            Self::CaptureCease => EventKind::VoiceCeaseRecorded,
            Self::FlagDispute => EventKind::VoiceDisputeFlagged,
            Self::CaptureDispute => EventKind::VoiceDisputeRecorded,
            Self::CaptureAttorney => EventKind::VoiceAttorneyRecorded,
            Self::CaptureBankruptcy => EventKind::VoiceBankruptcyRecorded,
            Self::CaptureDeceased => EventKind::VoiceDeceasedRecorded,
            Self::CapturePtp => EventKind::VoicePromiseRecorded,
            Self::CaptureConsent => EventKind::VoiceConsentRecorded,
        }
    }
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Stop(StopScope),
    /// With a word for the reason, where one was given.
    Dispute(Option<String>),
    Learned(Learned),
    Promise {
        amount: Cents,
        due_on: NaiveDate,
    },
    Consent(Consent),
}

/// A permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub kind: ConsentKind,
    pub number: Option<PhoneNumber>,
    pub from: Option<LocalTime>,
    pub to: Option<LocalTime>,
    /// The last day it covers.
    pub through_on: Option<NaiveDate>,
}

/// One use of a tool.
#[derive(Debug, Clone)]
pub struct ToolUse {
    pub scope: Scope,
    pub tool: Tool,
    /// The call, by our id or the provider's.
    pub call: String,
    /// The agent's own id of this use: the same again is the same use.
    pub tool_call: String,
    /// Needed where the call is none that we placed.
    pub placement: Option<PlacementId>,
    pub requester: Requester,
    pub said: Vec<Said>,
    /// The debtor's own words, where they were caught.
    pub words: Option<String>,
    /// The checked parameters that name nobody, for the audit chain.
    pub told: Map<String, Value>,
    /// All parameters as they came: kept beside the chain.
    pub raw: Value,
    /// SHA-256 of the request.
    pub request_hash: String,
}

/// What came of a use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub creditor: String,
    pub debtor: String,
    pub placement: String,
    /// Requests to stop that were recorded.
    pub stops: Vec<StopRequestId>,
    /// What the debtor may quote.
    pub reference: Option<String>,
    /// `call`, `email` or `all`.
    pub stopped: Option<String>,
    /// Words of what is known now: `attorney`.
    pub flags: Vec<String>,
    /// What was recorded of them now, for the stop journal.
    #[serde(default)]
    pub recorded: Vec<FlagId>,
    pub dispute: Option<DisputeId>,
    pub sequences_stopped: usize,
    pub calls_cancelled: usize,
    /// Contact waits until a person has decided what the words mean.
    #[serde(default)]
    pub is_held: bool,
}

/// The answer to a use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ran {
    Done(Done),
    /// Done before; this is what came of it then.
    Before(Done),
    /// The same ids came before with other parameters.
    Reused,
    Running,
}

/// Whom a use is about.
struct Subject {
    of: PlacementRef,
    /// We placed the call, so we know whom it reached.
    is_our_call: bool,
    /// How the words are read, where a person has to settle what they mean.
    unsettled: Option<Reading>,
}

/// Does what was said. When this returns, nothing that it forbids is starting any more.
///
/// # Errors
/// `NotFound` where the placement is not there or not the caller's; `Invalid` where the call is
/// none of ours and no placement is named; `Busy` where it can't be stored now, or a contact is
/// still starting: then the same use is to be sent again.
pub async fn run(ctx: &Ctx, actor: Actor, used: ToolUse) -> AppResult<Ran> {
    let worker = ctx.clone();
    let ran = blocking(move || perform(&worker, &actor, &used)).await?;
    if let Ran::Done(done) | Ran::Before(done) = &ran {
        drain(ctx, done).await?;
    }
    Ok(ran)
}

fn perform(ctx: &Ctx, actor: &Actor, used: &ToolUse) -> AppResult<Ran> {
    let mut subject = ctx.read(|conn| find_subject(conn, used))?;
    let used = &words::heard(used, &mut subject);
    let planned: Vec<(StopRequestId, StopInput)> = used
        .said
        .iter()
        .filter_map(|said| match said {
            Said::Stop(scope) => Some((
                StopRequestId::generate(ctx.now()),
                stop_input(ctx, used, &subject, *scope),
            )),
            Said::Dispute(_) | Said::Learned(_) | Said::Promise { .. } | Said::Consent(_) => None,
        })
        .collect();
    let claim = Claim {
        scope: format!("voice {}", used.tool.as_str()),
        key: format!("{} {}", used.call, used.tool_call),
        request_hash: used.request_hash.clone(),
    };
    let ran = idempotency::once(ctx, actor, Some(&claim), |tx| {
        let done = effects::apply(tx, used, &subject, &planned)?;
        Answer::new(200, &done)
    });
    let read = |answer: Answer| -> AppResult<Done> { Ok(serde_json::from_str(&answer.body)?) };
    let ran = match ran {
        // Whatever the fault is: the debtor has asked, and is obeyed.
        Err(AppError::Busy(why) | AppError::Internal(why)) => {
            for (id, input) in &planned {
                stops::hold_outside(ctx, *id, input);
            }
            for said in &used.said {
                if let Said::Learned(learned) = said {
                    flags::hold_outside(ctx, &flag_input(ctx.now(), &subject, learned));
                }
            }
            return Err(AppError::Busy(why));
        }
        Err(error) => return Err(error),
        Ok(Once::Done(answer)) => Ran::Done(read(answer)?),
        Ok(Once::Replayed(answer)) => Ran::Before(read(answer)?),
        Ok(Once::Reused) => return Ok(Ran::Reused),
        Ok(Once::Running) => return Ok(Ran::Running),
    };
    if let Ran::Done(done) | Ran::Before(done) = &ran {
        remember(ctx, done)?;
    }
    Ok(ran)
}

/// Writes what stops contact into the journal, as it stands in the database. A use that is
/// repeated may find that the first died before it came to that.
fn remember(ctx: &Ctx, done: &Done) -> AppResult<()> {
    let (creditor, debtor) = ids(done)?;
    for id in &done.stops {
        let row = ctx.read(|conn| Ok(stop_requests::find(conn, creditor, *id)?))?;
        if let Some(row) = row.filter(|row| row.effective_at.is_none()) {
            stops::remember_request(ctx, &row)?;
        }
    }
    for id in &done.recorded {
        let row = ctx.read(|conn| Ok(flag_rows::find(conn, creditor, debtor, *id)?))?;
        if let Some(row) = row {
            flags::remember_flag(ctx, &row)?;
        }
    }
    Ok(())
}

/// Whom a kept answer is about.
fn ids(done: &Done) -> AppResult<(CreditorId, DebtorId)> {
    let id = |_| AppError::internal("a kept answer names no debtor");
    Ok((
        done.creditor.parse().map_err(id)?,
        done.debtor.parse().map_err(id)?,
    ))
}

/// Waits until nothing of the debtor is starting, and notes that the stops are effective.
async fn drain(ctx: &Ctx, done: &Done) -> AppResult<()> {
    let halts =
        !done.stops.is_empty() || !done.flags.is_empty() || done.dispute.is_some() || done.is_held;
    if !halts {
        return Ok(());
    }
    let (creditor, debtor) = ids(done)?;
    stops::wait_until_nothing_starts(ctx, creditor, debtor).await?;
    for request in done.stops.clone() {
        let reader = ctx.clone();
        let row =
            blocking(move || reader.read(|conn| Ok(stop_requests::find(conn, creditor, request)?)))
                .await?;
        if let Some(row) = row {
            stops::drain(ctx, &stops::Recorded::before(row)).await?;
        }
    }
    Ok(())
}

/// The placement of the call, by our own record of it. What the agent says of it counts only for
/// a call that we did not place.
fn find_subject(conn: &mut DbConn, used: &ToolUse) -> AppResult<Subject> {
    let own = used.call.parse::<CallId>().ok();
    let call = calls::find_by_name(conn, used.scope, own, &used.call)?;
    let placement = match (&call, used.placement) {
        (Some(call), Some(named)) if named != call.placement_id => {
            return Err(AppError::invalid(
                "placement_id",
                "This call was about another placement.",
            ));
        }
        (Some(call), _) => call.placement_id,
        (None, Some(named)) => named,
        (None, None) => {
            return Err(AppError::invalid(
                "placement_id",
                "This call is none that was placed here: say which placement it is about.",
            ));
        }
    };
    let of = placement_refs::find(conn, used.scope, placement)?.ok_or(AppError::NotFound)?;
    Ok(Subject {
        of,
        is_our_call: call.is_some(),
        unsettled: None,
    })
}

fn stop_input(ctx: &Ctx, used: &ToolUse, subject: &Subject, scope: StopScope) -> StopInput {
    /// The longest text kept with a stop, in characters.
    const MOST_WORDS: usize = 2_000;
    StopInput {
        creditor: subject.of.creditor_id,
        debtor: subject.of.debtor_id,
        placement: Some(subject.of.id),
        scope,
        via: Medium::Voice,
        requester: used.requester,
        words: used
            .words
            .as_ref()
            .map(|words| words.chars().take(MOST_WORDS).collect()),
        in_writing: false,
        verified: subject.is_our_call,
        received_at: ctx.now(),
    }
}

fn flag_input(now: Instant, subject: &Subject, learned: &Learned) -> FlagInput {
    FlagInput {
        creditor: subject.of.creditor_id,
        debtor: subject.of.debtor_id,
        learned: learned.clone(),
        via: Medium::Voice,
        received_at: now,
    }
}
