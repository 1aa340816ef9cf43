//! Email.

mod file;

pub use file::FileMailer;

use std::future::Future;
use std::pin::Pin;

use crate::actions::service_mail::ServiceMail;

/// Sends mail. The same mail may be handed over again after a failure or a crash: its id tells.
pub trait Mailer: Send + Sync {
    fn send<'a>(
        &'a self,
        mail: &'a ServiceMail,
    ) -> Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;
}

/// Why a mail could not be handed over. The text names no address and no content.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the file could not be written: {0}")]
    File(#[from] std::io::Error),
}
