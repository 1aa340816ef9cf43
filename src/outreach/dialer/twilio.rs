//! Calls by Twilio's API, version 2010-04-01.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::{Dialer, Placed};
use crate::actions::authorize::{HandOffResult, Permit};
use crate::actions::call_status::{Answerer, Stage};
use crate::actions::unknowns::{Candidate, Records, Sought};
use crate::domain::time::Instant;
use crate::domain::voice::VoiceAccount;
use crate::outreach::http::{Answer, Http, HttpError, Limits, Method, Reach, Request};

/// How long it may ring, in seconds: about five times.
const RING_SECONDS: &str = "25";

/// How long asking to call off a call may take.
const CALL_OFF_WITHIN: Duration = Duration::from_secs(5);

/// Bytes of an answer that are read.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Bytes of a page of records that are read.
const LONGEST_RECORDS: usize = 256 * 1024;

/// Calls on that page, the latest first.
const PAGE: &str = "50";

/// How long a look into the records may take.
const LOOK_UP: Duration = Duration::from_secs(10);

/// How far the provider's clock may be from ours.
const CLOCKS_APART: chrono::Duration = chrono::Duration::seconds(60);

/// Places calls with the account of the settings.
pub struct TwilioDialer {
    account: Arc<VoiceAccount>,
    http: Arc<dyn Http>,
    /// The address the provider reaches us at, without a slash at the end.
    public_url: Arc<str>,
}

impl std::fmt::Debug for TwilioDialer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TwilioDialer")
    }
}

impl TwilioDialer {
    pub fn new(account: Arc<VoiceAccount>, http: Arc<dyn Http>, public_url: Arc<str>) -> Self {
        Self {
            account,
            http,
            public_url,
        }
    }

    async fn create(&self, permit: Permit) -> HandOffResult {
        let body = self.call(&permit);
        // Asked for last: what is left is what the provider gets.
        let Some(left) = permit.time_left() else {
            return HandOffResult::Failed {
                error: "too late to dial".to_owned(),
            };
        };
        let request = self.request(Method::Post, "Calls.json", body, left);
        judge(self.http.send(request).await)
    }

    /// The form of a new call. It is never recorded: recording needs a consent that the gate was
    /// not asked about.
    fn call(&self, permit: &Permit) -> String {
        let of = format!(
            "creditor={}&attempt={}",
            permit.creditor(),
            permit.attempt()
        );
        let here = |path: &str| format!("{}/hooks/voice/{path}?{of}", self.public_url);
        let status = here("status");
        let mut form = Serializer::new(String::new());
        form.append_pair("To", permit.address())
            .append_pair("From", &self.account.from.to_string())
            .append_pair("Url", &here("answer"))
            .append_pair("Method", "POST")
            .append_pair("StatusCallback", &status)
            .append_pair("StatusCallbackMethod", "POST");
        for event in ["initiated", "ringing", "answered", "completed"] {
            form.append_pair("StatusCallbackEvent", event);
        }
        form.append_pair("Timeout", RING_SECONDS)
            .append_pair("Record", "false")
            .append_pair("MachineDetection", "Enable")
            .append_pair("AsyncAmd", "true")
            .append_pair("AsyncAmdStatusCallback", &status)
            .append_pair("AsyncAmdStatusCallbackMethod", "POST");
        form.finish()
    }

    fn request(&self, method: Method, path: &str, body: String, total: Duration) -> Request {
        let VoiceAccount {
            base_url,
            account,
            token,
            ..
        } = &*self.account;
        let basic = STANDARD.encode(format!("{account}:{token}"));
        let longest = match method {
            Method::Get => LONGEST_RECORDS,
            Method::Post => LONGEST_ANSWER,
        };
        Request {
            method,
            url: format!("{base_url}/2010-04-01/Accounts/{account}/{path}"),
            headers: vec![
                (
                    "content-type",
                    "application/x-www-form-urlencoded".to_owned(),
                ),
                ("authorization", format!("Basic {basic}")),
            ],
            body,
            // The address stands in the settings.
            reach: Reach::Operators,
            limits: Limits {
                connect: total,
                total,
                body: longest,
            },
        }
    }
}

impl Dialer for TwilioDialer {
    fn place<'a>(&'a self, permit: Permit) -> Pin<Box<dyn Future<Output = Placed> + Send + 'a>> {
        Box::pin(async move { Placed::by_provider(self.create(permit).await) })
    }

    /// By the provider's name for the call, or else by both numbers and the time.
    fn look_up<'a>(
        &'a self,
        sought: &'a Sought,
    ) -> Pin<Box<dyn Future<Output = Records> + Send + 'a>> {
        Box::pin(async move {
            let path = match &sought.provider_ref {
                Some(sid) => format!("Calls/{sid}.json"),
                None => {
                    let query = Serializer::new(String::new())
                        .append_pair("To", &sought.address)
                        .append_pair("From", &self.account.from.to_string())
                        .append_pair("PageSize", PAGE)
                        .finish();
                    format!("Calls.json?{query}")
                }
            };
            let request = self.request(Method::Get, &path, String::new(), LOOK_UP);
            records(self.http.send(request).await, sought)
        })
    }

    fn call_off<'a>(
        &'a self,
        provider_ref: &'a str,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let body = "Status=canceled".to_owned();
            let path = format!("Calls/{provider_ref}.json");
            let request = self.request(Method::Post, &path, body, CALL_OFF_WITHIN);
            match self.http.send(request).await {
                // 4xx: it was answered or has ended, and ends by itself.
                Ok(answer) => (200..500).contains(&answer.status) && answer.status != 429,
                Err(error) => {
                    tracing::warn!(%error, "the provider could not be asked to call off a call");
                    false
                }
            }
        })
    }
}

