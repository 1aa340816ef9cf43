//! Does what a message asks for: the same functions as for the portal, the voice agent, the desk
//! and the API.

use serde_json::json;

use super::receive::{ACTOR, Received, Stored};
use super::{about, hold};
use crate::actions::ctx::Ctx;
use crate::actions::stops::{self, StopInput};
use crate::actions::tx::{NewEvent, Tx};
use crate::actions::{blocking, disputes};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CreditorId, DebtorId, EventId, FlagId, PlacementId};
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::intake::intent::Intent;
use crate::store::flags::{self, Flag};
use crate::store::inbound::{self, InboundMessage, Rest};
use crate::store::{Scope, calls, debtor_lock, placement_refs, sequences};

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
    let (ctx, actor, asked, intents) =
        (ctx.clone(), actor.clone(), asked.clone(), intents.to_vec());
    blocking(move || {
        ctx.write(&actor, |tx| {
            for intent in intents {
                match intent {
                    Intent::CeaseCalls => {
                        let (creditor, debtor) = (asked.creditor, asked.debtor);
                        for placement in inbound::open_placements(tx.conn, creditor, debtor)? {
                            keep_paused(tx, creditor, placement, "call_stop")?;
                        }
                    }
                    Intent::Dispute => dispute(tx, &asked)?,
                    Intent::Attorney => halt(tx, &asked, FlagKind::Attorney)?,
                    Intent::Bankruptcy => halt(tx, &asked, FlagKind::Bankruptcy)?,
                    Intent::Deceased => halt(tx, &asked, FlagKind::Deceased)?,
                    Intent::CeaseEmail
                    | Intent::CeaseAll
                    | Intent::Unsubscribe
                    | Intent::WrongPerson
                    | Intent::AlreadyPaid
                    | Intent::Proof
                    | Intent::Inconvenient => {}
                }
            }
            Ok(())
        })
    })
    .await
}

/// What an intent stops, if it is a stop.
const fn scope_of(intent: Intent) -> Option<StopScope> {
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
            disputes::open_in_writing(tx, &of, Medium::Email, &asked.words, asked.cause)?;
            keep_paused(tx, asked.creditor, placement, "dispute")?;
        }
    }
    Ok(())
}

/// What waits only for a message to be read stays paused for what the message asks.
fn keep_paused(
    tx: &mut Tx<'_>,
    creditor: CreditorId,
    placement: PlacementId,
    cause: &str,
) -> AppResult<usize> {
    let now = tx.now;
    Ok(sequences::recause_of_placement(
        tx.conn,
        creditor,
        placement,
        hold::CAUSE,
        cause,
        now,
    )?)
}

/// Sets a flag that forbids contact, begins a new epoch, and stops what was planned.
fn halt(tx: &mut Tx<'_>, asked: &Asked, kind: FlagKind) -> AppResult<()> {
    let (creditor, debtor) = (asked.creditor, asked.debtor);
    let epoch = debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)? + 1;
    if flags::kinds_in_force(tx.conn, creditor, debtor)?.contains(&kind) {
        return Ok(());
    }
    debtor_lock::begin_epoch(tx.conn, creditor, debtor, epoch)?;
    let paused = sequences::pause_of_debtor(tx.conn, creditor, debtor, kind.as_str(), tx.now)?;
    // What waits for this very message stays stopped when the wait ends.
    let mut kept = 0;
    for placement in inbound::open_placements(tx.conn, creditor, debtor)? {
        kept += keep_paused(tx, creditor, placement, kind.as_str())?;
    }
    let cancelled = calls::cancel_of_debtor(tx.conn, creditor, debtor, kind.as_str(), tx.now)?;
    let flag = Flag {
        creditor_id: creditor,
        id: FlagId::generate(tx.now),
        debtor_id: debtor,
        placement_id: asked.placement,
        kind,
        detail: "{}".to_owned(),
        source: Medium::Email,
        verified: asked.verified,
        stop_request_id: None,
        set_by: tx.actor.to_string(),
        received_at: tx.now,
        set_at: tx.now,
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
    };
    flags::insert(tx.conn, &flag)?;
    let mut event = NewEvent::of_creditor(creditor, EventKind::FlagSet)
        .debtor(debtor)
        .caused_by(asked.cause)
        .body(json!({
            "flag": flag.id,
            "kind": kind.as_str(),
            "source": Medium::Email.as_str(),
            "contact_epoch": epoch,
            "sequences_paused": paused + kept,
            "calls_cancelled": cancelled,
        }));
    event.placement = asked.placement;
    tx.record(event)?;
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
