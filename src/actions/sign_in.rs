//! Signing in and out.

use std::net::IpAddr;

use serde_json::json;

use super::blocking;
use super::ctx::Ctx;
use super::throttle;
use super::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::hash::sha256_hex;
use crate::domain::id::UserId;
use crate::error::{AppError, AppResult};
use crate::store::{sessions, users};

/// What a person typed, and where from.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub email: String,
    pub password: String,
    pub source: Option<IpAddr>,
}

/// Checks the credentials and returns who it is. A wrong password, an unknown name and a person
/// who may no longer sign in are the same answer after the same time: `Unauthenticated`.
pub async fn sign_in(ctx: &Ctx, credentials: Credentials) -> AppResult<UserId> {
    let email = credentials.email.trim().to_lowercase();
    let account = format!("sign-in account {}", sha256_hex(email.as_bytes()));
    let source = format!(
        "sign-in source {}",
        throttle::source_bucket(credentials.source)
    );

    let lookup = ctx.clone();
    let buckets = (account.clone(), source.clone());
    let found = blocking(move || {
        lookup.read(|conn| {
            let now = lookup.now();
            throttle::check(conn, &buckets.0, now)?;
            throttle::check(conn, &buckets.1, now)?;
            Ok(users::by_email(conn, &email)?)
        })
    })
    .await?;

    let user = found.as_ref().filter(|user| user.active);
    let stored = user.map(|user| user.password_hash.clone());
    let matches = ctx.passwords.verify(credentials.password, stored).await?;
    let user = found.map(|user| user.id);
    let finish = ctx.clone();
    blocking(move || {
        let actor = user.map_or(Actor::Anonymous, Actor::User);
        finish.write(&actor, |tx| {
            match (matches, user) {
                (true, Some(id)) => {
                    throttle::clear(tx, &account)?;
                    users::signed_in(tx.conn, id, tx.now)?;
                    tx.record(
                        NewEvent::of_platform(EventKind::UserSignedIn).body(json!({"user": id})),
                    )?;
                    Ok(Ok(id))
                }
                (_, user) => {
                    throttle::fail(tx, &account, throttle::ACCOUNT)?;
                    throttle::fail(tx, &source, throttle::SOURCE)?;
                    tx.record(
                        NewEvent::of_platform(EventKind::SignInRefused).body(json!({"user": user})),
                    )?;
                    // Ok, so that the counters and the event are kept.
                    Ok(Err(AppError::Unauthenticated))
                }
            }
        })?
    })
    .await
}

/// Notes that a person signed out. The session itself goes with the cookie.
pub fn signed_out(ctx: &Ctx, user: UserId) -> AppResult<()> {
    ctx.write(&Actor::User(user), |tx| {
        tx.record(NewEvent::of_platform(EventKind::UserSignedOut).body(json!({"user": user})))?;
        Ok(())
    })
}

/// Ends every session of a person but the one with `except`, and returns how many.
pub fn end_other_sessions(ctx: &Ctx, user: UserId, except: Option<&str>) -> AppResult<usize> {
    ctx.write(&Actor::User(user), |tx| {
        let ended = sessions::delete_of_user(tx.conn, user, except)?;
        tx.record(
            NewEvent::of_platform(EventKind::SessionsEnded)
                .body(json!({"user": user, "sessions": ended})),
        )?;
        Ok(ended)
    })
}
