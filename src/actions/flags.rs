//! What staff learn of a debtor: a lawyer, a bankruptcy, a death, military duty, and what the debtor
//! wishes: a number not to be called, times and places that are not convenient. What stops or
//! narrows contact is fenced like a stop: nothing authorised before it may start, and it is
//! acknowledged when nothing is starting any more. A debtor's own request to stop goes through
//! [`stops`](super::stops).

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::blocking;
use super::ctx::Ctx;
use super::journal::FlagEntry;
use super::stops;
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, EventId, FlagId, TaskId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::facts::{LocalTime, Weekday};
use crate::store::flags::{self, Flag};
use crate::store::tasks::{self, Task};
use crate::store::{calls, debtor_lock, sequences};

/// How soon a person follows up.
const REVIEW_WITHIN: Duration = Duration::hours(24);

/// Characters of a reason that are kept.
const LONGEST_REASON: usize = 2_000;

/// What was learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learned {
    /// From now on the lawyer is spoken with (15 U.S.C. 1692c(a)(2)).
    Attorney {
        name: Option<String>,
        firm: Option<String>,
        phone: Option<PhoneNumber>,
    },
    /// The automatic stay (11 U.S.C. 362).
    Bankruptcy {
        /// Of title 11.
        chapter: Option<u8>,
        case_number: Option<String>,
        court: Option<String>,
        filed_on: Option<NaiveDate>,
    },
    Deceased,
    /// Active duty, in the sense of the Servicemembers Civil Relief Act.
    Military,
    /// No telephone contact on any number.
    DoNotCall,
    /// One number or address is not to be used (12 CFR 1006.14(h)).
    AddressOptOut(Point),
    /// No letters but those that the law asks for.
    MailOptOut,
    /// No day means every day; no end means midnight. In the debtor's own time.
    InconvenientTime {
        days: Vec<Weekday>,
        from: Option<LocalTime>,
        to: Option<LocalTime>,
    },
    /// `work`, `home`, or another place in words.
    InconvenientPlace(String),
    /// The employer does not allow such calls (15 U.S.C. 1692c(a)(3)).
    WorkplaceProhibited,
    /// Shielded by somebody else's bankruptcy (11 U.S.C. 1201, 1301).
    Codebtor {
        chapter: Option<u8>,
        filed_on: Option<NaiveDate>,
    },
    /// Who may be spoken with about the debts of somebody who has died.
    Estate {
        name: String,
        authority: String,
    },
    /// Where the debtor is known to be: it decides alone over address and area codes.
    KnownLocation {
        zone: Tz,
        source: String,
    },
}

/// A number or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    Phone(PhoneNumber),
    /// In lower case.
    Email(String),
}

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Phone(number) => number.fmt(f),
            Self::Email(address) => f.write_str(address),
        }
    }
}

/// Where and when it was learned.
#[derive(Debug, Clone)]
pub struct FlagInput {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub learned: Learned,
    pub via: Medium,
    /// When it reached us; not after now.
    pub received_at: Instant,
}

/// What recording it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// None where it stood already and nothing was added.
    pub flag: Option<FlagId>,
    pub sequences_paused: usize,
    pub calls_cancelled: usize,
}

/// How far a flag reaches into what runs by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Everything,
    Calls,
    Number(PhoneNumber),
    /// What has been authorised may not start any more; what is planned is decided anew.
    Fence,
    /// Decided anew at each contact.
    Nothing,
}

/// What a new flag does to those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// A second one says nothing new.
    OneIsEnough,
    /// Several may stand, each for itself.
    Others,
    /// The latest replaces what stood.
    Alone,
}

impl Learned {
    pub const fn kind(&self) -> FlagKind {
        match self {
            Self::Attorney { .. } => FlagKind::Attorney,
            Self::Bankruptcy { .. } => FlagKind::Bankruptcy,
            Self::Deceased => FlagKind::Deceased,
            Self::Military => FlagKind::Military,
            Self::DoNotCall => FlagKind::DoNotCall,
            Self::AddressOptOut(_) => FlagKind::AddressOptOut,
            Self::MailOptOut => FlagKind::MailOptOut,
            Self::InconvenientTime { .. } | Self::InconvenientPlace(_) => FlagKind::Inconvenient,
            Self::WorkplaceProhibited => FlagKind::WorkplaceProhibited,
            Self::Codebtor { .. } => FlagKind::Codebtor,
            Self::Estate { .. } => FlagKind::Deceased,
            Self::KnownLocation { .. } => FlagKind::KnownLocation,
        }
    }

