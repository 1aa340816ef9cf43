//! The audit trail: of a placement, and whether the chain it stands in is unbroken.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::answers;
use super::caller::Caller;
use super::params::Params;
use crate::actions::ctx::Ctx;
use crate::actions::{audit, blocking};
use crate::domain::audit_chain::Chain;
use crate::domain::event::EventKind;
use crate::domain::id::{DebtorId, EventId, PlacementId};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::audit::{EventRow, TrailFilter, trail};
use crate::store::placement_refs;

/// One event of the chain.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventView {
    id: EventId,
    at: Instant,
    /// What happened: `placement.recalled`.
    event_type: String,
    /// Who did it: `user:…`, `key:…`, `debtor:…`, `system:worker`, `anonymous`.
    actor: String,
    placement_id: Option<PlacementId>,
    debtor_id: Option<DebtorId>,
    /// The event this one follows from.
    cause: Option<EventId>,
    /// Ids, counts and words; nothing personal.
    details: Value,
    /// The place in the chain, and the hash that binds it.
    seq: i64,
    hash: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Trail {
    /// The latest first.
    events: Vec<EventView>,
    pagination: Pagination,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Pagination {
    limit: i64,
    has_more: bool,
    /// To be sent as `cursor` for the next page.
    next_cursor: Option<String>,
}

/// What checking the chain found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChainVerified {
    ok: bool,
    /// Events that are as they were written.
    length: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_bad: Option<FirstBad>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct FirstBad {
    chain: String,
    seq: i64,
    what: String,
}

/// What is asked of a trail.
struct Asked {
    limit: i64,
    cursor: Option<i64>,
    kinds: Vec<&'static str>,
    actor: Option<String>,
    since: Option<Instant>,
    until: Option<Instant>,
}

pub async fn of_placement(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let mut params = Params::new(req.query_string());
    let asked = read(&mut params);
    params.finish()?;
    let limit = asked.limit;
    let rows = blocking(move || load(&ctx, caller, id, &asked)).await?;
    let has_more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    let events: Vec<EventView> = rows
        .into_iter()
        .take(usize::try_from(limit).unwrap_or(usize::MAX))
        .map(view)
        .collect::<AppResult<_>>()?;
    let next_cursor = events
        .last()
        .filter(|_| has_more)
        .map(|event| event.seq.to_string());
    Ok(answers::ok(&Trail {
        events,
        pagination: Pagination {
            limit,
            has_more,
            next_cursor,
        },
    }))
}

/// Walks the chain of the caller's creditor; for a staff key that names none, every chain.
pub async fn verify(ctx: web::Data<Ctx>, caller: Caller) -> Result<HttpResponse, Error> {
    let found = blocking(move || {
        let chains = match caller.creditor {
            Some(creditor) => vec![Chain::Creditor(creditor).to_string()],
            None => audit::chains(&ctx.db, &[])?,
        };
        let mut length = 0;
        for chain in chains {
            match audit::verify(&ctx.db, &chain, &[], |_| Ok(()))? {
                Ok(head) => length += head.length,
                Err(broken) => {
                    return Ok(ChainVerified {
                        ok: false,
                        length: length + broken.seq - 1,
                        first_bad: Some(FirstBad {
                            what: broken.to_string(),
                            chain: broken.chain,
                            seq: broken.seq,
                        }),
                    });
                }
            }
        }
        Ok(ChainVerified {
            ok: true,
            length,
            first_bad: None,
        })
    })
    .await?;
    Ok(answers::ok(&found))
}

fn read(params: &mut Params) -> Asked {
    let limit = params.limit();
    let cursor = params.parsed(
        "cursor",
        "Use the next_cursor of the page before.",
        |text| text.parse().ok().filter(|seq: &i64| *seq > 0),
    );
    let full = params
        .parsed("view", "Use summary or full.", |text| match text {
            "summary" => Some(false),
            "full" => Some(true),
            _ => None,
        })
        .unwrap_or(false);
    let named = params.words::<EventKind>("event_type");
    let kinds = EventKind::WORDS
        .iter()
        .filter(|(kind, _)| {
            if named.is_empty() {
                full || !is_bookkeeping(*kind)
            } else {
                named.contains(kind)
            }
        })
        .map(|(_, word)| *word)
        .collect();
    let actor = params.parsed(
        "actor",
        "Use user, key, debtor, system or anonymous, alone or with an id as the trail shows it.",
        actor_prefix,
    );
    Asked {
        limit,
        cursor,
        kinds,
        actor,
        since: params.instant("since"),
        until: params.instant("until"),
    }
}

/// What the texts of the actors that are meant begin with.
fn actor_prefix(text: &str) -> Option<String> {
    match text {
        "anonymous" => Some(text.to_owned()),
        "user" | "key" | "debtor" | "system" => Some(format!("{text}:")),
        whole => whole
            .parse::<crate::domain::actor::Actor>()
            .ok()
            .map(|actor| actor.to_string()),
    }
}

fn load(ctx: &Ctx, caller: Caller, id: PlacementId, asked: &Asked) -> AppResult<Vec<EventRow>> {
    ctx.read(|conn| {
        let of = placement_refs::find(conn, caller.scope(), id)?.ok_or(AppError::NotFound)?;
        let of_debtor: Vec<&'static str> = EventKind::WORDS
            .iter()
            .filter(|(kind, _)| binds_the_debtor(*kind))
            .map(|(_, word)| *word)
            .collect();
        let filter = TrailFilter {
            chain: &Chain::Creditor(of.creditor_id).to_string(),
            placement: id,
            debtor: of.debtor_id,
            of_debtor: &of_debtor,
            kinds: &asked.kinds,
            actor: asked.actor.as_deref(),
            since: asked.since,
            until: asked.until,
            before: asked.cursor,
        };
        // One more than asked for tells whether there is another page.
        Ok(trail(conn, &filter, asked.limit + 1)?)
    })
}

fn view(event: EventRow) -> AppResult<EventView> {
    Ok(EventView {
        id: event.id,
        at: event.at,
        event_type: event.kind,
        actor: event.actor,
        placement_id: event.placement_id,
        debtor_id: event.debtor_id,
        cause: event.cause,
        details: serde_json::from_str(&event.body)?,
        seq: event.seq,
        hash: event.hash,
    })
}

/// What the debtor asked for and what is known of them binds every placement of theirs.
const fn binds_the_debtor(kind: EventKind) -> bool {
    use EventKind as K;
    matches!(
        kind,
        K::StopRequested
            | K::VoiceCeaseRecorded
            | K::CeaseSet
            | K::CallOptOutSet
            | K::EmailOptOutSet
            | K::DoNotCallSet
            | K::FlagSet
            | K::FlagLifted
            | K::ConsentGranted
            | K::ConsentRevoked
            | K::PreferencesSet
            | K::StopEffective
            | K::StopReapplied
    )
}

/// The program's own steps, which a creditor has nothing to do about.
const fn is_bookkeeping(kind: EventKind) -> bool {
    use EventKind as K;
    matches!(
        kind,
        K::StopEffective
            | K::StopReapplied
            | K::CallPlanned
            | K::CallRescheduled
            | K::ContactAuthorised
            | K::ContactHandedOver
            | K::AlertRaised
            | K::AlertAcknowledged
            | K::AlertResolved
            | K::TaskOpened
            | K::TaskTaken
            | K::TaskPutBack
            | K::TaskDone
            | K::TaskReopened
            | K::PortalCodeSent
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_found_by_kind_or_whole() {
        assert_eq!(actor_prefix("user").as_deref(), Some("user:"));
        assert_eq!(
            actor_prefix("system:worker").as_deref(),
            Some("system:worker")
        );
        assert_eq!(actor_prefix("user:%"), None);
        assert_eq!(actor_prefix("somebody"), None);
    }
}
