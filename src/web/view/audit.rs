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
    pub checkpoints: Vec<CheckpointRow>,
    pub pager: Pager,
    /// The Ed25519 key that signs them, in base64.
    pub public_key: String,
}

/// One chain: a creditor's, or the platform's own.
#[derive(Debug, Clone)]
pub struct ChainRow {
    pub name: String,
    pub events: u64,
    /// The hash of the last event, in hex.
    pub head: String,
    pub verified: Option<When>,
    /// The first bad row found, in words; none when whole.
    pub broken_at: Option<String>,
}

/// One signed checkpoint.
#[derive(Debug, Clone)]
pub struct CheckpointRow {
    pub when: When,
    pub chain: String,
    pub events: u64,
    pub head: String,
    pub download_href: String,
}
