//! Hand-offs of which nobody knows what became: the sender died, the line broke, or the provider
//! fell silent. None is ever repeated. The provider's records are asked, and where they do not
//! tell, a person finds out.

use chrono::Duration;
use serde_json::json;

use super::authorize::HandOffResult;
use super::call_plan;
use super::call_status::{self, Answerer, Stage, Told};
use super::ctx::Ctx;
use super::due_calls::Report;
use super::due_emails;
use super::tasks::{self, NewTask};
use super::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{AttemptId, CreditorId};
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::attempts::{self, AttemptRow};
use crate::store::calls::{self, Progress};
use crate::store::contacts;

const WORKER: Actor = Actor::System("worker");

/// A call that was taken ends within this, or we were not told of its end.
pub(super) const SILENCE: Duration = Duration::hours(2);

/// What the provider's records lack after this was not taken. Well past any delay between taking
/// and listing.
const MISSING_CALL: Duration = Duration::minutes(10);
const MISSING_MAIL: Duration = Duration::minutes(30);

/// How long the records are asked before a person is.
const GIVE_UP: Duration = Duration::hours(24);

/// How soon a person looks it up.
const TASK_WITHIN: Duration = Duration::hours(24);

/// What the records are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    pub creditor: CreditorId,
    pub attempt: AttemptId,
    /// The number in E.164, or the email address.
    pub address: String,
    pub is_call: bool,
    /// The provider's name of it, where it had told one.
    pub provider_ref: Option<String>,
    /// It was handed over between these, if it was.
    pub from: Instant,
    pub until: Instant,
}

/// What the provider has on record that may be what is sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub provider_ref: String,
    /// Of a call.
    pub stage: Option<Stage>,
    pub answerer: Option<Answerer>,
    pub duration_seconds: Option<i32>,
}

impl Candidate {
    /// Of which no more is known than its name.
    pub fn named(provider_ref: String) -> Self {
        Self {
            provider_ref,
            stage: None,
            answerer: None,
            duration_seconds: None,
        }
    }
}

/// The answer of a provider's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Records {
    /// Everything that may be it; an empty answer says that there is nothing.
    Found(Vec<Candidate>),
    /// They could not be asked, or not be understood.
    Silent(String),
    /// There are none.
    NoneKept,
}

/// When to ask about a hand-off that has just ended.
pub(super) fn ask_at(now: Instant, row: &AttemptRow, report: &Report<'_>) -> Option<Instant> {
    match report.result {
        HandOffResult::Unknown { .. } => Some(now),
        HandOffResult::Started { .. } if row.call_id.is_some() && report.outcome.is_none() => {
            Some(now.plus(SILENCE))
        }
        HandOffResult::Started { .. } | HandOffResult::Failed { .. } => None,
    }
}

/// Hand-offs to ask the records about now.
pub fn due(ctx: &Ctx, limit: i64) -> AppResult<Vec<Sought>> {
    let rows = ctx.read(|conn| Ok(attempts::to_look_up(conn, ctx.now(), limit)?))?;
    Ok(rows
        .into_iter()
        .map(|row| Sought {
            creditor: row.creditor_id,
            attempt: row.id,
            address: row.address,
            is_call: row.call_id.is_some(),
            provider_ref: row.provider_ref,
            from: row.authorised_at,
            until: row.lease_until,
        })
        .collect())
}

/// Writes what the records say. True if the fate is known now.
pub fn settle(ctx: &Ctx, sought: &Sought, records: Records) -> AppResult<bool> {
    let row = ctx
        .read(|conn| Ok(attempts::find(conn, sought.creditor, sought.attempt)?))?
        .ok_or(AppError::NotFound)?;
    let why = match records {
        Records::Found(candidates) => {
            let mut mine = ctx.read(|conn| not_anothers(conn, &row, candidates))?;
            match (mine.pop(), mine.is_empty()) {
                (Some(candidate), true) => return taken(ctx, &row, candidate),
                (Some(_), false) => {
                    // More than one call may be it: waiting tells no more.
                    let why = "The provider has more than one call that may be this one.";
                    return hand_to_person(ctx, &row, why);
                }
                (None, _) => match missing_after(&row) {
                    Some(after) if ctx.now() >= row.authorised_at.plus(after) => {
                        return missing(ctx, &row);
                    }
                    Some(_) => "The provider does not have it on record yet.".to_owned(),
                    None => "The provider has lost the record of the call.".to_owned(),
                },
            }
        }
        Records::Silent(why) => why,
        Records::NoneKept => {
            return hand_to_person(ctx, &row, "There are no records that can be asked.");
        }
    };
    let age = ctx.now().since(row.authorised_at);
    if age >= GIVE_UP {
        return hand_to_person(ctx, &row, &why);
    }
    ctx.write(&WORKER, |tx| {
        let next = tx.now.plus(pause_at(age));
        attempts::look_up_at(tx.conn, row.creditor_id, row.id, Some(next))?;
        Ok(false)
    })
}

