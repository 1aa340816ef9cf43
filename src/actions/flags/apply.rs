//! What a flag does, inside one transaction: it cancels, pauses, fences, and opens what a person has
//! to do.

use chrono::Duration;
use serde_json::{Value, json};

use super::learned::{Beside, Reach};
use super::{FlagInput, Learned, Recorded};
use crate::actions::tasks::{self, NewTask};
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::event::EventKind;
use crate::domain::id::{EventId, FlagId};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::store::flags::{self, Flag};
use crate::store::{calls, debtor_lock, sequences};

/// When a person should have looked at it.
const REVIEW_WITHIN: Duration = Duration::hours(24);

/// The effects, inside a transaction; `cause` is the event they follow from. Where they stop
/// contact they may be acknowledged only when nothing of the debtor is starting any more.
pub(in crate::actions) fn apply_from(
    tx: &mut Tx<'_>,
    input: &FlagInput,
    origin: Option<EventId>,
) -> AppResult<Recorded> {
    apply_under(tx, input, origin, None)
}

/// As [`apply_from`], with a reference that the debtor may quote.
pub(in crate::actions) fn apply_under(
    tx: &mut Tx<'_>,
    input: &FlagInput,
    origin: Option<EventId>,
    reference: Option<&str>,
) -> AppResult<Recorded> {
    let file = File::lock(tx, input)?;
    let detail = detail_beside(input, &file.standing);
    let is_known = match input.learned.beside() {
        Beside::OneIsEnough => !file.standing.is_empty(),
        Beside::Others => file
            .standing
            .iter()
            .any(|flag| says_the_same(&flag.detail, &detail)),
        Beside::Alone => false,
    };
    if is_known {
        return Ok(Recorded {
            flag: None,
            sequences_paused: 0,
            calls_cancelled: 0,
        });
    }
    let flag = NewFlag {
        id: FlagId::generate(tx.now),
        detail,
        origin,
        reference,
    };
    set(tx, input, &file, flag)
}

/// A debtor's file, locked until the transaction ends.
pub(super) struct File {
    epoch: i64,
    /// The flags in force of the kind that was learned.
    pub(super) standing: Vec<Flag>,
}

impl File {
    pub(super) fn lock(tx: &mut Tx<'_>, input: &FlagInput) -> AppResult<Self> {
        let (creditor, debtor) = (input.creditor, input.debtor);
        let epoch = debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        let kind = input.learned.kind();
        let mut standing = flags::in_force(tx.conn, creditor, &[debtor])?;
        standing.retain(|flag| flag.kind == kind);
        Ok(Self { epoch, standing })
    }
}

/// What is new of a flag beside what was learned.
pub(super) struct NewFlag<'a> {
    pub(super) id: FlagId,
    pub(super) detail: Value,
    /// The event it follows from.
    pub(super) origin: Option<EventId>,
    /// What the debtor may quote.
    pub(super) reference: Option<&'a str>,
}

