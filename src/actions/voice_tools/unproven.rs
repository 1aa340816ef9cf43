//! A tool that was used without a good key. A true stop must not be lost for a key that was
//! changed: where the call is ours, contact waits for a day and a person reads what was sent.

use chrono::Duration;
use serde_json::{Value, json};

use crate::actions::ctx::Ctx;
use crate::actions::tasks::{self, NewTask};
use crate::actions::tx::{NewEvent, Tx};
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::{CallId, HoldId};
use crate::error::{AppError, AppResult};
use crate::intake::message::without_card_numbers;
use crate::store::calls::Call;
use crate::store::holds::{self, Hold};
use crate::store::{Scope, calls, debtor_lock, inbound};

const ACTOR: Actor = Actor::System("voice");

/// A call that was handed over within this may be the one.
const CALLS_OF: Duration = Duration::hours(24);

/// How long contact waits.
const WAITS: Duration = Duration::hours(24);

/// How soon a person reads it.
const REVIEW_WITHIN: Duration = Duration::hours(1);

/// The reason of such a hold; one in force is enough for a debtor.
const REASON: &str = "A voice tool was used with a bad key during a call";

/// Characters of a request that are kept.
const MOST_KEPT: usize = 8_000;

/// Notes a use of a tool that did not prove who sent it. True where it is about a call of ours,
/// and contact with the debtor waits.
pub fn note_unproven(ctx: &Ctx, path: &str, body: &[u8]) -> AppResult<bool> {
    let sent: Value = serde_json::from_slice(body).unwrap_or_default();
    let named = sent.get("call_id").and_then(Value::as_str).unwrap_or("");
    let call = if named.is_empty() || named.len() > 128 {
        None
    } else {
        let own = named.parse::<CallId>().ok();
        ctx.read(|conn| Ok(calls::find_by_name(conn, Scope::Agency, own, named)?))?
    };
    let since = ctx.now().minus(CALLS_OF);
    let Some(call) = call.filter(|call| call.started_at.is_some_and(|at| at >= since)) else {
        tracing::warn!(
            path,
            "a voice tool was used with a bad key, about no call of ours"
        );
        return Ok(false);
    };
    let raw: String = without_card_numbers(&String::from_utf8_lossy(body))
        .chars()
        .take(MOST_KEPT)
        .collect();
    ctx.write(&ACTOR, |tx| hold(tx, &call, path, &raw))?;
    Ok(true)
}

fn hold(tx: &mut Tx<'_>, call: &Call, path: &str, raw: &str) -> AppResult<()> {
    let (creditor, debtor) = (call.creditor_id, call.debtor_id);
    debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
    let open = inbound::open_placements(tx.conn, creditor, debtor)?;
    let standing = holds::in_force(tx.conn, creditor, &open, tx.now)?;
    if standing
        .iter()
        .any(|hold| hold.reason.as_deref() == Some(REASON))
    {
        // Once is enough: whoever sends it again changes nothing.
        return Ok(());
    }
    let until = tx.now.plus(WAITS);
    for placement in open {
        let hold = Hold {
            creditor_id: creditor,
            id: HoldId::generate(tx.now),
            placement_id: placement,
            kind: "review".to_owned(),
            reason: Some(REASON.to_owned()),
            until_at: Some(until),
            set_by: tx.actor.to_string(),
            set_at: tx.now,
            lifted_at: None,
            lifted_by: None,
        };
        holds::insert(tx.conn, &hold)?;
        tx.record(
            NewEvent::of_creditor(creditor, EventKind::HoldSet)
                .debtor(debtor)
                .placement(placement)
                .body(json!({
                    "hold": hold.id,
                    "call": call.id,
                    "path": path,
                    "until": until,
                    "cause": "voice_tool_unproven",
                }))
                .detail(json!({"raw": raw})),
        )?;
    }
    let title = "A voice tool was used with a bad key: read what was said, record it, mend the key";
    let task = NewTask::new(tx.now, creditor, "voice_unproven", title, REVIEW_WITHIN)
        .debtor(debtor)
        .placement(call.placement_id)
        .note(format!(
            "Contact with the debtor waits until {until}. Sent to {path}: {raw}"
        ));
    tasks::open(tx, task)
}
