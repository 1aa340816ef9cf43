//! Mail by Postmark's HTTP API.
//!
//! What the API refuses has reached nobody for certain; what it neither took nor refused may have
//! been taken, and is not sent again before its records were asked.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{MailError, Mailer, Sent, mime};
use crate::actions::authorize::{HandOffResult, Permit};
use crate::actions::due_emails::Draft;
use crate::actions::service_mail::ServiceMail;
use crate::actions::unknowns::{Candidate, Records, Sought};
use crate::domain::email::EmailAddress;
use crate::domain::mail::PostmarkAccount;
use crate::outreach::http::{Answer, Http, HttpError, Limits, Method, Reach, Request};

/// For mail without a permit, which has a deadline of its own.
const SERVICE_MAIL: Duration = Duration::from_secs(20);

/// How long a look into the records may take.
const LOOK_UP: Duration = Duration::from_secs(10);

/// Bytes of an answer that are read.
const LONGEST_ANSWER: usize = 64 * 1024;

/// The name under which a mail of ours is found again: the hand-off's id. At most 20 characters.
const METADATA: &str = "attempt";

/// The API's own code for an address at which mail bounced, was complained of or was suppressed
/// by hand.
const INACTIVE_RECIPIENT: i64 = 406;

/// Sends mail with the account of the settings.
pub struct PostmarkMailer {
    account: Arc<PostmarkAccount>,
    http: Arc<dyn Http>,
    from: EmailAddress,
}

impl std::fmt::Debug for PostmarkMailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostmarkMailer")
    }
}

/// The API's answer to a mail, taken or not.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Said {
    error_code: i64,
    message: String,
    #[serde(rename = "MessageID")]
    message_id: String,
}

/// What an answer says of the mail.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Taken(String),
    /// Nobody has got it.
    Refused {
        error: String,
        is_inactive: bool,
    },
    Unknown(String),
}

impl PostmarkMailer {
    /// `from` is the sender of mail that belongs to no creditor.
    pub fn new(account: Arc<PostmarkAccount>, http: Arc<dyn Http>, from: EmailAddress) -> Self {
        Self {
            account,
            http,
            from,
        }
    }

    fn request(&self, method: Method, path: &str, body: String, total: Duration) -> Request {
        Request {
            method,
            url: format!("{}{path}", self.account.base_url),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("x-postmark-server-token", self.account.token.clone()),
            ],
            body,
            // The address stands in the settings.
            reach: Reach::Operators,
            limits: Limits {
                connect: total,
                total,
                body: LONGEST_ANSWER,
            },
        }
    }

    async fn post(&self, mail: &Value, time: Duration) -> Verdict {
        let request = self.request(Method::Post, "/email", mail.to_string(), time);
        judge(self.http.send(request).await)
    }

    /// An email of a series, as the API takes it.
    fn series_mail(&self, draft: &Draft, permit: &Permit) -> Result<Value, MailError> {
        let written = mime::write(draft)?;
        let attempt = permit.attempt();
        let headers = [
            // RFC 2369 and RFC 8058: one click, and no page in between.
            ("List-Unsubscribe", format!("<{}>", draft.unsubscribe_link)),
            (
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            ),
            ("Message-ID", format!("<{attempt}@{}>", draft.from.host())),
            // Or the API puts a name of its own in its place.
            ("X-PM-KeepID", "true".to_owned()),
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("X-Auto-Response-Suppress", "All".to_owned()),
        ]
        .map(|(name, value)| json!({"Name": name, "Value": value}));
        Ok(json!({
            "From": named(&draft.agency, &draft.from),
            "To": permit.address(),
            "ReplyTo": draft.reply_to.as_str(),
            "Subject": written.subject,
            "TextBody": written.text,
            "HtmlBody": written.html,
            "MessageStream": self.account.series_stream,
            "Headers": headers,
            "Metadata": {METADATA: attempt},
            // Who opens or follows what is none of our business.
            "TrackOpens": false,
            "TrackLinks": "None",
        }))
    }
}

