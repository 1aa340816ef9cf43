//! Where creditors want to be told, and the rows that their secrets are made from.

use diesel::prelude::*;

use super::Scope;
use crate::db::DbConn;
use crate::db::schema::{creditors, webhook_endpoints, webhook_secrets};
use crate::domain::id::{CreditorId, WebhookEndpointId, WebhookSecretId};
use crate::domain::time::Instant;
use crate::domain::webhook::events::Wanted;
use crate::domain::webhook::{DisabledBecause, EndpointStatus};

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhook_endpoints, primary_key(creditor_id, id), treat_none_as_null = true)]
pub struct Endpoint {
    pub creditor_id: CreditorId,
    pub id: WebhookEndpointId,
    pub url: String,
    pub description: String,
    /// As [`Wanted`] stores it.
    pub event_types: Option<String>,
    pub status: EndpointStatus,
    pub status_reason: Option<DisabledBecause>,
    /// Since when the status is so.
    pub status_at: Instant,
    /// The first failure since the last success.
    pub failing_since: Option<Instant>,
    /// The receiver asked for quiet until then.
    pub quiet_until: Option<Instant>,
    pub created_by: String,
    pub created_at: Instant,
    pub version: i64,
}

impl Endpoint {
    pub fn wanted(&self) -> Wanted {
        Wanted::from_stored(self.event_types.as_deref())
    }
}

/// What a secret is made from. The secret itself is nowhere in the database.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_secrets)]
pub struct SecretRow {
    pub creditor_id: CreditorId,
    pub id: WebhookSecretId,
    pub endpoint_id: WebhookEndpointId,
    pub created_by: String,
    pub created_at: Instant,
    /// Set when it was replaced: until then it still signs.
    pub expires_at: Option<Instant>,
}

pub fn insert(conn: &mut DbConn, endpoint: &Endpoint) -> QueryResult<()> {
    diesel::insert_into(webhook_endpoints::table)
        .values(endpoint)
        .execute(conn)
        .map(drop)
}

/// Writes back a row that was read in this transaction.
pub fn update(conn: &mut DbConn, endpoint: &Endpoint) -> QueryResult<usize> {
    diesel::update(webhook_endpoints::table.find((endpoint.creditor_id, endpoint.id)))
        .set(endpoint)
        .execute(conn)
}

/// The endpoint, if it is in `scope` and was not taken away.
pub fn find(
    conn: &mut DbConn,
    scope: Scope,
    id: WebhookEndpointId,
) -> QueryResult<Option<Endpoint>> {
    let mut query = webhook_endpoints::table
        .filter(webhook_endpoints::id.eq(id))
        .filter(webhook_endpoints::status.ne(EndpointStatus::Deleted))
        .select(Endpoint::as_select())
        .into_boxed();
    if let Scope::Creditor(creditor) = scope {
        query = query.filter(webhook_endpoints::creditor_id.eq(creditor));
    }
    query.get_result(conn).optional()
}

/// The same, locked until the transaction ends, and taken away or not.
pub fn lock(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: WebhookEndpointId,
) -> QueryResult<Option<Endpoint>> {
    let query = webhook_endpoints::table.find((creditor, id));
    match conn {
        DbConn::Sqlite(conn) => query
            .select(Endpoint::as_select())
            .get_result(conn)
            .optional(),
        DbConn::Pg(conn) => query
            .select(Endpoint::as_select())
            // Deliveries may still be put in for it: they only need the row to stay.
            .for_no_key_update()
            .get_result(conn)
            .optional(),
    }
}

/// Endpoints of a creditor that were not taken away, the oldest first.
pub fn of_creditor(conn: &mut DbConn, creditor: CreditorId) -> QueryResult<Vec<Endpoint>> {
    webhook_endpoints::table
        .filter(webhook_endpoints::creditor_id.eq(creditor))
        .filter(webhook_endpoints::status.ne(EndpointStatus::Deleted))
        .order((
            webhook_endpoints::created_at.asc(),
            webhook_endpoints::id.asc(),
        ))
        .select(Endpoint::as_select())
        .load(conn)
}

/// Endpoints in `scope` with the names of their creditors, by name, the oldest first.
pub fn list(conn: &mut DbConn, scope: Scope) -> QueryResult<Vec<(Endpoint, String)>> {
    let mut query = webhook_endpoints::table
        .inner_join(creditors::table.on(creditors::id.eq(webhook_endpoints::creditor_id)))
        .filter(webhook_endpoints::status.ne(EndpointStatus::Deleted))
        .order((
            creditors::name.asc(),
            webhook_endpoints::created_at.asc(),
            webhook_endpoints::id.asc(),
        ))
        .select((Endpoint::as_select(), creditors::name))
        .into_boxed();
    if let Scope::Creditor(creditor) = scope {
        query = query.filter(webhook_endpoints::creditor_id.eq(creditor));
    }
    query.load(conn)
}

/// A try got through.
pub fn note_success(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: WebhookEndpointId,
) -> QueryResult<usize> {
    diesel::update(
        webhook_endpoints::table
            .find((creditor, id))
            .filter(webhook_endpoints::failing_since.is_not_null()),
    )
    .set(webhook_endpoints::failing_since.eq(None::<Instant>))
    .execute(conn)
}

/// A try failed. The first of a row of failures is what counts.
pub fn note_failure(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: WebhookEndpointId,
    now: Instant,
) -> QueryResult<usize> {
    diesel::update(
        webhook_endpoints::table
            .find((creditor, id))
            .filter(webhook_endpoints::failing_since.is_null()),
    )
    .set(webhook_endpoints::failing_since.eq(now))
    .execute(conn)
}

/// The receiver asked for quiet.
pub fn keep_quiet(
    conn: &mut DbConn,
    creditor: CreditorId,
    id: WebhookEndpointId,
    until: Instant,
) -> QueryResult<usize> {
    diesel::update(webhook_endpoints::table.find((creditor, id)))
        .set(webhook_endpoints::quiet_until.eq(until))
        .execute(conn)
}

pub fn insert_secret(conn: &mut DbConn, secret: &SecretRow) -> QueryResult<()> {
    diesel::insert_into(webhook_secrets::table)
        .values(secret)
        .execute(conn)
        .map(drop)
}

/// The secrets that sign at `now`, the newest first.
pub fn secrets(
    conn: &mut DbConn,
    creditor: CreditorId,
    endpoint: WebhookEndpointId,
    now: Instant,
) -> QueryResult<Vec<SecretRow>> {
    webhook_secrets::table
        .filter(webhook_secrets::creditor_id.eq(creditor))
        .filter(webhook_secrets::endpoint_id.eq(endpoint))
        .filter(
            webhook_secrets::expires_at
                .is_null()
                .or(webhook_secrets::expires_at.gt(now)),
        )
        .order((
            webhook_secrets::created_at.desc(),
            webhook_secrets::id.desc(),
        ))
        .select(SecretRow::as_select())
        .load(conn)
}

/// Lets every secret end that has no end yet: at `until`. Those that would live longer are cut.
pub fn let_secrets_end(
    conn: &mut DbConn,
    creditor: CreditorId,
    endpoint: WebhookEndpointId,
    until: Instant,
) -> QueryResult<usize> {
    diesel::update(webhook_secrets::table)
        .filter(webhook_secrets::creditor_id.eq(creditor))
        .filter(webhook_secrets::endpoint_id.eq(endpoint))
        .filter(
            webhook_secrets::expires_at
                .is_null()
                .or(webhook_secrets::expires_at.gt(until)),
        )
        .set(webhook_secrets::expires_at.eq(until))
        .execute(conn)
}
