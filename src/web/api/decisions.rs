//! What the gate says: asked by `POST /v1/gate/check`, kept under `/v1/decisions`.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answers::{self, Page};
use super::body::Body;
use super::caller::Caller;
use super::params::Params;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::decisions::{self, Subject};
use crate::domain::id::{DecisionId, PlacementId};
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::attempt::{Dialing, Initiator, Purpose};
use crate::gate::{Attempt, Channel, Decision, Finding, Outcome, RuleId, Severity};
use crate::store::decisions::{self as rows, DecisionRow};
use crate::store::placement_refs;

/// One intended contact. Nothing is contacted by asking.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    placement_id: PlacementId,
    /// `call`, `voicemail`, `email`, `letter`, `portal` or `sms`.
    #[schemars(with = "String")]
    channel: Channel,
    /// When; now where there is none.
    #[serde(default)]
    at: Option<Instant>,
    /// `agent` or `automated`, which can't acknowledge a warning.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    initiator: Option<Initiator>,
    /// `collect` where there is none.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    purpose: Option<Purpose>,
    /// One of the debtor's; the one that is free first where there is none.
    #[serde(default)]
    phone: Option<String>,
    /// One of the debtor's; the one that is free first where there is none.
    #[serde(default)]
    email: Option<String>,
}

/// The gate's answer with its reasons.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DecisionView {
    decision_id: DecisionId,
    placement_id: PlacementId,
    /// When the gate was asked.
    decided_at: Instant,
    /// The moment the contact was meant for.
    at: Instant,
    #[schemars(with = "String")]
    channel: Channel,
    #[schemars(with = "String")]
    initiator: Initiator,
    #[schemars(with = "String")]
    purpose: Purpose,
    /// The number it is about, in E.164.
    phone: Option<String>,
    /// The address it is about.
    email: Option<String>,
    /// `allow`, `acknowledge` or `refuse`.
    #[schemars(with = "String")]
    outcome: Outcome,
    allowed: bool,
    findings: Vec<FindingView>,
    /// The first instant at which the same contact would be allowed; none where waiting doesn't
    /// help.
    earliest_lawful_at: Option<Instant>,
    /// The rule that holds until then.
    binding_rule: Option<&'static str>,
    /// The rule that never clears by itself.
    never_clears: Option<&'static str>,
    /// What the clocks show wherever the debtor may be.
    local_times: Vec<LocalTime>,
    policy_version: String,
    /// Of the facts the answer rests on; they are kept with it.
    facts_digest: Option<String>,
}

/// One rule's reason.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingView {
    rule: &'static str,
    /// `block`, `warning` or `reminder`.
    #[schemars(with = "String")]
    severity: Severity,
    /// Whether it stands in the way.
    stands: bool,
    citation: String,
    /// One plain sentence. To a creditor it tells nothing of the debtor's private affairs.
    message: String,
    clears_at: Option<Instant>,
    acknowledged: bool,
    /// The facts it rests on; for staff keys only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<EvidenceView>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct EvidenceView {
    fact: String,
    value: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct LocalTime {
    zone: String,
    local: String,
}

/// A decision in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DecisionSummary {
    decision_id: DecisionId,
    placement_id: PlacementId,
    decided_at: Instant,
    /// Why the gate was asked: `authorize`, `log`, `precheck` or `check`.
    occasion: String,
    channel: String,
    initiator: String,
    outcome: String,
    binding_rule: Option<String>,
    earliest_lawful_at: Option<Instant>,
    policy_version: String,
}

pub async fn check(ctx: web::Data<Ctx>, caller: Caller, body: Body) -> Result<HttpResponse, Error> {
    let asked: CheckRequest = body.read()?;
    let now = ctx.now();
    let (placement, id, decision) = blocking(move || {
        let of = ctx.read(|conn| {
            placement_refs::find(conn, caller.scope(), asked.placement_id)?
                .ok_or(AppError::NotFound)
        })?;
        let subject = Subject {
            creditor: of.creditor_id,
            debtor: of.debtor_id,
            placement: of.id,
        };
        let initiator = asked.initiator.unwrap_or_default();
        let attempt = Attempt {
            phone: asked.phone,
            email: asked.email,
            initiator,
            dialing: match initiator {
                Initiator::Agent => Dialing::Manual,
                // What calls by itself speaks by itself.
                Initiator::Automated => Dialing::Prerecorded,
            },
            purpose: asked.purpose.unwrap_or_default(),
            ..Attempt::new(asked.at.unwrap_or(now), asked.channel, of.id.as_str())
        };
        let (id, decision) = decisions::check(&ctx, &caller.actor(), subject, &attempt)?;
        Ok((of.id, id, decision))
    })
    .await?;
    Ok(answers::ok(&DecisionView::new(
        id, placement, now, decision, caller,
    )))
}