/// `"Name" <address>`, as RFC 5322 writes it.
fn named(name: &str, address: &EmailAddress) -> String {
    let quoted: String = name
        .chars()
        .filter(|sign| !sign.is_control())
        .flat_map(|sign| match sign {
            '"' | '\\' => vec!['\\', sign],
            _ => vec![sign],
        })
        .collect();
    format!("\"{quoted}\" <{address}>")
}

/// What an answer means. The API says of 500 that the mail is lost and of 503 that it is closed;
/// any other fault may stand before a mail that was taken.
fn judge(answer: Result<Answer, HttpError>) -> Verdict {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.is_before_sending() => {
            return Verdict::Refused {
                error: error.to_string(),
                is_inactive: false,
            };
        }
        Err(error) => return Verdict::Unknown(error.to_string()),
    };
    let said: Option<Said> = serde_json::from_slice(&answer.body).ok();
    match (answer.status, said) {
        (200, Some(said)) if said.error_code == 0 && is_name(&said.message_id) => {
            Verdict::Taken(said.message_id)
        }
        (200..=299, _) => {
            Verdict::Unknown("the provider took the mail and did not name it".to_owned())
        }
        (status @ (400..=499 | 500 | 503), said) if status != 408 => {
            let said = said.unwrap_or_default();
            Verdict::Refused {
                error: words(status, &said),
                is_inactive: said.error_code == INACTIVE_RECIPIENT,
            }
        }
        (status, _) => Verdict::Unknown(format!("the provider answered {status}")),
    }
}

/// A refusal in words without an address: the API's own text may name one.
fn words(status: u16, said: &Said) -> String {
    let text: String = said
        .message
        .split_whitespace()
        .map(|word| if word.contains('@') { "…" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(200)
        .collect();
    match (said.error_code, text.is_empty()) {
        (0, _) => format!("the provider refused: {status}"),
        (code, true) => format!("the provider refused: {status}, code {code}"),
        (code, false) => format!("the provider refused: {status}, code {code}: {text}"),
    }
}

/// Whether it may stand in a column and in an address.
fn is_name(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl Mailer for PostmarkMailer {
    fn send<'a>(
        &'a self,
        mail: &'a ServiceMail,
    ) -> Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>> {
        Box::pin(async move {
            let body = json!({
                "From": self.from.as_str(),
                "To": mail.to().as_str(),
                "Subject": mail.subject(),
                "TextBody": mail.text(),
                "MessageStream": self.account.service_stream,
                "Headers": [
                    {"Name": "Message-ID", "Value": format!("<{}@{}>", mail.id(), self.from.host())},
                    {"Name": "X-PM-KeepID", "Value": "true"},
                    {"Name": "Auto-Submitted", "Value": "auto-generated"},
                ],
                "TrackOpens": false,
                "TrackLinks": "None",
            });
            match self.post(&body, SERVICE_MAIL).await {
                Verdict::Taken(_) => Ok(()),
                Verdict::Refused { error, .. } | Verdict::Unknown(error) => {
                    Err(MailError::Server(error))
                }
            }
        })
    }

    fn send_permitted<'a>(
        &'a self,
        permit: Permit,
        draft: &'a Draft,
    ) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>> {
        Box::pin(async move {
            let body = match self.series_mail(draft, &permit) {
                Ok(body) => body,
                Err(error) => return Sent::failed(error.to_string()),
            };
            // Asked for last: what is left is what the provider gets.
            let Some(left) = permit.time_left() else {
                return Sent::failed("too late to send");
            };
            match self.post(&body, left).await {
                Verdict::Taken(provider_ref) => Sent {
                    result: HandOffResult::Started { provider_ref },
                    bounced: false,
                },
                Verdict::Refused { error, is_inactive } => Sent {
                    result: HandOffResult::Failed { error },
                    bounced: is_inactive,
                },
                Verdict::Unknown(error) => Sent {
                    result: HandOffResult::Unknown { error },
                    bounced: false,
                },
            }
        })
    }

    fn look_up<'a>(
        &'a self,
        sought: &'a Sought,
    ) -> Pin<Box<dyn Future<Output = Records> + Send + 'a>> {
        Box::pin(async move {
            let path = format!(
                "/messages/outbound?count=1&offset=0&messagestream={}&metadata_{METADATA}={}",
                self.account.series_stream, sought.attempt
            );
            let request = self.request(Method::Get, &path, String::new(), LOOK_UP);
            found(self.http.send(request).await)
        })
    }
}

