//! Walks over all audit chains in the background: asked for by people, taken up by a worker, with
//! progress that anybody can look at.

use chrono::Duration;

use super::ctx::Ctx;
use super::{audit, checkpoints};
use crate::domain::actor::Actor;
use crate::domain::id::VerificationId;
use crate::error::{AppError, AppResult};
use crate::store::audit as events;
use crate::store::verifications::{self, Verification, VerifiedChain};

/// How long a worker that says nothing is believed to live.
const LEASE: Duration = Duration::seconds(60);

/// Events between two notes of progress.
const EVENTS_A_NOTE: i64 = 20_000;

const WORKER: Actor = Actor::System("worker");

/// Asks for a walk. One that is under way already does for both.
pub fn request(ctx: &Ctx, actor: &Actor) -> AppResult<VerificationId> {
    let asked = ctx.write(actor, |tx| {
        if let Some(open) = verifications::open(tx.conn)? {
            return Ok(open.id);
        }
        let heads = events::heads(tx.conn)?;
        let row = Verification {
            id: VerificationId::generate(tx.now),
            status: "open".to_owned(),
            requested_by: tx.actor.to_string(),
            requested_at: tx.now,
            events_done: 0,
            events_total: heads.iter().map(|(_, head)| head.length).sum(),
            claimed_by: None,
            claimed_until: None,
            finished_at: None,
        };
        verifications::insert(tx.conn, &row)?;
        Ok(row.id)
    });
    match asked {
        // Another process was quicker by a moment, and the table takes one at a time.
        Err(error) => match ctx.read(|conn| Ok(verifications::open(conn)?))? {
            Some(open) => Ok(open.id),
            None => Err(error),
        },
        asked => asked,
    }
}

/// Asks for a walk unless there was one within the hour.
pub(super) fn request_hourly(ctx: &Ctx, actor: &Actor) -> AppResult<()> {
    let last = ctx.read(|conn| Ok(verifications::latest(conn)?))?;
    let an_hour_ago = ctx.now().minus(Duration::hours(1));
    if last.is_none_or(|last| last.requested_at <= an_hour_ago) {
        request(ctx, actor)?;
    }
    Ok(())
}

/// What became of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walked {
    /// Nobody has asked, or another worker is at it.
    Nothing,
    /// Every chain was walked.
    All,
    /// The process is to stop, or another worker has taken over.
    PutDown,
}

/// Takes up the walk that waits, if one does, and walks every chain.
pub fn run(ctx: &Ctx, is_stopping: impl Fn() -> bool) -> AppResult<Walked> {
    let Some(open) = ctx.read(|conn| Ok(verifications::open(conn)?))? else {
        return Ok(Walked::Nothing);
    };
    let claimed = ctx.write_quietly(&WORKER, |tx| {
        let until = tx.now.plus(LEASE);
        let (now, me) = (tx.now, &ctx.process);
        Ok(verifications::claim(tx.conn, open.id, me, now, until)?)
    })?;
    if claimed == 0 {
        return Ok(Walked::Nothing);
    }
    let last = ctx.read(|conn| checkpoints::opened(&ctx.keys, &ctx.public_url, conn))?;
    let signed: Vec<_> = last.into_iter().collect();
    let mut walk = Walk {
        ctx,
        id: open.id,
        done: 0,
        noted: 0,
        put_down: false,
    };
    let mut broken = false;
    for chain in audit::chains(&ctx.db, &signed)? {
        let heads = audit::signed_of(&signed, &chain);
        let found = audit::verify(&ctx.db, &chain, &heads, |more| walk.on(more, &is_stopping));
        if walk.put_down {
            ctx.write_quietly(&WORKER, |tx| {
                Ok(verifications::release(tx.conn, open.id, &ctx.process)?)
            })?;
            return Ok(Walked::PutDown);
        }
        let found = found?;
        broken |= found.is_err();
        walk.keep(&chain, found)?;
    }
    let status = if broken { "broken" } else { "whole" };
    let finished = ctx.write_quietly(&WORKER, |tx| {
        let (now, me) = (tx.now, &ctx.process);
        Ok(verifications::finish(
            tx.conn, open.id, me, status, walk.done, now,
        )?)
    })?;
    Ok(if finished == 0 {
        Walked::PutDown
    } else {
        Walked::All
    })
}

/// A walk that is under way.
struct Walk<'a> {
    ctx: &'a Ctx,
    id: VerificationId,
    done: i64,
    /// Of these the last note of progress tells.
    noted: i64,
    put_down: bool,
}

impl Walk<'_> {
    /// After each step: counts, notes progress now and then, and ends the walk early where it
    /// must be put down.
    fn on(&mut self, more: i64, is_stopping: impl Fn() -> bool) -> AppResult<()> {
        self.done += more;
        self.put_down = is_stopping();
        if self.done - self.noted >= EVENTS_A_NOTE {
            self.noted = self.done;
            let mine = self.ctx.write_quietly(&WORKER, |tx| {
                let (until, me) = (tx.now.plus(LEASE), &self.ctx.process);
                Ok(verifications::progress(
                    tx.conn, self.id, me, self.done, until,
                )?)
            })?;
            self.put_down |= mine == 0;
        }
        if self.put_down {
            return Err(AppError::Busy("the walk was put down".to_owned()));
        }
        Ok(())
    }

    fn keep(&self, chain: &str, found: audit::Found) -> AppResult<()> {
        if let Err(broken) = &found {
            tracing::error!(chain, finding = %broken, "an audit chain is broken");
        }
        let (events, finding) = match found {
            Ok(head) => (head.length, None),
            Err(broken) => (broken.seq - 1, Some(broken.to_string())),
        };
        self.ctx.write_quietly(&WORKER, |tx| {
            let row = VerifiedChain {
                chain: chain.to_owned(),
                verification_id: self.id,
                events: events.max(0),
                finding,
                verified_at: tx.now,
            };
            Ok(verifications::keep_chain(tx.conn, &row)?)
        })
    }
}
