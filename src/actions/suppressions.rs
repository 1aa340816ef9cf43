//! Addresses at which mail did not arrive or was unwelcome: nothing is sent there again.

use serde_json::json;

use super::ctx::Ctx;
use super::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::CreditorId;
use crate::error::AppResult;
use crate::store::email_suppressions;

/// Why nothing is sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The mail server said for good that nobody is there.
    HardBounce,
    /// The reader called it spam.
    Complaint,
}

impl Cause {
    const fn word(self) -> &'static str {
        match self {
            Self::HardBounce => "hard_bounce",
            Self::Complaint => "complaint",
        }
    }
}

/// Sends nothing to the address again for this creditor. Doing it twice is done already.
pub fn suppress(ctx: &Ctx, creditor: CreditorId, address: &str, cause: Cause) -> AppResult<()> {
    ctx.write(&Actor::System("mail"), |tx| {
        if email_suppressions::insert(tx.conn, creditor, address, cause.word(), tx.now)? {
            tx.record(
                NewEvent::of_creditor(creditor, EventKind::AddressSuppressed)
                    .body(json!({"cause": cause.word()}))
                    .detail(json!({"address": address})),
            )?;
        }
        Ok(())
    })
}
