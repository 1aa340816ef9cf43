//! What the database says of itself, for whoever watches over it.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use crate::db::DbConn;
use crate::db::schema::{audit_events, stop_requests};
use crate::domain::time::Instant;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Integer)]
    value: i32,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    value: String,
}

/// A setting that decides whether a commit survives a power cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durability {
    pub setting: &'static str,
    pub value: String,
    pub is_safe: bool,
}

/// The settings of this connection that make a commit durable.
pub fn durability(conn: &mut DbConn) -> QueryResult<Vec<Durability>> {
    match conn {
        DbConn::Sqlite(conn) => {
            let synchronous: Number =
                diesel::sql_query("SELECT synchronous AS value FROM pragma_synchronous")
                    .get_result(conn)?;
            let journal: Word =
                diesel::sql_query("SELECT journal_mode AS value FROM pragma_journal_mode")
                    .get_result(conn)?;
            Ok(vec![
                Durability {
                    setting: "synchronous",
                    // 2 is FULL, 3 is EXTRA.
                    is_safe: synchronous.value >= 2,
                    value: synchronous.value.to_string(),
                },
                Durability {
                    setting: "journal_mode",
                    is_safe: journal.value == "wal",
                    value: journal.value,
                },
            ])
        }
        DbConn::Pg(conn) => {
            let mut found = Vec::new();
            for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
                let word: Word = diesel::sql_query("SELECT current_setting($1) AS value")
                    .bind::<Text, _>(setting)
                    .get_result(conn)?;
                found.push(Durability {
                    setting,
                    is_safe: word.value != "off",
                    value: word.value,
                });
            }
            Ok(found)
        }
    }
}

/// When an event of this kind was last recorded in the platform's chain.
pub fn last_on_platform(conn: &mut DbConn, kind: &str) -> QueryResult<Option<Instant>> {
    audit_events::table
        .filter(audit_events::chain.eq("platform"))
        .filter(audit_events::kind.eq(kind))
        .order(audit_events::seq.desc())
        .select(audit_events::at)
        .first(conn)
        .optional()
}

/// Whether any debtor ever asked for a stop.
pub fn any_stop(conn: &mut DbConn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        stop_requests::table.select(stop_requests::id),
    ))
    .get_result(conn)
}
