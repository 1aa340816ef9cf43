//! How a flag ends.

use serde_json::{Value, json};

use crate::actions::ctx::Ctx;
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, FlagId};
use crate::domain::stop::FlagKind;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::store::debtor_lock;
use crate::store::flags::{self, Flag};

/// Characters of a reason at most.
const LONGEST_REASON: usize = 2_000;

/// On whose word a flag ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndsBy {
    /// Staff find that it is no longer so.
    Finding,
    /// The debtor's own word, which whoever hears it records.
    DebtorsWord,
    /// The debtor's own act in the portal: see [`allow_again`](crate::actions::portal::allow_again).
    /// A discharge ends by nobody's; a wrong one is [corrected](crate::actions::case_end).
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
        | FlagKind::Codebtor
        | FlagKind::BankruptcyDismissed
        | FlagKind::CodebtorEnded
        | FlagKind::LocationNeeded => EndsBy::Finding,
        FlagKind::Inconvenient
        | FlagKind::WorkplaceProhibited
        | FlagKind::MailOptOut
        | FlagKind::AddressOptOut => EndsBy::DebtorsWord,
        FlagKind::Cease
        | FlagKind::CallOptOut
        | FlagKind::EmailOptOut
        | FlagKind::DoNotCall
        | FlagKind::Discharge => EndsBy::NotAtTheDesk,
    }
}

/// Notes that something is no longer so. Nothing that it stopped starts here: the
/// [planner](crate::actions::overlooked) finds what waited for this alone.
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
        let epoch = debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        let flag = flags::find(tx.conn, creditor, debtor, id)?.ok_or(AppError::NotFound)?;
        if ends_by(flag.kind) == EndsBy::NotAtTheDesk {
            return Err(AppError::Forbidden);
        }
        if flag.kind == FlagKind::LocationNeeded {
            // It let others be asked; from now on nobody may be.
            debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch + 1)?;
        }
        end(tx, &flag, reason, json!({}))
    })
}

/// Ends a flag, for the trail and the creditor as well; `told` are more members of the event.
///
/// # Errors
/// `Conflict` when it is lifted already.
pub(in crate::actions) fn end(
    tx: &mut Tx<'_>,
    flag: &Flag,
    reason: &str,
    told: Value,
) -> AppResult<()> {
    let (creditor, debtor) = (flag.creditor_id, flag.debtor_id);
    let by = tx.actor.to_string();
    if flags::lift(tx.conn, creditor, flag.id, &by, reason, tx.now)? == 0 {
        return Err(AppError::Conflict(
            "This was lifted already. Nothing was changed.".to_owned(),
        ));
    }
    let mut body = json!({"flag": flag.kind.as_str(), "flag_id": flag.id});
    if let (Value::Object(body), Value::Object(told)) = (&mut body, told) {
        body.extend(told);
    }
    tx.record(
        NewEvent::of_creditor(creditor, EventKind::FlagLifted)
            .debtor(debtor)
            .body(body)
            .detail(json!({"reason": reason})),
    )?;
    tx.announce(
        creditor,
        EventKind::FlagLifted,
        debtor.as_str(),
        json!({"debtor_id": debtor, "placement_id": null, "flag": flag.kind.as_str()}),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_request_of_the_debtors_own_is_lifted_by_staff() {
        for kind in [
            FlagKind::Cease,
            FlagKind::CallOptOut,
            FlagKind::EmailOptOut,
            FlagKind::DoNotCall,
            FlagKind::Discharge,
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
