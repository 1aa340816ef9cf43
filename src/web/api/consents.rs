//! The ledger of permissions: `/v1/placements/{id}/consents`.

use actix_web::{Error, HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answers::{self, Page};
use super::body::Body;
use super::caller::Caller;
use super::error::ApiError;
use super::once::once;
use super::params::Params;
use super::wire::Word;
use crate::actions::blocking;
use crate::actions::consents::{self as actions, GrantInput, Permission, RevokeInput};
use crate::actions::ctx::Ctx;
use crate::actions::idempotency::Answer;
use crate::actions::stops::wait_until_nothing_starts;
use crate::actions::tx::Tx;
use crate::domain::consent::{ConsentKind, GivenTo};
use crate::domain::id::{ConsentId, PlacementId};
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::Medium;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::gate::facts::LocalTime;
use crate::store::consents::{self, Consent};
use crate::store::placement_refs::{self, PlacementRef};

/// What is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Asked {
    /// Calls may be recorded.
    Recording,
    /// A machine may call one number.
    Autodial,
    /// Contact at hours that are otherwise barred.
    Time,
    /// Calls beyond the count.
    Calls,
    /// One call on one day at one time.
    CallBack,
    /// Notices by email.
    Esign,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    kind: Asked,
    /// For `autodial`: a number on file.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    number: Option<PhoneNumber>,
    /// For `esign`: an address on file, or none for every address.
    #[serde(default)]
    address: Option<String>,
    /// For `call_back`: the day.
    #[serde(default)]
    on: Option<NaiveDate>,
    /// For `time` and `call_back`: in the debtor's time, as `HH:MM`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    from: Option<LocalTime>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    to: Option<LocalTime>,
    /// The last day it covers.
    #[serde(default)]
    through_on: Option<NaiveDate>,
    /// For every account of the debtor's, and not for this placement alone.
    #[serde(default)]
    every_placement: bool,
    /// `collector` only with a staff key: a creditor can tell what was given to itself.
    given_to: Word<GivenTo>,
    /// How it was given.
    via: Word<Medium>,
    /// What was said or written, or where that is kept; at most 4,000 characters.
    words: String,
    /// Whether the contact in which it was given kept the rules itself.
    #[serde(default)]
    in_lawful_contact: Option<bool>,
    /// When it was given; now where there is none.
    #[serde(default)]
    received_at: Option<Instant>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RevokeRequest {
    /// How it reached you; `api` where there is none.
    via: Option<Word<Medium>>,
    /// The debtor's words; at most 4,000 characters.
    words: Option<String>,
    /// When it reached you; now where there is none.
    received_at: Option<Instant>,
}

/// One entry of the ledger.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConsentView {
    id: ConsentId,
    kind: Word<ConsentKind>,
    /// None: for every account of the debtor's.
    placement_id: Option<PlacementId>,
    number: Option<String>,
    address: Option<String>,
    /// `HH:MM` in the debtor's time.
    #[schemars(with = "Option<String>")]
    from: Option<LocalTime>,
    #[schemars(with = "Option<String>")]
    to: Option<LocalTime>,
    through_on: Option<NaiveDate>,
    given_to: Word<GivenTo>,
    via: Word<Medium>,
    received_at: Instant,
    in_lawful_contact: Option<bool>,
    /// For staff keys only.
    words: Option<String>,
    reference: Option<String>,
    recorded_by: String,
    created_at: Instant,
    revoked_at: Option<Instant>,
    revoked_via: Option<Word<Medium>>,
    revocation_reference: Option<String>,
}

/// What the gate's form of a permission tells.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Detail {
    from: Option<LocalTime>,
    to: Option<LocalTime>,
    during_compliant_contact: Option<bool>,
}

impl ConsentView {
    fn new(consent: Consent, caller: Caller) -> Self {
        let told: Detail = serde_json::from_str(&consent.detail).unwrap_or_default();
        Self {
            id: consent.id,
            kind: Word(consent.kind),
            placement_id: consent.placement_id,
            number: consent.number.map(|number| number.to_string()),
            address: consent.address,
            from: told.from,
            to: told.to,
            through_on: consent.through_on,
            given_to: Word(consent.given_to),
            via: Word(consent.via),
            received_at: consent.received_at,
            in_lawful_contact: told.during_compliant_contact,
            words: Some(consent.evidence).filter(|_| caller.is_staff()),
            reference: consent.reference,
            recorded_by: consent.recorded_by,
            created_at: consent.created_at,
            revoked_at: consent.revoked_at,
            revoked_via: consent.revoked_via.map(Word),
            revocation_reference: consent.revocation_reference,
        }
    }
}

/// What granting came to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConsentGranted {
    /// What the debtor may quote.
    reference: String,
    /// The same stood on record before this request, which added nothing.
    already_on_record: bool,
    /// The entries under this reference: two for a request to be called back.
    consents: Vec<ConsentView>,
}

