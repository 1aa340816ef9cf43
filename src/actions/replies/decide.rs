//! A person decides what a held message means.

use super::act::{self, Asked};
use super::hold;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::actor::Actor;
use crate::domain::id::InboundMessageId;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::intake::intent::Intent;
use crate::store::Scope;
use crate::store::inbound::{self, Rest};

/// What a person may make of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    StopAll,
    StopCalls,
    StopEmails,
    Dispute,
    Attorney,
    Bankruptcy,
    Deceased,
    /// It asks for nothing that stands against contact, or that was seen to.
    GoOn,
}

impl TextEnum for Choice {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::StopAll, "stop_all"),
        (Self::StopCalls, "stop_calls"),
        (Self::StopEmails, "stop_emails"),
        (Self::Dispute, "dispute"),
        (Self::Attorney, "attorney"),
        (Self::Bankruptcy, "bankruptcy"),
        (Self::Deceased, "deceased"),
        (Self::GoOn, "go_on"),
    ];
}

impl Choice {
    const fn intent(self) -> Option<Intent> {
        match self {
            Self::StopAll => Some(Intent::CeaseAll),
            Self::StopCalls => Some(Intent::CeaseCalls),
            Self::StopEmails => Some(Intent::CeaseEmail),
            Self::Dispute => Some(Intent::Dispute),
            Self::Attorney => Some(Intent::Attorney),
            Self::Bankruptcy => Some(Intent::Bankruptcy),
            Self::Deceased => Some(Intent::Deceased),
            Self::GoOn => None,
        }
    }
}

/// The shortest reason that is one.
const SHORTEST_NOTE: usize = 5;

/// Does what a person found a message to mean, for everybody whom it held, and then ends the
/// holds: stops first, so that there is no moment without either.
///
/// # Errors
/// `NotFound` outside `scope`; `Conflict` if somebody has decided since `version`; `Invalid`
/// without a reason to go on.
pub async fn decide(
    ctx: &Ctx,
    actor: Actor,
    scope: Scope,
    id: InboundMessageId,
    choice: Choice,
    note: String,
    version: i64,
) -> AppResult<()> {
    if choice == Choice::GoOn && note.trim().chars().count() < SHORTEST_NOTE {
        return Err(AppError::invalid(
            "note",
            "Write down why contact may go on: it is read when somebody asks later.",
        ));
    }
    let (writer, by, reason) = (ctx.clone(), actor.clone(), note.trim().to_owned());
    let (message, held, event) = blocking(move || {
        writer.write(&by, |tx| {
            let message = inbound::find(tx.conn, scope, id)?.ok_or(AppError::NotFound)?;
            let rest = Rest {
                status: "decided",
                decision: Some(choice.as_str()),
                by: Some(&tx.actor.to_string()),
                note: Some(&reason),
                now: tx.now,
            };
            if inbound::rest(tx.conn, message.creditor_id, id, version, &rest)? == 0 {
                return Err(AppError::Conflict(
                    "Somebody has decided this message in the meantime.".to_owned(),
                ));
            }
            let event = act::record_decision(tx, &message, choice.as_str(), &reason)?;
            let held = inbound::holds_of(tx.conn, id)?;
            Ok((message, held, event))
        })
    })
    .await?;
    if let Some(intent) = choice.intent() {
        let mut debtors: Vec<_> = held
            .iter()
            .map(|hold| (hold.creditor_id, hold.debtor_id))
            .chain(
                message
                    .debtor_id
                    .map(|debtor| (message.creditor_id, debtor)),
            )
            .collect();
        debtors.sort_unstable();
        debtors.dedup();
        for (creditor, debtor) in debtors {
            let asked = Asked {
                creditor,
                debtor,
                placement: message
                    .placement_id
                    .filter(|_| creditor == message.creditor_id),
                words: message.own_words.chars().take(2_000).collect(),
                verified: true,
                cause: event,
            };
            act::obey(ctx, &actor, &asked, &[intent]).await?;
        }
    }
    let ctx = ctx.clone();
    blocking(move || ctx.write(&actor, |tx| hold::lift(tx, &message, event))).await
}
