//! Signing the state of all audit chains, once an hour. Whoever keeps a copy elsewhere can show
//! that a chain was rewritten whole, which nothing inside can.

use chrono::{DurationRound, TimeDelta};
use ed25519_dalek::SigningKey;
use serde_json::json;

use super::ctx::Ctx;
use super::tx::{NewEvent, Tx};
use super::verifications;
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::audit_chain::Chain;
use crate::domain::audit_verify::Head;
use crate::domain::checkpoint::{Checkpoint, PublicKey};
use crate::domain::event::EventKind;
use crate::domain::hash::hex;
use crate::domain::id::CheckpointId;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::keys::{Keys, Purpose};
use crate::store::audit;
use crate::store::checkpoints::{self, CheckpointRow};

/// Whose log it is: the host that people know, and what is logged.
fn origin(public_url: &str) -> String {
    let host = public_url
        .split_once("://")
        .map_or(public_url, |(_, host)| host);
    format!("{host}/audit")
}

/// The key that checkpoints of this installation are checked with.
pub fn public_key(keys: &Keys, public_url: &str) -> PublicKey {
    PublicKey::of(&origin(public_url), &signing_key(keys))
}

fn signing_key(keys: &Keys) -> SigningKey {
    SigningKey::from_bytes(&keys.derive(Purpose::AuditCheckpoint))
}

/// Signs the state of the chains as it is now.
///
/// # Errors
/// `Conflict` when a chain is not the one that the last checkpoint was signed for: what is broken
/// is not signed over.
pub fn sign(ctx: &Ctx, actor: &Actor) -> AppResult<CheckpointRow> {
    ctx.write(actor, |tx| {
        take_turn(tx)?;
        sign_within(ctx, tx)
    })
}

/// Signs once in each hour, whichever of several processes comes first. Returns whether it did.
///
/// A chain that no longer fits the last checkpoint is told in the log, and walked over once an
/// hour, so that the page says which event is bad.
pub fn sign_if_due(ctx: &Ctx) -> AppResult<bool> {
    let worker = Actor::System("worker");
    if !ctx.read(|conn| is_due(conn, ctx.now()))? {
        return Ok(false);
    }
    let signed = ctx.write(&worker, |tx| {
        take_turn(tx)?;
        if !is_due(tx.conn, tx.now)? {
            return Ok(false);
        }
        sign_within(ctx, tx).map(|_| true)
    });
    match signed {
        Err(AppError::Conflict(why)) => {
            tracing::error!(%why, "no checkpoint is signed");
            verifications::request_hourly(ctx, &worker)?;
            Ok(false)
        }
        other => other,
    }
}

/// Whoever signs locks the platform's chain first, so that two never sign for one hour.
fn take_turn(tx: &mut Tx<'_>) -> AppResult<()> {
    audit::lock_head(tx.conn, &Chain::Platform.to_string())?;
    Ok(())
}

fn is_due(conn: &mut DbConn, now: Instant) -> AppResult<bool> {
    let last = checkpoints::latest(conn)?;
    Ok(last.is_none_or(|last| hour_of(last.at) < hour_of(now)))
}

/// The beginning of the hour in UTC.
fn hour_of(at: Instant) -> Instant {
    at.to_utc()
        .duration_trunc(TimeDelta::hours(1))
        .map_or(at, Instant::new)
}

fn sign_within(ctx: &Ctx, tx: &mut Tx<'_>) -> AppResult<CheckpointRow> {
    still_as_signed(ctx, tx.conn)?;
    let chains = audit::heads(tx.conn)?
        .into_iter()
        .map(|(chain, kept)| {
            let head = Head {
                length: kept.length,
                hash: kept.head,
            };
            (chain, head)
        })
        .collect();
    let checkpoint = Checkpoint {
        origin: origin(&ctx.public_url),
        at: tx.now,
        chains,
    };
    let row = CheckpointRow {
        id: CheckpointId::generate(tx.now),
        at: tx.now,
        note: checkpoint.sign(&signing_key(&ctx.keys)),
    };
    checkpoints::insert(tx.conn, &row)?;
    // It grows the platform's chain, so the event is under the next checkpoint and not this one.
    tx.record(
        NewEvent::of_platform(EventKind::CheckpointSigned).body(json!({
            "checkpoint": row.id,
            "root": hex(&checkpoint.root()),
            "chains": checkpoint.chains.len(),
            "events": checkpoint.events(),
        })),
    )?;
    Ok(row)
}

/// Every chain of the last checkpoint still holds the event that it was signed for.
fn still_as_signed(ctx: &Ctx, conn: &mut DbConn) -> AppResult<()> {
    let Some(last) = opened(&ctx.keys, &ctx.public_url, conn)? else {
        return Ok(());
    };
    for (chain, head) in &last.chains {
        let found = audit::hash_at(conn, chain, head.length)?;
        if found.as_ref() != Some(&head.hash) {
            return Err(AppError::Conflict(format!(
                "Chain {chain} is not the one that the checkpoint of {} was signed for, at event \
                 {}. Verify the chains before you sign again.",
                last.at, head.length
            )));
        }
    }
    Ok(())
}

/// The last checkpoint, if there is one that this installation's key signed. After a change of
/// the secret or of the address there is none until the next is signed.
pub fn opened(keys: &Keys, public_url: &str, conn: &mut DbConn) -> AppResult<Option<Checkpoint>> {
    let key = public_key(keys, public_url);
    let last = checkpoints::latest(conn)?;
    Ok(last.and_then(|row| Checkpoint::open(&row.note, &key).ok()))
}
