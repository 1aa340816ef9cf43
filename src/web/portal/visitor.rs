//! The debtor behind a request: who came in by a link and a code, a short while ago.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::portal::visits::{self, Visit};
use crate::error::{AppError, AppResult};
use crate::web::guard::GuardConfig;
use crate::web::page;

/// A visit that lasts. Only routes with `Access::Portal` have one.
#[derive(Debug, Clone, Copy)]
pub struct Visitor(pub Visit);

impl FromRequest for Visitor {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            req.extensions()
                .get::<Self>()
                .copied()
                .ok_or(AppError::Unauthenticated),
        )
    }
}

/// The visit that a request's cookie opens.
pub async fn of(req: &ServiceRequest) -> AppResult<Option<Visitor>> {
    let missing = || AppError::internal("the server has no context");
    let guard = req
        .app_data::<web::Data<GuardConfig>>()
        .ok_or_else(missing)?;
    let ctx = req
        .app_data::<web::Data<Ctx>>()
        .cloned()
        .ok_or_else(missing)?;
    let Some(key) = key(req.request(), guard) else {
        return Ok(None);
    };
    let visit = blocking(move || visits::find(&ctx, &key)).await?;
    Ok(visit.map(Visitor))
}

/// Where a browser without a visit is sent: a page that names nobody and says how to come back.
pub fn turn_away(req: ServiceRequest) -> ServiceResponse<BoxBody> {
    req.into_response(page::see_other("/p"))
}

/// What the browser's cookie holds.
pub fn key(req: &HttpRequest, guard: &GuardConfig) -> Option<String> {
    req.cookie(cookie_name(guard))
        .map(|cookie| cookie.value().to_owned())
}

/// The cookie of a visit. It is sent with nothing that another site begins, the link in an email
/// included: there the link itself is what counts.
pub fn cookie(guard: &GuardConfig, key: String) -> Cookie<'static> {
    Cookie::build(cookie_name(guard), key)
        .path("/")
        .secure(guard.https)
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish()
}

/// The prefix makes a browser refuse the cookie from any other host or without HTTPS.
fn cookie_name(guard: &GuardConfig) -> &'static str {
    if guard.https {
        "__Host-forbear-portal"
    } else {
        "forbear-portal"
    }
}
