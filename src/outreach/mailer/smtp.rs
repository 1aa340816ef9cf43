//! Mail by SMTP.
//!
//! One connection a mail, and each step by itself: what fails before the text is under way has
//! reached nobody for certain; when the line breaks while the server ponders the text, nobody
//! knows, and the mail is not sent again.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;

use super::{MailError, Mailer, Sent, mime};
use crate::actions::authorize::{HandOffResult, Permit};
use crate::actions::due_emails::Draft;
use crate::actions::service_mail::ServiceMail;
use crate::domain::email::EmailAddress;

/// For mail without a permit, which has a deadline of its own.
const SERVICE_MAIL: Duration = Duration::from_secs(20);

/// Why the address of the mail server can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SmtpUrlError(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    /// From the first byte.
    FromStart,
    /// By STARTTLS, and not without.
    Upgraded,
    /// On this machine only.
    None,
}

/// Hands mail to one server.
#[derive(Clone)]
pub struct SmtpMailer {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    from: EmailAddress,
}

/// What a step came to, as far as the mail is concerned.
enum Failure {
    /// Nobody has got it.
    Certain {
        error: String,
        no_such_address: bool,
    },
    /// The text was under way.
    Unknown(String),
}

impl Failure {
    fn certain(error: impl ToString) -> Self {
        Self::Certain {
            error: error.to_string(),
            no_such_address: false,
        }
    }
}

impl SmtpMailer {
    /// From `smtp://user:password@host:587`, `smtps://…` or, for a loopback host only,
    /// `smtp://127.0.0.1:25?tls=none`.
    ///
    /// # Errors
    /// In words, for whoever wrote the setting; never with the password.
    pub fn new(url: &str, from: EmailAddress) -> Result<Self, SmtpUrlError> {
        let failed = |text: &str| SmtpUrlError(format!("smtp_url: {text}"));
        let url = url::Url::parse(url).map_err(|_| failed("is no address"))?;
        let host = url.host_str().ok_or_else(|| failed("names no host"))?;
        let option = url.query_pairs().next();
        let tls = match (url.scheme(), option.as_ref().map(|(k, v)| (&**k, &**v))) {
            ("smtps", None) => Tls::FromStart,
            ("smtp", None) => Tls::Upgraded,
            ("smtp", Some(("tls", "none"))) if is_loopback(host) => Tls::None,
            ("smtp", Some(("tls", "none"))) => {
                return Err(failed(
                    "without TLS only a server on this machine may be used",
                ));
            }
            _ => return Err(failed("begins with smtp:// or smtps://")),
        };
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = (!url.username().is_empty()).then(|| {
            Credentials::new(
                decode(url.username()),
                decode(url.password().unwrap_or_default()),
            )
        });
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(match tls {
                Tls::FromStart => 465,
                Tls::Upgraded => 587,
                Tls::None => 25,
            }),
            tls,
            credentials,
            from,
        })
    }

    /// Up to where the server takes our word for it.
    async fn connect(&self, time: Duration) -> Result<AsyncSmtpConnection, SmtpError> {
        let hello = ClientId::Domain(self.from.host().to_owned());
        let from_start = match self.tls {
            Tls::FromStart => Some(TlsParameters::new(self.host.clone())?),
            Tls::Upgraded | Tls::None => None,
        };
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (self.host.as_str(), self.port),
            Some(time),
            &hello,
            from_start,
            None,
        )
        .await?;
        if self.tls == Tls::Upgraded {
            let tls = TlsParameters::new(self.host.clone())?;
            connection.starttls(tls, &hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                .await?;
        }
        Ok(connection)
    }

    /// Everything before the text.
    async fn announce(
        &self,
        time: Duration,
        from: &Address,
        to: &Address,
    ) -> Result<AsyncSmtpConnection, Failure> {
        let mut connection = self.connect(time).await.map_err(Failure::certain)?;
        connection
            .command(Mail::new(Some(from.clone()), Vec::new()))
            .await
            .map_err(Failure::certain)?;
        connection
            .command(Rcpt::new(to.clone(), Vec::new()))
            .await
            .map_err(|error| Failure::Certain {
                no_such_address: is_no_such_address(&error),
                error: error.to_string(),
            })?;
        connection.command(Data).await.map_err(Failure::certain)?;
        Ok(connection)
    }

    /// `time_left` is asked before the connection is made, and again before the text goes out.
    async fn deliver(
        &self,
        message: &Message,
        time_left: impl Fn() -> Option<Duration> + Send,
    ) -> Result<String, Failure> {
        let envelope = message.envelope();
        let (Some(from), Some(to)) = (envelope.from(), envelope.to().first()) else {
            return Err(Failure::certain("the mail has no sender or no reader"));
        };
        let Some(time) = time_left() else {
            return Err(Failure::certain("too late to send"));
        };
        let mut connection = timeout(time, self.announce(time, from, to))
            .await
            .map_err(|_| Failure::certain("the mail server did not answer in time"))??;
        let text = message.formatted();
        let Some(left) = time_left() else {
            return Err(Failure::certain("the mail server left no time to send"));
        };
        match timeout(left, connection.message(&text)).await {
            Ok(Ok(answer)) => {
                let said = answer.first_line().unwrap_or_default();
                let said: String = said.chars().take(200).collect();
                // Good manners only: the mail is the server's already.
                let _ = timeout(Duration::from_secs(1), connection.quit()).await;
                Ok(said)
            }
            // The server has said no.
            Ok(Err(error)) if error.status().is_some() => Err(Failure::certain(error)),
            Ok(Err(error)) => Err(Failure::Unknown(error.to_string())),
            Err(_) => Err(Failure::Unknown(
                "the mail server did not say whether it took the mail".to_owned(),
            )),
        }
    }
}

/// A reader whom the server does not know, for good: 550, 551 and 553 in answer to a name.
fn is_no_such_address(error: &SmtpError) -> bool {
    error
        .status()
        .is_some_and(|code| ["550", "551", "553"].contains(&code.to_string().as_str()))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl Mailer for SmtpMailer {
    fn send<'a>(
        &'a self,
        mail: &'a ServiceMail,
    ) -> Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>> {
        Box::pin(async move {
            let message = mime::service(mail, &self.from)?;
            let begun = tokio::time::Instant::now();
            let time_left = || SERVICE_MAIL.checked_sub(begun.elapsed());
            match self.deliver(&message, time_left).await {
                Ok(_) => Ok(()),
                Err(Failure::Certain { error, .. } | Failure::Unknown(error)) => {
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
            let message = match mime::message(draft, permit.address(), permit.attempt(), draft.at) {
                Ok(message) => message,
                Err(error) => return Sent::failed(error.to_string()),
            };
            match self.deliver(&message, || permit.time_left()).await {
                Ok(said) => Sent {
                    result: HandOffResult::Started { provider_ref: said },
                    bounced: false,
                },
                Err(Failure::Certain {
                    error,
                    no_such_address,
                }) => Sent {
                    result: HandOffResult::Failed { error },
                    bounced: no_such_address,
                },
                Err(Failure::Unknown(error)) => Sent {
                    result: HandOffResult::Unknown { error },
                    bounced: false,
                },
            }
        })
    }
}
