//! `/rules/recording-consent/states`: who must agree before a call is recorded, state by state.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::{review, shell, values};
use crate::actions::ctx::Ctx;
use crate::actions::{blocking, policies};
use crate::error::AppResult;
use crate::gate::RuleId;
use crate::web::page;
use crate::web::view::rule::{RecordingConsentPage, RecordingGroup};

/// `GET /rules/recording-consent/states`.
pub async fn recording_consent(req: HttpRequest, ctx: web::Data<Ctx>) -> AppResult<HttpResponse> {
    let reader = ctx.clone();
    let policy = blocking(move || policies::current(&reader)).await?;
    let today = ctx.now().as_naive_utc().date();
    let entries = RuleId::RecordingConsent.entries(&policy);
    let group = |key, name, sentence, asks: Value| RecordingGroup {
        key,
        name,
        sentence,
        places: entries
            .iter()
            .filter(|entry| entry.value == asks)
            .map(|entry| values::parameter(&policy, entry, today))
            .collect(),
    };
    page::ok(&RecordingConsentPage {
        shell: shell(&req, "Recording consent by state"),
        groups: vec![
            group(
                "all",
                values::recording(Some(true)),
                "A call is recorded only after each person on it has agreed.",
                Value::Bool(true),
            ),
            group(
                "unverified",
                values::recording(None),
                "We have not read these places\u{2019} law, so a call is recorded only after each \
                 person on it has agreed.",
                Value::Null,
            ),
            group(
                "one",
                values::recording(Some(false)),
                "The federal rule holds: one person on the call agrees, who may be the caller.",
                Value::Bool(false),
            ),
        ],
        review: review(&policy, entries.iter().copied()),
    })
}
