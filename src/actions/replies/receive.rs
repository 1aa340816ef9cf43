//! A message comes in.

use chrono::Duration;
use serde_json::{Value, json};

use super::{about, act, hold};
use crate::actions::ctx::Ctx;
use crate::actions::tasks::{self, NewTask};
use crate::actions::tx::Tx;
use crate::actions::{blocking, mail_tokens};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::hash::sha256_hex;
use crate::domain::id::{
    AttachmentId, ContactId, CreditorId, DebtorId, EventId, InboundMessageId, PlacementId,
};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::intake::intent::{Disposition, Reading, Rules};
use crate::intake::message::postmark::{PostmarkAttachment, PostmarkMessage};
use crate::intake::message::signals::{self, Dkim};
use crate::intake::message::{self, attachment, without_card_numbers};
use crate::store::contacts::ContactRow;
use crate::store::inbound::{self, Attachment, InboundMessage};
use crate::store::tasks::of_the_agency;
use crate::store::{Scope, contacts, emails_on_file, placement_refs, reachable};

pub(super) const ACTOR: Actor = Actor::System("mail");

/// The most debtors that one message holds: an address that reaches more is no person's.
const MOST_DEBTORS: i64 = 20;

/// How soon a person looks at a message that belongs to nobody we know.
const UNMATCHED_WITHIN: Duration = Duration::hours(4);

/// The longest texts that are kept, in characters.
const MOST_BODY: usize = 200_000;
const MOST_SUBJECT: usize = 500;

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub id: InboundMessageId,
    /// `ignored`, `continued`, `acted`, `held` or `decided`.
    pub status: String,
    /// The provider had handed it to us before.
    pub again: bool,
}

/// Whom a message is from, as far as we can tell.
#[derive(Debug, Clone, Default)]
pub(super) struct Match {
    /// Every debtor it may be from.
    pub debtors: Vec<(CreditorId, DebtorId)>,
    pub placement: Option<PlacementId>,
    by: &'static str,
    /// The sender's address is on file for every one of them.
    pub sender_known: bool,
}

/// Takes a message in, holds contact where it asks for anything, and does what can be done at
/// once. The same message twice is done already.
///
/// # Errors
/// `Invalid` for a message without an id; `Busy` when it can't be stored or is not effective yet,
/// in which case the provider hands it over again.
pub async fn receive(ctx: &Ctx, message: PostmarkMessage, raw: Value) -> AppResult<Received> {
    if message.message_id.trim().is_empty() || message.message_id.len() > 200 {
        return Err(AppError::invalid("MessageID", "A message needs an id."));
    }
    let taker = ctx.clone();
    let taken = blocking(move || take(&taker, &message, raw)).await?;
    match taken {
        Taken::Before(received) => Ok(received),
        Taken::Now(stored) => act::follow(ctx, *stored).await,
    }
}

enum Taken {
    Before(Received),
    Now(Box<Stored>),
}

/// A message in the database, with everything held that has to be.
pub(super) struct Stored {
    pub row: InboundMessage,
    pub found: Match,
    pub reading: Reading,
    pub event: EventId,
}

fn take(ctx: &Ctx, message: &PostmarkMessage, raw: Value) -> AppResult<Taken> {
    let provider_ref = message.message_id.trim();
    ctx.write(&ACTOR, |tx| {
        if let Some(known) = inbound::by_ref(tx.conn, provider_ref)? {
            return Ok(Taken::Before(Received {
                id: known.id,
                status: known.status,
                again: true,
            }));
        }
        let sender = message.sender();
        let automatic = signals::is_automatic(message) || is_our_own(ctx, &sender);
        let found = match_sender(ctx, tx, message, &sender)?;
        let dkim = signals::dkim(message);
        let body =
            without_card_numbers(&message::body_text(&message.text_body, &message.html_body));
        let body: String = body.chars().take(MOST_BODY).collect();
        let own = message::own_words(&body);
        let subject: String = message.subject.chars().take(MOST_SUBJECT).collect();
        let subject = without_card_numbers(&subject);
        let reading = Rules::builtin().read(&message::words_to_read(&subject, &own));
        let says_nothing = own.text.is_empty()
            && reading.findings.is_empty()
            && (own.all_was_taken || !message.attachments.is_empty());
        let status = if automatic {
            "ignored"
        } else if reading.disposition() == Disposition::Continue
            && !says_nothing
            && !found.debtors.is_empty()
        {
            "continued"
        } else {
            "held"
        };
        let row = InboundMessage {
            creditor_id: found
                .debtors
                .first()
                .map_or_else(of_the_agency, |(creditor, _)| *creditor),
            id: InboundMessageId::generate(tx.now),
            provider_ref: provider_ref.to_owned(),
            debtor_id: found.debtors.first().map(|(_, debtor)| *debtor),
            placement_id: found.placement,
            from_address: sender.clone(),
            subject,
            body,
            own_words: own.text,
            raw: without_card_numbers(&without_contents(raw).to_string()),
            matched_by: found.by.to_owned(),
            sender_known: found.sender_known,
            dkim: dkim.as_str().to_owned(),
            reading: serde_json::to_string(&reading)?,
            status: status.to_owned(),
            decision: None,
            decided_by: None,
            decided_at: None,
            note: None,
            received_at: tx.now,
            version: 1,
            channel: "email".to_owned(),
        };
        // Debtors are locked before the audit chain is, always.
        if status == "held" {
            hold::lock(tx, &found.debtors)?;
        }
        inbound::insert(tx.conn, &row)?;
        for file in message.attachments.iter().take(attachment::MOST_FILES) {
            keep_file(tx, &row, file)?;
        }
        let event = tx.record(
            about(&row, EventKind::ReplyReceived)
                .body(json!({
                    "message": row.id,
                    "matched_by": row.matched_by,
                    "sender_known": row.sender_known,
                    "dkim": row.dkim,
                    "intents": words(&reading),
                    "rules": reading.rules,
                    "status": status,
                    "attachments": message.attachments.len(),
                }))
                .detail(json!({"from": sender})),
        )?;
        if automatic {
            return Ok(Taken::Before(Received {
                id: row.id,
                status: row.status,
                again: false,
            }));
        }
        for (creditor, debtor) in &found.debtors {
            if found.sender_known && dkim == Dkim::Pass {
                inbound::note_use(tx.conn, *creditor, *debtor, &sender, tx.now)?;
            }
        }
        note_contact(tx, &row)?;
        if status == "held" {
            hold::set(tx, &row, &found.debtors, event)?;
        }
        if found.debtors.is_empty() {
            open_task(tx, &row)?;
        }
        Ok(Taken::Now(Box::new(Stored {
            row,
            found,
            reading,
            event,
        })))
    })
}

