//! `/operations`: what runs by itself, what waits, who holds what, and what was given up.

use std::collections::HashSet;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::Tz;

use super::tabs;
use crate::actions::ctx::Ctx;
use crate::actions::heartbeat::SILENT_AFTER;
use crate::actions::{blocking, operations as actions, webhooks};
use crate::domain::id::{OutboxId, WebhookDeliveryId};
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::attempts::{self, Unknown};
use crate::store::operations::{self, Held, Waiting};
use crate::store::processes::{self, LoopRow as Turned, Process};
use crate::web::access::SignedIn;
use crate::web::dashboard::{frame, words};
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::operations::{
    DeadLetters, DeadRow, LoopRow, OperationsPage, ProcessRow, QueueRow, UnknownHandOffs,
    UnknownRow,
};
use crate::web::view::part::{Fact, Tone, When};
use crate::web::view::webhook::StateBadge;

const HERE: &str = "/operations";

/// Given-up messages of each kind on the page.
const LATEST: i64 = 20;

pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let shell = frame::shell(&req, &session, &user, "Operations", Some(Section::Settings));
    let page = blocking(move || {
        let eye = Eye {
            now: ctx.now(),
            zone: user.time_zone,
        };
        let now = eye.now;
        ctx.read(|conn| {
            let running = processes::all(conn)?;
            let silent: HashSet<String> = running
                .iter()
                .filter(|process| !eye.is_alive(process))
                .map(|process| process.id.clone())
                .collect();
            let queues = vec![
                eye.queue(
                    "Webhooks",
                    operations::webhooks(conn, now)?,
                    &operations::held_webhooks(conn, now)?,
                ),
                eye.queue(
                    "Mails",
                    operations::mails(conn, now)?,
                    &operations::held_mails(conn, now)?,
                ),
                eye.queue(
                    "Planned calls",
                    operations::planned_calls(conn, now)?,
                    &operations::held_calls(conn, now)?,
                ),
                eye.queue(
                    "Imports",
                    operations::imports(conn)?,
                    &operations::held_imports(conn, now)?,
                ),
            ];
            let (mails, dead_mails) = operations::dead_mails(conn, LATEST)?;
            let (hooks, dead_hooks) = operations::dead_webhooks(conn, LATEST)?;
            let (unknowns, unknown) = attempts::unknown(conn, LATEST)?;
            Ok(OperationsPage {
                shell,
                tabs: tabs(&user, HERE),
                read_at: eye.when(now),
                processes: running.iter().map(|process| eye.process(process)).collect(),
                loops: processes::loops(conn)?
                    .into_iter()
                    .filter(|turned| !silent.contains(&turned.process))
                    .map(|turned| eye.turned(turned))
                    .collect(),
                queues,
                sizes: operations::sizes(conn)?
                    .into_iter()
                    .map(|(name, bytes)| Fact::new(name, size(bytes)))
                    .collect(),
                dead_mails: DeadLetters {
                    total: mails,
                    rows: dead_mails
                        .into_iter()
                        .map(|mail| DeadRow {
                            what: mail.event_type,
                            to: String::new(),
                            why: mail.last_error.unwrap_or_default(),
                            when: mail.done_at.map(|at| eye.when(at)),
                            retry_action: format!("{HERE}/mails/{}/retry", mail.id),
                        })
                        .collect(),
                },
                dead_webhooks: DeadLetters {
                    total: hooks,
                    rows: dead_hooks
                        .into_iter()
                        .map(|delivery| DeadRow {
                            what: delivery.event_type,
                            to: delivery.url,
                            why: delivery.last_error.unwrap_or_default(),
                            when: delivery.ended_at.map(|at| eye.when(at)),
                            retry_action: format!("{HERE}/webhooks/{}/retry", delivery.id),
                        })
                        .collect(),
                },
                unknown: UnknownHandOffs {
                    total: unknowns,
                    rows: unknown
                        .into_iter()
                        .map(|unknown| eye.unknown(unknown))
                        .collect(),
                },
            })
        })
    })
    .await?;
    page::ok(&page)
}

