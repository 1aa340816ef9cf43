//! The audit chain and its signed checkpoints.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::part::{Pager, Tab, When};

/// `GET /audit/checkpoints`.
#[derive(Template)]
#[template(path = "audit/checkpoints.html")]
pub struct CheckpointsPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub chains: Vec<ChainRow>,
    /// The walk over the chains that waits or is under way.
    pub walk: Option<WalkProgress>,
    /// The last one that was finished.
    pub last_walk: Option<LastWalk>,
    pub checkpoints: Vec<CheckpointRow>,
    pub pager: Pager,
    /// The key that signs them, as `forbear audit verify --public-key` takes it.
    pub public_key: String,
}

/// How far a walk over the chains is.
#[derive(Debug, Clone)]
pub struct WalkProgress {
    pub done: u64,
    pub total: u64,
    pub asked: When,
}

/// What a walk over the chains came to.
#[derive(Debug, Clone)]
pub struct LastWalk {
    pub when: When,
    pub by: String,
    pub is_whole: bool,
}

/// One chain: a creditor's, or the platform's own.
#[derive(Debug, Clone)]
pub struct ChainRow {
    pub name: String,
    pub events: u64,
    /// The hash of the last event, in hex, shortened.
    pub head: String,
    pub verified: Option<When>,
    /// The first bad row found, in words; none when whole.
    pub broken_at: Option<String>,
}

/// One signed checkpoint over all chains.
#[derive(Debug, Clone)]
pub struct CheckpointRow {
    pub when: When,
    pub chains: u64,
    pub events: u64,
    /// The root of the tree over the chains, in hex, shortened.
    pub root: String,
    pub download_href: String,
}
