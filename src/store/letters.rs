//! Letters and notices that were sent.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::letters;
use crate::domain::id::{CreditorId, DebtorId, LetterId, PlacementId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = letters, treat_none_as_default_value = false)]
pub struct Letter {
    pub creditor_id: CreditorId,
    pub id: LetterId,
    pub placement_id: PlacementId,
    pub debtor_id: DebtorId,
    /// `validation_notice`, `dispute_response`, `original_creditor`, `collection`,
    /// `statutory_notice` or `other`.
    pub letter_type: String,
    /// On the debtor's calendar.
    pub sent_on: NaiveDate,
    /// `mail`, `email` or `oral`.
    pub method: String,
    pub assumed_receipt_on: Option<NaiveDate>,
    /// The end of the validation period as printed, where it is known.
    pub period_ends_on: Option<NaiveDate>,
    pub returned_on: Option<NaiveDate>,
    pub created_by: String,
    pub created_at: Instant,
}

pub fn insert(conn: &mut DbConn, letter: &Letter) -> QueryResult<()> {
    diesel::insert_into(letters::table)
        .values(letter)
        .execute(conn)
        .map(drop)
}
