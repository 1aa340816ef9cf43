//! Walks over the audit chains, and what the last one over each chain found.

use diesel::prelude::*;

use crate::db::DbConn;
use crate::db::schema::{audit_verifications, audit_verified_chains};
use crate::domain::id::VerificationId;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_verifications)]
pub struct Verification {
    pub id: VerificationId,
    /// `open`, `whole` or `broken`.
    pub status: String,
    /// An actor's text.
    pub requested_by: String,
    pub requested_at: Instant,
    pub events_done: i64,
    /// As many as there were when it was asked for.
    pub events_total: i64,
    pub claimed_by: Option<String>,
    pub claimed_until: Option<Instant>,
    pub finished_at: Option<Instant>,
}

/// What the last walk over a chain found.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_verified_chains)]
pub struct VerifiedChain {
    pub chain: String,
    pub verification_id: VerificationId,
    pub events: i64,
    /// The first bad event in words; absent where the chain is whole.
    pub finding: Option<String>,
    pub verified_at: Instant,
}

pub fn insert(conn: &mut DbConn, verification: &Verification) -> QueryResult<()> {
    diesel::insert_into(audit_verifications::table)
        .values(verification)
        .execute(conn)
        .map(drop)
}

/// The one that waits or is under way: there is never another.
pub fn open(conn: &mut DbConn) -> QueryResult<Option<Verification>> {
    audit_verifications::table
        .filter(audit_verifications::status.eq("open"))
        .select(Verification::as_select())
        .get_result(conn)
        .optional()
}

/// The one asked for last.
pub fn latest(conn: &mut DbConn) -> QueryResult<Option<Verification>> {
    audit_verifications::table
        .order((
            audit_verifications::requested_at.desc(),
            audit_verifications::id.desc(),
        ))
        .select(Verification::as_select())
        .first(conn)
        .optional()
}

/// Takes the open one, unless another worker holds it. Zero rows: there is nothing to take.
pub fn claim(
    conn: &mut DbConn,
    id: VerificationId,
    worker: &str,
    now: Instant,
    until: Instant,
) -> QueryResult<usize> {
    diesel::update(
        audit_verifications::table
            .filter(audit_verifications::id.eq(id))
            .filter(audit_verifications::status.eq("open"))
            .filter(
                audit_verifications::claimed_by
                    .is_null()
                    .or(audit_verifications::claimed_until.le(now))
                    .or(audit_verifications::claimed_by.eq(worker)),
            ),
    )
    .set((
        audit_verifications::claimed_by.eq(worker),
        audit_verifications::claimed_until.eq(until),
        audit_verifications::events_done.eq(0),
    ))
    .execute(conn)
}

/// Notes how far it is. Zero rows: another worker has it now.
pub fn progress(
    conn: &mut DbConn,
    id: VerificationId,
    worker: &str,
    events_done: i64,
    until: Instant,
) -> QueryResult<usize> {
    diesel::update(held_by(id, worker))
        .set((
            audit_verifications::events_done.eq(events_done),
            audit_verifications::claimed_until.eq(until),
        ))
        .execute(conn)
}

/// Puts it down, for another worker to take up.
pub fn release(conn: &mut DbConn, id: VerificationId, worker: &str) -> QueryResult<usize> {
    diesel::update(held_by(id, worker))
        .set(audit_verifications::claimed_by.eq(None::<String>))
        .execute(conn)
}

/// Zero rows: another worker has it now.
pub fn finish(
    conn: &mut DbConn,
    id: VerificationId,
    worker: &str,
    status: &str,
    events: i64,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(held_by(id, worker))
        .set((
            audit_verifications::status.eq(status),
            audit_verifications::events_done.eq(events),
            audit_verifications::finished_at.eq(now),
        ))
        .execute(conn)
}

#[diesel::dsl::auto_type]
fn held_by<'a>(id: VerificationId, worker: &'a str) -> _ {
    audit_verifications::table
        .filter(audit_verifications::id.eq(id))
        .filter(audit_verifications::claimed_by.eq(worker))
}

/// Keeps what was found of a chain in place of what was found before.
pub fn keep_chain(conn: &mut DbConn, found: &VerifiedChain) -> QueryResult<()> {
    let columns = (
        audit_verified_chains::verification_id.eq(found.verification_id),
        audit_verified_chains::events.eq(found.events),
        audit_verified_chains::finding.eq(&found.finding),
        audit_verified_chains::verified_at.eq(found.verified_at),
    );
    let changed = diesel::update(audit_verified_chains::table.find(&found.chain))
        .set(columns)
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(audit_verified_chains::table)
            .values(found)
            .execute(conn)?;
    }
    Ok(())
}

/// What was found of each chain, by name.
pub fn chains(conn: &mut DbConn) -> QueryResult<Vec<VerifiedChain>> {
    audit_verified_chains::table
        .order(audit_verified_chains::chain.asc())
        .select(VerifiedChain::as_select())
        .load(conn)
}
