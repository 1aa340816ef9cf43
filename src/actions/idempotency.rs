//! Requests that may be sent twice and must be done once.
//!
//! A program that hears no answer can't know whether its request was done, so it sends the
//! request again with the same `Idempotency-Key`. The key is claimed by a unique insert, and the
//! answer kept, *in the transaction of the effect itself*. So there are only two states of the
//! world, and no moment between them:
//!
//! - The transaction did not commit (a refusal, a fault, a crash, a lost connection to the
//!   database): there is no effect and no claim. The repeated request is done for the first time.
//! - It committed: there is the effect, the claim and the answer. The repeated request is given
//!   that answer, to the byte, whether or not the first answer ever reached anybody.
//!
//! No claim can be left over from a process that died, so none needs a lease or a cleaner.
//!
//! Two at the same time: on PostgreSQL the second insert waits for the first transaction, on
//! SQLite for the one writer. It then finds the answer and gives it. Where the first takes longer
//! than the database waits for a lock, the second is told that it is [still
//! running](Once::Running).
//!
//! A request that was refused before anything was changed (404, 409, 422) is not kept: asking
//! again asks anew, because by then it may be right.

use chrono::Duration;

use super::ctx::Ctx;
use super::tx::Tx;
use crate::domain::actor::Actor;
use crate::error::{AppError, AppResult};
use crate::store::idempotency_keys::{self, KeptAnswer};

/// How long an answer is kept: webhooks and voice platforms repeat for days.
const KEPT: Duration = Duration::days(30);

/// One request under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whose key it is, the method and the path.
    pub scope: String,
    /// As the caller chose it.
    pub key: String,
    /// SHA-256 of the body as it came.
    pub request_hash: String,
}

/// An answer that can be kept: a status of success or of a refusal on record, and JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    pub fn new(status: u16, body: &impl serde::Serialize) -> AppResult<Self> {
        Ok(Self {
            status,
            body: serde_json::to_string(body)?,
        })
    }
}

/// What came of a request under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Once {
    /// Done now.
    Done(Answer),
    /// Done before, and answered then.
    Replayed(Answer),
    /// The key was used for another body.
    Reused,
    /// The first one has not ended.
    Running,
}

/// Does `work` in one transaction, unless it was done before under this claim. Without a claim it
/// is done each time.
pub fn once(
    ctx: &Ctx,
    actor: &Actor,
    claim: Option<&Claim>,
    work: impl FnOnce(&mut Tx<'_>) -> AppResult<Answer>,
) -> AppResult<Once> {
    let Some(claim) = claim else {
        return ctx.write(actor, work).map(Once::Done);
    };
    let mut waits_for_first = false;
    let result = ctx.write(actor, |tx| {
        waits_for_first = true;
        let fresh = idempotency_keys::claim(
            tx.conn,
            &KeptAnswer {
                scope: claim.scope.clone(),
                idempotency_key: claim.key.clone(),
                request_hash: claim.request_hash.clone(),
                status: None,
                response: None,
                created_at: tx.now,
            },
        )?;
        waits_for_first = false;
        if !fresh {
            return replay(tx, claim);
        }
        let answer = work(tx)?;
        idempotency_keys::keep(
            tx.conn,
            &claim.scope,
            &claim.key,
            i32::from(answer.status),
            &answer.body,
        )?;
        Ok(Once::Done(answer))
    });
    match result {
        Err(AppError::Busy(_)) if waits_for_first => Ok(Once::Running),
        other => other,
    }
}

fn replay(tx: &mut Tx<'_>, claim: &Claim) -> AppResult<Once> {
    // It can be gone again only if it was purged this instant: then asking once more is right.
    let Some(kept) = idempotency_keys::find(tx.conn, &claim.scope, &claim.key)? else {
        return Ok(Once::Running);
    };
    if kept.request_hash != claim.request_hash {
        return Ok(Once::Reused);
    }
    let answer = kept.status.zip(kept.response).and_then(|(status, body)| {
        let status = u16::try_from(status).ok()?;
        Some(Answer { status, body })
    });
    Ok(answer.map_or(Once::Running, Once::Replayed))
}

/// Forgets answers older than thirty days, and returns how many.
pub fn purge(ctx: &Ctx) -> AppResult<usize> {
    ctx.write(&Actor::System("worker"), |tx| {
        Ok(idempotency_keys::delete_before(
            tx.conn,
            tx.now.minus(KEPT),
        )?)
    })
}