    /// Whether it stops calls or everything, so that the journal keeps it.
    pub(super) fn halts(&self) -> bool {
        matches!(self.reach(), Reach::Everything | Reach::Calls)
    }

    const fn reach(&self) -> Reach {
        match self {
            Self::Attorney { .. }
            | Self::Bankruptcy { .. }
            | Self::Deceased
            | Self::Codebtor { .. } => Reach::Everything,
            Self::DoNotCall => Reach::Calls,
            Self::AddressOptOut(Point::Phone(number)) => Reach::Number(*number),
            Self::AddressOptOut(Point::Email(_))
            | Self::MailOptOut
            | Self::InconvenientTime { .. }
            | Self::InconvenientPlace(_)
            | Self::WorkplaceProhibited
            | Self::KnownLocation { .. } => Reach::Fence,
            Self::Military | Self::Estate { .. } => Reach::Nothing,
        }
    }

    /// What standing flags of the same kind become: they stay beside it, or it takes their place.
    const fn beside(&self) -> Beside {
        match self {
            Self::DoNotCall | Self::MailOptOut | Self::WorkplaceProhibited => Beside::OneIsEnough,
            Self::AddressOptOut(_) | Self::InconvenientTime { .. } | Self::InconvenientPlace(_) => {
                Beside::Others
            }
            Self::Attorney { .. }
            | Self::Bankruptcy { .. }
            | Self::Deceased
            | Self::Military
            | Self::Codebtor { .. }
            | Self::Estate { .. }
            | Self::KnownLocation { .. } => Beside::Alone,
        }
    }

    /// The details in the gate's own form.
    fn detail(&self, received_at: Instant, via: Medium) -> Value {
        match self {
            Self::Attorney { name, firm, phone } => {
                json!({"name": name, "firm": firm, "phone": phone, "status": "active"})
            }
            Self::Bankruptcy {
                chapter,
                case_number,
                court,
                filed_on,
            } => json!({
                "chapter": chapter,
                "case_number": case_number,
                "court": court,
                "filed_on": filed_on,
                "status": "active",
            }),
            Self::Deceased => json!({"known_at": received_at}),
            Self::Military => json!({"active_duty": true, "since": received_at}),
            Self::DoNotCall => json!({"at": received_at, "via": via.as_str()}),
            Self::AddressOptOut(point) => json!({"address": point.to_string(), "at": received_at}),
            Self::MailOptOut | Self::WorkplaceProhibited => json!({}),
            Self::InconvenientTime { days, from, to } => json!({
                "type": "time",
                "days": days,
                "from": from,
                "to": to,
                "said_at": received_at,
                "via": via.as_str(),
            }),
            Self::InconvenientPlace(place) => json!({
                "type": "place",
                "place": place,
                "said_at": received_at,
                "via": via.as_str(),
            }),
            Self::Codebtor { chapter, filed_on } => {
                json!({"chapter": chapter, "filed_on": filed_on, "status": "active"})
            }
            Self::Estate { name, authority } => {
                json!({"representative": {"name": name, "authority": authority}})
            }
            Self::KnownLocation { zone, source } => {
                json!({"zone": zone.name(), "at": received_at, "source": source})
            }
        }
    }

    /// What a person has to do about it: the kind of the task and its title.
    const fn follow_up(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Attorney { .. } => Some((
                "route_through_counsel",
                "Lawyer named: route contact through counsel",
            )),
            Self::Bankruptcy { .. } => Some((
                "bankruptcy_review",
                "Bankruptcy: confirm the case and tell the creditor",
            )),
            Self::Deceased => Some((
                "estate_desk",
                "Deceased: find out who speaks for the estate",
            )),
            Self::Codebtor { .. } => Some((
                "bankruptcy_review",
                "Co-debtor\u{2019}s bankruptcy: confirm the case and tell the creditor",
            )),
            Self::Military
            | Self::DoNotCall
            | Self::AddressOptOut(_)
            | Self::MailOptOut
            | Self::InconvenientTime { .. }
            | Self::InconvenientPlace(_)
            | Self::WorkplaceProhibited
            | Self::Estate { .. }
            | Self::KnownLocation { .. } => None,
        }
    }
}

