//! What a debtor sees and asks for inside.

use super::visits::Visit;
use crate::actions::ctx::Ctx;
use crate::actions::stops::{self, Recorded, StopInput};
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::error::{AppError, AppResult};
use crate::store::portal_accounts::{self, PortalAccount};
use crate::store::stop_requests::StopRequest;
use crate::store::{flags, stop_requests};

/// One account, and what stands stopped.
#[derive(Debug, Clone)]
pub struct Account {
    pub facts: PortalAccount,
    pub stopped: Option<StopScope>,
    /// The reference of the newest request that stopped as much as now stands.
    pub receipt: Option<String>,
}

pub fn show(ctx: &Ctx, visit: &Visit) -> AppResult<Account> {
    ctx.read(|conn| {
        let facts = portal_accounts::find(conn, visit.creditor, visit.placement)?
            .ok_or(AppError::NotFound)?;
        let in_force = flags::kinds_in_force(conn, visit.creditor, visit.debtor)?;
        let stopped = stopped(&in_force);
        let receipt = match stopped {
            Some(scope) => stop_requests::of_debtor(conn, visit.creditor, visit.debtor)?
                .into_iter()
                .find(|request| request.scope == scope && request.verified)
                .map(|request| request.reference),
            None => None,
        };
        Ok(Account {
            facts,
            stopped,
            receipt,
        })
    })
}

/// What the flags in force stop. A do-not-call flag stops calls whoever set it.
pub(super) fn stopped(in_force: &[FlagKind]) -> Option<StopScope> {
    let is_stopped = |scope| {
        FlagKind::against(scope)
            .iter()
            .any(|kind| in_force.contains(kind))
    };
    match (is_stopped(StopScope::Call), is_stopped(StopScope::Email)) {
        (true, true) => Some(StopScope::All),
        (true, false) => Some(StopScope::Call),
        (false, true) => Some(StopScope::Email),
        (false, false) => None,
    }
}

/// Stops contact with the visitor, for every account with this creditor. When it returns `Ok`
/// nothing of the debtor's is starting any more. Asking again for the same changes nothing and
/// returns the request that stands.
pub async fn request_stop(ctx: &Ctx, visit: &Visit, scope: StopScope) -> AppResult<Recorded> {
    let input = StopInput {
        creditor: visit.creditor,
        debtor: visit.debtor,
        placement: Some(visit.placement),
        scope,
        via: Medium::Portal,
        requester: Requester::Debtor,
        words: None,
        in_writing: true,
        verified: true,
        received_at: ctx.now(),
    };
    stops::stop_once(ctx, visit.actor(), input).await
}

/// A request of the visitor's own, by its reference number.
pub fn receipt(ctx: &Ctx, visit: &Visit, reference: &str) -> AppResult<StopRequest> {
    ctx.read(|conn| {
        stop_requests::by_reference(conn, visit.creditor, visit.debtor, reference)?
            .ok_or(AppError::NotFound)
    })
}
