//! One alert, and the two answers to it.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::alerts;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::domain::access::Capability;
use crate::domain::id::AlertId;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::{Decision, RuleId};
use crate::store::alert_list::{self, Filter, Listed};
use crate::store::{alerts as store, decisions};
use crate::web::access::SignedIn;
use crate::web::dashboard::people::People;
use crate::web::dashboard::{alert_words, decision_words, frame};
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::alert::{AlertMay, AlertPage, AlertStep};
use crate::web::view::form::Field;
use crate::web::view::part::{Fact, When};

/// What an answer is sent with.
#[derive(Debug, Clone, Deserialize)]
pub struct Answer {
    #[serde(default)]
    note: String,
    /// The alert's version when it was shown.
    version: Option<i64>,
}

/// `GET /alerts/{id}`.
pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<AlertId>,
) -> AppResult<HttpResponse> {
    let shell = shell(&req, &session, &user);
    let id = id.into_inner();
    page::ok(&blocking(move || draw(&ctx, &user, shell, id)).await?)
}

/// `POST /alerts/{id}/acknowledge`.
pub async fn acknowledge(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<AlertId>,
    form: web::Form<Answer>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let answer = form.into_inner();
    let worker = (ctx.clone(), user.clone(), answer.clone());
    let done = blocking(move || {
        let (ctx, user, answer) = worker;
        Ok(alerts::acknowledge(
            &ctx,
            &user.actor(),
            user.scope(),
            id,
            Some(&answer.note),
            answer.version,
        ))
    })
    .await?;
    respond(
        &req,
        ctx,
        &session,
        user,
        id,
        answer,
        done.map(|_| "Alert acknowledged."),
    )
    .await
}

/// `POST /alerts/{id}/resolve`.
pub async fn resolve(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<AlertId>,
    form: web::Form<Answer>,
) -> AppResult<HttpResponse> {
    let id = id.into_inner();
    let answer = form.into_inner();
    let worker = (ctx.clone(), user.clone(), answer.clone());
    let done = blocking(move || {
        let (ctx, user, answer) = worker;
        Ok(alerts::resolve(
            &ctx,
            &user.actor(),
            user.scope(),
            id,
            &answer.note,
            answer.version,
        ))
    })
    .await?;
    respond(
        &req,
        ctx,
        &session,
        user,
        id,
        answer,
        done.map(|_| "Alert resolved."),
    )
    .await
}

async fn respond(
    req: &HttpRequest,
    ctx: web::Data<Ctx>,
    session: &Session,
    user: SignedIn,
    id: AlertId,
    answer: Answer,
    done: AppResult<&'static str>,
) -> AppResult<HttpResponse> {
    match done {
        Ok(message) => {
            frame::flash(session, message)?;
            Ok(page::see_other(&format!("/alerts/{id}")))
        }
        Err(AppError::Invalid(errors)) => {
            let shell = shell(req, session, &user);
            let mut page = blocking(move || draw(&ctx, &user, shell, id)).await?;
            page.note.value = answer.note;
            page.note.error = errors.of("note").map(str::to_owned);
            page::unprocessable(&page)
        }
        Err(error) => Err(error),
    }
}

fn shell(req: &HttpRequest, session: &Session, user: &SignedIn) -> Shell {
    frame::shell(req, session, user, "Alert", Some(Section::Compliance))
}

fn draw(ctx: &Ctx, user: &SignedIn, shell: Shell, id: AlertId) -> AppResult<AlertPage> {
    let now = ctx.now();
    ctx.read(|conn| {
        let alert = store::find(conn, user.scope(), id)?.ok_or(AppError::NotFound)?;
        let listed = alert_list::with_names(conn, vec![alert])?;
        let people = alert_words::people(conn, &listed)?;
        let listed = listed.into_iter().next().ok_or(AppError::NotFound)?;
        let decision = match listed.alert.decision_id {
            Some(decision) => decisions::find(conn, user.scope(), decision)?,
            None => None,
        };
        let decision = decision
            .map(|row| serde_json::from_str::<Decision>(&row.decision))
            .transpose()?;
        let same_rule = Filter {
            rule: Some(listed.alert.rule.clone()),
            ..Filter::default()
        };
        let alike = alert_list::total(conn, user.scope(), &same_rule)?.saturating_sub(1);
        let alert = &listed.alert;
        let rule = alert
            .rule
            .parse::<RuleId>()
            .map_or_else(|_| alert.rule.clone(), |rule| rule.info().name.to_owned());
        Ok(AlertPage {
            shell: shell.titled(format!("Alert \u{b7} {rule} \u{b7} {}", listed.invoice)),
            facts: facts(&listed, decision.as_ref(), &people, user, now),
            rule: (rule, format!("/rules/{}", alert.rule)),
            decision_href: alert
                .decision_id
                .map_or_else(String::new, |id| format!("/decisions/{id}")),
            history: history(&listed, &people, user, now),
            may: may(&listed, user),
            version: alert.version,
            note: Field::new("note", ""),
            similar: (alike > 0).then(|| (alike, format!("/alerts?rule={}", alert.rule))),
            alert: alert_words::row(&listed, &people, user, now),
        })
    })
}

fn facts(
    listed: &Listed,
    decision: Option<&Decision>,
    people: &People,
    user: &SignedIn,
    now: Instant,
) -> Vec<Fact> {
    let raised = When::new(listed.alert.created_at, user.time_zone, now);
    let mut facts = vec![
        Fact::new("Debtor", &*listed.debtor).linked(format!("/debtors/{}", listed.alert.debtor_id)),
        Fact::new("When", raised.absolute),
    ];
    if let Some(decision) = decision {
        facts.push(Fact::new(
            "Attempt",
            decision_words::attempt(&decision.attempt),
        ));
        facts.push(Fact::new("Earliest", decision_words::earliest(decision)));
    }
    facts.push(Fact::new("Asked by", people.name(&listed.alert.caused_by)));
    facts
}

fn history(listed: &Listed, people: &People, user: &SignedIn, now: Instant) -> Vec<AlertStep> {
    let alert = &listed.alert;
    let step = |what: &str, by: &Option<String>, at: Option<Instant>, note: &Option<String>| {
        at.map(|at| AlertStep {
            what: format!(
                "{what} by {}",
                by.as_deref()
                    .map_or_else(|| "somebody".to_owned(), |by| people.name(by))
            ),
            note: note.clone().unwrap_or_default(),
            when: When::new(at, user.time_zone, now),
        })
    };
    [
        step(
            "Acknowledged",
            &alert.acknowledged_by,
            alert.acknowledged_at,
            &alert.acknowledge_note,
        ),
        step(
            "Resolved",
            &alert.resolved_by,
            alert.resolved_at,
            &alert.resolve_note,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the reader may do with it, and if nothing, why.
fn may(listed: &Listed, user: &SignedIn) -> AlertMay {
    let alert = &listed.alert;
    if alert.status == "resolved" {
        return AlertMay::default();
    }
    let why_not = if !user.can(Capability::WorkAlerts) {
        Some("Alerts are answered by supervisors and compliance.")
    } else if alert.caused_by == user.actor().to_string() {
        Some("You caused this alert, so somebody else has to answer it.")
    } else {
        None
    };
    AlertMay {
        acknowledge: why_not.is_none() && alert.status == "active",
        resolve: why_not.is_none(),
        why_not: why_not.map(str::to_owned),
    }
}
