//! Mail that a debtor asked for a moment ago and that says nothing about a debt: codes for the
//! portal. It needs no permit, and only this module can write it. Everything that collects goes
//! through [`authorize`](super::authorize).
//!
//! The message is put into the outbox in the transaction that it follows from, and delivered after
//! the commit, again and again until it is out or of no use any more. The outbox holds ids only:
//! address and code are looked up when the mail is written.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::ctx::Ctx;
use super::portal::codes;
use super::tx::Tx;
use crate::domain::actor::Actor;
use crate::domain::email::EmailAddress;
use crate::domain::event::EventKind;
use crate::domain::id::{EmailId, OutboxId, PortalCodeId};
use crate::domain::language::Language;
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::outbox::{self, Message};
use crate::store::portal_accounts;
use crate::store::portal_codes::PortalCode;

const TOPIC: &str = "mail";

/// A process that died gives its claims back after this.
const CLAIM: Duration = Duration::seconds(60);

const WORKER: Actor = Actor::System("worker");

/// One mail, ready to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceMail {
    id: OutboxId,
    to: EmailAddress,
    subject: &'static str,
    text: String,
    at: Instant,
}

impl ServiceMail {
    /// The same for every try: who has seen it before need not take it again.
    pub fn id(&self) -> OutboxId {
        self.id
    }

    pub fn to(&self) -> &EmailAddress {
        &self.to
    }

    pub fn subject(&self) -> &'static str {
        self.subject
    }

    /// Plain text, with lines of their own.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// When it was asked for.
    pub fn at(&self) -> Instant {
        self.at
    }
}

/// What the outbox knows of a mail with a code.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    code: PortalCodeId,
    email: EmailId,
    language: String,
}

/// Puts the mail with a code into the outbox.
pub(super) fn put_code(
    tx: &mut Tx<'_>,
    code: &PortalCode,
    email: EmailId,
    language: Language,
) -> AppResult<()> {
    let payload = serde_json::to_string(&Payload {
        code: code.id,
        email,
        language: language.as_str().to_owned(),
    })?;
    outbox::insert(
        tx.conn,
        &outbox::NewMessage {
            creditor_id: code.creditor_id,
            id: OutboxId::generate(tx.now),
            topic: TOPIC,
            event_type: EventKind::PortalCodeSent.as_str(),
            subject: code.link_id.as_str(),
            payload: &payload,
            dedupe_key: code.id.as_str(),
            status: "pending",
            available_at: tx.now,
            created_at: tx.now,
        },
    )?;
    Ok(())
}

/// Takes up to `limit` mails that are due for this process.
pub fn claim(ctx: &Ctx, limit: i64) -> AppResult<Vec<Message>> {
    // Most of the time nothing is due: find that out without asking for the writer.
    if !ctx.read(|conn| Ok(outbox::any_due(conn, TOPIC, ctx.now())?))? {
        return Ok(Vec::new());
    }
    ctx.write(&WORKER, |tx| {
        let due = outbox::lock_due(tx.conn, TOPIC, tx.now, limit)?;
        for message in &due {
            let until = tx.now.plus(CLAIM);
            outbox::claim(
                tx.conn,
                message.creditor_id,
                message.id,
                &ctx.process,
                until,
            )?;
        }
        Ok(due)
    })
}

/// Writes the mail. `NotFound` where there is nothing to send any more: the code is used or too
/// old, or the address was taken off the file.
pub fn compose(ctx: &Ctx, message: &Message) -> AppResult<ServiceMail> {
    let payload: Payload = serde_json::from_str(&message.payload)?;
    let code = codes::good_code(ctx, message.creditor_id, payload.code)?;
    let address = ctx
        .read(|conn| {
            Ok(portal_accounts::address(
                conn,
                message.creditor_id,
                payload.email,
            )?)
        })?
        .and_then(|address| address.parse().ok())
        .ok_or(AppError::NotFound)?;
    let digits = codes::digits(&ctx.keys, code.link_id, code.id);
    let language = Language::from_word(&payload.language).unwrap_or_default();
    let (subject, text) = code_text(language, &digits, &ctx.public_url);
    Ok(ServiceMail {
        id: message.id,
        to: address,
        subject,
        text,
        at: message.created_at,
    })
}

/// Says neither who we are nor why, for whoever looks over the reader's shoulder.
fn code_text(language: Language, digits: &str, site: &str) -> (&'static str, String) {
    match language {
        Language::English => (
            "Your code",
            format!(
                "Your code is {digits}\n\n\
                 It works once, for 10 minutes. Type it on the page where you asked for it.\n\n\
                 Keep this code to yourself. Nobody from our office will ask you for it.\n\n\
                 If you did not ask for a code, you don't have to do anything.\n\
                 If you don't want us to contact you, go to {site}/stop\n"
            ),
        ),
        Language::Spanish => (
            "Su c\u{f3}digo",
            format!(
                "Su c\u{f3}digo es {digits}\n\n\
                 Sirve una sola vez, durante 10 minutos. Escr\u{ed}balo en la p\u{e1}gina donde \
                 lo pidi\u{f3}.\n\n\
                 No comparta este c\u{f3}digo. Nadie de nuestra oficina se lo pedir\u{e1}.\n\n\
                 Si usted no pidi\u{f3} un c\u{f3}digo, no tiene que hacer nada.\n\
                 Si no quiere que lo contactemos, vaya a {site}/stop?lang=es\n"
            ),
        ),
    }
}

/// The mail is out.
pub fn delivered(ctx: &Ctx, message: &Message) -> AppResult<()> {
    end(ctx, message, "done", None)
}

/// There is nothing to send any more.
pub fn dropped(ctx: &Ctx, message: &Message) -> AppResult<()> {
    end(ctx, message, "dead", Some("of no use any more"))
}

/// Gives a claimed mail back untried.
pub fn give_back(ctx: &Ctx, message: &Message) -> AppResult<()> {
    ctx.write(&WORKER, |tx| {
        outbox::release(tx.conn, message.creditor_id, message.id, &ctx.process)?;
        Ok(())
    })
}

/// It could not be delivered; it is tried again later, each time after a longer wait.
pub fn failed(ctx: &Ctx, message: &Message, error: &str) -> AppResult<()> {
    let wait = Duration::seconds(5 << message.attempts.clamp(0, 6));
    ctx.write(&WORKER, |tx| {
        let until = tx.now.plus(wait);
        outbox::put_off(tx.conn, message.creditor_id, message.id, error, until)?;
        Ok(())
    })
}

fn end(ctx: &Ctx, message: &Message, status: &str, error: Option<&str>) -> AppResult<()> {
    ctx.write(&WORKER, |tx| {
        outbox::finish(
            tx.conn,
            message.creditor_id,
            message.id,
            status,
            error,
            tx.now,
        )?;
        Ok(())
    })
}
