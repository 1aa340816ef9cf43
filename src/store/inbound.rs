//! Messages that debtors wrote, their files, and the holds they set.

use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::{
    emails, holds, inbound_attachments, inbound_holds, inbound_messages, placements,
};
use crate::domain::id::{
    AttachmentId, CreditorId, DebtorId, HoldId, InboundMessageId, PlacementId,
};
use crate::domain::placement::PlacementStatus;
use crate::domain::time::Instant;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = inbound_messages)]
pub struct InboundMessage {
    /// The agency's own id for a message that belongs to nobody we know.
    pub creditor_id: CreditorId,
    pub id: InboundMessageId,
    pub provider_ref: String,
    pub debtor_id: Option<DebtorId>,
    pub placement_id: Option<PlacementId>,
    pub from_address: String,
    pub subject: String,
    pub body: String,
    pub own_words: String,
    pub raw: String,
    /// `token`, `address` or `nothing`.
    pub matched_by: String,
    pub sender_known: bool,
    /// `pass`, `fail` or `unknown`.
    pub dkim: String,
    /// A reading as JSON.
    pub reading: String,
    /// `ignored`, `continued`, `acted`, `held` or `decided`.
    pub status: String,
    pub decision: Option<String>,
    /// An actor's text.
    pub decided_by: Option<String>,
    pub decided_at: Option<Instant>,
    pub note: Option<String>,
    pub received_at: Instant,
    pub version: i64,
    /// `email` or `call`.
    pub channel: String,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = inbound_attachments)]
pub struct Attachment {
    pub creditor_id: CreditorId,
    pub id: AttachmentId,
    pub message_id: InboundMessageId,
    pub name: String,
    pub kind: String,
    pub size: i32,
    pub sha256: String,
    pub content: Option<Vec<u8>>,
}

/// A hold that a message set.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = inbound_holds)]
pub struct InboundHold {
    pub creditor_id: CreditorId,
    pub hold_id: HoldId,
    pub message_id: InboundMessageId,
    pub debtor_id: DebtorId,
    pub placement_id: PlacementId,
}

pub fn insert(conn: &mut DbConn, message: &InboundMessage) -> QueryResult<()> {
    diesel::insert_into(inbound_messages::table)
        .values(message)
        .execute(conn)
        .map(drop)
}

pub fn insert_attachment(conn: &mut DbConn, attachment: &Attachment) -> QueryResult<()> {
    diesel::insert_into(inbound_attachments::table)
        .values(attachment)
        .execute(conn)
        .map(drop)
}

pub fn insert_hold(conn: &mut DbConn, hold: &InboundHold) -> QueryResult<()> {
    diesel::insert_into(inbound_holds::table)
        .values(hold)
        .execute(conn)
        .map(drop)
}

/// The message that the provider calls so, if it was taken before.
pub fn by_ref(conn: &mut DbConn, provider_ref: &str) -> QueryResult<Option<InboundMessage>> {
    inbound_messages::table
        .filter(inbound_messages::provider_ref.eq(provider_ref))
        .select(InboundMessage::as_select())
        .get_result(conn)
        .optional()
}

