//! `/audit`: the chains, whether they are whole, and the checkpoints that prove it.

use std::collections::HashMap;

use actix_session::Session;
use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::ctx::Ctx;
use crate::actions::{blocking, checkpoints as signing, verifications as walks};
use crate::db::DbConn;
use crate::domain::audit_chain::Chain;
use crate::domain::checkpoint::Checkpoint;
use crate::domain::hash::hex;
use crate::domain::id::CheckpointId;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::store::verifications::Verification;
use crate::store::{audit, checkpoints, creditors, verifications};
use crate::web::access::SignedIn;
use crate::web::dashboard::people::People;
use crate::web::dashboard::{frame, settings, words};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::audit::{ChainRow, CheckpointRow, CheckpointsPage, LastWalk, WalkProgress};
use crate::web::view::part::When;

const HERE: &str = "/audit/checkpoints";

/// Checkpoints on a page: a day of them.
const PAGE: u64 = 24;

#[derive(Debug, Deserialize)]
pub struct Params {
    page: Option<String>,
}

impl Params {
    fn page(&self) -> u64 {
        let page = self.page.as_deref().and_then(|text| text.parse().ok());
        page.filter(|page| (1..=1_000_000).contains(page))
            .unwrap_or(1)
    }
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let shell = frame::shell(
        &req,
        &session,
        &user,
        "Audit record",
        Some(Section::Settings),
    );
    let number = params.page();
    let page = blocking(move || {
        let now = ctx.now();
        let public_key = signing::public_key(&ctx.keys, &ctx.public_url).to_string();
        ctx.read(|conn| {
            let open = verifications::open(conn)?;
            let last = verifications::latest(conn)?.filter(|last| last.finished_at.is_some());
            let offset = i64::try_from((number - 1).saturating_mul(PAGE)).unwrap_or(i64::MAX);
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let rows = checkpoints::page(conn, offset, limit)?;
            Ok(CheckpointsPage {
                tabs: settings::tabs(&user, HERE),
                chains: chains(conn, &user, now)?,
                walk: open.map(|open| progress(&open, &user, now)),
                last_walk: match last {
                    Some(last) => last_walk(conn, &last, &user, now)?,
                    None => None,
                },
                checkpoints: rows.iter().map(|row| view(row, &user, now)).collect(),
                pager: words::pager(number, PAGE, checkpoints::total(conn)?, |page| {
                    format!("{HERE}?page={page}")
                }),
                public_key,
                shell,
            })
        })
    })
    .await?;
    page::ok(&page)
}

/// Every chain by the name of its creditor, with what the last walk found.
fn chains(conn: &mut DbConn, user: &SignedIn, now: Instant) -> AppResult<Vec<ChainRow>> {
    let names: HashMap<String, String> = creditors::list(conn)?
        .into_iter()
        .map(|creditor| (Chain::Creditor(creditor.id).to_string(), creditor.name))
        .collect();
    let heads: HashMap<String, audit::Head> = audit::heads(conn)?.into_iter().collect();
    let found: HashMap<String, verifications::VerifiedChain> = verifications::chains(conn)?
        .into_iter()
        .map(|found| (found.chain.clone(), found))
        .collect();
    let mut chains: Vec<&String> = heads.keys().chain(found.keys()).collect();
    chains.sort_unstable();
    chains.dedup();
    let mut rows: Vec<ChainRow> = chains
        .into_iter()
        .map(|chain| {
            let verified = found.get(chain);
            let head = heads.get(chain);
            ChainRow {
                name: match names.get(chain) {
                    Some(name) => name.clone(),
                    None if *chain == Chain::Platform.to_string() => "Platform".to_owned(),
                    None => chain.clone(),
                },
                events: head.map_or(0, |head| head.length.unsigned_abs()),
                head: head.map_or_else(String::new, |head| short(&head.head)),
                verified: verified.map(|it| When::new(it.verified_at, user.time_zone, now)),
                broken_at: verified.and_then(|it| it.finding.clone()),
            }
        })
        .collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(rows)
}

fn progress(open: &Verification, user: &SignedIn, now: Instant) -> WalkProgress {
    let (done, total) = (
        open.events_done.unsigned_abs(),
        open.events_total.unsigned_abs(),
    );
    WalkProgress {
        done,
        // Events may have come since it was asked for.
        total: total.max(done).max(1),
        asked: When::new(open.requested_at, user.time_zone, now),
    }
}

fn last_walk(
    conn: &mut DbConn,
    last: &Verification,
    user: &SignedIn,
    now: Instant,
) -> AppResult<Option<LastWalk>> {
    let Some(finished) = last.finished_at else {
        return Ok(None);
    };
    let by = std::iter::once(last.requested_by.as_str());
    let people = People::load(conn, by, false)?;
    Ok(Some(LastWalk {
        when: When::new(finished, user.time_zone, now),
        by: people.name(&last.requested_by),
        is_whole: last.status == "whole",
    }))
}

fn view(row: &checkpoints::CheckpointRow, user: &SignedIn, now: Instant) -> CheckpointRow {
    let read = Checkpoint::read_unverified(&row.note).ok();
    CheckpointRow {
        when: When::new(row.at, user.time_zone, now),
        chains: read.as_ref().map_or(0, |it| it.chains.len() as u64),
        events: read.as_ref().map_or(0, |it| it.events().unsigned_abs()),
        root: read.map_or_else(String::new, |it| short(&hex(&it.root()))),
        download_href: format!("{HERE}/{}", row.id),
    }
}

/// Enough of a hash to tell it from another by eye.
fn short(hash: &str) -> String {
    match (hash.get(..8), hash.get(hash.len().saturating_sub(4)..)) {
        (Some(first), Some(last)) if hash.len() > 12 => format!("{first}\u{2026}{last}"),
        _ => hash.to_owned(),
    }
}

/// The signed note, to be kept elsewhere.
pub async fn download(ctx: web::Data<Ctx>, id: web::Path<CheckpointId>) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let row =
        blocking(move || ctx.read(|conn| checkpoints::find(conn, id)?.ok_or(AppError::NotFound)))
            .await?;
    let moment = row.at.to_utc().format("%Y-%m-%dT%H%M%SZ");
    Ok(text_file(&format!("checkpoint-{moment}.txt"), row.note))
}

/// The key that checkpoints are checked with.
pub async fn public_key(ctx: web::Data<Ctx>) -> HttpResponse {
    let key = signing::public_key(&ctx.keys, &ctx.public_url);
    text_file("forbear-audit-key.txt", format!("{key}\n"))
}

fn text_file(name: &str, text: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            ContentDisposition {
                disposition: DispositionType::Attachment,
                parameters: vec![DispositionParam::Filename(name.to_owned())],
            },
        ))
        .body(text)
}

/// `POST /audit/verifications`: asks for a walk over every chain.
pub async fn verify(ctx: web::Data<Ctx>, user: SignedIn) -> AppResult<HttpResponse> {
    let actor = user.actor();
    blocking(move || walks::request(&ctx, &actor)).await?;
    Ok(page::see_other(HERE))
}
