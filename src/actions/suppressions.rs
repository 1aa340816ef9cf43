//! Addresses at which mail did not arrive or was unwelcome: nothing is sent there again.

use serde_json::json;

use super::blocking;
use super::ctx::Ctx;
use super::stops::{self, StopInput};
use super::tx::NewEvent;
use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::id::CreditorId;
use crate::domain::stop::{Medium, Requester, StopScope};
use crate::error::AppResult;
use crate::store::{email_suppressions, reachable};

/// The most debtors that one address stands for.
const MOST_DEBTORS: i64 = 100;

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

/// What the provider tells about an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Bounce,
    Complaint,
    /// The reader used the provider's own way out.
    Unsubscribed,
}

/// Obeys what the provider tells about an address, for every debtor who has it: nothing is sent
/// there again, and who complained or unsubscribed gets no email at any address. Returns how many
/// debtors that were.
pub async fn told(ctx: &Ctx, address: &str, what: Told) -> AppResult<usize> {
    let (reader, of) = (ctx.clone(), address.to_owned());
    let debtors =
        blocking(move || reader.read(|conn| Ok(reachable::by_email(conn, &of, MOST_DEBTORS)?)))
            .await?;
    for (creditor, debtor) in &debtors {
        let cause = match what {
            Told::Bounce => Some(Cause::HardBounce),
            Told::Complaint => Some(Cause::Complaint),
            Told::Unsubscribed => None,
        };
        if let Some(cause) = cause {
            let (writer, creditor, address) = (ctx.clone(), *creditor, address.to_owned());
            blocking(move || suppress(&writer, creditor, &address, cause)).await?;
        }
        if what != Told::Bounce {
            let input = StopInput {
                creditor: *creditor,
                debtor: *debtor,
                placement: None,
                scope: StopScope::Email,
                via: Medium::Email,
                requester: Requester::Debtor,
                words: Some("The mail provider says that our mail is unwelcome".to_owned()),
                in_writing: true,
                verified: true,
                received_at: ctx.now(),
            };
            stops::stop_once(ctx, Actor::System("mail"), input).await?;
        }
    }
    Ok(debtors.len())
}
