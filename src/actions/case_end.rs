//! How a bankruptcy case ended: dismissed, or with a discharge, which covers every debt that nobody
//! has found to be outside it (11 U.S.C. 362(c)(2), 524(a)(2)). Of a co-debtor's case only that it
//! has ended matters.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::ctx::Ctx;
use super::flags::{self as learned, FlagInput, Learned};
use super::tx::{NewEvent, Tx};
use super::{blocking, stops};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{FlagId, PlacementId};
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::flags::{self, Flag};
use crate::store::placements::{self, Placement};
use crate::store::{calls, debtor_lock, sequences};

/// Characters of a note that are kept.
const LONGEST_NOTE: usize = 2_000;

/// How matters stand with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseStatus {
    Open,
    Dismissed,
    Discharged,
}

impl TextEnum for CaseStatus {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Open, "active"),
        (Self::Dismissed, "dismissed"),
        (Self::Discharged, "discharged"),
    ];
}

/// What was found out about one case on record.
#[derive(Debug, Clone)]
pub struct CaseEnd {
    /// The record of the case as whoever writes this saw it.
    pub case: Flag,
    pub status: CaseStatus,
    /// The day of the dismissal or the discharge; none for a case that is open.
    pub ended_on: Option<NaiveDate>,
    /// Accounts that a discharge does not cover. All others it does.
    pub not_covered: Vec<PlacementId>,
    pub via: Medium,
    /// When it reached us; not after now.
    pub received_at: Instant,
    /// How it was found out.
    pub note: String,
}

/// Whether a flag tells of a case, the debtor's own or a co-debtor's.
pub const fn is_case(kind: FlagKind) -> bool {
    is_own(kind) || matches!(kind, FlagKind::Codebtor | FlagKind::CodebtorEnded)
}

/// Whether a flag tells of the debtor's own case.
pub const fn is_own(kind: FlagKind) -> bool {
    matches!(
        kind,
        FlagKind::Bankruptcy | FlagKind::BankruptcyDismissed | FlagKind::Discharge
    )
}

/// What the record of a case becomes.
const fn becomes(kind: FlagKind, status: CaseStatus) -> FlagKind {
    match (is_own(kind), status) {
        (true, CaseStatus::Open) => FlagKind::Bankruptcy,
        (true, CaseStatus::Dismissed) => FlagKind::BankruptcyDismissed,
        (true, CaseStatus::Discharged) => FlagKind::Discharge,
        (false, CaseStatus::Open) => FlagKind::Codebtor,
        (false, CaseStatus::Dismissed | CaseStatus::Discharged) => FlagKind::CodebtorEnded,
    }
}

/// Whether a correction may stop what was free until now. The end of an open case stops nothing.
const fn may_narrow(from: FlagKind, to: FlagKind) -> bool {
    !matches!(
        (from, to),
        (_, FlagKind::BankruptcyDismissed | FlagKind::CodebtorEnded)
            | (FlagKind::Bankruptcy, FlagKind::Discharge)
    )
}

/// Puts the finding in the place of what stood, and where it may stop contact waits until nothing
/// is starting. Nothing that waited starts here: the [planner](super::overlooked) finds what waited
/// for the open case alone, and asks the gate.
///
/// # Errors
/// `Invalid` without a note or a day, or for accounts that a discharge must cover; `NotFound` when
/// there is no such case on record; `Conflict` when the record was replaced or lifted since; `Busy`
/// when a contact is still starting: the finding is on record all the same.
pub async fn record(ctx: &Ctx, actor: Actor, end: CaseEnd) -> AppResult<()> {
    let writer = ctx.clone();
    let (creditor, debtor) = (end.case.creditor_id, end.case.debtor_id);
    let narrows = may_narrow(end.case.kind, becomes(end.case.kind, end.status));
    blocking(move || {
        let flag = match writer.write(&actor, |tx| write(tx, &end)) {
            Err(AppError::Busy(why)) => {
                if narrows {
                    learned::hold_outside(&writer, &as_open_case(&end));
                }
                return Err(AppError::Busy(why));
            }
            other => other?,
        };
        // A restored database may have forgotten it: the journal then opens the case again.
        learned::remember_flag(&writer, &flag)
    })
    .await?;
    if narrows {
        stops::wait_until_nothing_starts(ctx, creditor, debtor).await?;
    }
    Ok(())
}

fn as_open_case(end: &CaseEnd) -> FlagInput {
    FlagInput {
        creditor: end.case.creditor_id,
        debtor: end.case.debtor_id,
        learned: if is_own(end.case.kind) {
            Learned::Bankruptcy {
                chapter: None,
                case_number: None,
                court: None,
                filed_on: None,
            }
        } else {
            Learned::Codebtor {
                chapter: None,
                filed_on: None,
            }
        },
        via: end.via,
        received_at: end.received_at,
    }
}

