//! The six-digit code that shows who holds a link can read the debtor's mail.
//!
//! The mail with the code is no contact of the gate. It conveys nothing about a debt, so it is no
//! "communication" (15 USC 1692a(2), 12 CFR 1006.2(d)); it is sent because somebody who holds the
//! debtor's link asked for it a moment ago, which also is what 12 CFR 1006.14(h)(2) allows after
//! an opt-out of email. So a debtor who stopped all contact can still come in and read about the
//! account. It still offers the way to stop (1006.6(e)), and five an hour is the most.

use chrono::Duration;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::links::{self, about};
use super::visits::{self, NewVisit};
use crate::actions::ctx::Ctx;
use crate::actions::service_mail;
use crate::actions::throttle::{self, Allowance};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::hash::hex;
use crate::domain::id::{PortalCodeId, PortalLinkId};
use crate::domain::language::Language;
use crate::error::{AppError, AppResult};
use crate::keys::{Keys, Purpose};
use crate::store::portal_codes::{self, PortalCode};
use crate::store::{portal_accounts, portal_links};

/// How long a code is good.
pub const LIFETIME: Duration = Duration::minutes(10);

/// How often a code may be mistyped before it is worth nothing.
const MOST_TRIES: i32 = 5;

/// Codes of one link.
const PER_LINK: Allowance = Allowance {
    at_most: 5,
    window_seconds: 60 * 60,
};

/// What asking for a code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// The mail is in the outbox and goes out as soon as this is committed.
    OnItsWay,
    /// We have no address of the debtor's own.
    NoAddress,
}

/// What typing a code came to.
#[derive(Debug)]
pub enum Entry {
    Entered(NewVisit),
    /// Not the code; it may be tried again.
    Wrong,
    /// No code of this link is good any more: used, expired, or mistyped too often.
    Spent,
}

/// Whether a code could be sent for this link.
pub fn has_address(ctx: &Ctx, token: &str) -> AppResult<bool> {
    let link = links::open(ctx, token)?;
    ctx.read(|conn| {
        Ok(portal_accounts::email_for_codes(conn, link.creditor_id, link.debtor_id)?.is_some())
    })
}

/// Makes a code and puts the mail with it into the outbox. Earlier codes of the link end.
///
/// # Errors
/// `NotFound` for a link that isn't good; `TooMany` after five in an hour.
pub fn send_code(ctx: &Ctx, token: &str, language: Language) -> AppResult<Sending> {
    let link = links::open(ctx, token)?;
    ctx.write(&Actor::Anonymous, |tx| {
        let address = portal_accounts::email_for_codes(tx.conn, link.creditor_id, link.debtor_id)?;
        let Some(email) = address else {
            return Ok(Sending::NoAddress);
        };
        throttle::take(tx, &format!("portal codes {}", link.id), PER_LINK)?;
        portal_codes::retire(tx.conn, link.creditor_id, link.id, tx.now)?;
        let id = PortalCodeId::generate(tx.now);
        let code = PortalCode {
            creditor_id: link.creditor_id,
            id,
            link_id: link.id,
            code_hash: hash(&ctx.keys, id, &digits(&ctx.keys, link.id, id)),
            tries: 0,
            created_at: tx.now,
            expires_at: tx.now.plus(LIFETIME),
            used_at: None,
        };
        portal_codes::insert(tx.conn, &code)?;
        service_mail::put_code(tx, &code, email, language)?;
        tx.record(
            about(&link, EventKind::PortalCodeSent).body(json!({"link": link.id, "code": id})),
        )?;
        Ok(Sending::OnItsWay)
    })
}

/// Tries what was typed against the newest code of the link, and begins a visit if it fits.
/// `NotFound` for a link that isn't good.
pub fn enter(ctx: &Ctx, token: &str, typed: &str) -> AppResult<Entry> {
    let link = links::open(ctx, token)?;
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    ctx.write(&Actor::Debtor(link.debtor_id), |tx| {
        let taken = portal_codes::take_try(tx.conn, link.creditor_id, link.id, MOST_TRIES, tx.now)?;
        let Some(code) = taken else {
            return Ok(Entry::Spent);
        };
        let hash = hash(&ctx.keys, code.id, &typed);
        if !bool::from(hash.as_bytes().ct_eq(code.code_hash.as_bytes())) {
            // Ok, so that the try is counted.
            return Ok(if code.tries < MOST_TRIES {
                Entry::Wrong
            } else {
                Entry::Spent
            });
        }
        if portal_codes::use_up(tx.conn, link.creditor_id, code.id, tx.now)? == 0 {
            return Ok(Entry::Spent);
        }
        portal_links::used(tx.conn, link.creditor_id, link.id, tx.now)?;
        tx.record(about(&link, EventKind::PortalSignedIn).body(json!({"link": link.id})))?;
        visits::begin(tx, link.id).map(Entry::Entered)
    })
}

/// The six digits of a code. They follow from the installation's secret and the code's id, so they
/// stand nowhere: not in the table, not in the outbox.
pub(in crate::actions) fn digits(keys: &Keys, link: PortalLinkId, code: PortalCodeId) -> String {
    let parts: [&[u8]; 3] = [
        b"digits",
        link.as_str().as_bytes(),
        code.as_str().as_bytes(),
    ];
    let bytes = keys.authenticate(Purpose::PortalCode, &parts);
    // 64 bits: how much likelier a small number is than a large one doesn't show.
    let number = bytes[..8]
        .iter()
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{:06}", number % 1_000_000)
}

fn hash(keys: &Keys, code: PortalCodeId, digits: &str) -> String {
    let parts: [&[u8]; 3] = [b"hash", code.as_str().as_bytes(), digits.as_bytes()];
    hex(&keys.authenticate(Purpose::PortalCode, &parts))
}

/// The code that a mail of the outbox is about, if it can still be typed.
pub(in crate::actions) fn good_code(
    ctx: &Ctx,
    creditor: crate::domain::id::CreditorId,
    id: PortalCodeId,
) -> AppResult<PortalCode> {
    let now = ctx.now();
    ctx.read(|conn| {
        portal_codes::find(conn, creditor, id)?
            .filter(|code| code.used_at.is_none() && now < code.expires_at)
            .ok_or(AppError::NotFound)
    })
}
