//! `POST /v1/voice/tools/…`: what the voice agent captures while it talks.

use actix_web::dev::ServiceRequest;
use actix_web::{Error, HttpResponse, web};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::answers;
use super::body::Body;
use super::caller::Caller;
use super::error::ApiError;
use super::once::REPLAYED;
use super::voice_words;
use super::wire::Word;
use crate::actions::blocking;
use crate::actions::ctx::Ctx;
use crate::actions::flags::Learned;
use crate::actions::voice_tools::{self, Done, Ran, Said, Tool, ToolUse};
use crate::domain::consent::ConsentKind;
use crate::domain::id::{DisputeId, PlacementId};
use crate::domain::language::Language;
use crate::domain::money::Cents;
use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::gate::facts::LocalTime;

/// The longest id of a call or of a use, in characters.
const LONGEST_ID: usize = 128;

/// The longest name, firm, court or case number, in characters.
const LONGEST_NAME: usize = 200;

/// How far ahead a promise may lie, in days.
const FURTHEST_PROMISE: i64 = 366;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolRequest<T> {
    /// The call: our id of it, or the provider's.
    call_id: String,
    /// The agent's own id of this use of the tool: the same again does nothing again.
    tool_call_id: String,
    /// Needed only for a call that Forbear did not place.
    #[serde(default)]
    placement_id: Option<PlacementId>,
    /// Of the sentence to say: `en` or `es`.
    #[serde(default)]
    language: Option<Word<Language>>,
    arguments: T,
}

/// What came of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ToolAnswer {
    tool: Word<Tool>,
    call_id: String,
    tool_call_id: String,
    placement_id: String,
    /// What the caller may be told, word for word. Everything it says is done already.
    say: String,
    /// What the debtor may quote of a request to stop.
    reference: Option<String>,
    /// What stopped at the debtor's request: `call`, `email` or `all`.
    stopped: Option<String>,
    /// What is on record now: `attorney`, `bankruptcy`, `deceased`.
    flags: Vec<String>,
    dispute_id: Option<DisputeId>,
    sequences_stopped: usize,
    calls_cancelled: usize,
    /// Contact waits until a person has decided what the words mean.
    held: bool,
}

/// What one tool takes.
pub trait Arguments: DeserializeOwned + JsonSchema + 'static {
    const TOOL: Tool;

    /// What was said by it; 422 for what can't be.
    fn heard(self, now: Instant) -> Result<Heard, ApiError>;
}

/// Arguments that were checked.
#[derive(Debug)]
pub struct Heard {
    said: Vec<Said>,
    requester: Requester,
    words: Option<String>,
    /// What of it names nobody.
    told: Value,
}