/// How long to wait before the records of a hand-off of this age are asked again.
fn pause_at(age: Duration) -> Duration {
    if age < Duration::minutes(30) {
        Duration::minutes(1)
    } else if age < Duration::hours(3) {
        Duration::minutes(10)
    } else {
        Duration::hours(1)
    }
}

/// After how long a hand-off that the records lack was not taken. Never for one that the provider
/// had named.
fn missing_after(row: &AttemptRow) -> Option<Duration> {
    match (row.status.as_str(), row.call_id) {
        ("unknown", Some(_)) => Some(MISSING_CALL),
        ("unknown", None) => Some(MISSING_MAIL),
        _ => None,
    }
}

/// Without those that we know to be another call.
fn not_anothers(
    conn: &mut crate::db::DbConn,
    row: &AttemptRow,
    candidates: Vec<Candidate>,
) -> AppResult<Vec<Candidate>> {
    let mut mine = Vec::new();
    for candidate in candidates {
        if !calls::is_name_of_another(conn, &candidate.provider_ref, row.call_id)? {
            mine.push(candidate);
        }
    }
    Ok(mine)
}

/// The provider took it.
fn taken(ctx: &Ctx, row: &AttemptRow, candidate: Candidate) -> AppResult<bool> {
    if row.call_id.is_none() {
        return ctx.write(&WORKER, |tx| {
            went_out(tx, row, Some(&candidate.provider_ref), "provider", None)?;
            Ok(true)
        });
    }
    let told = Told {
        creditor: row.creditor_id,
        attempt: row.id,
        provider_ref: candidate.provider_ref,
        stage: candidate.stage,
        answerer: candidate.answerer,
        duration_seconds: candidate.duration_seconds,
    };
    call_status::tell(ctx, &told)?;
    let has_ended = matches!(candidate.stage, Some(Stage::Ended(_)));
    if !has_ended {
        let age = ctx.now().since(row.authorised_at);
        if age >= GIVE_UP {
            return hand_to_person(ctx, row, "The provider says that the call has not ended.");
        }
        ctx.write(&WORKER, |tx| {
            let next = tx.now.plus(SILENCE);
            attempts::look_up_at(tx.conn, row.creditor_id, row.id, Some(next))?;
            Ok(())
        })?;
    }
    Ok(has_ended)
}

/// An email whose fate was not known went out.
fn went_out(
    tx: &mut Tx<'_>,
    row: &AttemptRow,
    name: Option<&str>,
    by: &str,
    note: Option<&str>,
) -> AppResult<()> {
    if !is_unknown(tx, row)? {
        return Ok(());
    }
    attempts::settle(tx.conn, row.creditor_id, row.id, name, None, tx.now)?;
    contacts::set_outcome(tx.conn, row.creditor_id, row.contact_id, "sent", None)?;
    record(tx, row, "started", Some("sent"), by, note)?;
    due_emails::settled(tx, row, true)
}

/// The provider does not have it: it reached nobody, and counts as nothing.
fn missing(ctx: &Ctx, row: &AttemptRow) -> AppResult<bool> {
    ctx.write(&WORKER, |tx| {
        did_not_go_out(ctx, tx, row, "provider", None)?;
        Ok(true)
    })
}

fn did_not_go_out(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    row: &AttemptRow,
    by: &str,
    note: Option<&str>,
) -> AppResult<()> {
    const WORD: &str = "not-placed";
    const ERROR: &str = "it was not handed over";
    if !is_unknown(tx, row)? {
        return Ok(());
    }
    attempts::settle_failed(tx.conn, row.creditor_id, row.id, ERROR, tx.now)?;
    contacts::set_outcome(tx.conn, row.creditor_id, row.contact_id, WORD, None)?;
    record(tx, row, "failed", Some(WORD), by, note)?;
    match row.call_id {
        Some(call) => {
            let progress = ended(tx.now, "failed", Some(ERROR), WORD, None);
            calls::set_progress(tx.conn, row.creditor_id, call, &progress, tx.now)?;
            // Where one is planned already, it stays.
            call_plan::plan_next(ctx, tx, row.creditor_id, row.placement_id, Some(WORD))
        }
        None => due_emails::settled(tx, row, false),
    }
}

fn ended(
    now: Instant,
    status: &str,
    cause: Option<&str>,
    outcome: &str,
    duration_seconds: Option<i32>,
) -> Progress {
    Progress {
        status: status.to_owned(),
        status_cause: cause.map(str::to_owned),
        provider_ref: None,
        outcome: Some(outcome.to_owned()),
        duration_seconds,
        started_at: None,
        connected_at: None,
        ended_at: Some(now),
        answered_by: None,
    }
}

/// As it is under the write lock: the provider may have told meanwhile.
fn is_unknown(tx: &mut Tx<'_>, row: &AttemptRow) -> AppResult<bool> {
    Ok(
        attempts::find(tx.conn, row.creditor_id, row.id)?
            .is_some_and(|row| row.status == "unknown"),
    )
}