fn write(tx: &mut Tx<'_>, end: &CaseEnd) -> AppResult<Flag> {
    let (creditor, debtor) = (end.case.creditor_id, end.case.debtor_id);
    let epoch = debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
    let flag = flags::find(tx.conn, creditor, debtor, end.case.id)?
        .filter(|flag| is_case(flag.kind))
        .ok_or(AppError::NotFound)?;
    let accounts = placements::of_debtor(tx.conn, creditor, debtor)?;
    let in_force = flags::in_force(tx.conn, creditor, &[debtor])?;
    check(end, &flag, &accounts, &in_force)?;
    if flag.lifted_at.is_some() {
        return Err(AppError::Conflict(
            "This record of the case no longer stands. Nothing was changed.".to_owned(),
        ));
    }
    let was = flag.kind;
    let kind = becomes(was, end.status);
    let (sequences_paused, calls_cancelled) = if may_narrow(was, kind) {
        debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch + 1)?;
        let cause = kind.as_str();
        (
            sequences::pause_of_debtor(tx.conn, creditor, debtor, cause, tx.now)?,
            calls::cancel_of_debtor(tx.conn, creditor, debtor, cause, tx.now)?,
        )
    } else {
        (0, 0)
    };
    if kind == FlagKind::Discharge {
        placements::set_discharge(tx.conn, creditor, debtor, Some(true))?;
        placements::exclude_from_discharge(tx.conn, creditor, debtor, &end.not_covered)?;
    } else if was == FlagKind::Discharge {
        // Where another discharge stands, what nobody has said counts as covered by that.
        placements::set_discharge(tx.conn, creditor, debtor, None)?;
    }
    let new = replace(tx, end, flag, kind)?;
    let note = end.note.trim();
    tx.record(
        NewEvent::of_creditor(creditor, EventKind::FlagSet)
            .debtor(debtor)
            .body(json!({
                "flag": kind.as_str(),
                "flag_id": new.id,
                "source": end.via.as_str(),
                "received_at": end.received_at,
                "replaced": 1,
                "was": was.as_str(),
                "status": end.status.as_str(),
                "ended_on": end.ended_on,
                "not_covered": end.not_covered,
                "sequences_paused": sequences_paused,
                "calls_cancelled": calls_cancelled,
            }))
            .detail(json!({"note": note, "case": detail(&new)})),
    )?;
    tx.announce(
        creditor,
        EventKind::FlagSet,
        debtor.as_str(),
        json!({
            "debtor_id": debtor,
            "placement_id": null,
            "source": end.via.as_str(),
            "received_at": end.received_at,
            "flag": kind.as_str(),
        }),
    )?;
    Ok(new)
}

/// The record before stays, with how it was found out that it is no longer so.
fn replace(tx: &mut Tx<'_>, end: &CaseEnd, flag: Flag, kind: FlagKind) -> AppResult<Flag> {
    let by = tx.actor.to_string();
    let replaced = format!("Replaced by a finding: {}", end.note.trim());
    flags::lift(tx.conn, flag.creditor_id, flag.id, &by, &replaced, tx.now)?;
    let mut detail = detail(&flag);
    detail["status"] = json!(end.status.as_str());
    detail["ended_on"] = json!(end.ended_on);
    let new = Flag {
        id: FlagId::generate(tx.now),
        kind,
        detail: detail.to_string(),
        source: end.via,
        verified: true,
        set_by: by,
        received_at: end.received_at,
        set_at: tx.now,
        ..flag
    };
    flags::insert(tx.conn, &new)?;
    Ok(new)
}

/// What is on file of the case; nothing of it where that can't be read.
fn detail(flag: &Flag) -> Value {
    serde_json::from_str(&flag.detail)
        .ok()
        .filter(Value::is_object)
        .unwrap_or_else(|| json!({}))
}

fn check(end: &CaseEnd, flag: &Flag, accounts: &[Placement], in_force: &[Flag]) -> AppResult<()> {
    let mut errors = FieldErrors::default();
    let note = end.note.trim();
    if note.is_empty() {
        errors.add("note", "Say how you know. It stays on record.");
    } else if note.chars().count() > LONGEST_NOTE {
        errors.add("note", format!("Use at most {LONGEST_NOTE} characters."));
    }
    let kind = becomes(flag.kind, end.status);
    if end.status == CaseStatus::Open && kind == flag.kind {
        errors.add("status", "The case is open on file. Choose how it ended.");
    }
    let filed_on = detail(flag)["filed_on"]
        .as_str()
        .and_then(|day| day.parse::<NaiveDate>().ok());
    match end.ended_on {
        None if end.status != CaseStatus::Open => {
            errors.add("ended_on", "Enter the day on which the case ended.");
        }
        Some(_) if end.status == CaseStatus::Open => {
            errors.add(
                "ended_on",
                "A case that is open has not ended: leave this empty.",
            );
        }
        Some(ended) if filed_on.is_some_and(|filed| ended < filed) => {
            errors.add("ended_on", "The case was filed after this day.");
        }
        Some(_) | None => {}
    }
    if !end.not_covered.is_empty() {
        let of = |id: &PlacementId| accounts.iter().find(|account| account.id == *id);
        let covered_before = in_force
            .iter()
            .any(|other| other.kind == FlagKind::Discharge && other.id != flag.id);
        let is_covered = |account: &Placement| account.included_in_discharge == Some(true);
        if kind != FlagKind::Discharge {
            errors.add("not_covered", "Only a discharge covers accounts.");
        } else if !end.not_covered.iter().all(|id| of(id).is_some()) {
            errors.add("not_covered", "Choose among the accounts of this debtor.");
        } else if covered_before && end.not_covered.iter().filter_map(of).any(is_covered) {
            errors.add(
                "not_covered",
                "Another discharge on file covers one of these accounts.",
            );
        }
    }
    errors.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_an_open_case_stops_nothing_new() {
        use FlagKind as K;
        for (from, to, narrows) in [
            (K::Bankruptcy, K::BankruptcyDismissed, false),
            (K::Bankruptcy, K::Discharge, false),
            (K::Codebtor, K::CodebtorEnded, false),
            (K::BankruptcyDismissed, K::Discharge, true),
            (K::BankruptcyDismissed, K::Bankruptcy, true),
            (K::Discharge, K::Discharge, true),
            (K::Discharge, K::Bankruptcy, true),
            (K::Discharge, K::BankruptcyDismissed, false),
            (K::CodebtorEnded, K::Codebtor, true),
        ] {
            assert_eq!(may_narrow(from, to), narrows, "{from:?} to {to:?}");
        }
    }
}