/// Records what was learned and, where it stops contact, waits until nothing is starting.
///
/// What was on record of the same kind is replaced in the same moment. A do-not-call mark that
/// stands already stays as it is.
///
/// # Errors
/// `NotFound` when there is no such debtor; `Busy` when a contact is still starting: what was
/// learned is on record all the same.
pub async fn record(ctx: &Ctx, actor: Actor, input: FlagInput) -> AppResult<Recorded> {
    record_after(ctx, actor, input, None).await
}

/// As [`record`], for what follows from an event on record: a message that was read.
pub async fn record_because(
    ctx: &Ctx,
    actor: Actor,
    input: FlagInput,
    cause: EventId,
) -> AppResult<Recorded> {
    record_after(ctx, actor, input, Some(cause)).await
}

async fn record_after(
    ctx: &Ctx,
    actor: Actor,
    input: FlagInput,
    cause: Option<EventId>,
) -> AppResult<Recorded> {
    let writer = ctx.clone();
    let (creditor, debtor) = (input.creditor, input.debtor);
    let is_fenced = input.learned.reach() != Reach::Nothing;
    let recorded = blocking(move || {
        let recorded = match writer.write(&actor, |tx| apply_from(tx, &input, cause)) {
            Err(AppError::Busy(why)) => {
                hold_outside(&writer, &input);
                return Err(AppError::Busy(why));
            }
            other => other?,
        };
        if let Some(flag) = recorded.flag {
            remember(&writer, flag, &input)?;
        }
        Ok(recorded)
    })
    .await?;
    if is_fenced {
        stops::wait_until_nothing_starts(ctx, creditor, debtor).await?;
    }
    Ok(recorded)
}

/// Writes what stops contact and is in the database into the journal as well, before it is
/// acknowledged. Everything else is not the journal's.
pub(super) fn remember(ctx: &Ctx, flag: FlagId, input: &FlagInput) -> AppResult<()> {
    if !input.learned.halts() {
        return Ok(());
    }
    ctx.journal
        .append_flag(&journal_entry(flag, input))
        .map_err(|error| AppError::Busy(format!("the stop journal: {error}")))
}

/// As [`remember`], from the flag in the database.
pub(super) fn remember_flag(ctx: &Ctx, flag: &Flag) -> AppResult<()> {
    if !matches!(
        flag.kind,
        FlagKind::Attorney
            | FlagKind::Bankruptcy
            | FlagKind::Deceased
            | FlagKind::DoNotCall
            | FlagKind::Codebtor
    ) {
        return Ok(());
    }
    let entry = FlagEntry {
        flag: flag.id,
        creditor: flag.creditor_id,
        debtor: flag.debtor_id,
        kind: flag.kind.as_str().to_owned(),
        via: flag.source.as_str().to_owned(),
        received_at: flag.received_at,
    };
    ctx.journal
        .append_flag(&entry)
        .map_err(|error| AppError::Busy(format!("the stop journal: {error}")))
}

/// For what stops contact and can't be stored now: this process obeys it from here on, the
/// journal keeps it, and the caller has to be told to try again.
pub(super) fn hold_outside(ctx: &Ctx, input: &FlagInput) {
    if !input.learned.halts() {
        return;
    }
    ctx.journal.hold(input.debtor);
    ctx.journal.set_compared(false, false);
    let entry = journal_entry(FlagId::generate(ctx.now()), input);
    if let Err(error) = ctx.journal.append_flag(&entry) {
        tracing::error!(%error, "what stops contact could be written nowhere; it is held in memory");
    }
}

fn journal_entry(flag: FlagId, input: &FlagInput) -> FlagEntry {
    FlagEntry {
        flag,
        creditor: input.creditor,
        debtor: input.debtor,
        kind: input.learned.kind().as_str().to_owned(),
        via: input.via.as_str().to_owned(),
        received_at: input.received_at,
    }
}

