//! `/rules/{id}`: one rule, with the values of the active policy that it reads.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{families, review, shell, values};
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, policies};
use crate::error::{AppError, AppResult};
use crate::gate::RuleId;
use crate::web::page;
use crate::web::view::part::Link;
use crate::web::view::rule::{RulePage, RuleParameter};

/// `GET /rules/{id}`.
pub async fn show(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    id: web::Path<String>,
) -> AppResult<HttpResponse> {
    let rule: RuleId = id.parse().map_err(|_| AppError::NotFound)?;
    let info = rule.info();
    let reader = ctx.clone();
    let policy = blocking(move || policies::current(&reader)).await?;
    let today = ctx.now().as_naive_utc().date();
    let entries = rule.entries(&policy);
    let rows = |adds_nothing: bool| -> Vec<RuleParameter> {
        entries
            .iter()
            .filter(|entry| values::adds_nothing(entry) == adds_nothing)
            .map(|entry| values::parameter(&policy, entry, today))
            .collect()
    };
    let (family, family_name) = families::of(info.category);
    page::ok(&RulePage {
        shell: shell(&req, info.name),
        id: info.key.to_owned(),
        name: info.name.to_owned(),
        family: Link::new(family_name, format!("/rules?family={family}")),
        strength: families::strength(info.strength).1.to_owned(),
        summary: info.sentence.to_owned(),
        clears: info.clears.to_owned(),
        exceptions: info.exceptions.iter().map(|it| (*it).to_owned()).collect(),
        citations: info.citation.split("; ").map(super::capitalised).collect(),
        more: more(rule),
        parameters: rows(false),
        elsewhere: rows(true),
        review: review(&policy, entries.iter().copied()),
    })
}

fn more(rule: RuleId) -> Vec<Link> {
    if rule == RuleId::RecordingConsent {
        vec![Link::new(
            "Recording consent by state",
            "/rules/recording-consent/states",
        )]
    } else {
        Vec::new()
    }
}
