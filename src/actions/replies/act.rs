//! Does what a message asks for: the same functions as for the portal, the voice agent, the desk
//! and the API.

use serde_json::json;

use super::receive::{ACTOR, Received, Stored};
use super::{about, hold};
use crate::actions::ctx::Ctx;
use crate::actions::disputes::Said;
use crate::actions::flags::{FlagInput, Learned, record_because};
use crate::actions::stops::{self, StopInput};
use crate::actions::tx::Tx;
use crate::actions::{blocking, disputes};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, EventId, PlacementId};
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::intake::intent::Intent;
use crate::store::inbound::{self, InboundMessage, Rest};
use crate::store::{Scope, debtor_lock, flags, placement_refs, sequences};

/// The longest text kept with a stop, in characters.
const MOST_WORDS: usize = 2_000;

/// Does at once what can be done at once; the rest stays held.
pub(super) async fn follow(ctx: &Ctx, stored: Stored) -> AppResult<Received> {
    let id = stored.row.id;
    let received = move |status: &str| Received {
        id,
        status: status.to_owned(),
        again: false,
    };
    let proven = stored.found.sender_known && stored.row.dkim == "pass";
    let has_token = stored.row.matched_by == "token";
    // A stop by who is plainly the debtor stands. Everything else that changes an account also
    // needs the answer address that only our own mail gives away.
    let to_do: Vec<Intent> = stored
        .reading
        .to_do()
        .into_iter()
        .filter(|intent| proven && (has_token || scope_of(*intent).is_some()))
        .collect();
    if to_do.is_empty() {
        return Ok(received(&stored.row.status));
    }
    for (creditor, debtor) in &stored.found.debtors {
        let asked = Asked {
            creditor: *creditor,
            debtor: *debtor,
            placement: stored.found.placement,
            words: stored.row.own_words.chars().take(MOST_WORDS).collect(),
            verified: true,
            cause: stored.event,
        };
        obey(ctx, &Actor::Debtor(*debtor), &asked, &to_do).await?;
    }
    let left = stored.reading.needs_a_person() || to_do != stored.reading.to_do();
    let ctx = ctx.clone();
    blocking(move || {
        if left {
            return Ok(received("held"));
        }
        ctx.write(&ACTOR, |tx| {
            let decision: Vec<&str> = to_do.iter().map(|intent| intent.as_str()).collect();
            let rest = Rest {
                status: "acted",
                decision: Some(&decision.join(" ")),
                by: None,
                note: None,
                now: tx.now,
            };
            let row = &stored.row;
            if inbound::rest(tx.conn, row.creditor_id, row.id, row.version, &rest)? > 0 {
                hold::lift(tx, row, stored.event)?;
            }
            Ok(())
        })?;
        Ok(received("acted"))
    })
    .await
}

/// Who asked for something, and on which ground.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub placement: Option<PlacementId>,
    pub words: String,
    pub verified: bool,
    /// The event that this follows from.
    pub cause: EventId,
}

/// Has the effects of each of these, stops first.
pub(super) async fn obey(
    ctx: &Ctx,
    actor: &Actor,
    asked: &Asked,
    intents: &[Intent],
) -> AppResult<()> {
    for scope in scopes(intents) {
        let input = StopInput {
            creditor: asked.creditor,
            debtor: asked.debtor,
            placement: asked.placement,
            scope,
            via: Medium::Email,
            requester: Requester::Debtor,
            words: Some(asked.words.clone()),
            in_writing: true,
            verified: asked.verified,
            received_at: ctx.now(),
        };
        stops::stop_because(ctx, actor.clone(), input, asked.cause).await?;
    }
    for learned in intents.iter().filter_map(|intent| learned_by(*intent)) {
        learn(ctx, actor, asked, learned).await?;
    }
    let (ctx, actor, asked) = (ctx.clone(), actor.clone(), asked.clone());
    let intents = intents.to_vec();
    blocking(move || {
        ctx.write(&actor, |tx| {
            if intents.contains(&Intent::Dispute) {
                dispute(tx, &asked)?;
            }
            for intent in intents {
                keep_paused(tx, &asked, intent)?;
            }
            Ok(())
        })
    })
    .await
}

/// What staff would record of it.
pub(in crate::actions) fn learned_by(intent: Intent) -> Option<Learned> {
    match intent {
        Intent::Attorney => Some(Learned::Attorney {
            name: None,
            firm: None,
            phone: None,
        }),
        Intent::Bankruptcy => Some(Learned::Bankruptcy {
            chapter: None,
            case_number: None,
            court: None,
            filed_on: None,
        }),
        Intent::Deceased => Some(Learned::Deceased),
        Intent::CeaseCalls
        | Intent::CeaseEmail
        | Intent::CeaseAll
        | Intent::Unsubscribe
        | Intent::Dispute
        | Intent::WrongPerson
        | Intent::AlreadyPaid
        | Intent::Proof
        | Intent::Inconvenient => None,
    }
}

