//! What the voice provider tells of its calls, signed with the account's token.

use actix_web::{Error, HttpRequest, HttpResponse, web};

use crate::actions::blocking;
use crate::actions::call_status::{self, Answerer, Stage, Told};
use crate::actions::ctx::Ctx;
use crate::domain::id::{AttemptId, CreditorId};
use crate::domain::voice::VoiceAccount;
use crate::error::AppError;

/// The header with the signature.
const SIGNATURE: &str = "x-twilio-signature";

/// `POST /hooks/voice/status`: how far a call has come, or who answered.
pub async fn status(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    body: web::Bytes,
) -> Result<HttpResponse, Error> {
    let message = Message::admit(&req, &ctx, &body)?;
    let (creditor, attempt) = message.subject()?;
    let told = Told {
        creditor,
        attempt,
        provider_ref: message.name()?,
        stage: message
            .field("CallStatus")
            .and_then(|word| Stage::from_word(word, message.field("SipResponseCode"))),
        answerer: message.field("AnsweredBy").map(Answerer::from_word),
        duration_seconds: message
            .field("CallDuration")
            .and_then(|text| text.parse().ok()),
    };
    let writer = ctx.clone();
    blocking(move || call_status::tell(&writer, &told)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /hooks/voice/answer`: somebody has answered, and the provider asks what to do. The voice
/// agent takes the call, unless contact was stopped while it rang.
pub async fn answer(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    body: web::Bytes,
) -> Result<HttpResponse, Error> {
    let message = Message::admit(&req, &ctx, &body)?;
    let (creditor, attempt) = message.subject()?;
    let told = Told {
        creditor,
        attempt,
        provider_ref: message.name()?,
        stage: Some(Stage::Answered),
        answerer: None,
        duration_seconds: None,
    };
    let writer = ctx.clone();
    let may_connect = blocking(move || {
        call_status::tell(&writer, &told)?;
        call_status::may_connect(&writer, creditor, attempt)
    })
    .await?;
    let what = if may_connect {
        let agent = xml(&message.account.agent_url);
        format!("<Redirect method=\"POST\">{agent}</Redirect>")
    } else {
        "<Hangup/>".to_owned()
    };
    Ok(HttpResponse::Ok()
        .content_type("text/xml; charset=utf-8")
        .body(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{what}</Response>"
        )))
}

/// A message that the provider signed.
struct Message {
    account: std::sync::Arc<VoiceAccount>,
    query: Vec<(String, String)>,
    fields: Vec<(String, String)>,
}

impl Message {
    /// 401 for what the provider did not sign, and where calls are placed by none.
    fn admit(req: &HttpRequest, ctx: &Ctx, body: &[u8]) -> Result<Self, AppError> {
        let account = ctx.voice.clone().ok_or(AppError::Unauthenticated)?;
        let signature = req
            .headers()
            .get(SIGNATURE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let pairs = |bytes: &[u8]| -> Vec<(String, String)> {
            url::form_urlencoded::parse(bytes).into_owned().collect()
        };
        let fields = pairs(body);
        // As the provider was told it, whatever proxy stands between.
        let url = format!("{}{}", ctx.public_url, req.uri());
        if !account.has_signed(&url, &fields, signature) {
            return Err(AppError::Unauthenticated);
        }
        Ok(Self {
            account,
            query: pairs(req.query_string().as_bytes()),
            fields,
        })
    }

    fn field(&self, name: &str) -> Option<&str> {
        find(&self.fields, name)
    }

    /// Which of our calls it is about, as we wrote it into the address.
    fn subject(&self) -> Result<(CreditorId, AttemptId), AppError> {
        let creditor = find(&self.query, "creditor").and_then(|text| text.parse().ok());
        let attempt = find(&self.query, "attempt").and_then(|text| text.parse().ok());
        creditor.zip(attempt).ok_or(AppError::NotFound)
    }

    /// The provider's name of the call.
    fn name(&self) -> Result<String, AppError> {
        self.field("CallSid")
            .filter(|sid| {
                (1..=64).contains(&sid.len())
                    && sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
            .map(str::to_owned)
            .ok_or_else(|| AppError::invalid("CallSid", "The call is not named."))
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
