//! `/rules`: every rule by family, narrowed by what stands in the address.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::families::{self, FAMILIES, STRENGTHS};
use super::{review, shell};
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, policies};
use crate::domain::text::folded;
use crate::error::AppResult;
use crate::gate::rules::{RuleInfo, catalog};
use crate::web::page;
use crate::web::view::form::Choices;
use crate::web::view::rule::{RuleFamily, RuleLine, RuleListPage};

/// What the address narrows the list to. What can't be read is as if it weren't there.
#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    q: String,
    #[serde(default)]
    family: String,
    #[serde(default)]
    strength: String,
}

impl Params {
    fn admits(&self, rule: &RuleInfo) -> bool {
        let family = FAMILIES.iter().find(|(_, key, _)| *key == self.family);
        let strength = STRENGTHS.iter().find(|(_, key, ..)| *key == self.strength);
        let text = folded(&format!(
            "{} {} {} {} {}",
            rule.key,
            rule.name,
            rule.sentence,
            rule.citation,
            rule.exceptions.join(" ")
        ));
        family.is_none_or(|(category, _, _)| *category == rule.category)
            && strength.is_none_or(|(strength, ..)| *strength == rule.strength)
            && folded(&self.q).split(' ').all(|word| text.contains(word))
    }
}

/// `GET /rules`.
pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    params: web::Query<Params>,
) -> AppResult<HttpResponse> {
    let reader = ctx.clone();
    let policy = blocking(move || policies::current(&reader)).await?;
    let found: Vec<&RuleInfo> = catalog().filter(|rule| params.admits(rule)).collect();
    let families = FAMILIES
        .iter()
        .map(|(category, key, name)| RuleFamily {
            key: (*key).to_owned(),
            name,
            rules: found
                .iter()
                .filter(|rule| rule.category == *category)
                .map(|rule| line(rule))
                .collect(),
        })
        .filter(|family| !family.rules.is_empty())
        .collect();
    page::ok(&RuleListPage {
        shell: shell(&req, "Rules"),
        query: params.q.trim().chars().take(100).collect(),
        family: Choices::new(
            "family",
            FAMILIES.iter().map(|(_, key, name)| (*key, *name)),
            &params.family,
        ),
        strength: Choices::new(
            "strength",
            STRENGTHS.iter().map(|(_, key, short, _)| (*key, *short)),
            &params.strength,
        ),
        shown: found.len(),
        total: catalog().count(),
        families,
        policy: review(&policy, policy.entries().iter()),
    })
}

fn line(rule: &RuleInfo) -> RuleLine {
    RuleLine {
        id: rule.key,
        name: rule.name,
        sentence: rule.sentence,
        strength: families::strength(rule.strength).0,
        citation: rule.citation,
    }
}