/// What the journal keeps of it, applied again to a database that has forgotten it. Details that
/// are on file stay.
pub(super) fn reapply(tx: &mut Tx<'_>, entry: &FlagEntry) -> AppResult<()> {
    let learned = match FlagKind::from_word(&entry.kind) {
        Some(FlagKind::Bankruptcy) => Learned::Bankruptcy {
            chapter: None,
            case_number: None,
            court: None,
            filed_on: None,
        },
        Some(FlagKind::Codebtor) => Learned::Codebtor {
            chapter: None,
            filed_on: None,
        },
        Some(FlagKind::Deceased) => Learned::Deceased,
        Some(FlagKind::DoNotCall) => Learned::DoNotCall,
        // A word that is not known here stops as much as any.
        _ => Learned::Attorney {
            name: None,
            firm: None,
            phone: None,
        },
    };
    let input = FlagInput {
        creditor: entry.creditor,
        debtor: entry.debtor,
        learned,
        via: Medium::Journal,
        received_at: entry.received_at,
    };
    let standing = standing(tx, &input)?;
    let on_file = standing
        .first()
        .and_then(|flag| serde_json::from_str(&flag.detail).ok());
    let detail = on_file.unwrap_or_else(|| detail_beside(&input, &standing));
    set(tx, entry.flag, &input, None, detail, None).map(drop)
}

/// The effects, inside a transaction; `cause` is the event they follow from. Where they stop
/// contact they may be acknowledged only when nothing of the debtor is starting any more.
pub(super) fn apply_from(
    tx: &mut Tx<'_>,
    input: &FlagInput,
    origin: Option<EventId>,
) -> AppResult<Recorded> {
    apply_under(tx, input, origin, None)
}

/// As [`apply_from`], with a reference that the debtor may quote.
pub(super) fn apply_under(
    tx: &mut Tx<'_>,
    input: &FlagInput,
    origin: Option<EventId>,
    reference: Option<&str>,
) -> AppResult<Recorded> {
    debtor_lock::lock(tx.conn, input.creditor, input.debtor)?.ok_or(AppError::NotFound)?;
    let standing = standing(tx, input)?;
    let detail = detail_beside(input, &standing);
    let is_known = match input.learned.beside() {
        Beside::OneIsEnough => !standing.is_empty(),
        Beside::Others => standing
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
    set(
        tx,
        FlagId::generate(tx.now),
        input,
        origin,
        detail,
        reference,
    )
}

/// The debtor's flags in force of the kind that was learned.
fn standing(tx: &mut Tx<'_>, input: &FlagInput) -> AppResult<Vec<Flag>> {
    let kind = input.learned.kind();
    let mut flags = flags::in_force(tx.conn, input.creditor, &[input.debtor])?;
    flags.retain(|flag| flag.kind == kind);
    Ok(flags)
}

/// Sets the flag with these details, beside or in place of what stands of its kind.
fn set(
    tx: &mut Tx<'_>,
    id: FlagId,
    input: &FlagInput,
    origin: Option<EventId>,
    detail: Value,
    reference: Option<&str>,
) -> AppResult<Recorded> {
    let (creditor, debtor) = (input.creditor, input.debtor);
    let kind = input.learned.kind();
    let epoch = debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)? + 1;
    let standing = standing(tx, input)?;
    let replaced = if input.learned.beside() == Beside::Alone {
        standing.as_slice()
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
        id,
        debtor_id: debtor,
        placement_id: None,
        kind,
        detail: detail.to_string(),
        source: input.via,
        verified: true,
        stop_request_id: None,
        set_by: by,
        received_at: input.received_at,
        set_at: tx.now,
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
        reference: reference.map(str::to_owned),
    };
    flags::insert(tx.conn, &flag)?;
    let event = match input.learned {
        Learned::DoNotCall => EventKind::DoNotCallSet,
        Learned::Attorney { .. }
        | Learned::Bankruptcy { .. }
        | Learned::Deceased
        | Learned::Military
        | Learned::AddressOptOut(_)
        | Learned::MailOptOut
        | Learned::InconvenientTime { .. }
        | Learned::InconvenientPlace(_)
        | Learned::WorkplaceProhibited
        | Learned::Codebtor { .. }
        | Learned::Estate { .. }
        | Learned::KnownLocation { .. } => EventKind::FlagSet,
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
        .detail(detail);
    set.cause = origin;
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
        let task = follow_up(tx, input, kind, title);
        tasks::insert(tx.conn, &task)?;
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::TaskOpened)
                .debtor(debtor)
                .caused_by(cause)
                .body(json!({"task": task.id, "kind": task.kind})),
        )?;
    }
    Ok(Recorded {
        flag: Some(id),
        sequences_paused,
        calls_cancelled,
    })
}

