//! `/p/allowed`: what a debtor has allowed, each with a button that takes it back.

use actix_web::{HttpResponse, web};

use super::account::{day_of, load, moment};
use super::frame::Frame;
use super::visitor::Visitor;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::portal::wishes;
use crate::domain::consent::ConsentKind;
use crate::domain::id::ConsentId;
use crate::error::{AppError, AppResult};
use crate::gate::facts::LocalTime;
use crate::store::consents::Consent;
use crate::web::page;
use crate::web::view::portal::{PortalAllowed, PortalAllowedPage, PortalReceiptPage};
use crate::web::view::portal_words::Words;

pub async fn show(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
) -> AppResult<HttpResponse> {
    let account = load(&ctx, visitor, &mut frame).await?;
    let consents = blocking(move || wishes::consents(&ctx, &visitor.0)).await?;
    let words = frame.words();
    let line = |consent: &Consent| {
        let since = day_of(words, &account.facts, consent.received_at);
        PortalAllowed {
            what: what(words, consent),
            when: match consent.revoked_at {
                None => words.allowed.given.replace("{date}", &since),
                Some(at) => words
                    .allowed
                    .ended_on
                    .replace("{date}", &day_of(words, &account.facts, at))
                    .replace(
                        "{reference}",
                        consent
                            .revocation_reference
                            .as_deref()
                            .unwrap_or("\u{2013}"),
                    ),
            },
            action: format!("/p/allowed/{}", consent.id),
        }
    };
    let (ended, standing): (Vec<&Consent>, Vec<&Consent>) = consents
        .iter()
        .partition(|consent| consent.revoked_at.is_some());
    frame.ok(&PortalAllowedPage {
        shell: frame.inside(words.allowed.title),
        standing: standing.into_iter().map(line).collect(),
        ended: ended.into_iter().map(line).collect(),
        back_href: "/p/account".to_owned(),
    })
}

/// `POST /p/allowed/{consent}`: taken back when this answers; a second press finds the first.
pub async fn take_back(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    consent: web::Path<ConsentId>,
) -> AppResult<HttpResponse> {
    let revoked = wishes::take_back(&ctx, &visitor.0, consent.into_inner()).await?;
    if revoked.reference.is_empty() {
        return Ok(page::see_other("/p/allowed"));
    }
    Ok(page::see_other(&format!(
        "/p/allowed/taken-back/{}",
        revoked.reference
    )))
}

pub async fn receipt(
    mut frame: Frame,
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    reference: web::Path<String>,
) -> AppResult<HttpResponse> {
    let account = load(&ctx, visitor, &mut frame).await?;
    let reference = reference.into_inner();
    let asked = reference.clone();
    let ended = blocking(move || wishes::taken_back(&ctx, &visitor.0, &asked)).await?;
    let words = frame.words();
    let at = ended
        .iter()
        .filter_map(|consent| consent.revoked_at)
        .max()
        .ok_or(AppError::NotFound)?;
    let mut told: Vec<String> = ended.iter().map(|consent| what(words, consent)).collect();
    told.dedup();
    frame.ok(&PortalReceiptPage {
        shell: frame.inside(words.allowed.title),
        heading: words.allowed.done,
        sentences: vec![
            words
                .allowed
                .sentence
                .replace("{what}", &told.join("; "))
                .replace("{time}", &moment(words, &account.facts, at)),
        ],
        reference,
        next: words.allowed.next,
        home_href: "/p/account".to_owned(),
    })
}

/// What is allowed, with the number, the address or the hours.
fn what(words: &Words, consent: &Consent) -> String {
    let told = match consent.kind {
        ConsentKind::Recording => words.allowed.recording,
        ConsentKind::Autodial => words.allowed.autodial,
        ConsentKind::Time => words.allowed.time,
        ConsentKind::Calls => words.allowed.calls,
        ConsentKind::Esign => words.allowed.esign,
    };
    let detail: serde_json::Value = serde_json::from_str(&consent.detail).unwrap_or_default();
    let hour = |name: &str| LocalTime::parse(detail.get(name)?.as_str()?);
    let hours = match (hour("from"), hour("to")) {
        (Some(from), Some(to)) => Some(format!("{from}\u{2013}{to}")),
        (_, _) => None,
    };
    let limits: Vec<String> = [
        consent.number.map(|number| number.display_national()),
        consent.address.clone(),
        hours,
    ]
    .into_iter()
    .flatten()
    .collect();
    if limits.is_empty() {
        told.to_owned()
    } else {
        format!("{told}: {}", limits.join(", "))
    }
}