/// A call in the provider's records.
#[derive(Debug, Deserialize)]
struct Record {
    sid: String,
    status: String,
    /// As RFC 2822 writes it.
    date_created: Option<String>,
    /// In seconds, as text.
    duration: Option<String>,
    answered_by: Option<String>,
}

impl Record {
    fn is_within(&self, sought: &Sought) -> bool {
        let made = self
            .date_created
            .as_deref()
            .and_then(|text| chrono::DateTime::parse_from_rfc2822(text).ok())
            .map(|at| Instant::new(at.to_utc()));
        // One without a date may be any.
        made.is_none_or(|at| {
            at >= sought.from.minus(CLOCKS_APART) && at <= sought.until.plus(CLOCKS_APART)
        })
    }

    fn candidate(self) -> Candidate {
        Candidate {
            stage: Stage::from_word(&self.status, None),
            answerer: self.answered_by.as_deref().map(Answerer::from_word),
            duration_seconds: self.duration.and_then(|text| text.parse().ok()),
            provider_ref: self.sid,
        }
    }
}

/// What a page of records, or one of them, says about a call.
fn records(answer: Result<Answer, HttpError>, sought: &Sought) -> Records {
    #[derive(Deserialize)]
    struct Page {
        calls: Vec<Record>,
    }
    let unreadable =
        || Records::Silent("the provider\u{2019}s records can\u{2019}t be read".to_owned());
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Records::Silent(error.to_string()),
    };
    match (answer.status, &sought.provider_ref) {
        (200, Some(_)) => match serde_json::from_slice::<Record>(&answer.body) {
            Ok(record) if is_name(&record.sid) => Records::Found(vec![record.candidate()]),
            _ => unreadable(),
        },
        (200, None) => match serde_json::from_slice::<Page>(&answer.body) {
            Ok(page) => Records::Found(
                page.calls
                    .into_iter()
                    .filter(|record| is_name(&record.sid) && record.is_within(sought))
                    .map(Record::candidate)
                    .collect(),
            ),
            Err(_) => unreadable(),
        },
        (404, Some(_)) => Records::Found(Vec::new()),
        (status, _) => Records::Silent(format!("the provider answered {status}")),
    }
}

/// What an answer says of the call. Only what the provider certainly did not take has failed:
/// everything in between may ring, and is never repeated.
fn judge(answer: Result<Answer, HttpError>) -> HandOffResult {
    #[derive(Deserialize)]
    struct Created {
        sid: String,
    }
    let unknown = |error: String| HandOffResult::Unknown { error };
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.is_before_sending() => {
            return HandOffResult::Failed {
                error: error.to_string(),
            };
        }
        Err(error) => return unknown(error.to_string()),
    };
    match answer.status {
        200..=299 => match serde_json::from_slice::<Created>(&answer.body) {
            Ok(created) if is_name(&created.sid) => HandOffResult::Started {
                provider_ref: created.sid,
            },
            _ => unknown("the provider took the call and did not name it".to_owned()),
        },
        // A request that took too long may have been taken all the same.
        400..=499 if answer.status != 408 => HandOffResult::Failed {
            error: format!("the provider refused: {}", answer.status),
        },
        status => unknown(format!("the provider answered {status}")),
    }
}

/// Whether it may stand in an address.
fn is_name(sid: &str) -> bool {
    (1..=64).contains(&sid.len()) && sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str) -> HandOffResult {
        judge(Ok(Answer {
            status,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            cut: false,
        }))
    }

    #[test]
    fn only_a_certain_refusal_is_a_failure() {
        let sid = r#"{"sid": "CA0123", "status": "queued"}"#;
        assert!(matches!(answered(201, sid), HandOffResult::Started { .. }));
        for status in [400, 401, 403, 404, 429] {
            let result = answered(status, "{}");
            assert!(matches!(result, HandOffResult::Failed { .. }), "{status}");
        }
        for (status, body) in [
            (201, "{}"),
            (201, r#"{"sid": "../x"}"#),
            (302, ""),
            (408, ""),
            (500, ""),
            (503, ""),
        ] {
            let result = answered(status, body);
            assert!(matches!(result, HandOffResult::Unknown { .. }), "{status}");
        }
        let late = judge(Err(HttpError::Timeout(Duration::from_secs(1))));
        assert!(matches!(late, HandOffResult::Unknown { .. }));
        let unconnected = judge(Err(HttpError::SlowConnect(Duration::from_secs(1))));
        assert!(matches!(unconnected, HandOffResult::Failed { .. }));
    }
}
