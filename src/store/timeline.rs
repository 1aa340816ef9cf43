//! What happened to one placement, from three places: the audit chain, the contacts and the
//! gate's refusals.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::audit::EventRow;
use super::contacts::ContactRow;
use crate::db::DbConn;
use crate::db::schema::{audit_details, audit_events, contacts, decisions};
use crate::domain::audit_chain::Chain;
use crate::domain::id::{CreditorId, DebtorId, DecisionId, EventId, PlacementId};
use crate::domain::time::Instant;

/// Whose timeline.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    pub creditor: CreditorId,
    pub debtor: DebtorId,
    pub placement: PlacementId,
}

impl Subject {
    fn chain(&self) -> String {
        Chain::Creditor(self.creditor).to_string()
    }
}

/// A part of one stream, newest first.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Nothing later than this.
    pub until: Instant,
    pub limit: i64,
}

/// Kinds of events that are the debtor's, whatever placement they were first noted on.
pub type Kinds<'a> = &'a [&'static str];

/// Events of these kinds: of the placement, and those of the debtor that bind every placement.
pub fn events(
    conn: &mut DbConn,
    of: Subject,
    kinds: Kinds<'_>,
    debtor_kinds: Kinds<'_>,
    part: Part,
) -> QueryResult<Vec<EventRow>> {
    let mut found: Vec<EventRow> = audit_events::table
        .filter(audit_events::chain.eq(of.chain()))
        .filter(audit_events::placement_id.eq(of.placement))
        .filter(audit_events::kind.eq_any(kinds))
        .filter(audit_events::at.le(part.until))
        .order(audit_events::seq.desc())
        .limit(part.limit)
        .select(EventRow::as_select())
        .load(conn)?;
    // Two queries, each on its own index.
    let of_debtor: Vec<EventRow> = audit_events::table
        .filter(audit_events::chain.eq(of.chain()))
        .filter(audit_events::debtor_id.eq(of.debtor))
        .filter(audit_events::kind.eq_any(debtor_kinds))
        .filter(audit_events::at.le(part.until))
        .order(audit_events::seq.desc())
        .limit(part.limit)
        .select(EventRow::as_select())
        .load(conn)?;
    found.extend(of_debtor);
    found.sort_unstable_by_key(|event| std::cmp::Reverse(event.seq));
    found.dedup_by_key(|event| event.seq);
    Ok(found)
}

/// How many events of each kind there are, up to `until`.
pub fn count_events(
    conn: &mut DbConn,
    of: Subject,
    debtor_kinds: Kinds<'_>,
    until: Instant,
) -> QueryResult<Vec<(String, i64)>> {
    let mut counts: Vec<(String, i64)> = audit_events::table
        .filter(audit_events::chain.eq(of.chain()))
        .filter(audit_events::placement_id.eq(of.placement))
        .filter(audit_events::kind.ne_all(debtor_kinds))
        .filter(audit_events::at.le(until))
        .group_by(audit_events::kind)
        .select((audit_events::kind, count_star()))
        .load(conn)?;
    let of_debtor: Vec<(String, i64)> = audit_events::table
        .filter(audit_events::chain.eq(of.chain()))
        .filter(audit_events::debtor_id.eq(of.debtor))
        .filter(audit_events::kind.eq_any(debtor_kinds))
        .filter(audit_events::at.le(until))
        .group_by(audit_events::kind)
        .select((audit_events::kind, count_star()))
        .load(conn)?;
    counts.extend(of_debtor);
    Ok(counts)
}

/// Events by their ids: causes that stand on another page.
pub fn events_by_id(conn: &mut DbConn, of: Subject, ids: &[EventId]) -> QueryResult<Vec<EventRow>> {
    audit_events::table
        .filter(audit_events::id.eq_any(ids.to_vec()))
        .filter(audit_events::chain.eq(of.chain()))
        .select(EventRow::as_select())
        .load(conn)
}

/// The personal details kept beside these events, by their place in the chain.
pub fn details(
    conn: &mut DbConn,
    creditor: CreditorId,
    seqs: &[i64],
) -> QueryResult<Vec<(i64, String)>> {
    audit_details::table
        .filter(audit_details::chain.eq(Chain::Creditor(creditor).to_string()))
        .filter(audit_details::seq.eq_any(seqs.to_vec()))
        .select((audit_details::seq, audit_details::value))
        .load(conn)
}

/// Contacts about the placement.
pub fn contacts_of(conn: &mut DbConn, of: Subject, part: Part) -> QueryResult<Vec<ContactRow>> {
    contacts::table
        .filter(contacts::creditor_id.eq(of.creditor))
        .filter(contacts::placement_id.eq(of.placement))
        .filter(contacts::at.le(part.until))
        .order((contacts::at.desc(), contacts::id.desc()))
        .limit(part.limit)
        .select(ContactRow::as_select())
        .load(conn)
}

pub fn count_contacts(conn: &mut DbConn, of: Subject, until: Instant) -> QueryResult<u64> {
    contacts::table
        .filter(contacts::creditor_id.eq(of.creditor))
        .filter(contacts::placement_id.eq(of.placement))
        .filter(contacts::at.le(until))
        .count()
        .get_result(conn)
        .map(super::count)
}

/// An attempt that the gate refused, without the facts it was decided on.
#[derive(Debug, Clone, Queryable)]
pub struct Refusal {
    pub id: DecisionId,
    pub at: Instant,
    pub asked_by: String,
    pub occasion: String,
    pub channel: String,
    pub initiator: String,
    pub binding_rule: Option<String>,
    pub earliest_lawful_at: Option<Instant>,
    /// JSON.
    pub decision: String,
}

/// Whether a contact was put on record under the decision: then that line tells it.
macro_rules! has_contact {
    () => {
        diesel::dsl::exists(
            contacts::table
                .filter(contacts::creditor_id.eq(decisions::creditor_id))
                .filter(contacts::placement_id.eq(decisions::placement_id))
                .filter(contacts::decision_id.eq(decisions::id.nullable())),
        )
    };
}

/// Occasions on which somebody meant to make contact; a mere question is none.
const IN_EARNEST: [&str; 3] = ["authorize", "log", "precheck"];

/// Refused attempts about the placement.
pub fn refusals(conn: &mut DbConn, of: Subject, part: Part) -> QueryResult<Vec<Refusal>> {
    decisions::table
        .filter(decisions::creditor_id.eq(of.creditor))
        .filter(decisions::placement_id.eq(of.placement))
        .filter(decisions::outcome.eq("refuse"))
        .filter(decisions::occasion.eq_any(IN_EARNEST))
        .filter(diesel::dsl::not(has_contact!()))
        .filter(decisions::at.le(part.until))
        .order((decisions::at.desc(), decisions::id.desc()))
        .limit(part.limit)
        .select((
            decisions::id,
            decisions::at,
            decisions::asked_by,
            decisions::occasion,
            decisions::channel,
            decisions::initiator,
            decisions::binding_rule,
            decisions::earliest_lawful_at,
            decisions::decision,
        ))
        .load(conn)
}

pub fn count_refusals(conn: &mut DbConn, of: Subject, until: Instant) -> QueryResult<u64> {
    decisions::table
        .filter(decisions::creditor_id.eq(of.creditor))
        .filter(decisions::placement_id.eq(of.placement))
        .filter(decisions::outcome.eq("refuse"))
        .filter(decisions::occasion.eq_any(IN_EARNEST))
        .filter(diesel::dsl::not(has_contact!()))
        .filter(decisions::at.le(until))
        .count()
        .get_result(conn)
        .map(super::count)
}

/// Of these decisions, those that refused.
pub fn refused_among(
    conn: &mut DbConn,
    of: Subject,
    decisions: &[DecisionId],
) -> QueryResult<Vec<DecisionId>> {
    decisions::table
        .filter(decisions::creditor_id.eq(of.creditor))
        .filter(decisions::id.eq_any(decisions.to_vec()))
        .filter(decisions::outcome.eq("refuse"))
        .select(decisions::id)
        .load(conn)
}
