//! Mail as files in a folder: for the demo, for tests, and for installations whose own mail
//! program picks them up.

use std::fs;
use std::future::Future;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use super::{MailError, Mailer, Sent, mime};
use crate::actions::authorize::{HandOffResult, Permit};
use crate::actions::due_emails::Draft;
use crate::actions::service_mail::ServiceMail;
use crate::domain::time::Instant;

/// Writes each mail as one file in the format of RFC 5322, readable by its owner only.
#[derive(Debug, Clone)]
pub struct FileMailer {
    folder: PathBuf,
    from: String,
}

impl FileMailer {
    /// Into `folder`, which need not exist yet. `site` is the address people reach us at: its host
    /// is the sender's.
    pub fn new(folder: impl Into<PathBuf>, site: &str) -> Self {
        let host = url::Url::parse(site)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| "localhost".to_owned());
        Self {
            folder: folder.into(),
            from: format!("no-reply@{host}"),
        }
    }

    /// The same name for every try, so that a second one replaces the first.
    fn write(&self, mail: &ServiceMail) -> Result<(), MailError> {
        self.put(mail.at(), mail.id().as_str(), self.message(mail).as_bytes())
    }

    /// Puts one mail into the folder, whole or not at all.
    fn put(&self, at: Instant, id: &str, content: &[u8]) -> Result<(), MailError> {
        create_private_folder(&self.folder)?;
        let stamp = at.to_utc().format("%Y%m%dT%H%M%S%6f");
        let path = self.folder.join(format!("{stamp}-{id}.eml"));
        let unfinished = path.with_extension("part");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        Ok(())
    }

    fn message(&self, mail: &ServiceMail) -> String {
        let headers = [
            ("Date", mail.at().to_utc().to_rfc2822()),
            ("From", self.from.clone()),
            ("To", mail.to().to_string()),
            ("Subject", encoded(mail.subject())),
            (
                "Message-ID",
                format!(
                    "<{}@{}>",
                    mail.id(),
                    self.from.trim_start_matches("no-reply@")
                ),
            ),
            // RFC 3834: nobody's holiday notice shall answer it.
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("MIME-Version", "1.0".to_owned()),
            ("Content-Type", "text/plain; charset=utf-8".to_owned()),
            ("Content-Transfer-Encoding", "8bit".to_owned()),
        ];
        let mut message = String::new();
        for (name, value) in headers {
            message.push_str(&format!("{name}: {value}\r\n"));
        }
        message.push_str("\r\n");
        message.push_str(&mail.text().replace('\n', "\r\n"));
        message
    }
}

impl Mailer for FileMailer {
    fn send<'a>(
        &'a self,
        mail: &'a ServiceMail,
    ) -> Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>> {
        let (mailer, mail) = (self.clone(), mail.clone());
        Box::pin(async move {
            tokio::task::spawn_blocking(move || mailer.write(&mail))
                .await
                .map_err(|error| MailError::File(std::io::Error::other(error)))?
        })
    }

    fn send_permitted<'a>(
        &'a self,
        permit: Permit,
        draft: &'a Draft,
    ) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>> {
        Box::pin(async move {
            let id = permit.attempt();
            let message = match mime::message(draft, permit.address(), id, draft.at) {
                Ok(message) => message.formatted(),
                Err(error) => return Sent::failed(error.to_string()),
            };
            if permit.time_left().is_none() {
                return Sent::failed("too late to send");
            }
            let (mailer, at) = (self.clone(), draft.at);
            let written =
                tokio::task::spawn_blocking(move || mailer.put(at, id.as_str(), &message)).await;
            match written {
                Ok(Ok(())) => Sent {
                    result: HandOffResult::Started {
                        provider_ref: format!("file {id}"),
                    },
                    bounced: false,
                },
                Ok(Err(error)) => Sent::failed(error.to_string()),
                Err(error) => Sent {
                    result: HandOffResult::Unknown {
                        error: error.to_string(),
                    },
                    bounced: false,
                },
            }
        })
    }
}

/// A header's text; what isn't ASCII as an encoded word of RFC 2047.
fn encoded(text: &str) -> String {
    use base64::Engine;
    if text.is_ascii() {
        return text.to_owned();
    }
    let word = base64::engine::general_purpose::STANDARD.encode(text);
    format!("=?utf-8?B?{word}?=")
}

fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
