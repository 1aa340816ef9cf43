//! `/decisions/{id}`: how the gate came to an answer. Whoever may see the placement may see it;
//! a creditor's people without what is private to the debtor.

mod debtor_inputs;
mod inputs;
mod told;

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::Tz;
use serde_json::Value;

use super::people::People;
use super::{decision_words, frame};
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::policies;
use crate::domain::access::Capability;
use crate::domain::hash::sha256_hex;
use crate::domain::id::DecisionId;
use crate::error::{AppError, AppResult};
use crate::gate::digest::Digest;
use crate::gate::replay::{self, CannotReplay, Record};
use crate::gate::rules::catalog;
use crate::gate::{Decision, Facts, Policy, Severity};
use crate::store::decisions::{self, DecisionRow};
use crate::store::placement_refs;
use crate::web::access::SignedIn;
use crate::web::page;
use crate::web::shell::{Section, Shell};
use crate::web::view::decision::{DecisionPage, RawText, Replay, RuleResult, RuleVerdict};
use crate::web::view::part::{Link, When, trail_to_placement};
use crate::web::view::placement_tabs::Outcome;
use crate::web::zones;

/// `GET /decisions/{id}`.
pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    id: web::Path<DecisionId>,
) -> AppResult<HttpResponse> {
    let section = if user.can(Capability::ViewCompliance) {
        Section::Compliance
    } else {
        Section::Placements
    };
    let shell = frame::shell(&req, &session, &user, "How this was decided", Some(section));
    let id = id.into_inner();
    page::ok(&blocking(move || draw(&ctx, &user, shell, id)).await?)
}

fn draw(ctx: &Ctx, user: &SignedIn, shell: Shell, id: DecisionId) -> AppResult<DecisionPage> {
    let now = ctx.now();
    let (row, invoice, people, policy) = ctx.read(|conn| {
        let row = decisions::find(conn, user.scope(), id)?.ok_or(AppError::NotFound)?;
        let of = placement_refs::find(conn, user.scope(), row.placement_id)?
            .ok_or(AppError::NotFound)?;
        let people = People::load(
            conn,
            [row.asked_by.as_str()].into_iter(),
            user.creditor.is_some(),
        )?;
        let policy = policies::of_version(ctx, conn, &row.policy_version)?;
        Ok((row, of.invoice_number, people, policy))
    })?;
    let decision: Decision = serde_json::from_str(&row.decision)?;
    let facts: Facts = serde_json::from_str(&row.facts)?;
    let is_staff = user.creditor.is_none();
    let placement = row.placement_id.to_string();
    Ok(DecisionPage {
        shell,
        id: row.id.to_string(),
        trail: trail_to_placement(&placement, &invoice),
        outcome: match decision.outcome {
            crate::gate::Outcome::Allow => Outcome::Allowed,
            crate::gate::Outcome::Acknowledge => Outcome::Acknowledged,
            crate::gate::Outcome::Refuse => Outcome::Refused,
        },
        attempt: if is_staff {
            decision_words::attempt(&decision.attempt)
        } else {
            decision_words::channel(decision.attempt.channel).to_owned()
        },
        asked: format!(
            "{} by {}",
            told::occasion(&row.occasion),
            people.name(&row.asked_by)
        ),
        when: When::new(decision.attempt.at, user.time_zone, now),
        local_times: decision
            .local_times
            .iter()
            .map(|reading| {
                format!(
                    "{}, {}",
                    reading.local.format("%-I:%M %P"),
                    zones::name(reading.zone.tz())
                )
            })
            .collect(),
        earliest: decision_words::earliest(&decision),
        verdicts: verdicts(&decision, is_staff, user.time_zone),
        silent: if is_staff {
            silent(&decision)
        } else {
            Vec::new()
        },
        inputs: if is_staff {
            inputs::of(&decision, &facts, user.time_zone)
        } else {
            Vec::new()
        },
        policy_version: row.policy_version.clone(),
        digest: row.digest.clone(),
        replay: replayed(&policy, &row)?,
        raw: if user.can(Capability::ViewCompliance) {
            vec![
                raw("The attempt", &row.attempt),
                raw("The facts", &row.facts),
                raw("The decision", &row.decision),
            ]
        } else {
            Vec::new()
        },
        timeline: Link::new(
            format!("Timeline of {invoice}"),
            format!("/placements/{placement}?tab=timeline"),
        ),
        is_shortened: !is_staff,
    })
}

fn verdicts(decision: &Decision, is_staff: bool, reader: Tz) -> Vec<RuleVerdict> {
    let zone = decision_words::zone_of(decision);
    decision
        .findings
        .iter()
        .map(|finding| RuleVerdict {
            rule_id: finding.rule.as_str().to_owned(),
            name: finding.rule.info().name.to_owned(),
            result: match finding.severity {
                Severity::Block => RuleResult::Block,
                Severity::Warning => RuleResult::Warning,
                Severity::Reminder => RuleResult::Reminder,
            },
            message: if is_staff {
                finding.message.to_string()
            } else {
                finding.message_public.to_string()
            },
            citation: finding.citation.to_string(),
            clears: told::clears(finding, zone),
            evidence: if is_staff {
                finding
                    .evidence
                    .iter()
                    .map(|it| (it.fact.to_string(), told::evidence(&it.value, reader)))
                    .collect()
            } else {
                Vec::new()
            },
            acknowledged: finding.acknowledged,
        })
        .collect()
}

fn silent(decision: &Decision) -> Vec<Link> {
    catalog()
        .filter(|rule| decision.finding(rule.id).is_none())
        .map(|rule| Link::new(rule.name, format!("/rules/{}", rule.key)))
        .collect()
}

/// Decides again from what is stored.
fn replayed(policy: &Policy, row: &DecisionRow) -> AppResult<Replay> {
    let policy_version: Digest = row.policy_version.parse().map_err(AppError::internal)?;
    let record = Record {
        facts: row.facts.clone(),
        attempt: row.attempt.clone(),
        decision: row.decision.clone(),
        policy_version,
    };
    let digest_holds = sha256_hex(row.decision.as_bytes()) == row.digest;
    Ok(match replay::replay(policy, &record) {
        Ok(again) if again.same && digest_holds => Replay::Same,
        Ok(_) => Replay::Different,
        Err(CannotReplay::OtherPolicy { .. }) => Replay::NotPossible(
            "It was made by an earlier release of this program, which replays it.".to_owned(),
        ),
        Err(CannotReplay::Facts(_) | CannotReplay::Attempt(_) | CannotReplay::Decision(_)) => {
            Replay::NotPossible("What is stored can\u{2019}t be read by this release.".to_owned())
        }
    })
}

fn raw(name: &'static str, text: &str) -> RawText {
    let broken = serde_json::from_str::<Value>(text)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| text.to_owned());
    RawText { name, text: broken }
}
