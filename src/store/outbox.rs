//! Messages on their way out.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::outbox;
use crate::domain::id::{CreditorId, OutboxId};
use crate::domain::time::Instant;

#[derive(Debug, Insertable)]
#[diesel(table_name = outbox)]
pub struct NewMessage<'a> {
    pub creditor_id: CreditorId,
    pub id: OutboxId,
    pub topic: &'a str,
    pub event_type: &'a str,
    /// Messages of one subject go out in order.
    pub subject: &'a str,
    /// The body, as JSON text.
    pub payload: &'a str,
    /// Unique for the creditor: the same message can't be put in twice.
    pub dedupe_key: &'a str,
    pub status: &'a str,
    pub available_at: Instant,
    pub created_at: Instant,
}

pub fn insert(conn: &mut DbConn, message: &NewMessage<'_>) -> QueryResult<()> {
    diesel::insert_into(outbox::table)
        .values(message)
        .execute(conn)
        .map(drop)
}