fn record(
    tx: &mut Tx<'_>,
    row: &AttemptRow,
    result: &str,
    outcome: Option<&str>,
    by: &str,
    note: Option<&str>,
) -> AppResult<()> {
    let event = about(row, EventKind::ContactHandedOver).body(json!({
        "attempt": row.id,
        "result": result,
        "before": row.status,
        "outcome": outcome,
        "settled_by": by,
        "simulated": false,
    }));
    tx.record(match note {
        Some(note) => event.detail(json!({"note": note})),
        None => event,
    })?;
    Ok(())
}

/// Nobody asks any more: a person finds out, with what is known.
fn hand_to_person(ctx: &Ctx, row: &AttemptRow, why: &str) -> AppResult<bool> {
    let (kind, title) = match (row.call_id, row.status.as_str()) {
        (Some(_), "unknown") => (
            "call_unknown",
            "Nobody knows whether a call was placed: look it up and settle it under Operations",
        ),
        (Some(_), _) => (
            "call_unknown",
            "Nobody told how a call ended: look it up at the provider",
        ),
        (None, _) => (
            "email_unknown",
            "Nobody knows whether an email went out: look it up and settle it under Operations",
        ),
    };
    ctx.write(&WORKER, |tx| {
        if attempts::stop_looking(tx.conn, row.creditor_id, row.id)? == 0 {
            // Another process has asked a person, or the provider has told meanwhile.
            return Ok(false);
        }
        let error = row.error.as_deref().unwrap_or("no report");
        let name = row.provider_ref.as_deref().unwrap_or("none");
        let note = format!(
            "Handed over at {} to {} (hand-off {}). The provider\u{2019}s name for it: {name}. \
             What went wrong: {error}. {why}",
            row.authorised_at.to_rfc3339(),
            row.address,
            row.id,
        );
        let task = NewTask::new(tx.now, row.creditor_id, kind, title, TASK_WITHIN)
            .debtor(row.debtor_id)
            .placement(row.placement_id)
            .note(note)
            .source("attempt", row.id);
        tasks::open(tx, task)?;
        Ok(false)
    })
}

fn about(row: &AttemptRow, kind: EventKind) -> NewEvent {
    NewEvent::of_creditor(row.creditor_id, kind)
        .debtor(row.debtor_id)
        .placement(row.placement_id)
}

/// What a person found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundOut {
    /// The email went out.
    Sent,
    /// The call was placed, and ended so.
    Ended(Ended),
    /// It reached nobody.
    Nothing,
}

/// How a call ended that a person looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Talked,
    Voicemail,
    NobodyAnswered,
}

impl Ended {
    const fn word(self) -> &'static str {
        match self {
            Self::Talked => "conversation",
            Self::Voicemail => "voicemail",
            Self::NobodyAnswered => "no-answer",
        }
    }
}

/// Writes what a person found out about a hand-off whose fate nobody knew.
///
/// # Errors
/// `NotFound` where there is no such hand-off, or its fate is known by now; `Invalid` where what
/// was found out can't be of it, or without a note.
pub fn decide(
    ctx: &Ctx,
    actor: &Actor,
    id: AttemptId,
    found: FoundOut,
    note: &str,
) -> AppResult<()> {
    /// Characters of a note that are kept.
    const LONGEST_NOTE: usize = 500;
    let note = note.trim();
    if note.is_empty() || note.chars().count() > LONGEST_NOTE {
        return Err(AppError::invalid(
            "note",
            format!("Say how you know, in at most {LONGEST_NOTE} characters."),
        ));
    }
    ctx.write(actor, |tx| {
        let row = attempts::find_unknown(tx.conn, id)?.ok_or(AppError::NotFound)?;
        match (found, row.call_id) {
            (FoundOut::Nothing, _) => did_not_go_out(ctx, tx, &row, "person", Some(note)),
            (FoundOut::Sent, None) => went_out(tx, &row, None, "person", Some(note)),
            (FoundOut::Ended(how), Some(call)) => {
                let word = how.word();
                attempts::settle(tx.conn, row.creditor_id, row.id, None, None, tx.now)?;
                contacts::set_outcome(tx.conn, row.creditor_id, row.contact_id, word, None)?;
                record(tx, &row, "started", Some(word), "person", Some(note))?;
                let mut progress = ended(tx.now, "completed", None, word, None);
                progress.started_at = Some(row.authorised_at);
                calls::set_progress(tx.conn, row.creditor_id, call, &progress, tx.now)?;
                call_plan::plan_next(ctx, tx, row.creditor_id, row.placement_id, Some(word))
            }
            (FoundOut::Sent, Some(_)) | (FoundOut::Ended(_), None) => Err(AppError::invalid(
                "found",
                "Choose what you found out about it.",
            )),
        }
    })
}

/// Has the records asked again at once.
///
/// # Errors
/// `NotFound` where there is no such hand-off, or its fate is known by now.
pub fn ask_again(ctx: &Ctx, actor: &Actor, id: AttemptId) -> AppResult<()> {
    ctx.write(actor, |tx| {
        let row = attempts::find_unknown(tx.conn, id)?.ok_or(AppError::NotFound)?;
        attempts::look_up_at(tx.conn, row.creditor_id, row.id, Some(tx.now))?;
        Ok(())
    })
}
