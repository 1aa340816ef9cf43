//! "You may contact me again": the debtor's own act, after a link and a code, ends what the debtor
//! stopped. Nobody else can.
//!
//! Nothing is fenced, since nothing becomes forbidden. Calls are planned again by the
//! [planner](crate::actions::overlooked), for lawful moments; emails wait until a person lets them
//! go on.

use chrono::Duration;
use serde_json::json;

use super::account::stopped;
use super::visits::Visit;
use crate::actions::ctx::Ctx;
use crate::actions::flags::end;
use crate::actions::tasks::{self, NewTask};
use crate::domain::stop::{FlagKind, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::error::{AppError, AppResult};
use crate::keys::random_code;
use crate::store::flags;
use crate::store::{debtor_lock, sequences};

/// When a person should have looked at it.
const REVIEW_WITHIN: Duration = Duration::hours(24);

/// What was allowed again at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AllowedAgain {
    pub scope: StopScope,
    pub at: Instant,
}

/// What the visitor may allow again, the most first; nothing where nothing is stopped. Only a part
/// may be allowed where something else than the general request keeps the rest stopped.
pub fn offered(ctx: &Ctx, visit: &Visit) -> AppResult<Vec<StopScope>> {
    ctx.read(|conn| {
        let in_force = flags::kinds_in_force(conn, visit.creditor, visit.debtor)?;
        Ok(choices(&in_force))
    })
}

fn choices(in_force: &[FlagKind]) -> Vec<StopScope> {
    use StopScope::{All, Call, Email};
    let opens_itself_alone = |scope: &StopScope| {
        let left: Vec<FlagKind> = in_force
            .iter()
            .copied()
            .filter(|kind| !FlagKind::against(*scope).contains(kind))
            .collect();
        matches!(
            (scope, stopped(in_force), stopped(&left)),
            (All, Some(All), None)
                | (Call, Some(All), Some(Email))
                | (Call, Some(Call), None)
                | (Email, Some(All), Some(Call))
                | (Email, Some(Email), None)
        )
    };
    [All, Call, Email]
        .into_iter()
        .filter(opens_itself_alone)
        .collect()
}

/// Ends what the visitor stopped, for every account with this creditor. Returns what the debtor may
/// quote; none when there is nothing to allow, as after a second press.
pub fn allow(ctx: &Ctx, visit: &Visit, scope: StopScope) -> AppResult<Option<String>> {
    let (creditor, debtor) = (visit.creditor, visit.debtor);
    ctx.write(&visit.actor(), |tx| {
        debtor_lock::lock(tx.conn, creditor, debtor)?.ok_or(AppError::NotFound)?;
        let standing = flags::in_force(tx.conn, creditor, &[debtor])?;
        let kinds: Vec<FlagKind> = standing.iter().map(|flag| flag.kind).collect();
        if !choices(&kinds).contains(&scope) {
            return Ok(None);
        }
        let reference = random_code(8)?;
        let reason = reason(scope, &reference);
        for flag in &standing {
            if FlagKind::against(scope).contains(&flag.kind) {
                let told = json!({"allowed_again": scope.as_str(), "reference": reference});
                end(tx, flag, &reason, told)?;
            }
        }
        if matches!(scope, StopScope::Email | StopScope::All) {
            sequences::allow_again(tx.conn, creditor, debtor, tx.now)?;
        }
        let title = format!("Contact allowed again, {reference}: check the file");
        let task = NewTask::new(tx.now, creditor, "allowed_again", title, REVIEW_WITHIN)
            .debtor(debtor)
            .placement(visit.placement);
        tasks::open(tx, task)?;
        Ok(Some(reference))
    })
}

/// Why a flag ended; its receipt is found by it.
fn reason(scope: StopScope, reference: &str) -> String {
    let what = match scope {
        StopScope::All => "calls and emails",
        StopScope::Call => "calls",
        StopScope::Email => "emails",
    };
    format!("The debtor allowed {what} again in the portal, reference {reference}.")
}

/// What the visitor allowed again under one reference.
///
/// # Errors
/// `NotFound` when the visitor allowed nothing under it.
pub fn receipt(ctx: &Ctx, visit: &Visit, reference: &str) -> AppResult<AllowedAgain> {
    ctx.read(|conn| {
        let all = flags::of_debtor(conn, visit.creditor, visit.debtor)?;
        [StopScope::All, StopScope::Call, StopScope::Email]
            .into_iter()
            .find_map(|scope| {
                let reason = reason(scope, reference);
                let flag = all
                    .iter()
                    .find(|flag| flag.lift_reason.as_deref() == Some(reason.as_str()))?;
                Some(AllowedAgain {
                    scope,
                    at: flag.lifted_at?,
                })
            })
            .ok_or(AppError::NotFound)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOPS: [FlagKind; 4] = [
        FlagKind::Cease,
        FlagKind::CallOptOut,
        FlagKind::EmailOptOut,
        FlagKind::DoNotCall,
    ];

    /// What is left of these flags when a scope is allowed again.
    fn left(in_force: &[FlagKind], scope: StopScope) -> Vec<FlagKind> {
        let mut left = in_force.to_vec();
        left.retain(|kind| !FlagKind::against(scope).contains(kind));
        left
    }

    #[test]
    fn whatever_is_chosen_opens_what_it_says_and_nothing_else() {
        for bits in 0..16_u8 {
            let in_force: Vec<FlagKind> = (0..4)
                .filter(|bit| bits & (1 << bit) != 0)
                .map(|bit| STOPS[bit])
                .collect();
            let offered = choices(&in_force);
            assert_eq!(offered.is_empty(), in_force.is_empty(), "{in_force:?}");
            let stops = |flags: &[FlagKind], kinds: &[FlagKind]| {
                kinds.iter().any(|kind| flags.contains(kind))
            };
            const CALLS: &[FlagKind] =
                &[FlagKind::Cease, FlagKind::CallOptOut, FlagKind::DoNotCall];
            const EMAILS: &[FlagKind] = &[FlagKind::Cease, FlagKind::EmailOptOut];
            for scope in offered {
                let left = left(&in_force, scope);
                let opened = (
                    stops(&in_force, CALLS) && !stops(&left, CALLS),
                    stops(&in_force, EMAILS) && !stops(&left, EMAILS),
                );
                let said = match scope {
                    StopScope::All => (true, true),
                    StopScope::Call => (true, false),
                    StopScope::Email => (false, true),
                };
                assert_eq!(opened, said, "{in_force:?} {scope:?}");
            }
        }
    }
}
