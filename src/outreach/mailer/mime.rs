//! An email of a series as text, HTML and the bytes that travel.

use askama::Template;
use lettre::Message;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use super::{MailError, words};
use crate::actions::due_emails::Draft;
use crate::actions::service_mail::ServiceMail;
use crate::domain::email::EmailAddress;
use crate::domain::id::AttemptId;
use crate::domain::time::Instant;

#[derive(Template)]
#[template(path = "mail/message.txt", escape = "none")]
struct Plain<'a> {
    words: &'a words::Words,
    draft: &'a Draft,
}

#[derive(Template)]
#[template(path = "mail/message.html")]
struct Html<'a> {
    words: &'a words::Words,
    draft: &'a Draft,
}

/// What the reader of an email sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Puts the words to a draft.
///
/// # Errors
/// When a template can't be filled, which would be a fault of ours.
pub fn write(draft: &Draft) -> Result<Written, MailError> {
    let words = words::of(draft.language, draft.template);
    let failed = |error: askama::Error| MailError::Text(error.to_string());
    Ok(Written {
        subject: words.subject.to_owned(),
        text: Plain {
            words: &words,
            draft,
        }
        .render()
        .map_err(failed)?,
        html: Html {
            words: &words,
            draft,
        }
        .render()
        .map_err(failed)?,
    })
}

/// A header that lettre has no type for.
macro_rules! plain_header {
    ($name:ident, $text:literal) => {
        #[derive(Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($text)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

plain_header!(ListUnsubscribe, "List-Unsubscribe");
plain_header!(ListUnsubscribePost, "List-Unsubscribe-Post");
plain_header!(AutoSubmitted, "Auto-Submitted");
plain_header!(SuppressAutoReply, "X-Auto-Response-Suppress");

/// The message for the permit's address. `attempt` names it for good.
pub(super) fn message(
    draft: &Draft,
    to: &str,
    attempt: AttemptId,
    at: Instant,
) -> Result<Message, MailError> {
    let written = write(draft)?;
    let from = Mailbox::new(Some(draft.agency.clone()), address(draft.from.as_str())?);
    let builder = Message::builder()
        .from(from)
        .reply_to(Mailbox::new(None, address(draft.reply_to.as_str())?))
        .to(Mailbox::new(None, address(to)?))
        .subject(written.subject)
        .date(at.to_utc().into())
        .message_id(Some(format!("<{attempt}@{}>", draft.from.host())))
        // RFC 2369 and RFC 8058: one click, and no page in between.
        .header(ListUnsubscribe(format!("<{}>", draft.unsubscribe_link)))
        .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()))
        .header(AutoSubmitted("auto-generated".to_owned()))
        .header(SuppressAutoReply("All".to_owned()));
    builder
        .multipart(MultiPart::alternative_plain_html(
            written.text,
            written.html,
        ))
        .map_err(|error| MailError::Text(error.to_string()))
}

/// A mail with a code.
pub(super) fn service(mail: &ServiceMail, from: &EmailAddress) -> Result<Message, MailError> {
    Message::builder()
        .from(Mailbox::new(None, address(from.as_str())?))
        .to(Mailbox::new(None, address(mail.to().as_str())?))
        .subject(mail.subject())
        .date(mail.at().to_utc().into())
        .message_id(Some(format!("<{}@{}>", mail.id(), from.host())))
        .header(AutoSubmitted("auto-generated".to_owned()))
        .body(mail.text().to_owned())
        .map_err(|error| MailError::Text(error.to_string()))
}

fn address(text: &str) -> Result<lettre::Address, MailError> {
    text.parse()
        .map_err(|_| MailError::Text("an address is none".to_owned()))
}