pub async fn show(
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<DecisionId>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let row = blocking(move || {
        ctx.read(|conn| rows::find(conn, caller.scope(), id)?.ok_or(AppError::NotFound))
    })
    .await?;
    Ok(answers::ok(&DecisionView::of_row(&row, caller)?))
}

pub async fn of_placement(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let mut params = Params::new(req.query_string());
    let slice = params.slice();
    params.finish()?;
    let (found, total) = blocking(move || {
        ctx.read(|conn| {
            let of = placement_refs::find(conn, caller.scope(), id)?.ok_or(AppError::NotFound)?;
            let creditor = of.creditor_id;
            Ok((
                rows::page_of_placement(conn, creditor, id, slice.offset, slice.limit)?,
                rows::count_of_placement(conn, creditor, id)?,
            ))
        })
    })
    .await?;
    let items = found
        .into_iter()
        .map(|row| DecisionSummary::new(row, caller))
        .collect();
    Ok(answers::ok(&Page::new(items, slice, total)))
}

impl DecisionSummary {
    fn new(row: DecisionRow, caller: Caller) -> Self {
        Self {
            decision_id: row.id,
            placement_id: row.placement_id,
            decided_at: row.at,
            occasion: row.occasion,
            channel: row.channel,
            initiator: row.initiator,
            outcome: row.outcome,
            binding_rule: row.binding_rule.map(|rule| told_word(rule, caller)),
            earliest_lawful_at: row.earliest_lawful_at,
            policy_version: row.policy_version,
        }
    }
}

impl DecisionView {
    fn of_row(row: &DecisionRow, caller: Caller) -> AppResult<Self> {
        let decision = serde_json::from_str(&row.decision)?;
        Ok(Self::new(
            row.id,
            row.placement_id,
            row.at,
            decision,
            caller,
        ))
    }

    fn new(
        decision_id: DecisionId,
        placement_id: PlacementId,
        decided_at: Instant,
        decision: Decision,
        caller: Caller,
    ) -> Self {
        Self {
            decision_id,
            placement_id,
            decided_at,
            at: decision.attempt.at,
            channel: decision.attempt.channel,
            initiator: decision.attempt.initiator,
            purpose: decision.attempt.purpose,
            phone: decision.attempt.phone.clone(),
            email: decision.attempt.email.clone(),
            allowed: decision.is_allowed(),
            outcome: decision.outcome,
            earliest_lawful_at: decision.earliest_lawful_at,
            binding_rule: decision.binding_rule.map(|rule| told(rule, caller)),
            never_clears: decision.never_clears.map(|rule| told(rule, caller)),
            local_times: decision
                .local_times
                .iter()
                .map(|reading| LocalTime {
                    zone: reading.zone.to_string(),
                    local: reading.local.to_rfc3339(),
                })
                .collect(),
            policy_version: decision.policy_version.to_string(),
            facts_digest: decision.facts_digest.map(|digest| digest.to_string()),
            findings: decision
                .findings
                .into_iter()
                .map(|finding| FindingView::new(finding, caller))
                .collect(),
        }
    }
}

impl FindingView {
    fn new(finding: Finding, caller: Caller) -> Self {
        let evidence = if caller.is_staff() {
            finding
                .evidence
                .iter()
                .map(|evidence| EvidenceView {
                    fact: evidence.fact.to_string(),
                    value: evidence.value.clone(),
                })
                .collect()
        } else {
            Vec::new()
        };
        Self {
            rule: told(finding.rule, caller),
            severity: finding.severity,
            stands: finding.stands(),
            citation: if is_private(finding.rule) && !caller.is_staff() {
                String::new()
            } else {
                finding.citation.to_string()
            },
            message: if caller.is_staff() {
                finding.message.to_string()
            } else {
                finding.message_public.to_string()
            },
            clears_at: finding.clears_at,
            acknowledged: finding.acknowledged,
            evidence,
        }
    }
}

/// Rules whose very name tells of the debtor's private affairs.
const PRIVATE: [RuleId; 3] = [RuleId::Bankruptcy, RuleId::Discharged, RuleId::Deceased];

fn is_private(rule: RuleId) -> bool {
    PRIVATE.contains(&rule)
}

/// What a creditor is told in the place of a private rule.
const LEGAL: &str = "legal";

fn told(rule: RuleId, caller: Caller) -> &'static str {
    if is_private(rule) && !caller.is_staff() {
        LEGAL
    } else {
        rule.as_str()
    }
}

fn told_word(rule: String, caller: Caller) -> String {
    if !caller.is_staff() && PRIVATE.iter().any(|known| known.as_str() == rule) {
        LEGAL.to_owned()
    } else {
        rule
    }
}
