//! Queries, one file a noun. Nothing here opens a transaction or decides anything, and every
//! query of a creditor's rows takes the [`Scope`] of who asks.

pub mod acknowledgements;
pub mod alert_list;
pub mod alerts;
pub mod among;
pub mod api_keys;
pub mod attempts;
pub mod audit;
pub mod backup;
mod batch;
pub mod calls;
pub mod checkpoints;
pub mod consents;
pub mod contacts;
pub mod creditors;
pub mod debtor_lock;
pub mod debtors;
pub mod decisions;
pub mod desk_home;
pub mod disputes;
pub mod dnc_entries;
pub mod dnc_listings;
pub mod dnc_lists;
pub mod dnc_search;
mod each;
pub mod email_steps;
pub mod email_suppressions;
pub mod emails_on_file;
pub mod facts;
pub mod flags;
pub mod health;
pub mod holds;
pub mod idempotency_keys;
pub mod imports;
pub mod inbound;
pub mod letters;
pub mod once;
pub mod operations;
pub mod outbox;
pub mod overdue_notices;
pub mod overlooked;
pub mod overview;
pub mod payments;
pub mod phones;
pub mod placement_counts;
pub mod placement_feed;
pub mod placement_history;
pub mod placement_list;
pub mod placement_refs;
pub mod placements;
pub mod placing;
pub mod policies;
pub mod portal_accounts;
pub mod portal_codes;
pub mod portal_links;
pub mod processes;
pub mod reachable;
pub mod search_words;
pub mod sequences;
pub mod sessions;
pub mod stop_journals;
pub mod stop_requests;
pub mod tasks;
pub mod throttles;
pub mod timeline;
pub mod users;
pub mod verifications;
pub mod webhook_endpoints;
pub mod webhook_log;
pub mod webhook_queue;

use crate::domain::id::CreditorId;

/// Whose rows may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One creditor's.
    Creditor(CreditorId),
    /// Every creditor's: staff of the agency and the program itself.
    Agency,
}

impl Scope {
    pub fn includes(self, creditor: CreditorId) -> bool {
        match self {
            Self::Creditor(own) => own == creditor,
            Self::Agency => true,
        }
    }
}

/// A count of rows, which no database makes negative.
fn count(rows: i64) -> u64 {
    rows.unsigned_abs()
}

/// Asks the database for nothing, to see whether it answers.
pub fn ping(conn: &mut crate::db::DbConn) -> diesel::QueryResult<()> {
    use diesel::prelude::*;
    diesel::select(1.into_sql::<diesel::sql_types::Integer>())
        .get_result::<i32>(conn)
        .map(drop)
}