/// What taking back came to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConsentRevoked {
    /// What the debtor may quote.
    reference: String,
    /// It had been taken back before this request, which changed nothing.
    already_revoked: bool,
    calls_cancelled: u64,
    consent: ConsentView,
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let mut params = Params::new(req.query_string());
    let slice = params.slice();
    params.finish()?;
    let found = blocking(move || {
        ctx.read(|conn| {
            let of = placement_refs::find(conn, caller.scope(), id)?.ok_or(AppError::NotFound)?;
            Ok(consents::of_debtor(conn, of.creditor_id, of.debtor_id)?)
        })
    })
    .await?;
    let all = found
        .into_iter()
        .map(|consent| ConsentView::new(consent, caller))
        .collect();
    Ok(answers::ok(&Page::cut(all, slice)))
}

pub async fn grant(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<PlacementId>,
    body: Body,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let asked: GrantRequest = body.read()?;
    let permission = permission(&asked)?;
    if !caller.is_staff() && asked.given_to.0 == GivenTo::Collector {
        return Err(ApiError::invalid_member(
            "/given_to",
            "Only the agency can tell what was given to it. A creditor\u{2019}s key records what was given to the creditor.",
        )
        .into());
    }
    let context = ctx.clone();
    once(&req, ctx, caller, &body, move |tx| {
        let of = of(tx, caller, id)?;
        let input = GrantInput {
            creditor: of.creditor_id,
            debtor: of.debtor_id,
            placement: (!asked.every_placement).then_some(id),
            permission,
            given_to: asked.given_to.0,
            via: asked.via.0,
            words: asked.words,
            in_lawful_contact: asked.in_lawful_contact,
            received_at: asked.received_at.unwrap_or(tx.now),
            through_on: asked.through_on,
        };
        let granted = actions::grant_within(&context, tx, &input)?;
        let consents = consents::of_debtor(tx.conn, of.creditor_id, of.debtor_id)
            .map_err(AppError::from)?
            .into_iter()
            .filter(|consent| consent.reference.as_deref() == Some(granted.reference.as_str()))
            .map(|consent| ConsentView::new(consent, caller))
            .collect();
        let status = if granted.already { 200 } else { 201 };
        let answer = ConsentGranted {
            reference: granted.reference,
            already_on_record: granted.already,
            consents,
        };
        Ok(Answer::new(status, &answer)?)
    })
    .await
}

/// Answers only when nothing of the debtor's is starting any more.
pub async fn revoke(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    caller: Caller,
    path: web::Path<(PlacementId, ConsentId)>,
    body: Body,
) -> Result<HttpResponse, Error> {
    let (id, consent) = path.into_inner();
    let asked: RevokeRequest = body.read_or_default()?;
    let context = ctx.clone();
    let answer = once(&req, ctx, caller, &body, move |tx| {
        let of = of(tx, caller, id)?;
        let input = RevokeInput {
            creditor: of.creditor_id,
            debtor: of.debtor_id,
            consent,
            via: asked.via.map_or(Medium::Api, |via| via.0),
            words: asked.words,
            received_at: asked.received_at.unwrap_or(tx.now),
        };
        let revoked = actions::revoke_within(tx, &input)?;
        let entry = consents::find(tx.conn, of.creditor_id, of.debtor_id, consent)
            .map_err(AppError::from)?
            .ok_or(AppError::NotFound)?;
        let answer = ConsentRevoked {
            reference: revoked.reference,
            already_revoked: revoked.already,
            calls_cancelled: u64::try_from(revoked.calls_cancelled).unwrap_or(u64::MAX),
            consent: ConsentView::new(entry, caller),
        };
        Ok(Answer::new(200, &answer)?)
    })
    .await?;
    let reader = context.clone();
    let of = blocking(move || {
        reader
            .read(|conn| placement_refs::find(conn, caller.scope(), id)?.ok_or(AppError::NotFound))
    })
    .await?;
    wait_until_nothing_starts(&context, of.creditor_id, of.debtor_id).await?;
    Ok(answer)
}

fn of(tx: &mut Tx<'_>, caller: Caller, id: PlacementId) -> AppResult<PlacementRef> {
    placement_refs::find(tx.conn, caller.scope(), id)?.ok_or(AppError::NotFound)
}

fn permission(asked: &GrantRequest) -> Result<Permission, ApiError> {
    let hours = || match (asked.from, asked.to) {
        (Some(from), Some(to)) => Ok((from, to)),
        (None, _) => Err(ApiError::invalid_member(
            "/from",
            "Name the hours: from and to.",
        )),
        (Some(_), None) => Err(ApiError::invalid_member(
            "/to",
            "Name the hours: from and to.",
        )),
    };
    Ok(match asked.kind {
        Asked::Recording => Permission::Recording,
        Asked::Calls => Permission::Calls,
        Asked::Autodial => Permission::Autodial(asked.number.ok_or_else(|| {
            ApiError::invalid_member("/number", "Name the number that may be called so.")
        })?),
        Asked::Esign => Permission::Esign(
            asked
                .address
                .as_deref()
                .map(|address| address.trim().to_lowercase()),
        ),
        Asked::Time => {
            let (from, to) = hours()?;
            Permission::Time { from, to }
        }
        Asked::CallBack => {
            let (from, to) = hours()?;
            let on = asked
                .on
                .ok_or_else(|| ApiError::invalid_member("/on", "Name the day."))?;
            Permission::CallBack { on, from, to }
        }
    })
}
