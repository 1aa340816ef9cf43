//! Who calls: the program behind a key, and for which creditor it acts.

use std::future::{Ready, ready};

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{self, HeaderMap};
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, web};

use super::error::ApiError;
use super::rate::{Limits, Quota};
use crate::actions::ctx::Ctx;
use crate::actions::{api_keys, blocking};
use crate::domain::actor::Actor;
use crate::domain::id::{ApiKeyId, CreditorId};
use crate::error::{AppError, AppResult};
use crate::routes::KeyAccess;
use crate::store::{Scope, creditors};

/// Names the creditor that a staff key acts for: its id or its name. A creditor's own key acts
/// for its creditor, whatever this says.
pub const CREDITOR: &str = "x-mc-creditor";

/// The program behind a request.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    pub key: api_keys::Caller,
    /// The creditor acted for; none for a staff key that named none.
    pub creditor: Option<CreditorId>,
}

impl Caller {
    pub fn id(&self) -> ApiKeyId {
        self.key.key
    }

    pub fn actor(&self) -> Actor {
        self.key.actor()
    }

    /// What this program may see.
    pub fn scope(&self) -> Scope {
        match self.creditor {
            Some(creditor) => Scope::Creditor(creditor),
            None => Scope::Agency,
        }
    }

    /// Works for the agency, and so may read what concerns only its staff.
    pub fn is_staff(&self) -> bool {
        self.key.creditor.is_none()
    }

    /// The one creditor acted for, where a request makes sense only for one.
    pub fn one_creditor(&self) -> Result<CreditorId, ApiError> {
        self.creditor.ok_or_else(|| {
            ApiError::bad_header(
                "X-MC-Creditor",
                "This key reaches several creditors: name one by its id or name in X-MC-Creditor.",
            )
        })
    }

    /// Lets only the agency's own keys go on.
    pub fn needs_staff(&self) -> Result<(), ApiError> {
        if self.is_staff() {
            Ok(())
        } else {
            Err(ApiError::forbidden("This needs a staff key."))
        }
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = req.extensions().get::<Self>().copied();
        ready(caller.ok_or_else(|| ApiError::no_key().into()))
    }
}

/// Who was let in or why not, and what is left to the key, if there was one.
pub type Admission = (Option<Quota>, Result<Caller, Error>);

/// Recognises the key of a request, counts the request, and checks that the key allows it.
pub async fn admit(req: &ServiceRequest, needs: KeyAccess) -> Admission {
    match recognise(req).await {
        Ok((caller, quota)) => (Some(quota), judge(caller, quota, needs)),
        Err(error) => (None, Err(error)),
    }
}

async fn recognise(req: &ServiceRequest) -> Result<(Caller, Quota), Error> {
    let key = bearer(req.headers())
        .ok_or_else(ApiError::no_key)?
        .to_owned();
    let named = text(req.headers(), CREDITOR);
    let data = (
        req.app_data::<web::Data<Ctx>>(),
        req.app_data::<web::Data<Limits>>(),
    );
    let (Some(ctx), Some(limits)) = data else {
        return Err(AppError::internal("the API has no context").into());
    };
    let ctx = ctx.clone();
    let now = ctx.now();
    let found = blocking(move || {
        let key = api_keys::authenticate(&ctx, &key)?;
        let creditor = match (key.creditor, named) {
            (Some(own), _) => Ok(Some(own)),
            (None, None) => Ok(None),
            (None, Some(named)) => find_creditor(&ctx, &named)?.map(Some).ok_or(()),
        };
        Ok((key, creditor))
    })
    .await;
    let (key, creditor) = match found {
        Err(AppError::Unauthenticated) => return Err(ApiError::no_key().into()),
        other => other?,
    };
    let quota = limits.take(key.key, now);
    let creditor = creditor.map_err(|()| {
        ApiError::bad_header(
            "X-MC-Creditor",
            "X-MC-Creditor names no creditor that this key reaches.",
        )
    })?;
    Ok((Caller { key, creditor }, quota))
}

fn judge(caller: Caller, quota: Quota, needs: KeyAccess) -> Result<Caller, Error> {
    if !quota.allowed {
        return Err(AppError::TooMany {
            retry_after_seconds: quota.retry_after_seconds,
        }
        .into());
    }
    match needs {
        KeyAccess::Write if !caller.key.access.may_write() => Err(ApiError::forbidden(
            "This key may only read. Changing something needs a key with full access.",
        )
        .into()),
        KeyAccess::Read | KeyAccess::Write => Ok(caller),
    }
}

fn find_creditor(ctx: &Ctx, named: &str) -> AppResult<Option<CreditorId>> {
    ctx.read(|conn| {
        let found = match named.parse() {
            Ok(id) => creditors::by_id(conn, id)?,
            Err(_) => creditors::by_name(conn, named)?,
        };
        Ok(found.map(|creditor| creditor.id))
    })
}

/// The key in `Authorization: Bearer …`. The scheme may be in any case (RFC 9110, 11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(key.trim_start_matches(' '))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}
