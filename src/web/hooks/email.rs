//! `POST /hooks/email/inbound` and `POST /hooks/email/events`: Postmark hands us what debtors wrote
//! and what became of our mail.

use actix_web::http::header;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::{replies, suppressions};
use crate::domain::hash::sha256_hex;
use crate::error::AppError;
use crate::intake::message::postmark::PostmarkMessage;
use crate::web::api::error::ApiError;

/// The largest message that is taken, in bytes: files of 10 MB grow by a third on the way.
const LARGEST_MESSAGE: usize = 40 * 1024 * 1024;

/// `POST /hooks/email/inbound`.
pub async fn inbound(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    admit(&req, &ctx)?;
    let raw = read(payload).await?;
    let message: PostmarkMessage = serde_json::from_value(raw.clone())
        .map_err(|_| AppError::invalid("body", "This is not a message of the provider's."))?;
    let received = replies::receive(&ctx, message, raw).await?;
    Ok(HttpResponse::Ok().json(json!({
        "id": received.id,
        "status": received.status,
        "repeated": received.again,
    })))
}

/// What the provider tells about a mail of ours.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct MailEvent {
    record_type: String,
    /// Of a bounce: `HardBounce`, `SoftBounce`, `SpamComplaint` and others.
    r#type: String,
    /// Of a bounce and a complaint.
    email: String,
    /// Of a change of subscription.
    recipient: String,
    suppress_sending: bool,
    suppression_reason: String,
}

/// `POST /hooks/email/events`.
pub async fn events(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    admit(&req, &ctx)?;
    let raw = read(payload).await?;
    let event: MailEvent = serde_json::from_value(raw)
        .map_err(|_| AppError::invalid("body", "This is not an event of the provider's."))?;
    let address = if event.email.is_empty() {
        event.recipient.to_lowercase()
    } else {
        event.email.to_lowercase()
    };
    let what = match (event.record_type.as_str(), event.r#type.as_str()) {
        ("Bounce", "HardBounce" | "BadEmailAddress") => Some(suppressions::Told::Bounce),
        ("Bounce", "SpamComplaint" | "SpamNotification") | ("SpamComplaint", _) => {
            Some(suppressions::Told::Complaint)
        }
        ("SubscriptionChange", _) if event.suppress_sending => {
            Some(match event.suppression_reason.as_str() {
                "HardBounce" => suppressions::Told::Bounce,
                "SpamComplaint" => suppressions::Told::Complaint,
                _ => suppressions::Told::Unsubscribed,
            })
        }
        // A soft bounce, a delivery, an opening: nothing follows.
        _ => None,
    };
    let debtors = match what {
        Some(what) if !address.is_empty() => suppressions::told(&ctx, &address, what).await?,
        _ => 0,
    };
    Ok(HttpResponse::Ok().json(json!({"debtors": debtors})))
}

/// The password of the basic authentication must be the secret of the settings; the name may be
/// anything. Hashes are compared, so that not even the length shows.
fn admit(req: &HttpRequest, ctx: &Ctx) -> Result<(), AppError> {
    let said = req
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|value| STANDARD.decode(value.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|pair| {
            pair.split_once(':')
                .map(|(_, password)| password.to_owned())
        });
    match (&ctx.inbound_secret, said) {
        (Some(secret), Some(said))
            if bool::from(
                sha256_hex(secret.as_bytes())
                    .as_bytes()
                    .ct_eq(sha256_hex(said.as_bytes()).as_bytes()),
            ) =>
        {
            Ok(())
        }
        _ => Err(AppError::Unauthenticated),
    }
}

/// The body as JSON, up to the limit. Read only after the caller has proved who it is.
async fn read(mut payload: web::Payload) -> Result<Value, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(AppError::internal)?;
        if body.len() + chunk.len() > LARGEST_MESSAGE {
            return Err(ApiError::too_large(LARGEST_MESSAGE).into());
        }
        body.extend_from_slice(&chunk);
    }
    blocking(move || {
        serde_json::from_slice(&body)
            .map_err(|_| AppError::invalid("body", "The message is not JSON."))
    })
    .await
    .map_err(Error::from)
}
