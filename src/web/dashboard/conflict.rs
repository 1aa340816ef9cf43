//! 409: what somebody acted on was no longer true. The page says what is true now.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::people::People;
use super::timeline_kinds::{self, Kind};
use super::{frame, timeline_words, words};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::placements::preview_recall;
use crate::error::{AppError, AppResult};
use crate::store::placements::{self, Placement};
use crate::store::timeline::{self, Part, Subject};
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::part::{Fact, Link, When};
use crate::web::view::recall::ConflictPage;

/// What was asked for, and where to look again.
pub struct NotDone {
    /// "The payment was not recorded."
    pub what: &'static str,
    pub ways_on: Vec<Link>,
}

pub async fn respond(
    req: &HttpRequest,
    session: &Session,
    ctx: &Ctx,
    user: &SignedIn,
    placement: Placement,
    not_done: NotDone,
) -> AppResult<HttpResponse> {
    let (reader, ctx) = (user.clone(), ctx.clone());
    let id = placement.id;
    let truth = blocking(move || truth(&ctx, &reader, &placement)).await?;
    page::with_status(
        StatusCode::CONFLICT,
        &ConflictPage {
            shell: frame::shell(req, session, user, not_done.what, Some(Section::Placements)),
            id: id.to_string(),
            debtor: truth.debtor,
            invoice: truth.placement.invoice_number.clone(),
            not_done: not_done.what.to_owned(),
            because: truth.because,
            status: words::status(truth.placement.status),
            now: truth.facts,
            ways_on: if truth.placement.status.is_closed() {
                Vec::new()
            } else {
                not_done.ways_on
            },
        },
    )
}

struct Truth {
    placement: Placement,
    debtor: String,
    because: String,
    facts: Vec<Fact>,
}

fn truth(ctx: &Ctx, reader: &SignedIn, placement: &Placement) -> AppResult<Truth> {
    let now = ctx.now();
    ctx.read(|conn| {
        let (placement, parties) =
            placements::find(conn, reader.scope(), placement.id)?.ok_or(AppError::NotFound)?;
        let of = Subject {
            creditor: placement.creditor_id,
            debtor: placement.debtor_id,
            placement: placement.id,
        };
        let part = Part {
            until: now,
            limit: 1,
        };
        let kinds = timeline_kinds::of_filter(Kind::Everything, reader);
        let last = timeline::events(conn, of, &kinds, &[], part)?;
        let because = match last.first() {
            Some(event) => {
                let people = People::load(
                    conn,
                    [event.actor.as_str()].into_iter(),
                    reader.creditor.is_some(),
                )?;
                format!(
                    "The placement has changed since you opened the page. Last: {} ({}, {})",
                    timeline_words::event(&event.kind, &event.body).sentence,
                    people.name(&event.actor),
                    When::new(event.at, reader.time_zone, now).relative
                )
            }
            None => "The placement has changed since you opened the page.".to_owned(),
        };
        let preview = preview_recall(conn, &placement)?;
        let account = placement.account();
        let facts = vec![
            Fact::new("Amount", account.amount.to_string()),
            Fact::new("Recovered", account.recovered.to_string()),
            Fact::new("Remaining", account.remaining().to_string()),
            Fact::new("Fee so far", account.fee.to_string()),
            Fact::new(
                "Active email sequences",
                preview.effects.sequences_paused.to_string(),
            ),
            Fact::new(
                "Scheduled calls",
                preview.effects.calls_cancelled.to_string(),
            ),
        ];
        Ok(Truth {
            placement,
            debtor: parties.debtor,
            because,
            facts,
        })
    })
}
