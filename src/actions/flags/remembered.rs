//! Flags that stop contact, in the journal beside the database.

use serde_json::{Value, json};

use super::apply::{File, NewFlag, detail_beside, set};
use super::{FlagInput, Learned};
use crate::actions::ctx::Ctx;
use crate::actions::journal::FlagEntry;
use crate::actions::tx::Tx;
use crate::domain::id::FlagId;
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::store::flags::Flag;

/// Writes what stops contact and is in the database into the journal as well, before it is
/// acknowledged. Everything else is not the journal's.
pub(in crate::actions) fn remember(ctx: &Ctx, flag: FlagId, input: &FlagInput) -> AppResult<()> {
    if !input.learned.halts() {
        return Ok(());
    }
    ctx.journal
        .append_flag(&journal_entry(flag, input))
        .map_err(|error| AppError::Busy(format!("the stop journal: {error}")))
}

/// As [`remember`], from the flag in the database.
pub(in crate::actions) fn remember_flag(ctx: &Ctx, flag: &Flag) -> AppResult<()> {
    if !matches!(
        flag.kind,
        FlagKind::Attorney
            | FlagKind::Bankruptcy
            | FlagKind::Deceased
            | FlagKind::DoNotCall
            | FlagKind::Codebtor
            | FlagKind::Discharge
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
pub(in crate::actions) fn hold_outside(ctx: &Ctx, input: &FlagInput) {
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
pub(in crate::actions) fn reapply(tx: &mut Tx<'_>, entry: &FlagEntry) -> AppResult<()> {
    let learned = match FlagKind::from_word(&entry.kind) {
        // How a case ended is forgotten with it; until somebody says so again it is open.
        Some(FlagKind::Bankruptcy | FlagKind::Discharge) => Learned::Bankruptcy {
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
    let file = File::lock(tx, &input)?;
    let on_file: Option<Value> = file
        .standing
        .first()
        .and_then(|flag| serde_json::from_str(&flag.detail).ok())
        .filter(Value::is_object);
    let mut detail = on_file.unwrap_or_else(|| detail_beside(&input, &file.standing));
    if let Learned::Attorney { .. } = input.learned {
        // What was found out with the lawyer on file says nothing of one that was recorded later.
        detail["status"] = json!("active");
        detail["debts"] = json!([]);
    }
    let flag = NewFlag {
        id: entry.flag,
        detail,
        origin: None,
        reference: None,
    };
    set(tx, &input, &file, flag).map(drop)
}