/// Records it, unless it is on record: what is known already may say more, a lawyer's name.
async fn learn(ctx: &Ctx, actor: &Actor, asked: &Asked, learned: Learned) -> AppResult<()> {
    let (reader, of) = (ctx.clone(), asked.clone());
    let known = blocking(move || {
        reader.read(|conn| Ok(flags::kinds_in_force(conn, of.creditor, of.debtor)?))
    })
    .await?;
    if known.contains(&learned.kind()) {
        return Ok(());
    }
    let input = FlagInput {
        creditor: asked.creditor,
        debtor: asked.debtor,
        learned,
        via: Medium::Email,
        received_at: ctx.now(),
    };
    record_because(ctx, actor.clone(), input, asked.cause).await?;
    Ok(())
}

/// What an intent stops, if it is a stop.
pub(in crate::actions) const fn scope_of(intent: Intent) -> Option<StopScope> {
    match intent {
        Intent::CeaseAll => Some(StopScope::All),
        Intent::CeaseCalls => Some(StopScope::Call),
        Intent::CeaseEmail | Intent::Unsubscribe => Some(StopScope::Email),
        Intent::Dispute
        | Intent::Attorney
        | Intent::Bankruptcy
        | Intent::Deceased
        | Intent::WrongPerson
        | Intent::AlreadyPaid
        | Intent::Proof
        | Intent::Inconvenient => None,
    }
}

/// The widest alone, or each of the narrow ones once.
fn scopes(intents: &[Intent]) -> Vec<StopScope> {
    let mut scopes: Vec<StopScope> = Vec::new();
    for scope in intents.iter().filter_map(|intent| scope_of(*intent)) {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if scopes.contains(&StopScope::All) {
        scopes = vec![StopScope::All];
    }
    scopes
}

/// Opens a dispute of the account that the message is about, or of every open one.
fn dispute(tx: &mut Tx<'_>, asked: &Asked) -> AppResult<()> {
    debtor_lock::lock(tx.conn, asked.creditor, asked.debtor)?.ok_or(AppError::NotFound)?;
    let placements = match asked.placement {
        Some(placement) => vec![placement],
        None => inbound::open_placements(tx.conn, asked.creditor, asked.debtor)?,
    };
    for placement in placements {
        let scope = Scope::Creditor(asked.creditor);
        let of = placement_refs::find(tx.conn, scope, placement)?.ok_or(AppError::NotFound)?;
        if !of.status.is_closed() {
            let said = Said {
                reason: None,
                details: Some(asked.words.clone()),
                in_writing: true,
            };
            disputes::open_as_said(tx, &of, Medium::Email, asked.cause, &said)?;
        }
    }
    Ok(())
}

/// What waited only for the message to be read stays paused for what the message asks: it must
/// not go on when the wait ends.
fn keep_paused(tx: &mut Tx<'_>, asked: &Asked, intent: Intent) -> AppResult<()> {
    let cause = match intent {
        Intent::CeaseCalls => "call_stop",
        Intent::Dispute => "dispute",
        Intent::Attorney => FlagKind::Attorney.as_str(),
        Intent::Bankruptcy => FlagKind::Bankruptcy.as_str(),
        Intent::Deceased => FlagKind::Deceased.as_str(),
        // The stop itself has ended the series, or nothing follows.
        Intent::CeaseEmail
        | Intent::CeaseAll
        | Intent::Unsubscribe
        | Intent::WrongPerson
        | Intent::AlreadyPaid
        | Intent::Proof
        | Intent::Inconvenient => return Ok(()),
    };
    let one = asked.placement.filter(|_| intent == Intent::Dispute);
    let placements = match one {
        Some(placement) => vec![placement],
        None => inbound::open_placements(tx.conn, asked.creditor, asked.debtor)?,
    };
    let now = tx.now;
    for placement in placements {
        sequences::recause_of_placement(
            tx.conn,
            asked.creditor,
            placement,
            hold::CAUSE,
            cause,
            now,
        )?;
    }
    Ok(())
}

/// The event of a decision, from which its effects follow.
pub(super) fn record_decision(
    tx: &mut Tx<'_>,
    message: &InboundMessage,
    decision: &str,
    note: &str,
) -> AppResult<EventId> {
    tx.record(
        about(message, EventKind::ReplyDecided)
            .body(json!({"message": message.id, "decision": decision}))
            .detail(json!({"note": note})),
    )
}
