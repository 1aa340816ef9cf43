//! Warnings that people passed, with the words they were shown.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::acknowledgements;
use crate::domain::id::{AcknowledgementId, ContactId, CreditorId, DecisionId};
use crate::domain::time::Instant;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = acknowledgements, treat_none_as_default_value = false)]
pub struct Acknowledgement {
    pub creditor_id: CreditorId,
    pub id: AcknowledgementId,
    pub decision_id: DecisionId,
    pub contact_id: Option<ContactId>,
    pub rule: String,
    /// The sentence that was shown.
    pub shown: String,
    /// What the person gave as the reason.
    pub evidence: String,
    /// An actor's text.
    pub acknowledged_by: String,
    pub at: Instant,
}

pub fn insert(conn: &mut DbConn, acknowledgement: &Acknowledgement) -> QueryResult<()> {
    diesel::insert_into(acknowledgements::table)
        .values(acknowledgement)
        .execute(conn)
        .map(drop)
}

pub fn of_decision(
    conn: &mut DbConn,
    creditor: CreditorId,
    decision: DecisionId,
) -> QueryResult<Vec<Acknowledgement>> {
    acknowledgements::table
        .filter(acknowledgements::creditor_id.eq(creditor))
        .filter(acknowledgements::decision_id.eq(decision))
        .order(acknowledgements::rule.asc())
        .select(Acknowledgement::as_select())
        .load(conn)
}

/// The rules whose warnings were passed under these decisions.
pub fn rules_of_decisions(
    conn: &mut DbConn,
    creditor: CreditorId,
    decisions: &[DecisionId],
) -> QueryResult<Vec<(DecisionId, String)>> {
    acknowledgements::table
        .filter(acknowledgements::creditor_id.eq(creditor))
        .filter(acknowledgements::decision_id.eq_any(decisions.to_vec()))
        .select((acknowledgements::decision_id, acknowledgements::rule))
        .load(conn)
}