/// A message that `scope` may see, or nothing.
pub fn find(
    conn: &mut DbConn,
    scope: Scope,
    id: InboundMessageId,
) -> QueryResult<Option<InboundMessage>> {
    let query = inbound_messages::table
        .filter(inbound_messages::id.eq(id))
        .select(InboundMessage::as_select())
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(inbound_messages::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .get_result(conn)
    .optional()
}

/// Messages of one status: those that wait the oldest first, the others the newest first.
pub fn page(
    conn: &mut DbConn,
    scope: Scope,
    status: &str,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<InboundMessage>> {
    let query = inbound_messages::table
        .filter(inbound_messages::status.eq(status))
        .offset(offset)
        .limit(limit)
        .select(InboundMessage::as_select())
        .into_boxed();
    let query = match scope {
        Scope::Creditor(creditor) => query.filter(inbound_messages::creditor_id.eq(creditor)),
        Scope::Agency => query,
    };
    if status == "held" {
        query.order((
            inbound_messages::received_at.asc(),
            inbound_messages::id.asc(),
        ))
    } else {
        query.order((
            inbound_messages::received_at.desc(),
            inbound_messages::id.desc(),
        ))
    }
    .load(conn)
}

pub fn count(conn: &mut DbConn, scope: Scope, status: &str) -> QueryResult<u64> {
    let query = inbound_messages::table
        .filter(inbound_messages::status.eq(status))
        .into_boxed();
    match scope {
        Scope::Creditor(creditor) => query.filter(inbound_messages::creditor_id.eq(creditor)),
        Scope::Agency => query,
    }
    .count()
    .get_result(conn)
    .map(super::count)
}

/// The files of a message without their content.
pub fn attachments(
    conn: &mut DbConn,
    creditor: CreditorId,
    message: InboundMessageId,
) -> QueryResult<Vec<(String, String, i32, String)>> {
    inbound_attachments::table
        .filter(inbound_attachments::creditor_id.eq(creditor))
        .filter(inbound_attachments::message_id.eq(message))
        .order(inbound_attachments::id.asc())
        .select((
            inbound_attachments::name,
            inbound_attachments::kind,
            inbound_attachments::size,
            inbound_attachments::sha256,
        ))
        .load(conn)
}

/// The holds of a message, whichever creditors they are of.
pub fn holds_of(conn: &mut DbConn, message: InboundMessageId) -> QueryResult<Vec<InboundHold>> {
    inbound_holds::table
        .filter(inbound_holds::message_id.eq(message))
        .order(inbound_holds::hold_id.asc())
        .select(InboundHold::as_select())
        .load(conn)
}

/// Ends one hold; nothing if it has ended.
pub fn lift(
    conn: &mut DbConn,
    creditor: CreditorId,
    hold: HoldId,
    by: &str,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        holds::table
            .find((creditor, hold))
            .filter(holds::lifted_at.is_null()),
    )
    .set((holds::lifted_at.eq(now), holds::lifted_by.eq(by)))
    .execute(conn)
}

/// How a message came to rest.
#[derive(Debug, Clone, Copy)]
pub struct Rest<'a> {
    pub status: &'a str,
    pub decision: Option<&'a str>,
    pub by: Option<&'a str>,
    pub note: Option<&'a str>,
    pub now: Instant,
}

/// Writes what became of a held message; nothing if it was decided since `version`.
pub fn rest(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: InboundMessageId,
    version: i64,
    rest: &Rest<'_>,
) -> QueryResult<usize> {
    diesel::update(
        inbound_messages::table
            .find((creditor, id))
            .filter(inbound_messages::version.eq(version))
            .filter(inbound_messages::status.eq("held")),
    )
    .set((
        inbound_messages::status.eq(rest.status),
        inbound_messages::decision.eq(rest.decision),
        inbound_messages::decided_by.eq(rest.by),
        inbound_messages::decided_at.eq(rest.by.map(|_| rest.now)),
        inbound_messages::note.eq(rest.note),
        inbound_messages::version.eq(inbound_messages::version + 1),
    ))
    .execute(conn)
}

/// The debtor's accounts that are not closed.
pub fn open_placements(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
) -> QueryResult<Vec<PlacementId>> {
    let all: Vec<(PlacementId, PlacementStatus)> = placements::table
        .filter(placements::creditor_id.eq(creditor))
        .filter(placements::debtor_id.eq(debtor))
        .order((placements::placed_at.asc(), placements::id.asc()))
        .select((placements::id, placements::status))
        .load(conn)?;
    Ok(all
        .into_iter()
        .filter(|(_, status)| !status.is_closed())
        .map(|(id, _)| id)
        .collect())
}

/// Notes that the debtor wrote to us about a debt from this address (12 CFR 1006.6(d)(4)). True
/// if the address is on file.
pub fn note_use(
    conn: &mut DbConn,
    creditor: CreditorId,
    debtor: DebtorId,
    address: &str,
    now: Instant,
) -> QueryResult<bool> {
    diesel::update(
        emails::table
            .filter(emails::creditor_id.eq(creditor))
            .filter(emails::debtor_id.eq(debtor))
            .filter(emails::address.eq(address)),
    )
    .set(emails::used_for_debt_at.eq(now))
    .execute(conn)
    .map(|rows| rows > 0)
}