/// By the tag of the address it was sent to, or else by the address it comes from.
fn match_sender(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    message: &PostmarkMessage,
    sender: &str,
) -> AppResult<Match> {
    let tagged = message
        .tags()
        .into_iter()
        .find_map(|tag| mail_tokens::open_reply_tag(&ctx.keys, tag));
    if let Some(placement) = tagged
        && let Some(of) = placement_refs::find(tx.conn, Scope::Agency, placement)?
    {
        let known = emails_on_file::includes(tx.conn, of.creditor_id, of.debtor_id, sender)?;
        return Ok(Match {
            debtors: vec![(of.creditor_id, of.debtor_id)],
            placement: Some(of.id),
            by: "token",
            sender_known: known,
        });
    }
    let mut debtors = reachable::by_email(tx.conn, sender, MOST_DEBTORS)?;
    debtors.sort_unstable();
    debtors.dedup();
    let placement = match debtors.as_slice() {
        [(creditor, debtor)] => {
            match inbound::open_placements(tx.conn, *creditor, *debtor)?.as_slice() {
                [one] => Some(*one),
                _ => None,
            }
        }
        _ => None,
    };
    Ok(Match {
        by: if debtors.is_empty() {
            "nothing"
        } else {
            "address"
        },
        sender_known: !debtors.is_empty(),
        debtors,
        placement,
    })
}

/// Our own mail that came back must not go round.
fn is_our_own(ctx: &Ctx, sender: &str) -> bool {
    let plain = |address: &str| {
        let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
        let local = local.split('+').next().unwrap_or(local);
        format!("{local}@{host}").to_lowercase()
    };
    let sender = plain(sender);
    sender == plain(ctx.mail.from.as_str())
        || ctx
            .mail
            .replies
            .as_ref()
            .is_some_and(|replies| sender == plain(replies.as_str()))
}

/// The message as it came without the bytes of its files, which are kept apart.
fn without_contents(mut raw: Value) -> Value {
    if let Some(files) = raw.get_mut("Attachments").and_then(Value::as_array_mut) {
        for file in files {
            if let Some(file) = file.as_object_mut() {
                file.remove("Content");
            }
        }
    }
    raw
}

fn keep_file(tx: &mut Tx<'_>, row: &InboundMessage, file: &PostmarkAttachment) -> AppResult<()> {
    let bytes = file.bytes().unwrap_or_default();
    let fits = bytes.len() <= attachment::MOST_BYTES;
    inbound::insert_attachment(
        tx.conn,
        &Attachment {
            creditor_id: row.creditor_id,
            id: AttachmentId::generate(tx.now),
            message_id: row.id,
            name: attachment::shown_name(&file.name),
            kind: attachment::kind(&bytes).to_owned(),
            size: i32::try_from(bytes.len()).unwrap_or(i32::MAX),
            sha256: sha256_hex(&bytes),
            content: fits.then_some(bytes),
        },
    )?;
    Ok(())
}

/// The debtor made contact: the gate's history shows it.
fn note_contact(tx: &mut Tx<'_>, row: &InboundMessage) -> AppResult<()> {
    let (Some(debtor), Some(placement)) = (row.debtor_id, row.placement_id) else {
        return Ok(());
    };
    contacts::insert(
        tx.conn,
        &ContactRow {
            creditor_id: row.creditor_id,
            id: ContactId::generate(tx.now),
            debtor_id: debtor,
            placement_id: placement,
            at: tx.now,
            channel: "email".to_owned(),
            direction: "in".to_owned(),
            outcome: "received".to_owned(),
            party: "consumer".to_owned(),
            purpose: None,
            address: Some(row.from_address.clone()),
            initiator: "debtor".to_owned(),
            logged_by: tx.actor.to_string(),
            decision_id: None,
            contact_epoch: None,
            mini_miranda: None,
            identified_as_collector: None,
            excluded: None,
            in_flight_at_recall: false,
            source: "email".to_owned(),
            duration_seconds: None,
            notes: None,
            created_at: tx.now,
        },
    )?;
    Ok(())
}

fn open_task(tx: &mut Tx<'_>, row: &InboundMessage) -> AppResult<()> {
    let title = "A message came from somebody we do not know: find out who wrote it";
    let task = NewTask::new(
        tx.now,
        row.creditor_id,
        "reply_unmatched",
        title,
        UNMATCHED_WITHIN,
    )
    .debtor(row.debtor_id)
    .placement(row.placement_id)
    .source("message", row.id);
    tasks::open(tx, task)
}

fn words(reading: &Reading) -> Vec<&'static str> {
    reading
        .intents()
        .iter()
        .map(|intent| intent.as_str())
        .collect()
}