/// What the records say. Only a whole answer without the mail says that there is none.
fn found(answer: Result<Answer, HttpError>) -> Records {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Found {
        total_count: i64,
        messages: Vec<Message>,
    }
    #[derive(Deserialize)]
    struct Message {
        #[serde(rename = "MessageID")]
        message_id: String,
    }
    let answer = match answer {
        Ok(answer) if answer.status == 200 => answer,
        Ok(answer) => return Records::Silent(format!("the provider answered {}", answer.status)),
        Err(error) => return Records::Silent(error.to_string()),
    };
    let Ok(found) = serde_json::from_slice::<Found>(&answer.body) else {
        return Records::Silent("the provider\u{2019}s records can\u{2019}t be read".to_owned());
    };
    match found.messages.first() {
        Some(message) if is_name(&message.message_id) => {
            Records::Found(vec![Candidate::named(message.message_id.clone())])
        }
        None if found.total_count == 0 => Records::Found(Vec::new()),
        _ => Records::Silent("the provider\u{2019}s records can\u{2019}t be read".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<Answer, HttpError> {
        Ok(Answer {
            status,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            cut: false,
        })
    }

    #[test]
    fn only_a_certain_refusal_is_a_failure() {
        let taken = r#"{"ErrorCode": 0, "Message": "OK", "MessageID": "0a129aee-e1cd"}"#;
        assert_eq!(
            judge(answer(200, taken)),
            Verdict::Taken("0a129aee-e1cd".to_owned())
        );
        for status in [401, 404, 422, 429, 500, 503] {
            let verdict = judge(answer(status, "{}"));
            assert!(matches!(verdict, Verdict::Refused { .. }), "{status}");
        }
        for (status, body) in [
            (200, "{}"),
            (200, "<html>"),
            (302, ""),
            (408, ""),
            (502, ""),
            (504, ""),
        ] {
            let verdict = judge(answer(status, body));
            assert!(matches!(verdict, Verdict::Unknown(_)), "{status} {body}");
        }
        let late = judge(Err(HttpError::Timeout(Duration::from_secs(1))));
        assert!(matches!(late, Verdict::Unknown(_)));
        let unconnected = judge(Err(HttpError::SlowConnect(Duration::from_secs(1))));
        assert!(matches!(unconnected, Verdict::Refused { .. }));
    }

    #[test]
    fn an_inactive_address_is_told_apart_and_never_repeated_in_words() {
        let said =
            r#"{"ErrorCode": 406, "Message": "Found inactive addresses: dana@mail.example."}"#;
        let Verdict::Refused { error, is_inactive } = judge(answer(422, said)) else {
            panic!("not refused");
        };
        assert!(is_inactive);
        assert!(
            error.contains("code 406") && !error.contains("dana"),
            "{error}"
        );
        let Verdict::Refused { is_inactive, .. } =
            judge(answer(422, r#"{"ErrorCode": 300, "Message": "Invalid"}"#))
        else {
            panic!("not refused");
        };
        assert!(!is_inactive);
    }

    #[test]
    fn an_empty_page_of_records_is_missing_and_anything_else_is_silence() {
        assert_eq!(
            found(answer(200, r#"{"TotalCount": 0, "Messages": []}"#)),
            Records::Found(Vec::new())
        );
        let one = r#"{"TotalCount": 1, "Messages": [{"MessageID": "0a129aee", "Status": "Sent"}]}"#;
        let one = found(answer(200, one));
        assert!(matches!(one, Records::Found(messages) if messages.len() == 1));
        for (status, body) in [
            (200, "{}"),
            (200, r#"{"TotalCount": 1, "Messages": []}"#),
            (500, ""),
        ] {
            let records = found(answer(status, body));
            assert!(matches!(records, Records::Silent(_)), "{status} {body}");
        }
    }

    #[test]
    fn a_name_can_not_break_out_of_its_quotes() {
        let address: EmailAddress = "post@agency.example".parse().unwrap();
        assert_eq!(
            named("A \"B\"\r\nBcc: x", &address),
            "\"A \\\"B\\\"Bcc: x\" <post@agency.example>"
        );
    }
}
