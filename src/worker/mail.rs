//! Delivers the mail of the outbox.

use std::sync::Arc;

use super::Stopping;
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, service_mail};
use crate::error::{AppError, AppResult};
use crate::outreach::mailer::Mailer;
use crate::store::outbox::Message;

/// Mails claimed in one go.
const AT_ONCE: i64 = 20;

/// Works until nothing is due, or until it is told to stop: then mails that were claimed and not
/// handed over are given back. Returns how many mails went out.
pub async fn run(ctx: &Ctx, mailer: &Arc<dyn Mailer>, stopping: &Stopping) -> AppResult<usize> {
    let mut sent = 0;
    while !stopping.is_set() {
        let claimer = ctx.clone();
        let due = blocking(move || service_mail::claim(&claimer, AT_ONCE)).await?;
        if due.is_empty() {
            break;
        }
        for message in due {
            if stopping.is_set() {
                let ctx = ctx.clone();
                blocking(move || service_mail::give_back(&ctx, &message)).await?;
                continue;
            }
            sent += usize::from(deliver(ctx, mailer, message).await?);
        }
    }
    Ok(sent)
}

/// True if the mail went out.
async fn deliver(ctx: &Ctx, mailer: &Arc<dyn Mailer>, message: Message) -> AppResult<bool> {
    let (writer, letter) = (ctx.clone(), message.clone());
    let mail = match blocking(move || service_mail::compose(&writer, &letter)).await {
        Ok(mail) => mail,
        Err(AppError::NotFound) => {
            let ctx = ctx.clone();
            blocking(move || service_mail::dropped(&ctx, &message)).await?;
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    // Outside any transaction: a mail server may be slow, and the writer is one.
    let result = mailer.send(&mail).await;
    let ctx = ctx.clone();
    blocking(move || match result {
        Ok(()) => service_mail::delivered(&ctx, &message).map(|()| true),
        Err(error) => {
            tracing::warn!(%error, message = %message.id, "a mail will be tried again");
            service_mail::failed(&ctx, &message, &error.to_string()).map(|()| false)
        }
    })
    .await
}
