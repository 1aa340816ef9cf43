//! The sessions of browsers: made, renewed, ended.

use chrono::Duration;

use super::blocking;
use super::ctx::Ctx;
use crate::db::DbConn;
use crate::domain::actor::Actor;
use crate::domain::id::UserId;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::sessions::{self, Session};

/// How old the last sign of life may be before it is written again: a write for every page would
/// make the one writer wait for nothing.
const TOUCH_AFTER: Duration = Duration::minutes(1);

const SYSTEM: Actor = Actor::System("worker");

/// A session that is alive.
pub fn find(conn: &mut DbConn, key_hash: &str, now: Instant) -> AppResult<Option<Session>> {
    let session = sessions::find(conn, key_hash)?;
    Ok(session.filter(|session| session.expires_at > now && session.portal_link_id.is_none()))
}

/// Lets a session live on that was used now.
pub async fn touch(
    ctx: &Ctx,
    session: &Session,
    idle: Duration,
    absolute: Duration,
) -> AppResult<()> {
    let now = ctx.now();
    if now.since(session.last_seen_at) < TOUCH_AFTER {
        return Ok(());
    }
    let end = session.created_at.plus(absolute).min(now.plus(idle));
    let (ctx, key_hash) = (ctx.clone(), session.key_hash.clone());
    blocking(move || {
        ctx.write_quietly(&SYSTEM, |tx| {
            sessions::touch(tx.conn, &key_hash, now, end)?;
            Ok(())
        })
    })
    .await
}

pub fn create(
    ctx: &Ctx,
    key_hash: &str,
    state: &str,
    user: Option<&str>,
    device: Option<String>,
    idle: Duration,
) -> AppResult<()> {
    let user = parse_user(user)?;
    ctx.write_quietly(&SYSTEM, |tx| {
        let session = Session {
            key_hash: key_hash.to_owned(),
            user_id: user,
            portal_link_id: None,
            state: state.to_owned(),
            user_agent: device,
            created_at: tx.now,
            last_seen_at: tx.now,
            expires_at: tx.now.plus(idle),
        };
        sessions::insert(tx.conn, &session)?;
        Ok(())
    })
}

/// Changes the state of a session. One that was ended elsewhere stays ended: it is an error, so
/// that a late answer can't bring it back.
pub fn update(ctx: &Ctx, key_hash: &str, state: &str, user: Option<&str>) -> AppResult<()> {
    let user = parse_user(user)?;
    ctx.write_quietly(&SYSTEM, |tx| {
        match sessions::update_state(tx.conn, key_hash, state, user)? {
            0 => Err(AppError::Unauthenticated),
            _ => Ok(()),
        }
    })
}

pub fn delete(ctx: &Ctx, key_hash: &str) -> AppResult<()> {
    ctx.write_quietly(&SYSTEM, |tx| {
        sessions::delete(tx.conn, key_hash)?;
        Ok(())
    })
}

fn parse_user(user: Option<&str>) -> AppResult<Option<UserId>> {
    user.map(str::parse)
        .transpose()
        .map_err(|_| AppError::internal("a session names no user"))
}

/// The sessions of a person that are alive, the most recently used first.
pub fn of_user(ctx: &Ctx, user: UserId) -> AppResult<Vec<Session>> {
    let now = ctx.now();
    ctx.read(|conn| Ok(sessions::of_user(conn, user, now)?))
}
