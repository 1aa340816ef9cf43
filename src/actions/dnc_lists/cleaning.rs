//! Removes what loads left behind, in short transactions.

use crate::actions::ctx::Ctx;
use crate::domain::actor::Actor;
use crate::error::AppResult;
use crate::store::dnc_lists;

/// Blocks removed in one transaction.
const BLOCKS: i64 = 2_000;

/// Ends loads whose process died, and removes the numbers of versions that nobody needs. Returns
/// how many versions were removed. May run in several processes at once.
pub fn sweep(ctx: &Ctx) -> AppResult<usize> {
    let actor = Actor::System("worker");
    let dead = ctx.read(|conn| Ok(dnc_lists::abandoned(conn, ctx.now())?))?;
    for id in dead {
        ctx.write(&actor, |tx| {
            let why = "The load was interrupted. Nothing of it counts; start it again.";
            Ok(dnc_lists::fail(tx.conn, id, why, tx.now)?)
        })?;
    }
    let outdated = ctx.read(|conn| Ok(dnc_lists::outdated(conn)?))?;
    let count = outdated.len();
    for (id, version) in outdated {
        while ctx.write(&actor, |tx| {
            Ok(dnc_lists::remove_blocks(tx.conn, version, BLOCKS)?)
        })? > 0
        {}
        ctx.write(&actor, |tx| Ok(dnc_lists::set_removed(tx.conn, id)?))?;
    }
    Ok(count)
}
