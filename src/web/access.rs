//! Who is asking, and whether this route is theirs to use.

use std::future::{Ready, ready};

use actix_session::SessionExt;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::api::not_done::{self, NotDone};
use super::api::{caller, voice};
use super::portal::visitor;
use super::session_store::PERSON;
use crate::db::DbConn;
use crate::domain::access::{Capability, Role};
use crate::domain::actor::Actor;
use crate::domain::id::{CreditorId, UserId};
use crate::error::{AppError, AppResult};
use crate::routes::{self, Access, KeyAccess};
use crate::store::{Scope, alerts, users};

/// The person behind a request. Role and creditor are read anew for each request, so a change of
/// them takes effect at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// Set exactly for the people of a creditor.
    pub creditor: Option<CreditorId>,
    pub creditor_name: Option<String>,
    pub time_zone: Tz,
    /// Somebody else knows the password: until another is chosen, nothing else is done.
    pub must_choose_password: bool,
    /// Alerts that nobody has taken up, for staff who may see them; beyond [`SHOWN_ALERTS`] one more.
    pub open_alerts: u32,
}

/// So many open alerts are told exactly.
pub const SHOWN_ALERTS: u32 = 999;

impl SignedIn {
    /// The person of this id, if they may still sign in.
    pub(super) fn load(conn: &mut DbConn, id: UserId) -> AppResult<Option<Self>> {
        let Some((user, creditor_name)) = users::by_id(conn, id)? else {
            return Ok(None);
        };
        if !user.active {
            return Ok(None);
        }
        let sees_alerts = user.creditor_id.is_none() && user.role.can(Capability::ViewCompliance);
        let open_alerts = if sees_alerts {
            alerts::count_active(conn, i64::from(SHOWN_ALERTS) + 1)?
        } else {
            0
        };
        Ok(Some(Self {
            id: user.id,
            name: user.name,
            email: user.email,
            role: user.role,
            creditor: user.creditor_id,
            creditor_name,
            time_zone: user.time_zone.parse().unwrap_or(chrono_tz::UTC),
            must_choose_password: user.password_is_temporary,
            open_alerts,
        }))
    }

    pub fn actor(&self) -> Actor {
        Actor::User(self.id)
    }

    /// What this person may see.
    pub fn scope(&self) -> Scope {
        match self.creditor {
            Some(creditor) => Scope::Creditor(creditor),
            None => Scope::Agency,
        }
    }

    pub fn can(&self, capability: Capability) -> bool {
        self.role.can(capability)
    }
}

impl FromRequest for SignedIn {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            req.extensions()
                .get::<Self>()
                .cloned()
                .ok_or(AppError::Unauthenticated),
        )
    }
}

/// Lets a request through to its handler only as the table of routes says.
pub async fn middleware<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let access = req
        .match_pattern()
        .and_then(|pattern| routes::access(req.method(), &pattern));
    match access {
        // No such route, or no such method on it: the router answers 404 or 405, unless it is
        // something that the public client may well ask for.
        None => {
            if let Some(known) = not_done::find(req.method(), req.path()) {
                return not_done(req, known).await;
            }
        }
        Some(Access::Public | Access::Provider) => {}
        Some(Access::Portal) => {
            let visitor = match visitor::of(&req).await {
                Ok(Some(visitor)) => visitor,
                Ok(None) => return Ok(visitor::turn_away(req)),
                Err(error) => return Ok(req.error_response(error)),
            };
            req.extensions_mut().insert(visitor);
        }
        Some(Access::Key(needs)) => return with_key(req, next, needs).await,
        Some(Access::Needs(capability)) => {
            let Some(user) = signed_in(&req) else {
                return Ok(ask_to_sign_in(req));
            };
            if !user.can(capability) {
                return Ok(req.error_response(AppError::Forbidden));
            }
            if user.must_choose_password && !is_on_the_way_to_a_password(&req) {
                return Ok(ask_for_a_password(req));
            }
            req.extensions_mut().insert(user);
        }
    }
    Ok(next.call(req).await?.map_into_boxed_body())
}

/// Lets a program through whose key allows this, and tells it what is left of its quota.
async fn with_key<B: MessageBody + 'static>(
    mut req: ServiceRequest,
    next: Next<B>,
    needs: KeyAccess,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (quota, admitted) = caller::admit(&req, needs).await;
    let mut response = match admitted {
        Ok(caller) => {
            req.extensions_mut().insert(caller);
            next.call(req).await?.map_into_boxed_body()
        }
        Err(error) => {
            if error.as_response_error().status_code() == StatusCode::UNAUTHORIZED {
                voice::keep_unproven(&mut req).await;
            }
            req.error_response(error)
        }
    };
    if let Some(quota) = quota {
        quota.add_headers(response.headers_mut());
    }
    Ok(response)
}

/// The page on which a password is chosen, and the way out.
const SECURITY: &str = "/settings/security";

fn is_on_the_way_to_a_password(req: &ServiceRequest) -> bool {
    matches!(
        req.path(),
        SECURITY | "/settings/security/password" | "/sign-out"
    )
}

fn ask_for_a_password(req: ServiceRequest) -> ServiceResponse<BoxBody> {
    if *req.method() != Method::GET {
        return req.error_response(AppError::Forbidden);
    }
    req.into_response(super::page::see_other(SECURITY))
}

/// Says to whoever has a key that this is not done here.
async fn not_done(
    req: ServiceRequest,
    known: &'static NotDone,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (quota, admitted) = caller::admit(&req, KeyAccess::Read).await;
    let mut response = match admitted {
        Ok(_) => req.error_response(known.error()),
        Err(error) => req.error_response(error),
    };
    if let Some(quota) = quota {
        quota.add_headers(response.headers_mut());
    }
    Ok(response)
}

/// A page sends the browser to sign in and back; anything else is refused.
fn ask_to_sign_in(req: ServiceRequest) -> ServiceResponse<BoxBody> {
    if *req.method() != Method::GET {
        return req.error_response(AppError::Unauthenticated);
    }
    let target = req
        .uri()
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("next", target)
        .finish();
    let response = HttpResponse::SeeOther()
        .insert_header((header::LOCATION, format!("/sign-in?{query}")))
        .finish();
    req.into_response(response)
}

/// The signed-in person, if the session names one who may still sign in.
fn signed_in(req: &ServiceRequest) -> Option<SignedIn> {
    req.get_session().get::<SignedIn>(PERSON).ok().flatten()
}
