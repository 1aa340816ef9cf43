//! What every request must pass and every answer must carry.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use super::api::error::ApiError;
use crate::error::AppError;
use crate::keys::random_code;

/// Allows one inline script or style block of this answer and no other.
#[derive(Debug, Clone)]
pub struct Nonce(pub String);

/// What the guard must know of the installation.
#[derive(Debug, Clone)]
pub struct GuardConfig {
    /// `https://forbear.example`, no slash at the end.
    pub origin: String,
    pub https: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpAddr]>,
}

/// Longest a request may take, its body included. The server itself limits only the head.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);

/// Sets the nonce, and adds the security headers to every answer, errors included.
pub async fn header_middleware<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let https = config(&req)?.https;
    let nonce = random_code(22).map_err(AppError::from)?;
    req.extensions_mut().insert(Nonce(nonce.clone()));
    let mut response = next.call(req).await?;
    add_headers(response.headers_mut(), &nonce, https);
    Ok(response)
}

/// Refuses cross-site requests before the body is read, and requests that take too long.
pub async fn middleware<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_machine_path(req.path()) {
        if carries_cookie_of_ours(&req) {
            return Ok(req.error_response(ApiError::cookie()));
        }
    } else if !may_change(&req, &config(&req)?.origin) {
        return Ok(req.error_response(AppError::Forbidden));
    }
    match tokio::time::timeout(LONGEST_REQUEST, next.call(req)).await {
        Ok(response) => response.map(ServiceResponse::map_into_boxed_body),
        Err(_) => Err(actix_web::error::ErrorRequestTimeout("timed out")),
    }
}

pub(super) fn config(req: &ServiceRequest) -> Result<web::Data<GuardConfig>, AppError> {
    req.app_data::<web::Data<GuardConfig>>()
        .cloned()
        .ok_or_else(|| AppError::internal("the guard has no configuration"))
}

/// Paths for programs, which carry a key or a signature and never a cookie. Browsers can't be
/// made to send either across sites.
pub fn is_machine_path(path: &str) -> bool {
    path.starts_with("/v1/") || path.starts_with("/hooks/")
}

/// Whether a request carries one of our own cookies. A browser would send it to the API as well,
/// and a page of somebody else's could make it do so.
fn carries_cookie_of_ours(req: &ServiceRequest) -> bool {
    req.headers()
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.split('=').next())
        .any(|name| {
            let name = name.trim();
            name.strip_prefix("__Host-")
                .unwrap_or(name)
                .starts_with("forbear")
        })
}

/// The link in an email that ends them: mail programs open it with a `POST` of their own (RFC
/// 8058). Whoever has the link may do that one thing, and no cookie is looked at.
fn is_one_click(req: &ServiceRequest) -> bool {
    req.path().starts_with("/u/")
}

/// Whether a request may change anything, judged by what only a browser can set: `Sec-Fetch-Site`
/// where there is one, else `Origin`. A request with neither is refused: every browser that can
/// sign in sends one of them with a form.
fn may_change(req: &ServiceRequest, origin: &str) -> bool {
    if matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS) || is_one_click(req) {
        return true;
    }
    let text = |name: &str| {
        req.headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(from)) => from == origin,
        (None, None) => false,
    }
}

/// Headers that ASVS 5.0 V3.4 asks of every answer.
pub(super) fn add_headers(headers: &mut HeaderMap, nonce: &str, https: bool) {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' \
         'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    // Pages of the dashboard and the portal must not tell other sites their address; the same
    // origin needs it for nothing either.
    set(header::REFERRER_POLICY, "no-referrer");
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    );
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    // What may be kept says so itself; everything else may hold personal data.
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