impl Heard {
    fn new(said: Vec<Said>, words: Option<String>, told: Value) -> Self {
        Self {
            said,
            requester: Requester::Debtor,
            words: words.filter(|words| !words.trim().is_empty()),
            told,
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cease {
    /// Unqualified words such as "stop contacting me" mean `all`.
    scope: Word<StopScope>,
    /// `debtor`, `attorney` or `other`; `debtor` where it is left out.
    #[serde(default)]
    requester: Option<Word<Requester>>,
    /// What was said, word for word.
    #[serde(default)]
    words: Option<String>,
}

impl Arguments for Cease {
    const TOOL: Tool = Tool::CaptureCease;

    fn heard(self, _: Instant) -> Result<Heard, ApiError> {
        let told = json!({"scope": self.scope.0.as_str()});
        Ok(Heard {
            requester: self.requester.map_or(Requester::Debtor, |word| word.0),
            ..Heard::new(vec![Said::Stop(self.scope.0)], self.words, told)
        })
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// The debt is disputed. Where it is left out, it is unless one of the next three is true.
    #[serde(default)]
    disputed: Option<bool>,
    /// The debtor asked not to be called any more; so do the next two.
    #[serde(default)]
    cease_call: bool,
    #[serde(default)]
    stop_calling: bool,
    #[serde(default)]
    do_not_call: bool,
    /// What was said, word for word.
    #[serde(default)]
    text: Option<String>,
}

impl Arguments for Flag {
    const TOOL: Tool = Tool::FlagDispute;

    fn heard(self, _: Instant) -> Result<Heard, ApiError> {
        let stops = self.cease_call || self.stop_calling || self.do_not_call;
        let disputed = self.disputed.unwrap_or(!stops);
        if !stops && !disputed {
            return Err(ApiError::invalid_member(
                "/arguments",
                "Say what was asked: a dispute, or that calls stop.",
            ));
        }
        let mut said = Vec::new();
        if stops {
            said.push(Said::Stop(StopScope::Call));
        }
        if disputed {
            said.push(Said::Dispute(None));
        }
        let told = json!({
            "disputed": disputed,
            "cease_call": self.cease_call,
            "stop_calling": self.stop_calling,
            "do_not_call": self.do_not_call,
        });
        Ok(Heard::new(said, self.text, told))
    }
}

/// Why a debt is disputed.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeReason {
    NotMine,
    WrongAmount,
    AlreadyPaid,
    Other,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    #[serde(default)]
    reason: Option<DisputeReason>,
    /// What was said, word for word.
    #[serde(default)]
    words: Option<String>,
}

impl Arguments for Dispute {
    const TOOL: Tool = Tool::CaptureDispute;

    fn heard(self, _: Instant) -> Result<Heard, ApiError> {
        let reason = self.reason.map(|reason| {
            match reason {
                DisputeReason::NotMine => "not_mine",
                DisputeReason::WrongAmount => "wrong_amount",
                DisputeReason::AlreadyPaid => "already_paid",
                DisputeReason::Other => "other",
            }
            .to_owned()
        });
        let told = json!({"reason": reason});
        Ok(Heard::new(vec![Said::Dispute(reason)], self.words, told))
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attorney {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    firm: Option<String>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    phone: Option<PhoneNumber>,
    /// What was said, word for word.
    #[serde(default)]
    words: Option<String>,
}

impl Arguments for Attorney {
    const TOOL: Tool = Tool::CaptureAttorney;

    fn heard(self, _: Instant) -> Result<Heard, ApiError> {
        let learned = Learned::Attorney {
            name: short("/arguments/name", self.name)?,
            firm: short("/arguments/firm", self.firm)?,
            phone: self.phone,
        };
        Ok(Heard::new(
            vec![Said::Learned(learned)],
            self.words,
            json!({}),
        ))
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bankruptcy {
    /// Of title 11: 7, 9, 11, 12, 13 or 15.
    #[serde(default)]
    chapter: Option<u8>,
    #[serde(default)]
    case_number: Option<String>,
    #[serde(default)]
    court: Option<String>,
    #[serde(default)]
    filed_on: Option<NaiveDate>,
    /// What was said, word for word.
    #[serde(default)]
    words: Option<String>,
}

impl Arguments for Bankruptcy {
    const TOOL: Tool = Tool::CaptureBankruptcy;

    fn heard(self, _: Instant) -> Result<Heard, ApiError> {
        if let Some(chapter) = self.chapter
            && !matches!(chapter, 7 | 9 | 11 | 12 | 13 | 15)
        {
            return Err(ApiError::invalid_member(
                "/arguments/chapter",
                "A case is under chapter 7, 9, 11, 12, 13 or 15.",
            ));
        }
        let told = json!({"chapter": self.chapter, "filed_on": self.filed_on});
        let learned = Learned::Bankruptcy {
            chapter: self.chapter,
            case_number: short("/arguments/case_number", self.case_number)?,
            court: short("/arguments/court", self.court)?,
            filed_on: self.filed_on,
        };
        Ok(Heard::new(vec![Said::Learned(learned)], self.words, told))
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deceased {
    /// What was said, word for word.
    #[serde(default)]
    words: Option<String>,
}

impl Arguments for Deceased {
    const TOOL: Tool = Tool::CaptureDeceased;

    fn heard(self, _: Instant) -> Result<Heard, ApiError> {
        let said = vec![Said::Learned(Learned::Deceased)];
        Ok(Heard::new(said, self.words, json!({})))
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    amount: Cents,
    /// Today or later, within a year.
    due_on: NaiveDate,
    /// What was said, word for word.
    #[serde(default)]
    words: Option<String>,
}

impl Arguments for Promise {
    const TOOL: Tool = Tool::CapturePtp;

    fn heard(self, now: Instant) -> Result<Heard, ApiError> {
        if self.amount.get() <= 0 {
            return Err(ApiError::invalid_member(
                "/arguments/amount",
                "Promise more than nothing.",
            ));
        }
        // The day may be another one where the debtor lives.
        let yesterday = now.minus(chrono::Duration::days(1)).date_in(chrono_tz::UTC);
        let ahead = self.due_on.signed_duration_since(yesterday).num_days();
        if !(0..=FURTHEST_PROMISE + 1).contains(&ahead) {
            return Err(ApiError::invalid_member(
                "/arguments/due_on",
                "Name a day from today on, within a year.",
            ));
        }
        let told = json!({"amount": self.amount, "due_on": self.due_on});
        let said = Said::Promise {
            amount: self.amount,
            due_on: self.due_on,
        };
        Ok(Heard::new(vec![said], self.words, told))
    }
}

/// What is permitted.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Calls beyond the federal counts.
    Calls,
    /// Contact at a time outside the usual hours.
    Time,
    /// That the call is recorded.
    Recording,
    /// Calls to a number by an autodialler or a prerecorded voice.
    Autodial,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    kind: Permission,
    /// Needed for `autodial`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    number: Option<PhoneNumber>,
    /// For `time`: from when and until when, in the debtor's time, as `HH:MM`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    from: Option<LocalTime>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    to: Option<LocalTime>,
    /// The last day it covers.
    #[serde(default)]
    through_on: Option<NaiveDate>,
    /// What was said, word for word.
    #[serde(default)]
    words: Option<String>,
}

impl Arguments for Consent {
    const TOOL: Tool = Tool::CaptureConsent;

    fn heard(self, _: Instant) -> Result<Heard, ApiError> {
        let kind = match self.kind {
            Permission::Calls => ConsentKind::Calls,
            Permission::Time => ConsentKind::Time,
            Permission::Recording => ConsentKind::Recording,
            Permission::Autodial => ConsentKind::Autodial,
        };
        if matches!(self.kind, Permission::Autodial) && self.number.is_none() {
            return Err(ApiError::invalid_member(
                "/arguments/number",
                "Name the number that may be called so.",
            ));
        }
        if matches!(self.kind, Permission::Time) && (self.from.is_none() || self.to.is_none()) {
            return Err(ApiError::invalid_member(
                "/arguments/from",
                "Name the hours: from and to.",
            ));
        }
        let told = json!({"kind": kind.as_str(), "from": self.from, "to": self.to, "through_on": self.through_on});
        let said = Said::Consent(voice_tools::Consent {
            kind,
            number: self.number,
            from: self.from,
            to: self.to,
            through_on: self.through_on,
        });
        Ok(Heard::new(vec![said], self.words, told))
    }
}

pub async fn run<T: Arguments>(
    ctx: web::Data<Ctx>,
    caller: Caller,
    body: Body,
) -> Result<HttpResponse, Error> {
    caller.needs_staff()?;
    let asked: ToolRequest<T> = body.read()?;
    let raw: Value = body.read()?;
    let call = id("/call_id", asked.call_id)?;
    let tool_call = id("/tool_call_id", asked.tool_call_id)?;
    let heard = asked.arguments.heard(ctx.now())?;
    let told = match heard.told {
        Value::Object(told) => told,
        _ => Map::new(),
    };
    let used = ToolUse {
        scope: caller.scope(),
        tool: T::TOOL,
        call: call.clone(),
        tool_call: tool_call.clone(),
        placement: asked.placement_id,
        requester: heard.requester,
        said: heard.said,
        words: heard.words,
        told,
        raw: raw.get("arguments").cloned().unwrap_or_default(),
        request_hash: body.sha256(),
    };
    let (done, again) = match voice_tools::run(&ctx, caller.actor(), used).await? {
        Ran::Done(done) => (done, false),
        Ran::Before(done) => (done, true),
        Ran::Reused => return Err(ApiError::key_reused().into()),
        Ran::Running => return Err(ApiError::still_running().into()),
    };
    let language = asked.language.map_or(Language::English, |word| word.0);
    let mut response = answers::ok(&answer(T::TOOL, call, tool_call, language, done));
    if again {
        response.headers_mut().insert(
            REPLAYED,
            actix_web::http::header::HeaderValue::from_static("true"),
        );
    }
    Ok(response)
}

/// Keeps what was sent to a tool without a good key: the call may have been ours, and the debtor
/// may have asked to stop. The answer stays the same 401.
pub async fn keep_unproven(req: &mut ServiceRequest) {
    if !req.path().starts_with("/v1/voice/tools/") {
        return;
    }
    let (Some(ctx), Ok(body)) = (
        req.app_data::<web::Data<Ctx>>().cloned(),
        req.extract::<web::Bytes>().await,
    ) else {
        return;
    };
    let path = req.path().to_owned();
    let kept = blocking(move || voice_tools::note_unproven(&ctx, &path, &body)).await;
    if let Err(error) = kept {
        tracing::error!(%error, "a use of a voice tool without a good key could not be kept");
    }
}

fn answer(
    tool: Tool,
    call: String,
    tool_call: String,
    language: Language,
    done: Done,
) -> ToolAnswer {
    ToolAnswer {
        tool: Word(tool),
        call_id: call,
        tool_call_id: tool_call,
        say: voice_words::say(tool, language, &done),
        placement_id: done.placement,
        reference: done.reference,
        stopped: done.stopped,
        flags: done.flags,
        dispute_id: done.dispute,
        sequences_stopped: done.sequences_stopped,
        calls_cancelled: done.calls_cancelled,
        held: done.is_held,
    }
}

fn id(pointer: &str, text: String) -> Result<String, ApiError> {
    let fits = !text.is_empty()
        && text.len() <= LONGEST_ID
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then_some(text).ok_or_else(|| {
        ApiError::invalid_member(
            pointer,
            format!("Use 1 to {LONGEST_ID} letters, digits and signs without spaces."),
        )
    })
}

fn short(pointer: &str, text: Option<String>) -> Result<Option<String>, ApiError> {
    let text = text.map(|text| text.trim().to_owned());
    let text = text.filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > LONGEST_NAME => Err(ApiError::invalid_member(
            pointer,
            format!("Use at most {LONGEST_NAME} characters."),
        )),
        text => Ok(text),
    }
}
