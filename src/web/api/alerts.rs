//! `/v1/alerts`: refusals and passed warnings, worked by the agency's staff.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answers::{self, Page};
use super::body::Body;
use super::caller::Caller;
use super::once::once;
use super::params::Params;
use crate::actions::ctx::Ctx;
use crate::actions::idempotency::Answer;
use crate::actions::{alerts as actions, blocking};
use crate::domain::id::{AlertId, CreditorId, DebtorId, DecisionId, PlacementId};
use crate::domain::time::Instant;
use crate::store::alert_list::{self, Filter, Order};
use crate::store::alerts::Alert;

const SEVERITIES: &[&str] = &["critical", "warning"];
const STATUSES: &[&str] = &["active", "acknowledged", "resolved"];
const TYPES: &[&str] = &[
    "cease_desist",
    "bankruptcy",
    "attorney_rep",
    "do_not_call",
    "fdcpa_violation",
    "sol_expired",
];

/// A refusal, or a warning that a person passed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AlertView {
    id: AlertId,
    creditor_id: CreditorId,
    debtor_id: DebtorId,
    placement_id: PlacementId,
    decision_id: Option<DecisionId>,
    alert_type: String,
    rule: String,
    /// `critical` or `warning`.
    severity: String,
    /// `active`, `acknowledged` or `resolved`.
    status: String,
    message: String,
    /// Whoever caused it can't work it.
    caused_by: String,
    created_at: Instant,
    acknowledged_by: Option<String>,
    acknowledged_at: Option<Instant>,
    acknowledge_note: Option<String>,
    resolved_by: Option<String>,
    resolved_at: Option<Instant>,
    resolve_note: Option<String>,
    version: i64,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AcknowledgeRequest {
    /// At most 2,000 characters.
    note: Option<String>,
    /// The alert's version when it was read; with it, a change in between is a conflict.
    version: Option<i64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveRequest {
    /// What was found and what was done; at most 2,000 characters.
    note: String,
    #[serde(default)]
    version: Option<i64>,
}

impl From<Alert> for AlertView {
    fn from(alert: Alert) -> Self {
        Self {
            id: alert.id,
            creditor_id: alert.creditor_id,
            debtor_id: alert.debtor_id,
            placement_id: alert.placement_id,
            decision_id: alert.decision_id,
            alert_type: alert.alert_type,
            rule: alert.rule,
            severity: alert.severity,
            status: alert.status,
            message: alert.message,
            caused_by: alert.caused_by,
            created_at: alert.created_at,
            acknowledged_by: alert.acknowledged_by,
            acknowledged_at: alert.acknowledged_at,
            acknowledge_note: alert.acknowledge_note,
            resolved_by: alert.resolved_by,
            resolved_at: alert.resolved_at,
            resolve_note: alert.resolve_note,
            version: alert.version,
        }
    }
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    caller.needs_staff()?;
    let mut params = Params::new(req.query_string());
    let slice = params.slice();
    let filter = Filter {
        severity: one_of(&mut params, "severity", SEVERITIES),
        alert_type: one_of(&mut params, "alert_type", TYPES),
        rule: params.text("rule"),
        status: one_of(&mut params, "status", STATUSES),
        cause: None,
        since: params.instant("since"),
        until: params.instant("until"),
    };
    params.finish()?;
    let (rows, total) = blocking(move || {
        ctx.read(|conn| {
            let scope = caller.scope();
            Ok((
                alert_list::page(
                    conn,
                    scope,
                    &filter,
                    Order::NewestFirst,
                    slice.offset,
                    slice.limit,
                )?,
                alert_list::total(conn, scope, &filter)?,
            ))
        })
    })
    .await?;
    let items = rows
        .into_iter()
        .map(|listed| AlertView::from(listed.alert))
        .collect();
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    Ok(answers::ok(&Page::new(items, slice, total)))
}

pub async fn acknowledge(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<AlertId>,
    body: Body,
) -> Result<HttpResponse, Error> {
    caller.needs_staff()?;
    let id = path.into_inner();
    let asked: AcknowledgeRequest = body.read_or_default()?;
    once(&req, ctx, caller, &body, move |tx| {
        let note = asked.note.as_deref();
        let alert = actions::acknowledge_within(tx, caller.scope(), id, note, asked.version)?;
        Ok(Answer::new(200, &AlertView::from(alert))?)
    })
    .await
}

pub async fn resolve(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<AlertId>,
    body: Body,
) -> Result<HttpResponse, Error> {
    caller.needs_staff()?;
    let id = path.into_inner();
    let asked: ResolveRequest = body.read()?;
    once(&req, ctx, caller, &body, move |tx| {
        let alert = actions::resolve_within(tx, caller.scope(), id, &asked.note, asked.version)?;
        Ok(Answer::new(200, &AlertView::from(alert))?)
    })
    .await
}

fn one_of(params: &mut Params, name: &str, words: &[&str]) -> Option<String> {
    let message = format!("Use one of {}.", words.join(", "));
    params.parsed(name, &message, |text| {
        words.contains(&text).then(|| text.to_owned())
    })
}
