//! Sends the emails of series that are due.

use std::sync::Arc;

use super::Stopping;
use crate::actions::authorize::{self, Authorised};
use crate::actions::ctx::Ctx;
use crate::actions::due_calls::{self, Report};
use crate::actions::due_emails::{self, Prepared};
use crate::actions::{blocking, stops};
use crate::domain::actor::Actor;
use crate::error::AppResult;
use crate::outreach::mailer::Mailer;
use crate::store::sequences::Sequence;

/// Series claimed in one go: few enough that each is reached well within its claim.
const AT_ONCE: i64 = 5;

/// Works until nothing is due or the process stops, and returns how many emails were handed over.
pub async fn run(ctx: &Ctx, mailer: &Arc<dyn Mailer>, stopping: &Stopping) -> AppResult<usize> {
    let mut handed_over = 0;
    while !stopping.is_set() {
        let claimer = ctx.clone();
        let due = blocking(move || {
            // Until somebody has said who we are, nothing goes out and nothing is touched.
            if !claimer.agency.is_known() || !stops::may_reach_anybody(&claimer)? {
                return Ok(Vec::new());
            }
            due_calls::give_up_overdue(&claimer)?;
            due_emails::claim(&claimer, AT_ONCE)
        })
        .await?;
        if due.is_empty() {
            break;
        }
        for sequence in due {
            handed_over += usize::from(send(ctx, mailer, sequence).await?);
        }
    }
    Ok(handed_over)
}

/// Asks leave for the next email of one series at this moment and, if it is given, sends it. True
/// if it was handed over.
async fn send(ctx: &Ctx, mailer: &Arc<dyn Mailer>, sequence: Sequence) -> AppResult<bool> {
    let creditor = sequence.creditor_id;
    let asker = ctx.clone();
    let asked = blocking(move || {
        let draft = match due_emails::prepare(&asker, &sequence)? {
            Prepared::Ready(draft) => draft,
            Prepared::Nothing => return Ok(None),
        };
        let hand_off = due_emails::hand_off(&asker, &sequence, &draft);
        let answer = authorize::authorize(&asker, &Actor::System("worker"), &hand_off)?;
        Ok(Some((draft, answer)))
    })
    .await?;
    let (draft, permit) = match asked {
        Some((draft, Authorised::Permitted(permit))) => (draft, permit),
        Some((_, Authorised::Refused(refusal))) => {
            tracing::debug!(decision = %refusal.decision_id, "an email was refused");
            return Ok(false);
        }
        Some((_, Authorised::Gone)) | None => return Ok(false),
    };
    let attempt = permit.attempt();
    // Outside any transaction: a mail server may be slow, and the writer is one.
    let sent = mailer.send_permitted(permit, &draft).await;
    let reporter = ctx.clone();
    blocking(move || {
        let is_sent = matches!(sent.result, authorize::HandOffResult::Started { .. });
        due_calls::report(
            &reporter,
            &Report {
                creditor,
                attempt,
                result: &sent.result,
                simulated: false,
                outcome: is_sent.then_some("sent"),
                duration_seconds: None,
            },
        )?;
        if sent.bounced {
            due_emails::bounced(&reporter, creditor, draft.to.as_str())?;
        }
        Ok(true)
    })
    .await
}
