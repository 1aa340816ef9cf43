//! When and how a debtor wishes to be reached, said in the portal, and what they allow no longer.

use super::visits::Visit;
use crate::actions::blocking;
use crate::actions::consents::{self, RevokeInput, Revoked};
use crate::actions::ctx::Ctx;
use crate::actions::flags::{self, FlagInput, Learned, Point};
use crate::actions::stops::wait_until_nothing_starts;
use crate::domain::id::ConsentId;
use crate::domain::stop::{FlagKind, Medium};
use crate::error::{AppError, AppResult};
use crate::keys::random_code;
use crate::store::consents::{self as ledger, Consent};
use crate::store::flags::{self as rows, Flag};
use crate::store::placing;

/// The debtor's numbers and addresses.
pub fn points(ctx: &Ctx, visit: &Visit) -> AppResult<Vec<Point>> {
    ctx.read(|conn| {
        let phones = placing::phones_of(conn, visit.creditor, &[visit.debtor])?;
        let emails = placing::emails_of(conn, visit.creditor, &[visit.debtor])?;
        Ok(phones
            .into_iter()
            .filter(placing::OnFile::is_own)
            .map(|phone| Point::Phone(phone.number))
            .chain(
                emails
                    .into_iter()
                    .map(|(_, address, _, _)| Point::Email(address)),
            )
            .collect())
    })
}

/// The wishes that stand, whoever wrote them down.
pub fn standing(ctx: &Ctx, visit: &Visit) -> AppResult<Vec<Flag>> {
    ctx.read(|conn| {
        let mut flags = rows::in_force(conn, visit.creditor, &[visit.debtor])?;
        flags.retain(|flag| is_wish(flag.kind));
        Ok(flags)
    })
}

/// The wishes said at one time, by their reference.
///
/// # Errors
/// `NotFound` when the visitor said none under it.
pub fn receipt(ctx: &Ctx, visit: &Visit, reference: &str) -> AppResult<Vec<Flag>> {
    ctx.read(|conn| {
        let mut flags = rows::of_debtor(conn, visit.creditor, visit.debtor)?;
        flags.retain(|flag| flag.reference.as_deref() == Some(reference));
        if flags.is_empty() {
            return Err(AppError::NotFound);
        }
        Ok(flags)
    })
}

fn is_wish(kind: FlagKind) -> bool {
    matches!(
        kind,
        FlagKind::Inconvenient
            | FlagKind::WorkplaceProhibited
            | FlagKind::MailOptOut
            | FlagKind::AddressOptOut
    )
}

/// Writes the wishes down together. When it returns `Ok` nothing that was authorised before them
/// is starting any more. Returns what the debtor may quote; none when all of it stood before.
pub async fn say(ctx: &Ctx, visit: &Visit, wishes: Vec<Learned>) -> AppResult<Option<String>> {
    let (writer, visit) = (ctx.clone(), *visit);
    let reference = blocking(move || {
        let reference = random_code(8)?;
        writer.write(&visit.actor(), |tx| {
            for learned in wishes {
                let input = FlagInput {
                    creditor: visit.creditor,
                    debtor: visit.debtor,
                    learned,
                    via: Medium::Portal,
                    received_at: tx.now,
                };
                flags::apply_under(tx, &input, None, Some(&reference))?;
            }
            let written = rows::of_debtor(tx.conn, visit.creditor, visit.debtor)?
                .iter()
                .any(|flag| flag.reference.as_deref() == Some(reference.as_str()));
            Ok(written.then_some(reference))
        })
    })
    .await?;
    wait_until_nothing_starts(ctx, visit.creditor, visit.debtor).await?;
    Ok(reference)
}

/// What the debtor ever allowed, the latest first.
pub fn consents(ctx: &Ctx, visit: &Visit) -> AppResult<Vec<Consent>> {
    ctx.read(|conn| Ok(ledger::of_debtor(conn, visit.creditor, visit.debtor)?))
}

/// Takes a permission back. No more proof is asked for than the visit itself.
///
/// # Errors
/// `NotFound` for another debtor's.
pub async fn take_back(ctx: &Ctx, visit: &Visit, consent: ConsentId) -> AppResult<Revoked> {
    let input = RevokeInput {
        creditor: visit.creditor,
        debtor: visit.debtor,
        consent,
        via: Medium::Portal,
        words: None,
        received_at: ctx.now(),
    };
    consents::revoke(ctx, visit.actor(), input).await
}

/// What was taken back under one reference.
///
/// # Errors
/// `NotFound` when the visitor took nothing back under it.
pub fn taken_back(ctx: &Ctx, visit: &Visit, reference: &str) -> AppResult<Vec<Consent>> {
    let mut found = consents(ctx, visit)?;
    found.retain(|consent| consent.revocation_reference.as_deref() == Some(reference));
    if found.is_empty() {
        return Err(AppError::NotFound);
    }
    Ok(found)
}