/// What a worker does, in words. One of a later release is told by its name.
fn loop_name(name: &str) -> String {
    match name {
        "call_offs" => "Calling off calls".to_owned(),
        "calls" => "Planned calls".to_owned(),
        "checkpoints" => "Signing the audit trail".to_owned(),
        "verifications" => "Checking the audit trail".to_owned(),
        other => words::spoken(other),
    }
}

/// Who looks, and when.
#[derive(Clone, Copy)]
struct Eye {
    now: Instant,
    zone: Tz,
}

fn badge(words: impl Into<String>, tone: Tone) -> StateBadge {
    StateBadge {
        words: words.into(),
        tone,
    }
}

impl Eye {
    fn when(self, at: Instant) -> When {
        When::new(at, self.zone, self.now)
    }

    fn is_alive(self, process: &Process) -> bool {
        process.stopped_at.is_none() && self.now.since(process.seen_at) <= SILENT_AFTER
    }

    fn process(self, process: &Process) -> ProcessRow {
        let state = if process.stopped_at.is_some() {
            badge("Stopped", Tone::Neutral)
        } else if self.is_alive(process) {
            badge("Running", Tone::Success)
        } else {
            badge("Silent", Tone::Warning)
        };
        ProcessRow {
            id: process.id.clone(),
            kind: match process.kind.as_str() {
                "serve" => "forbear serve",
                "demo" => "forbear demo",
                _ => "forbear worker",
            }
            .to_owned(),
            version: process.version.clone(),
            started: self.when(process.started_at),
            seen: self.when(process.seen_at),
            state,
        }
    }

    fn turned(self, turned: Turned) -> LoopRow {
        let state = match turned.failures {
            0 => badge("Working", Tone::Success),
            1 => badge("1 failure", Tone::Warning),
            many => badge(format!("{many} failures in a row"), Tone::Warning),
        };
        LoopRow {
            name: loop_name(&turned.name),
            process: turned.process,
            last_turn: self.when(turned.last_turn_at),
            turns: turned.turns,
            done: turned.done,
            state,
            error: turned
                .last_error
                .zip(turned.last_error_at.map(|at| self.when(at))),
        }
    }

    fn unknown(self, unknown: Unknown) -> UnknownRow {
        let row = unknown.attempt;
        UnknownRow {
            what: if row.call_id.is_some() {
                "Call"
            } else {
                "Email"
            },
            when: self.when(row.authorised_at),
            why: row.error.unwrap_or_default(),
            asked_next: unknown.look_up_at.map(|at| self.when(at)),
            placement_href: format!("/placements/{}", row.placement_id),
            settle_href: format!("{HERE}/hand-offs/{}", row.id),
            ask_action: format!("{HERE}/hand-offs/{}/ask", row.id),
        }
    }

    fn queue(self, name: &'static str, waiting: Waiting, held: &[Held]) -> QueueRow {
        QueueRow {
            name,
            in_all: waiting.in_all,
            due: waiting.due,
            oldest: waiting.oldest.map(|at| self.when(at)),
            held: held
                .iter()
                .map(|held| format!("{} by {}", held.count, held.process))
                .collect(),
        }
    }
}

/// "12.4 MB".
fn size(bytes: i64) -> String {
    let tenths = |unit: i64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        ..=999_999 => format!("{} kB", tenths(1_000)),
        1_000_000..=999_999_999 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

/// Tries a mail again that was given up.
pub async fn retry_mail(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<OutboxId>,
) -> AppResult<HttpResponse> {
    let (id, actor) = (id.into_inner(), user.actor());
    blocking(move || actions::revive_mail(&ctx, &actor, id)).await?;
    frame::flash(&session, "The mail is back in line.")?;
    Ok(page::see_other(HERE))
}

/// Sends a message again that no webhook took.
pub async fn retry_webhook(
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<WebhookDeliveryId>,
) -> AppResult<HttpResponse> {
    let (id, actor, scope) = (id.into_inner(), user.actor(), user.scope());
    blocking(move || webhooks::redeliver(&ctx, &actor, scope, id)).await?;
    frame::flash(&session, "The message is back in line, under its own id.")?;
    Ok(page::see_other(HERE))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        assert_eq!(size(4_096), "4.0 kB");
        assert_eq!(size(12_450_000), "12.4 MB");
        assert_eq!(size(3_000_000_000), "3.0 GB");
    }
}