/// The details of the new flag. Who speaks for an estate is added to what is known of the death.
fn detail_beside(input: &FlagInput, standing: &[Flag]) -> Value {
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

fn follow_up(tx: &Tx<'_>, input: &FlagInput, kind: &str, title: &str) -> Task {
    Task {
        creditor_id: input.creditor,
        id: TaskId::generate(tx.now),
        debtor_id: Some(input.debtor),
        placement_id: None,
        kind: kind.to_owned(),
        title: title.to_owned(),
        due_at: Some(tx.now.plus(REVIEW_WITHIN)),
        status: "open".to_owned(),
        done_by: None,
        done_at: None,
        note: None,
        created_at: tx.now,
        version: 1,
    }
}

/// On whose word a flag ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndsBy {
    /// Staff find that it is no longer so.
    Finding,
    /// The debtor's own word, which whoever hears it records.
    DebtorsWord,
    /// The debtor's own signed-in act, or two people.
    NotAtTheDesk,
}

/// On whose word a flag of this kind ends. What the debtor asked to stop does not end at the desk.
pub const fn ends_by(kind: FlagKind) -> EndsBy {
    match kind {
        FlagKind::Attorney
        | FlagKind::Bankruptcy
        | FlagKind::Deceased
        | FlagKind::Military
        | FlagKind::KnownLocation
        | FlagKind::Codebtor => EndsBy::Finding,
        FlagKind::Inconvenient
        | FlagKind::WorkplaceProhibited
        | FlagKind::MailOptOut
        | FlagKind::AddressOptOut => EndsBy::DebtorsWord,
        FlagKind::Cease | FlagKind::CallOptOut | FlagKind::EmailOptOut | FlagKind::DoNotCall => {
            EndsBy::NotAtTheDesk
        }
    }
}

