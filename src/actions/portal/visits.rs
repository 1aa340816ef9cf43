//! A debtor's stay in the portal: short, and gone when the link is revoked.

use chrono::Duration;

use crate::actions::ctx::Ctx;
use crate::actions::tx::Tx;
use crate::domain::actor::Actor;
use crate::domain::hash::sha256_hex;
use crate::domain::id::{CreditorId, DebtorId, PlacementId, PortalLinkId};
use crate::error::AppResult;
use crate::keys::random_code;
use crate::store::sessions::{self, Session};
use crate::store::{Scope, portal_links};

/// Unused for so long, a visit ends; used or not, after an hour.
const IDLE: Duration = Duration::minutes(15);
const ABSOLUTE: Duration = Duration::hours(1);

/// How old the last sign of life may be before it is written again.
const TOUCH_AFTER: Duration = Duration::minutes(1);

/// A visit that just began. The key goes to the browser and nowhere else.
#[derive(Debug)]
pub struct NewVisit {
    pub key: String,
}

/// Whose portal is open, and by which link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub placement: PlacementId,
    pub link: PortalLinkId,
}

impl Visit {
    pub fn actor(&self) -> Actor {
        Actor::Debtor(self.debtor)
    }
}

pub(super) fn begin(tx: &mut Tx<'_>, link: PortalLinkId) -> AppResult<NewVisit> {
    let key = random_code(48)?;
    let session = Session {
        key_hash: hash(&key),
        user_id: None,
        portal_link_id: Some(link),
        state: "{}".to_owned(),
        user_agent: None,
        created_at: tx.now,
        last_seen_at: tx.now,
        expires_at: tx.now.plus(IDLE),
    };
    sessions::insert(tx.conn, &session)?;
    Ok(NewVisit { key })
}

/// The visit that a browser's key belongs to, if it still lasts; it thereby lasts longer.
pub fn find(ctx: &Ctx, key: &str) -> AppResult<Option<Visit>> {
    let now = ctx.now();
    let hash = hash(key);
    let found = ctx.read(|conn| {
        let session = sessions::find(conn, &hash)?.filter(|session| now < session.expires_at);
        let Some(session) = session else {
            return Ok(None);
        };
        let Some(link) = session.portal_link_id else {
            return Ok(None);
        };
        let link = portal_links::find(conn, Scope::Agency, link)?;
        Ok(link
            .filter(|link| link.is_live(now))
            .map(|link| (session, link)))
    })?;
    let Some((session, link)) = found else {
        return Ok(None);
    };
    if now.since(session.last_seen_at) >= TOUCH_AFTER {
        let end = session.created_at.plus(ABSOLUTE).min(now.plus(IDLE));
        ctx.write_quietly(&Actor::System("worker"), |tx| {
            sessions::touch(tx.conn, &hash, now, end)?;
            Ok(())
        })?;
    }
    Ok(Some(Visit {
        creditor: link.creditor_id,
        debtor: link.debtor_id,
        placement: link.placement_id,
        link: link.id,
    }))
}

/// Ends a visit. One that ended before is over already.
pub fn end(ctx: &Ctx, key: &str) -> AppResult<()> {
    ctx.write_quietly(&Actor::System("worker"), |tx| {
        sessions::delete(tx.conn, &hash(key))?;
        Ok(())
    })
}

fn hash(key: &str) -> String {
    sha256_hex(key.as_bytes())
}
