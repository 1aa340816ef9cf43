//! Outreach that stopped for something that has ended since: a hold, a pause, a flag, a missing
//! notice, an unknown place. Nobody has to remember what waited for what: the accounts are gone
//! over again and again, a piece at a time, and the gate says what may go on and when.

use super::ctx::Ctx;
use super::{call_plan, due_emails};
use crate::domain::time::Instant;
use crate::error::AppResult;
use crate::store::overlooked;

/// Accounts looked at in one turn, and series.
const PIECE: i64 = 400;

/// Of those, what the gate is asked about in one turn: that takes about a millisecond each.
const MOST_ASKED: usize = 20;

/// How far the round has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    account: (Instant, String),
    series: (String, String),
}

impl Default for Round {
    fn default() -> Self {
        Self {
            account: (Instant::from_micros(0), String::new()),
            series: (String::new(), String::new()),
        }
    }
}

/// Goes over the next piece and returns how much was planned. The round begins anew where it has
/// come to the end.
pub fn go_over(ctx: &Ctx, round: &mut Round) -> AppResult<usize> {
    Ok(calls(ctx, round)? + emails(ctx, round)?)
}

/// Plans calls for accounts in outreach that have none and could have one.
fn calls(ctx: &Ctx, round: &mut Round) -> AppResult<usize> {
    let piece = ctx.read(|conn| Ok(overlooked::accounts(conn, &round.account, PIECE)?))?;
    let is_last = piece.len() < usize::try_from(PIECE).unwrap_or(usize::MAX);
    let (mut asked, mut planned) = (0, 0);
    for account in piece {
        if account.needs_nothing == 0 {
            if asked == MOST_ASKED {
                // The rest of the piece is the next turn's.
                return Ok(planned);
            }
            asked += 1;
            let (creditor, debtor) = (account.creditor_id, account.debtor_id);
            planned += usize::from(call_plan::plan_missing(ctx, creditor, debtor, account.id)?);
        }
        round.account = (account.placed_at, account.id.to_string());
    }
    if is_last {
        round.account = Round::default().account;
    }
    Ok(planned)
}

/// Lets series go on that wait for nothing any more.
fn emails(ctx: &Ctx, round: &mut Round) -> AppResult<usize> {
    let piece = ctx.read(|conn| Ok(overlooked::paused_series(conn, &round.series, PIECE)?))?;
    let is_last = piece.len() < usize::try_from(PIECE).unwrap_or(usize::MAX);
    let (mut asked, mut resumed) = (0, 0);
    for series in piece {
        if due_emails::may_go_on(series.pause_cause.as_deref()) {
            if asked == MOST_ASKED {
                return Ok(resumed);
            }
            asked += 1;
            resumed += usize::from(due_emails::go_on_if_cleared(
                ctx,
                series.creditor_id,
                series.id,
            )?);
        }
        round.series = (series.creditor_id.to_string(), series.id.to_string());
    }
    if is_last {
        round.series = Round::default().series;
    }
    Ok(resumed)
}
