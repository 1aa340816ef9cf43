//! The promises under races, kills and faults. Each run prints its seed; longer runs are asked for
//! by the variables of docs/COMPLIANCE.md.

mod crash;
mod faults;
mod history;
mod kills;
mod outside;
mod race;
mod restore;
mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use forbear::domain::hash::sha256_hex;

/// A number that somebody asked for by a variable, or the usual one.
fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .map_or(usual, |text| text.parse().expect(name))
}

/// Chance that can be had again from its seed.
pub struct Chance {
    seed: u64,
    drawn: AtomicU64,
}

impl Chance {
    /// From `FORBEAR_SEED`, or from the system; told on standard error, which a failed test shows.
    fn new(what: &str) -> Arc<Self> {
        let random = forbear::keys::random_bytes::<8>().unwrap();
        let seed = setting("FORBEAR_SEED", u64::from_le_bytes(random));
        eprintln!("{what}: FORBEAR_SEED={seed}");
        Arc::new(Self {
            seed,
            drawn: AtomicU64::new(0),
        })
    }

    /// A number below `limit`.
    fn below(&self, limit: u64) -> u64 {
        let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
        let digest = sha256_hex(format!("{} {drawn}", self.seed).as_bytes());
        u64::from_str_radix(&digest[..16], 16).unwrap() % limit
    }

    /// Some time below so many milliseconds.
    fn millis(&self, limit: u64) -> Duration {
        Duration::from_micros(self.below(limit * 1000))
    }
}
