//! Changing one's own password.

use serde_json::json;

use super::ctx::Ctx;
use super::people::end_sessions;
use super::tx::NewEvent;
use super::{blocking, throttle};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::UserId;
use crate::error::{AppError, AppResult};
use crate::passwords;
use crate::store::users;

/// Changes it. Every session of the person ends, the present one too: whoever
/// calls this gives the browser a new one.
///
/// # Errors
/// `Invalid` for a wrong current password and for a new one that is refused; `TooMany` after too
/// many wrong ones.
pub async fn change(ctx: &Ctx, id: UserId, current: String, new: String) -> AppResult<()> {
    let bucket = format!("password change {id}");
    let (lookup, waiting) = (ctx.clone(), bucket.clone());
    let user = blocking(move || {
        lookup.read(|conn| {
            throttle::check(conn, &waiting, lookup.now())?;
            let found = users::by_id(conn, id)?;
            Ok(found.ok_or(AppError::Unauthenticated)?.0)
        })
    })
    .await?;
    let is_same = current == new;
    let matches = ctx
        .passwords
        .verify(current, Some(user.password_hash))
        .await?;
    if !matches {
        let ctx = ctx.clone();
        blocking(move || {
            ctx.write(&Actor::User(id), |tx| {
                throttle::fail(tx, &bucket, throttle::ACCOUNT)
            })
        })
        .await?;
        return Err(AppError::invalid(
            "current_password",
            "This isn\u{2019}t your current password.",
        ));
    }
    if is_same {
        return Err(AppError::invalid(
            "new_password",
            "Choose a password that is not the present one.",
        ));
    }
    if let Some(objection) = passwords::objection(&new, &user.email) {
        return Err(AppError::invalid("new_password", objection));
    }
    let hash = ctx.passwords.hash(new).await?;
    let ctx = ctx.clone();
    blocking(move || {
        ctx.write(&Actor::User(id), |tx| {
            throttle::clear(tx, &bucket)?;
            users::set_password(tx.conn, id, &hash, false)?;
            tx.record(
                NewEvent::of_platform(EventKind::PasswordChanged)
                    .body(json!({"user": id, "temporary": false})),
            )?;
            end_sessions(tx, id)
        })
    })
    .await
}
