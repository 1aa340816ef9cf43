//! Email.

mod file;
mod mime;
mod postmark;
mod smtp;
mod words;

pub use file::FileMailer;
pub use mime::{Written, write};
pub use postmark::PostmarkMailer;
pub use smtp::{SmtpMailer, SmtpUrlError};

use std::future::Future;
use std::pin::Pin;

use crate::actions::authorize::{HandOffResult, Permit};
use crate::actions::due_emails::Draft;
use crate::actions::service_mail::ServiceMail;
use crate::actions::unknowns::{Records, Sought};

/// Sends mail. The same service mail may be handed over again after a failure or a crash: its id
/// tells. What collects needs a permit: one permit, one mail.
pub trait Mailer: Send + Sync {
    fn send<'a>(
        &'a self,
        mail: &'a ServiceMail,
    ) -> Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;

    /// Hands an email of a series over within the permit's time, to the permit's address and to
    /// no other. Too late is a failure, not a mail.
    fn send_permitted<'a>(
        &'a self,
        permit: Permit,
        draft: &'a Draft,
    ) -> Pin<Box<dyn Future<Output = Sent> + Send + 'a>>;

    /// Asks the server's records what became of a hand-off whose fate nobody knows.
    fn look_up<'a>(
        &'a self,
        _sought: &'a Sought,
    ) -> Pin<Box<dyn Future<Output = Records> + Send + 'a>> {
        // A mail server keeps none that can be asked.
        Box::pin(async { Records::NoneKept })
    }
}

/// What came of handing an email over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub result: HandOffResult,
    /// The server said for good that nobody is at the address.
    pub bounced: bool,
}

impl Sent {
    fn failed(error: impl Into<String>) -> Self {
        Self {
            result: HandOffResult::Failed {
                error: error.into(),
            },
            bounced: false,
        }
    }
}

/// Why a mail could not be handed over. The text names no address and no content.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the file could not be written: {0}")]
    File(#[from] std::io::Error),
    #[error("the mail could not be written: {0}")]
    Text(String),
    #[error("the mail server: {0}")]
    Server(String),
}
