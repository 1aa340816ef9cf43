//! Everything an action needs besides its input.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use super::clock_watch::ClockWatch;
use super::journal::StopJournal;
use super::placement_counts::PlacementCounts;
use super::tx::Tx;
use super::wake::Wake;
use crate::db::{Db, DbConn};
use crate::domain::actor::Actor;
use crate::domain::agency::Agency;
use crate::domain::mail::MailAddresses;
use crate::domain::time::{Instant, SharedClock};
use crate::domain::voice::VoiceAccount;
use crate::domain::webhook::address::AddressRules;
use crate::error::{AppError, AppResult};
use crate::keys::Keys;
use crate::passwords::Passwords;
use crate::policies::Policies;

/// The services of one running process. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    pub db: Db,
    pub clock: SharedClock,
    pub clock_watch: Arc<ClockWatch>,
    pub policies: Policies,
    pub keys: Keys,
    pub passwords: Passwords,
    pub journal: Arc<StopJournal>,
    pub wake: Wake,
    pub placement_counts: PlacementCounts,
    /// Names this process in claims and leases.
    pub process: Arc<str>,
    /// Where files go: mail, exports.
    pub data_dir: Arc<PathBuf>,
    /// Who collects, as debtors are told.
    pub agency: Arc<Agency>,
    /// By which addresses we write and are written to.
    pub mail: Arc<MailAddresses>,
    /// What the mail provider must say when it hands us mail; without it none is taken.
    pub inbound_secret: Option<Arc<str>>,
    /// The address people reach us at, without a slash at the end.
    pub public_url: Arc<str>,
    /// By which account calls are placed; without it none are, and none are reported.
    pub voice: Option<Arc<VoiceAccount>>,
    /// Where webhooks may go.
    pub webhook_addresses: Arc<AddressRules>,
    /// Proxies before us, whose word on where a request came from is taken.
    pub trusted_proxies: Arc<[IpAddr]>,
    /// The operator declares that the disk is encrypted; nothing here can tell.
    pub is_encrypted_at_rest: bool,
}

impl fmt::Debug for Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx")
            .field("db", &self.db)
            .field("process", &self.process)
            .finish_non_exhaustive()
    }
}

impl Ctx {
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Reads one consistent view.
    pub fn read<T>(&self, work: impl FnOnce(&mut DbConn) -> AppResult<T>) -> AppResult<T> {
        self.db.read(work)
    }

    /// As [`Ctx::read`], on a thread for reading, in its turn: what a page waits for. The work must
    /// wait for nothing but the database.
    pub async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self, &mut DbConn) -> AppResult<T> + Send + 'static,
    ) -> AppResult<T> {
        let ctx = self.clone();
        self.db
            .on_reader(move || ctx.read(|conn| work(&ctx, conn)))
            .await
            .map_err(AppError::internal)?
    }

    /// One transaction of `actor` at this moment. What it records reaches the chain only if it
    /// returns `Ok`; afterwards the workers are woken.
    pub(super) fn write<T>(
        &self,
        actor: &Actor,
        work: impl FnOnce(&mut Tx<'_>) -> AppResult<T>,
    ) -> AppResult<T> {
        let done = self.write_quietly(actor, work);
        if done.is_ok() {
            self.wake.ring();
        }
        done
    }

    /// As [`Ctx::write`], where nothing is written that a worker would have to do.
    pub(super) fn write_quietly<T>(
        &self,
        actor: &Actor,
        work: impl FnOnce(&mut Tx<'_>) -> AppResult<T>,
    ) -> AppResult<T> {
        self.db.write(|conn| {
            let mut tx = Tx::new(conn, self.clock.now(), actor);
            let value = work(&mut tx)?;
            tx.finish()?;
            Ok(value)
        })
    }
}