/// Notes that something is no longer so. Nothing that it stopped starts here: the
/// [planner](super::overlooked) finds what waited for this alone.
///
/// # Errors
/// `Invalid` without a reason; `NotFound` for another debtor's flag; `Forbidden` for what only the
/// debtor may lift; `Conflict` when it is lifted already.
pub fn lift(
    ctx: &Ctx,
    actor: &Actor,
    (creditor, debtor): (CreditorId, DebtorId),
    id: FlagId,
    reason: &str,
) -> AppResult<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(AppError::invalid(
            "reason",
            "Say how you know that it is no longer so.",
        ));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(AppError::invalid(
            "reason",
            format!("Use at most {LONGEST_REASON} characters."),
        ));
    }
    ctx.write(actor, |tx| {
        debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        let flag = flags::find(tx.conn, creditor, debtor, id)?.ok_or(AppError::NotFound)?;
        if ends_by(flag.kind) == EndsBy::NotAtTheDesk {
            return Err(AppError::Forbidden);
        }
        let by = tx.actor.to_string();
        if flags::lift(tx.conn, creditor, id, &by, reason, tx.now)? == 0 {
            return Err(AppError::Conflict(
                "This was lifted already. Nothing was changed.".to_owned(),
            ));
        }
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::FlagLifted)
                .debtor(debtor)
                .body(json!({"flag": flag.kind.as_str(), "flag_id": id}))
                .detail(json!({"reason": reason})),
        )?;
        tx.announce(
            creditor,
            EventKind::FlagLifted,
            debtor.as_str(),
            json!({"debtor_id": debtor, "placement_id": null, "flag": flag.kind.as_str()}),
        )?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::facts;

    #[test]
    fn the_gate_reads_every_detail_that_is_written() {
        let at = Instant::parse_rfc3339("2026-05-13T16:00:00Z").unwrap();
        let attorney = Learned::Attorney {
            name: Some("R. Ortiz".to_owned()),
            firm: Some("Ortiz & Lane".to_owned()),
            phone: Some("212-555-0100".parse().unwrap()),
        };
        let read: facts::Attorney =
            serde_json::from_value(attorney.detail(at, Medium::Letter)).unwrap();
        assert_eq!(read.name.as_deref(), Some("R. Ortiz"));
        assert!(read.phone.is_some());
        let bankruptcy = Learned::Bankruptcy {
            chapter: Some(13),
            case_number: Some("26-10412".to_owned()),
            court: Some("N.D. Ohio".to_owned()),
            filed_on: "2026-05-01".parse().ok(),
        };
        let read: facts::Bankruptcy =
            serde_json::from_value(bankruptcy.detail(at, Medium::Phone)).unwrap();
        assert_eq!(
            (read.chapter, read.court.as_deref()),
            (Some(13), Some("N.D. Ohio"))
        );
        let read: facts::Deceased =
            serde_json::from_value(Learned::Deceased.detail(at, Medium::Phone)).unwrap();
        assert!(read.known_at.is_some());
        let read: facts::Scra =
            serde_json::from_value(Learned::Military.detail(at, Medium::Phone)).unwrap();
        assert!(read.active_duty);
        let time = Learned::InconvenientTime {
            days: vec![Weekday::Sat, Weekday::Sun],
            from: LocalTime::from_minutes(18 * 60),
            to: None,
        };
        let read: facts::Inconvenient =
            serde_json::from_value(time.detail(at, Medium::Phone)).unwrap();
        assert_eq!(
            (read.kind, read.days.len()),
            (facts::InconvenientKind::Time, 2)
        );
        assert_eq!(read.from, LocalTime::from_minutes(18 * 60));
        let place = Learned::InconvenientPlace("work".to_owned());
        let read: facts::Inconvenient =
            serde_json::from_value(place.detail(at, Medium::Letter)).unwrap();
        assert_eq!(read.place.as_deref(), Some("work"));
        let optout = Learned::AddressOptOut(Point::Phone("518-555-0142".parse().unwrap()));
        let read: facts::AddressOptout =
            serde_json::from_value(optout.detail(at, Medium::Phone)).unwrap();
        assert_eq!(read.address, "+15185550142");
        let location = Learned::KnownLocation {
            zone: chrono_tz::America::Denver,
            source: "Lease".to_owned(),
        };
        let read: facts::KnownLocation =
            serde_json::from_value(location.detail(at, Medium::Desk)).unwrap();
        assert_eq!(read.zone, "America/Denver");
        let estate = Learned::Estate {
            name: "R. Roe".to_owned(),
            authority: "Executor".to_owned(),
        };
        let read: facts::Deceased =
            serde_json::from_value(estate.detail(at, Medium::Letter)).unwrap();
        assert!(read.representative.is_some());
        let codebtor = Learned::Codebtor {
            chapter: Some(13),
            filed_on: None,
        };
        let read: facts::Codebtor =
            serde_json::from_value(codebtor.detail(at, Medium::Letter)).unwrap();
        assert_eq!(read.chapter, Some(13));
    }

    #[test]
    fn no_request_of_the_debtors_own_is_lifted_by_staff() {
        for kind in [
            FlagKind::Cease,
            FlagKind::CallOptOut,
            FlagKind::EmailOptOut,
            FlagKind::DoNotCall,
        ] {
            assert_eq!(ends_by(kind), EndsBy::NotAtTheDesk, "{kind:?}");
        }
        for kind in [
            FlagKind::Inconvenient,
            FlagKind::WorkplaceProhibited,
            FlagKind::MailOptOut,
            FlagKind::AddressOptOut,
        ] {
            assert_eq!(ends_by(kind), EndsBy::DebtorsWord, "{kind:?}");
        }
    }
}