/// Sets the flag, beside or in place of what stands of its kind.
pub(super) fn set(
    tx: &mut Tx<'_>,
    input: &FlagInput,
    file: &File,
    new: NewFlag<'_>,
) -> AppResult<Recorded> {
    let (creditor, debtor) = (input.creditor, input.debtor);
    let kind = input.learned.kind();
    let epoch = file.epoch + 1;
    let replaced = if input.learned.beside() == Beside::Alone {
        file.standing.as_slice()
    } else {
        &[]
    };
    let cause = kind.as_str();
    let (sequences_paused, calls_cancelled) = match input.learned.reach() {
        Reach::Nothing => (0, 0),
        Reach::Calls => {
            debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch)?;
            let calls = calls::cancel_of_debtor(tx.conn, creditor, debtor, cause, tx.now)?;
            (0, calls)
        }
        Reach::Number(number) => {
            debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch)?;
            let calls = calls::cancel_to_number(tx.conn, creditor, debtor, number, cause, tx.now)?;
            (0, calls)
        }
        Reach::Fence => {
            debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch)?;
            (0, 0)
        }
        Reach::Everything => {
            debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch)?;
            let emails = sequences::pause_of_debtor(tx.conn, creditor, debtor, cause, tx.now)?;
            let calls = calls::cancel_of_debtor(tx.conn, creditor, debtor, cause, tx.now)?;
            (emails, calls)
        }
    };
    let by = tx.actor.to_string();
    for flag in replaced {
        let reason = "Replaced by what was learned later.";
        flags::lift(tx.conn, creditor, flag.id, &by, reason, tx.now)?;
    }
    let flag = Flag {
        creditor_id: creditor,
        id: new.id,
        debtor_id: debtor,
        placement_id: None,
        kind,
        detail: new.detail.to_string(),
        source: input.via,
        verified: true,
        stop_request_id: None,
        set_by: by,
        received_at: input.received_at,
        set_at: tx.now,
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
        reference: new.reference.map(str::to_owned),
    };
    flags::insert(tx.conn, &flag)?;
    let event = match input.learned {
        Learned::DoNotCall => EventKind::DoNotCallSet,
        Learned::Attorney { .. }
        | Learned::Bankruptcy { .. }
        | Learned::Deceased
        | Learned::Military { .. }
        | Learned::AddressOptOut(_)
        | Learned::MailOptOut
        | Learned::InconvenientTime { .. }
        | Learned::InconvenientPlace(_)
        | Learned::WorkplaceProhibited
        | Learned::Codebtor { .. }
        | Learned::Estate { .. }
        | Learned::KnownLocation { .. }
        | Learned::LocationNeeded { .. } => EventKind::FlagSet,
    };
    let mut set = NewEvent::of_creditor(creditor, event)
        .debtor(debtor)
        .body(json!({
            "flag": kind.as_str(),
            "flag_id": flag.id,
            "source": input.via.as_str(),
            "received_at": input.received_at,
            "replaced": replaced.len(),
            "sequences_paused": sequences_paused,
            "calls_cancelled": calls_cancelled,
        }))
        .detail(new.detail);
    set.cause = new.origin;
    let cause = tx.record(set)?;
    let mut told = json!({
        "debtor_id": debtor,
        "placement_id": null,
        "source": input.via.as_str(),
        "received_at": input.received_at,
    });
    if event == EventKind::FlagSet {
        told["flag"] = json!(kind.as_str());
    }
    tx.announce(creditor, event, debtor.as_str(), told)?;
    if let Some((kind, title)) = input.learned.follow_up() {
        let task = NewTask::new(tx.now, creditor, kind, title, REVIEW_WITHIN)
            .debtor(debtor)
            .cause(cause);
        tasks::open(tx, task)?;
    }
    Ok(Recorded {
        flag: Some(new.id),
        sequences_paused,
        calls_cancelled,
    })
}

/// The details of the new flag. Who speaks for an estate is added to what is known of the death.
pub(super) fn detail_beside(input: &FlagInput, standing: &[Flag]) -> Value {
    let mut detail = input.learned.detail(input.received_at, input.via);
    if let Learned::Estate { .. } = input.learned {
        let known = standing
            .first()
            .and_then(|flag| serde_json::from_str::<Value>(&flag.detail).ok());
        detail["known_at"] = known
            .and_then(|known| known.get("known_at").cloned())
            .unwrap_or_else(|| json!(input.received_at));
    }
    detail
}

/// Whether a flag on file has the same details, but for when and how it was said.
fn says_the_same(on_file: &str, detail: &Value) -> bool {
    let bare = |mut value: Value| {
        if let Value::Object(fields) = &mut value {
            for said in ["at", "said_at", "via"] {
                fields.remove(said);
            }
        }
        value
    };
    serde_json::from_str::<Value>(on_file)
        .is_ok_and(|on_file| bare(on_file) == bare(detail.clone()))
}
